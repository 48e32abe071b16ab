//! What the datastore drivers' answers do to images: `src/image/ImageManagerProtocol.cc`.

use std::sync::Arc;

use super::Here;
use super::acquire::release_source;
use super::change::Edit;
use super::driver::Answered;
use super::image_state::{edit, fail, find, unlock};
use super::save_as;
use super::shared::{numbered, shared};
use super::snapshots::Snapshots;
use super::state::ImageState;
use super::world::Place;
use crate::engine::ImageId;

/// Where a driver puts the data of an image by itself.
fn own_source(id: ImageId) -> Arc<str> {
    numbered("/ds/src/", id.0)
}

/// Takes in where the data of an image is and in which format, which a driver says like
/// `/ds/src/ID raw`: whether it named the format. `None` when it failed or named nothing.
fn placed(turn: &mut Here<'_>, id: ImageId, answered: &Answered) -> Option<bool> {
    match answered {
        Answered::Success(Some(payload)) => place(turn, id, payload),
        Answered::Success(None) => {
            let place = Place { source: own_source(id), format: shared("raw") };
            edit(turn, id, Edit::Placed(place.into()));
            Some(true)
        }
        Answered::Failure(_) => None,
    }
}

/// Source and format of a payload; whether there was a format, if there was a source at all.
fn place(turn: &mut Here<'_>, id: ImageId, payload: &str) -> Option<bool> {
    let mut words = payload.split_whitespace();
    let (source, format) = (words.next()?.into(), words.next());
    let format_before = || find(turn, id).map(|image| Arc::clone(&image.place.format)).unwrap_or_default();
    let place = Place { source, format: format.map_or_else(format_before, shared) };
    edit(turn, id, Edit::Placed(place.into()));
    Some(format.is_some())
}

/// CP: `ImageManager::_cp`.
pub(super) fn copied(turn: &mut Here<'_>, id: ImageId, answered: &Answered) {
    if turn.world().find_image(id).is_none() {
        return;
    }
    match placed(turn, id, answered) {
        None => fail(turn, id, &format!("Error copying image in the datastore{}", answered.reason())),
        Some(false) => fail(turn, id, "CP operation succeeded but image FORMAT was not returned."),
        Some(true) => unlock(turn, id),
    }
}

/// MKFS: `ImageManager::_mkfs`. The whole payload is the source.
pub(super) fn made(turn: &mut Here<'_>, id: ImageId, answered: &Answered) {
    let Some(image) = find(turn, id) else { return };
    if image.state == ImageState::Delete {
        return;
    }
    let Answered::Success(payload) = answered else {
        fail(turn, id, &format!("Error creating datablock{}", answered.reason()));
        if image.is_saving() {
            save_as::give_up(turn, &image);
        }
        return;
    };
    let payload = payload.clone().unwrap_or_else(|| own_source(id));
    let place = Place { source: Arc::clone(&payload), format: Arc::clone(&image.place.format) };
    edit(turn, id, Edit::Placed(place.into()));
    if image.is_saving() {
        save_as::made(turn, id, &image, &payload);
    } else {
        unlock(turn, id);
    }
}

/// CLONE: `ImageManager::_clone`. The source is freed whatever the answer.
pub(super) fn cloned(turn: &mut Here<'_>, id: ImageId, answered: &Answered) {
    let Some(image) = turn.world().find_image(id) else { return };
    let source = image.cloning_from();
    edit(turn, id, Edit::CloningEnded);
    if placed(turn, id, answered).is_some() {
        unlock(turn, id);
    } else {
        let from = source.map_or(-1, |source| i64::from(source.0));
        fail(turn, id, &format!("Error cloning from Image {from}{}", answered.reason()));
    }
    if let Some(source) = source {
        release_source(turn, source, Edit::CloneRemoved(id));
    }
}

/// RM: `ImageManager::_rm`. The driver's text goes only to the log.
pub(super) fn removed(turn: &mut Here<'_>, id: ImageId, answered: &Answered) {
    let Some(image) = turn.world().find_image(id) else { return };
    let state = image.state;
    let forced = image.template.get("FORCE_DELETE").is_some_and(|word| word.eq_ignore_ascii_case("YES"));
    if answered.is_success() || forced {
        turn.transition(id, Some(state), None);
    } else {
        fail(
            turn,
            id,
            "Error removing image from datastore. Retry the operation or manually remove image source  and run the delete --force operation to completely delete the image",
        );
    }
}

/// `SNAP_DELETE`: `ImageManager::_snap_delete`.
pub(super) fn snapshot_deleted(turn: &mut Here<'_>, id: ImageId, answered: &Answered) {
    let failure = |snapshot| format!("Error removing snapshot {snapshot} from image {id}");
    snapshot_changed(turn, id, answered, &failure, &mut Snapshots::delete);
}

/// `SNAP_REVERT`: `ImageManager::_snap_revert`. The image gets the size of that moment.
pub(super) fn reverted(turn: &mut Here<'_>, id: ImageId, answered: &Answered) {
    let failure = |snapshot| format!("Error reverting image {id} to snapshot {snapshot}");
    let mut size = None;
    snapshot_changed(turn, id, answered, &failure, &mut |own, snapshot| {
        size = own.find(snapshot).map(|found| found.size);
        own.reverted(snapshot);
    });
    if let Some(size) = size.filter(|size| find(turn, id).is_some_and(|image| image.size != *size)) {
        edit(turn, id, Edit::Size(size.into()));
    }
}

/// `SNAP_FLATTEN`: `ImageManager::_snap_flatten`. No snapshot is left.
pub(super) fn flattened(turn: &mut Here<'_>, id: ImageId, answered: &Answered) {
    let failure = |_| "Error flattening image snapshot".to_owned();
    snapshot_changed(turn, id, answered, &failure, &mut |own, _| *own = Snapshots::default());
}

/// A failure unlocks like a success and only writes a message; so does an answer that no snapshot waits for.
fn snapshot_changed(
    turn: &mut Here<'_>,
    id: ImageId,
    answered: &Answered,
    failure: &dyn Fn(u32) -> String,
    change: &mut dyn FnMut(&mut Snapshots, u32),
) {
    let Some(image) = find(turn, id) else { return };
    let Some(snapshot) = image.extras.target_snapshot else { return unlock(turn, id) };
    if answered.is_success() {
        let mut snapshots = image.snapshots.as_deref().cloned().unwrap_or_default();
        change(&mut snapshots, snapshot);
        edit(turn, id, Edit::Snapshots(snapshots.into()));
    } else {
        let error = failure(snapshot) + &answered.reason();
        edit(turn, id, Edit::Error(Some(error.into())));
    }
    edit(turn, id, Edit::TargetSnapshot(None));
    unlock(turn, id);
}
