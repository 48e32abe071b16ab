//! Staging: `PUT /v2/images/ID/stage`, `ImageDataController.stage`.

use crate::engine::{ImageId, Refusal, Turn};

use super::super::action::Fault;
use super::super::domain::may_enter;
use super::super::names::Payload;
use super::super::persona::Persona;
use super::super::world::{IMAGE_SIZE_CAP, Store};
use super::super::{Glance, ImageStatus};
use super::upload::{hold, too_large, under_way};
use super::{Answer, enter, internal_error, ok, owned, write};

/// `ImageDataController.stage`. Formats are not asked for.
pub(super) fn stage(turn: &mut Turn<'_, Glance>, by: Persona, image: &str, file: Payload) -> Answer {
    let id = begin(turn, by, image, file)?;
    if turn.world().settings.pace > 0 { ok(204) } else { finish(turn, id, None) }
}

/// The part of a staging before its body.
pub(super) fn begin(
    turn: &mut Turn<'_, Glance>,
    by: Persona,
    image: &str,
    file: Payload,
) -> Result<ImageId, Refusal> {
    let (id, image) = owned(turn, by, image, "modify_image")?;
    may_enter(&image, ImageStatus::Uploading)?;
    enter(turn, id, ImageStatus::Uploading);
    hold(turn, id, by, file, Store::Fast, None, true);
    Ok(id)
}

/// The end of a staging. An import may have begun meanwhile; then the record is not `uploading`
/// any more, the service fails inside and restores the image: a race that either side may win.
pub(super) fn finish(turn: &mut Turn<'_, Glance>, id: ImageId, fault: Option<Fault>) -> Answer {
    let Some((mut image, transfer)) = under_way(turn, id) else { return ok(204) };
    let file = transfer.payload;
    image.transfer = None;
    if image.deleted {
        let name = turn.world().printed(id);
        write(turn, id, image);
        return Err(Refusal::new(404, format!("No image found with ID {name}")));
    }
    if image.status != ImageStatus::Uploading {
        write(turn, id, image);
        unstage(turn, id);
        return Err(internal_error());
    }
    let failure = match fault {
        None | Some(Fault::SizeMismatch | Fault::BadFormat | Fault::Source)
            if file.bytes <= IMAGE_SIZE_CAP =>
        {
            None
        }
        Some(Fault::StoreFull) => Some(Refusal::new(
            413,
            "Image storage media is full: There is not enough disk space on the image storage media.",
        )),
        None | Some(Fault::TooLarge | Fault::SizeMismatch | Fault::BadFormat | Fault::Source) => {
            Some(too_large())
        }
    };
    image.write_staged(&transfer.copy, failure.is_none().then_some(file));
    write(turn, id, image);
    match failure {
        None => ok(204),
        Some(refusal) => {
            unstage(turn, id);
            Err(refusal)
        }
    }
}

/// The connection of a staging breaks.
pub(super) fn abort(turn: &mut Turn<'_, Glance>, id: ImageId) {
    let Some((mut image, transfer)) = under_way(turn, id) else { return };
    image.transfer = None;
    if !image.deleted {
        image.write_staged(&transfer.copy, None);
    }
    write(turn, id, image);
    unstage(turn, id);
}

/// `ImageDataController._unstage`: back to `queued` where the domain allows it.
fn unstage(turn: &mut Turn<'_, Glance>, id: ImageId) {
    let status = turn.world().image(id).map(|image| image.status);
    if status.is_some_and(|status| status.may_become(ImageStatus::Queued)) {
        enter(turn, id, ImageStatus::Queued);
    }
}
