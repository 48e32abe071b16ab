//! Datastores, quotas and users, as far as images depend on them.

use super::Here;
use super::answer::{self, Answer, Method};
use super::authorize::Request;
use super::change::Edit;
use super::driver::change_site;
use super::fixture::{self, Target, User};
use super::image_state::edit;
use super::names;
use super::template::{self, Attribute};
use super::vm_state::VmState;
use super::world::{Disk, Image, Limited, Preferences, Quota, Vm, World};
use crate::engine::{ImageId, Refusal};

/// `onedatastore delete`: `DatastoreDeleteAPI`, `DatastorePool::drop`.
pub(super) fn delete(turn: &mut Here<'_>, by: &User, id: i64) -> Answer {
    let method = Method("[one.datastore.delete] ");
    let found = existing(turn.world(), method, id)?;
    may_manage(turn.world(), method, by, found)?;
    if turn.world().images.values().any(|image| image.datastore == found) {
        let text = format_args!("Cannot delete datastore. Datastore {found} is not empty.");
        return Err(method.action(text));
    }
    change_site(turn, &mut |site| site.deleted_datastores.push(found));
    Ok(answer::id(found))
}

/// `onedatastore rename`: `SharedAPI::rename`, as for an image, but that a name is taken for everybody
/// (`DatastorePool::get`). The images know their datastore by its new name (`DatastoreAPI::batch_rename`).
pub(super) fn rename(turn: &mut Here<'_>, by: &User, id: i64, name: &str) -> Answer {
    let method = Method("[one.datastore.rename] ");
    let found = existing(turn.world(), method, id)?;
    if turn.world().datastore_name(found) == name {
        return Ok(answer::id(found));
    }
    may_manage(turn.world(), method, by, found)?;
    if let Some(other) = named(turn.world(), name) {
        let text =
            format_args!("datastore cannot be renamed to {name} because it collides with datastore {other}");
        return Err(method.action(text));
    }
    names::check(name).map_err(|problem| method.action(problem))?;
    change_site(turn, &mut |site| {
        site.renamed_datastores.retain(|(renamed, _)| *renamed != found);
        site.renamed_datastores.push((found, name.into()));
    });
    for (id, image) in turn.world().images.clone().iter() {
        if image.datastore == found {
            edit(turn, id, Edit::Touched);
        }
    }
    Ok(answer::id(found))
}

/// The datastore with this name.
fn named(world: &World, name: &str) -> Option<u32> {
    let mut ids = fixture::DATASTORES.iter().map(|datastore| datastore.id);
    ids.find(|id| world.datastore(*id).is_some() && world.datastore_name(*id) == name)
}

/// A datastore that must exist.
fn existing(world: &World, method: Method, id: i64) -> Result<u32, Refusal> {
    let found = u32::try_from(id).ok().filter(|id| world.datastore(*id).is_some());
    found.ok_or_else(|| method.missing("datastore", id))
}

/// Only administrators may change a datastore.
fn may_manage(world: &World, method: Method, by: &User, id: u32) -> Result<(), Refusal> {
    Request::new(world, method, by).administrate("MANAGE DATASTORE", id).check()
}

/// `oneuser quota`: `UserAPI::quota`.
pub(super) fn set_quota(turn: &mut Here<'_>, by: &User, user: i64, of: Limited, limit: u32) -> Answer {
    let method = Method("[one.user.quota] ");
    let user = existing_user(method, user)?;
    Request::new(turn.world(), method, by).administrate("ADMIN USER", user).check()?;
    if user == fixture::ONEADMIN.id {
        return Err(method.action("Cannot set quotas for oneadmin user"));
    }
    change_site(turn, &mut |site| {
        site.quotas.retain(|quota| (quota.user, quota.of) != (user, of));
        site.quotas.push(Quota { user, of, limit });
    });
    Ok(answer::id(user))
}

fn existing_user(method: Method, id: i64) -> Result<u32, Refusal> {
    let found = u32::try_from(id).ok().and_then(fixture::user);
    found.map(|user| user.id).ok_or_else(|| method.missing("user", id))
}

/// `oneuser update`: of all attributes only the preferences for images matter here, one for copies and one
/// for new images (`Image::test_set_persistent`).
pub(super) fn update_user(turn: &mut Here<'_>, by: &User, user: i64, text: &str) -> Answer {
    let method = Method("[one.user.update] ");
    let user = existing_user(method, user)?;
    Request::new(turn.world(), method, by).user(user).check()?;
    let attributes = template::read(text).map_err(|problem| method.internal(problem))?;
    let yes = |name: &str| {
        let word = Attribute::single(&attributes, name).filter(|word| !word.is_empty());
        word.map(|word| word.eq_ignore_ascii_case("YES"))
    };
    let preferences = Preferences {
        persistent_copies: yes("DEFAULT_IMAGE_PERSISTENT"),
        persistent_new: yes("DEFAULT_IMAGE_PERSISTENT_NEW"),
    };
    change_site(turn, &mut |site| {
        site.preferences.retain(|(id, _)| *id != user);
        site.preferences.push((user, preferences));
    });
    Ok(answer::id(user))
}

/// Whether one more image fits the quota.
pub(super) fn check_quota(
    world: &World,
    method: Method,
    by: &User,
    (datastore, size): (u32, i64),
) -> Result<(), Refusal> {
    check_countable(method, by, by.id, size)?;
    check_quota_of(world, method, by, by.id, (datastore, 1))
}

/// A quota counts only sizes of 0 or more: `QuotaDatastore::check`. `oneadmin` has none.
pub(super) fn check_countable(method: Method, by: &User, id: u32, size: i64) -> Result<(), Refusal> {
    if id == fixture::ONEADMIN.id || size >= 0 {
        return Ok(());
    }
    let text = format_args!("user [{id}] Image size must be a positive integer value");
    Err(method.unauthorized(by, text))
}

/// Whether so many images more fit the quota of somebody who is given them. A disk or a snapshot that grows is no
/// image more, and yet it is refused where there are too many (`Quota::check_quota`).
pub(super) fn check_quota_of(
    world: &World,
    method: Method,
    by: &User,
    id: u32,
    (datastore, more): (u32, usize),
) -> Result<(), Refusal> {
    let Some(limit) = limit(world, id, Limited::ImagesIn(datastore)) else { return Ok(()) };
    let images = world.images.values().filter(|image| image.owner == id && image.datastore == datastore);
    let backups = world.vms.values().filter(|vm| vm.owner == id && makes_backup_in(vm, datastore));
    let miscounted = world.site.miscounted.iter().find(|(key, _)| *key == (id, datastore));
    let miscounted = miscounted.map_or(0, |(_, count)| *count);
    if images.count() + backups.count() + miscounted + more <= limit as usize {
        return Ok(());
    }
    let text =
        format!("user [{id}] limit of {limit} reached for IMAGES quota in DATASTORE with ID: {datastore}");
    Err(method.unauthorized(by, text))
}

/// An image that is refused when the quota has counted it stays counted: `ImageAllocateAPI::allocate` takes it back for
/// what `ImagePool` refuses, not where it asks whether the image is persistent.
pub(super) fn miscount(turn: &mut Here<'_>, by: &User, datastore: u32) {
    if by.is_admin() {
        return;
    }
    let key = (by.id, datastore);
    change_site(turn, &mut |site| match site.miscounted.iter_mut().find(|(own, _)| *own == key) {
        Some((_, count)) => *count += 1,
        None => site.miscounted.push((key, 1)),
    });
}

/// The image of a backup counts from the moment that it is asked for: `VirtualMachineAPI::backup`.
fn makes_backup_in(vm: &Vm, datastore: u32) -> bool {
    matches!(vm.state, VmState::Backup | VmState::BackupPoweroff)
        && vm.backup.as_ref().is_some_and(|backup| backup.0 == datastore)
}

/// Whether disks of these images fit the quotas of the owner of their VM: `QuotaImage::check`. Every disk of
/// a VM that has not ended counts, also another one of the same image.
pub(super) fn check_vm_quota(
    world: &World,
    method: Method,
    by: &User,
    owner: u32,
    images: &[ImageId],
) -> Result<(), Refusal> {
    for (place, image) in images.iter().enumerate() {
        let Some(limit) = limit(world, owner, Limited::VmsOf(*image)) else { continue };
        let living = world.vms.values().filter(|vm| vm.owner == owner && vm.state != VmState::Done);
        let disks = living.flat_map(|vm| vm.disks.iter()).filter_map(Disk::image_id);
        let disks = disks.chain(images[..place].iter().copied()).filter(|other| other == image);
        if disks.count() >= limit as usize {
            let text = format_args!(
                "user [{owner}] limit of {limit} reached for RVMS quota in IMAGE with ID: {image}"
            );
            return Err(method.unauthorized(by, text));
        }
    }
    Ok(())
}

/// Whether disks of these images fit the quotas of the owner of their VM in datastores, as far as they are copies that
/// stay there and are not empty: `VirtualMachineDisks::image_ds_quotas`. They are no images more, and yet refused where
/// there are too many; of several refusals the last one is given (`VirtualMachineAllocateAPI::allocate_authorization`).
pub(super) fn check_copies_quota(
    world: &World,
    method: Method,
    by: &User,
    owner: u32,
    images: &[ImageId],
) -> Result<(), Refusal> {
    let stays = |image: &&Image| {
        let datastore = world.datastore(image.datastore);
        image.size != 0 && datastore.is_some_and(|own| own.target(image.data()) == Target::Images)
    };
    let copies = images.iter().filter_map(|id| world.find_image(*id)).filter(stays);
    let checks = copies.map(|image| check_quota_of(world, method, by, owner, (image.datastore, 0)));
    checks.rev().find(Result::is_err).unwrap_or(Ok(()))
}

/// A user's limit; `oneadmin` has none (`SharedAPI::quota_authorization`).
fn limit(world: &World, user: u32, of: Limited) -> Option<u32> {
    let quota = world.site.quotas.iter().find(|quota| quota.user == user && quota.of == of);
    quota.map(|quota| quota.limit)
}
