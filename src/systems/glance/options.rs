//! The options of the clients: those with a value, and which of them name attributes and files.

use miniserde::json::{Number, Value};

use crate::engine::words::{Options, Words};

use super::fixture::Payload;
use super::image::Visibility;

/// The attributes that the openstack client has an option with a value for.
pub(super) const ATTRIBUTES: [(&str, &str); 7] = [
    ("disk_format", "--disk-format"),
    ("container_format", "--container-format"),
    ("id", "--id"),
    ("owner", "--project"),
    ("name", "--name"),
    ("min_disk", "--min-disk"),
    ("min_ram", "--min-ram"),
];

/// The attributes that it has two flags for: yes and no.
pub(super) const SWITCHES: [(&str, &str, &str); 2] =
    [("protected", "--protected", "--unprotected"), ("os_hidden", "--hidden", "--unhidden")];

/// What `openstack`, `glance` and the drivers' words know.
pub(super) const OPTIONS: Options = Options {
    with_value: &[
        "--disk-format",
        "--container-format",
        "--id",
        "--project",
        "--name",
        "--min-disk",
        "--min-ram",
        "--tag",
        "--property",
        "--file",
        "--store",
        "--size",
        "--content-type",
        "--method",
        "--import-method",
        "--uri",
        "--url",
        "--image",
        "--fails",
    ],
    aliases: &[],
};

/// The file to send, if one is named.
pub(super) fn read_file(words: &mut Words) -> Option<Payload> {
    let name: String = words.option("--file")?;
    read_payload(words, &name)
}

/// The file with this name.
pub(super) fn read_payload(words: &mut Words, name: &str) -> Option<Payload> {
    let payload = Payload::named(name);
    if payload.is_none() {
        words.fail(format!("There is no file “{name}”; “5000.raw” is a file of 5000 bytes."));
    }
    payload
}

/// The attributes that options name, in the order of the options.
pub(super) fn read_attributes(words: &mut Words) -> Vec<(&'static str, Value)> {
    let mut attributes = Vec::new();
    for (option, value) in words.take_options() {
        let named = ATTRIBUTES.iter().find(|(_, name)| *name == option);
        let switched = SWITCHES.iter().find(|(_, yes, no)| *yes == option || *no == option);
        let attribute = match (named, switched, value) {
            (Some((name, _)), _, Some(value)) if name.starts_with("min_") => {
                let number = value.parse().ok();
                if number.is_none() {
                    words.fail(format!("{option} needs a number."));
                }
                (*name, Value::Number(Number::U64(number.unwrap_or_default())))
            }
            (Some((name, _)), _, Some(value)) => (*name, Value::String(value)),
            (_, Some((name, yes, _)), None) => (*name, Value::Bool(*yes == option)),
            (_, _, value) => match Visibility::named(option.trim_start_matches('-')) {
                Some(visibility) if value.is_none() => {
                    ("visibility", Value::String(visibility.name().to_owned()))
                }
                _ => {
                    words.push_option(&option, value);
                    continue;
                }
            },
        };
        attributes.push(attribute);
    }
    attributes
}
