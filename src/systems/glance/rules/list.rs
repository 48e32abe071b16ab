//! Reading: `GET /v2/images`, `GET /v2/images/ID` and `GET /file`.

use crate::engine::{Refusal, Turn};

use super::super::image::Visibility;
use super::super::persona::{Persona, Rule, enforce, unauthorized};
use super::super::{Glance, ImageStatus};
use super::{Answer, bad_request, ok, seen};

/// The list itself is shown by the page; here a query is only checked:
/// `glance/api/v2/images.py`, `RequestDeserializer.index` and `ImagesController.index`.
pub(super) fn list(turn: &Turn<'_, Glance>, by: Persona, query: &str) -> Answer {
    let given = |name: &str| {
        let parts = query.trim_start_matches('?').split('&');
        parts.filter(|part| part.split('=').next() == Some(name)).count()
    };
    if given("sort") > 0 && given("sort_key") + given("sort_dir") > 0 {
        return Err(bad_request("Old and new sorting syntax cannot be combined"));
    }
    let filters = || {
        let parts = query.trim_start_matches('?').split('&').filter(|part| !part.is_empty());
        parts.map(|part| part.split_once('=').unwrap_or((part, "")))
    };
    for (name, value) in filters().filter(|(name, _)| !ASKED_LAST.contains(name)) {
        check_filter(name, value)?;
    }
    if given("sort_dir") > 1 && given("sort_dir") != given("sort_key") {
        return Err(bad_request("Number of sort dirs does not match the number of sort keys"));
    }
    // Role reader is asked for, which another service does not have.
    if by == Persona::Service {
        return Err(unauthorized("get_images"));
    }
    for (name, value) in filters().filter(|(name, _)| ASKED_LAST.contains(name)) {
        check_filter(name, value)?;
    }
    marker(turn, by, query)?;
    ok(200)
}

/// The filters that the database reads, after policy was asked: `_make_conditions_from_filters` of
/// `glance/db/sqlalchemy/api.py`.
const ASKED_LAST: [&str; 9] = [
    "size_min",
    "size_max",
    "created_at",
    "updated_at",
    "name",
    "id",
    "status",
    "container_format",
    "disk_format",
];

/// `ImagesController.index`: a page begins after an image that the caller sees.
fn marker(turn: &Turn<'_, Glance>, by: Persona, query: &str) -> Result<(), Refusal> {
    let mut parts = query.trim_start_matches('?').split('&');
    let Some(marker) = parts.find_map(|part| part.strip_prefix("marker=")) else { return Ok(()) };
    if seen(turn, by, marker).is_ok() {
        return Ok(());
    }
    let found = turn.world().find(marker).and_then(|id| turn.world().image(id));
    Err(match found.filter(|image| !image.deleted || by.is_admin()) {
        // `_image_get` shows deleted ones to an admin.
        Some(_) if by.is_admin() => return Ok(()),
        Some(_) => Refusal::new(403, format!("Forbidding request, image {marker} not visible")),
        None => bad_request(format!("No image found with ID {marker}")),
    })
}

pub(super) fn check_filter(name: &str, value: &str) -> Result<(), Refusal> {
    const SORT_KEYS: [&str; 8] =
        ["name", "status", "container_format", "disk_format", "size", "id", "created_at", "updated_at"];
    match name {
        "limit" => match value.parse::<i64>() {
            Err(_) => Err(bad_request("limit param must be an integer")),
            Ok(limit) if limit < 0 => Err(bad_request("limit param must be positive")),
            Ok(_) => Ok(()),
        },
        "member_status" if !["pending", "accepted", "rejected", "all"].contains(&value) => {
            Err(bad_request(format!("Invalid status: {value}")))
        }
        "visibility" if value != "all" && !value.is_empty() && Visibility::named(value).is_none() => {
            Err(bad_request(format!("Invalid visibility value: {value}")))
        }
        "sort" => value.split(',').try_for_each(|part| {
            let (key, direction) = part.split_once(':').unwrap_or((part, "desc"));
            check_filter("sort_key", key.trim())?;
            let direction = direction.trim();
            if direction.is_empty() { Ok(()) } else { check_filter("sort_dir", direction) }
        }),
        "sort_key" if !SORT_KEYS.contains(&value) => Err(bad_request(format!(
            "Invalid sort key: {value}. It must be one of the following: {}.",
            SORT_KEYS.join(", ")
        ))),
        "sort_dir" if !["asc", "desc"].contains(&value) => {
            Err(bad_request(format!("Invalid sort direction: {value}")))
        }
        "os_hidden" if !["true", "false"].contains(&&*value.to_ascii_lowercase()) => {
            Err(invalid_filter(&value.to_ascii_lowercase(), name))
        }
        "protected" if !["true", "false"].contains(&value) => Err(invalid_filter(value, name)),
        "size_min" | "size_max" if value.parse::<i64>().is_err() => {
            Err(bad_request("Unable to filter on a range with a non-numeric value."))
        }
        "created_at" | "updated_at" if !is_time(value) => {
            Err(bad_request(format!("Bad \"{name}\" query filter format. Use ISO 8601 DateTime notation.")))
        }
        "created_at" | "updated_at" => match operator(value) {
            Some((operator, _)) if !["gt", "gte", "lt", "lte", "eq", "neq"].contains(&operator) => {
                Err(bad_request("Unable to filter on a unknown operator."))
            }
            Some(_) | None => Ok(()),
        },
        "name" | "id" | "status" | "container_format" | "disk_format" => match operator(value) {
            Some(("in", list)) => check_quotes(list),
            Some(("eq", _)) | None => Ok(()),
            Some((operator, _)) => {
                Err(bad_request(format!("Unable to filter by unknown operator '{operator}'.")))
            }
        },
        "changes-since" if !value.is_empty() => {
            Err(bad_request("The \"changes-since\" filter is no longer available on v2."))
        }
        _ => Ok(()),
    }
}

/// Quotes stand around whole values, between commas: `glance/common/utils.py`, `validate_quotes`.
fn check_quotes(list: &str) -> Result<(), Refusal> {
    let bytes = list.as_bytes();
    let problem = |text: &str| Err(bad_request(format!("Invalid filter value {list}. {text}")));
    let mut open = false;
    for at in 0..bytes.len() {
        let before = at.checked_sub(1).map(|at| bytes[at]);
        if bytes[at] != b'"' || before == Some(b'\\') {
            continue;
        }
        if !open && before.is_some_and(|before| before != b',') {
            return problem("There is no comma before opening quotation mark.");
        }
        if open && bytes.get(at + 1).is_some_and(|after| *after != b',') {
            return problem("There is no comma after closing quotation mark.");
        }
        open = !open;
    }
    if open { problem("The quote is not closed.") } else { Ok(()) }
}

/// Whether a filter's value, after its operator, begins with a date. A simplification: the rest of
/// ISO 8601 is not looked at.
fn is_time(value: &str) -> bool {
    let time = operator(value).map_or(value, |(_, time)| time);
    time.as_bytes().get(..4).is_some_and(|year| year.iter().all(u8::is_ascii_digit))
}

/// The operator before a time, and the time: `glance/common/utils.py`, `split_filter_op`.
fn operator(value: &str) -> Option<(&str, &str)> {
    value.split_once(':').filter(|(operator, _)| !operator.contains('-'))
}

fn invalid_filter(value: &str, name: &str) -> Refusal {
    let text = format!("Invalid value '{value}' for '{name}' filter. Valid values are 'true' or 'false'.");
    bad_request(text)
}

/// `ImagesController.show`.
pub(super) fn show(turn: &Turn<'_, Glance>, by: Persona, image: &str) -> Answer {
    let (_, image) = seen(turn, by, image)?;
    enforce("get_image", Rule::ProjectReader, &image, by).or_else(|refusal| match refusal.code {
        404 => Err(refusal),
        _ => Ok(()),
    })?;
    ok(200)
}

/// `ImageDataController.download`: a deactivated image is refused before policy is asked, and an
/// image without data is an empty answer.
pub(super) fn download(turn: &Turn<'_, Glance>, by: Persona, image: &str) -> Answer {
    let (_, image) = seen(turn, by, image)?;
    if image.status == ImageStatus::Deactivated && !by.is_admin() {
        let text = "The requested image has been deactivated. Image data download is forbidden.";
        return Err(Refusal::new(403, text).hint("Reactivate the image, or ask as an admin."));
    }
    enforce("download_image", Rule::Download, &image, by)?;
    ok(if image.has_data() { 200 } else { 204 })
}
