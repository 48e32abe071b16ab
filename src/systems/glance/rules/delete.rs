//! Delete, delayed delete, the scrubber and the purge.

use crate::engine::{ImageId, Refusal, SimTime, State, Turn};

use super::super::image::{Image, LocationState};
use super::super::persona::{Persona, Rule, enforce};
use super::super::world::Store;
use super::super::{Glance, ImageStatus, domain};
use super::{Answer, copy, done, enter, ok, printed, visible, write};

/// How long a pass of the scrubber takes before it looks at the clock, in milliseconds.
/// A simplification: the recorded ones needed 4 s at least.
const SCRUBBER_STARTS: SimTime = SimTime(4_000);

/// `ImagesController.delete`.
pub(super) fn delete(turn: &mut Turn<'_, Glance>, by: Persona, image: &str) -> Answer {
    let name = printed(turn, image);
    let (id, mut image) = visible(turn, by, image)
        .ok_or_else(|| Refusal::new(404, format!("Failed to find image {name} to delete")))?;
    enforce("delete_image", Rule::ProjectMember, &image, by)?;
    // Staged data goes before anybody looks whether the image may.
    if image.staged.take().is_some() {
        write(turn, id, image.clone());
    }
    // Locations of a deactivated image are hidden from everybody but admins, so the service does
    // not see that there is data: `glance/db/sqlalchemy/api.py`, `_image_locations`.
    let sees_data = image.live_count() > 0 && (image.status != ImageStatus::Deactivated || by.is_admin());
    remove(turn, id, &image, sees_data)?;
    ok(204)
}

/// `Image.delete` of the domain and of `glance/location.py`, then `ImageRepo.remove`.
pub(super) fn remove(
    turn: &mut Turn<'_, Glance>,
    id: ImageId,
    image: &Image,
    sees_data: bool,
) -> Result<(), Refusal> {
    let delayed = turn.world().settings.delayed_delete && sees_data;
    let to = domain::delete(image, &turn.world().printed(id), delayed)?;
    let mut image = Box::new(image.clone());
    let rows: Vec<u32> = image.live().map(|location| location.row).collect();
    for row in rows {
        let kept = image.files.clone();
        image.drop_location(row, delayed);
        if !sees_data {
            image.files = kept;
        }
    }
    forget(&mut image, turn.world().clock(turn.now()));
    write(turn, id, image);
    enter(turn, id, to);
    Ok(())
}

/// What the database drops with a record: `image_destroy`.
fn forget(image: &mut Image, at: SimTime) {
    image.tags.clear();
    image.properties.clear();
    image.members.clear();
    image.lock = None;
    image.staged = None;
    image.deleted = true;
    image.deleted_at = at;
}

/// One pass of `glance-scrubber`: `glance/scrubber.py`, `Scrubber._scrub_image`. A location in a
/// store that cannot delete keeps the image `pending_delete` for ever.
pub(super) fn scrub(turn: &mut Turn<'_, Glance>) -> Answer {
    let limit = SimTime(turn.world().settings.scrub_time.saturating_mul(1000));
    let now = turn.world().clock(turn.now()) + SCRUBBER_STARTS;
    let is_due = |image: &Image| {
        image.status == ImageStatus::PendingDelete && image.deleted && image.deleted_at + limit <= now
    };
    let due: Vec<ImageId> =
        turn.world().images.iter().filter(|(_, image)| is_due(image)).map(|(id, _)| id).collect();
    for id in due {
        scrub_image(turn, id);
    }
    done()
}

fn scrub_image(turn: &mut Turn<'_, Glance>, id: ImageId) {
    let Some(mut image) = copy(turn, id) else { return };
    let waits = |state| state == LocationState::PendingDelete;
    let mut stores = Vec::new();
    for location in image.locations.iter_mut().filter(|location| waits(location.state)) {
        if location.store != Store::Web {
            location.state = LocationState::Deleted;
            stores.push(location.store);
        }
    }
    for store in stores {
        image.drop_file(store);
    }
    let scrubbed = !image.locations.iter().any(|location| waits(location.state));
    write(turn, id, image);
    if scrubbed {
        enter(turn, id, ImageStatus::Deleted);
    }
}

/// `glance-scrubber --restore ID`: `glance/scrubber.py`, `Scrubber.revert_image_status`. Only the
/// status comes back; locations, tags and properties are lost.
pub(super) fn restore(turn: &mut Turn<'_, Glance>, image: &str) -> Answer {
    let name = printed(turn, image);
    let found = turn.world().find(image).and_then(|id| Some((id, copy(turn, id)?)));
    let (id, mut image) =
        found.ok_or_else(|| Refusal::new(0, format!("ERROR: No image found with ID {name}")))?;
    if image.status != ImageStatus::PendingDelete {
        let text = format!(
            "ERROR: cannot restore the image from {} to active (wanted from_state=pending_delete)",
            image.status.name()
        );
        return Err(Refusal::new(0, text).hint("Only an image that waits for the scrubber can be restored."));
    }
    image.deleted = false;
    write(turn, id, image);
    enter(turn, id, ImageStatus::Active);
    done()
}

/// `glance-manage db purge`: the records of deleted images go.
pub(super) fn purge(turn: &mut Turn<'_, Glance>) -> Answer {
    let is_gone = |image: &Image| image.deleted && image.status != ImageStatus::PendingDelete;
    let gone: Vec<(ImageId, ImageStatus)> = turn
        .world()
        .images
        .iter()
        .filter(|(_, image)| is_gone(image))
        .map(|(id, image)| (id, image.status))
        .collect();
    for (id, status) in gone {
        turn.transition(id, Some(status), None);
    }
    done()
}
