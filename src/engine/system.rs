//! The seam: what a cloud must say so that the engine can run it.

use std::fmt::{Debug, Display};
use std::str::FromStr;
use std::sync::Arc;

use super::{Event, Misread, Refusal, SimTime, Turn};

/// A state of an image's lifecycle, named as the real system names it.
pub trait State: Copy + Eq + Ord + Debug + 'static {
    /// Every state, in the real system's own order.
    const ALL: &'static [Self];

    /// The name that the real system uses.
    fn name(self) -> &'static str;

    /// This state's place in [`State::ALL`].
    fn index(self) -> usize {
        Self::ALL.iter().position(|&state| state == self).unwrap_or_default()
    }
}

/// A cloud that we simulate.
pub trait System: Sized + 'static {
    /// Where an image is in its lifecycle.
    type State: State;
    /// Everything that the cloud remembers. `Default` is the fixture that a session starts from.
    /// A clone must cost O(1).
    type World: Clone + Default + Eq + Debug;
    /// What somebody asks for: a user, a driver, the clock. Its text and itself are inverse.
    type Action: Clone + Eq + Debug + Display + FromStr<Err = Misread>;
    /// A change that is not a change of state.
    type Change: Clone + Eq + Debug;

    /// Answers `action`: emits what happens and replies, or refuses.
    ///
    /// # Errors
    /// The cloud's own refusal, to the letter. See [`Turn`] for what becomes of events that were
    /// emitted before it.
    fn decide(turn: &mut Turn<'_, Self>, action: &Self::Action) -> Result<Reply, Refusal>;

    /// Changes `world` as `event` says. Nothing else changes a world.
    fn evolve(world: &mut Self::World, event: &Event<Self>);

    /// The actions worth offering, in a stable order. Some of them may be refused.
    fn actions(world: &Self::World) -> Vec<Self::Action>;

    /// The job that falls due first: when, and the action that ends it.
    fn due(world: &Self::World) -> Option<(SimTime, Self::Action)>;
}

/// A cloud's answer when it agrees.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reply {
    /// The cloud's own number for success: 0 for XML-RPC, 201 and its kin for HTTP.
    pub code: u32,
    /// What the call returns.
    pub value: Value,
}

/// What a call returns.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Value {
    /// Nothing.
    None,
    /// A number, mostly a new id.
    Number(u32),
    /// Text.
    Text(Arc<str>),
}
