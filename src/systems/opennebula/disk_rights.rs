//! Whom a request about a disk of a VM needs: the VM, and sometimes the image behind the disk.

use std::sync::Arc;

use super::Here;
use super::answer::Method;
use super::authorize::{self, Request};
use super::datastores::check_quota_of;
use super::fixture::{Target, User};
use super::kinds::{ImageType, Right};
use super::world::{Disk, DiskImage, Vm};
use crate::engine::{MachineId, Refusal};

/// The VM and the disk that a request is about.
pub(super) struct Subject {
    pub(super) id: MachineId,
    pub(super) vm: Arc<Vm>,
    pub(super) disk: Disk,
}

/// Whose image a request about a disk must also be allowed to manage.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Needs {
    Nothing,
    /// That of a persistent disk.
    Persistent,
    /// That of a disk which grows at the expense of the image's owner. A copy that stays in the datastore of its
    /// image grows at the expense of the VM's.
    Charged,
}

/// The disk is looked for, and has to be one that can have snapshots, before anybody is asked for a right:
/// `VirtualMachineAPI::disk_snapshot_create`, `disk_snapshot_delete`, `disk_snapshot_revert`.
pub(super) fn subject(
    turn: &Here<'_>,
    method: Method,
    by: &User,
    (id, disk): (i64, i64),
    (needs, unsupported): (Needs, &str),
) -> Result<Subject, Refusal> {
    let (id, vm) = authorize::existing_vm(turn.world(), method, id)?;
    let disk = find_disk(method, &vm, disk)?;
    if disk.kind == ImageType::Filesystem.name() {
        return Err(method.action(format_args!("{unsupported} on disks of type: {}", disk.kind)));
    }
    let subject = Subject { id, vm, disk };
    check_rights(turn, method, by, &subject, needs)?;
    Ok(subject)
}

/// A disk that a VM must have.
pub(super) fn find_disk(method: Method, vm: &Vm, disk: i64) -> Result<Disk, Refusal> {
    let found = u32::try_from(disk).ok().and_then(|disk| vm.disk(disk)).cloned();
    found.ok_or_else(|| method.action("VM disk does not exist"))
}

/// `VirtualMachineAPI::vm_authorization`.
pub(super) fn check_rights(
    turn: &Here<'_>,
    method: Method,
    by: &User,
    subject: &Subject,
    needs: Needs,
) -> Result<(), Refusal> {
    let mut request = Request::new(turn.world(), method, by);
    request.vm(subject.id, &subject.vm, Right::Manage);
    let image = subject.disk.image().filter(|image| is_needed(turn, image, needs));
    let Some(image) = image else {
        request.check()?;
        return check_copy(turn, method, by, subject, needs);
    };
    let (id, image) = authorize::existing(turn.world(), method, image.id.0.into())?;
    request.image(id, Right::Manage).check()?;
    match needs {
        Needs::Nothing | Needs::Persistent => Ok(()),
        Needs::Charged => check_quota_of(turn.world(), method, by, image.owner, (image.datastore, 0)),
    }
}

/// What a copy that stays in the image's datastore grows counts for the owner of the VM:
/// `VirtualMachineDisk::resize_quotas`.
fn check_copy(
    turn: &Here<'_>,
    method: Method,
    by: &User,
    subject: &Subject,
    needs: Needs,
) -> Result<(), Refusal> {
    let Some(image) = subject.disk.image().filter(|_| needs == Needs::Charged) else { return Ok(()) };
    let datastore = turn.world().datastore(image.datastore);
    if !datastore.is_some_and(|datastore| datastore.target(image.data) == Target::Images) {
        return Ok(());
    }
    check_quota_of(turn.world(), method, by, subject.vm.owner, (image.datastore, 0))
}

fn is_needed(turn: &Here<'_>, image: &DiskImage, needs: Needs) -> bool {
    match needs {
        Needs::Nothing => false,
        Needs::Persistent => image.is_persistent(),
        Needs::Charged => turn
            .world()
            .datastore(image.datastore)
            .is_none_or(|datastore| datastore.charges_owner(image.data)),
    }
}
