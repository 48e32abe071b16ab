//! Staging: `PUT /v2/images/ID/stage`, `ImageDataController.stage`.

use crate::engine::{ImageId, Refusal, Turn};

use super::super::action::Fault;
use super::super::domain::may_enter;
use super::super::fixture::Payload;
use super::super::persona::Persona;
use super::super::world::{IMAGE_SIZE_CAP, Store};
use super::super::{Glance, ImageStatus};
use super::upload::{Problem, hold, may_write, put_back, too_large, under_way};
use super::{Answer, conflict, enter, internal_error, ok, owned, write};

/// `ImageDataController.stage`. Formats are not asked for.
pub(super) fn stage(turn: &mut Turn<'_, Glance>, by: Persona, image: &str, file: Payload) -> Answer {
    let id = begin(turn, by, image, file)?;
    if turn.world().settings.pace > 0 { ok(204) } else { finish(turn, id, None) }
}

/// The part of a staging before its body. Data that is staged already, or on its way there, is
/// `glance_store.Duplicate`, and the image `queued` again.
pub(super) fn begin(
    turn: &mut Turn<'_, Glance>,
    by: Persona,
    image: &str,
    file: Payload,
) -> Result<ImageId, Refusal> {
    let (id, mut image) = owned(turn, by, image, "modify_image")?;
    may_enter(&image, ImageStatus::Uploading)?;
    if image.staged.is_some() {
        // It was `uploading` for a moment, and going back takes the size away.
        image.size = None;
        write(turn, id, image);
        return Err(conflict(format!("The image {} has data on staging", turn.world().printed(id))));
    }
    enter(turn, id, ImageStatus::Uploading);
    hold(turn, id, by, file, Store::Fast, None, true);
    Ok(id)
}

/// The end of a staging. The record may not be `uploading` any more, because an import has begun or
/// somebody was refused an upload: the service fails inside then, and restores the image.
pub(super) fn finish(turn: &mut Turn<'_, Glance>, id: ImageId, fault: Option<Fault>) -> Answer {
    let Some((mut image, transfer)) = under_way(turn, id, true) else { return ok(204) };
    let file = transfer.payload;
    image.end_transfer(true);
    let full = fault == Some(Fault::StoreFull);
    if full || fault == Some(Fault::TooLarge) || file.bytes > IMAGE_SIZE_CAP {
        image.staged = None;
        put_back(turn, id, image, &transfer);
        return Err(if full { Problem::Full.refusal("") } else { too_large() });
    }
    // An import takes its file away when it is done, also while more is written to it.
    image.staged = image.staged.map(|_| (file.content, file.bytes));
    if image.deleted && !transfer.by.is_admin() {
        let name = turn.world().printed(id);
        write(turn, id, image);
        return Err(Refusal::new(404, format!("No image found with ID {name}")));
    }
    if image.deleted || image.status != ImageStatus::Uploading {
        put_back(turn, id, image, &transfer);
        return Err(internal_error());
    }
    if !may_write(&image, &transfer) {
        // The image has another owner meanwhile.
        write(turn, id, image);
        return Err(internal_error());
    }
    image.write_back(&transfer.copy);
    image.size = Some(file.bytes);
    write(turn, id, image);
    ok(204)
}

/// The connection of a staging breaks.
pub(super) fn abort(turn: &mut Turn<'_, Glance>, id: ImageId) {
    let Some((mut image, transfer)) = under_way(turn, id, true) else { return };
    image.end_transfer(true);
    image.staged = None;
    put_back(turn, id, image, &transfer);
}
