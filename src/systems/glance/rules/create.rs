//! Create: `POST /v2/images`, `glance/api/v2/images.py` and `ImageFactory.new_image`.

use std::sync::Arc;

use miniserde::json::{self, Object, Value};

use crate::engine::recording::{as_number, as_text};
use crate::engine::{ImageId, Refusal, Reply, Turn, Value as Returned};

use super::super::fixture::Payload;
use super::super::image::{Image, Visibility};
use super::super::persona::{Persona, unauthorized};
use super::super::{Change, Glance, ImageStatus};
use super::patch::limit;
use super::schema::{check, check_property};
use super::{Answer, bad_request, conflict, denied, formats_of, upload};

/// Attributes that the schema names.
const BASE: [&str; 13] = [
    "id",
    "name",
    "owner",
    "visibility",
    "disk_format",
    "container_format",
    "min_disk",
    "min_ram",
    "protected",
    "os_hidden",
    "tags",
    "size",
    "checksum",
];

/// `ImageFactory._readonly_properties`, in its order. A hash is not among what `RequestDeserializer.create`
/// takes for an attribute, so it becomes a property like any other.
const READ_ONLY: [&str; 6] = ["created_at", "updated_at", "status", "checksum", "size", "virtual_size"];

/// `ImagesController.create`, and the upload that the openstack client makes right after it.
pub(super) fn create(turn: &mut Turn<'_, Glance>, by: Persona, body: &str, file: Option<Payload>) -> Answer {
    let body: Object = json::from_str(body).map_err(|_| bad_request("Malformed JSON in request body."))?;
    validate(turn, &body)?;
    policy(by, &body)?;
    if let Some(Value::Array(tags)) = body.get("tags") {
        limit("tags", tags.len())?;
    }
    for name in READ_ONLY {
        if body.contains_key(name) {
            return Err(Refusal::new(403, format!("Attribute '{name}' is read-only.")));
        }
    }
    if body.contains_key("locations") {
        return Err(Refusal::new(403, "Attribute 'locations' is reserved."));
    }
    let explicit = body.get("id").and_then(as_text);
    let mut image = new_record(Some(by.project()), &body)?;
    limit("properties", image.properties.len())?;
    in_range(&image)?;
    if let Some(id) = explicit.filter(|id| turn.world().find(id).is_some()) {
        return Err(conflict(format!("Image ID {id} already exists!")).hint("Ids are never free again."));
    }
    // An id as the service itself writes them is that number, so that no other image gets it.
    let numbered = explicit.and_then(|id| turn.world().settings.ids.number_of(id));
    image.explicit_id = explicit.filter(|_| numbered.is_none()).map(Into::into);
    let id = insert_as(turn, numbered.unwrap_or(turn.world().free_image()), image);
    let printed: Arc<str> = turn.world().printed(id).into();
    if let Some(file) = file {
        upload::begin(turn, by, &printed, file, None, None)?;
        upload::remove_when_it_fails(turn, id);
        if turn.world().settings.pace == 0 {
            upload::finish(turn, id, None)?;
        }
    }
    Ok(Reply { code: 201, value: Returned::Text(printed) })
}

/// Adds a record that is `queued`, under the next number.
pub(super) fn insert(turn: &mut Turn<'_, Glance>, image: Box<Image>) -> ImageId {
    insert_as(turn, turn.world().free_image(), image)
}

/// Adds a record that is `queued`, under a number that is free.
fn insert_as(turn: &mut Turn<'_, Glance>, id: ImageId, image: Box<Image>) -> ImageId {
    let world = turn.world();
    let next = if id == world.free_image() { id.0 + 1 } else { world.next_image };
    let numbers = Change::Numbers { image: next, task: world.next_task, row: world.next_row };
    turn.change(numbers);
    turn.change(Change::Image(id, Arc::new(*image)));
    turn.transition(id, None, Some(ImageStatus::Queued));
    id
}

/// `RequestDeserializer.create`: what is refused before anything is looked up. Of several problems
/// `jsonschema.exceptions.best_match` names that of the last attribute by name.
fn validate(turn: &Turn<'_, Glance>, body: &Object) -> Result<(), Refusal> {
    for name in ["direct_url", "self", "file", "schema", "stores"] {
        if body.contains_key(name) {
            return Err(Refusal::new(403, format!("Attribute '{name}' is read-only.")));
        }
    }
    let ids = turn.world().settings.ids;
    let is_list = |(_, value): &(&String, &Value)| matches!(value, Value::Array(_));
    // What stands in a list is deeper, and counts only where nothing else is wrong.
    let (lists, others): (Vec<_>, Vec<_>) = body.iter().rev().partition(is_list);
    for (name, value) in others.into_iter().chain(lists) {
        if is_property(name) && !name.starts_with("os_hash_") {
            check_property(name, value)?;
        } else {
            check(ids, name, value)?;
        }
    }
    for (name, _) in properties(body) {
        if name.chars().count() > 255 {
            return Err(bad_request("Custom property should not be greater than 255 characters."));
        }
        if ["location", "deleted", "deleted_at"].contains(&name.as_str()) || name.starts_with("os_glance_") {
            return Err(denied(&format!("Attribute '{name}' is reserved.")));
        }
    }
    Ok(())
}

fn is_property(name: &str) -> bool {
    !BASE.contains(&name) && !READ_ONLY.contains(&name) && name != "locations"
}

/// What the schema does not name.
fn properties(body: &Object) -> impl Iterator<Item = (&String, &Value)> {
    body.iter().filter(|(name, _)| is_property(name))
}

/// `ImageAPIPolicy.add_image`.
fn policy(by: Persona, body: &Object) -> Result<(), Refusal> {
    let owner = match body.get("owner") {
        Some(owner) => as_text(owner).unwrap_or("None"),
        None => by.project(),
    };
    let member = matches!(by, Persona::Owner | Persona::Other | Persona::Third | Persona::Member);
    let may = by.is_admin() || (member && owner == by.project());
    if !may {
        return Err(if owner == by.project() {
            unauthorized("add_image")
        } else {
            denied(&format!("You are not permitted to create images owned by '{owner}'"))
        });
    }
    match body.get("visibility").and_then(as_text) {
        Some("public") if !by.is_admin() => Err(unauthorized("publicize_image")),
        Some(_) | None => Ok(()),
    }
}

/// `ImageFactory.new_image`: a record with these attributes, which belongs to `owner` unless they name another.
pub(super) fn new_record(owner: Option<&str>, body: &Object) -> Result<Box<Image>, Refusal> {
    let text = |name: &str| body.get(name).and_then(as_text);
    let truth = |name: &str| matches!(body.get(name), Some(Value::Bool(true)));
    let mut image = Image::named(text("name"), formats_of(text("disk_format"), text("container_format")));
    image.visibility = text("visibility").and_then(Visibility::named).unwrap_or(Visibility::Shared);
    image.protected = truth("protected");
    image.hidden = truth("os_hidden");
    image.min_disk = at_least_zero("min_disk", body.get("min_disk"))?;
    image.min_ram = at_least_zero("min_ram", body.get("min_ram"))?;
    image.owner = match body.get("owner") {
        Some(owner) => as_text(owner).map(Into::into),
        None => owner.map(Into::into),
    };
    if let Some(Value::Array(tags)) = body.get("tags") {
        tags.iter().filter_map(as_text).for_each(|tag| image.add_tag(tag));
    }
    for (name, value) in properties(body) {
        image.set_property(name, as_text(value).unwrap_or_default());
    }
    Ok(image)
}

/// The largest number of the database's columns: `glance/db/sqlalchemy/api.py`, `_validate_db_int`.
const LARGEST: u32 = i32::MAX as u32;

/// `Image.min_disk`'s setter.
pub(super) fn at_least_zero(name: &str, value: Option<&Value>) -> Result<u32, Refusal> {
    let number = value.and_then(as_number).unwrap_or_default();
    if number < 0 {
        let text = format!("Invalid value '{number}' for parameter '{name}': Cannot be a negative value");
        return Err(bad_request(text));
    }
    Ok(u32::try_from(number).unwrap_or(u32::MAX))
}

/// What the database says when the record is saved: `_validate_image`.
pub(super) fn in_range(image: &Image) -> Result<(), Refusal> {
    for (name, number) in [("min_disk", image.min_disk), ("min_ram", image.min_ram)] {
        if number > LARGEST {
            return Err(bad_request(format!("'{name}' value out of range, must not exceed {LARGEST}.")));
        }
    }
    Ok(())
}
