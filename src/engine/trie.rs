//! A persistent map from numbers: a radix tree whose nodes are shared between copies, and changed where
//! they are by the only copy that has them. Below it the items lie side by side in short rows.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// Each level of the tree tells five bits of the number apart: a hundred thousand numbers lie only three
/// levels deep.
const BITS: u32 = 5;
const WIDTH: usize = 1 << BITS;

/// Below the tree four items lie side by side. The first change of one of them after a checkpoint copies
/// its row and counts a reference to each neighbour, all of them far apart in the memory: with rows as
/// wide as the nodes, actions in a pool of 100,000 images missed the cache an eighth more often.
const ROW_BITS: u32 = 2;
const ROW: usize = 1 << ROW_BITS;

type Row<T> = [Option<T>; ROW];

#[derive(Clone)]
enum Node<T> {
    Branch([Option<Arc<Node<T>>>; WIDTH]),
    Leaf([Option<Arc<Row<T>>>; WIDTH]),
}

/// A map from numbers to items, in the order of the numbers. A copy costs O(1).
#[derive(Clone)]
pub struct Trie<T> {
    root: Option<Arc<Node<T>>>,
    /// How far a number is shifted to find its place in the root.
    shift: u32,
    len: usize,
}

/// A number's place in the nodes at this shift.
fn place(number: u32, shift: u32) -> usize {
    digit(number, shift) as usize % WIDTH
}

fn digit(number: u32, shift: u32) -> u32 {
    number >> shift & (u32::MAX >> (u32::BITS - BITS))
}

/// A number's place in its row.
fn column(number: u32) -> usize {
    number as usize % ROW
}

impl<T: Clone> Node<T> {
    /// Without anything in it. Leaves are the nodes right above the rows.
    fn empty(shift: u32) -> Self {
        if shift == ROW_BITS { Self::Leaf(Default::default()) } else { Self::Branch(Default::default()) }
    }

    /// Where the item with this number is, or would be.
    fn slot(&mut self, shift: u32, number: u32) -> &mut Option<T> {
        let place = place(number, shift);
        match self {
            Self::Leaf(rows) => &mut Arc::make_mut(rows[place].get_or_insert_default())[column(number)],
            Self::Branch(nodes) => {
                let below = shift - BITS;
                let node = nodes[place].get_or_insert_with(|| Arc::new(Self::empty(below)));
                Arc::make_mut(node).slot(below, number)
            }
        }
    }

    /// Takes the item out, and the row and the nodes that are empty then; says whether this one is.
    fn remove(&mut self, shift: u32, number: u32) -> bool {
        let place = place(number, shift);
        match self {
            Self::Leaf(rows) => {
                let Some(row) = rows[place].as_mut().map(Arc::make_mut) else { return false };
                row[column(number)] = None;
                row.iter().all(Option::is_none) && vacate(rows, place)
            }
            Self::Branch(nodes) => {
                let Some(node) = nodes[place].as_mut().map(Arc::make_mut) else { return false };
                node.remove(shift - BITS, number) && vacate(nodes, place)
            }
        }
    }

    /// The first item in a range of numbers, or the last.
    fn end(&self, shift: u32, (from, to): (u32, u32), is_first: bool) -> Option<(u32, &T)> {
        let (first, last) = (digit(from, shift), digit(to, shift));
        let at = |digit: u32| {
            let low = if digit == first { from } else { 0 };
            let high = if digit == last { to } else { u32::MAX };
            let (below, item) = match self {
                Self::Leaf(rows) => end_of_row(rows[digit as usize].as_ref()?, (low, high), is_first),
                Self::Branch(nodes) => {
                    nodes[digit as usize].as_ref()?.end(shift - BITS, (low, high), is_first)
                }
            }?;
            Some((digit << shift | below, item))
        };
        find_end(first, last, is_first, at)
    }
}

/// Takes out what is empty; says whether nothing is left.
fn vacate<T>(places: &mut [Option<T>; WIDTH], place: usize) -> bool {
    places[place] = None;
    places.iter().all(Option::is_none)
}

/// The first item of a row in a range of numbers, or the last.
fn end_of_row<T>(row: &Row<T>, (from, to): (u32, u32), is_first: bool) -> Option<(u32, &T)> {
    let column = |number| u32::try_from(column(number)).unwrap_or_default();
    let at = |column: u32| row[column as usize].as_ref().map(|item| (column, item));
    find_end(column(from), column(to), is_first, at)
}

/// What is found at the first place of a range where there is something, or at the last.
fn find_end<R>(first: u32, last: u32, is_first: bool, at: impl Fn(u32) -> Option<R>) -> Option<R> {
    if is_first { (first..=last).find_map(at) } else { (first..=last).rev().find_map(at) }
}

impl<T: Clone> Trie<T> {
    /// How many items there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether the tree is deep enough for a number.
    fn reaches(&self, number: u32) -> bool {
        u64::from(number) >> (self.shift + BITS) == 0
    }

    /// One item.
    pub fn get(&self, number: u32) -> Option<&T> {
        let mut node = self.root.as_ref().filter(|_| self.reaches(number))?;
        let mut shift = self.shift;
        loop {
            match &**node {
                Node::Leaf(rows) => return rows[place(number, shift)].as_ref()?[column(number)].as_ref(),
                Node::Branch(nodes) => node = nodes[place(number, shift)].as_ref()?,
            }
            shift -= BITS;
        }
    }

    /// An item to be changed: this copy of the tree no longer shares the way to it.
    pub fn get_mut(&mut self, number: u32) -> Option<&mut T> {
        if !self.reaches(number) {
            return None;
        }
        let mut node = self.root.as_mut()?;
        let mut shift = self.shift;
        loop {
            match Arc::make_mut(node) {
                Node::Leaf(rows) => {
                    let row = rows[place(number, shift)].as_mut()?;
                    return Arc::make_mut(row)[column(number)].as_mut();
                }
                Node::Branch(nodes) => node = nodes[place(number, shift)].as_mut()?,
            }
            shift -= BITS;
        }
    }

    /// Puts an item in, in the place of one with the same number.
    pub fn insert(&mut self, number: u32, item: T) {
        let (slot, len) = self.slot(number);
        *len += usize::from(slot.replace(item).is_none());
    }

    /// Where the item with this number is, or would be, and how many items there are.
    fn slot(&mut self, number: u32) -> (&mut Option<T>, &mut usize) {
        while !self.reaches(number) {
            self.shift += BITS;
            if let Some(root) = self.root.take() {
                let mut nodes: [Option<Arc<Node<T>>>; WIDTH] = Default::default();
                nodes[0] = Some(root);
                self.root = Some(Arc::new(Node::Branch(nodes)));
            }
        }
        let shift = self.shift;
        let root = self.root.get_or_insert_with(|| Arc::new(Node::empty(shift)));
        (Arc::make_mut(root).slot(shift, number), &mut self.len)
    }

    /// Takes an item out.
    pub fn remove(&mut self, number: u32) {
        if self.get(number).is_none() {
            return;
        }
        self.len -= 1;
        if let Some(root) = &mut self.root {
            Arc::make_mut(root).remove(self.shift, number);
        }
    }

    /// Every item with its number, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (u32, &T)> {
        Iter { trie: self, left: self.len, first: 0, last: u32::MAX }
    }
}

impl<T: Clone + Default> Trie<T> {
    /// An item to be changed; where there is none, the default is put in.
    pub fn get_or_default(&mut self, number: u32) -> &mut T {
        let (slot, len) = self.slot(number);
        *len += usize::from(slot.is_none());
        slot.get_or_insert_default()
    }
}

impl<T> Default for Trie<T> {
    fn default() -> Self {
        Self { root: None, shift: ROW_BITS, len: 0 }
    }
}

impl<T: Clone + PartialEq> PartialEq for Trie<T> {
    fn eq(&self, other: &Self) -> bool {
        self.len == other.len && self.iter().eq(other.iter())
    }
}

impl<T: Clone + Eq> Eq for Trie<T> {}

impl<T: Clone + Ord> PartialOrd for Trie<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T: Clone + Ord> Ord for Trie<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.iter().cmp(other.iter())
    }
}

impl<T: Clone + Hash> Hash for Trie<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.iter().for_each(|item| item.hash(state));
    }
}

impl<T: Clone + fmt::Debug> fmt::Debug for Trie<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

/// What is left between two numbers.
struct Iter<'a, T> {
    trie: &'a Trie<T>,
    left: usize,
    first: u32,
    last: u32,
}

impl<'a, T: Clone> Iter<'a, T> {
    fn end(&mut self, is_first: bool) -> Option<(u32, &'a T)> {
        self.left = self.left.checked_sub(1)?;
        let Trie { root, shift, .. } = self.trie;
        let reach = u32::try_from((1_u64 << (shift + BITS)) - 1).unwrap_or(u32::MAX);
        let last = self.last.min(reach);
        root.as_ref()?.end(*shift, (self.first, last), is_first)
    }
}

impl<'a, T: Clone> Iterator for Iter<'a, T> {
    type Item = (u32, &'a T);

    fn next(&mut self) -> Option<Self::Item> {
        let found = self.end(true);
        self.first = found.map_or(self.first, |(number, _)| number.saturating_add(1));
        found
    }
}

impl<T: Clone> DoubleEndedIterator for Iter<'_, T> {
    fn next_back(&mut self) -> Option<Self::Item> {
        let found = self.end(false);
        self.last = found.map_or(self.last, |(number, _)| number.saturating_sub(1));
        found
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn numbers<T: Clone>(trie: &Trie<T>) -> Vec<u32> {
        trie.iter().map(|(number, _)| number).collect()
    }

    #[test]
    fn it_holds_what_a_map_of_the_standard_library_holds() {
        let (mut trie, mut map) = (Trie::default(), BTreeMap::new());
        let mut chance = 1_u32;
        for step in 0..4_000 {
            chance = chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let number = chance >> [24, 20, 12, 0][step % 4];
            if step % 5 < 2 {
                trie.remove(number);
                map.remove(&number);
            } else if step % 5 < 3 {
                *trie.get_or_default(number) += 1;
                *map.entry(number).or_default() += 1;
            } else {
                trie.insert(number, step);
                map.insert(number, step);
            }
            assert_eq!(trie.len(), map.len());
        }
        let found: Vec<(u32, usize)> = trie.iter().map(|(number, item)| (number, *item)).collect();
        assert_eq!(found, map.clone().into_iter().collect::<Vec<_>>());
        let backwards: Vec<u32> = trie.iter().rev().map(|(number, _)| number).collect();
        assert_eq!(backwards, map.into_keys().rev().collect::<Vec<_>>());
    }

    #[test]
    fn the_greatest_number_has_a_place_and_what_is_beyond_the_tree_is_not_there() {
        let mut trie = Trie::default();
        trie.insert(3, ());
        assert!(trie.get(131).is_none() && trie.get_mut(u32::MAX).is_none());
        trie.insert(u32::MAX, ());
        assert_eq!(numbers(&trie), [3, u32::MAX]);
        assert_eq!(trie.iter().rev().count(), 2);
        trie.remove(u32::MAX);
        assert_eq!(numbers(&trie), [3]);
    }

    #[test]
    fn both_ends_of_the_items_meet() {
        let mut trie = Trie::default();
        for number in [1, 20, 300] {
            trie.insert(number, 'x');
        }
        let mut iter = trie.iter();
        assert_eq!(iter.next().map(|(number, _)| number), Some(1));
        assert_eq!(iter.next_back().map(|(number, _)| number), Some(300));
        assert_eq!(iter.next().map(|(number, _)| number), Some(20));
        assert!(iter.next_back().is_none());
    }

    #[test]
    fn only_one_of_two_copies_changes() {
        let mut one = Trie::default();
        (0..100).for_each(|number| one.insert(number, ()));
        let other = one.clone();
        one.remove(50);
        one.insert(1_000, ());
        assert_eq!((one.len(), other.len()), (100, 100));
        assert!(one.get(50).is_none() && other.get(50).is_some());
        assert_eq!(numbers(&other), (0..100).collect::<Vec<_>>());
    }
}
