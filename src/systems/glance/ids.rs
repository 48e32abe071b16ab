//! How the ids of images and tasks are written.

use crate::engine::{ImageId, as_id};

use super::task::TaskId;

/// How the ids of images and tasks are written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum IdStyle {
    /// As UUIDs that count up.
    Uuid,
    /// As `img-1`, `task-1`: the placeholders of the recordings.
    Short,
}

const IMAGE_STEM: &str = "00000000-0000-0000-0000-";
const TASK_STEM: &str = "10000000-0000-0000-0000-";

impl IdStyle {
    /// An image's id.
    pub fn image(self, id: ImageId) -> String {
        match self {
            Self::Uuid => format!("{IMAGE_STEM}{id:0>12}", id = id.0),
            Self::Short => format!("img-{id}"),
        }
    }

    /// A task's id.
    pub fn task(self, id: TaskId) -> String {
        match self {
            Self::Uuid => format!("{TASK_STEM}{id:0>12}", id = id.0),
            Self::Short => format!("task-{id}"),
        }
    }

    /// The image that an id counts as.
    pub fn read(self, text: &str) -> Option<ImageId> {
        let stem = if self == Self::Uuid { IMAGE_STEM } else { "img-" };
        number(text, stem).map(ImageId)
    }

    /// The image that an id is written for, to the letter.
    pub fn number_of(self, text: &str) -> Option<ImageId> {
        self.read(text).filter(|id| self.image(*id) == text)
    }

    /// The task that an id counts as.
    pub fn read_task(self, text: &str) -> Option<TaskId> {
        let stem = if self == Self::Uuid { TASK_STEM } else { "task-" };
        number(text, stem).map(TaskId)
    }

    /// Whether the schema takes a text for a UUID.
    pub fn is_id(self, text: &str) -> bool {
        let lengths = [8, 4, 4, 4, 12];
        let uuid = text.split('-').count() == 5
            && text.split('-').zip(lengths).all(|(part, length)| {
                part.len() == length && part.bytes().all(|byte| byte.is_ascii_hexdigit())
            });
        uuid || self == Self::Short && (text.starts_with("img-") || text.starts_with("uuid-"))
    }
}

fn number(text: &str, stem: &str) -> Option<u32> {
    text.strip_prefix(stem)?.parse().ok().and_then(as_id)
}

/// The number at the end of a recorded id: `img-1`, `task-1`.
pub(super) fn number_in(id: &str) -> Option<u32> {
    id.rsplit('-').next()?.parse().ok().and_then(as_id)
}
