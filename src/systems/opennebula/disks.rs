//! The disks of a VM, as a template wants them and as their images allow:
//! `VirtualMachineDisks::get_images`, `ImagePool::acquire_disk`.

use std::borrow::Cow;
use std::sync::Arc;

use super::Here;
use super::acquire::{When, acquire, missing, release};
use super::fixture::{self, User};
use super::kinds::ImageType;
use super::names;
use super::shared;
use super::state::ImageState;
use super::world::{Data, Disk, DiskImage, From, Image, World};
use crate::engine::refusal::{Fill, Text};
use crate::engine::{ImageId, MachineId};

/// A disk, the type of its image, and the prefix of its target.
pub(super) type Made = (Disk, Option<ImageType>, Cow<'static, str>);

/// A disk as a template describes it.
#[derive(Clone, Debug, Default)]
pub(super) struct DiskWish<'a> {
    pub(super) image_id: Option<&'a str>,
    /// The same as a number, if it is one.
    number: Option<u32>,
    pub(super) image: Option<&'a str>,
    owner: Option<&'a str>,
    /// `IMAGE_UID`, which counts before the name of the owner.
    owner_id: Option<&'a str>,
    pub(super) size: Option<&'a str>,
    kind: Option<&'a str>,
    prefix: Option<&'a str>,
    target: Option<&'a str>,
    readonly: Option<&'a str>,
}

impl<'a> DiskWish<'a> {
    /// An image by its id, or by its name when it is no number.
    pub(super) fn of(image: &'a str) -> Self {
        let number = image.parse().ok();
        if number.is_some() || is_whole(image) {
            Self { image_id: Some(image), number, ..Self::default() }
        } else {
            Self { image: Some(image), ..Self::default() }
        }
    }

    /// Takes in the values of a DISK vector.
    pub(super) fn read(mut self, values: &'a [(String, String)]) -> Self {
        for (name, value) in values {
            self.set(name, value);
        }
        self
    }

    /// Takes in one value of a DISK vector.
    pub(super) fn set(&mut self, name: &str, value: &'a str) {
        let value = Some(value);
        match name {
            "IMAGE_ID" => {
                self.image_id = value.filter(|id| is_whole(id));
                self.number = value.and_then(|id| id.parse().ok());
            }
            "IMAGE" => self.image = value,
            "IMAGE_UNAME" => self.owner = value,
            "IMAGE_UID" => self.owner_id = value,
            "SIZE" => self.size = value,
            "TYPE" => self.kind = value,
            "DEV_PREFIX" => self.prefix = value,
            "TARGET" => self.target = value,
            "READONLY" => self.readonly = value,
            _ => {}
        }
    }

    fn is_volatile(&self) -> bool {
        self.image_id.is_none() && self.image.is_none()
    }

    /// The image that a right is asked for, if there is one. Where one is named, nothing else is looked for:
    /// `VirtualMachineDisk::authorize`.
    pub(super) fn authorized(&self, world: &World, by: &User) -> Option<ImageId> {
        let Some(name) = self.image else { return self.numbered(world) };
        self.owner_of_image(by).and_then(|owner| names::taken(world, name, owner))
    }

    /// The image that is meant, if there is one. Its number takes the place of another that is given beside its name;
    /// where nobody has the name, the number counts (`ImagePool::acquire_disk`), which no right was asked for.
    pub(super) fn found(&self, world: &World, by: &User) -> Option<ImageId> {
        self.authorized(world, by).or_else(|| self.numbered(world))
    }

    fn numbered(&self, world: &World) -> Option<ImageId> {
        self.number.map(ImageId).filter(|id| self.image_id.is_some() && world.find_image(*id).is_some())
    }

    /// Whose image is meant, if that is somebody: `VirtualMachineDisk::get_uid`.
    fn owner_of_image(&self, by: &User) -> Option<u32> {
        let given = |text: Option<&'a str>| text.filter(|text| !text.is_empty());
        match (given(self.owner_id), given(self.owner)) {
            (Some(id), _) => id.parse().ok(),
            (None, Some(name)) => fixture::user_named(name).map(|user| user.id),
            (None, None) => Some(by.id),
        }
    }

    /// The image that is meant.
    fn find(&self, world: &World, by: &User) -> Result<ImageId, Text> {
        self.found(world, by).ok_or_else(|| {
            if let Some(id) = self.image_id {
                return Text::new("Image with ID: {} does not exist", [Fill::Text(id.into())]);
            }
            let name = self.image.unwrap_or_default();
            let owner = self.owner_of_image(by).unwrap_or(by.id);
            let text = format!(
                "User {owner} does not own an image with name: {name} . Set IMAGE_UNAME or IMAGE_UID of owner in DISK."
            );
            text.into()
        })
    }
}

/// Whether a value is the number of something; else it counts as left out (`VectorAttribute::vector_value`).
fn is_whole(id: &str) -> bool {
    id.parse::<i32>().is_ok()
}

/// A disk, still without a target; with the type of its image and the prefix of its target.
pub(super) fn make_disk(
    turn: &mut Here<'_>,
    by: &User,
    vm: MachineId,
    number: u32,
    wish: &DiskWish<'_>,
    when: When,
) -> Result<Made, Text> {
    if wish.is_volatile() {
        let prefix = shared::prefix(wish.prefix.unwrap_or("sd"));
        let disk = volatile(number, wish)?;
        return Ok((disk, None, prefix));
    }
    let id = wish.find(turn.world(), by)?;
    acquire(turn, id, vm, when)?;
    let made = describe_made(turn.world(), number, wish, id);
    if made.is_err() {
        release(turn, id, vm, false);
    }
    made
}

/// A disk of an image that has been acquired.
fn describe_made(world: &World, number: u32, wish: &DiskWish<'_>, id: ImageId) -> Result<Made, Text> {
    let image = world.find_image(id).ok_or_else(|| missing(id))?;
    let size = check_size(id, image, wish.size)?;
    let prefix = match image.kind {
        ImageType::Cdrom => "hd",
        ImageType::Os
        | ImageType::Datablock
        | ImageType::Kernel
        | ImageType::Ramdisk
        | ImageType::Context
        | ImageType::Backup
        | ImageType::Filesystem => image.template.filled("DEV_PREFIX").unwrap_or("sd"),
    };
    let prefix = shared::prefix(wish.prefix.unwrap_or(prefix));
    let target = wish.target.or(image.template.filled("TARGET")).map(Arc::from);
    let mut disk = describe(world, number, id, image, (size, target));
    if let Some(own) = disk.image_mut() {
        own.readonly |= is_readonly(wish.readonly, image);
    }
    Ok((disk, Some(image.kind), prefix))
}

/// What the disk's template says, or else the image's; an empty word says nothing.
fn is_readonly(wanted: Option<&str>, image: &Image) -> bool {
    let given = |word: &&str| !word.is_empty();
    let word = wanted.filter(given).or_else(|| image.template.get("READONLY").filter(given));
    word.is_some_and(|word| word.eq_ignore_ascii_case("YES"))
}

fn volatile(number: u32, wish: &DiskWish<'_>) -> Result<Disk, String> {
    let kind = wish.kind.unwrap_or_default();
    if !["fs", "swap"].iter().any(|known| kind.eq_ignore_ascii_case(known)) {
        return Err(format!("Unknown disk type {}", kind.to_ascii_uppercase()));
    }
    let size = wish.size.and_then(|size| size.trim_start().parse().ok()).filter(|size| *size > 0);
    let size = size.ok_or("SIZE attribute must be a positive integer value.")?;
    Ok(without_image(number, From::Volatile, size, kind.to_owned().into()))
}

fn without_image(id: u32, from: From, size: i64, kind: Cow<'static, str>) -> Disk {
    Disk {
        id,
        from,
        kind,
        target: None,
        size,
        original_size: 0,
        attach: false,
        saved_as: None,
        size_before: None,
        snapshots: None,
    }
}

/// The CD-ROM of the context, after the disks of a new VM: `VirtualMachineDisks::get_images`. The target that it may
/// want is looked for when the first OS has its own, and the other disks have none yet.
pub(super) fn make_context(made: &mut [Made], values: &[(String, String)]) -> Result<Made, Text> {
    let value = |wanted: &str| {
        let mut given = values.iter().filter(|(name, value)| name == wanted && !value.is_empty());
        given.next().map(|(_, value)| value.as_str())
    };
    let prefix = shared::prefix(value("DEV_PREFIX").unwrap_or("hd"));
    let number = u32::try_from(made.len()).unwrap_or(u32::MAX);
    let mut disk = without_image(number, From::Context, 0, "".into());
    disk.target = value("TARGET").map(Arc::from);
    if let Some(target) = &disk.target {
        assign_ranked(made, &[], 0);
        check_target(made, target)?;
    }
    Ok((disk, Some(ImageType::Cdrom), prefix))
}

/// Every target is its own: `VirtualMachineDisks::get_images`.
pub(super) fn check_target(made: &[Made], target: &Arc<str>) -> Result<(), Text> {
    if made.iter().any(|(other, ..)| other.target.as_ref() == Some(target)) {
        return Err(format!("Two disks have defined the same target {target}").into());
    }
    Ok(())
}

/// The size that the disk shall have: `ImagePool::acquire_disk`. The image's own is always right.
fn check_size(id: ImageId, image: &Image, wanted: Option<&str>) -> Result<i64, String> {
    let size = image.size;
    let Some(wanted) = wanted.and_then(|wanted| wanted.trim_start().parse::<i64>().ok()) else {
        return Ok(size);
    };
    if wanted == size {
        return Ok(size);
    }
    if image.persistent {
        return Err(format!("SIZE attribute is not supported for persistent image [{id}]."));
    }
    if image.kind == ImageType::Cdrom {
        return Err(format!("SIZE attribute is not supported for CDROM image [{id}]."));
    }
    if wanted < size {
        return Err(format!("SIZE of {wanted}MB is less than the image [{id}] size of {size}MB."));
    }
    Ok(wanted)
}

/// What the disk keeps of its image: `Image::disk_attribute`.
fn describe(
    world: &World,
    number: u32,
    id: ImageId,
    image: &Image,
    (size, target): (i64, Option<Arc<str>>),
) -> Disk {
    let datastore = world.datastore(image.datastore);
    let data = image.data();
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
            data,
            readonly: data == Data::Fixed,
            place: Arc::clone(&image.place),
            datastore: image.datastore,
        }),
        kind: kind.into(),
        target,
        size,
        original_size: image.size,
        attach: false,
        saved_as: None,
        size_before: None,
        snapshots: image.snapshots.clone().filter(|_| image.has_snapshots()),
    }
}

/// Gives every disk its target: first the first OS, then CDROMs, then the rest
/// (`VirtualMachineDisks::get_images`).
pub(super) fn assign_targets(made: &mut [Made], others: &[Disk]) {
    for rank in 0..3 {
        assign_ranked(made, others, rank);
    }
}

/// Where there is no letter left, the last one is given once more: `VirtualMachineDisks::assign_disk_targets`.
fn assign_ranked(made: &mut [Made], others: &[Disk], wanted: u8) {
    let first_os = made.iter().position(|(_, kind, _)| *kind == Some(ImageType::Os));
    let rank = |place: usize, kind: Option<ImageType>| match kind {
        Some(ImageType::Os) if Some(place) == first_os => 0,
        Some(ImageType::Cdrom) => 1,
        _ => 2,
    };
    for place in 0..made.len() {
        let (disk, kind, prefix) = &made[place];
        let has_none = *kind != Some(ImageType::Filesystem) && disk.target.is_none();
        if rank(place, *kind) == wanted && has_none {
            let targets = || made.iter().map(|(disk, ..)| disk).chain(others).filter_map(Disk::target);
            let is_used = |letter: u8| {
                let ends_so =
                    |target: &str| target.strip_prefix(&**prefix).map(str::as_bytes) == Some(&[letter]);
                targets().any(ends_so)
            };
            let free = (b'a'..=b'z').find(|letter| !is_used(*letter)).unwrap_or(b'z');
            made[place].0.target = Some(shared::target(prefix, free.into()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_letter_is_given_again_when_all_are_used() {
        let disk = |number| (without_image(number, From::Volatile, 1, "fs".into()), None, "sd".into());
        let mut made: Vec<Made> = (0..28).map(disk).collect();
        assign_targets(&mut made, &[]);
        let targets: Vec<&str> = made[24..].iter().filter_map(|(disk, ..)| disk.target()).collect();
        assert_eq!(targets, ["sdy", "sdz", "sdz", "sdz"]);
    }
}
