//! Small closed sets of the field: types of images, orphan modes, rights, lock levels.

/// What an image is for: `include/Image.h`, `enum ImageType`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum ImageType {
    Os,
    Cdrom,
    Datablock,
    Kernel,
    Ramdisk,
    Context,
    Backup,
    Filesystem,
}

impl ImageType {
    const ALL: [Self; 8] = [
        Self::Os,
        Self::Cdrom,
        Self::Datablock,
        Self::Kernel,
        Self::Ramdisk,
        Self::Context,
        Self::Backup,
        Self::Filesystem,
    ];

    /// The word of templates and messages.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Os => "OS",
            Self::Cdrom => "CDROM",
            Self::Datablock => "DATABLOCK",
            Self::Kernel => "KERNEL",
            Self::Ramdisk => "RAMDISK",
            Self::Context => "CONTEXT",
            Self::Backup => "BACKUP",
            Self::Filesystem => "FILESYSTEM",
        }
    }

    /// The word of `oneimage list`.
    pub(super) fn short(self) -> &'static str {
        match self {
            Self::Os => "OS",
            Self::Cdrom => "CD",
            Self::Datablock => "DB",
            Self::Kernel => "KL",
            Self::Ramdisk => "RD",
            Self::Context => "CX",
            Self::Backup => "BK",
            Self::Filesystem => "FS",
        }
    }

    /// The type with this name, in any case: `Image::str_to_type`.
    pub(super) fn read(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name().eq_ignore_ascii_case(text))
    }

    /// A file that a VM refers to, kept in a file datastore.
    pub(super) fn is_file(self) -> bool {
        matches!(self, Self::Kernel | Self::Ramdisk | Self::Context)
    }

    /// Whether disks of this type can have snapshots.
    pub(super) fn has_snapshots(self) -> bool {
        matches!(self, Self::Os | Self::Datablock)
    }
}

/// How the snapshots of a disk hang together: `Snapshots::AllowOrphansMode`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum Orphans {
    No,
    Yes,
    Mixed,
    Linear,
}

impl Orphans {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::No => "NO",
            Self::Yes => "YES",
            Self::Mixed => "MIXED",
            Self::Linear => "LINEAR",
        }
    }

    pub(super) fn read(text: &str) -> Option<Self> {
        [Self::No, Self::Yes, Self::Mixed, Self::Linear].into_iter().find(|mode| mode.name() == text)
    }
}

/// What a request must be allowed to do: `AuthRequest::Operation`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Right {
    Use = 1,
    Manage = 2,
    Admin = 4,
}

impl Right {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Use => "USE",
            Self::Manage => "MANAGE",
            Self::Admin => "ADMIN",
        }
    }
}

/// The user's lock on an image: everything from this right on is refused (`PoolObjectSQL::LockStates`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum LockLevel {
    Use = 1,
    Manage = 2,
    Admin = 3,
}

impl LockLevel {
    /// The level with the number of the API; 4 means all and is stored as 1 (`LockCommonAPI::lock`).
    pub(super) fn read(number: i64) -> Option<Self> {
        match number {
            1 | 4 => Some(Self::Use),
            2 => Some(Self::Manage),
            3 => Some(Self::Admin),
            _ => None,
        }
    }

    /// Whether this lock stops a request that needs `right`: `AclManager::authorize`.
    pub(super) fn stops(self, right: Right) -> bool {
        self as u8 <= right as u8
    }

    /// The word of `oneimage show`.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Use => "Use",
            Self::Manage => "Manage",
            Self::Admin => "Admin",
        }
    }
}
