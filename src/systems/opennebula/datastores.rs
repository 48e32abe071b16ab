//! Datastores, quotas and users, as far as images depend on them.

use super::Here;
use super::answer::{self, Answer, Method};
use super::driver::change_site;
use super::fixture::{self, User};
use super::template::{self, Attribute};
use super::world::{Limited, Preferences, Quota, World};
use crate::engine::{ImageId, Refusal};

/// `onedatastore delete`: `DatastoreDeleteAPI`, `DatastorePool::drop`.
pub(super) fn delete(turn: &mut Here<'_>, id: i64) -> Answer {
    let method = Method("datastore.delete");
    let found = existing(turn.world(), method, id)?;
    if turn.world().images.values().any(|image| image.datastore == found) {
        let text = format_args!("Cannot delete datastore. Datastore {found} is not empty.");
        return Err(method.action(text));
    }
    change_site(turn, &mut |site| site.deleted_datastores.push(found));
    Ok(answer::id(found))
}

/// `onedatastore rename`: the images know their datastore by its new name.
pub(super) fn rename(turn: &mut Here<'_>, id: i64, name: &str) -> Answer {
    let found = existing(turn.world(), Method("datastore.rename"), id)?;
    change_site(turn, &mut |site| {
        site.renamed_datastores.retain(|(renamed, _)| *renamed != found);
        site.renamed_datastores.push((found, name.into()));
    });
    Ok(answer::id(found))
}

fn existing(world: &World, method: Method, id: i64) -> Result<u32, Refusal> {
    let found = u32::try_from(id).ok().filter(|id| world.datastore(*id).is_some());
    found.ok_or_else(|| method.missing("datastore", id))
}

/// `oneuser quota`.
pub(super) fn set_quota(turn: &mut Here<'_>, user: i64, of: Limited, limit: u32) -> Answer {
    let user = existing_user(Method("user.quota"), user)?;
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

/// `oneuser update`: of all attributes only the preferences for new images matter here.
pub(super) fn update_user(turn: &mut Here<'_>, user: i64, text: &str) -> Answer {
    let method = Method("user.update");
    let user = existing_user(method, user)?;
    let attributes = template::read(text).map_err(|problem| method.internal(problem))?;
    let yes = |name: &str| Attribute::single(&attributes, name).map(|word| word == "YES");
    let preferences = Preferences {
        persistent_copies: yes("DEFAULT_IMAGE_PERSISTENT"),
        persistent_new: yes("DEFAULT_IMAGE_PERSISTENT_NEW").or(yes("DEFAULT_IMAGE_PERSISTENT")),
    };
    change_site(turn, &mut |site| {
        site.preferences.retain(|(id, _)| *id != user);
        site.preferences.push((user, preferences));
    });
    Ok(answer::id(user))
}

/// Whether one more image fits the quota: `QuotaDatastore::check`.
pub(super) fn check_quota(world: &World, method: Method, by: &User, datastore: u32) -> Result<(), Refusal> {
    check_quota_of(world, method, by, by, datastore)
}

/// Whether one more image fits the quota of somebody who is given it.
pub(super) fn check_quota_of(
    world: &World,
    method: Method,
    by: &User,
    owner: &User,
    datastore: u32,
) -> Result<(), Refusal> {
    let Some(limit) = limit(world, owner, Limited::ImagesIn(datastore)) else { return Ok(()) };
    let id = owner.id;
    let images =
        world.images.values().filter(|image| image.owner == id && image.datastore == datastore).count();
    if images < limit as usize {
        return Ok(());
    }
    let text =
        format!("user [{id}] limit of {limit} reached for IMAGES quota in DATASTORE with ID: {datastore}");
    Err(method.unauthorized(by, text))
}

/// Whether one more VM of this image fits the quota: `QuotaImage::check`.
pub(super) fn check_vm_quota(
    world: &World,
    method: Method,
    by: &User,
    image: ImageId,
) -> Result<(), Refusal> {
    let Some(limit) = limit(world, by, Limited::VmsOf(image)) else { return Ok(()) };
    let running = world.find_image(image).map_or(0, |image| {
        let own = |vm| world.find_vm(vm).is_some_and(|vm| vm.owner == by.id);
        image.vms.iter().filter(|vm| own(**vm)).count()
    });
    if running < limit as usize {
        return Ok(());
    }
    let id = by.id;
    let text = format_args!("user [{id}] limit of {limit} reached for RVMS quota in IMAGE with ID: {image}");
    Err(method.unauthorized(by, text))
}

fn limit(world: &World, by: &User, of: Limited) -> Option<u32> {
    let quota = world.site.quotas.iter().find(|quota| quota.user == by.id && quota.of == of);
    quota.map(|quota| quota.limit)
}
