//! A new VM: `VirtualMachineAllocateAPI`, `VirtualMachine::insert`.

use std::sync::Arc;

use super::Here;
use super::acquire::{When, release};
use super::action::NewVm;
use super::answer::{self, Answer, Method};
use super::authorize::Request;
use super::change::{Change, What};
use super::datastores::check_vm_quota;
use super::disks::{DiskWish, Made, make_disk, with_targets};
use super::fixture::User;
use super::image_state::find;
use super::kinds::{ImageType, Right};
use super::state::ImageState;
use super::template::{self, Attribute};
use super::vm_state::VmState;
use super::world::{Disk, Origin, Vm, World};
use crate::engine::refusal::Text;
use crate::engine::{ImageId, MachineId};

const METHOD: Method = Method("vm.allocate");

/// `onevm create`.
pub(super) fn create(turn: &mut Here<'_>, by: &User, new: &NewVm) -> Answer {
    let attributes = template::read(&new.template).map_err(|problem| METHOD.internal(problem))?;
    let mut wishes: Vec<DiskWish<'_>> = new.images.iter().map(|image| DiskWish::of(image)).collect();
    for attribute in &attributes {
        if let Attribute::Vector(name, values) = attribute
            && name == "DISK"
        {
            wishes.push(DiskWish::default().read(values));
        }
    }
    let images = wishes.iter().filter_map(|wish| wish.find(turn.world(), by).ok());
    let images: Vec<ImageId> = images.collect();
    let mut request = Request::new(turn.world(), METHOD, by);
    request.create("VM");
    for &image in &images {
        request.image(image, Right::Use);
    }
    request.check()?;
    for &image in &images {
        check_vm_quota(turn.world(), METHOD, by, image)?;
    }
    let made = check_kernel(turn.world(), &attributes)
        .map_err(Text::from)
        .and_then(|()| insert(turn, by, &new.name, new.on_hold, &wishes));
    made.map(|vm| answer::id(vm.0)).map_err(|problem| {
        burn_first_id(turn);
        METHOD.internal(problem).hint(NOT_TAKEN)
    })
}

/// What to do when an image cannot be acquired.
const NOT_TAKEN: &str =
    "A VM takes images that are READY, USED or LOCKED, and a persistent one only for itself.";

/// The very first allocation that fails in the database uses its id up: `PoolSQL::allocate`.
pub(super) fn burn_first_id(turn: &mut Here<'_>) {
    if turn.world().next_vm == 0 {
        turn.change(Change(What::VmIdBurnt));
    }
}

/// Kernel and ramdisk are only referred to, and must be READY: `VirtualMachine::parse_os`.
fn check_kernel(world: &World, attributes: &[Attribute]) -> Result<(), String> {
    for attribute in attributes {
        let Attribute::Vector(name, values) = attribute else { continue };
        for (name, reference) in values.iter().filter(|_| name == "OS") {
            match name.as_str() {
                "KERNEL_DS" => check_file(world, ImageType::Kernel, reference)?,
                "INITRD_DS" => check_file(world, ImageType::Ramdisk, reference)?,
                _ => {}
            }
        }
    }
    Ok(())
}

fn check_file(world: &World, kind: ImageType, reference: &str) -> Result<(), String> {
    let id = reference.split_once("IMAGE_ID=").and_then(|(_, rest)| rest.strip_suffix(']'));
    let Some(id) = id.and_then(|id| id.trim_matches('"').parse::<u32>().ok()) else { return Ok(()) };
    let image = world
        .find_image(ImageId(id))
        .ok_or_else(|| format!("Error parsing: {reference}. Image with ID: {id} does not exist"))?;
    if image.state == ImageState::Ready {
        Ok(())
    } else {
        Err(format!("{} Image '{id} 'not in READY state.", kind.name()))
    }
}

/// Acquires every disk and puts the VM into the pool. If one fails, all are given back.
pub(super) fn insert(
    turn: &mut Here<'_>,
    by: &User,
    name: &str,
    on_hold: bool,
    wishes: &[DiskWish<'_>],
) -> Result<MachineId, Text> {
    let id = MachineId(turn.world().next_vm);
    let mut made: Vec<Made> = Vec::new();
    for (index, wish) in wishes.iter().enumerate() {
        let number = u32::try_from(index).unwrap_or(u32::MAX);
        let disk = make_disk(turn, by, id, number, wish, When::Created);
        let disk = disk.map_err(|problem| problem.after("DISK {}: ", [number.into()]));
        match disk.and_then(|disk| check_shared(&made, disk)) {
            Ok(disk) => made.push(disk),
            Err(problem) => {
                give_back(turn, id, &made, wishes.get(index), by);
                return Err(problem);
            }
        }
    }
    let disks = with_targets(made, &[]);
    let waits = disks.iter().any(|disk| disk.image().is_some_and(|image| image.cloning));
    let state = match (waits, on_hold) {
        (true, _) => VmState::Cloning,
        (false, true) => VmState::Hold,
        (false, false) => VmState::Pending,
    };
    let name = if name.is_empty() { format!("one-{id}") } else { name.to_owned() };
    let vm = Vm {
        name: name.into(),
        owner: by.id,
        group: by.group,
        state,
        on_hold,
        has_history: false,
        origin: Origin::Fresh,
        disks,
        target: None,
        backup: None,
    };
    turn.change(Change(What::VmCreated(id, Arc::new(vm))));
    Ok(id)
}

/// A directory is shared with a VM only once, and every target is its own:
/// `VirtualMachineDisks::get_images`.
fn check_shared(made: &[Made], disk: Made) -> Result<Made, Text> {
    let same = |other: &Disk| other.image_id() == disk.0.image_id();
    if disk.1 == Some(ImageType::Filesystem) && made.iter().any(|(other, ..)| same(other)) {
        return Err("File system image can only be added once to the same VM".into());
    }
    if let Some(target) = &disk.0.target
        && made.iter().any(|(other, ..)| other.target.as_ref() == Some(target))
    {
        return Err(format!("Two disks have defined the same target {target}").into());
    }
    Ok(disk)
}

fn give_back(turn: &mut Here<'_>, vm: MachineId, made: &[Made], failed: Option<&DiskWish<'_>>, by: &User) {
    let failed = failed.and_then(|wish| wish.find(turn.world(), by).ok());
    let held =
        |image: &ImageId, turn: &Here<'_>| find(turn, *image).is_some_and(|image| image.vms.contains(&vm));
    for image in made.iter().filter_map(|(disk, ..)| disk.image_id()).chain(failed) {
        if held(&image, turn) {
            release(turn, image, vm, false);
        }
    }
}
