//! Backups: images that the daemon makes, and restoring them (`VirtualMachineBackupAPI`, `ImageRestoreAPI`).

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a VM has many states, and a rule names those that it knows"
)]

use std::sync::Arc;

use super::Here;
use super::acquire::move_vm;
use super::answer::{self, Answer, Method};
use super::authorize::{self, Request};
use super::change::{Edit, VmEdit};
use super::create::{DEFAULT_PERMISSIONS, burn_first_id, register};
use super::datastores::check_quota_of;
use super::driver::{self, Answered, Kind, Mode};
use super::fixture::{Holds, User};
use super::image_state::{edit, find, unlock};
use super::kinds::{ImageType, Right};
use super::names;
use super::shared;
use super::template::Template;
use super::vm_end::edit_vm;
use super::vm_life::{begin, subject};
use super::vm_state::VmState;
use super::world::{Facts, Vm};
use crate::engine::MachineId;

/// `onevm updateconf`: `VirtualMachine::updateconf`. The backup settings change nothing that is simulated.
pub(super) fn configure(turn: &mut Here<'_>, by: &User, id: i64) -> Answer {
    let method = Method("[one.vm.updateconf] ");
    let (id, vm) = subject(turn, method, by, id, Right::Manage)?;
    if !can_be_configured(vm.state) {
        return Err(
            method.internal(format_args!("configuration cannot be updated in state {}", vm.state.name()))
        );
    }
    Ok(answer::id(id.0))
}

/// The states in which `VirtualMachine::updateconf` takes new settings.
fn can_be_configured(state: VmState) -> bool {
    match state {
        VmState::Suspended | VmState::Stopped | VmState::Done => false,
        VmState::Prolog
        | VmState::Running
        | VmState::Epilog
        | VmState::Shutdown
        | VmState::CleanupResubmit
        | VmState::ShutdownPoweroff
        | VmState::CleanupDelete
        | VmState::HotplugSaveasPoweroff
        | VmState::ShutdownUndeploy
        | VmState::EpilogUndeploy
        | VmState::PrologUndeploy
        | VmState::HotplugPrologPoweroff
        | VmState::HotplugEpilogPoweroff
        | VmState::BootFailure
        | VmState::PrologFailure
        | VmState::EpilogFailure
        | VmState::EpilogUndeployFailure
        | VmState::BootUndeployFailure
        | VmState::PrologUndeployFailure
        | VmState::DiskSnapshotPoweroff
        | VmState::DiskSnapshotRevertPoweroff
        | VmState::DiskSnapshotDeletePoweroff => true,
        state => !state.is_active(),
    }
}

/// `onevm backup`: `VirtualMachineAPI::backup`. The new image is named after the VM and the moment, which only
/// the caller knows. Volatile disks are not copied, and the image counts for the owner of the VM
/// (`VirtualMachineDisks::backup_size`).
pub(super) fn backup(turn: &mut Here<'_>, by: &User, id: i64, datastore: i64, moment: &str) -> Answer {
    let method = Method("[one.vm.backup] ");
    let (_, vm) = authorize::existing_vm(turn.world(), method, id)?;
    if vm.disks.iter().any(|disk| &*disk.kind == "FILESYSTEM") {
        return Err(method.action("Cannot backup VM with FILESYSTEM disks"));
    }
    let found = u32::try_from(datastore).ok().and_then(|id| turn.world().datastore(id));
    let found = found.ok_or_else(|| method.missing("datastore", datastore))?;
    if found.holds != Holds::Backups {
        return Err(method.action("Datastore needs to be of type BACKUP"));
    }
    let sizes = vm.disks.iter().filter(|disk| disk.image().is_some()).map(|disk| disk.size);
    if sizes.fold(0, i64::saturating_add) > found.free_mb {
        return Err(method.action("Not enough free space on target datastore"));
    }
    let (id, vm) = subject(turn, method, by, id, Right::Admin)?;
    check_quota_of(turn.world(), method, by, vm.owner, (found.id, 1))?;
    let to = match vm.state {
        VmState::Running => VmState::Backup,
        VmState::Poweroff => VmState::BackupPoweroff,
        state => {
            let text =
                format_args!("Could not create a new backup for VM {id}, wrong state {}.", state.name());
            return Err(method.internal(text));
        }
    };
    let name: Arc<str> = format!("{id} {moment}").trim_end().into();
    edit_vm(turn, id, VmEdit::Backup(Some((found.id, name).into())));
    begin(turn, id, &vm, to, Kind::Backup);
    Ok(answer::id(id.0))
}

/// A backup counts as made that no driver answered: the image has no SOURCE, so none is made, and the VM
/// goes on (`LifeCycleManager::recover`, `Image::insert`).
pub(super) fn recovered(turn: &mut Here<'_>, id: MachineId, vm: &Vm, ok: bool) {
    if ok {
        burn_first_id(turn);
    }
    ended(turn, id, vm, None);
}

/// BACKUP was answered.
pub(super) fn backed_up(turn: &mut Here<'_>, id: MachineId, answered: &Answered) {
    let Some(vm) = turn.world().vms.shared(id) else { return };
    if matches!(vm.state, VmState::Backup | VmState::BackupPoweroff) {
        let payload = match answered {
            Answered::Success(payload) => Some(payload.as_deref().unwrap_or("-")),
            Answered::Failure(_) => None,
        };
        ended(turn, id, &vm, payload);
    }
}

/// A backup ended, with the driver's words if it was made, which say where it is and how many MB it has: `LifeCycleManager::trigger_backup_success`.
/// The image is READY at once, and its VM counts as using it; where its name is taken, none is made.
fn ended(turn: &mut Here<'_>, id: MachineId, vm: &Vm, payload: Option<&str>) {
    let back = if vm.state == VmState::Backup { VmState::Running } else { VmState::Poweroff };
    if let Some(payload) = payload
        && let Some((datastore, name)) = vm.backup.clone()
        && names::taken(turn.world(), &name, vm.owner).is_none()
    {
        let mut words = payload.split_whitespace();
        let place = shared::place(words.next().unwrap_or_default(), "raw");
        let size = words.next().and_then(|size| size.parse().ok()).unwrap_or(0);
        let image = register(turn, describe(vm, datastore, name, size), place, None);
        edit(turn, image, Edit::VmAdded(id));
        unlock(turn, image);
    }
    edit_vm(turn, id, VmEdit::Backup(None));
    move_vm(turn, id, vm.state, back);
}

/// The new image.
fn describe(vm: &Vm, datastore: u32, name: Arc<str>, size: i64) -> Facts {
    Facts {
        name,
        owner: vm.owner,
        group: vm.group,
        kind: ImageType::Backup,
        persistent: true,
        permissions: DEFAULT_PERMISSIONS,
        datastore,
        size,
        path: "".into(),
        fs: "".into(),
        copy_of: None,
        template: Template::default(),
    }
}

/// `oneimage restore`: `ImageManager::restore_image`. Somebody without the right, or asking for an
/// image that does not exist, is answered success.
pub(super) fn restore(turn: &mut Here<'_>, by: &User, id: i64, datastore: i64) -> Answer {
    let method = Method("[one.image.restore] ");
    let Some(found) = authorize::find(turn.world(), id) else { return Ok(answer::nothing()) };
    if Request::new(turn.world(), method, by).image(found, Right::Use).check().is_err() {
        return Ok(answer::nothing());
    }
    let target = u32::try_from(datastore).ok().and_then(|id| turn.world().datastore(id));
    if target.is_none() && datastore >= 0 {
        // The daemon names what it was called for, not what it missed.
        return Err(method.missing("image", datastore));
    }
    if find(turn, found).is_some_and(|image| image.kind != ImageType::Backup) {
        return Err(method.action("Can only restore images of type BACKUP"));
    }
    match target.map(|target| target.holds) {
        None => Err(method.action("Destination datastore does not exist")),
        Some(Holds::Images) => match driver::mode(&turn.world().site, Kind::Restore, found.0) {
            Mode::Answer(Answered::Failure(text)) => Err(method.action(text.to_string())),
            Mode::Answer(Answered::Success(Some(text))) if text.is_empty() => {
                Err(method.action("Cannot get info about restored disk images"))
            }
            Mode::Answer(Answered::Success(_)) | Mode::Auto | Mode::Hold | Mode::Drop => {
                Ok(answer::nothing())
            }
        },
        Some(Holds::Files | Holds::Machines | Holds::Backups) => {
            Err(method.action("Destination can be only an image datastore"))
        }
    }
}
