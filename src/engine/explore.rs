//! Every world that a bounded set of actions can reach, breadth first, so that the way to each is
//! a shortest one.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

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

/// Explores every world that `actions` reach from `start`, taking worlds with equal `key` as one.
pub fn explore<S: System, K: Ord>(
    start: S::World,
    actions: impl Fn(&S::World) -> Vec<S::Action>,
    key: impl Fn(&S::World) -> K,
) -> Exploration<S> {
    let mut seen = BTreeSet::from([key(&start)]);
    let mut found =
        Exploration::<S> { worlds: vec![start], ways: vec![None], edges: BTreeMap::new(), tried: 0 };
    let mut frontier = VecDeque::from([0]);
    while let Some(number) = frontier.pop_front() {
        for action in actions(&found.worlds[number]) {
            found.tried += 1;
            let mut world = found.worlds[number].clone();
            let mut turn = Turn::<S>::new(&mut world, SimTime::START);
            let _ = S::decide(&mut turn, &action);
            for event in turn.into_events() {
                if let Event::Transitioned(Transition { from, to, .. }) = event {
                    found.edges.entry((from, to)).or_insert_with(|| (number, action.clone()));
                }
            }
            if seen.insert(key(&world)) {
                frontier.push_back(found.worlds.len());
                found.worlds.push(world);
                found.ways.push(Some((number, action)));
            }
        }
    }
    found
}
