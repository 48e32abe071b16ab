//! A new VM: `VirtualMachineAllocateAPI`, `VirtualMachine::insert`.

use std::sync::Arc;

use super::Here;
use super::acquire::{When, release};
use super::action::NewVm;
use super::answer::{self, Answer, Method};
use super::authorize::Request;
use super::change::{Change, What};
use super::datastores::{check_copies_quota, check_vm_quota};
use super::disks::{DiskWish, Made, assign_targets, check_target, make_context, make_disk};
use super::fixture::User;
use super::image_state::find;
use super::kinds::{ImageType, Right};
use super::shared::shared;
use super::state::ImageState;
use super::template::{self, Attribute, trimmed};
use super::vm_state::VmState;
use super::world::{Disk, Image, Origin, Vm, World};
use crate::engine::few::Few;
use crate::engine::refusal::Text;
use crate::engine::{ImageId, MachineId};

const METHOD: Method = Method("[one.vm.allocate] ");

/// `onevm create`.
pub(super) fn create(turn: &mut Here<'_>, by: &User, new: &NewVm) -> Answer {
    let attributes = template::read(&new.template).map_err(|problem| METHOD.internal(problem))?;
    let mut wishes: Few<DiskWish<'_>> = new.images.iter().map(|image| DiskWish::of(image)).collect();
    for attribute in &attributes {
        if let Attribute::Vector(name, values) = attribute
            && name == "DISK"
        {
            wishes.push(DiskWish::default().read(values));
        }
    }
    let mut request = Request::new(turn.world(), METHOD, by);
    request.create("VM");
    for image in wishes.iter().filter_map(|wish| wish.authorized(turn.world(), by)) {
        request.image(image, Right::Use);
    }
    request.check()?;
    let images = wishes.iter().filter_map(|wish| wish.found(turn.world(), by));
    let images: Few<ImageId> = images.collect();
    check_vm_quota(turn.world(), METHOD, by, by.id, &images)?;
    check_copies_quota(turn.world(), METHOD, by, by.id, &images)?;
    let made = check_kernel(turn.world(), &attributes)
        .map_err(Text::from)
        .and_then(|()| insert(turn, by, (trimmed(&new.name), new.on_hold), &attributes, &wishes));
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

/// Kernel and ramdisk are only referred to, and must be READY: `VirtualMachine::set_os_file`.
fn check_kernel(world: &World, attributes: &[Attribute]) -> Result<(), String> {
    for (name, reference) in inside(attributes, "OS") {
        let (base, wanted) = match name {
            "KERNEL_DS" => ("KERNEL", ImageType::Kernel),
            "INITRD_DS" => ("INITRD", ImageType::Ramdisk),
            _ => continue,
        };
        for (id, image) in files(world, reference)? {
            let (wanted, kind) = (wanted.name(), image.kind.name());
            if kind != wanted {
                return Err(format!("{base} needs an image of type {wanted} and not {kind}"));
            }
            if image.state != ImageState::Ready {
                return Err(format!("{kind} Image '{id} 'not in READY state."));
            }
        }
    }
    Ok(())
}

/// So are the files of the context, which are looked at when the disks are taken already:
/// `VirtualMachine::parse_context`.
fn check_context(world: &World, attributes: &[Attribute]) -> Result<(), String> {
    for (_, reference) in inside(attributes, "CONTEXT").filter(|(name, _)| *name == "FILES_DS") {
        for (id, image) in files(world, reference)? {
            if image.kind != ImageType::Context {
                return Err("Only images of type CONTEXT can be used in FILE_DS attribute.".to_owned());
            }
            if image.state != ImageState::Ready {
                return Err(format!("CONTEXT Image '{id}' not in READY state."));
            }
        }
    }
    Ok(())
}

/// The values in every vector of this name.
fn inside<'a>(attributes: &'a [Attribute], vector: &str) -> impl Iterator<Item = (&'a str, &'a str)> {
    let values = attributes.iter().filter_map(move |attribute| match attribute {
        Attribute::Vector(name, values) if name == vector => Some(values),
        Attribute::Vector(..) | Attribute::Single(..) => None,
    });
    values.flatten().map(|(name, value)| (name.as_str(), value.as_str()))
}

/// The images of `$FILE[IMAGE_ID=1] $FILE[IMAGE_ID=2]`: `VirtualMachine::parse_file_attribute`.
fn files<'a>(world: &'a World, reference: &str) -> Result<Vec<(u32, &'a Image)>, String> {
    let mut files = Vec::new();
    for rest in reference.split("IMAGE_ID=").skip(1) {
        let id = rest.split_once(']').map(|(id, _)| id.trim_matches(['"', ' ', '\\']));
        let Some(id) = id.and_then(|id| id.parse().ok()) else { continue };
        let image = world.find_image(ImageId(id));
        let missing = || format!("Error parsing: {reference}. Image with ID: {id} does not exist");
        files.push((id, image.ok_or_else(missing)?));
    }
    Ok(files)
}

/// How many disks with the prefix of CDROMs a VM has at most: `VirtualMachineDisks::get_images`.
const MOST_HD: usize = 4;

/// How many disks a VM has at most: `VirtualMachine::get_disk_images`.
const MOST_DISKS: usize = 20;

fn is_q35(attributes: &[Attribute]) -> bool {
    inside(attributes, "OS").any(|(name, value)| name == "MACHINE" && value.contains("q35"))
}

/// Acquires every disk and puts the VM into the pool. If one fails, all are given back.
pub(super) fn insert(
    turn: &mut Here<'_>,
    by: &User,
    (name, on_hold): (&str, bool),
    attributes: &[Attribute],
    wishes: &[DiskWish<'_>],
) -> Result<MachineId, Text> {
    if wishes.len() > MOST_DISKS {
        return Err(format!("Exceeded the maximum number of disks ({MOST_DISKS})").into());
    }
    let id = MachineId(turn.world().next_vm);
    let mut made: Few<Made> = Few::default();
    for (index, wish) in wishes.iter().enumerate() {
        let number = u32::try_from(index).unwrap_or(u32::MAX);
        let problem = match make_disk(turn, by, id, number, wish, When::Created) {
            Ok(disk) => match check_shared(&made, &disk) {
                Ok(()) => {
                    made.push(disk);
                    continue;
                }
                Err(problem) => problem,
            },
            Err(problem) => problem.after("DISK {}: ", [number.into()]),
        };
        give_back(turn, id, &made, wishes.get(index), by);
        return Err(problem);
    }
    let hd = made.iter().filter(|(.., prefix)| &**prefix == "hd").count();
    let context = attributes.iter().find_map(|attribute| match attribute {
        Attribute::Vector(name, values) if name == "CONTEXT" => Some(values),
        Attribute::Vector(..) | Attribute::Single(..) => None,
    });
    if let Some(values) = context {
        match make_context(&mut made, values) {
            Ok(disk) => made.push(disk),
            Err(problem) => {
                give_back(turn, id, &made, None, by);
                return Err(problem);
            }
        }
    }
    if hd > MOST_HD && !is_q35(attributes) {
        give_back(turn, id, &made, None, by);
        return Err(format!("Non-q35 VM {id} has more than {MOST_HD} hd disks").into());
    }
    if let Err(problem) = check_context(turn.world(), attributes) {
        give_back(turn, id, &made, None, by);
        return Err(problem.into());
    }
    assign_targets(&mut made, &[]);
    let disks: Arc<[Disk]> = made.into_iter().map(|(disk, ..)| disk).collect::<Few<Disk>>().into();
    let waits = disks.iter().any(|disk| disk.image().is_some_and(|image| image.cloning));
    let state = match (waits, on_hold) {
        (true, _) => VmState::Cloning,
        (false, true) => VmState::Hold,
        (false, false) => VmState::Pending,
    };
    let vm = Vm {
        name: shared(name),
        owner: by.id,
        group: by.group,
        state,
        on_hold,
        has_history: false,
        origin: Origin::Fresh,
        cut_off: false,
        disks,
        target: None,
        backup: None,
    };
    turn.change(Change(What::VmCreated(id, Arc::new(vm))));
    Ok(id)
}

/// A directory is shared with a VM only once, and every target is its own: `VirtualMachineDisks::get_images`.
fn check_shared(made: &[Made], disk: &Made) -> Result<(), Text> {
    let same = |other: &Disk| other.image_id() == disk.0.image_id();
    if disk.1 == Some(ImageType::Filesystem) && made.iter().any(|(other, ..)| same(other)) {
        return Err("File system image can only be added once to the same VM".into());
    }
    disk.0.target.as_ref().map_or(Ok(()), |target| check_target(made, target))
}

fn give_back(turn: &mut Here<'_>, vm: MachineId, made: &[Made], failed: Option<&DiskWish<'_>>, by: &User) {
    let failed = failed.and_then(|wish| wish.found(turn.world(), by));
    let held =
        |image: &ImageId, turn: &Here<'_>| find(turn, *image).is_some_and(|image| image.vms.contains(&vm));
    for image in made.iter().filter_map(|(disk, ..)| disk.image_id()).chain(failed) {
        if held(&image, turn) {
            release(turn, image, vm, false);
        }
    }
}
