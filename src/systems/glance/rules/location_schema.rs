//! The JSON schemas of locations, those of an image and that of `POST /locations`:
//! `glance/api/v2/images.py`, `get_base_properties` and `get_location_schema`.

use miniserde::json::{Array, Object, Value};

use crate::engine::Refusal;
use crate::engine::recording::as_text;

use super::bad_request;
use super::python::repr;

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

/// The schema of one location, where the description of its `validation_data` is broken like this.
fn item_schema(description: &str) -> String {
    format!(
        "{{'type': 'object', 'properties': {{'url': {{'type': 'string', 'maxLength': 255}}, 'metadata': \
         {{'type': 'object'}}, 'validation_data': {}}}, 'required': ['url', 'metadata']}}",
        data_schema(description)
    )
}

/// The schema of the attribute `locations`.
pub(super) fn list_schema() -> String {
    format!(
        "'type': 'array', 'items': {}, 'description': 'A set of URLs to access the image file kept in ' \
         'external store'",
        item_schema(IN_LIST)
    )
}

/// `glance/api/v2/images.py`, `get_base_properties`: a location has a url and metadata, and a hash whole.
pub(super) fn check_locations(locations: &Array) -> Result<(), Refusal> {
    for (at, location) in locations.iter().enumerate() {
        let Value::Object(fields) = location else {
            let problem = format!("{} is not of type 'object'", repr(location));
            return refuse_location(at, (&problem, "type"), ("", &item_schema(IN_ITEMS)), "", location);
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
                    return refuse_location(
                        at,
                        (&problem, "required"),
                        ("", &item_schema(IN_ITEMS)),
                        "",
                        location,
                    );
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
pub(super) fn check_new_location(body: &Object) -> Result<(), Refusal> {
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
