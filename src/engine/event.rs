//! What happened, in the past tense: the only thing that changes a world.

use super::{ImageId, System};

/// One thing that happened inside a turn.
#[derive(Debug)]
pub enum Event<S: System> {
    /// An image went from one state to another, appeared or vanished.
    Transitioned(Transition<S::State>),
    /// Anything that is not a change of state.
    Changed(S::Change),
}

/// One image, from one state to another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Transition<State> {
    /// The image.
    pub image: ImageId,
    /// The state it left; `None` when it has just appeared.
    pub from: Option<State>,
    /// The state it entered; `None` when its record is gone.
    pub to: Option<State>,
}

impl<S: System> Clone for Event<S> {
    fn clone(&self) -> Self {
        match self {
            Self::Transitioned(transition) => Self::Transitioned(*transition),
            Self::Changed(change) => Self::Changed(change.clone()),
        }
    }
}

impl<S: System> PartialEq for Event<S> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Transitioned(a), Self::Transitioned(b)) => a == b,
            (Self::Changed(a), Self::Changed(b)) => a == b,
            (Self::Transitioned(_), Self::Changed(_)) | (Self::Changed(_), Self::Transitioned(_)) => false,
        }
    }
}
