//! Unique worlds per CPU second, on one core: our own search beside the `stateright` model checker,
//! both with the same rules, the same actions and 64 bits to know a world by.

use std::hash::{Hash, Hasher};

use lab::engine::explore::{explore, fingerprint};
use lab::engine::log::Log;
use lab::engine::{SimTime, System, Turn};
use lab::systems::opennebula::{Action, OpenNebula, World};
use stateright::{Checker, Model, Property};

use crate::cpu_seconds;
use crate::model::{WIDE, actions, start};

const ROUNDS: usize = 3;

pub(crate) fn run() {
    println!("every world of two images and two VMs, on one core (the median of {ROUNDS} rounds):");
    let mut rounds: Vec<(f64, f64)> = (0..ROUNDS).map(|_| (own(), stateright())).collect();
    rounds.sort_by(|a, b| (a.0 / a.1).total_cmp(&(b.0 / b.1)));
    let (own, peer) = rounds[ROUNDS / 2];
    println!("{own:>12.0}     unique worlds per CPU second");
    println!("{peer:>12.0}     the same under stateright");
    println!("{:>12.2}     times as fast (bar 1)", own / peer);
}

fn own() -> f64 {
    let key = |world: &World| fingerprint(&world.abridged());
    rate(|| explore::<OpenNebula, _>(start(), |world| actions(world, &WIDE), key).worlds.len())
}

fn stateright() -> f64 {
    rate(|| Rules.checker().threads(1).spawn_bfs().join().unique_state_count())
}

fn rate(count: impl FnOnce() -> usize) -> f64 {
    let before = cpu_seconds();
    let found = count();
    assert_eq!(found, 26_158, "the worlds that the tests count");
    f64::from(u32::try_from(found).unwrap_or(u32::MAX)) / (cpu_seconds() - before)
}

/// The rules as a model of stateright.
struct Rules;

/// A world that is told from others by what the rules look at.
#[derive(Clone, Debug)]
struct Node(World);

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.0.abridged() == other.0.abridged()
    }
}

impl Hash for Node {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.abridged().hash(state);
    }
}

impl Model for Rules {
    type State = Node;
    type Action = Action;

    fn init_states(&self) -> Vec<Node> {
        vec![Node(start())]
    }

    fn actions(&self, node: &Node, found: &mut Vec<Action>) {
        found.extend(actions(&node.0, &WIDE));
    }

    fn next_state(&self, node: &Node, action: Action) -> Option<Node> {
        let mut world = node.0.clone();
        let mut events = Log::default();
        let mut turn = Turn::<OpenNebula>::new(&mut world, SimTime::START, &mut events);
        let _ = OpenNebula::decide(&mut turn, &action);
        Some(Node(world))
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![Property::always("it goes on", |_, _| true)]
    }
}
