//! Every world that a bounded set of actions can reach, breadth first, so that the way to each is
//! a shortest one.

use std::collections::{BTreeMap, VecDeque};
use std::hash::{BuildHasherDefault, Hash, Hasher};

use super::log::Log;
use super::{Event, SimTime, System, Transition, Turn};

/// Changes of state, each with the number of the first world and the action that caused it there.
pub type Edges<S> = BTreeMap<EdgeOf<S>, (usize, <S as System>::Action)>;

/// A change of state: from, to; `None` is outside, as in [`Transition`].
pub type EdgeOf<S> = (Option<<S as System>::State>, Option<<S as System>::State>);

/// What an exploration found.
#[derive(Debug)]
pub struct Exploration<S: System> {
    /// The worlds in the order in which they were found; the first is the start.
    pub worlds: Vec<S::World>,
    /// How each world was found: the world before and the action. The start has none.
    pub ways: Vec<Option<(usize, S::Action)>>,
    /// Every change of state that was seen.
    pub edges: Edges<S>,
    /// How many actions were tried.
    pub tried: usize,
}

impl<S: System> Exploration<S> {
    /// The actions of a shortest way to the world with this number.
    pub fn trace(&self, mut world: usize) -> Vec<S::Action> {
        let mut trace = Vec::new();
        while let Some((before, action)) = &self.ways[world] {
            trace.push(action.clone());
            world = *before;
        }
        trace.reverse();
        trace
    }
}

#[expect(clippy::disallowed_types, reason = "it is only asked what it holds, and never walked")]
type Seen<K> = std::collections::HashSet<K, BuildHasherDefault<Mixed>>;

/// A short key for a world that is told from others by `parts` of it: 64 bits, the same on every
/// machine. Two worlds share one by accident about as often as in any model checker, so what must be
/// exact takes the parts themselves.
pub fn fingerprint(parts: &impl Hash) -> u64 {
    let mut mixed = Mixed::default();
    parts.hash(&mut mixed);
    mixed.finish()
}

/// Rotates, mixes in by XOR and multiplies word by word, as the compiler's own tables do.
#[derive(Default)]
struct Mixed(u64);

impl Mixed {
    fn mix(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517C_C1B7_2722_0A95);
    }
}

impl Hasher for Mixed {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks();
        for word in words {
            self.mix(u64::from_le_bytes(*word));
        }
        if !rest.is_empty() {
            self.mix(rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)));
        }
    }

    fn write_u8(&mut self, word: u8) {
        self.mix(word.into());
    }

    fn write_u16(&mut self, word: u16) {
        self.mix(word.into());
    }

    fn write_u32(&mut self, word: u32) {
        self.mix(word.into());
    }

    fn write_u64(&mut self, word: u64) {
        self.mix(word);
    }

    fn write_usize(&mut self, word: usize) {
        self.mix(word as u64);
    }

    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 32
    }
}

/// Explores every world that `actions` reach from `start`, taking worlds with equal `key` as one.
pub fn explore<S: System, K: Eq + Hash>(
    start: S::World,
    actions: impl Fn(&S::World) -> Vec<S::Action>,
    key: impl Fn(&S::World) -> K,
) -> Exploration<S> {
    let mut seen = Seen::from_iter([key(&start)]);
    let mut found =
        Exploration::<S> { worlds: vec![start], ways: vec![None], edges: BTreeMap::new(), tried: 0 };
    let mut frontier = VecDeque::from([0]);
    let mut events = Log::default();
    while let Some(number) = frontier.pop_front() {
        for action in actions(&found.worlds[number]) {
            found.tried += 1;
            let mut world = found.worlds[number].clone();
            let _ = S::decide(&mut Turn::<S>::new(&mut world, SimTime::START, &mut events), &action);
            for event in events.iter() {
                if let Event::Transitioned(Transition { from, to, .. }) = event {
                    found.edges.entry((*from, *to)).or_insert_with(|| (number, action.clone()));
                }
            }
            events.clear();
            if seen.insert(key(&world)) {
                frontier.push_back(found.worlds.len());
                found.worlds.push(world);
                found.ways.push(Some((number, action)));
            }
        }
    }
    found
}
