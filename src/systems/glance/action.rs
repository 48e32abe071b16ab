//! What can be asked of Glance, of the clients around it and of the world behind it.

use std::sync::Arc;

use crate::engine::recording::Adoption;

use super::ImageStatus;
use super::fixture::Payload;
use super::persona::Persona;
use super::task::TaskId;

/// A line: who asks for what, and what chance does around it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Action {
    /// Who asks.
    pub by: Persona,
    /// What chance did just before the service answered.
    pub before: Vec<Chance>,
    /// What is asked.
    pub ask: Ask,
    /// How many steps the background worker made just after the answer.
    pub after: u8,
}

/// What no rule decides: when the worker runs, and which numbers the database hands out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Chance {
    /// The background worker makes a step.
    Worker,
    /// So many seconds pass.
    Seconds(u32),
    /// The database counts its rows of locations so much higher.
    Rows(u32),
    /// The next image counts as this one, or as the first after it that there is not yet.
    Image(u32),
    /// The next task counts as this one, or as the first after it that there is not yet.
    Task(u32),
}

/// What is asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ask {
    /// `POST /v2/images`, and an upload after it when there is a file.
    Create {
        /// The request's body, as JSON.
        body: Arc<str>,
        /// What to upload then.
        file: Option<Payload>,
    },
    /// `GET /v2/images` with this query.
    List(Arc<str>),
    /// A call about one image, named by id or name.
    Image(Arc<str>, Call),
    /// `POST /v2/tasks` with this body.
    CreateTask(Arc<str>),
    /// `GET /v2/tasks/ID`.
    ShowTask(Arc<str>),
    /// `DELETE /v2/tasks/ID`.
    DeleteTask(Arc<str>),
    /// `GET /v2/tasks` with this query.
    ListTasks(Arc<str>),
    /// Boots a mock instance from an image, under this name.
    Boot(Arc<str>, Arc<str>),
    /// Ends an instance.
    DeleteInstance(Arc<str>),
    /// Makes an image of an instance, under this name.
    Snapshot(Arc<str>, Arc<str>),
    /// Something outside the service.
    Drive(Drive),
    /// Recorded objects take the place of ours.
    Adopt(Adoption),
}

/// A call about one image.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Call {
    /// `GET /v2/images/ID`.
    Show,
    /// `GET /file`.
    Download,
    /// `PUT /file`.
    Upload(Box<Upload>),
    /// `PUT /stage`.
    Stage(Payload),
    /// `POST /import` with this body, as JSON.
    Import(Arc<str>),
    /// `PATCH` with this list of changes, as JSON.
    Patch(Arc<str>),
    /// `POST /locations` with this body, as JSON.
    AddLocation(Arc<str>),
    /// `GET /locations`.
    Locations,
    /// `POST /actions/deactivate`.
    Deactivate,
    /// `POST /actions/reactivate`.
    Reactivate,
    /// `DELETE`.
    Delete,
    /// `DELETE /v2/stores/STORE/ID`.
    DeleteFrom(Arc<str>),
    /// `GET /tasks`.
    Tasks,
    /// `GET /members`.
    Members,
    /// `POST /members`.
    AddMember(Arc<str>),
    /// `DELETE /members/PROJECT`.
    RemoveMember(Arc<str>),
    /// `PUT /members/PROJECT`.
    SetMember(Arc<str>, Arc<str>),
    /// `PUT /tags/TAG`.
    AddTag(Arc<str>),
    /// `DELETE /tags/TAG`.
    RemoveTag(Arc<str>),
    /// Begins an upload, or a staging, and keeps the connection open.
    Hold(bool, Payload),
    /// The rest of what was held arrives; a driver may let it fail.
    Finish(bool, Option<Fault>),
    /// The connection of what was held breaks.
    Abort(bool),
    /// What is under way never ends by itself.
    Hang,
    /// What is under way takes longer.
    Slow,
    /// Brings a queued image into a status, by force where no call leads there.
    Setup(ImageStatus),
    /// The worker runs until the image has one of these statuses.
    WaitFor(Vec<ImageStatus>),
    /// `glance-scrubber --restore ID`.
    Restore,
}

/// `PUT /file`: what is sent, and the headers that matter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Upload {
    /// The body.
    pub file: Payload,
    /// `X-Image-Meta-Store`.
    pub store: Option<Arc<str>>,
    /// `X-Openstack-Image-Size`.
    pub size: Option<Arc<str>>,
    /// `Content-Type`, when it is not the right one.
    pub content_type: Option<Arc<str>>,
}

/// How a driver lets a transfer or a task fail.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// No space left.
    StoreFull,
    /// Over `image_size_cap`.
    TooLarge,
    /// Fewer bytes than announced.
    SizeMismatch,
    /// The content is not what `disk_format` says.
    BadFormat,
    /// The web source does not answer.
    Source,
}

impl Fault {
    /// Every fault.
    pub const ALL: [Self; 5] =
        [Self::StoreFull, Self::TooLarge, Self::SizeMismatch, Self::BadFormat, Self::Source];

    /// The word in a line.
    pub fn name(self) -> &'static str {
        match self {
            Self::StoreFull => "store-full",
            Self::TooLarge => "too-large",
            Self::SizeMismatch => "size-mismatch",
            Self::BadFormat => "bad-format",
            Self::Source => "source",
        }
    }

    /// The fault with this word.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fault| fault.name() == name)
    }
}

/// Something outside the service: its operator, its stores, the web, time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Drive {
    /// The worker makes a step on this task, or on the oldest that is not over.
    Worker(Option<TaskId>),
    /// A task runs to its end; it may be let fail.
    FinishTask(TaskId, Option<Fault>),
    /// Every task runs to its end, those that wait for a slow source only if `true`.
    FinishTasks(bool),
    /// A task never ends by itself.
    HangTask(TaskId),
    /// A task takes longer.
    SlowTask(TaskId),
    /// The default store has no byte left, or has room again.
    StoreFull(bool),
    /// A web source changes its ways: `fails 404`, `short`, `stalls`, `works`.
    WebSource(Arc<str>, Arc<str>),
    /// One pass of `glance-scrubber`.
    Scrubber,
    /// `glance-manage db purge`.
    Purge,
    /// Options of the service as `name=value` words.
    Config(Arc<str>),
    /// Seconds pass.
    Sleep(u64),
    /// How long pages let an upload take, in milliseconds.
    Pace(u64),
    /// Nothing but a look.
    Poll,
}

impl Action {
    /// `ask` by `by`, without chance.
    pub fn new(by: Persona, ask: Ask) -> Self {
        Self { by, before: Vec::new(), ask, after: 0 }
    }
}
