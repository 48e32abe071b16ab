//! The disks of a VM, as a template wants them and as their images allow:
//! `VirtualMachineDisks::get_images`, `ImagePool::acquire_disk`.

use std::sync::Arc;

use super::Here;
use super::acquire::{When, acquire, release};
use super::fixture::{self, User};
use super::kinds::{ImageType, Orphans};
use super::names;
use super::state::ImageState;
use super::world::{Disk, DiskImage, From, Image, World};
use crate::engine::order::in_order;
use crate::engine::{ImageId, MachineId};

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
    pub(super) fn find(&self, world: &World, by: &User) -> Result<ImageId, String> {
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

/// A disk, still without a target; with the type of its image and the prefix of its target.
pub(super) fn make_disk(
    turn: &mut Here<'_>,
    by: &User,
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
    let order = in_order(0..made.len(), |&place| match made[place].1 {
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
