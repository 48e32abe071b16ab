//! A short list. Nearly always it has one item or none, and then nothing is allocated for it.

use std::iter::Chain;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::{option, vec};

/// Items in a row. Two lists of the same items are equal: a single one is always [`Few::One`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Few<T> {
    /// The only one.
    One(T),
    /// None, or several.
    More(Vec<T>),
}

impl<T> Few<T> {
    /// Adds an item at the end.
    pub fn push(&mut self, item: T) {
        self.put(self.len(), item);
    }

    /// Adds an item to a list that is in order and has each item once.
    pub fn insert(&mut self, item: T)
    where
        T: Ord,
    {
        if let Err(place) = self.binary_search(&item) {
            self.put(place, item);
        }
    }

    fn put(&mut self, place: usize, item: T) {
        match self {
            Self::More(items) if items.is_empty() => *self = Self::One(item),
            Self::More(items) => items.insert(place, item),
            Self::One(_) => {
                let mut items: Vec<T> = std::mem::take(self).into_iter().collect();
                items.insert(place, item);
                *self = Self::More(items);
            }
        }
    }

    /// Leaves only the items that `stays` says yes to.
    pub fn retain(&mut self, mut stays: impl FnMut(&T) -> bool) {
        match self {
            Self::One(item) if stays(item) => {}
            Self::One(_) => *self = Self::default(),
            Self::More(items) => {
                items.retain(stays);
                if items.len() == 1 {
                    *self = std::mem::take(items).into_iter().collect();
                }
            }
        }
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

impl<T> DerefMut for Few<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        match self {
            Self::One(item) => std::slice::from_mut(item),
            Self::More(items) => items,
        }
    }
}

impl<T> FromIterator<T> for Few<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut few = Self::default();
        items.into_iter().for_each(|item| few.push(item));
        few
    }
}

impl<T> From<Few<T>> for Arc<[T]> {
    fn from(few: Few<T>) -> Self {
        match few {
            Few::One(item) => Arc::new([item]),
            Few::More(items) => items.into(),
        }
    }
}

impl<T> IntoIterator for Few<T> {
    type Item = T;
    type IntoIter = Chain<option::IntoIter<T>, vec::IntoIter<T>>;

    fn into_iter(self) -> Self::IntoIter {
        let (one, more) = match self {
            Self::One(item) => (Some(item), Vec::new()),
            Self::More(items) => (None, items),
        };
        one.into_iter().chain(more)
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
        few.retain(|item| *item == 5);
        assert_eq!(few, Few::One(5));
        few.retain(|item| *item != 5);
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
