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
            Self::Finish => "Finish transfer",
            Self::Fail => "Fail transfer",
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
