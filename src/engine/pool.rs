//! A persistent pool of records by number: a copy costs O(1), a change O(log n).
//!
//! Every pool is the same [`Trie`] underneath, with the records behind `dyn Any`: its code is then in
//! the page once and not once for each kind of record.

use std::any::Any;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::sync::Arc;

use super::trie::Trie;
use super::{ImageId, MachineId};

/// What numbers a pool's records.
pub trait Id: Copy + fmt::Debug {
    /// The number.
    fn number(self) -> u32;
    /// The id with this number.
    fn of(number: u32) -> Self;
}

impl Id for ImageId {
    fn number(self) -> u32 {
        self.0
    }

    fn of(number: u32) -> Self {
        Self(number)
    }
}

impl Id for MachineId {
    fn number(self) -> u32 {
        self.0
    }

    fn of(number: u32) -> Self {
        Self(number)
    }
}

impl Id for u32 {
    fn number(self) -> u32 {
        self
    }

    fn of(number: u32) -> Self {
        number
    }
}

/// A record that a pool may hold.
pub trait Record: Any + Clone + Send + Sync {}

impl<T: Any + Clone + Send + Sync> Record for T {}

/// Records by number, in its order.
pub struct Pool<K, T> {
    records: Trie,
    of: PhantomData<(K, T)>,
}

impl<K: Id, T: Record> Pool<K, T> {
    /// How many records there are.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.records.len() == 0
    }

    /// One record.
    pub fn get(&self, id: K) -> Option<&T> {
        self.records.get(id.number())?.downcast_ref()
    }

    /// One record, to be kept beyond a change of the pool.
    pub fn shared(&self, id: K) -> Option<Arc<T>> {
        Arc::clone(self.records.get(id.number())?).downcast().ok()
    }

    /// One record to change: a copy, if another pool shares it.
    pub fn get_mut(&mut self, id: K) -> Option<&mut T> {
        let record = self.records.get_mut(id.number())?;
        if Arc::strong_count(record) > 1 {
            let copy = record.downcast_ref::<T>()?.clone();
            *record = Arc::new(copy);
        }
        Arc::get_mut(record)?.downcast_mut()
    }

    /// Puts a record in, in the place of one with the same number.
    pub fn insert(&mut self, id: K, record: Arc<T>) {
        self.records.insert(id.number(), record);
    }

    /// Takes a record out.
    pub fn remove(&mut self, id: K) {
        self.records.remove(id.number());
    }

    /// Every record with its id, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (K, &T)> {
        self.records.iter().filter_map(|(number, record)| Some((K::of(number), record.downcast_ref()?)))
    }

    /// Every record, in order.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.iter().map(|(_, record)| record)
    }
}

impl<K, T> Clone for Pool<K, T> {
    fn clone(&self) -> Self {
        Self { records: self.records.clone(), of: PhantomData }
    }
}

impl<K, T> Default for Pool<K, T> {
    fn default() -> Self {
        Self { records: Trie::default(), of: PhantomData }
    }
}

impl<K: Id, T: Record + PartialEq> PartialEq for Pool<K, T> {
    fn eq(&self, other: &Self) -> bool {
        let same = |(a, b): ((K, &T), (K, &T))| a.0.number() == b.0.number() && a.1 == b.1;
        self.len() == other.len() && self.iter().zip(other.iter()).all(same)
    }
}

impl<K: Id, T: Record + Eq> Eq for Pool<K, T> {}

impl<K: Id, T: Record + Ord> PartialOrd for Pool<K, T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<K: Id, T: Record + Ord> Ord for Pool<K, T> {
    fn cmp(&self, other: &Self) -> Ordering {
        let numbered = |(id, record): (K, _)| (id.number(), record);
        self.iter().map(numbered).cmp(other.iter().map(numbered))
    }
}

impl<K: Id, T: Record + Hash> Hash for Pool<K, T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for (id, record) in self.iter() {
            id.number().hash(state);
            record.hash(state);
        }
    }
}

impl<K: Id, T: Record + fmt::Debug> fmt::Debug for Pool<K, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_to_a_copy_leaves_the_original_as_it_was() {
        let mut original = Pool::<u32, String>::default();
        original.insert(7, Arc::new("as it was".to_owned()));
        let mut copy = original.clone();
        copy.get_mut(7).expect("it is there").push_str(", changed");
        assert_eq!(original.get(7).map(String::as_str), Some("as it was"));
        assert_ne!(original, copy);
    }

    #[test]
    fn records_come_in_the_order_of_their_numbers() {
        let mut pool = Pool::<u32, u8>::default();
        for number in [3, 1, 2] {
            pool.insert(number, Arc::new(0));
        }
        pool.remove(2);
        assert_eq!(pool.iter().map(|(number, _)| number).collect::<Vec<_>>(), [1, 3]);
        assert_eq!(pool.len(), 2);
    }
}
