//! Members and tags: `glance/api/v2/image_members.py`, `glance/api/v2/image_tags.py`.

use crate::engine::{Refusal, Turn};

use super::super::image::{Image, Membership, Visibility};
use super::super::persona::{Persona, Rule, enforce, may_get, unauthorized};
use super::super::{Glance, domain};
use super::schema::check_tags;
use super::{Answer, Found, bad_request, conflict, looked_up, not_found, ok, printed, write};

/// `ImageMembersController.index`.
pub(super) fn list(turn: &Turn<'_, Glance>, by: Persona, image: &str) -> Answer {
    let name = printed(turn, image);
    let (_, image) = looked_up(turn, by, image)?;
    if image.visibility != Visibility::Shared {
        let text = format!("Not allowed to list members for image {name}: Only shared images have members.");
        return Err(Refusal::new(403, text));
    }
    if may_get(&image, by) { ok(200) } else { Err(not_found()) }
}

/// The image, if it may have members at all, with its printed id.
fn shared(turn: &Turn<'_, Glance>, by: Persona, image: &str, verb: &str) -> Result<(Found, String), Refusal> {
    let name = printed(turn, image);
    let found = looked_up(turn, by, image)?;
    if found.1.visibility != Visibility::Shared {
        let text = format!("Not allowed to {verb} members for image {name}.");
        return Err(Refusal::new(403, text).hint("Only shared images have members."));
    }
    Ok((found, name))
}

/// `ImageMembersController.create`: the visibility comes before policy.
pub(super) fn add(turn: &mut Turn<'_, Glance>, by: Persona, image: &str, project: &str) -> Answer {
    const QUOTA: usize = 128;
    if project.is_empty() {
        return Err(bad_request("Member can't be empty"));
    }
    let ((id, mut image), name) = shared(turn, by, image, "create")?;
    enforce("add_member", Rule::ProjectMember, &image, by)?;
    match image.members.binary_search_by(|(other, _)| (**other).cmp(project)) {
        // `ImageMemberRepoProxy.add` of `glance/quota/__init__.py` counts before the database looks.
        Ok(_) | Err(_) if image.members.len() >= QUOTA => {
            let text = format!(
                "Image member limit exceeded for image {name}: The limit has been exceeded on the number of \
                 allowed image members for this image. Attempted: {}, Maximum: {QUOTA}:",
                QUOTA + 1
            );
            return Err(Refusal::new(413, text));
        }
        Ok(_) => return Err(conflict(format!("Member {project} is duplicated for image {name}"))),
        Err(at) => image.members.insert(at, (project.into(), Membership::Pending)),
    }
    write(turn, id, image);
    ok(200)
}

/// The membership that `by` may know of: a member sees its own project's only. Rule `get_image` is asked before:
/// `MemberAPIPolicy._enforce` of `glance/api/v2/policy.py`.
fn membership(image: &Image, by: Persona, project: &str, name: &str) -> Result<usize, Refusal> {
    if !may_get(image, by) {
        return Err(not_found());
    }
    let sees = by.is_admin() || image.owner.as_deref() == Some(by.project()) || by.project() == project;
    let at = image.members.iter().position(|(other, _)| &**other == project).filter(|_| sees);
    at.ok_or_else(|| {
        Refusal::new(404, format!("{project} not found in the member list of the image {name}."))
    })
}

/// The same for a call about one member, for which there is no path without a name.
fn named(
    turn: &Turn<'_, Glance>,
    by: Persona,
    image: &str,
    project: &str,
    verb: &str,
) -> Result<(Found, String), Refusal> {
    if project.is_empty() { Err(not_found()) } else { shared(turn, by, image, verb) }
}

/// `ImageMembersController.delete`.
pub(super) fn remove(turn: &mut Turn<'_, Glance>, by: Persona, image: &str, project: &str) -> Answer {
    let ((id, mut image), name) = named(turn, by, image, project, "delete")?;
    let at = membership(&image, by, project, &name)?;
    enforce("delete_member", Rule::ProjectMember, &image, by)?;
    image.members.remove(at);
    write(turn, id, image);
    ok(204)
}

/// `ImageMembersController.update`: the member answers, not the owner.
pub(super) fn set(
    turn: &mut Turn<'_, Glance>,
    by: Persona,
    image: &str,
    project: &str,
    status: &str,
) -> Answer {
    let ((id, mut image), name) = named(turn, by, image, project, "update")?;
    let at = membership(&image, by, project, &name)?;
    // `image.member` is set only for a project that does not own the image.
    let owns = image.owner.as_deref() == Some(by.project());
    let answers = by.project() == project && !owns && by != Persona::Reader && by != Persona::Service;
    if !by.is_admin() && !answers {
        return Err(unauthorized("modify_member"));
    }
    let status =
        domain::membership(status).map_err(|refusal| bad_request(format!("Incorrect request: {refusal}")))?;
    image.members[at].1 = status;
    write(turn, id, image);
    ok(200)
}

/// `ImageTagsController.update`.
pub(super) fn add_tag(turn: &mut Turn<'_, Glance>, by: Persona, image: &str, tag: &str) -> Answer {
    const QUOTA: usize = 128;
    check_tags(&[tag])?;
    let name = printed(turn, image);
    let (id, mut image) = looked_up(turn, by, image)?;
    enforce("modify_image", Rule::ProjectMember, &image, by)?;
    image.add_tag(tag);
    if image.tags.len() > QUOTA {
        let text = format!(
            "Image tag limit exceeded for image {name}: The limit has been exceeded on the number of allowed \
             image tags. Attempted: {}, Maximum: {QUOTA}:",
            image.tags.len()
        );
        return Err(Refusal::new(413, text));
    }
    write(turn, id, image);
    ok(204)
}

/// `ImageTagsController.delete`.
pub(super) fn remove_tag(turn: &mut Turn<'_, Glance>, by: Persona, image: &str, tag: &str) -> Answer {
    let (id, mut image) = looked_up(turn, by, image)?;
    enforce("modify_image", Rule::ProjectMember, &image, by)?;
    let at = image.tags.iter().position(|other| &**other == tag);
    let at = at.ok_or_else(not_found)?;
    image.tags.remove(at);
    write(turn, id, image);
    ok(204)
}
