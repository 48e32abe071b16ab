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
        "locations" => return check_locations(value),
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

const IN_LIST: &str = "'Values ' 'to be ' 'used to ' 'populate ' 'the ' 'corresponding ' 'image ' 'properties. ' \
                       'If the ' 'image ' 'status ' 'is not ' \"'queued', \" 'values ' 'must ' 'exactly ' 'match ' \
                       'those ' 'already ' 'contained ' 'in the ' 'image ' 'properties.'";

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
    let items = |description| {
        format!(
            "{{'type': 'object', 'properties': {{'url': {{'type': 'string', 'maxLength': 255}}, 'metadata': \
             {{'type': 'object'}}, 'validation_data': {}}}, 'required': ['url', 'metadata']}}",
            data_schema(description)
        )
    };
    let Value::Array(locations) = value else {
        let schema = format!(
            "'type': 'array', 'items': {}, 'description': 'A set of URLs to access the image file kept in ' \
             'external store'",
            items(IN_LIST)
        );
        let breach = Breach { problem: "is not of type 'array'".to_owned(), keyword: "type", schema };
        return Err(refuse("locations", value, &breach));
    };
    for (at, location) in locations.iter().enumerate() {
        let Value::Object(fields) = location else {
            let problem = format!("{} is not of type 'object'", repr(location));
            return refuse_location(at, (&problem, "type"), ("", &items(IN_ITEMS)), "", location);
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
                    return refuse_location(at, (&problem, "required"), ("", &items(IN_ITEMS)), "", location);
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

/// The schema of `validation_data` of `POST /locations`, after its description.
const NEW_DATA: &str = "'type': 'object', 'writeOnly': True, 'additionalProperties': False, 'properties': \
                        {'os_hash_algo': {'type': 'string', 'maxLength': 64, 'enum': ['sha1', 'sha256', 'sha512', \
                        'md5']}, 'os_hash_value': {'type': 'string', 'maxLength': 128}}, 'dependentRequired': \
                        {'os_hash_value': ['os_hash_algo'], 'os_hash_algo': ['os_hash_value']}}";

/// Its description, as Python breaks it where it stands by itself and within the whole schema.
const NEW_DATA_ALONE: &str = "'Values to be used to populate the corresponding image ' \
                              'properties.do_secure_hash is not True then image ' 'checksum and hash will not be \
                              calculated so it is the ' 'responsibility of the consumer of location ADD API to ' \
                              'provide the correct values in the validation_data ' 'parameter'";
const NEW_DATA_WITHIN: &str = "'Values to be used ' 'to populate the ' 'corresponding ' 'image ' \
                               'properties.do_secure_hash ' 'is not True then ' 'image checksum and ' 'hash will \
                               not be ' 'calculated so it ' 'is the ' 'responsibility of ' 'the consumer of ' \
                               'location ADD API ' 'to provide the ' 'correct values in ' 'the ' \
                               'validation_data ' 'parameter'";

/// What is wrong with the body of `POST /locations`: the problem, the keyword, the place in the schema
/// and the schema there, the place in the body and the value there.
fn refuse_new_location(
    (problem, keyword): (&str, &str),
    (place, schema): (&str, &str),
    path: &str,
    value: &str,
) -> Result<(), Refusal> {
    Err(bad_request(format!(
        "Provided object does not match schema 'location': {problem} Failed validating '{keyword}' in \
         schema['properties']['add_location']{place}: {{{schema} On instance['add_location']{path}: {value}"
    )))
}

/// The schema of `POST /locations`: `glance/api/v2/images.py`, `get_location_schema`.
pub(super) fn location_schema(body: &Object) -> Result<(), Refusal> {
    const URL: &str = "'type': 'string', 'readOnly': True, 'description':";
    let Some(url) = body.get("url") else {
        let schema = format!(
            "'type': 'object', 'description': 'Values of location url, do_secure_hash and ' 'validation_data for \
             new add location API', 'properties': {{'url': {{{URL} 'The URL of the new location to ' 'be added in \
             the image.'}}, 'validation_data': {{'description': {NEW_DATA_WITHIN}, {NEW_DATA}}}, 'required': \
             ['url']}}"
        );
        let whole = repr(&Value::Object(body.clone()));
        return refuse_new_location(("'url' is a required property", "required"), ("", &schema), "", &whole);
    };
    match body.get("validation_data") {
        None => {}
        Some(Value::Object(data)) => check_new_data(data)?,
        Some(data) => {
            let data = repr(data);
            return refuse_new_data((&format!("{data} is not of type 'object'"), "type"), &data);
        }
    }
    if as_text(url).is_some() {
        return Ok(());
    }
    let url = repr(url);
    let problem = format!("{url} is not of type 'string'");
    let schema = format!("{URL} 'The URL of the new location to be added in the image.'}}");
    refuse_new_location((&problem, "type"), ("['properties']['url']", &schema), "['url']", &url)
}

fn refuse_new_data(problem: (&str, &str), data: &str) -> Result<(), Refusal> {
    let schema = format!("'description': {NEW_DATA_ALONE}, {NEW_DATA}");
    let place = ("['properties']['validation_data']", schema.as_str());
    refuse_new_location(problem, place, "['validation_data']", data)
}

/// A hash and its algorithm need each other, and nothing else is allowed.
fn check_new_data(fields: &Object) -> Result<(), Refusal> {
    const ALGORITHMS: [&str; 4] = ["sha1", "sha256", "sha512", "md5"];
    let (algo, value) = ("os_hash_algo", "os_hash_value");
    let data = || repr(&Value::Object(fields.clone()));
    let others: Vec<String> = fields
        .keys()
        .filter(|name| *name != algo && *name != value)
        .map(|name| format!("'{name}'"))
        .collect();
    if !others.is_empty() {
        let were = if others.len() == 1 { "was" } else { "were" };
        let problem =
            format!("Additional properties are not allowed ({} {were} unexpected)", others.join(", "));
        return refuse_new_data((&problem, "additionalProperties"), &data());
    }
    for (given, missing) in [(value, algo), (algo, value)] {
        if fields.contains_key(given) && !fields.contains_key(missing) {
            let problem = format!("'{missing}' is a dependency of '{given}'");
            return refuse_new_data((&problem, "dependentRequired"), &data());
        }
    }
    for (name, longest, words, list) in [
        (value, 128, None, ""),
        (algo, 64, Some(ALGORITHMS), ", 'enum': ['sha1', 'sha256', 'sha512', 'md5']"),
    ] {
        let Some(field) = fields.get(name) else { continue };
        let (problem, keyword) = match as_text(field) {
            None => ("is not of type 'string'", "type"),
            Some(text) if text.chars().count() > longest => ("is too long", "maxLength"),
            Some(text) if words.is_some_and(|words| !words.contains(&text)) => {
                ("is not one of ['sha1', 'sha256', 'sha512', 'md5']", "enum")
            }
            Some(_) => continue,
        };
        let field = repr(field);
        let place = format!("['properties']['validation_data']['properties']['{name}']");
        let schema = format!("'type': 'string', 'maxLength': {longest}{list}}}");
        let path = format!("['validation_data']['{name}']");
        return refuse_new_location(
            (&format!("{field} {problem}"), keyword),
            (&place, &schema),
            &path,
            &field,
        );
    }
    Ok(())
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
