//! The states of an OpenNebula image: `include/Image.h`, `enum ImageState`.

use crate::engine::State;

/// Where an OpenNebula image is in its lifecycle; the discriminant is the daemon's own number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum ImageState {
    /// Only inside the constructor; no client ever sees it as the state.
    Init = 0,
    /// Ready to use.
    Ready = 1,
    /// Non-persistent, with machines or clones.
    Used = 2,
    /// Kept back by `disable`.
    Disabled = 3,
    /// Data is on its way, or a snapshot operation runs.
    Locked = 4,
    /// An operation failed.
    Error = 5,
    /// Persistent, being cloned.
    Clone = 6,
    /// The driver is removing the data.
    Delete = 7,
    /// Persistent, in use by a machine.
    UsedPers = 8,
    /// Like [`ImageState::Locked`], with machines that wait.
    LockedUsed = 9,
    /// Like [`ImageState::LockedUsed`], persistent.
    LockedUsedPers = 10,
}

impl State for ImageState {
    const ALL: &'static [Self] = &[
        Self::Init,
        Self::Ready,
        Self::Used,
        Self::Disabled,
        Self::Locked,
        Self::Error,
        Self::Clone,
        Self::Delete,
        Self::UsedPers,
        Self::LockedUsed,
        Self::LockedUsedPers,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Init => "INIT",
            Self::Ready => "READY",
            Self::Used => "USED",
            Self::Disabled => "DISABLED",
            Self::Locked => "LOCKED",
            Self::Error => "ERROR",
            Self::Clone => "CLONE",
            Self::Delete => "DELETE",
            Self::UsedPers => "USED_PERS",
            Self::LockedUsed => "LOCKED_USED",
            Self::LockedUsedPers => "LOCKED_USED_PERS",
        }
    }

    fn index(self) -> usize {
        self as usize
    }
}
