//! VM templates: `TemplateAllocateAPI`, `TemplateInstantiateAPI`.

use super::Here;
use super::answer::{self, Answer, Method};
use super::authorize::Request;
use super::clone::{Copy, copy_image};
use super::datastores::check_vm_quota;
use super::disks::DiskWish;
use super::driver::change_site;
use super::fixture::User;
use super::image_answers::drop_now;
use super::image_state::find;
use super::kinds::Right;
use super::vm_create::{burn_first_id, insert};
use super::world::VmTemplate;
use crate::engine::{ImageId, Refusal};

const METHOD: Method = Method("template.instantiate");

/// `onetemplate create`.
pub(super) fn create(turn: &mut Here<'_>, by: &User, name: &str, images: &[i64]) -> Answer {
    Request::new(turn.world(), Method("template.allocate"), by).create("TEMPLATE").check()?;
    let id = turn.world().site.next_template;
    let name = if name.is_empty() { format!("template-{id}") } else { name.to_owned() };
    change_site(turn, &mut |site| {
        site.next_template += 1;
        let template = VmTemplate { id, name: name.as_str().into(), owner: by.id, images: images.into() };
        site.templates.push(template);
    });
    Ok(answer::id(id))
}

/// `onetemplate instantiate`. `persistent` copies the template and every image first, and the VM
/// waits for the copies.
pub(super) fn instantiate(turn: &mut Here<'_>, by: &User, id: i64, name: &str, persistent: bool) -> Answer {
    let known = |template: &&VmTemplate| i64::from(template.id) == id;
    let template = turn.world().site.templates.iter().find(known).cloned();
    let template = template.ok_or_else(|| METHOD.missing("virtual machine template", id))?;
    if template.owner != by.id && !by.is_admin() {
        let text = format_args!("Not authorized to perform USE TEMPLATE [{id}]");
        return Err(METHOD.unauthorized(by, text));
    }
    let name = match name {
        "" => format!("{}-{}", template.name, turn.world().next_vm),
        name => name.to_owned(),
    };
    let images = if persistent {
        copy_images(turn, by, &name, &template)?
    } else {
        check(turn, by, &template.images)?;
        template.images.to_vec()
    };
    let images: Vec<String> = images.iter().map(i64::to_string).collect();
    let wishes: Vec<DiskWish<'_>> = images.iter().map(|image| DiskWish::of(image)).collect();
    let made = insert(turn, by, (&name, false), &[], &wishes);
    made.map(|vm| answer::id(vm.0)).map_err(|problem| {
        burn_first_id(turn);
        METHOD.allocate_template(problem)
    })
}

fn check(turn: &Here<'_>, by: &User, images: &[i64]) -> Result<(), Refusal> {
    let images = images.iter().filter_map(|id| u32::try_from(*id).ok().map(ImageId));
    let mut request = Request::new(turn.world(), METHOD, by);
    request.create("VM");
    for image in images.clone() {
        request.image(image, Right::Use);
    }
    request.check()?;
    images.into_iter().try_for_each(|image| check_vm_quota(turn.world(), METHOD, by, image))
}

/// Copies of every image, persistent and named after the VM: `TemplateCloneAPI`. If one cannot be
/// made, those before it go again.
fn copy_images(
    turn: &mut Here<'_>,
    by: &User,
    name: &str,
    template: &VmTemplate,
) -> Result<Vec<i64>, Refusal> {
    let mut copies: Vec<ImageId> = Vec::new();
    for (index, image) in template.images.iter().enumerate() {
        let name = format!("{name}-disk-{index}");
        let copy = Copy { method: METHOD, name: &name, datastore: None, persistent: true };
        match copy_image(turn, by, *image, &copy) {
            Ok(copy) => copies.push(copy),
            Err(refusal) => {
                for copy in copies {
                    discard(turn, copy);
                }
                return Err(refusal);
            }
        }
    }
    let owner = by.id;
    let images: Vec<i64> = copies.iter().map(|copy| copy.0.into()).collect();
    change_site(turn, &mut |site| {
        let id = site.next_template;
        site.next_template += 1;
        let images = images.as_slice().into();
        site.templates.push(VmTemplate { id, name: name.into(), owner, images });
    });
    Ok(images)
}

fn discard(turn: &mut Here<'_>, id: ImageId) {
    let Some(image) = find(turn, id) else { return };
    if let Some(source) = image.cloning_from {
        let ended = super::change::Edit::CloneRemoved(id);
        super::acquire::release_source(turn, source, ended);
    }
    drop_now(turn, id, image.state);
}
