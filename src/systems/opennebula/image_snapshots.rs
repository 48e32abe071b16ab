//! Operations on the snapshots of an image that no VM uses: `ImageManager::delete_snapshot` and its kin.

use super::Here;
use super::answer::{self, Answer, Method};
use super::authorize;
use super::change::Edit;
use super::driver::{self, Kind};
use super::fixture::User;
use super::image_state::{edit, enter, printed};
use super::kinds::Right;
use super::snapshots::{NOT_THERE, Snapshots};
use super::state::ImageState;

/// One of the three operations.
struct Operation {
    method: Method,
    kind: Kind,
    /// How the refusal in a wrong state begins.
    wrong_state: &'static str,
    check: fn(&Snapshots, u32) -> Result<(), &'static str>,
}

/// `oneimage snapshot-delete`.
pub(super) fn delete(turn: &mut Here<'_>, by: &User, id: i64, snapshot: i64) -> Answer {
    let operation = Operation {
        method: Method("[one.image.snapshotdelete] "),
        kind: Kind::SnapshotDelete,
        wrong_state: "Cannot delete snapshot",
        check: Snapshots::check_delete_from_image,
    };
    run(turn, by, id, snapshot, &operation)
}

/// `oneimage snapshot-revert`.
pub(super) fn revert(turn: &mut Here<'_>, by: &User, id: i64, snapshot: i64) -> Answer {
    let operation = Operation {
        method: Method("[one.image.snapshotrevert] "),
        kind: Kind::SnapshotRevert,
        wrong_state: "Cannot revert to snapshot",
        check: exists,
    };
    run(turn, by, id, snapshot, &operation)
}

/// `oneimage snapshot-flatten`.
pub(super) fn flatten(turn: &mut Here<'_>, by: &User, id: i64, snapshot: i64) -> Answer {
    let operation = Operation {
        method: Method("[one.image.snapshotflatten] "),
        kind: Kind::SnapshotFlatten,
        wrong_state: "Cannot flatten snapshot",
        check: exists,
    };
    run(turn, by, id, snapshot, &operation)
}

fn exists(snapshots: &Snapshots, id: u32) -> Result<(), &'static str> {
    snapshots.find(id).map(|_| ()).ok_or(NOT_THERE)
}

fn run(turn: &mut Here<'_>, by: &User, id: i64, snapshot: i64, operation: &Operation) -> Answer {
    let Operation { method, kind, wrong_state, check } = operation;
    let (id, image) = authorize::image(turn.world(), *method, by, id, Right::Manage)?;
    if !image.kind.has_snapshots() {
        let text = "IMAGES of type KERNEL, RAMDISK, BACKUP, FILESYSTEM and CONTEXT does not have snapshots.";
        return Err(method.action(text));
    }
    if image.state != ImageState::Ready {
        let text = format_args!("{wrong_state} in state {}", printed(image.state));
        return Err(method.action(text).hint("Only a READY image lets its snapshots be changed."));
    }
    let snapshot = u32::try_from(snapshot).map_err(|_| method.action(NOT_THERE))?;
    let snapshots = image.snapshots.as_deref().cloned().unwrap_or_default();
    check(&snapshots, snapshot).map_err(|problem| method.action(problem))?;
    edit(turn, id, Edit::TargetSnapshot(Some(snapshot)));
    enter(turn, id, ImageState::Locked);
    driver::call_for_image(turn, *kind, id);
    Ok(answer::id(id.0))
}
