//! A persistent pool of records by number: a copy costs O(1), a change O(log n).

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

/// Records by number, in its order. Each can be shared, with other pools and beyond a change.
pub struct Pool<K, T> {
    records: Trie<Arc<T>>,
    of: PhantomData<K>,
}

impl<K: Id, T: Clone> Pool<K, T> {
    /// How many records there are.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// One record.
    pub fn get(&self, id: K) -> Option<&T> {
        self.records.get(id.number()).map(|record| &**record)
    }

    /// One record, to be kept beyond a change of the pool.
    pub fn shared(&self, id: K) -> Option<Arc<T>> {
        self.records.get(id.number()).cloned()
    }

    /// One record to change: a copy, if another pool shares it.
    pub fn get_mut(&mut self, id: K) -> Option<&mut T> {
        self.records.get_mut(id.number()).map(Arc::make_mut)
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
        self.records.iter().map(|(number, record)| (K::of(number), &**record))
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

impl<K, T: PartialEq> PartialEq for Pool<K, T> {
    fn eq(&self, other: &Self) -> bool {
        self.records == other.records
    }
}

impl<K, T: Eq> Eq for Pool<K, T> {}

impl<K, T: Ord> PartialOrd for Pool<K, T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<K, T: Ord> Ord for Pool<K, T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.records.cmp(&other.records)
    }
}

impl<K, T: Hash> Hash for Pool<K, T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.records.hash(state);
    }
}

impl<K, T: fmt::Debug> fmt::Debug for Pool<K, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.records.fmt(f)
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
