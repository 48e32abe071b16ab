//! Glance in words: what the page says about its tasks and calls.

use super::task::{Method, Task, TaskStatus, Work};

/// What a task is doing.
pub(super) fn work(work: &Work) -> &'static str {
    match work {
        Work::Import { method: Method::GlanceDirect, .. } => "importing the staged data",
        Work::Import { method: Method::WebDownload(_), .. } => "downloading from the web",
        Work::Import { method: Method::CopyImage, .. } => "copying to another store",
        Work::Location { .. } => "adding a location",
        Work::Legacy { .. } => "importing a new image",
        Work::Unfit(_) | Work::Unknown => "reading its input",
    }
}

/// A task's status, and what it says about itself.
pub(super) fn status(task: &Task) -> String {
    let message = if task.message.is_empty() { String::new() } else { format!(" ({})", task.message) };
    task.status.name().to_owned() + &message
}

/// A task of the image with this printed id: type, status and message, then the result and the moment
/// at which the record expires, in hours and minutes of the session.
pub(super) fn task(task: &Task, image: &str) -> String {
    let mut text = format!("{}: {}", task.kind, status(task));
    if task.status == TaskStatus::Success {
        text = text + ", result {'image_id': '" + image + "'}";
    }
    if let Some(expires) = task.expires {
        let minutes = expires.0 / 60_000;
        text = format!("{text}, expires at {}:{:02}", minutes / 60, minutes % 60);
    }
    text
}

/// What v1 mode is.
pub(super) const V1: &str =
    "The API that was removed in Rocky (2018): it killed an image whose upload failed";

/// Why there is no attaching.
pub(super) const NO_ATTACH: &str = "Glance has no attach: Nova copies an image when it boots an instance, and \
     Cinder makes volumes to attach. Nearest is to boot another instance.";

/// Why there is no detaching.
pub(super) const NO_DETACH: &str = "Glance has no detach: an instance does not hold on to its image, so \
     deactivating or deleting the image does not touch it.";

/// Why there is no cloning.
pub(super) const NO_CLONE: &str = "Glance has no clone call; the nearest is copy-image, which puts the same image \
     into another store, or an import of the same source under a new name.";

/// Nothing to finish.
pub(super) const NOTHING_UNDER_WAY: &str = "Nothing is under way for this image. Upload, stage or import data \
     into a queued image first.";
