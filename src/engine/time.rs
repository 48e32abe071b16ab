//! Simulated time: it passes only when an action says so.

use std::ops::Add;

/// A moment in simulated time, or a length of it, in milliseconds since the session began.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct SimTime(pub u64);

impl SimTime {
    /// The beginning of every session.
    pub const START: Self = Self(0);

    /// When work that would end at this moment ends if, from `now` on, it goes four times slower.
    #[must_use]
    pub fn slowed(self, now: Self) -> Self {
        now + Self(self.0.saturating_sub(now.0).saturating_mul(4))
    }
}

impl Add for SimTime {
    type Output = Self;
    fn add(self, length: Self) -> Self {
        Self(self.0.saturating_add(length.0))
    }
}
