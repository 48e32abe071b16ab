//! The statuses of a Glance image: `glance/domain/__init__.py`, `Image.valid_state_targets`.

use crate::engine::State;

/// Where a Glance image is in its lifecycle. Glance says *status*.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum ImageStatus {
    /// A record without data.
    Queued,
    /// An upload is under way.
    Saving,
    /// Data was staged and waits for an import call.
    Uploading,
    /// An import task works on it.
    Importing,
    /// Fully available.
    Active,
    /// Its data may not be downloaded except by an admin.
    Deactivated,
    /// A v1 upload failed; nothing sets this today.
    Killed,
    /// Deleted, but its data waits for the scrubber.
    PendingDelete,
    /// Only the record is left, and no call shows it.
    Deleted,
}

impl State for ImageStatus {
    const ALL: &'static [Self] = &[
        Self::Queued,
        Self::Saving,
        Self::Uploading,
        Self::Importing,
        Self::Active,
        Self::Deactivated,
        Self::Killed,
        Self::PendingDelete,
        Self::Deleted,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Saving => "saving",
            Self::Uploading => "uploading",
            Self::Importing => "importing",
            Self::Active => "active",
            Self::Deactivated => "deactivated",
            Self::Killed => "killed",
            Self::PendingDelete => "pending_delete",
            Self::Deleted => "deleted",
        }
    }

    fn index(self) -> usize {
        self as usize
    }
}

impl ImageStatus {
    /// The status with this word.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|status| status.name() == name)
    }

    /// Whether an image may go on to `next`: `glance/domain/__init__.py`,
    /// `Image.valid_state_targets`. Staying is not allowed either.
    pub fn may_become(self, next: Self) -> bool {
        match self {
            Self::Queued => matches!(
                next,
                Self::Saving | Self::Uploading | Self::Importing | Self::Active | Self::Deleted
            ),
            Self::Saving => matches!(next, Self::Active | Self::Killed | Self::Deleted | Self::Queued),
            Self::Uploading => matches!(next, Self::Importing | Self::Queued | Self::Deleted),
            Self::Importing => matches!(next, Self::Active | Self::Deleted | Self::Queued),
            Self::Active => matches!(next, Self::PendingDelete | Self::Deleted | Self::Deactivated),
            Self::Killed => next == Self::Deleted,
            Self::PendingDelete => matches!(next, Self::Deleted | Self::Active),
            Self::Deleted => false,
            Self::Deactivated => matches!(next, Self::Active | Self::Deleted),
        }
    }

    /// Whether the formats may be changed: `Image.disk_format`'s setter.
    pub fn formats_are_open(self) -> bool {
        matches!(self, Self::Queued | Self::Importing)
    }
}
