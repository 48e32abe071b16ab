//! A VM's end: its images go back (`VirtualMachine::release_disk_images`, `DispatchManager::free_vm_resources`).

use super::Here;
use super::acquire::{move_vm, release, write_back};
use super::change::{Change, VmEdit, What};
use super::driver::{self, Kind};
use super::fixture::Target;
use super::image_state::enter;
use super::state::ImageState;
use super::vm_state::VmState;
use super::world::{Disk, Vm};
use crate::engine::MachineId;

/// Changes something of a VM.
pub(super) fn edit_vm(turn: &mut Here<'_>, id: MachineId, edit: VmEdit) {
    turn.change(Change(What::VmEdited(id, edit)));
}

/// Changes a disk of a VM.
pub(super) fn edit_disk(turn: &mut Here<'_>, id: MachineId, disk: Disk) {
    edit_vm(turn, id, VmEdit::Disk(disk.into()));
}

/// Changes something of a disk of a VM.
pub(super) fn change_disk(
    turn: &mut Here<'_>,
    id: MachineId,
    disk: &Disk,
    change: &mut dyn FnMut(&mut Disk),
) {
    let mut disk = disk.clone();
    change(&mut disk);
    edit_disk(turn, id, disk);
}

/// Gives every image back; DONE. `failed` when an ACTIVE VM was cleaned up outside of EPILOG.
pub(super) fn finish(turn: &mut Here<'_>, id: MachineId, failed: bool) {
    let Some(vm) = turn.world().vms.shared(id) else { return };
    for disk in vm.disks.iter() {
        let Some(image) = disk.image_id() else { continue };
        write_back(turn, disk);
        release(turn, image, id, failed);
    }
    let from = vm.state;
    drop(vm);
    move_vm(turn, id, from, VmState::Done);
}

/// Cleans an ACTIVE VM up and ends it, without waiting for the drivers: `LifeCycleManager::trigger_delete`.
pub(super) fn delete(turn: &mut Here<'_>, id: MachineId, vm: &Vm) {
    if !matches!(vm.state, VmState::CleanupDelete | VmState::CleanupResubmit) {
        clean_up(turn, id, vm, VmState::CleanupDelete);
    }
    finish(turn, id, true);
}

/// Cleans up a VM that has a host; it starts over when the drivers have answered:
/// `LifeCycleManager::trigger_delete_recreate`.
pub(super) fn recreate(turn: &mut Here<'_>, id: MachineId, vm: &Vm) {
    clean_up(turn, id, vm, VmState::CleanupResubmit);
    drop_snapshots(turn, id);
}

/// Snapshots go unless their disk is the image itself: `VirtualMachineDisks::delete_non_persistent_snapshots`.
pub(super) fn drop_snapshots(turn: &mut Here<'_>, id: MachineId) {
    let Some(vm) = turn.world().vms.shared(id) else { return };
    for disk in vm.disks.iter().filter(|disk| disk.snapshots.is_some()) {
        let image = disk.image().and_then(|image| Some((image, turn.world().datastore(image.datastore)?)));
        if !image.is_some_and(|(image, datastore)| datastore.target(image.data) == Target::Nowhere) {
            change_disk(turn, id, disk, &mut |disk| disk.snapshots = None);
        }
    }
}

/// `LifeCycleManager::clean_up_vm`.
fn clean_up(turn: &mut Here<'_>, id: MachineId, vm: &Vm, to: VmState) {
    abandon_disk_work(turn, id, vm);
    move_vm(turn, id, vm.state, to);
    if matches!(vm.state, VmState::HotplugSaveasUndeployed | VmState::HotplugSaveasStopped) {
        return;
    }
    if is_with_transfer_manager(vm.state) {
        driver::call_for_vm(turn, Kind::TransferCancel, id);
        driver::call_for_vm(turn, Kind::Transfer, id);
    } else {
        if vm.state.is_active() {
            driver::call_for_vm(turn, Kind::DriverCancel, id);
        }
        driver::call_for_vm(turn, Kind::Cleanup, id);
    }
}

/// An image that a disk was being saved as stays behind in ERROR; a disk that was being attached
/// stays, one that grew gets its size back.
fn abandon_disk_work(turn: &mut Here<'_>, id: MachineId, vm: &Vm) {
    for disk in vm.disks.iter() {
        if let Some(target) = disk.saved_as {
            enter(turn, target, ImageState::Error);
        }
        if disk.attach || disk.saved_as.is_some() || disk.size_before.is_some() {
            change_disk(turn, id, disk, &mut |disk| {
                disk.attach = false;
                disk.saved_as = None;
                disk.size = disk.size_before.take().unwrap_or(disk.size);
            });
        }
    }
    edit_vm(turn, id, VmEdit::Target(None));
}

/// Whether the transfer manager has the VM: then it cleans up, else the VM driver does.
fn is_with_transfer_manager(state: VmState) -> bool {
    matches!(
        state,
        VmState::Prolog
            | VmState::PrologResume
            | VmState::PrologUndeploy
            | VmState::PrologFailure
            | VmState::PrologResumeFailure
            | VmState::PrologUndeployFailure
            | VmState::Epilog
            | VmState::EpilogStop
            | VmState::EpilogUndeploy
            | VmState::EpilogFailure
            | VmState::EpilogStopFailure
            | VmState::EpilogUndeployFailure
            | VmState::HotplugPrologPoweroff
            | VmState::HotplugEpilogPoweroff
            | VmState::HotplugSaveasPoweroff
            | VmState::HotplugSaveasSuspended
            | VmState::DiskSnapshotPoweroff
            | VmState::DiskSnapshotRevertPoweroff
            | VmState::DiskSnapshotDeletePoweroff
            | VmState::DiskSnapshotSuspended
            | VmState::DiskSnapshotDeleteSuspended
            | VmState::DiskSnapshotDelete
            | VmState::DiskResizePoweroff
            | VmState::DiskResizeUndeployed
            | VmState::BackupPoweroff
    )
}
