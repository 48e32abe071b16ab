//! A disk becomes a new image: `VirtualMachineDiskSaveasAPI`, `LifeCycleManager::saveas_*`.

use super::Here;
use super::acquire::move_vm;
use super::action::NewCopy;
use super::answer::{self, Answer, Method};
use super::authorize::{self, Request};
use super::change::Edit;
use super::create::{DEFAULT_PERMISSIONS, can_be_born_persistent, check_name, register};
use super::datastores::check_quota;
use super::driver::{self, Kind};
use super::fixture::User;
use super::image_state::{edit, enter, fail, find, unlock};
use super::kinds::{ImageType, Right};
use super::shared;
use super::state::ImageState;
use super::template::Template;
use super::vm_end::change_disk;
use super::world::{Disk, Facts, Image, Vm};
use crate::engine::{ImageId, MachineId, Refusal};

const METHOD: Method = Method("[one.vm.disksaveas] ");

/// `onevm disk-saveas`. The new image is LOCKED until the transfer manager has copied the disk.
pub(super) fn save_as(turn: &mut Here<'_>, by: &User, id: i64, wish: &NewCopy) -> Answer {
    let (id, vm) = authorize::existing_vm(turn.world(), METHOD, id)?;
    let to = vm
        .state
        .saving()
        .ok_or_else(|| METHOD.internal("VM has to be RUNNING, POWEROFF or SUSPENDED to save disks."))?;
    let disk = find_disk(&vm, wish)?;
    let Some(source_id) = disk.image_id() else {
        return Err(METHOD.internal("Cannot use DISK. DISK does not have a valid IMAGE_ID."));
    };
    let Some(source) = find(turn, source_id) else { return Err(METHOD.missing("image", source_id.0)) };
    let Some(datastore) = turn.world().datastore(source.datastore) else {
        return Err(METHOD.missing("datastore", source.datastore));
    };
    check_source(&source)?;
    if disk.size > datastore.free_mb {
        return Err(METHOD.action("Not enough space in datastore"));
    }
    Request::new(turn.world(), METHOD, by).vm(id, &vm, Right::Manage).create("IMAGE").check()?;
    check_quota(turn.world(), METHOD, by, (datastore.id, disk.size))?;
    let kind = wanted_kind(source.kind, &wish.kind);
    check_name(turn.world(), METHOD, by, &wish.name, kind.unwrap_or(ImageType::Os), datastore)?;
    let kind = kind.ok_or_else(|| METHOD.allocate_image("Unknown type "))?;
    let preferred = turn.world().preferences(by.id).persistent_copies == Some(true);
    let persistent = preferred && can_be_born_persistent(kind);
    let image = register(
        turn,
        describe(by, id, disk, (source_id, &source), (wish, kind, persistent)),
        shared::place("", "save_as"),
        None,
    );
    move_vm(turn, id, vm.state, to);
    driver::call_for_image(turn, Kind::Make, image);
    Ok(answer::id(image.0))
}

fn find_disk<'a>(vm: &'a Vm, wish: &NewCopy) -> Result<&'a Disk, Refusal> {
    let disk = u32::try_from(wish.disk).ok().and_then(|disk| vm.disk(disk));
    let disk = disk.ok_or_else(|| METHOD.internal("Cannot use DISK. DISK does not exist."))?;
    let known = |id: u32| disk.snapshots.as_ref().is_some_and(|own| own.find(id).is_some());
    if disk.image().is_some() && wish.snapshot != -1 && !u32::try_from(wish.snapshot).is_ok_and(known) {
        return Err(METHOD.internal("Cannot use DISK. Snapshot does not exist."));
    }
    Ok(disk)
}

fn check_source(source: &Image) -> Result<(), Refusal> {
    match source.kind {
        ImageType::Os | ImageType::Cdrom | ImageType::Datablock => Ok(()),
        kind @ (ImageType::Kernel
        | ImageType::Ramdisk
        | ImageType::Context
        | ImageType::Backup
        | ImageType::Filesystem) => {
            Err(METHOD.internal(format_args!("Cannot save an image of type {}", kind.name())))
        }
    }
}

/// The new image has the size of the disk, also when a snapshot is saved, which may be smaller:
/// `VirtualMachineDisks::set_saveas`.
fn describe(
    by: &User,
    vm: MachineId,
    disk: &Disk,
    (source_id, source): (ImageId, &Image),
    (wish, kind, persistent): (&NewCopy, ImageType, bool),
) -> Facts {
    let mut template = Template::default()
        .with("SAVED_DISK_ID", &disk.id.to_string())
        .with("SAVED_IMAGE_ID", &source_id.to_string())
        .with("SAVED_VM_ID", &vm.to_string())
        .with("SAVE_AS_HOT", "YES");
    if kind.has_snapshots() {
        template = template.with("DEV_PREFIX", source.template.filled("DEV_PREFIX").unwrap_or("sd"));
    }
    if let Some(target) = source.template.filled("TARGET") {
        template = template.with("TARGET", target);
    }
    Facts {
        name: wish.name.as_str().into(),
        owner: by.id,
        group: by.group,
        kind,
        persistent,
        permissions: DEFAULT_PERMISSIONS,
        datastore: source.datastore,
        size: disk.size,
        path: "".into(),
        fs: "".into(),
        copy_of: None,
        template,
    }
}

fn wanted_kind(own: ImageType, wanted: &str) -> Option<ImageType> {
    if wanted.is_empty() { Some(own) } else { ImageType::read(wanted) }
}

/// The VM that the image is saved from.
fn vm_of(image: &Image) -> Option<MachineId> {
    image.template.get("SAVED_VM_ID")?.parse().ok().map(MachineId)
}

/// MKFS succeeded: the transfer manager copies the disk, if the VM still waits for it, be it for another image
/// (`ImageManager::_mkfs`). Whether it waits shows in its state alone, so one that was deleted from the database does not
/// (`VirtualMachine::set_saveas_disk`). A VM knows of one image only that it is saved as, the last one
/// (`VirtualMachineDisks::set_saveas`).
pub(super) fn made(turn: &mut Here<'_>, id: ImageId, image: &Image, payload: &str) {
    let vm_id = vm_of(image);
    let vm = vm_id.and_then(|vm| turn.world().find_vm(vm)).cloned();
    let disk = image.template.get("SAVED_DISK_ID").and_then(|disk| disk.parse().ok());
    let saving = vm.as_ref().filter(|vm| vm.state.saved_from().is_some());
    let disk = saving.and_then(|vm| vm.disk(disk?).cloned());
    let (Some(vm_id), Some(disk)) = (vm_id, disk) else {
        let reason = format!("Image created to save as disk but VM is no longer running: {payload}");
        return fail(turn, id, &reason);
    };
    if let Some(vm) = &vm {
        end(turn, vm_id, vm);
    }
    change_disk(turn, vm_id, &disk, &mut |disk| disk.saved_as = Some(id));
    driver::call_for_vm(turn, Kind::Transfer, vm_id);
    // A disk whose image had no data yet when it was taken has no format, unless it is the first of them.
    let format = disk.image().map_or("", |image| &image.place.format);
    if format.is_empty() {
        let text = "Image created to save as a disk but VM disk does not contains either FORMAT or DRIVER attribute.";
        fail(turn, id, &format!("{text}: {payload}"));
        return give_up(turn, image);
    }
    edit(turn, id, Edit::Placed(shared::place(payload, format)));
}

/// The transfer ended: `saveas_success_action`, `saveas_failure_action`.
pub(super) fn transferred(turn: &mut Here<'_>, id: MachineId, vm: &Vm, ok: bool) {
    let Some(back) = vm.state.saved_from() else { return };
    let target = vm.disks.iter().find_map(|disk| disk.saved_as);
    end(turn, id, vm);
    move_vm(turn, id, vm.state, back);
    let Some(target) = target.filter(|target| find(turn, *target).is_some()) else { return };
    saved(turn, target);
    if ok {
        unlock(turn, target);
    } else {
        enter(turn, target, ImageState::Error);
    }
}

/// Removes `SAVE_AS_HOT`: the image is saved.
fn saved(turn: &mut Here<'_>, id: ImageId) {
    if let Some(image) = find(turn, id) {
        edit(turn, id, Edit::Template(image.template.without("SAVE_AS_HOT")));
    }
}

/// Nobody waits for the new image any more: the VM leaves its state, even if by now it saves another
/// image (`VirtualMachine::clear_saveas_state`).
pub(super) fn give_up(turn: &mut Here<'_>, image: &Image) {
    let Some(vm_id) = vm_of(image) else { return };
    let Some(vm) = turn.world().vms.shared(vm_id) else { return };
    let Some(back) = vm.state.saved_from() else { return };
    end(turn, vm_id, &vm);
    move_vm(turn, vm_id, vm.state, back);
}

fn end(turn: &mut Here<'_>, id: MachineId, vm: &Vm) {
    for disk in vm.disks.iter().filter(|disk| disk.saved_as.is_some()) {
        change_disk(turn, id, disk, &mut |disk| disk.saved_as = None);
    }
}
