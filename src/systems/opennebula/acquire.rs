//! A VM takes an image and gives it back: `src/image/ImageManagerActions.cc`.

use crate::engine::order::in_order;
use std::sync::Arc;

use super::Here;
use super::change::{Change, Edit, VmEdit, What};
use super::image_state::{edit, enter, find, printed};
use super::kinds::ImageType;
use super::snapshots::Snapshots;
use super::state::ImageState;
use super::vm_state::VmState;
use super::world::{Disk, Image, Vm};
use crate::engine::refusal::Text;
use crate::engine::{ImageId, MachineId};

/// When a VM takes an image.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum When {
    /// At its creation: it can wait until the image is unlocked.
    Created,
    /// While it exists: it cannot wait.
    Attached,
}

/// A VM takes an image: `ImageManager::acquire_image`.
pub(super) fn acquire(turn: &mut Here<'_>, id: ImageId, vm: MachineId, when: When) -> Result<(), Text> {
    use ImageState::{
        Clone, Delete, Disabled, Error, Init, Locked, LockedUsed, LockedUsedPers, Ready, Used, UsedPers,
    };
    let image = turn.world().find_image(id);
    let image = image.ok_or_else(|| missing(id))?;
    check_type(id, image)?;
    let attached = when == When::Attached;
    let to = match image.state {
        Ready if image.persistent => UsedPers,
        Ready | Used => Used,
        UsedPers | LockedUsedPers if !image.is_shareable() => {
            let pattern = "Cannot acquire image {}, it is persistent and already in use";
            return Err(Text::new(pattern, [id.0.into()]));
        }
        UsedPers => UsedPers,
        Locked | LockedUsed | LockedUsedPers if attached => {
            return Err(Text::new("Cannot acquire image {}, it is locked", [id.0.into()]));
        }
        Locked if image.persistent => LockedUsedPers,
        Locked | LockedUsed => LockedUsed,
        LockedUsedPers => LockedUsedPers,
        state @ (Init | Disabled | Error | Clone | Delete) => {
            let fills = [id.0.into(), printed(state).into()];
            return Err(Text::new("Cannot acquire image {}, it is in state: {}", fills));
        }
    };
    let from = image.state;
    edit(turn, id, Edit::VmAdded(vm));
    if to != from {
        enter(turn, id, to);
    }
    Ok(())
}

pub(super) fn missing(id: ImageId) -> Text {
    Text::new("Image with ID: {} does not exist", [id.0.into()])
}

fn check_type(id: ImageId, image: &Image) -> Result<(), Text> {
    match image.kind {
        ImageType::Os | ImageType::Cdrom | ImageType::Datablock | ImageType::Filesystem => Ok(()),
        kind @ (ImageType::Kernel | ImageType::Ramdisk | ImageType::Context | ImageType::Backup) => {
            let (name, kind) = (&image.name, kind.name());
            Err(format_args!("Image {id} ({name}) of type {kind} cannot be used as DISK.").into())
        }
    }
}

/// A VM gives an image back: `ImageManager::release_image`. `failed` when the VM was cleaned up
/// instead of ended; then nobody knows what a persistent image holds.
pub(super) fn release(turn: &mut Here<'_>, id: ImageId, vm: MachineId, failed: bool) {
    use ImageState::{
        Clone, Delete, Disabled, Error, Init, Locked, LockedUsed, LockedUsedPers, Ready, Used, UsedPers,
    };
    let Some(image) = turn.world().find_image(id) else { return };
    let others = image.vms.iter().any(|other| *other != vm);
    let to = match image.state {
        UsedPers | LockedUsedPers if failed => Some(Error),
        UsedPers => (!others).then_some(Ready),
        Used => (!others && image.cloning_ops() == 0).then_some(Ready),
        LockedUsed | LockedUsedPers => (!others && image.cloning_ops() == 0).then_some(Locked),
        Init | Ready | Disabled | Locked | Error | Clone | Delete => return,
    };
    edit(turn, id, Edit::VmRemoved(vm));
    if let Some(to) = to {
        enter(turn, id, to);
    }
}

/// A copy or an export of an image ended: `ImageManager::release_cloning_resource`. A file that was exported is
/// never freed, though the export counted.
pub(super) fn release_source(turn: &mut Here<'_>, id: ImageId, ended: Edit) {
    let is_source =
        |image: &Image| !image.kind.is_file() && matches!(image.state, ImageState::Used | ImageState::Clone);
    if !turn.world().find_image(id).is_some_and(is_source) {
        return;
    }
    edit(turn, id, ended);
    let is_free = |image: &Image| image.cloning_ops() == 0 && image.running_vms() == 0;
    if turn.world().find_image(id).is_some_and(is_free) {
        enter(turn, id, ImageState::Ready);
    }
}

/// Writes what a VM's disk became back to its image: `VirtualMachineDisks::release_images`.
pub(super) fn write_back(turn: &mut Here<'_>, disk: &Disk) {
    let Some(used) = disk.image() else { return };
    if disk.size > disk.original_size {
        write_size(turn, used.id, disk.size);
    }
    let keeps = turn.world().datastore(used.datastore).is_none_or(|datastore| datastore.keeps_snapshots);
    write_snapshots(turn, used.id, disk.snapshots.as_ref().filter(|_| keeps));
}

/// `ImageManager::set_image_size`.
pub(super) fn write_size(turn: &mut Here<'_>, id: ImageId, size: i64) {
    if takes_from_disks(turn, id) && find(turn, id).is_some_and(|image| image.size != size) {
        edit(turn, id, Edit::Size(size.into()));
    }
}

/// `ImageManager::set_image_snapshots`, or `clear_image_snapshots` when the disk has none.
pub(super) fn write_snapshots(turn: &mut Here<'_>, id: ImageId, snapshots: Option<&Arc<Snapshots>>) {
    if !takes_from_disks(turn, id) {
        return;
    }
    let written = snapshots.filter(|snapshots| !snapshots.list.is_empty()).cloned().unwrap_or_default();
    edit(turn, id, Edit::Snapshots(written));
}

fn takes_from_disks(turn: &Here<'_>, id: ImageId) -> bool {
    let takes = |image: &Image| image.state == ImageState::UsedPers && image.kind.has_snapshots();
    turn.world().find_image(id).is_some_and(takes)
}

/// What a waiting VM makes of its images: `LifeCycleManager::trigger_disk_lock_success` (a failure
/// is looked at in the very same way).
pub(super) fn check_waiting_disks(turn: &mut Here<'_>, id: MachineId) {
    let Some(vm) = turn.world().vms.shared(id) else { return };
    if !matches!(vm.state, VmState::Cloning | VmState::CloningFailure) {
        return;
    }
    let waiting = vm.disks.iter().filter_map(Disk::image).filter(|image| image.cloning);
    let mut waiting = in_order(waiting.map(|image| image.id), |id| *id);
    waiting.dedup();
    let mut waits = false;
    let mut broken = false;
    for image_id in waiting {
        let image = find(turn, image_id);
        match image.as_ref().map(|image| image.state) {
            Some(ImageState::Used | ImageState::UsedPers) => take_over(turn, id, &vm, image_id),
            state => {
                waits = true;
                broken |= state == Some(ImageState::Error);
            }
        }
    }
    let to = match (waits, broken) {
        (true, true) => VmState::CloningFailure,
        (true, false) => VmState::Cloning,
        (false, _) if vm.on_hold => VmState::Hold,
        (false, _) => VmState::Pending,
    };
    move_vm(turn, id, vm.state, to);
}

/// The image is there: the first of its disks learns its source and format, and no other
/// (`VirtualMachineDisks::clear_cloning_image_id`).
fn take_over(turn: &mut Here<'_>, id: MachineId, vm: &Vm, image_id: ImageId) {
    let Some(image) = find(turn, image_id) else { return };
    let Some(disk) = vm.disks.iter().find(|disk| disk.image_id() == Some(image_id)) else { return };
    let mut disk = disk.clone();
    if let Some(own) = disk.image_mut() {
        own.cloning = false;
        own.place = Arc::clone(&image.place);
    }
    turn.change(Change(What::VmEdited(id, VmEdit::Disk(disk.into()))));
}

/// Lets a VM enter a state, unless it is there already.
pub(super) fn move_vm(turn: &mut Here<'_>, id: MachineId, from: VmState, to: VmState) {
    if from != to {
        turn.change(Change(What::VmMoved(id, from, to)));
    }
}
