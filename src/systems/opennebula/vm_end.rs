//! A VM's end: its images go back (`VirtualMachine::release_disk_images`, `DispatchManager::free_vm_resources`).

use super::Here;
use super::acquire::{move_vm, release, write_back};
use super::change::{Change, VmEdit, What};
use super::driver::{self, Kind};
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
    edit_vm(turn, id, VmEdit::Disk(disk));
}

/// Gives every image back; DONE. `failed` when an ACTIVE VM was cleaned up outside of EPILOG.
pub(super) fn finish(turn: &mut Here<'_>, id: MachineId, failed: bool) {
    let Some(vm) = turn.world().find_vm(id).cloned() else { return };
    for disk in &vm.disks {
        let Some(image) = disk.image_id() else { continue };
        write_back(turn, disk);
        release(turn, image, id, failed);
    }
    move_vm(turn, id, &vm, VmState::Done);
}

/// Cleans up an ACTIVE VM and enters `to`: `LifeCycleManager::clean_up_vm`.
pub(super) fn clean_up(turn: &mut Here<'_>, id: MachineId, vm: &Vm, to: VmState) {
    abandon_disk_work(turn, id, vm);
    move_vm(turn, id, vm, to);
    if is_with_transfer_manager(vm.state) {
        driver::call_for_vm(turn, Kind::TransferCancel, id);
        driver::call_for_vm(turn, Kind::Transfer, id);
    } else {
        driver::call_for_vm(turn, Kind::DriverCancel, id);
        driver::call_for_vm(turn, Kind::Cleanup, id);
    }
}

/// An image that a disk was being saved as stays behind in ERROR; a disk under way stays.
fn abandon_disk_work(turn: &mut Here<'_>, id: MachineId, vm: &Vm) {
    for disk in vm.disks.iter().filter(|disk| disk.attach || disk.saved_as.is_some()) {
        if let Some(target) = disk.saved_as {
            enter(turn, target, ImageState::Error);
        }
        edit_disk(turn, id, Disk { attach: false, saved_as: None, ..disk.clone() });
    }
    if vm.saving.is_some() {
        edit_vm(turn, id, VmEdit::Saving(None));
    }
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
            | VmState::HotplugSaveasUndeployed
            | VmState::HotplugSaveasStopped
            | VmState::DiskSnapshotPoweroff
            | VmState::DiskSnapshotRevertPoweroff
            | VmState::DiskSnapshotDeletePoweroff
            | VmState::DiskSnapshotSuspended
            | VmState::DiskSnapshotRevertSuspended
            | VmState::DiskSnapshotDeleteSuspended
            | VmState::DiskSnapshotDelete
            | VmState::DiskResizePoweroff
            | VmState::DiskResizeUndeployed
    )
}
