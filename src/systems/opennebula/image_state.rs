//! The two functions that do all state work of an image, with their side effects: `src/image/Image.cc`.

use std::sync::Arc;

use super::Here;
use super::acquire::check_waiting_disks;
use super::change::{Change, Edit, What};
use super::state::ImageState;
use super::world::Image;
use crate::engine::ImageId;

/// Changes something of an image.
pub(super) fn edit(turn: &mut Here<'_>, id: ImageId, edit: Edit) {
    turn.change(Change(What::Edited(id, edit)));
}

/// The image, if it still exists.
pub(super) fn find(turn: &Here<'_>, id: ImageId) -> Option<Arc<Image>> {
    turn.world().images.shared(id)
}

/// Lets an image enter a state: `Image::set_state`. Whatever the change, a state other than LOCKED
/// takes the user's lock away; an ERROR tells every VM that waits.
pub(super) fn enter(turn: &mut Here<'_>, id: ImageId, to: ImageState) {
    let Some(image) = turn.world().find_image(id) else { return };
    let (from, is_locked) = (image.state, image.extras.lock.is_some());
    if from == to {
        edit(turn, id, Edit::Touched);
    } else {
        turn.transition(id, Some(from), Some(to));
    }
    if to != ImageState::Locked && is_locked {
        edit(turn, id, Edit::Locked(None));
    }
    if to == ImageState::Error && matches!(from, ImageState::LockedUsed | ImageState::LockedUsedPers) {
        tell_vms(turn, id);
    }
}

/// An operation ended well, or an image in ERROR is enabled: `Image::set_state_unlock`.
pub(super) fn unlock(turn: &mut Here<'_>, id: ImageId) {
    use ImageState::{
        Clone, Delete, Disabled, Error, Init, Locked, LockedUsed, LockedUsedPers, Ready, Used, UsedPers,
    };
    let Some(image) = turn.world().find_image(id) else { return };
    let to = match image.state {
        Locked => Ready,
        LockedUsed => used(false),
        LockedUsedPers => used(true),
        Error if image.running_vms() == 0 => Ready,
        Error => used(image.persistent),
        Init | Ready | Used | Disabled | Clone | Delete | UsedPers => return,
    };
    enter(turn, id, to);
    if matches!(to, Used | UsedPers) {
        tell_vms(turn, id);
    }
}

/// In use, and whether what is written there is kept.
fn used(persistent: bool) -> ImageState {
    if persistent { ImageState::UsedPers } else { ImageState::Used }
}

/// An operation failed: ERROR, and the reason in the template (`Template::set_error_message`).
pub(super) fn fail(turn: &mut Here<'_>, id: ImageId, reason: &str) {
    edit(turn, id, Edit::Error(Some(reason.into())));
    enter(turn, id, ImageState::Error);
}

fn tell_vms(turn: &mut Here<'_>, id: ImageId) {
    let vms = turn.world().find_image(id).map(|image| image.vms.to_vec());
    for vm in vms.into_iter().flatten() {
        check_waiting_disks(turn, vm);
    }
}

/// The name that the daemon prints: USED also for `USED_PERS`, `LOCKED_USED` also for its persistent
/// variant (`Image::state_to_str`).
pub(super) fn printed(state: ImageState) -> &'static str {
    use crate::engine::State;
    match state {
        ImageState::UsedPers => ImageState::Used.name(),
        ImageState::LockedUsedPers => ImageState::LockedUsed.name(),
        ImageState::Init
        | ImageState::Ready
        | ImageState::Used
        | ImageState::Disabled
        | ImageState::Locked
        | ImageState::Error
        | ImageState::Clone
        | ImageState::Delete
        | ImageState::LockedUsed => state.name(),
    }
}

/// The state in one of the three forms of LOCKED.
pub(super) fn is_locked(state: ImageState) -> bool {
    match state {
        ImageState::Locked | ImageState::LockedUsed | ImageState::LockedUsedPers => true,
        ImageState::Init
        | ImageState::Ready
        | ImageState::Used
        | ImageState::Disabled
        | ImageState::Error
        | ImageState::Clone
        | ImageState::Delete
        | ImageState::UsedPers => false,
    }
}
