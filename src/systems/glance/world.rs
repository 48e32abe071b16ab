//! Everything that a Glance deployment remembers: images, tasks, instances and settings.

use std::sync::Arc;

use crate::engine::pool::Pool;
use crate::engine::{ImageId, MachineId, SimTime};

use super::ImageStatus;
use super::fixture::{Payload, Source};
use super::ids::IdStyle;
use super::image::Image;
use super::persona::Persona;
use super::task::{Task, TaskId};

/// A Glance deployment with the compute service beside it.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct World {
    /// Every image record, also of deleted images.
    pub images: Pool<ImageId, Image>,
    /// The images with something under way or with data that waits for the scrubber, in order; with
    /// the moment when an upload or a staging ends by itself.
    pub busy: Arc<Vec<(ImageId, Option<SimTime>)>>,
    /// Every task, oldest first.
    pub tasks: Arc<Vec<Task>>,
    /// The mock instances that have not ended.
    pub instances: Arc<Vec<Instance>>,
    /// How the service is configured, and what is wrong with the world around it.
    pub settings: Arc<Settings>,
    /// The number of the next image.
    pub next_image: u32,
    /// The number of the next task.
    pub next_task: u32,
    /// The number of the next location row in the database.
    pub next_row: u32,
    /// The number of the next instance.
    pub next_instance: u32,
}

/// A mock server of Nova. A simplification: only what shows who uses an image.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Instance {
    /// Its number.
    pub id: MachineId,
    /// Its name.
    pub name: Arc<str>,
    /// The image it was booted from.
    pub image: ImageId,
}

/// How the service is configured, and what is wrong with the world around it.
#[expect(clippy::struct_excessive_bools, reason = "they are the options of a configuration file")]
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Settings {
    /// `delayed_delete`: data waits for the scrubber.
    pub delayed_delete: bool,
    /// `show_multiple_locations`: locations may be changed by PATCH.
    pub show_multiple_locations: bool,
    /// `scrub_time`, in seconds: how long data waits at least.
    pub scrub_time: u64,
    /// The time that pages let an upload or a task take, in milliseconds; 0: none at all.
    pub pace: u64,
    /// The v1 API, gone since 2018: a failed upload gives `killed`.
    pub v1: bool,
    /// How the ids of images are written.
    pub ids: IdStyle,
    /// Whether the default store has no byte left.
    pub full: bool,
    /// Simulated time that passed by `sleep`, in milliseconds.
    pub slept: u64,
    /// Web sources that do not answer as they should, by name.
    pub sources: Vec<(Arc<str>, Source)>,
}

/// An upload or a staging whose body is still under way.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Transfer {
    /// Whether it fills the staging area, not a store.
    pub staging: bool,
    /// Who sends it.
    pub by: Persona,
    /// What is sent.
    pub payload: Payload,
    /// The store that was asked for.
    pub store: Store,
    /// Whether the client made the image for this upload, and deletes it when the upload fails.
    pub removes: bool,
    /// The size that a header announced.
    pub announced: Option<i64>,
    /// The record as it was when the transfer began: its end writes this back.
    pub copy: Arc<Image>,
    /// When it started.
    pub started: SimTime,
    /// When it ends by itself; `None` while it hangs or waits for a driver.
    pub due: Option<SimTime>,
}

/// A backend of the fixture.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Store {
    /// The default.
    Fast,
    /// Another file store.
    Cheap,
    /// A file store of 256 KiB.
    Tiny,
    /// The read-only http store.
    Web,
}

impl Store {
    /// The stores that take data, in the order of `enabled_backends`.
    pub const WRITABLE: [Self; 3] = [Self::Fast, Self::Cheap, Self::Tiny];

    /// Every store, by name.
    pub const BY_NAME: [Self; 4] = [Self::Cheap, Self::Fast, Self::Tiny, Self::Web];

    /// The identifier.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fast => "fast",
            Self::Cheap => "cheap",
            Self::Tiny => "tiny",
            Self::Web => "web",
        }
    }

    /// The store with this identifier.
    pub fn named(name: &str) -> Option<Self> {
        Self::BY_NAME.into_iter().find(|store| store.name() == name)
    }

    /// How many bytes it holds; `None`: as many as one likes.
    pub fn capacity(self) -> Option<u64> {
        match self {
            Self::Tiny => Some(256 * 1024),
            Self::Fast | Self::Cheap => None,
            Self::Web => Some(0),
        }
    }
}

/// `image_size_cap` of the fixture, in bytes.
pub const IMAGE_SIZE_CAP: u64 = 1024 * 1024;

impl Default for Settings {
    fn default() -> Self {
        Self {
            delayed_delete: false,
            show_multiple_locations: true,
            scrub_time: 0,
            pace: 0,
            v1: false,
            ids: IdStyle::Uuid,
            full: false,
            slept: 0,
            sources: Vec::new(),
        }
    }
}

impl Default for World {
    fn default() -> Self {
        Self {
            images: Pool::default(),
            busy: Arc::default(),
            tasks: Arc::default(),
            instances: Arc::default(),
            settings: Arc::default(),
            next_image: 1,
            next_task: 1,
            next_row: 1,
            next_instance: 1,
        }
    }
}

impl World {
    /// The fixture with uploads and tasks that need `pace`.
    pub fn paced(pace: SimTime) -> Self {
        let settings = Settings { pace: pace.0, ..Settings::default() };
        Self { settings: Arc::new(settings), ..Self::default() }
    }

    /// An image's record, also of a deleted image.
    pub fn image(&self, id: ImageId) -> Option<&Image> {
        self.images.get(id)
    }

    /// A task.
    pub fn task(&self, id: TaskId) -> Option<&Task> {
        self.tasks.iter().find(|task| task.id == id)
    }

    /// The id of the next image: the number that the database would hand out, or the first free one
    /// after it.
    pub fn free_image(&self) -> ImageId {
        let mut numbers = (self.next_image..).map(ImageId);
        numbers.find(|id| self.image(*id).is_none()).unwrap_or(ImageId(self.next_image))
    }

    /// The id of the next task, found like that of the next image.
    pub fn free_task(&self) -> TaskId {
        let mut numbers = (self.next_task..).map(TaskId);
        numbers.find(|id| self.task(*id).is_none()).unwrap_or(TaskId(self.next_task))
    }

    /// Keeps the list of busy images true after a change of this one.
    pub fn note_busy(&mut self, id: ImageId) {
        let image = self.image(id);
        let transfer = image.and_then(|image| image.transfer.as_deref());
        let waits = image
            .is_some_and(|image| image.status == ImageStatus::PendingDelete || !image.refused.is_empty());
        let busy = (transfer.is_some() || waits).then(|| (id, transfer.and_then(|transfer| transfer.due)));
        match (self.busy.binary_search_by_key(&id, |(id, _)| *id), busy) {
            (Ok(at), None) => {
                Arc::make_mut(&mut self.busy).remove(at);
            }
            (Ok(at), Some(busy)) if self.busy[at] != busy => Arc::make_mut(&mut self.busy)[at] = busy,
            (Err(at), Some(busy)) => Arc::make_mut(&mut self.busy).insert(at, busy),
            (Ok(_), Some(_)) | (Err(_), None) => {}
        }
    }

    /// An image's id as the service prints it.
    pub fn printed(&self, id: ImageId) -> String {
        match self.image(id).and_then(|image| image.explicit_id.as_deref()) {
            Some(text) => text.to_owned(),
            None => self.settings.ids.image(id),
        }
    }

    /// The image that a user means by an id or by a name, also a deleted one (by id only).
    pub fn find(&self, text: &str) -> Option<ImageId> {
        let numbered = self.settings.ids.read(text).filter(|id| self.image(*id).is_some());
        let explicit = || {
            let is = |image: &Image| image.explicit_id.as_deref() == Some(text);
            self.images.iter().find(|(_, image)| is(image)).map(|(id, _)| id)
        };
        let named = || {
            let is = |image: &Image| image.name.as_deref() == Some(text) && !image.deleted;
            self.images.iter().find(|(_, image)| is(image)).map(|(id, _)| id)
        };
        numbered.or_else(explicit).or_else(named)
    }

    /// How many bytes lie in a store.
    pub fn used(&self, store: Store) -> u64 {
        let files = self.images.values().flat_map(|image| image.files.iter());
        let bytes = files.filter(|(holder, _)| *holder == store).map(|(_, bytes)| *bytes);
        bytes.fold(0, u64::saturating_add)
    }

    /// The moment of the service's own clock when the session's is at `now`.
    pub fn clock(&self, now: SimTime) -> SimTime {
        now + SimTime(self.settings.slept)
    }

    /// An instance by number or name.
    pub fn instance(&self, text: &str) -> Option<&Instance> {
        self.instances.iter().find(|instance| instance.id.to_string() == text || &*instance.name == text)
    }
}
