//! Disks come and go while a VM exists: `DispatchManager::attach`, `detach`, `LifeCycleManager::attach_*`.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a VM has many states, and a rule names those that it knows"
)]

use super::Here;
use super::acquire::{When, move_vm, release, write_back};
use super::answer::{self, Answer, Method};
use super::authorize::{self, Request};
use super::change::VmEdit;
use super::datastores::{check_copies_quota, check_vm_quota};
use super::disk_rights::find_disk;
use super::disks::{DiskWish, assign_targets, make_disk};
use super::driver::Kind;
use super::fixture::{self, User};
use super::kinds::{ImageType, Right};
use super::template::{self, Attribute};
use super::vm_end::{change_disk, edit_disk, edit_vm};
use super::vm_life::{begin, subject};
use super::vm_state::VmState;
use super::world::{Disk, Vm};
use crate::engine::{MachineId, Refusal};

const ATTACH: Method = Method("[one.vm.attach] ");
const DETACH: Method = Method("[one.vm.detach] ");

/// `onevm disk-attach`.
pub(super) fn attach(turn: &mut Here<'_>, by: &User, id: i64, image: i64, template: &str) -> Answer {
    let (id, vm) = authorize::existing_vm(turn.world(), ATTACH, id)?;
    if !vm.has_history {
        return Err(ATTACH.action("VM is not running in any host").hint("Deploy the VM first."));
    }
    let attributes = template::read(template).map_err(|problem| ATTACH.internal(problem))?;
    let named = image.to_string();
    let wish = read_wish(if image < 0 && !attributes.is_empty() { None } else { Some(&named) }, &attributes);
    let mut request = Request::new(turn.world(), ATTACH, by);
    request.vm(id, &vm, Right::Manage);
    if let Some(image) = wish.authorized(turn.world(), by) {
        request.image(image, Right::Use);
    }
    request.check()?;
    let image = wish.found(turn.world(), by);
    check_vm_quota(turn.world(), ATTACH, by, vm.owner, image.as_slice())?;
    check_copies_quota(turn.world(), ATTACH, by, vm.owner, image.as_slice())?;
    let to = match vm.state {
        VmState::Running => VmState::Hotplug,
        VmState::Poweroff => VmState::HotplugPrologPoweroff,
        state => {
            let text = format_args!("Could not attach a new disk to VM {id}, wrong state {}.", state.name());
            return Err(ATTACH.action(text));
        }
    };
    let disk = set_up(turn, by, id, &vm, &wish)?;
    let has_source = disk.image().is_none_or(|image| !image.place.source.is_empty());
    edit_disk(turn, id, disk);
    match to {
        VmState::Hotplug if has_source => begin(turn, id, &vm, to, Kind::AttachDisk),
        VmState::HotplugPrologPoweroff if has_source => begin(turn, id, &vm, to, Kind::Transfer),
        // The command cannot be made without a source: it fails at once.
        VmState::Hotplug => fail_at_once(turn, id),
        // The life-cycle manager has no case for the same failure here: the VM stays so.
        to => move_vm(turn, id, vm.state, to),
    }
    Ok(answer::id(id.0))
}

fn read_wish<'a>(image: Option<&'a str>, attributes: &'a [Attribute]) -> DiskWish<'a> {
    let mut wish = image.map_or_else(DiskWish::default, DiskWish::of);
    for attribute in attributes {
        match attribute {
            Attribute::Single(name, value) => wish.set(name, value),
            Attribute::Vector(_, values) => wish = wish.read(values),
        }
    }
    wish
}

/// Acquires the image for a new disk: `VirtualMachineDisks::set_up_attach`. A FILESYSTEM is refused only
/// after it was acquired, and stays so. A name that is none of the requester's images counts as one of
/// the VM's owner (`VirtualMachineDisk::authorize` looks for the one, `ImagePool::acquire_disk` for the other).
fn set_up(
    turn: &mut Here<'_>,
    by: &User,
    id: MachineId,
    vm: &Vm,
    wish: &DiskWish<'_>,
) -> Result<Disk, Refusal> {
    let number = vm.disks.iter().map(|disk| disk.id + 1).max().unwrap_or(0);
    let owner = fixture::user(vm.owner).filter(|_| wish.found(turn.world(), by).is_none());
    let made = make_disk(turn, owner.unwrap_or(by), id, number, wish, When::Attached);
    let mut made = made.map_err(|problem| ATTACH.action(problem))?;
    if made.1 == Some(ImageType::Filesystem) {
        return Err(ATTACH.action("Can not attach disks FILESYSTEM"));
    }
    let target = made.0.target.as_ref();
    if let Some(target) = target.filter(|_| vm.disks.iter().any(|other| other.target.as_ref() == target)) {
        let refusal = ATTACH.action(format_args!("Target {target} is already in use."));
        if let Some(image) = made.0.image_id() {
            release(turn, image, id, false);
        }
        return Err(refusal);
    }
    assign_targets(std::slice::from_mut(&mut made), &vm.disks);
    Ok(Disk { attach: true, ..made.0 })
}

fn fail_at_once(turn: &mut Here<'_>, id: MachineId) {
    if let Some(vm) = turn.world().vms.shared(id) {
        attached(turn, id, &vm, false);
    }
}

/// Where a VM goes back to after a disk came or went.
fn settled(vm: &Vm) -> VmState {
    if matches!(vm.state, VmState::HotplugPrologPoweroff | VmState::HotplugEpilogPoweroff) {
        VmState::Poweroff
    } else {
        VmState::Running
    }
}

/// The driver attached the disk, or it goes again: `attach_success_action`, `attach_failure_action`.
pub(super) fn attached(turn: &mut Here<'_>, id: MachineId, vm: &Vm, ok: bool) {
    if ok {
        keep(turn, id, vm);
    } else {
        remove(turn, id, vm);
    }
    move_vm(turn, id, vm.state, settled(vm));
}

/// The driver detached the disk, or it stays: `detach_success_action`, `detach_failure_action`.
pub(super) fn detached(turn: &mut Here<'_>, id: MachineId, vm: &Vm, ok: bool) {
    if ok {
        remove(turn, id, vm);
    } else {
        keep(turn, id, vm);
    }
    move_vm(turn, id, vm.state, settled(vm));
}

fn keep(turn: &mut Here<'_>, id: MachineId, vm: &Vm) {
    if let Some(disk) = vm.disks.iter().find(|disk| disk.attach) {
        change_disk(turn, id, disk, &mut |disk| disk.attach = false);
    }
}

/// Takes the disk out, and its image learns what it became; the image goes back unless another disk of
/// the VM has it too (`VirtualMachinePool::delete_attach_disk`). Issue 7427 of `OpenNebula/one`: before it, an
/// image did not learn the size of a grown disk that is a copy. No recording shows it.
fn remove(turn: &mut Here<'_>, id: MachineId, vm: &Vm) {
    let Some(disk) = vm.disks.iter().find(|disk| disk.attach) else { return };
    edit_vm(turn, id, VmEdit::DiskRemoved(disk.id));
    let Some(image) = disk.image_id() else { return };
    write_back(turn, disk);
    if !vm.disks.iter().any(|other| other.id != disk.id && other.image_id() == Some(image)) {
        release(turn, image, id, false);
    }
}

/// `onevm disk-detach`.
pub(super) fn detach(turn: &mut Here<'_>, by: &User, id: i64, disk: i64) -> Answer {
    let (id, vm) = subject(turn, DETACH, by, id, Right::Manage)?;
    let disk = find_disk(DETACH, &vm, disk)?;
    let (to, kind) = match vm.state {
        VmState::Running => (VmState::Hotplug, Kind::DetachDisk),
        VmState::Poweroff => (VmState::HotplugEpilogPoweroff, Kind::Transfer),
        state => {
            let text = format_args!("Could not detach disk from VM {id}, wrong state {}.", state.name());
            return Err(DETACH.action(text));
        }
    };
    change_disk(turn, id, &disk, &mut |disk| disk.attach = true);
    begin(turn, id, &vm, to, kind);
    Ok(answer::id(id.0))
}
