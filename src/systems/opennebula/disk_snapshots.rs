//! Snapshots and size of a VM's disk: `DispatchManager::disk_snapshot_create` and its kin.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a VM has many states, and a rule names those that it knows"
)]

use super::Here;
use super::acquire::{move_vm, write_size, write_snapshots};
use super::answer::{self, Answer, Method};
use super::change::VmEdit;
use super::disk_rights::{Needs, Subject, check_rights, find_disk, subject};
use super::driver::Kind;
use super::fixture::User;
use super::kinds::{Orphans, Right};
use super::snapshots::{NOT_THERE, Snapshots};
use super::vm_end::{change_disk, edit_disk, edit_vm};
use super::vm_life::{self, begin};
use super::vm_state::VmState;
use super::world::{Disk, DiskImage, Vm};
use crate::engine::MachineId;

const NONE_SUPPORTED: &str = "Snapshots are not supported";

/// `onevm disk-snapshot-create`. Returns the snapshot's id, which a failure uses up too.
pub(super) fn create(turn: &mut Here<'_>, by: &User, id: i64, disk: i64, name: &str) -> Answer {
    let method = Method("[one.vm.disksnapshotcreate] ");
    let needs = (Needs::Charged, "Cannot make snapshots");
    let Subject { id, vm, disk } = subject(turn, method, by, (id, disk), needs)?;
    let (to, kind) = match vm.state {
        VmState::Running => (VmState::DiskSnapshot, Kind::SnapshotCreate),
        VmState::Poweroff => (VmState::DiskSnapshotPoweroff, Kind::Transfer),
        VmState::Suspended => (VmState::DiskSnapshotSuspended, Kind::Transfer),
        state => {
            let state = state.name();
            let text = format_args!("Could not create a new snapshot for VM {id}, wrong state {state}.");
            return Err(method.action(text));
        }
    };
    if disk.image().is_some_and(|image| image.readonly) {
        return Err(method.action("Cannot make snapshots on readonly disks"));
    }
    let Some(image) = disk.image() else {
        return Err(method.action("Cannot make snapshots on volatile disks"));
    };
    let orphans =
        turn.world().datastore(image.datastore).map(|datastore| datastore.orphans(&image.place.format));
    let fresh = || Snapshots::new(orphans.unwrap_or(Orphans::No));
    let mut snapshots = disk.snapshots.as_deref().cloned().unwrap_or_else(fresh);
    let snapshot = snapshots.create(name, disk.size);
    edit_vm(turn, id, VmEdit::Target(Some((disk.id, snapshot).into())));
    edit_disk(turn, id, Disk { snapshots: Some(snapshots.into()), ..disk });
    begin(turn, id, &vm, to, kind);
    Ok(answer::id(snapshot))
}

/// `onevm disk-snapshot-revert`.
pub(super) fn revert(turn: &mut Here<'_>, by: &User, id: i64, disk: i64, snapshot: i64) -> Answer {
    let method = Method("[one.vm.disksnapshotrevert] ");
    let needs = (Needs::Nothing, NONE_SUPPORTED);
    let Subject { id, vm, disk } = subject(turn, method, by, (id, disk), needs)?;
    if vm.state != VmState::Poweroff {
        let state = vm.state.name();
        let text = format_args!("Could not revert to disk snapshot for VM {id}, wrong state {state}.");
        return Err(method.action(text).hint("Power the VM off first."));
    }
    let own = disk.snapshots.as_ref().ok_or_else(|| method.action(NOT_THERE))?;
    let known = u32::try_from(snapshot).ok().filter(|id| own.find(*id).is_some());
    let snapshot = known.ok_or_else(|| {
        let disk = disk.id;
        method.action(format_args!("Disk id ({disk}) or snapshot id ({snapshot}) is not valid."))
    })?;
    edit_vm(turn, id, VmEdit::Target(Some((disk.id, snapshot).into())));
    begin(turn, id, &vm, VmState::DiskSnapshotRevertPoweroff, Kind::Transfer);
    Ok(answer::id(id.0))
}

/// `onevm disk-snapshot-delete`.
pub(super) fn delete(turn: &mut Here<'_>, by: &User, id: i64, disk: i64, snapshot: i64) -> Answer {
    let method = Method("[one.vm.disksnapshotdelete] ");
    let needs = (Needs::Persistent, NONE_SUPPORTED);
    let Subject { id, vm, disk } = subject(turn, method, by, (id, disk), needs)?;
    let to = match vm.state {
        VmState::Running => VmState::DiskSnapshotDelete,
        VmState::Poweroff => VmState::DiskSnapshotDeletePoweroff,
        VmState::Suspended => VmState::DiskSnapshotDeleteSuspended,
        state => {
            let state = state.name();
            let text = format_args!("Could not delete disk snapshot from VM {id}, wrong state {state}.");
            return Err(method.action(text));
        }
    };
    let persistent = disk.image().is_some_and(DiskImage::is_persistent);
    let snapshot = u32::try_from(snapshot).map_err(|_| method.action(NOT_THERE))?;
    let checked = disk.snapshots.as_ref().map(|own| own.check_delete_from_disk(snapshot, persistent));
    checked.unwrap_or(Err(NOT_THERE)).map_err(|problem| method.action(problem))?;
    edit_vm(turn, id, VmEdit::Target(Some((disk.id, snapshot).into())));
    begin(turn, id, &vm, to, Kind::Transfer);
    Ok(answer::id(id.0))
}

/// The driver did what was asked of the snapshot, or not: `disk_snapshot_success`,
/// `disk_snapshot_failure`. If the disk is the image itself, the image learns of it at once.
pub(super) fn ended(turn: &mut Here<'_>, id: MachineId, vm: &Vm, ok: bool) {
    let back = match vm.state {
        VmState::DiskSnapshot | VmState::DiskSnapshotDelete => VmState::Running,
        VmState::DiskSnapshotSuspended | VmState::DiskSnapshotDeleteSuspended => VmState::Suspended,
        _ => VmState::Poweroff,
    };
    if let Some((disk, snapshot)) = vm.target
        && let Some(disk) = vm.disk(disk)
    {
        let disk = changed(vm.state, disk, snapshot, ok);
        edit_disk(turn, id, disk.clone());
        if let Some(image) = disk.image().filter(|image| image.is_persistent())
            && links(turn, &disk)
        {
            if vm.state == VmState::DiskSnapshotRevertPoweroff && ok {
                write_size(turn, image.id, disk.size);
            }
            write_snapshots(turn, image.id, disk.snapshots.as_ref());
        }
    }
    edit_vm(turn, id, VmEdit::Target(None));
    move_vm(turn, id, vm.state, back);
}

/// `LN_TARGET=NONE`, and `PERSISTENT_SNAPSHOTS` is not `NO`.
fn links(turn: &Here<'_>, disk: &Disk) -> bool {
    let datastore = disk.image().and_then(|image| turn.world().datastore(image.datastore));
    datastore.is_some_and(|datastore| datastore.links && datastore.keeps_snapshots)
}

/// The disk after the operation that this VM state stands for.
fn changed(state: VmState, disk: &Disk, snapshot: u32, ok: bool) -> Disk {
    let mut disk = disk.clone();
    let mut snapshots = disk.snapshots.as_deref().cloned().unwrap_or_default();
    match (state, ok) {
        (VmState::DiskSnapshot | VmState::DiskSnapshotPoweroff | VmState::DiskSnapshotSuspended, true) => {
            snapshots.made(snapshot);
        }
        (VmState::DiskSnapshot | VmState::DiskSnapshotPoweroff | VmState::DiskSnapshotSuspended, false) => {
            snapshots.delete(snapshot);
        }
        (VmState::DiskSnapshotRevertPoweroff, true) => {
            if let Some(found) = snapshots.find(snapshot) {
                disk.size = found.size;
            }
            snapshots.reverted(snapshot);
        }
        (
            VmState::DiskSnapshotDelete
            | VmState::DiskSnapshotDeletePoweroff
            | VmState::DiskSnapshotDeleteSuspended,
            true,
        ) => snapshots.delete(snapshot),
        _ => {}
    }
    disk.snapshots = Some(snapshots.into());
    disk
}

/// `onevm disk-resize`: `VirtualMachineDiskResizeAPI`, `DispatchManager::disk_resize`.
pub(super) fn resize(turn: &mut Here<'_>, by: &User, id: i64, disk: i64, size: &str) -> Answer {
    let method = Method("[one.vm.diskresize] ");
    let size: i64 = size.parse().map_err(|_| method.action("Disk SIZE is not a valid integer"))?;
    let (id, vm) = vm_life::subject(turn, method, by, id, Right::Manage)?;
    let disk = find_disk(method, &vm, disk)?;
    if size <= disk.size {
        return Err(method.action("New disk size has to be greater than current one"));
    }
    let found = Subject { id, vm, disk };
    check_rights(turn, method, by, &found, Needs::Charged)?;
    let Subject { id, vm, disk } = found;
    let (to, kind) = match vm.state {
        VmState::Running => (VmState::DiskResize, Kind::ResizeDisk),
        VmState::Poweroff => (VmState::DiskResizePoweroff, Kind::Transfer),
        VmState::Undeployed => (VmState::DiskResizeUndeployed, Kind::Transfer),
        state => {
            let text = format_args!("Could not resize disk for VM {id}, wrong state {}.", state.name());
            return Err(method.action(text));
        }
    };
    change_disk(turn, id, &disk, &mut |disk| {
        disk.size_before = Some(std::mem::replace(&mut disk.size, size));
    });
    begin(turn, id, &vm, to, kind);
    Ok(answer::id(id.0))
}

/// The driver grew the disk, or it keeps its size: `disk_resize_success`, `disk_resize_failure`.
pub(super) fn resized(turn: &mut Here<'_>, id: MachineId, vm: &Vm, ok: bool) {
    let back = match vm.state {
        VmState::DiskResize => VmState::Running,
        VmState::DiskResizeUndeployed => VmState::Undeployed,
        _ => VmState::Poweroff,
    };
    if let Some(disk) = vm.disks.iter().find(|disk| disk.size_before.is_some()) {
        let size = if ok { disk.size } else { disk.size_before.unwrap_or(disk.size) };
        change_disk(turn, id, disk, &mut |disk| {
            disk.size = size;
            disk.size_before = None;
        });
        if let Some(image) = disk.image().filter(|image| ok && image.is_persistent())
            && turn.world().datastore(image.datastore).is_some_and(|datastore| datastore.links)
        {
            write_size(turn, image.id, size);
        }
    }
    move_vm(turn, id, vm.state, back);
}
