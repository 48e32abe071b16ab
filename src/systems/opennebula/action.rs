//! What can be asked of OpenNebula: by users through its API, of its drivers, and by a recording.

use std::sync::Arc;

use super::driver::{Answered, Kind, Mode};
use super::fixture::User;
use super::world::Limited;
use crate::engine::few::Few;
use crate::engine::recording::Adoption;

/// Something that somebody asks for. Its text is the line of the real command where there is one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Action {
    pub(super) by: &'static User,
    pub(super) command: Command,
}

/// What is asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Command {
    /// `oneimage … ID`.
    Image(i64, ImageRequest),
    /// `onevm … ID`.
    Vm(i64, VmRequest),
    CreateImage(Box<NewImage>),
    CreateVm(Box<NewVm>),
    CreateTemplate {
        name: String,
        images: Vec<i64>,
    },
    Instantiate {
        template: i64,
        name: String,
        persistent: bool,
    },
    CreateMarket(String),
    CreateApp {
        name: String,
        image: i64,
        market: i64,
    },
    DeleteApp(i64),
    DeleteDatastore(i64),
    RenameDatastore(i64, String),
    SetQuota {
        user: i64,
        of: Limited,
        limit: u32,
    },
    UpdateUser(i64, String),
    /// How later calls to a driver answer: `driver ds CP hold`.
    SetMode(Kind, Option<u32>, Mode),
    /// The same for everything that drivers of a kind do to data: `driver ds * hold`.
    SetModes(&'static str, Mode),
    /// The oldest waiting call is answered now: `release ds CP 0 success`.
    Release(Kind, u32, Answered),
    /// A driver answers what nobody waits for, which is how a recording goes on after a step that differed:
    /// `answer ds CP 0 success`.
    Answer(Kind, u32, Answered),
    /// The oldest call that takes its time hangs: `hang ds CP 0`.
    Hang(Kind, u32),
    /// The oldest call that takes its time takes longer: `slow ds CP 0`.
    Slow(Kind, u32),
    /// How long drivers take to move data: `driver pace 4000`.
    SetPace(u64),
    /// Recorded objects take the place of ours: `recorded {…}`.
    Adopt(Adoption),
}

/// What is asked of one image.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum ImageRequest {
    Show,
    Clone {
        name: Arc<str>,
        datastore: Option<i64>,
    },
    Delete {
        force: bool,
    },
    Enable,
    Disable,
    Persistent,
    Nonpersistent,
    ChangeType(String),
    /// 0 replaces the template, 1 adds to it; the API knows no other number.
    Update {
        text: String,
        mode: i64,
    },
    Rename(String),
    SnapshotDelete(i64),
    SnapshotRevert(i64),
    SnapshotFlatten(i64),
    Lock {
        level: i64,
        test: bool,
    },
    Unlock,
    Chmod(u16),
    Chown {
        user: i64,
        group: i64,
    },
    Restore {
        datastore: i64,
    },
}

/// A new image: the options of `oneimage create`, each as it was written.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct NewImage {
    pub(super) name: Option<Arc<str>>,
    pub(super) kind: Option<Box<str>>,
    pub(super) persistent: Option<bool>,
    pub(super) path: Option<Arc<str>>,
    pub(super) source: Option<Box<str>>,
    pub(super) format: Option<Box<str>>,
    pub(super) size: Option<Box<str>>,
    pub(super) datastore: i64,
    /// More text for the template, or all of it.
    pub(super) template: Option<Box<str>>,
}

/// What is asked of one VM.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum VmRequest {
    Deploy { host: i64, datastore: Option<i64> },
    Terminate { hard: bool },
    Poweroff { hard: bool },
    Suspend,
    Stop,
    Undeploy { hard: bool },
    Resume,
    Reboot { hard: bool },
    Hold,
    Release,
    Recover(Recovery),
    Attach { image: i64, template: String },
    Detach(i64),
    SaveAs(Box<NewCopy>),
    SnapshotCreate { disk: i64, name: String },
    SnapshotRevert { disk: i64, snapshot: i64 },
    SnapshotDelete { disk: i64, snapshot: i64 },
    Resize { disk: i64, size: String },
    Backup { datastore: i64, moment: String },
    UpdateConf,
}

/// An image that a disk, or a snapshot of it, is to be saved as.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct NewCopy {
    pub(super) disk: i64,
    pub(super) name: String,
    pub(super) kind: String,
    /// -1 saves the disk as it is.
    pub(super) snapshot: i64,
}

/// How a VM is helped out of the state that it is stuck in: `onevm recover`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Recovery {
    Success,
    Failure,
    Retry,
    Delete,
    Recreate,
    DeleteDb,
}

/// A new VM: its disks by image, and more text for the template.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct NewVm {
    /// Ids or names of images.
    pub(super) images: Few<String>,
    pub(super) name: String,
    pub(super) on_hold: bool,
    pub(super) template: String,
}
