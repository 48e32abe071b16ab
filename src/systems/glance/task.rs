//! Asynchronous work: `glance/domain/__init__.py`, `Task`.

use std::fmt;
use std::sync::Arc;

use crate::engine::{ImageId, SimTime};

use super::fixture::Content;
use super::image::Image;
use super::world::Store;

/// A task, by number in the order of appearance.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct TaskId(pub u32);

impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// Where a task is in its life.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum TaskStatus {
    /// Not begun.
    Pending,
    /// Under way.
    Processing,
    /// Ended well.
    Success,
    /// Ended badly.
    Failure,
}

impl TaskStatus {
    /// Every status.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Processing, Self::Success, Self::Failure];

    /// The word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Processing => "processing",
            Self::Success => "success",
            Self::Failure => "failure",
        }
    }

    /// The status with this word.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }

    /// Whether a task may go on to `next`: `Task._validate_task_status_transition`.
    pub fn may_become(self, next: Self) -> bool {
        match self {
            Self::Pending => matches!(next, Self::Processing | Self::Failure),
            Self::Processing => matches!(next, Self::Success | Self::Failure),
            Self::Success | Self::Failure => false,
        }
    }

    /// Whether nothing more will come.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Success | Self::Failure)
    }
}

/// What a task was made for.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Work {
    /// `api_image_import` by `POST /import`.
    Import {
        /// How the data comes.
        method: Method,
        /// Where it shall lie, in order.
        stores: Vec<Store>,
        /// Whether one store that fails lets the whole fail.
        all_must_succeed: bool,
    },
    /// `location_import` by `POST /locations`.
    Location {
        /// Where the data lies.
        url: Arc<str>,
        /// What its hash shall be.
        hash: Option<Arc<str>>,
    },
    /// `import` by `POST /tasks`: it creates its own image.
    Legacy {
        /// Where the data lies.
        from: Arc<str>,
        /// The image's attributes, as JSON.
        image: Arc<str>,
    },
    /// A task with an input that its type cannot use, and what it says of it.
    Unfit(Arc<str>),
    /// What a recording began in a step that differed: only the recording knows what comes of it.
    Unknown,
}

/// How imported data comes.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Method {
    /// It was staged.
    GlanceDirect,
    /// The service fetches it.
    WebDownload(Arc<str>),
    /// It lies in another store already.
    CopyImage,
}

/// A task.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Task {
    /// Its number.
    pub id: TaskId,
    /// The type as the service names it.
    pub kind: &'static str,
    /// The status.
    pub status: TaskStatus,
    /// The project of who asked.
    pub owner: Arc<str>,
    /// What it says about itself.
    pub message: Arc<str>,
    /// The image it works on.
    pub image: Option<ImageId>,
    /// What it was made for.
    pub work: Work,
    /// How far it has come.
    pub phase: Phase,
    /// What the image's data turned out to be, or what went wrong.
    pub outcome: Option<Result<(Content, u64), ()>>,
    /// The image's record as it was when the task began to read: what comes of it is written back with this.
    pub copy: Option<Arc<Image>>,
    /// When its record was last written, on the service's clock.
    pub updated: SimTime,
    /// `expires_at`, on the service's clock; `None` until the task has ended.
    pub expires: Option<SimTime>,
    /// When it started.
    pub started: SimTime,
    /// When its next step comes by itself; `None` while it hangs or waits for a driver.
    pub due: Option<SimTime>,
}

/// How far a task has come.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Phase {
    /// In the queue.
    Queued,
    /// Taken up.
    Taken,
    /// The image shows that it is worked on.
    Working,
    /// The image is as the task leaves it, still locked.
    Done,
    /// The lock is gone too.
    Released,
    /// Over.
    Over,
}

/// `task_time_to_live`: so long the record of a task outlives its end, 48 hours by default.
pub const TIME_TO_LIVE: SimTime = SimTime(48 * 3_600_000);

/// What almost every failed task says.
pub const INTERNAL_ERROR: &str = "Task failed due to Internal Error";

impl Task {
    /// Ends the task at `now`: `Task.succeed` and `Task.fail`, which say when the record expires.
    pub fn close(&mut self, status: TaskStatus, message: Arc<str>, now: SimTime) {
        self.status = status;
        self.message = message;
        self.phase = Phase::Over;
        self.due = None;
        self.expires = Some(now + TIME_TO_LIVE);
    }

    /// Whether it waits for a slow or stalled web source.
    pub fn is_held(&self, stalls: impl Fn(&str) -> bool) -> bool {
        let url = match &self.work {
            Work::Import { method: Method::WebDownload(url), .. } | Work::Location { url, .. } => url,
            Work::Import { method: Method::GlanceDirect | Method::CopyImage, .. }
            | Work::Legacy { .. }
            | Work::Unfit(_)
            | Work::Unknown => return false,
        };
        self.phase == Phase::Working && stalls(url)
    }
}
