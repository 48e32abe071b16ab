//! Helping a VM out of a state: `VirtualMachineRecoverAPI`, `LifeCycleManager::recover`, `retry`.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a VM has many states, and a rule names those that it knows"
)]

use super::acquire::check_waiting_disks;
use super::action::Recovery;
use super::answer::{self, Answer, Method};
use super::driver::{self, Kind};
use super::fixture::User;
use super::kinds::Right;
use super::vm_answers::{self, booted, cleaned_up, go_on, moved, saved};
use super::vm_end::{self, finish};
use super::vm_life::{begin, prolog, shut_down, subject, wait_again};
use super::vm_state::VmState;
use super::world::{Origin, Vm};
use super::{Here, backup, disk_snapshots, hotplug, save_as};
use crate::engine::{MachineId, Refusal};

const METHOD: Method = Method("[one.vm.recover] ");

/// `onevm recover`.
pub(super) fn recover(turn: &mut Here<'_>, by: &User, id: i64, how: Recovery) -> Answer {
    let (id, vm) = subject(turn, METHOD, by, id, Right::Admin)?;
    match how {
        Recovery::Success => end(turn, id, &vm, true)?,
        Recovery::Failure => end(turn, id, &vm, false)?,
        Recovery::Retry => retry(turn, id, &vm)?,
        Recovery::Delete => delete(turn, id, &vm),
        Recovery::Recreate => recreate(turn, id, &vm)?,
        Recovery::DeleteDb if vm.state == VmState::Done => {}
        Recovery::DeleteDb => finish(turn, id, false),
    }
    Ok(answer::id(id.0))
}

/// The operation under way counts as ended well or not: `LifeCycleManager::recover`.
fn end(turn: &mut Here<'_>, id: MachineId, vm: &Vm, ok: bool) -> Result<(), Refusal> {
    match vm.state {
        VmState::CloningFailure => check_waiting_disks(turn, id),
        VmState::Backup | VmState::BackupPoweroff => backup::recovered(turn, id, vm, ok),
        VmState::Prolog
        | VmState::PrologResume
        | VmState::PrologUndeploy
        | VmState::Epilog
        | VmState::EpilogStop
        | VmState::EpilogUndeploy => moved(turn, id, vm, ok),
        VmState::Boot
        | VmState::BootPoweroff
        | VmState::BootSuspended
        | VmState::BootStopped
        | VmState::BootUndeploy
        | VmState::BootFailure
        | VmState::BootStoppedFailure
        | VmState::BootUndeployFailure => booted(turn, id, ok),
        VmState::Shutdown | VmState::ShutdownPoweroff | VmState::ShutdownUndeploy => {
            vm_answers::shut_down(turn, id, ok);
        }
        VmState::SaveStop | VmState::SaveSuspend => saved(turn, id, ok),
        VmState::Hotplug | VmState::HotplugPrologPoweroff => hotplug::attached(turn, id, vm, ok),
        VmState::HotplugEpilogPoweroff => hotplug::detached(turn, id, vm, ok),
        VmState::CleanupDelete | VmState::CleanupResubmit => cleaned_up(turn, id),
        state if state.works_on_snapshot() => disk_snapshots::ended(turn, id, vm, ok),
        VmState::DiskResize | VmState::DiskResizePoweroff | VmState::DiskResizeUndeployed => {
            disk_snapshots::resized(turn, id, vm, ok);
        }
        state if state.saved_from().is_some() => save_as::transferred(turn, id, vm, ok),
        state if state.is_active() => {
            if ok {
                after_failure(turn, id, vm);
            }
        }
        state => {
            let state = state.name();
            let text = format_args!("Could not perform a recover operation on VM {id}, wrong state {state}.");
            return Err(METHOD.action(text));
        }
    }
    Ok(())
}

/// What failed was repaired by hand: the VM goes on as if it had succeeded.
fn after_failure(turn: &mut Here<'_>, id: MachineId, vm: &Vm) {
    let way = match vm.state {
        VmState::PrologFailure => (VmState::Boot, Some(Kind::Deploy)),
        VmState::PrologResumeFailure => (VmState::BootStopped, Some(Kind::RestoreVm)),
        VmState::PrologUndeployFailure => (VmState::BootUndeploy, Some(Kind::Deploy)),
        VmState::EpilogFailure => (VmState::Epilog, None),
        VmState::EpilogStopFailure => (VmState::Stopped, None),
        VmState::EpilogUndeployFailure => (VmState::Undeployed, None),
        _ => return,
    };
    go_on(turn, id, vm, way);
    if vm.state == VmState::EpilogFailure {
        finish(turn, id, false);
    }
}

/// What failed, or is under way, is tried again: `LifeCycleManager::retry`. Nothing happens in other
/// ACTIVE states.
fn retry(turn: &mut Here<'_>, id: MachineId, vm: &Vm) -> Result<(), Refusal> {
    let (to, kind) = match vm.state {
        VmState::Prolog | VmState::PrologFailure => {
            prolog(turn, id, vm);
            return Ok(());
        }
        VmState::PrologResume | VmState::PrologResumeFailure => (VmState::PrologResume, Kind::Transfer),
        VmState::PrologUndeploy | VmState::PrologUndeployFailure => (VmState::PrologUndeploy, Kind::Transfer),
        VmState::Boot | VmState::BootFailure => (VmState::Boot, Kind::Deploy),
        VmState::BootPoweroff => (VmState::BootPoweroff, Kind::Deploy),
        VmState::BootSuspended => (VmState::BootSuspended, Kind::RestoreVm),
        VmState::BootUndeploy => (VmState::BootUndeploy, Kind::RestoreVm),
        VmState::BootUndeployFailure => (VmState::BootUndeploy, Kind::Deploy),
        VmState::BootStopped | VmState::BootStoppedFailure => (VmState::BootStopped, Kind::RestoreVm),
        VmState::Shutdown => {
            shut_down(turn, id, vm, vm.cut_off);
            return Ok(());
        }
        state @ (VmState::ShutdownPoweroff | VmState::ShutdownUndeploy) => (state, Kind::Cancel),
        state @ (VmState::SaveStop | VmState::SaveSuspend) => (state, Kind::Save),
        VmState::Epilog | VmState::EpilogFailure => (VmState::Epilog, Kind::Transfer),
        VmState::EpilogStop | VmState::EpilogStopFailure => (VmState::EpilogStop, Kind::Transfer),
        VmState::EpilogUndeploy | VmState::EpilogUndeployFailure => (VmState::EpilogUndeploy, Kind::Transfer),
        state if state.is_active() => return Ok(()),
        state => {
            let text = format_args!("Could not perform a retry on VM {id}, wrong state {}.", state.name());
            return Err(METHOD.action(text));
        }
    };
    begin(turn, id, vm, to, kind);
    Ok(())
}

/// `DispatchManager::delete_vm`. What has no host is freed at once, whatever becomes of its disks.
fn delete(turn: &mut Here<'_>, id: MachineId, vm: &Vm) {
    match vm.state {
        VmState::Poweroff | VmState::Suspended | VmState::Stopped | VmState::Undeployed => {
            driver::call_for_vm(turn, Kind::Transfer, id);
            finish(turn, id, false);
        }
        VmState::Done => {}
        state if state.is_active() => vm_end::delete(turn, id, vm),
        _ => finish(turn, id, false),
    }
}

/// `DispatchManager::delete_recreate`: what has a host is cleaned up first, also when it is powered off; what has
/// none waits for one again.
fn recreate(turn: &mut Here<'_>, id: MachineId, vm: &Vm) -> Result<(), Refusal> {
    match vm.state {
        VmState::Done => {
            return Err(METHOD.action("Cannot delete-recreate a VM already in DONE state"));
        }
        VmState::Stopped | VmState::Undeployed => {
            vm_end::drop_snapshots(turn, id);
            wait_again(turn, id, vm, Origin::Fresh);
        }
        VmState::Hold => wait_again(turn, id, vm, Origin::Fresh),
        VmState::CleanupResubmit => cleaned_up(turn, id),
        VmState::CleanupDelete => {}
        VmState::Poweroff | VmState::Suspended => vm_end::recreate(turn, id, vm),
        state if state.is_active() => vm_end::recreate(turn, id, vm),
        _ => {}
    }
    Ok(())
}
