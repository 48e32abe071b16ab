//! What the worker does with a location that was added to an image: `glance/async_/flows/location_import.py`.

use std::sync::Arc;

use crate::engine::{ImageId, Turn};

use super::super::action::Fault;
use super::super::domain::may_enter;
use super::super::fixture::{Content, Source, hash_matches, source};
use super::super::image::Image;
use super::super::persona::Persona;
use super::super::task::{Phase, Task};
use super::super::world::{IMAGE_SIZE_CAP, Store};
use super::super::{Glance, ImageStatus};
use super::upload::settle_rows;
use super::worker::{Outcome, living, may_write, restore};
use super::{copy, enter, write};

/// `location_import`: the location comes first; with a hash to verify the image is `importing`
/// until the data has been read, otherwise it is `active` before.
pub(super) fn begin(turn: &mut Turn<'_, Glance>, task: &mut Task, url: &str, verifies: bool) {
    let Some((id, mut image)) = living(turn, task).filter(|(_, image)| may_write(task, image)) else {
        return;
    };
    let (content, bytes) = match source(url, &turn.world().settings.sources) {
        Source::Works(content, bytes) | Source::Stalls(content, bytes) if bytes > 0 => (content, bytes),
        // Only the announced length counts here; what is read later may be less.
        Source::Short(bytes) if bytes > 0 => (Content::Raw, bytes),
        // `glance/location.py`, `_check_image_location`: what has no bytes is no location.
        Source::Works(..) | Source::Stalls(..) | Source::Short(_) | Source::Fails => return,
    };
    if image.live().any(|location| location.url.as_deref() == Some(url)) {
        return;
    }
    image.add_location(turn.world().next_row, Some(url.into()), Store::Web);
    image.learn_size(bytes);
    if image.size > Some(IMAGE_SIZE_CAP) {
        return;
    }
    settle_rows(turn, &image);
    let to = match (verifies, image.status) {
        (true, ImageStatus::Queued) => Some(ImageStatus::Importing),
        (true, _) => None,
        (false, _) => Some(ImageStatus::Active),
    };
    let goes_on = to.is_none_or(|to| may_enter(&image, to).is_ok());
    if !goes_on && !verifies && image.status != ImageStatus::Active {
        // `_SetImageToActiveTask.revert`.
        pop_location(turn, &mut image);
    }
    write(turn, id, image);
    if goes_on {
        if let Some(to) = to {
            enter(turn, id, to);
        }
        task.outcome = Some(Ok((content, bytes)));
        task.copy = turn
            .world()
            .image(id)
            .filter(|image| image.checksum.is_none())
            .map(|image| Arc::new(image.clone()));
    }
}

/// `_CalculateHash` reads the first location, unless another upload has left a hash, and writes the record back
/// as it was when it began to read. Then `_VerifyValidationData` compares what was asked for, and
/// `_SetImageToActiveTask` ends it.
pub(super) fn conclude(
    turn: &mut Turn<'_, Glance>,
    task: &mut Task,
    hash: Option<&str>,
    fault: Option<Fault>,
) -> Outcome {
    let data @ (_, bytes) = task.outcome.unwrap_or(Err(()))?;
    let known = task.copy.is_none();
    if let Some(begun) = task.copy.take() {
        let id = write_back(turn, task, &begun)?;
        if breaks_off(turn, &begun) {
            // The connection breaks, which is no `IOError`. Only `importing` is left.
            if living(turn, task).is_some() {
                restore(turn, id);
            }
            return Err(());
        }
        if hash.is_none() {
            if let Some(mut image) = copy(turn, id) {
                image.checksum = Some(data);
                write(turn, id, image);
            }
            return Ok(data);
        }
    }
    let (id, mut image) = living(turn, task).ok_or(())?;
    let Some(hash) = hash else { return Ok(data) };
    let verified = fault.is_none() && !known && hash_matches(bytes, hash);
    if verified && may_enter(&image, ImageStatus::Active).is_ok() {
        image.checksum = Some(data);
        write(turn, id, image);
        enter(turn, id, ImageStatus::Active);
        return Ok(data);
    }
    if verified && image.status != ImageStatus::Active {
        // `_SetImageToActiveTask.revert`.
        pop_location(turn, &mut image);
    }
    // `_VerifyValidationData.revert`.
    pop_location(turn, &mut image);
    if image.status.may_become(ImageStatus::Queued) {
        image.checksum = None;
        write(turn, id, image);
        enter(turn, id, ImageStatus::Queued);
    } else {
        // What an upload has filled meanwhile cannot be `queued` again: the flow ends there, and
        // nothing takes the lock away. Only what waits for the scrubber is written at once.
        task.phase = Phase::Released;
        if turn.world().settings.delayed_delete {
            write(turn, id, image);
        }
    }
    Err(())
}

/// What a task has read when it began is written back, whatever the image has become meanwhile. Only an admin can
/// write a record that is deleted, and nobody else that of another project.
fn write_back(turn: &mut Turn<'_, Glance>, task: &Task, begun: &Image) -> Result<ImageId, ()> {
    let id = task.image.ok_or(())?;
    let mut image = copy(turn, id).ok_or(())?;
    if !may_write(task, &image) || image.deleted && *task.owner != *Persona::Admin.project() {
        return Err(());
    }
    image.write_back(begun);
    write(turn, id, image);
    enter(turn, id, begun.status);
    Ok(id)
}

/// What a `location_import` that fails does with the locations: it looks at the first and takes the
/// last. Those of the http store cannot be deleted, so they stay.
fn pop_location(turn: &Turn<'_, Glance>, image: &mut Image) {
    let first = image.live().next().and_then(|location| location.url.as_deref());
    let stays = first.is_some_and(|url| url.starts_with("http"));
    let last = image.live().next_back().map(|location| location.row);
    if let Some(row) = last.filter(|_| !stays) {
        image.drop_location(row, turn.world().settings.delayed_delete);
    }
}

/// Whether the data of an image, which its first location gives, ends before its announced length.
fn breaks_off(turn: &Turn<'_, Glance>, image: &Image) -> bool {
    let url = image.live().next().and_then(|location| location.url.as_deref());
    url.is_some_and(|url| matches!(source(url, &turn.world().settings.sources), Source::Short(_)))
}
