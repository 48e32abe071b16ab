//! Changing an image: `PATCH /v2/images/ID`, `glance/api/v2/images.py`.

use std::sync::Arc;

use miniserde::json::Value;

use crate::engine::recording::as_text;
use crate::engine::{Refusal, Turn};

use super::super::domain::may_set_format;
use super::super::image::{Image, Visibility};
use super::super::persona::{Persona, Rule, allows, enforce, is_visible, unauthorized};
use super::super::world::{IMAGE_SIZE_CAP, World};
use super::super::{Glance, ImageStatus};
use super::create::{at_least_zero, in_range};
use super::schema::{check, check_property, container_format, disk_format};
use super::upload::settle_rows;
use super::{
    Answer, bad_request, conflict, denied, enter, internal_error, list_or_object, locations, ok, seen, write,
};

/// A change as the service reads it.
struct Change<'a> {
    op: &'a str,
    path: Vec<String>,
    value: &'a Value,
}

/// `ImagesController.update`: every change is made on a copy, which is saved at the end.
pub(super) fn patch(turn: &mut Turn<'_, Glance>, by: Persona, image: &str, body: &str) -> Answer {
    let Value::Array(body) = list_or_object(body)? else {
        return Err(bad_request("Request body must be a JSON array of operation objects."));
    };
    let mut changes = Vec::new();
    for change in &body {
        changes.push(read(turn.world(), change)?);
    }
    let (id, mut image) = seen(turn, by, image)?;
    let status = image.status;
    let name = turn.world().printed(id);
    let mut activates = false;
    let before = image.properties.clone();
    for change in &changes {
        activates |= apply(turn.world(), by, &mut image, &name, change)?;
        if activates {
            image.status = ImageStatus::Active;
        }
    }
    image.status = status;
    within_quota(&before, &image)?;
    // `ImageRepo.save` of `glance/db/__init__.py` refuses in words that nobody passes on.
    if image.size > Some(IMAGE_SIZE_CAP) {
        return Err(internal_error());
    }
    in_range(&image)?;
    settle_rows(turn, &image);
    let lost = !changes.is_empty() && !is_visible(&image, by);
    write(turn, id, image);
    if activates {
        enter(turn, id, ImageStatus::Active);
    }
    // The database writes first, then looks whether the caller sees what it wrote:
    // `glance/db/sqlalchemy/api.py`, `_image_update`.
    if lost {
        return Err(Refusal::new(403, format!("Forbidding request, image {name} not visible")));
    }
    ok(200)
}

/// `ImageRepoProxy.save` of `glance/quota/__init__.py`: properties are counted once, when the record
/// is saved and has a new one, and those of the service do not count.
fn within_quota(before: &[(Arc<str>, Arc<str>)], image: &Image) -> Result<(), Refusal> {
    let is_new = |(name, _): &(Arc<str>, Arc<str>)| before.iter().all(|(known, _)| known != name);
    let counted = image.properties.iter().filter(|(name, _)| !name.starts_with("os_glance_")).count();
    if image.properties.iter().any(is_new) { limit("properties", counted) } else { Ok(()) }
}

/// `RequestDeserializer.update`: what is refused before the image is looked up.
fn read<'a>(world: &World, change: &'a Value) -> Result<Change<'a>, Refusal> {
    const OPERATIONS: &str = "It must be one of the following: add, remove, replace.";
    const NULL: &Value = &Value::Null;
    let Value::Object(fields) = change else { return Err(bad_request("Operations must be JSON objects.")) };
    let op = fields
        .get("op")
        .and_then(as_text)
        .ok_or_else(|| bad_request(format!("Unable to find `op` in JSON Schema change. {OPERATIONS}")))?;
    if !["add", "remove", "replace"].contains(&op) {
        return Err(bad_request(format!("Invalid operation: `{op}`. {OPERATIONS}")));
    }
    let pointer = fields
        .get("path")
        .and_then(as_text)
        .ok_or_else(|| bad_request("Unable to find 'path' in JSON Schema change"))?;
    let path = pointer_path(pointer)?;
    let depth = if path[0] == "locations" && op != "replace" { 2 } else { 1 };
    if path.len() != depth {
        let text = format!("Invalid JSON pointer for this resource: '/{}'", path.join("/"));
        return Err(bad_request(text));
    }
    let value = match fields.get("value") {
        Some(value) => value,
        None if op == "remove" => NULL,
        None => return Err(bad_request(format!("Operation \"{op}\" requires a member named \"value\"."))),
    };
    let change = Change { op, path, value };
    validate(world, &change)?;
    Ok(change)
}

fn pointer_path(pointer: &str) -> Result<Vec<String>, Refusal> {
    if !pointer.starts_with('/') {
        return Err(bad_request(format!("Pointer `{pointer}` does not start with \"/\".")));
    }
    let inner: Vec<&str> = pointer[1..].split('/').collect();
    if inner.len() > 2 && inner[1..inner.len() - 1].iter().any(|part| part.trim().is_empty()) {
        return Err(bad_request(format!("Pointer `{pointer}` contains adjacent \"/\".")));
    }
    if pointer.len() > 1 && pointer.ends_with('/') {
        return Err(bad_request(format!("Pointer `{pointer}` end with \"/\".")));
    }
    if pointer.split('~').skip(1).any(|rest| !rest.starts_with(['0', '1'])) {
        return Err(bad_request(format!(
            "Pointer `{pointer}` contains \"~\" not part of a recognized escape sequence."
        )));
    }
    let part = |part: &str| part.replace("~1", "/").replace("~0", "~").trim().to_owned();
    Ok(pointer.trim_start_matches('/').split('/').map(part).collect())
}

/// `RequestDeserializer._validate_change`.
fn validate(world: &World, change: &Change<'_>) -> Result<(), Refusal> {
    const READ_ONLY: [&str; 13] = [
        "created_at",
        "updated_at",
        "status",
        "checksum",
        "size",
        "virtual_size",
        "direct_url",
        "self",
        "file",
        "schema",
        "id",
        "os_hash_algo",
        "os_hash_value",
    ];
    const RESERVED: [&str; 3] = ["location", "deleted", "deleted_at"];
    let name = change.path[0].as_str();
    if READ_ONLY.contains(&name) {
        return Err(Refusal::new(403, format!("Attribute '{name}' is read-only.")));
    }
    if RESERVED.contains(&name) || name.starts_with("os_glance_") {
        return Err(Refusal::new(403, format!("Attribute '{name}' is reserved.")));
    }
    let ids = world.settings.ids;
    match (change.op, name) {
        ("remove", _) => Ok(()),
        ("add", "locations") => {
            check(ids, name, &Value::Array(std::iter::once(change.value.clone()).collect()))
        }
        (_, name) if is_core(name) || name == "locations" => check(ids, name, change.value),
        (_, name) => check_property(name, change.value),
    }
}

/// Whether a name is an attribute of every image.
fn is_core(name: &str) -> bool {
    matches!(
        name,
        "name"
            | "owner"
            | "visibility"
            | "disk_format"
            | "container_format"
            | "min_disk"
            | "min_ram"
            | "protected"
            | "os_hidden"
            | "tags"
    )
}

/// Makes one change; says whether it lets the image become active.
fn apply(
    world: &World,
    by: Persona,
    image: &mut Image,
    id: &str,
    change: &Change<'_>,
) -> Result<bool, Refusal> {
    let name = change.path[0].as_str();
    let at = change.path.get(1).map_or("", String::as_str);
    let row = image.locations.iter().map(|location| location.row + 1).max().unwrap_or(0).max(world.next_row);
    match (change.op, name) {
        ("replace", "locations") if is_empty(change.value) => {
            return Err(denied("Cannot set locations to empty list."));
        }
        ("replace", "locations") => {
            enforce("set_image_location", Rule::ProjectMember, image, by)?;
            return locations::replace(world, image, id, row, change.value);
        }
        ("add", "locations") => {
            enforce("set_image_location", Rule::ProjectMember, image, by)?;
            return locations::add(world, image, row, at, change.value);
        }
        (_, "locations") => {
            enforce("delete_image_location", Rule::Admin, image, by)?;
            locations::remove(world, image, at)?;
        }
        ("replace", "owner") if !by.is_admin() => {
            return Err(denied("Owner can't be updated by non admin."));
        }
        ("remove", _) => {
            enforce("modify_image", Rule::ProjectMember, image, by)?;
            remove(image, name)?;
        }
        _ => {
            policy(by, image, name, change.value)?;
            set(image, change.op, name, change.value)?;
        }
    }
    Ok(false)
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => false,
    }
}

/// `ImageAPIPolicy.update_property`: visibility has rules of its own, which do not hide the image.
fn policy(by: Persona, image: &Image, name: &str, value: &Value) -> Result<(), Refusal> {
    match (name, as_text(value)) {
        ("visibility", Some("public")) if !by.is_admin() => Err(unauthorized("publicize_image")),
        ("visibility", Some("community")) if !allows(Rule::ProjectMember, image, by) => {
            Err(unauthorized("communitize_image"))
        }
        _ => enforce("modify_image", Rule::ProjectMember, image, by),
    }
}

fn missing(name: &str) -> Refusal {
    let text = "There was a conflict when trying to complete your request. Property";
    conflict(format!("{text} {name} does not exist."))
}

fn remove(image: &mut Image, name: &str) -> Result<(), Refusal> {
    if is_core(name) {
        return Err(denied(&format!("Property {name} may not be removed.")));
    }
    let at = image.properties.iter().position(|(key, _)| &**key == name).ok_or_else(|| missing(name))?;
    image.properties.remove(at);
    Ok(())
}

fn set(image: &mut Image, op: &str, name: &str, value: &Value) -> Result<(), Refusal> {
    let text = as_text(value);
    let truth = matches!(value, Value::Bool(true));
    match name {
        "name" => image.name = text.map(Into::into),
        "owner" => image.owner = text.map(Into::into),
        "visibility" => image.visibility = text.and_then(Visibility::named).unwrap_or(image.visibility),
        "disk_format" => {
            may_set_format(image.status, name)?;
            image.disk_format = text.and_then(disk_format);
        }
        "container_format" => {
            may_set_format(image.status, name)?;
            image.container_format = text.and_then(container_format);
        }
        "min_disk" => image.min_disk = at_least_zero(name, Some(value))?,
        "min_ram" => image.min_ram = at_least_zero(name, Some(value))?,
        "protected" => image.protected = truth,
        "os_hidden" => image.hidden = truth,
        "tags" => {
            image.tags.clear();
            let Value::Array(tags) = value else { return Ok(()) };
            limit("tags", tags.len())?;
            tags.iter().filter_map(as_text).for_each(|tag| image.add_tag(tag));
        }
        name if op == "replace" && image.property(name).is_none() => return Err(missing(name)),
        name => image.set_property(name, text.unwrap_or_default()),
    }
    Ok(())
}

/// `image_tag_quota` and `image_property_quota`.
pub(super) fn limit(what: &str, number: usize) -> Result<(), Refusal> {
    const QUOTA: usize = 128;
    if number <= QUOTA {
        return Ok(());
    }
    let text = format!("The limit has been exceeded on the number of allowed image {what}.");
    Err(Refusal::new(413, format!("{text} Attempted: {number}, Maximum: {QUOTA}")))
}
