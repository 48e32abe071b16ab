//! A new VM and its disks: `VirtualMachineAllocateAPI`, `VirtualMachine::insert`,
//! `VirtualMachineDisks::get_images`.

use std::sync::Arc;

use super::Here;
use super::acquire::{When, acquire, release};
use super::action::NewVm;
use super::answer::{self, Answer, Method};
use super::authorize::Request;
use super::change::{Change, What};
use super::datastores::check_vm_quota;
use super::fixture::{self, User};
use super::image_state::find;
use super::kinds::{ImageType, Orphans, Right};
use super::names;
use super::state::ImageState;
use super::template::{self, Attribute};
use super::vm_state::VmState;
use super::world::{Disk, DiskImage, From, Image, Origin, Vm, World};
use crate::engine::{ImageId, MachineId};

const METHOD: Method = Method("vm.allocate");

/// A disk, the type of its image, and the prefix of its target.
pub(super) type Made = (Disk, Option<ImageType>, String);

/// A disk as a template describes it.
#[derive(Clone, Debug, Default)]
pub(super) struct DiskWish {
    pub(super) image_id: Option<String>,
    pub(super) image: Option<String>,
    pub(super) owner: Option<String>,
    pub(super) size: Option<String>,
    kind: Option<String>,
    prefix: Option<String>,
    target: Option<String>,
}

impl DiskWish {
    /// An image by its id, or by its name when it is no number.
    pub(super) fn of(image: &str) -> Self {
        match image.parse::<i64>() {
            Ok(_) => Self { image_id: Some(image.to_owned()), ..Self::default() },
            Err(_) => Self { image: Some(image.to_owned()), ..Self::default() },
        }
    }

    /// Takes in the values of a DISK vector.
    pub(super) fn read(mut self, values: &[(String, String)]) -> Self {
        for (name, value) in values {
            let value = Some(value.clone());
            match name.as_str() {
                "IMAGE_ID" => self.image_id = value,
                "IMAGE" => self.image = value,
                "IMAGE_UNAME" => self.owner = value,
                "SIZE" => self.size = value,
                "TYPE" => self.kind = value,
                "DEV_PREFIX" => self.prefix = value,
                "TARGET" => self.target = value,
                _ => {}
            }
        }
        self
    }

    fn is_volatile(&self) -> bool {
        self.image_id.is_none() && self.image.is_none()
    }

    /// The image that is meant: `ImagePool::acquire_disk`.
    pub(super) fn find(&self, world: &World, by: User) -> Result<ImageId, String> {
        if let Some(id) = &self.image_id {
            let found = id.parse().ok().map(ImageId).filter(|id| world.find_image(*id).is_some());
            return found.ok_or_else(|| format!("Image with ID: {id} does not exist"));
        }
        let name = self.image.as_deref().unwrap_or_default();
        let owner = match &self.owner {
            Some(owner) => fixture::user_named(owner),
            None => Some(by),
        };
        let found = owner.and_then(|owner| names::taken(world, name, owner.id));
        found.ok_or_else(|| {
            format!(
                "User {} does not own an image with name: {name} . Set IMAGE_UNAME or IMAGE_UID of owner in DISK.",
                by.id
            )
        })
    }
}

/// `onevm create`.
pub(super) fn create(turn: &mut Here<'_>, by: User, new: &NewVm) -> Answer {
    let attributes = template::read(&new.template).map_err(|problem| METHOD.internal(problem))?;
    let mut wishes: Vec<DiskWish> = new.images.iter().map(|image| DiskWish::of(image)).collect();
    for attribute in &attributes {
        if let Attribute::Vector(name, values) = attribute
            && name == "DISK"
        {
            wishes.push(DiskWish::default().read(values));
        }
    }
    let images = wishes.iter().filter_map(|wish| wish.find(turn.world(), by).ok());
    let images: Vec<ImageId> = images.collect();
    let mut request = Request::new(turn.world(), METHOD, by).create("VM");
    for &image in &images {
        request = request.image(image, Right::Use);
    }
    request.check()?;
    for &image in &images {
        check_vm_quota(turn.world(), METHOD, by, image)?;
    }
    let made = check_kernel(turn.world(), &attributes)
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
    by: User,
    name: &str,
    on_hold: bool,
    wishes: &[DiskWish],
) -> Result<MachineId, String> {
    let id = MachineId(turn.world().next_vm);
    let mut made: Vec<Made> = Vec::new();
    for (index, wish) in wishes.iter().enumerate() {
        let number = u32::try_from(index).unwrap_or(u32::MAX);
        let disk = make_disk(turn, by, id, number, wish, When::Created);
        let disk = disk.map_err(|problem| format!("DISK {index}: {problem}"));
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
fn check_shared(made: &[Made], disk: Made) -> Result<Made, String> {
    let same = |other: &Disk| other.image_id() == disk.0.image_id();
    if disk.1 == Some(ImageType::Filesystem) && made.iter().any(|(other, ..)| same(other)) {
        return Err("File system image can only be added once to the same VM".to_owned());
    }
    if let Some(target) = &disk.0.target
        && made.iter().any(|(other, ..)| other.target.as_ref() == Some(target))
    {
        return Err(format!("Two disks have defined the same target {target}"));
    }
    Ok(disk)
}

fn give_back(turn: &mut Here<'_>, vm: MachineId, made: &[Made], failed: Option<&DiskWish>, by: User) {
    let failed = failed.and_then(|wish| wish.find(turn.world(), by).ok());
    let held =
        |image: &ImageId, turn: &Here<'_>| find(turn, *image).is_some_and(|image| image.vms.contains(&vm));
    for image in made.iter().filter_map(|(disk, ..)| disk.image_id()).chain(failed) {
        if held(&image, turn) {
            release(turn, image, vm, false);
        }
    }
}

/// A disk, still without a target; with the type of its image and the prefix of its target.
pub(super) fn make_disk(
    turn: &mut Here<'_>,
    by: User,
    vm: MachineId,
    number: u32,
    wish: &DiskWish,
    when: When,
) -> Result<Made, String> {
    if wish.is_volatile() {
        let prefix = wish.prefix.clone().unwrap_or_else(|| "sd".to_owned());
        return volatile(number, wish).map(|disk| (disk, None, prefix));
    }
    let id = wish.find(turn.world(), by)?;
    let image = acquire(turn, id, vm, when)?;
    let size = match check_size(id, &image, wish.size.as_deref()) {
        Ok(size) => size,
        Err(problem) => {
            release(turn, id, vm, false);
            return Err(problem);
        }
    };
    let prefix = match image.kind {
        ImageType::Cdrom => "hd",
        ImageType::Os
        | ImageType::Datablock
        | ImageType::Kernel
        | ImageType::Ramdisk
        | ImageType::Context
        | ImageType::Backup
        | ImageType::Filesystem => image.template.get("DEV_PREFIX").unwrap_or("sd"),
    };
    let prefix = wish.prefix.as_deref().unwrap_or(prefix).to_owned();
    let target = wish.target.as_deref().or(image.template.get("TARGET")).map(Arc::from);
    let disk = Disk { target, ..describe(turn.world(), number, id, &image, size) };
    Ok((disk, Some(image.kind), prefix))
}

fn volatile(number: u32, wish: &DiskWish) -> Result<Disk, String> {
    let kind = wish.kind.as_deref().unwrap_or_default();
    if !["fs", "swap"].iter().any(|known| kind.eq_ignore_ascii_case(known)) {
        return Err(format!("Unknown disk type {}", kind.to_ascii_uppercase()));
    }
    let size = wish.size.as_deref().and_then(|size| size.parse().ok()).filter(|size| *size > 0);
    let size = size.ok_or("SIZE attribute must be a positive integer value.")?;
    Ok(Disk {
        id: number,
        from: From::Volatile,
        kind: kind.into(),
        target: None,
        size,
        original_size: 0,
        attach: false,
        saved_as: None,
        size_before: None,
        snapshots: None,
    })
}

/// The size that the disk shall have: `ImagePool::disk_attribute`.
fn check_size(id: ImageId, image: &Image, wanted: Option<&str>) -> Result<u64, String> {
    let Some(wanted) = wanted.and_then(|wanted| wanted.parse::<u64>().ok()) else { return Ok(image.size) };
    if image.persistent {
        return Err(format!("SIZE attribute is not supported for persistent image [{id}]."));
    }
    if image.kind == ImageType::Cdrom {
        return Err(format!("SIZE attribute is not supported for CDROM image [{id}]."));
    }
    if wanted < image.size {
        let size = image.size;
        return Err(format!("SIZE of {wanted}MB is less than the image [{id}] size of {size}MB."));
    }
    Ok(wanted)
}

/// What the disk keeps of its image: `Image::disk_attribute`.
fn describe(world: &World, number: u32, id: ImageId, image: &Image, size: u64) -> Disk {
    let datastore = world.datastore(image.datastore);
    let is_cdrom = image.kind == ImageType::Cdrom;
    let kind = match image.kind {
        ImageType::Cdrom => "CDROM",
        ImageType::Filesystem => "FILESYSTEM",
        ImageType::Os
        | ImageType::Datablock
        | ImageType::Kernel
        | ImageType::Ramdisk
        | ImageType::Context
        | ImageType::Backup => datastore.map_or("FILE", |datastore| datastore.disk_type),
    };
    let waits = matches!(image.state, ImageState::LockedUsed | ImageState::LockedUsedPers);
    Disk {
        id: number,
        from: From::Image(DiskImage {
            id,
            name: Arc::clone(&image.name),
            state: image.state,
            cloning: waits,
            persistent: image.persistent && !is_cdrom,
            readonly: is_cdrom,
            source: Arc::clone(&image.source),
            datastore: image.datastore,
            orphans: datastore.map_or(Orphans::No, |datastore| datastore.orphans(&image.format)),
        }),
        kind: kind.into(),
        target: None,
        size,
        original_size: image.size,
        attach: false,
        saved_as: None,
        size_before: None,
        snapshots: image.snapshots.clone().filter(|_| image.has_snapshots()),
    }
}

/// Gives every disk its target: first the first OS, then CDROMs, then the rest
/// (`VirtualMachineDisks::assign_disk_targets`).
pub(super) fn with_targets(mut made: Vec<Made>, others: &[Disk]) -> Vec<Disk> {
    let first_os = made.iter().position(|(_, kind, _)| *kind == Some(ImageType::Os));
    let mut order: Vec<usize> = (0..made.len()).collect();
    order.sort_by_key(|&place| match made[place].1 {
        Some(ImageType::Os) if Some(place) == first_os => 0,
        Some(ImageType::Cdrom) => 1,
        _ => 2,
    });
    let given = made.iter().map(|(disk, ..)| disk).chain(others);
    let mut used: Vec<Arc<str>> = given.filter_map(|disk| disk.target.clone()).collect();
    for place in order {
        let (disk, kind, prefix) = &mut made[place];
        if *kind != Some(ImageType::Filesystem) && disk.target.is_none() {
            let free = ('a'..='z').map(|letter| format!("{prefix}{letter}"));
            disk.target = free.map(Arc::from).find(|target| !used.contains(target));
            used.extend(disk.target.clone());
        }
    }
    made.into_iter().map(|(disk, ..)| disk).collect()
}
