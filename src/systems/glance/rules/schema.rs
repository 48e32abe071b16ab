//! The JSON schema of images: `glance/api/v2/images.py`, `get_base_properties`, and the words in which
//! `jsonschema` refuses.

use miniserde::json::{Number, Value};

use crate::engine::Refusal;
use crate::engine::recording::as_text;

use super::super::ids::IdStyle;
use super::super::image::Visibility;
use super::bad_request;
use super::location_schema::{check_locations, list_schema};
use super::python::repr;

const DISK_FORMATS: [&str; 11] =
    ["ami", "ari", "aki", "vhd", "vhdx", "vmdk", "raw", "qcow2", "vdi", "iso", "ploop"];
const CONTAINER_FORMATS: [&str; 8] = ["ami", "ari", "aki", "bare", "ovf", "ova", "docker", "compressed"];
const UUID: &str = "^([0-9a-fA-F]){8}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){12}$";
const LONGEST: usize = 255;

/// A disk format that the service knows.
pub(super) fn disk_format(name: &str) -> Option<&'static str> {
    DISK_FORMATS.into_iter().find(|format| *format == name)
}

/// A container format that the service knows.
pub(super) fn container_format(name: &str) -> Option<&'static str> {
    CONTAINER_FORMATS.into_iter().find(|format| *format == name)
}

/// A rule of the schema that a value breaks: the message, the keyword and the schema's own text.
struct Breach {
    problem: String,
    keyword: &'static str,
    schema: String,
}

/// Checks one attribute against the schema.
///
/// # Errors
/// 400 in the words of `glance.schema.Schema.validate`.
pub(super) fn check(ids: IdStyle, name: &str, value: &Value) -> Result<(), Refusal> {
    let whole = matches!(value, Value::Number(Number::U64(_) | Number::I64(_)));
    let truth = matches!(value, Value::Bool(_));
    let breach = match name {
        "disk_format" => one_of(value, "Format of the disk", &DISK_FORMATS, true),
        "container_format" => one_of(value, "Format of the container", &CONTAINER_FORMATS, true),
        "visibility" => {
            let words = Visibility::ALL.map(Visibility::name);
            one_of(value, "Scope of image accessibility", &words, false)
        }
        "id" => id(ids, value),
        "name" => text(value, "Descriptive name for the image", LONGEST),
        "owner" => text(value, "Owner of the image", LONGEST),
        "min_disk" => of_type(&["integer"], whole, "Amount of disk space (in GB) required to boot image."),
        "min_ram" => of_type(&["integer"], whole, "Amount of ram (in MB) required to boot image."),
        "protected" => of_type(&["boolean"], truth, "If true, image will not be deletable."),
        "os_hidden" => {
            let text = "If true, image will not appear in default image list ' 'response.";
            of_type(&["boolean"], truth, text)
        }
        "tags" => {
            let Value::Array(tags) = value else { return Err(refuse(name, value, &not_a_list())) };
            if let Some(at) = tags.iter().rposition(|tag| as_text(tag).is_none()) {
                return Err(refuse_tag(at, &tags[at], "is not of type 'string'", "type"));
            }
            return check_tags(&tags.iter().filter_map(as_text).collect::<Vec<_>>());
        }
        "locations" => {
            let Value::Array(locations) = value else { return Err(refuse(name, value, &no_locations())) };
            return check_locations(locations);
        }
        name => read_only(name, value),
    };
    breach.map_or(Ok(()), |breach| Err(refuse(name, value, &breach)))
}

/// Checks the length of tags.
pub(super) fn check_tags(tags: &[&str]) -> Result<(), Refusal> {
    let Some(at) = tags.iter().rposition(|tag| tag.chars().count() > LONGEST) else { return Ok(()) };
    Err(refuse_tag(at, &Value::String(tags[at].to_owned()), "is too long", "maxLength"))
}

fn refuse_tag(at: usize, tag: &Value, problem: &str, keyword: &str) -> Refusal {
    let tag = repr(tag);
    bad_request(format!(
        "Provided object does not match schema 'image': {tag} {problem} Failed validating '{keyword}' in \
         schema['properties']['tags']['items']: {{'type': 'string', 'maxLength': {LONGEST}}} On \
         instance['tags'][{at}]: {tag}"
    ))
}

fn not_a_list() -> Breach {
    let items = format!("'items': {{'type': 'string', 'maxLength': {LONGEST}}}");
    Breach {
        problem: "is not of type 'array'".to_owned(),
        keyword: "type",
        schema: format!("'type': 'array', 'description': 'List of strings related to the image', {items}"),
    }
}

fn no_locations() -> Breach {
    Breach { problem: "is not of type 'array'".to_owned(), keyword: "type", schema: list_schema() }
}

/// Checks a property that the schema does not name: it must be text.
pub(super) fn check_property(name: &str, value: &Value) -> Result<(), Refusal> {
    if as_text(value).is_some() {
        return Ok(());
    }
    let value = repr(value);
    Err(bad_request(format!(
        "Provided object does not match schema 'image': {value} is not of type 'string' Failed validating \
         'type' in schema['additionalProperties']: {{'type': 'string'}} On instance['{name}']: {value}"
    )))
}

fn refuse(name: &str, value: &Value, breach: &Breach) -> Refusal {
    let Breach { problem, keyword, schema } = breach;
    let value = repr(value);
    bad_request(format!(
        "Provided object does not match schema 'image': {value} {problem} Failed validating '{keyword}' in \
         schema['properties']['{name}']: {{{schema}}} On instance['{name}']: {value}"
    ))
}

/// What nobody may set must fit all the same where an image is created: the read-only ones of
/// `get_base_properties`.
fn read_only(name: &str, value: &Value) -> Option<Breach> {
    const HASH: &str = "Hexdigest of the image contents using the algorithm ' 'specified by the os_hash_algo";
    let statuses = [
        "queued",
        "saving",
        "active",
        "killed",
        "deleted",
        "uploading",
        "importing",
        "pending_delete",
        "deactivated",
    ];
    let whole = matches!(value, Value::Null | Value::Number(Number::U64(_) | Number::I64(_)));
    let mut breach = match name {
        "status" => one_of(value, "Status of the image", &statuses, false),
        "size" => of_type(&["null", "integer"], whole, "Size of image file in bytes"),
        "virtual_size" => of_type(&["null", "integer"], whole, "Virtual size of image in bytes"),
        "checksum" => text(value, "md5 hash of image contents.", 32),
        "os_hash_algo" => text(value, "Algorithm to calculate the os_hash_value", 64),
        "os_hash_value" => text(value, HASH, 128),
        "created_at" => of_type(&["string"], as_text(value).is_some(), "Date and time of image registration"),
        "updated_at" => {
            of_type(&["string"], as_text(value).is_some(), "Date and time of the last image modification")
        }
        _ => None,
    }?;
    breach.schema = breach.schema.replacen("'description'", "'readOnly': True, 'description'", 1);
    Some(breach)
}

fn one_of(value: &Value, description: &str, words: &[&str], or_none: bool) -> Option<Breach> {
    let fits = match value {
        Value::Null => or_none,
        Value::String(word) => words.contains(&word.as_str()),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => false,
    };
    if fits {
        return None;
    }
    let text = as_text(value).is_some();
    let none = or_none.then_some("None".to_owned());
    let quoted = words.iter().map(|word| format!("'{word}'"));
    let list = none.into_iter().chain(quoted).collect::<Vec<_>>().join(", ");
    let kind = if or_none { "['null', 'string']" } else { "'string'" };
    let (problem, keyword) = if text {
        (format!("is not one of [{list}]"), "enum")
    } else {
        (format!("is not of type {}", kind.trim_matches(['[', ']'])), "type")
    };
    Some(Breach {
        problem,
        keyword,
        schema: format!("'type': {kind}, 'description': '{description}', 'enum': [{list}]"),
    })
}

fn id(ids: IdStyle, value: &Value) -> Option<Breach> {
    let text = as_text(value);
    let fits = text.is_some_and(|id| ids.is_id(id));
    let (problem, keyword) = match text {
        Some(_) => (format!("does not match '{UUID}'"), "pattern"),
        None => ("is not of type 'string'".to_owned(), "type"),
    };
    (!fits).then(|| Breach {
        problem,
        keyword,
        schema: format!(
            "'type': 'string', 'description': 'An identifier for the image', 'pattern': '{UUID}'"
        ),
    })
}

fn text(value: &Value, description: &str, longest: usize) -> Option<Breach> {
    let (problem, keyword) = match value {
        Value::Null => return None,
        Value::String(text) if text.chars().count() <= longest => return None,
        Value::String(_) => ("is too long", "maxLength"),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            ("is not of type 'null', 'string'", "type")
        }
    };
    let schema =
        format!("'type': ['null', 'string'], 'description': '{description}', 'maxLength': {longest}");
    Some(Breach { problem: problem.to_owned(), keyword, schema })
}

/// `fits` says whether a value is of one of these types.
fn of_type(kinds: &[&str], fits: bool, description: &str) -> Option<Breach> {
    let names = format!("'{}'", kinds.join("', '"));
    (!fits).then(|| Breach {
        problem: format!("is not of type {names}"),
        keyword: "type",
        schema: match kinds {
            [_] => format!("'type': {names}, 'description': '{description}'"),
            _ => format!("'type': [{names}], 'description': '{description}'"),
        },
    })
}
