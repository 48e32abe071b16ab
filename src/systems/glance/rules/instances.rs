//! The mock compute service: who uses an image. A simplification of Nova; Glance itself knows no
//! use, and an image's status never changes by it.

use std::sync::Arc;

use crate::engine::{MachineId, Refusal, Reply, Turn, Value};

use super::super::action::Upload;
use super::super::fixture::{Content, Payload};
use super::super::image::Image;
use super::super::persona::Persona;
use super::super::world::Instance;
use super::super::{Change, Glance, ImageStatus};
use super::{Answer, create, done, ok, upload, visible};

/// `openstack server create --image`: Nova refuses an image that is not active
/// (`nova/compute/api.py`, `API._validate_flavor_image`).
pub(super) fn boot(turn: &mut Turn<'_, Glance>, by: Persona, image: &str, name: &str) -> Answer {
    let (id, record) =
        visible(turn, by, image).ok_or_else(|| Refusal::new(404, format!("No Image found for {image}")))?;
    match record.status {
        ImageStatus::Active => {}
        ImageStatus::Queued
        | ImageStatus::Saving
        | ImageStatus::Uploading
        | ImageStatus::Importing
        | ImageStatus::Deactivated
        | ImageStatus::Killed
        | ImageStatus::PendingDelete
        | ImageStatus::Deleted => {
            let text = format!("Image {} is not active.", turn.world().printed(id));
            return Err(Refusal::new(400, text).hint(hint(record.status)));
        }
    }
    let instance = Instance { id: MachineId(turn.world().next_instance), name: name.into(), image: id };
    let number = instance.id.0;
    turn.change(Change::Booted(instance));
    Ok(Reply { code: 202, value: Value::Number(number) })
}

fn hint(status: ImageStatus) -> &'static str {
    match status {
        ImageStatus::Queued => "Upload or import data first.",
        ImageStatus::Saving | ImageStatus::Uploading | ImageStatus::Importing => {
            "Its data is not complete yet; Nova does not wait for it."
        }
        ImageStatus::Deactivated => "Reactivate the image; instances that run already are not touched.",
        ImageStatus::Active | ImageStatus::Killed | ImageStatus::PendingDelete | ImageStatus::Deleted => {
            "Use another image."
        }
    }
}

/// `openstack server delete`.
pub(super) fn delete(turn: &mut Turn<'_, Glance>, instance: &str) -> Answer {
    let found = turn.world().instance(instance).map(|instance| instance.id);
    let id = found.ok_or_else(|| no_server(instance))?;
    turn.change(Change::Ended(id));
    done()
}

fn no_server(instance: &str) -> Refusal {
    Refusal::new(404, format!("No Server found for {instance}"))
}

/// `openstack server image create`: Nova makes a queued image and uploads the disk into it.
pub(super) fn snapshot(turn: &mut Turn<'_, Glance>, by: Persona, instance: &str, name: &str) -> Answer {
    const DISK: Payload = Payload { content: Content::Raw, bytes: 5_000 };
    if turn.world().instance(instance).is_none() {
        return Err(no_server(instance));
    }
    let mut image = Image::named(Some(name), (Some("raw"), Some("bare")));
    image.owner = Some(by.project().into());
    let id = create::insert(turn, image);
    let printed: Arc<str> = turn.world().printed(id).into();
    let request = Upload { file: DISK, store: None, size: None, content_type: None };
    upload::upload(turn, by, &printed, &request)?;
    ok(202)
}
