//! A short list. Nearly always it has one item or none, and then nothing is allocated for it.

use std::ops::Deref;

/// Items in a row. Two lists of the same items are equal: a single one is always [`Few::One`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Few<T> {
    /// The only one.
    One(T),
    /// None, or several.
    More(Vec<T>),
}

impl<T: Copy + Ord> Few<T> {
    /// Adds an item at the end.
    pub fn push(&mut self, item: T) {
        self.put(self.len(), item);
    }

    /// Adds an item to a list that is in order and has each item once.
    pub fn insert(&mut self, item: T) {
        if let Err(place) = self.binary_search(&item) {
            self.put(place, item);
        }
    }

    fn put(&mut self, place: usize, item: T) {
        match self {
            Self::More(items) if items.is_empty() => *self = Self::One(item),
            Self::More(items) => items.insert(place, item),
            Self::One(other) => {
                *self = Self::More(if place == 0 { vec![item, *other] } else { vec![*other, item] });
            }
        }
    }

    /// Takes an item out.
    pub fn remove(&mut self, item: T) {
        *self = self.iter().copied().filter(|own| *own != item).collect();
    }
}

impl<T> Default for Few<T> {
    fn default() -> Self {
        Self::More(Vec::new())
    }
}

impl<T> Deref for Few<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        match self {
            Self::One(item) => std::slice::from_ref(item),
            Self::More(items) => items,
        }
    }
}

impl<T: Copy> FromIterator<T> for Few<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let items: Vec<T> = items.into_iter().collect();
        if let [item] = *items { Self::One(item) } else { Self::More(items) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_stay_in_the_order_in_which_they_were_added() {
        let mut few = Few::One(7);
        few.push(3);
        few.push(5);
        assert_eq!(*few, [7, 3, 5]);
        few.remove(3);
        few.remove(7);
        assert_eq!(few, Few::One(5));
        few.remove(5);
        assert_eq!(few, Few::default());
    }

    #[test]
    fn a_list_in_order_has_each_item_once() {
        let mut few = Few::default();
        for item in [4, 2, 4, 9, 2, 3] {
            few.insert(item);
        }
        assert_eq!(*few, [2, 3, 4, 9]);
    }
}
