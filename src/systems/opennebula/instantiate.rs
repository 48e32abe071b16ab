//! VM templates: `TemplateAllocateAPI`, `TemplateInstantiateAPI`.

use super::Here;
use super::answer::{self, Answer, Method};
use super::authorize::Request;
use super::clone::{Copy, copy_image};
use super::datastores::{check_copies_quota, check_vm_quota};
use super::disks::DiskWish;
use super::driver::change_site;
use super::fixture::User;
use super::names;
use super::template::trimmed;
use super::vm_create::{burn_first_id, insert};
use super::world::VmTemplate;
use crate::engine::{ImageId, Refusal};

const METHOD: Method = Method("[one.template.instantiate] ");

/// `onetemplate create`.
pub(super) fn create(turn: &mut Here<'_>, by: &User, name: &str, images: &[i64]) -> Answer {
    let method = Method("[one.template.allocate] ");
    Request::new(turn.world(), method, by).create("TEMPLATE").check()?;
    Ok(answer::id(allocate(turn, method, by, trimmed(name), images)?.id))
}

/// A new template: `VMTemplatePool::allocate`. It needs a name, which each user has only once.
fn allocate(
    turn: &mut Here<'_>,
    method: Method,
    by: &User,
    name: &str,
    images: &[i64],
) -> Result<VmTemplate, Refusal> {
    names::check(name).map_err(|problem| method.internal(problem))?;
    let site = &turn.world().site;
    let has_name = |other: &&VmTemplate| other.owner == by.id && *other.name == *name;
    if let Some(other) = site.templates.iter().find(has_name) {
        return Err(method.internal(format_args!("NAME is already taken by TEMPLATE {}.", other.id)));
    }
    let id = site.next_template;
    let template = VmTemplate { id, name: name.into(), owner: by.id, images: images.into() };
    change_site(turn, &mut |site| {
        site.next_template += 1;
        site.templates.push(template.clone());
    });
    Ok(template)
}

/// `onetemplate instantiate`. `persistent` copies the template and every image first, and the VM
/// waits for the copies.
pub(super) fn instantiate(turn: &mut Here<'_>, by: &User, id: i64, name: &str, persistent: bool) -> Answer {
    let known = |template: &&VmTemplate| i64::from(template.id) == id;
    let template = turn.world().site.templates.iter().find(known).cloned();
    let mut template = template.ok_or_else(|| METHOD.missing("virtual machine template", id))?;
    if persistent {
        Request::new(turn.world(), METHOD, by).clone_template(&template).check()?;
        let name = if name.is_empty() { format!("{}-copy", template.name) } else { name.to_owned() };
        template = copy(turn, by, &name, &template)?;
    }
    check(turn, by, &template)?;
    let name = match name {
        "" => format!("{}-{}", template.name, turn.world().next_vm),
        name => name.to_owned(),
    };
    let images: Vec<String> = template.images.iter().map(i64::to_string).collect();
    let wishes: Vec<DiskWish<'_>> = images.iter().map(|image| DiskWish::of(image)).collect();
    let made = insert(turn, by, (&name, false), &[], &wishes);
    made.map(|vm| answer::id(vm.0)).map_err(|problem| {
        burn_first_id(turn);
        METHOD.allocate_template(problem)
    })
}

/// `TemplateAPI::instantiate_helper`: to create VMs is no right that is asked for here.
fn check(turn: &Here<'_>, by: &User, template: &VmTemplate) -> Result<(), Refusal> {
    let images = template.images.iter().filter_map(|id| u32::try_from(*id).ok().map(ImageId));
    let images: Vec<ImageId> = images.collect();
    let mut request = Request::new(turn.world(), METHOD, by);
    request.template(template);
    for &image in &images {
        request.disk(image);
    }
    request.check()?;
    check_vm_quota(turn.world(), METHOD, by, by.id, &images)?;
    // Of several refusals the first one is given here.
    images.iter().try_for_each(|&image| check_copies_quota(turn.world(), METHOD, by, by.id, &[image]))
}

/// A copy of the template with copies of every image, persistent and named after it:
/// `TemplateAPI::clone`. If one cannot be made, the copied template goes, its id used up, and the images
/// before it stay: they are LOCKED by then, and are not deleted by force.
fn copy(turn: &mut Here<'_>, by: &User, name: &str, template: &VmTemplate) -> Result<VmTemplate, Refusal> {
    let mut copied = allocate(turn, METHOD, by, name, &template.images)?;
    let images = copy_images(turn, by, name, template);
    change_site(turn, &mut |site| {
        site.templates.retain(|other| other.id != copied.id);
        if let Ok(images) = &images {
            copied.images = images.as_slice().into();
            site.templates.push(copied.clone());
        }
    });
    images.map(|_| copied)
}

fn copy_images(
    turn: &mut Here<'_>,
    by: &User,
    name: &str,
    template: &VmTemplate,
) -> Result<Vec<i64>, Refusal> {
    let mut images = Vec::new();
    for (index, image) in template.images.iter().enumerate() {
        let name = format!("{name}-disk-{index}").into();
        let copy = Copy { method: Method::WITHIN, name: &name, datastore: None, persistent: true };
        let copied = copy_image(turn, by, *image, &copy)
            .map_err(|reason| METHOD.action(format_args!("Failed to clone images: {reason}")))?;
        images.push(copied.0.into());
    }
    Ok(images)
}
