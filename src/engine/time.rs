//! Simulated time: it passes only when an action says so.

use std::ops::Add;

/// A moment in simulated time, or a length of it, in milliseconds since the session began.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct SimTime(pub u64);

impl SimTime {
    /// The beginning of every session.
    pub const START: Self = Self(0);
}

impl Add for SimTime {
    type Output = Self;
    fn add(self, length: Self) -> Self {
        Self(self.0.saturating_add(length.0))
    }
}
