//! The verbs that every cloud is asked alike, and what can come of one.

use crate::engine::chart::Phase;

/// A verb that the page offers for every cloud at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PairedVerb {
    /// A new image.
    Create,
    /// A new machine with the chosen image.
    Use,
    /// A copy of the chosen image.
    Clone,
    /// Keep the chosen image back.
    Withhold,
    /// Give the chosen image free.
    Release,
    /// Delete the chosen image.
    Delete,
    /// The transfer that the chosen image waits for ends well.
    Finish,
    /// It fails.
    Fail,
}

impl PairedVerb {
    /// Every verb, in the order of the page; all but the first act on the chosen images.
    pub const ALL: [Self; 8] = [
        Self::Create,
        Self::Use,
        Self::Clone,
        Self::Withhold,
        Self::Release,
        Self::Delete,
        Self::Finish,
        Self::Fail,
    ];

    /// What its button says.
    pub fn label(self) -> &'static str {
        match self {
            Self::Create => "Create",
            Self::Use => "Use in a VM",
            Self::Clone => "Clone",
            Self::Withhold => "Withhold",
            Self::Release => "Release",
            Self::Delete => "Delete",
            Self::Finish => "Finish the transfer",
            Self::Fail => "Fail the transfer",
        }
    }
}

/// What came of a verb in one cloud.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Came {
    /// The cloud has nothing of the kind, or nothing to do it to.
    Nothing,
    /// It refused.
    Refused,
    /// It agreed, and the image stayed where it was.
    Stayed,
    /// It agreed, and the image went to a state of this phase; a record that is no more is gone.
    Led(Phase),
}

pub(super) const NOTHING: u16 = 1;
pub(super) const REFUSED: u16 = 2;
pub(super) const STAYED: u16 = 4;
pub(super) const RESERVED: u16 = led(Phase::Reserved);
pub(super) const TRANSFERRING: u16 = led(Phase::Transferring);
pub(super) const AVAILABLE: u16 = led(Phase::Available);
pub(super) const IN_USE: u16 = led(Phase::InUse);
pub(super) const WITHHELD: u16 = led(Phase::Withheld);
pub(super) const FAILED: u16 = led(Phase::Failed);
pub(super) const REMOVING: u16 = led(Phase::Removing);
pub(super) const GONE: u16 = led(Phase::Gone);
/// Whatever comes of it; every phase.
pub(super) const ANY: u16 = u16::MAX;
/// It agreed.
pub(super) const DONE: u16 = ANY ^ NOTHING ^ REFUSED;

const fn led(phase: Phase) -> u16 {
    8 << phase as u16
}

impl Came {
    /// One bit of its own.
    pub(super) const fn bit(self) -> u16 {
        match self {
            Self::Nothing => NOTHING,
            Self::Refused => REFUSED,
            Self::Stayed => STAYED,
            Self::Led(phase) => led(phase),
        }
    }
}
