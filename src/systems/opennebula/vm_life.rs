//! What a user asks of a VM's life: `src/dm/DispatchManagerActions.cc`.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a VM has many states, and a rule names those that it knows"
)]

use std::sync::Arc;

use super::Here;
use super::acquire::move_vm;
use super::answer::{self, Answer, Method};
use super::authorize::{self, Request};
use super::change::VmEdit;
use super::driver::{self, Kind};
use super::fixture::{DEFAULT_SYSTEM, Datastore, Holds, User};
use super::kinds::Right;
use super::vm_end::{delete, edit_vm, finish};
use super::vm_state::VmState;
use super::world::{Origin, Vm, World};
use crate::engine::{MachineId, Refusal};

const ACTION: Method = Method("[one.vm.action] ");

/// A VM that must exist and that the user may manage (or administrate).
pub(super) fn subject(
    turn: &Here<'_>,
    method: Method,
    by: &User,
    id: i64,
    right: Right,
) -> Result<(MachineId, Arc<Vm>), Refusal> {
    let (found, vm) = authorize::existing_vm(turn.world(), method, id)?;
    Request::new(turn.world(), method, by).vm(found, &vm, right).check()?;
    Ok((found, vm))
}

fn not_available(verb: &str, vm: &Vm) -> Refusal {
    ACTION.action(format_args!(
        "Error performing action \"{verb}\": This action is not available for state {}",
        vm.state.name()
    ))
}

/// `onevm deploy`: `VirtualMachineDeployAPI`, `LifeCycleManager::trigger_deploy`.
pub(super) fn deploy(turn: &mut Here<'_>, by: &User, id: i64, host: i64, datastore: Option<i64>) -> Answer {
    let method = Method("[one.vm.deploy] ");
    if host != 0 {
        return Err(method.missing("host", host));
    }
    authorize::existing_vm(turn.world(), method, id)?;
    let system = system_datastore(turn.world(), method, datastore)?;
    let (id, vm) = subject(turn, method, by, id, Right::Admin)?;
    let origin = match vm.state {
        VmState::Pending | VmState::Hold => vm.origin,
        VmState::Stopped => Origin::Stopped,
        VmState::Undeployed => Origin::Undeployed,
        state => {
            let text = format_args!("Deploy action is not available for state {}", state.name());
            return Err(method.action(text).hint("The VM waits until its images are unlocked."));
        }
    };
    check_transfer(turn.world(), method, &vm, system)?;
    edit_vm(turn, id, VmEdit::Placed);
    edit_vm(turn, id, VmEdit::Origin(Origin::Fresh));
    match origin {
        Origin::Fresh => prolog(turn, id, &vm),
        Origin::Stopped => begin(turn, id, &vm, VmState::PrologResume, Kind::Transfer),
        Origin::Undeployed => begin(turn, id, &vm, VmState::PrologUndeploy, Kind::Transfer),
    }
    Ok(answer::id(id.0))
}

/// The system datastore that was named: `VirtualMachineAPI::get_ds_information`.
fn system_datastore(
    world: &World,
    method: Method,
    datastore: Option<i64>,
) -> Result<&'static Datastore, Refusal> {
    let system = datastore.filter(|id| *id >= 0).map_or(Some(DEFAULT_SYSTEM), |id| u32::try_from(id).ok());
    let system = system.and_then(|id| world.datastore(id));
    let system = system.ok_or_else(|| method.missing("datastore", datastore.unwrap_or(-1)))?;
    if system.holds == Holds::Machines {
        return Ok(system);
    }
    Err(method.internal(format_args!(
        "Trying to use datastore [{}] to deploy the VM, but it is not of type system datastore.",
        system.id
    )))
}

/// Whether the system datastore can take the disks: `VirtualMachine::check_tm_mad_disks`.
fn check_transfer(world: &World, method: Method, vm: &Vm, system: &Datastore) -> Result<(), Refusal> {
    let images = vm.disks.iter().filter_map(|disk| world.datastore(disk.image()?.datastore));
    for image in images {
        if !image.can_transfer(system.tm_mad) {
            let text = format_args!("Image Datastore does not support transfer mode: {}", system.tm_mad);
            return Err(method.action(text));
        }
    }
    Ok(())
}

/// Disks go to the host. One without a source cannot, and the driver is not even asked:
/// `TransferManager::prolog_transfer_command`.
pub(super) fn prolog(turn: &mut Here<'_>, id: MachineId, vm: &Vm) {
    let is_empty = |image: &super::world::DiskImage| image.place.source.is_empty();
    if vm.disks.iter().any(|disk| disk.image().is_some_and(is_empty)) {
        move_vm(turn, id, vm.state, VmState::PrologFailure);
    } else {
        begin(turn, id, vm, VmState::Prolog, Kind::Transfer);
    }
}

/// Enters a state and calls the driver whose answer ends it.
pub(super) fn begin(turn: &mut Here<'_>, id: MachineId, vm: &Vm, state: VmState, kind: Kind) {
    move_vm(turn, id, vm.state, state);
    driver::call_for_vm(turn, kind, id);
}

/// `onevm terminate`: `DispatchManager::terminate`.
pub(super) fn terminate(turn: &mut Here<'_>, by: &User, id: i64, hard: bool) -> Answer {
    let (id, vm) = subject(turn, ACTION, by, id, Right::Manage)?;
    match vm.state {
        VmState::Pending | VmState::Hold | VmState::Cloning | VmState::CloningFailure => {
            drop(vm);
            finish(turn, id, false);
        }
        VmState::Poweroff | VmState::Suspended | VmState::Stopped | VmState::Undeployed => {
            begin(turn, id, &vm, VmState::Epilog, Kind::Transfer);
        }
        VmState::Running => shut_down(turn, id, &vm, hard),
        VmState::Shutdown if hard => shut_down(turn, id, &vm, hard),
        VmState::Done => {}
        VmState::BootFailure
        | VmState::BootUndeployFailure
        | VmState::BootStoppedFailure
        | VmState::PrologFailure
        | VmState::PrologResumeFailure
        | VmState::PrologUndeployFailure
        | VmState::EpilogFailure
        | VmState::EpilogStopFailure
        | VmState::EpilogUndeployFailure => delete(turn, id, &vm),
        state => {
            let verb = if hard { "terminate-hard" } else { "terminate" };
            return Err(ACTION.action(format_args!(
                "Error performing action \"{verb}\": Could not terminate VM {id}, wrong state {}.",
                state.name()
            )));
        }
    }
    Ok(answer::id(id.0))
}

/// The last action counts when the VM is asked once more: `LifeCycleManager::trigger_shutdown`, `retry`.
pub(super) fn shut_down(turn: &mut Here<'_>, id: MachineId, vm: &Vm, hard: bool) {
    if vm.cut_off != hard {
        edit_vm(turn, id, VmEdit::CutOff(hard));
    }
    begin(turn, id, vm, VmState::Shutdown, if hard { Kind::Cancel } else { Kind::Shutdown });
}

/// `onevm poweroff`: `DispatchManager::poweroff`.
pub(super) fn poweroff(turn: &mut Here<'_>, by: &User, id: i64, hard: bool) -> Answer {
    let (verb, kind) = if hard { ("poweroff-hard", Kind::Cancel) } else { ("poweroff", Kind::Shutdown) };
    from_running(turn, by, id, verb, (VmState::ShutdownPoweroff, kind))
}

/// `onevm suspend`: `DispatchManager::suspend`.
pub(super) fn suspend(turn: &mut Here<'_>, by: &User, id: i64) -> Answer {
    from_running(turn, by, id, "suspend", (VmState::SaveSuspend, Kind::Save))
}

/// `onevm stop`: `DispatchManager::stop`; a suspended VM is already saved.
pub(super) fn stop(turn: &mut Here<'_>, by: &User, id: i64) -> Answer {
    let (found, vm) = subject(turn, ACTION, by, id, Right::Manage)?;
    if vm.state == VmState::Suspended {
        begin(turn, found, &vm, VmState::EpilogStop, Kind::Transfer);
        return Ok(answer::id(found.0));
    }
    from_running(turn, by, id, "stop", (VmState::SaveStop, Kind::Save))
}

/// `onevm undeploy`: `DispatchManager::undeploy`.
pub(super) fn undeploy(turn: &mut Here<'_>, by: &User, id: i64, hard: bool) -> Answer {
    let (found, vm) = subject(turn, ACTION, by, id, Right::Manage)?;
    if vm.state == VmState::Poweroff {
        begin(turn, found, &vm, VmState::EpilogUndeploy, Kind::Transfer);
        return Ok(answer::id(found.0));
    }
    let (verb, kind) = if hard { ("undeploy-hard", Kind::Cancel) } else { ("undeploy", Kind::Shutdown) };
    from_running(turn, by, id, verb, (VmState::ShutdownUndeploy, kind))
}

/// What a running VM can be asked; a hard request also overrides a soft one that hangs.
fn from_running(turn: &mut Here<'_>, by: &User, id: i64, verb: &str, way: (VmState, Kind)) -> Answer {
    let (id, vm) = subject(turn, ACTION, by, id, Right::Manage)?;
    let overrides = vm.state == way.0 && way.1 == Kind::Cancel;
    if vm.state != VmState::Running && !overrides {
        return Err(not_available(verb, &vm));
    }
    begin(turn, id, &vm, way.0, way.1);
    Ok(answer::id(id.0))
}

/// `onevm resume`: `DispatchManager::resume`. A VM without a host waits for one again.
pub(super) fn resume(turn: &mut Here<'_>, by: &User, id: i64) -> Answer {
    let (id, vm) = subject(turn, ACTION, by, id, Right::Manage)?;
    match vm.state {
        VmState::Poweroff => begin(turn, id, &vm, VmState::BootPoweroff, Kind::Deploy),
        VmState::Suspended => begin(turn, id, &vm, VmState::BootSuspended, Kind::RestoreVm),
        VmState::Stopped => wait_again(turn, id, &vm, Origin::Stopped),
        VmState::Undeployed => wait_again(turn, id, &vm, Origin::Undeployed),
        _ => return Err(not_available("resume", &vm)),
    }
    Ok(answer::id(id.0))
}

/// A VM waits for a host again, with what `origin` says of its disks.
pub(super) fn wait_again(turn: &mut Here<'_>, id: MachineId, vm: &Vm, origin: Origin) {
    edit_vm(turn, id, VmEdit::Origin(origin));
    move_vm(turn, id, vm.state, VmState::Pending);
}

/// `onevm reboot`: `DispatchManager::reboot`. The VM stays RUNNING, and its disks stay where they are.
pub(super) fn reboot(turn: &mut Here<'_>, by: &User, id: i64, hard: bool) -> Answer {
    let (id, vm) = subject(turn, ACTION, by, id, Right::Manage)?;
    if vm.state != VmState::Running {
        return Err(not_available(if hard { "reboot-hard" } else { "reboot" }, &vm));
    }
    Ok(answer::id(id.0))
}

/// `onevm hold`: `DispatchManager::hold`.
pub(super) fn hold(turn: &mut Here<'_>, by: &User, id: i64) -> Answer {
    swap(turn, by, id, "hold", (VmState::Pending, VmState::Hold))
}

/// `onevm release`: `DispatchManager::release`.
pub(super) fn release(turn: &mut Here<'_>, by: &User, id: i64) -> Answer {
    swap(turn, by, id, "release", (VmState::Hold, VmState::Pending))
}

fn swap(turn: &mut Here<'_>, by: &User, id: i64, verb: &str, way: (VmState, VmState)) -> Answer {
    let (id, vm) = subject(turn, ACTION, by, id, Right::Manage)?;
    if vm.state != way.0 {
        return Err(not_available(verb, &vm));
    }
    move_vm(turn, id, vm.state, way.1);
    Ok(answer::id(id.0))
}
