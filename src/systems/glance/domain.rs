//! The rules of the domain, apart from who asks and over which call: `glance/domain/__init__.py`.

use crate::engine::{Refusal, State};

use super::ImageStatus;
use super::image::{Image, Membership};
use super::task::TaskStatus;

/// Whether an image may go on to `to`: the setter of `Image.status`.
///
/// # Errors
/// 409 for a transition that is not in the table, 400 for missing formats.
pub fn may_enter(image: &Image, to: ImageStatus) -> Result<(), Refusal> {
    use ImageStatus::{Active, Importing, Queued, Saving, Uploading};
    if !image.status.may_become(to) {
        return Err(Refusal::new(409, not_allowed(image.status, to))
            .hint("The diagram shows which ways lead out of the image's status."));
    }
    let needs_formats =
        matches!(to, Saving | Active | Importing) && matches!(image.status, Queued | Uploading);
    if needs_formats { formats(image) } else { Ok(()) }
}

/// `InvalidImageStatusTransition`, in the words of `glance/common/exception.py`.
fn not_allowed(from: ImageStatus, to: ImageStatus) -> String {
    format!("Image status transition from {} to {} is not allowed", from.name(), to.name())
}

/// Data needs both formats: `Image.status`'s setter, `ValueError`.
///
/// # Errors
/// 400 when one is missing.
pub fn formats(image: &Image) -> Result<(), Refusal> {
    let missing = match (image.disk_format, image.container_format) {
        (Some(_), Some(_)) => return Ok(()),
        (None, Some(_)) => "Property disk_format",
        (Some(_), None) => "Property container_format",
        (None, None) => "Properties disk_format, container_format",
    };
    let text = format!("{missing} must be set prior to saving data.");
    Err(Refusal::new(400, text).hint("Set the formats first."))
}

/// The setters of `disk_format` and `container_format`: open while `queued` and `importing`.
///
/// # Errors
/// 403 in every other status.
pub fn may_set_format(status: ImageStatus, name: &str) -> Result<(), Refusal> {
    if status.formats_are_open() {
        return Ok(());
    }
    let text = format!("Attribute {name} can be only replaced for a queued image.");
    Err(Refusal::new(403, text).hint("Create another image with the right format."))
}

/// Where `Image.deactivate` leads: active images become deactivated, deactivated ones stay,
/// silently.
///
/// # Errors
/// 403 in every other status.
pub fn deactivate(status: ImageStatus) -> Result<ImageStatus, Refusal> {
    use ImageStatus::{
        Active, Deactivated, Deleted, Importing, Killed, PendingDelete, Queued, Saving, Uploading,
    };
    match status {
        Active | Deactivated => Ok(Deactivated),
        Queued | Saving | Uploading | Importing | Killed | PendingDelete | Deleted => {
            Err(refused("deactivate", status))
        }
    }
}

/// Where `Image.reactivate` leads: deactivated images become active, active ones stay, silently.
///
/// # Errors
/// 403 in every other status.
pub fn reactivate(status: ImageStatus) -> Result<ImageStatus, Refusal> {
    use ImageStatus::{
        Active, Deactivated, Deleted, Importing, Killed, PendingDelete, Queued, Saving, Uploading,
    };
    match status {
        Deactivated | Active => Ok(Active),
        Queued | Saving | Uploading | Importing | Killed | PendingDelete | Deleted => {
            Err(refused("reactivate", status))
        }
    }
}

fn refused(verb: &str, status: ImageStatus) -> Refusal {
    Refusal::new(403, format!("Not allowed to {verb} image in status '{}'", status.name()))
        .hint("Only an active image can be deactivated, and only a deactivated one reactivated.")
}

/// Where `Image.delete` leads, `id` being the printed id: with `delayed_delete` and data that the
/// caller sees, to `pending_delete`.
///
/// # Errors
/// 403 for a protected image, 400 where the way is not in the table.
pub fn delete(image: &Image, id: &str, delayed: bool) -> Result<ImageStatus, Refusal> {
    if image.protected {
        return Err(Refusal::new(403, format!("Image {id} is protected and cannot be deleted."))
            .hint("openstack image set --unprotected takes the protection away."));
    }
    let to = if delayed { ImageStatus::PendingDelete } else { ImageStatus::Deleted };
    if !image.status.may_become(to) {
        return Err(Refusal::new(400, not_allowed(image.status, to)).hint(
            "With delayed_delete only an active image with data can be deleted: reactivate it first.",
        ));
    }
    Ok(to)
}

/// `ImageMembership.status`'s setter.
///
/// # Errors
/// 400 for a word that is no status.
pub fn membership(word: &str) -> Result<Membership, Refusal> {
    let text = "Status must be \"pending\", \"accepted\" or \"rejected\".";
    Membership::named(word).ok_or_else(|| Refusal::new(400, text))
}

/// The types that a task may have.
pub const TASK_TYPES: [&str; 3] = ["import", "api_image_import", "location_import"];

/// `TaskFactory.new_task`.
///
/// # Errors
/// 400 for a type that is no more.
pub fn task_type(name: &str) -> Result<&'static str, Refusal> {
    let text = format!("Provided type of task is unsupported: {name}");
    TASK_TYPES.into_iter().find(|kind| *kind == name).ok_or_else(|| Refusal::new(400, text))
}

/// `Task._set_task_status`.
///
/// # Errors
/// 400 for a transition that is not in the table.
pub fn task_status(from: TaskStatus, to: TaskStatus) -> Result<TaskStatus, Refusal> {
    let text = format!("Status transition from {} to {} is not allowed", from.name(), to.name());
    if from.may_become(to) { Ok(to) } else { Err(Refusal::new(400, text)) }
}
