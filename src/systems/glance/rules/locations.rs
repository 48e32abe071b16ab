//! Locations: the PATCH operations on them, `GET /locations` and `DELETE /v2/stores`.

use miniserde::json::{Object, Value};

use crate::engine::recording::as_text;
use crate::engine::{Refusal, State, Turn};

use super::super::domain::formats;
use super::super::fixture::{Source, source};
use super::super::image::{Image, Location, LocationState};
use super::super::persona::{Persona, Rule, enforce};
use super::super::world::{Store, World};
use super::super::{Glance, ImageStatus};
use super::python::repr;
use super::{Answer, bad_request, conflict, denied, ok, printed, seen, visible, write};

/// `GET /v2/images/ID/locations`: for other services and admins.
pub(super) fn get(turn: &Turn<'_, Glance>, by: Persona, image: &str) -> Answer {
    let (_, image) = seen(turn, by, image)?;
    enforce("fetch_image_location", Rule::Service, &image, by)?;
    ok(200)
}

/// `DELETE /v2/stores/STORE/ID`: `ImagesController.delete_from_store`.
pub(super) fn delete_from(turn: &mut Turn<'_, Glance>, by: Persona, image: &str, store: &str) -> Answer {
    let named = Store::named(store)
        .ok_or_else(|| conflict(format!("The selected store {store} is not available on this node.")))?;
    let name = printed(turn, image);
    let found = visible(turn, by, image);
    let (id, mut image) = found.ok_or_else(|| Refusal::new(404, format!("Failed to find image {name}")))?;
    enforce("get_image_location", Rule::ProjectReader, &image, by)?;
    enforce("delete_image_location", Rule::Admin, &image, by)?;
    if image.status != ImageStatus::Active {
        return Err(conflict(
            "It's not allowed to remove image data from store if image status is not 'active'",
        ));
    }
    if image.live_count() == 1 {
        return Err(Refusal::new(
            403,
            "Cannot delete image data from the only store containing it. Consider deleting the image instead.",
        ));
    }
    let row = image.live().find(|location| location.store == named).map(|location| location.row);
    let row =
        row.ok_or_else(|| Refusal::new(404, format!("Image {name} is not stored in store {store}.")))?;
    image.drop_location(row, turn.world().settings.delayed_delete);
    write(turn, id, image);
    ok(204)
}

/// What PATCH may do with locations at all: `show_multiple_locations`, then the status.
fn changeable(world: &World, image: &Image, verb: &str, hidden_verb: &str) -> Result<(), Refusal> {
    if !world.settings.show_multiple_locations {
        let text = format!("It's not allowed to {hidden_verb} locations if locations are invisible.");
        return Err(Refusal::new(403, text).hint("The operator's option show_multiple_locations shows them."));
    }
    let removes = verb == "remove";
    match image.status {
        ImageStatus::Active => Ok(()),
        ImageStatus::Queued if !removes => Ok(()),
        ImageStatus::Queued
        | ImageStatus::Saving
        | ImageStatus::Uploading
        | ImageStatus::Importing
        | ImageStatus::Deactivated
        | ImageStatus::Killed
        | ImageStatus::PendingDelete
        | ImageStatus::Deleted => {
            let status = image.status.name();
            Err(conflict(format!("It's not allowed to {verb} locations if image status is {status}.")))
        }
    }
}

/// `ImagesController._do_add_locations`. A queued image becomes active; says so.
pub(super) fn add(
    world: &World,
    image: &mut Image,
    row: u32,
    at: &str,
    value: &Value,
) -> Result<bool, Refusal> {
    changeable(world, image, "add", "add")?;
    let location = Entry::read(value);
    location.validate(image)?;
    if at != "-" && at.parse::<usize>().is_err() {
        return Err(bad_request("Invalid position for adding a location."));
    }
    // The quota's proxy wraps the store's: `glance/quota/__init__.py`, `QuotaImageLocationsProxy`.
    limit(image.live_count() + 1)?;
    let bytes = location.bytes(world)?;
    if image.live().any(|known| known.url.as_deref() == Some(location.url)) {
        return Err(bad_request(format!("The location {} already exists", location.url)));
    }
    let activates = image.status == ImageStatus::Queued;
    if activates {
        formats(image)?;
    }
    image.add_location(row, Some(location.url.into()), Store::Web);
    image.learn_size(bytes);
    Ok(activates)
}

/// `ImagesController._do_replace_locations`: from nothing to something, or the same in another
/// order, which makes new rows.
pub(super) fn replace(
    world: &World,
    image: &mut Image,
    name: &str,
    row: u32,
    value: &Value,
) -> Result<bool, Refusal> {
    changeable(world, image, "replace", "update")?;
    let Value::Array(values) = value else { return Err(bad_request("Invalid location")) };
    let entries: Vec<Entry<'_>> = values.iter().map(Entry::read).collect();
    for entry in &entries {
        entry.validate(image)?;
    }
    limit(entries.len())?;
    let activates = image.status == ImageStatus::Queued;
    if image.live_count() > 0 {
        let is_theirs =
            |location: &Location| entries.iter().any(|entry| location.url.as_deref() == Some(entry.url));
        if entries.len() != image.live_count() || !image.live().all(is_theirs) {
            return Err(bad_request(format!(
                "Original locations is not empty: {}",
                listed(world, name, image)
            )));
        }
    }
    let mut size = None;
    for entry in &entries {
        let bytes = entry.bytes(world)?;
        if entries.iter().filter(|other| other.url == entry.url).count() > 1 {
            return Err(bad_request(format!("The location {} already exists", entry.url)));
        }
        size.get_or_insert(bytes);
    }
    if activates {
        formats(image)?;
    }
    // Those that are not saved yet were never there.
    image.locations.retain(|location| location.row < world.next_row);
    for location in image.locations.iter_mut().filter(|location| location.state == LocationState::Active) {
        location.state = LocationState::Deleted;
    }
    for (row, entry) in (row..).zip(&entries) {
        image.add_location(row, Some(entry.url.into()), Store::Web);
    }
    if let Some(bytes) = size {
        image.learn_size(bytes);
    }
    Ok(activates)
}

/// `ImagesController._do_remove_locations`: never the last one.
pub(super) fn remove(world: &World, image: &mut Image, at: &str) -> Result<(), Refusal> {
    changeable(world, image, "remove", "remove")?;
    let count = image.live_count();
    if count == 1 {
        return Err(denied("Cannot remove last location in the image."));
    }
    let index = if at == "-" { count.checked_sub(1) } else { at.parse().ok() };
    let row = index.and_then(|index| image.live().nth(index)).map(|location| location.row);
    let row = row.ok_or_else(|| bad_request("Invalid position for removing a location."))?;
    image.drop_location(row, world.settings.delayed_delete);
    image.locations.retain(|location| location.row != row || row < world.next_row);
    Ok(())
}

/// `image_location_quota`.
fn limit(locations: usize) -> Result<(), Refusal> {
    const QUOTA: usize = 10;
    if locations <= QUOTA {
        return Ok(());
    }
    let text = "The limit has been exceeded on the number of allowed image locations. Attempted:";
    Err(Refusal::new(413, format!("{text} {locations}, Maximum: {QUOTA}")))
}

/// A location as a request names it.
struct Entry<'a> {
    url: &'a str,
    validation: Option<&'a Object>,
}

impl<'a> Entry<'a> {
    fn read(value: &'a Value) -> Self {
        let Value::Object(fields) = value else { return Self { url: "", validation: None } };
        let validation = match fields.get("validation_data") {
            Some(Value::Object(data)) => Some(data),
            _ => None,
        };
        Self { url: fields.get("url").and_then(as_text).unwrap_or_default(), validation }
    }

    /// How much data lies there: `store_utils.check_location_metadata` and `StoreLocations`.
    fn bytes(&self, world: &World) -> Result<u64, Refusal> {
        match source(self.url, &world.settings.sources) {
            Source::Works(_, bytes) | Source::Stalls(_, bytes) | Source::Short(bytes) if bytes > 0 => {
                Ok(bytes)
            }
            Source::Works(..) | Source::Stalls(..) | Source::Short(_) | Source::Fails => {
                Err(bad_request("Invalid location"))
            }
        }
    }

    /// `ImagesController._validate_validation_data`. A simplification: a checksum that is set
    /// already always counts as a different one.
    fn validate(&self, image: &Image) -> Result<(), Refusal> {
        let Some(data) = self.validation.filter(|data| !data.is_empty()) else { return Ok(()) };
        if let Some(name) = data.keys().find(|_| image.checksum.is_some()) {
            return Err(conflict(format!("{name} is already set with a different value")));
        }
        if image.status != ImageStatus::Queued {
            let names: Vec<&str> = data.keys().map(String::as_str).collect();
            return Err(conflict(format!(
                "New value(s) for {} may only be provided when image status is 'queued'",
                names.join(", ")
            )));
        }
        let hexadecimal =
            |text: &str| text.len().is_multiple_of(2) && text.bytes().all(|b| b.is_ascii_hexdigit());
        if let Some(checksum) = data.get("checksum").and_then(as_text).filter(|text| !hexadecimal(text)) {
            return Err(conflict(format!("checksum ({checksum}) is not a valid hexadecimal value")));
        }
        let algorithm = data.get("os_hash_algo");
        if algorithm.and_then(as_text) != Some("sha512") {
            let got = algorithm.and_then(as_text).unwrap_or("None");
            return Err(conflict(format!("os_hash_algo must be sha512, not {got}")));
        }
        match data.get("os_hash_value").and_then(as_text) {
            Some(hash) if !hexadecimal(hash) => {
                Err(conflict(format!("os_hash_value ({hash}) is not a valid hexadecimal value")))
            }
            Some(hash) if hash.len() != 128 => Err(conflict(format!(
                "os_hash_value ({hash}) is not the correct size for sha512 (should be 64 bytes)"
            ))),
            Some(_) | None => Ok(()),
        }
    }
}

/// Where the recorded service kept its files.
const DATA: &str = "file:///images/glance-run/s1";

/// The locations as Python's `repr` writes them; one that is not saved yet has no number.
fn listed(world: &World, name: &str, image: &Image) -> String {
    let one = |location: &Location| {
        let (row, store) = (location.row, location.store.name());
        let file = || format!("{DATA}/{store}/{name}");
        let url = repr(&Value::String(location.url.as_deref().map_or_else(file, str::to_owned)));
        let id = if row < world.next_row { format!("'id': {row}, ") } else { String::new() };
        format!("{{{id}'url': {url}, 'metadata': {{'store': '{store}'}}, 'status': 'active'}}")
    };
    format!("[{}]", image.live().map(one).collect::<Vec<_>>().join(", "))
}
