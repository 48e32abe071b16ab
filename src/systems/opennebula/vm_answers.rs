//! What the drivers' answers do to VMs: `src/lcm/LifeCycleStates.cc`.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a VM has many states, and a rule names those that it knows"
)]

use std::sync::Arc;

use super::Here;
use super::acquire::move_vm;
use super::disk_snapshots;
use super::driver::Kind;
use super::hotplug;
use super::save_as;
use super::vm_end::finish;
use super::vm_life::{begin, wait_again};
use super::vm_state::VmState;
use super::world::{Origin, Vm};
use crate::engine::MachineId;

fn find(turn: &Here<'_>, id: MachineId) -> Option<Arc<Vm>> {
    turn.world().vms.shared(id)
}

/// TRANSFER: what it was for shows in the VM's state (`TransferManager::_transfer`).
pub(super) fn transferred(turn: &mut Here<'_>, id: MachineId, ok: bool) {
    let Some(vm) = find(turn, id) else { return };
    match vm.state {
        VmState::Prolog
        | VmState::PrologResume
        | VmState::PrologUndeploy
        | VmState::Epilog
        | VmState::EpilogStop
        | VmState::EpilogUndeploy => moved(turn, id, &vm, ok),
        VmState::CleanupDelete | VmState::CleanupResubmit => cleaned_up(turn, id),
        VmState::HotplugPrologPoweroff => hotplug::attached(turn, id, &vm, ok),
        VmState::HotplugEpilogPoweroff => hotplug::detached(turn, id, &vm, ok),
        // The VM driver makes the snapshot of a running VM.
        VmState::DiskSnapshot => {}
        state if state.works_on_snapshot() => disk_snapshots::ended(turn, id, &vm, ok),
        VmState::DiskResizePoweroff | VmState::DiskResizeUndeployed => {
            disk_snapshots::resized(turn, id, &vm, ok);
        }
        state if state.saved_from().is_some() => save_as::transferred(turn, id, &vm, ok),
        _ => {}
    }
}

/// Disks went to the host or came back from it.
pub(super) fn moved(turn: &mut Here<'_>, id: MachineId, vm: &Vm, ok: bool) {
    if (vm.state, ok) == (VmState::Epilog, true) {
        return finish(turn, id, false);
    }
    let (well, kind, badly) = match vm.state {
        VmState::Prolog => (VmState::Boot, Some(Kind::Deploy), VmState::PrologFailure),
        VmState::PrologResume => (VmState::BootStopped, Some(Kind::RestoreVm), VmState::PrologResumeFailure),
        VmState::PrologUndeploy => {
            (VmState::BootUndeploy, Some(Kind::Deploy), VmState::PrologUndeployFailure)
        }
        VmState::Epilog => (VmState::Done, None, VmState::EpilogFailure),
        VmState::EpilogStop => (VmState::Stopped, None, VmState::EpilogStopFailure),
        VmState::EpilogUndeploy => (VmState::Undeployed, None, VmState::EpilogUndeployFailure),
        _ => return,
    };
    go_on(turn, id, vm, if ok { (well, kind) } else { (badly, None) });
}

/// The VM enters a state, and the driver is called whose answer ends it, if one does.
pub(super) fn go_on(turn: &mut Here<'_>, id: MachineId, vm: &Vm, way: (VmState, Option<Kind>)) {
    match way {
        (to, Some(kind)) => begin(turn, id, vm, to, kind),
        (to, None) => move_vm(turn, id, vm.state, to),
    }
}

/// DEPLOY and RESTORE: `trigger_deploy_success`, `trigger_deploy_failure`. A VM whose boot counted as failed runs
/// all the same when the driver says so after that.
pub(super) fn booted(turn: &mut Here<'_>, id: MachineId, ok: bool) {
    let Some(vm) = find(turn, id) else { return };
    let otherwise = match vm.state {
        VmState::Boot | VmState::BootFailure => VmState::BootFailure,
        VmState::BootPoweroff => VmState::Poweroff,
        VmState::BootSuspended => VmState::Suspended,
        VmState::BootStopped | VmState::BootStoppedFailure => VmState::BootStoppedFailure,
        VmState::BootUndeploy | VmState::BootUndeployFailure => VmState::BootUndeployFailure,
        _ => return,
    };
    move_vm(turn, id, vm.state, if ok { VmState::Running } else { otherwise });
}

/// SHUTDOWN and CANCEL: `shutdown_success_action`, `shutdown_failure_action`.
pub(super) fn shut_down(turn: &mut Here<'_>, id: MachineId, ok: bool) {
    let Some(vm) = find(turn, id) else { return };
    match (vm.state, ok) {
        (VmState::Shutdown, true) => begin(turn, id, &vm, VmState::Epilog, Kind::Transfer),
        (VmState::ShutdownPoweroff, true) => move_vm(turn, id, vm.state, VmState::Poweroff),
        (VmState::ShutdownUndeploy, true) => {
            begin(turn, id, &vm, VmState::EpilogUndeploy, Kind::Transfer);
        }
        (VmState::Shutdown | VmState::ShutdownPoweroff | VmState::ShutdownUndeploy, false) => {
            move_vm(turn, id, vm.state, VmState::Running);
        }
        _ => {}
    }
}

/// SAVE: `save_success_action`, `save_failure_action`.
pub(super) fn saved(turn: &mut Here<'_>, id: MachineId, ok: bool) {
    let Some(vm) = find(turn, id) else { return };
    match (vm.state, ok) {
        (VmState::SaveSuspend, true) => move_vm(turn, id, vm.state, VmState::Suspended),
        (VmState::SaveStop, true) => begin(turn, id, &vm, VmState::EpilogStop, Kind::Transfer),
        (VmState::SaveSuspend | VmState::SaveStop, false) => move_vm(turn, id, vm.state, VmState::Running),
        _ => {}
    }
}

/// The clean-up ended, well or not: `cleanup_callback_action`, `DispatchManager::trigger_resubmit`.
pub(super) fn cleaned_up(turn: &mut Here<'_>, id: MachineId) {
    let Some(vm) = find(turn, id) else { return };
    match vm.state {
        VmState::CleanupDelete => finish(turn, id, true),
        VmState::CleanupResubmit => wait_again(turn, id, &vm, Origin::Fresh),
        _ => {}
    }
}

/// ATTACHDISK. What the VM driver says late is taken for what the transfer manager does now
/// (`trigger_attach_success`).
pub(super) fn attached(turn: &mut Here<'_>, id: MachineId, ok: bool) {
    let Some(vm) = find(turn, id) else { return };
    if matches!(vm.state, VmState::Hotplug | VmState::HotplugPrologPoweroff) {
        hotplug::attached(turn, id, &vm, ok);
    }
}

/// DETACHDISK: `trigger_detach_success`.
pub(super) fn detached(turn: &mut Here<'_>, id: MachineId, ok: bool) {
    let Some(vm) = find(turn, id) else { return };
    if matches!(vm.state, VmState::Hotplug | VmState::HotplugEpilogPoweroff) {
        hotplug::detached(turn, id, &vm, ok);
    }
}

/// DISKSNAPSHOTCREATE: `trigger_disk_snapshot_success`.
pub(super) fn snapshot_taken(turn: &mut Here<'_>, id: MachineId, ok: bool) {
    if let Some(vm) = find(turn, id).filter(|vm| vm.state.works_on_snapshot()) {
        disk_snapshots::ended(turn, id, &vm, ok);
    }
}

/// RESIZEDISK: `trigger_disk_resize_success`.
pub(super) fn resized(turn: &mut Here<'_>, id: MachineId, ok: bool) {
    let Some(vm) = find(turn, id) else { return };
    if matches!(vm.state, VmState::DiskResize | VmState::DiskResizePoweroff | VmState::DiskResizeUndeployed) {
        disk_snapshots::resized(turn, id, &vm, ok);
    }
}
