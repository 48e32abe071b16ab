//! What does not ask for a state: name, owner, permissions, template (`src/rm/api/SharedAPI.cc`).

use super::Here;
use super::answer::{self, Answer, Method};
use super::authorize::{self, Request};
use super::change::Edit;
use super::datastores::{check_countable, check_quota_of};
use super::fixture::{self, User};
use super::image_state::edit;
use super::kinds::Right;
use super::names;
use super::template::{self, Attribute, Template};
use super::world::{Image, World};
use crate::engine::Refusal;

/// The bits of ADMIN in the three digits of the octet.
const ADMIN_BITS: u16 = 0o111;

/// `IMAGE_RESTRICTED_ATTR`.
const RESTRICTED: &str = "SOURCE";

/// `oneimage show`: no lock stops it.
pub(super) fn show(turn: &mut Here<'_>, by: &User, id: i64) -> Answer {
    let method = Method("[one.image.info] ");
    let (id, image) = authorize::existing(turn.world(), method, id)?;
    authorize::despite_lock(method, by, id, image, Right::Use)?;
    Ok(answer::nothing())
}

/// `oneimage rename`: `SharedAPI::rename`. The name that it has already is given to it by everybody.
pub(super) fn rename(turn: &mut Here<'_>, by: &User, id: i64, name: &str) -> Answer {
    let method = Method("[one.image.rename] ");
    let (id, image) = authorize::existing(turn.world(), method, id)?;
    if *image.name == *name {
        return Ok(answer::id(id.0));
    }
    Request::new(turn.world(), method, by).image(id, Right::Manage).check()?;
    if let Some(other) = names::taken(turn.world(), name, image.owner) {
        let text = format_args!("image cannot be renamed to {name} because it collides with image {other}");
        return Err(method.action(text));
    }
    names::check(name).map_err(|problem| method.action(problem))?;
    edit(turn, id, Edit::Name(name.into()));
    Ok(answer::id(id.0))
}

/// `oneimage chmod`: changing a bit of ADMIN needs ADMIN (`ChmodAPI::chmod`).
pub(super) fn chmod(turn: &mut Here<'_>, by: &User, id: i64, octet: u16) -> Answer {
    let method = Method("[one.image.chmod] ");
    let (id, image) = authorize::existing(turn.world(), method, id)?;
    let octet = octet & 0o777;
    let changes_admin = (image.permissions ^ octet) & ADMIN_BITS != 0;
    let right = if changes_admin { Right::Admin } else { Right::Manage };
    Request::new(turn.world(), method, by).image(id, right).check()?;
    edit(turn, id, Edit::Permissions(octet));
    Ok(answer::id(id.0))
}

/// `oneimage chown`, `oneimage chgrp`: -1 leaves the user or the group as it is, and so do those that
/// it has already (`SharedAPI::chown`).
pub(super) fn chown(turn: &mut Here<'_>, by: &User, id: i64, user: i64, group: i64) -> Answer {
    let method = Method("[one.image.chown] ");
    let new_owner = match u32::try_from(user) {
        Err(_) => None,
        Ok(user) => Some(fixture::user(user).ok_or_else(|| method.missing("user", user))?),
    };
    let new_group = match u32::try_from(group) {
        Err(_) => None,
        Ok(group) => {
            fixture::group_name(group).ok_or_else(|| method.missing("group", group))?;
            Some(group)
        }
    };
    let (id, image) = authorize::existing(turn.world(), method, id)?;
    let new_owner = new_owner.filter(|owner| owner.id != image.owner);
    let new_group = new_group.filter(|group| *group != image.group);
    let mut request = Request::new(turn.world(), method, by);
    request.image(id, Right::Manage);
    if let Some(owner) = new_owner {
        request.user(owner.id);
    }
    if let Some(group) = new_group {
        request.group(group);
    }
    request.check()?;
    if let Some(owner) = new_owner {
        check_owner(turn.world(), method, by, owner, image)?;
        edit(turn, id, Edit::Owner(owner.id));
    }
    match new_group {
        Some(group) => edit(turn, id, Edit::Group(group)),
        None => edit(turn, id, Edit::Touched),
    }
    Ok(answer::id(id.0))
}

/// Whether an image can become somebody's: his names, then his quota (`SharedAPI::get_and_quota`).
fn check_owner(world: &World, method: Method, by: &User, owner: &User, image: &Image) -> Result<(), Refusal> {
    if let Some(other) = names::taken(world, &image.name, owner.id) {
        let (id, name) = (owner.id, &image.name);
        let text = format_args!("user [{id}] already owns image [{other}] with NAME {name}");
        return Err(method.internal(text));
    }
    let snapshots = image.snapshots.iter().flat_map(|own| &own.list).map(|snapshot| snapshot.size);
    check_countable(method, by, owner.id, snapshots.fold(image.size, i64::saturating_add))?;
    check_quota_of(world, method, by, owner.id, (image.datastore, 1))
}

/// `oneimage update`: `SharedAPI::update`. TYPE, PERSISTENT, SIZE and NAME written there change
/// nothing else. Who is no administrator can neither change SOURCE nor take it out
/// (`Template::check_restricted`).
pub(super) fn update(turn: &mut Here<'_>, by: &User, id: i64, text: &str, mode: i64) -> Answer {
    let method = Method("[one.image.update] ");
    let (id, image) = authorize::image(turn.world(), method, by, id, Right::Manage)?;
    let append = match mode {
        0 => false,
        1 => true,
        _ => return Err(method.api("Wrong update type")),
    };
    let refuse = |problem: &str| method.internal(format_args!("Cannot update template. {problem}"));
    let attributes = template::read(text).map_err(|problem| refuse(&problem))?;
    let (restricted, present) = (Attribute::single(&attributes, RESTRICTED), image.template.get(RESTRICTED));
    if !by.is_admin() && restricted.is_some() && restricted != present {
        return Err(refuse(if append {
            "User Template includes a restricted attribute SOURCE"
        } else {
            "Tried to change restricted attribute: SOURCE"
        }));
    }
    let (mut template, mut error) = if append {
        (image.template.clone(), image.extras.error.clone())
    } else {
        (Template::default(), None)
    };
    if let Some(present) = present.filter(|_| !by.is_admin()) {
        template = template.with(RESTRICTED, present);
    }
    for attribute in &attributes {
        match attribute {
            Attribute::Single(name, value) if name == "ERROR" => error = Some(value.as_str().into()),
            Attribute::Single(name, value) => template = template.with(name, value),
            // The database keeps no vector without values.
            Attribute::Vector(name, values) if values.is_empty() => template = template.without(name),
            Attribute::Vector(name, values) => {
                let inside: Vec<_> = values.iter().map(|(name, value)| format!("{name}={value:?}")).collect();
                template = template.with(name, &inside.join(","));
            }
        }
    }
    edit(turn, id, Edit::Template(template));
    edit(turn, id, Edit::Error(error));
    Ok(answer::id(id.0))
}
