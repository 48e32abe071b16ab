//! The JSON schemas of images and locations: `glance/api/v2/images.py`, `get_base_properties`, and
//! the words in which `jsonschema` refuses.

use miniserde::json::{Number, Object, Value};

use crate::engine::Refusal;
use crate::engine::recording::as_text;

use super::super::image::Visibility;
use super::super::names::ImageNames;
use super::bad_request;

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
pub(super) fn check(names: ImageNames, name: &str, value: &Value) -> Result<(), Refusal> {
    let whole = matches!(value, Value::Number(Number::U64(_) | Number::I64(_)));
    let truth = matches!(value, Value::Bool(_));
    let breach = match name {
        "disk_format" => one_of(value, "Format of the disk", &DISK_FORMATS, true),
        "container_format" => one_of(value, "Format of the container", &CONTAINER_FORMATS, true),
        "visibility" => {
            let words = Visibility::ALL.map(Visibility::name);
            one_of(value, "Scope of image accessibility", &words, false)
        }
        "id" => id(names, value),
        "name" => text(value, "Descriptive name for the image"),
        "owner" => text(value, "Owner of the image"),
        "min_disk" => of_type("integer", whole, "Amount of disk space (in GB) required to boot image."),
        "min_ram" => of_type("integer", whole, "Amount of ram (in MB) required to boot image."),
        "protected" => of_type("boolean", truth, "If true, image will not be deletable."),
        "os_hidden" => {
            let text = "If true, image will not appear in default image list ' 'response.";
            of_type("boolean", truth, text)
        }
        "tags" => {
            let Value::Array(tags) = value else { return Err(refuse(name, value, &not_a_list())) };
            if let Some(at) = tags.iter().rposition(|tag| as_text(tag).is_none()) {
                return Err(refuse_tag(at, &tags[at], "is not of type 'string'", "type"));
            }
            return check_tags(&tags.iter().filter_map(as_text).collect::<Vec<_>>());
        }
        "locations" => return check_locations(value),
        _ => None,
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

fn id(names: ImageNames, value: &Value) -> Option<Breach> {
    let text = as_text(value);
    let fits = text.is_some_and(|id| names.is_id(id));
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

fn text(value: &Value, description: &str) -> Option<Breach> {
    let (problem, keyword) = match value {
        Value::Null => return None,
        Value::String(text) if text.chars().count() <= LONGEST => return None,
        Value::String(_) => ("is too long", "maxLength"),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            ("is not of type 'null', 'string'", "type")
        }
    };
    let schema =
        format!("'type': ['null', 'string'], 'description': '{description}', 'maxLength': {LONGEST}");
    Some(Breach { problem: problem.to_owned(), keyword, schema })
}

fn of_type(kind: &str, fits: bool, description: &str) -> Option<Breach> {
    (!fits).then(|| Breach {
        problem: format!("is not of type '{kind}'"),
        keyword: "type",
        schema: format!("'type': '{kind}', 'description': '{description}'"),
    })
}

/// The lengths that `validation_data` of a location may have: name, shortest, longest.
const VALIDATION: [(&str, usize, usize); 3] =
    [("checksum", 32, 32), ("os_hash_algo", 0, 64), ("os_hash_value", 0, 128)];

/// The descriptions as Python breaks them, which depends on how deep they stand.
const IN_DATA: &str = "'Values to be used to populate the corresponding image ' \"properties. If the image \
                       status is not 'queued', \" 'values must exactly match those already contained in ' \
                       'the image properties.'";
const IN_ITEMS: &str = "'Values to be used ' 'to populate the ' 'corresponding ' 'image properties. ' 'If the \
                        image ' 'status is not ' \"'queued', values \" 'must exactly match ' 'those already ' \
                        'contained in the ' 'image properties.'";

fn data_schema(description: &str) -> String {
    format!(
        "{{'description': {description}, 'type': 'object', 'writeOnly': True, 'additionalProperties': False, \
         'properties': {{'checksum': {{'type': 'string', 'minLength': 32, 'maxLength': 32}}, 'os_hash_algo': \
         {{'type': 'string', 'maxLength': 64}}, 'os_hash_value': {{'type': 'string', 'maxLength': 128}}}}, \
         'required': ['os_hash_algo', 'os_hash_value']}}"
    )
}

/// What is wrong with a part of a location: the problem, the keyword, the place in the schema and the
/// schema there, the place in the location and the value there.
fn refuse_location(
    at: usize,
    (problem, keyword): (&str, &str),
    (place, schema): (&str, &str),
    path: &str,
    value: &Value,
) -> Result<(), Refusal> {
    Err(bad_request(format!(
        "Provided object does not match schema 'image': {problem} Failed validating '{keyword}' in \
         schema['properties']['locations']['items']{place}: {schema} On instance['locations'][{at}]{path}: {}",
        repr(value)
    )))
}

/// `glance/api/v2/images.py`, `get_base_properties`: a location has a url and metadata, and a hash whole.
fn check_locations(value: &Value) -> Result<(), Refusal> {
    let Value::Array(locations) = value else { return Ok(()) };
    for (at, location) in locations.iter().enumerate() {
        let items = || {
            format!(
                "{{'type': 'object', 'properties': {{'url': {{'type': 'string', 'maxLength': 255}}, \
                 'metadata': {{'type': 'object'}}, 'validation_data': {}}}, 'required': ['url', 'metadata']}}",
                data_schema(IN_ITEMS)
            )
        };
        let Value::Object(fields) = location else {
            let problem = format!("{} is not of type 'object'", repr(location));
            return refuse_location(at, (&problem, "type"), ("", &items()), "", location);
        };
        if let Some(data) = fields.get("validation_data") {
            check_data(at, data)?;
        }
        for (name, kind, schema) in [
            ("url", "string", "{'type': 'string', 'maxLength': 255}"),
            ("metadata", "object", "{'type': 'object'}"),
        ] {
            let place = format!("['properties']['{name}']");
            let path = format!("['{name}']");
            match fields.get(name) {
                None => {
                    let problem = format!("'{name}' is a required property");
                    return refuse_location(at, (&problem, "required"), ("", &items()), "", location);
                }
                Some(Value::String(_)) if kind == "string" => {}
                Some(Value::Object(_)) if kind == "object" => {}
                Some(value) => {
                    let problem = format!("{} is not of type '{kind}'", repr(value));
                    return refuse_location(at, (&problem, "type"), (&place, schema), &path, value);
                }
            }
        }
    }
    Ok(())
}

fn check_data(at: usize, value: &Value) -> Result<(), Refusal> {
    const PLACE: &str = "['properties']['validation_data']";
    const PATH: &str = "['validation_data']";
    let Value::Object(data) = value else {
        let problem = format!("{} is not of type 'object'", repr(value));
        return refuse_location(at, (&problem, "type"), (PLACE, &data_schema(IN_DATA)), PATH, value);
    };
    for (name, shortest, longest) in VALIDATION {
        let Some(value) = data.get(name) else { continue };
        let (problem, keyword) = match as_text(value).map(|text| text.chars().count()) {
            None => ("is not of type 'string'", "type"),
            Some(length) if length < shortest => ("is too short", "minLength"),
            Some(length) if length > longest => ("is too long", "maxLength"),
            Some(_) => continue,
        };
        let least = if shortest > 0 { format!("'minLength': {shortest}, ") } else { String::new() };
        let problem = format!("{} {problem}", repr(value));
        let schema = format!("{{'type': 'string', {least}'maxLength': {longest}}}");
        let (place, path) = (format!("{PLACE}['properties']['{name}']"), format!("{PATH}['{name}']"));
        return refuse_location(at, (&problem, keyword), (&place, &schema), &path, value);
    }
    for name in ["os_hash_algo", "os_hash_value"] {
        if !data.contains_key(name) {
            let problem = format!("'{name}' is a required property");
            return refuse_location(at, (&problem, "required"), (PLACE, &data_schema(IN_DATA)), PATH, value);
        }
    }
    Ok(())
}

/// The schema of `POST /locations`: a hash and its algorithm need each other.
pub(super) fn location_schema(body: &Object) -> Result<(), Refusal> {
    if let Some(url) = body.get("url").filter(|url| as_text(url).is_none()) {
        let url = repr(url);
        return Err(bad_request(format!(
            "Provided object does not match schema 'location': {url} is not of type 'string' Failed validating \
             'type' in schema['properties']['add_location']['properties']['url']: {{'type': 'string', 'readOnly': \
             True, 'description': 'The URL of the new location to be added in the image.'}} On \
             instance['add_location']['url']: {url}"
        )));
    }
    let Some(data @ Value::Object(fields)) = body.get("validation_data") else { return Ok(()) };
    let (algo, value) = ("os_hash_algo", "os_hash_value");
    let (missing, given) = match (fields.contains_key(algo), fields.contains_key(value)) {
        (false, true) => (algo, value),
        (true, false) => (value, algo),
        (true, true) | (false, false) => return Ok(()),
    };
    Err(bad_request(format!(
        "Provided object does not match schema 'location': '{missing}' is a dependency of '{given}' Failed \
         validating 'dependentRequired' in schema['properties']['add_location']['properties']\
         ['validation_data']: {{'description': 'Values to be used to populate the corresponding image ' \
         'properties.do_secure_hash is not True then image ' 'checksum and hash will not be calculated so it \
         is the ' 'responsibility of the consumer of location ADD API to ' 'provide the correct values in the \
         validation_data ' 'parameter', 'type': 'object', 'writeOnly': True, 'additionalProperties': False, \
         'properties': {{'os_hash_algo': {{'type': 'string', 'maxLength': 64, 'enum': ['sha1', 'sha256', \
         'sha512', 'md5']}}, 'os_hash_value': {{'type': 'string', 'maxLength': 128}}}}, 'dependentRequired': \
         {{'os_hash_value': ['os_hash_algo'], 'os_hash_algo': ['os_hash_value']}}}} On \
         instance['add_location']['validation_data']: {}",
        repr(data)
    )))
}

/// A value as Python's `repr` writes it.
pub(super) fn repr(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) if text.contains('\'') && !text.contains('"') => format!("\"{text}\""),
        Value::String(text) => format!("'{}'", text.replace('\'', "\\'")),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(repr).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(fields) => {
            let fields: Vec<String> =
                fields.iter().map(|(name, value)| format!("'{name}': {}", repr(value))).collect();
            format!("{{{}}}", fields.join(", "))
        }
    }
}
