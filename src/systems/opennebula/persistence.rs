//! Whether changes are kept, and what an image is for: `ImagePersistentAPI`, `ImageChangeTypeAPI`.

use super::Here;
use super::answer::{self, Answer, Method};
use super::authorize;
use super::change::Edit;
use super::fixture::User;
use super::image_state::{edit, printed};
use super::kinds::{ImageType, Right};
use super::state::ImageState;
use super::world::{Image, World};
use crate::engine::Refusal;

const PERSISTENT: Method = Method("[one.image.persistent] ");
const CHANGE_TYPE: Method = Method("[one.image.chtype] ");

/// `oneimage persistent`.
pub(super) fn persistent(turn: &mut Here<'_>, by: &User, id: i64) -> Answer {
    change(turn, by, id, true)
}

/// `oneimage nonpersistent`.
pub(super) fn nonpersistent(turn: &mut Here<'_>, by: &User, id: i64) -> Answer {
    change(turn, by, id, false)
}

fn change(turn: &mut Here<'_>, by: &User, id: i64, persistent: bool) -> Answer {
    let (id, image) = authorize::image(turn.world(), PERSISTENT, by, id, Right::Manage)?;
    if image.persistent != persistent {
        check(turn.world(), image, persistent)?;
        edit(turn, id, Edit::Persistent(persistent));
    }
    Ok(answer::id(id.0))
}

/// The guards in the order of `ImagePersistentAPI::request_execute`, then `Image::persistent`.
fn check(world: &World, image: &Image, persistent: bool) -> Result<(), Refusal> {
    let datastore = world.datastore(image.datastore);
    if datastore.is_some_and(|datastore| datastore.ds_mad == "lvm") {
        return Err(PERSISTENT.internal("lvm datastores doesn't support change of image persistency."));
    }
    match image.kind {
        ImageType::Kernel | ImageType::Ramdisk | ImageType::Context if persistent => {
            return Err(PERSISTENT.action("KERNEL, RAMDISK and CONTEXT must be non-persistent"));
        }
        ImageType::Backup if !persistent => {
            return Err(PERSISTENT.action("BACKUP images must be persistent"));
        }
        ImageType::Os
        | ImageType::Cdrom
        | ImageType::Datablock
        | ImageType::Kernel
        | ImageType::Ramdisk
        | ImageType::Context
        | ImageType::Backup
        | ImageType::Filesystem => {}
    }
    if !persistent && datastore.is_some_and(|datastore| datastore.persistent_only) {
        return Err(PERSISTENT.internal("This Datastore only accepts persistent images."));
    }
    let goal = if persistent { "persistent" } else { "non-persistent" };
    let refuse =
        |problem: &str| Err(PERSISTENT.internal(format_args!("Could not make image {goal}: {problem}")));
    if !persistent && image.has_snapshots() {
        return refuse("Image has snapshots.");
    }
    match image.state {
        ImageState::Used
        | ImageState::Clone
        | ImageState::UsedPers
        | ImageState::LockedUsed
        | ImageState::LockedUsedPers => {
            refuse(&format!("Image cannot be in state {}.", printed(image.state)))
        }
        ImageState::Init
        | ImageState::Ready
        | ImageState::Disabled
        | ImageState::Locked
        | ImageState::Error
        | ImageState::Delete => Ok(()),
    }
}

/// `oneimage chtype`: no state is asked for. No type at all is the default one (`Image::str_to_type`).
pub(super) fn change_type(turn: &mut Here<'_>, by: &User, id: i64, wanted: &str) -> Answer {
    let wanted = if wanted.is_empty() { ImageType::Os.name() } else { wanted };
    let (id, image) = authorize::image(turn.world(), CHANGE_TYPE, by, id, Right::Manage)?;
    let kind = ImageType::read(wanted);
    check_family(image.kind, kind.unwrap_or(ImageType::Os))?;
    if image.has_snapshots() && !kind.is_some_and(ImageType::has_snapshots) {
        return Err(CHANGE_TYPE.internal("Image with snapshots can be only of type OS or DATABLOCK"));
    }
    let Some(kind) = kind else {
        return Err(CHANGE_TYPE.internal(unknown_type(image.kind)));
    };
    edit(turn, id, Edit::Kind(kind));
    Ok(answer::id(id.0))
}

/// Disks stay disks and files stay files.
fn check_family(from: ImageType, to: ImageType) -> Result<(), Refusal> {
    let fits = match from {
        ImageType::Os | ImageType::Cdrom | ImageType::Datablock => {
            matches!(to, ImageType::Os | ImageType::Cdrom | ImageType::Datablock)
        }
        ImageType::Kernel | ImageType::Ramdisk | ImageType::Context => to.is_file(),
        ImageType::Backup | ImageType::Filesystem => {
            return Err(CHANGE_TYPE.action(format_args!("Cannot change type for{} images.", from.name())));
        }
    };
    if fits {
        return Ok(());
    }
    let text = "Cannot change image type to an incompatible type for the current datastore.";
    Err(CHANGE_TYPE.action(text))
}

/// The daemon adds the number of the present type to the start of its text: `Image::set_type`.
fn unknown_type(present: ImageType) -> &'static str {
    &"Unknown type "[present as usize..]
}
