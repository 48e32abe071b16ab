//! The words of a line: what stands by itself, options, and which attributes options name.

use std::collections::VecDeque;
use std::str::FromStr;
use std::sync::Arc;

use miniserde::json::{Number, Value};

use crate::engine::Misread;

use super::image::Visibility;
use super::names::Payload;

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

/// The words of a line, sorted into what stands by itself and what is an option.
pub(super) struct Words {
    pub(super) plain: VecDeque<String>,
    pub(super) options: Vec<(String, Option<String>)>,
}

/// Options that take no value.
const FLAGS: [&str; 14] = [
    "--public",
    "--private",
    "--community",
    "--shared",
    "--protected",
    "--unprotected",
    "--hidden",
    "--unhidden",
    "--deactivate",
    "--activate",
    "--all-stores",
    "--held",
    "--disallow-failure",
    "--progress",
];

impl Words {
    pub(super) fn read(words: Vec<String>) -> Result<Self, Misread> {
        let mut sorted = Self { plain: VecDeque::new(), options: Vec::new() };
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            if !word.starts_with("--") {
                sorted.plain.push_back(word);
            } else if FLAGS.contains(&word.as_str()) {
                sorted.options.push((word, None));
            } else {
                let value = words.next().ok_or_else(|| Misread(format!("“{word}” needs a value.")))?;
                sorted.options.push((word, Some(value)));
            }
        }
        Ok(sorted)
    }

    pub(super) fn next(&mut self, what: &str) -> Result<Arc<str>, Misread> {
        self.plain.pop_front().map(Into::into).ok_or_else(|| Misread(format!("Expected {what} here.")))
    }

    pub(super) fn number<T: FromStr>(&mut self, what: &str) -> Result<T, Misread> {
        let word = self.next(what)?;
        word.parse().map_err(|_| Misread(format!("Expected {what}, found “{word}”.")))
    }

    pub(super) fn option(&mut self, name: &str) -> Option<Arc<str>> {
        let at = self.options.iter().position(|(option, value)| option == name && value.is_some())?;
        self.options.remove(at).1.map(Into::into)
    }

    pub(super) fn flag(&mut self, name: &str) -> bool {
        let at = self.options.iter().position(|(option, _)| option == name);
        at.is_some_and(|at| {
            self.options.remove(at);
            true
        })
    }

    pub(super) fn file(&mut self) -> Result<Option<Payload>, Misread> {
        self.option("--file").map(|name| read_file(&name)).transpose()
    }

    pub(super) fn end(self) -> Result<(), Misread> {
        let left = self.plain.into_iter().chain(self.options.into_iter().map(|(name, _)| name)).next();
        left.map_or(Ok(()), |word| Err(Misread(format!("“{word}” is not expected here."))))
    }
}

pub(super) fn read_file(name: &str) -> Result<Payload, Misread> {
    let problem = || Misread(format!("There is no file “{name}”; “5000.raw” is a file of 5000 bytes."));
    Payload::named(name).ok_or_else(problem)
}

/// The attributes that options name, in the order of the options.
pub(super) fn read_attributes(words: &mut Words) -> Result<Vec<(&'static str, Value)>, Misread> {
    let mut attributes = Vec::new();
    let mut left = Vec::new();
    for (option, value) in std::mem::take(&mut words.options) {
        let named = ATTRIBUTES.iter().find(|(_, name)| *name == option);
        let switched = SWITCHES.iter().find(|(_, yes, no)| *yes == option || *no == option);
        match (named, switched, value) {
            (Some((name, _)), _, Some(value)) if name.starts_with("min_") => {
                let number = value.parse().map_err(|_| Misread(format!("{option} needs a number.")))?;
                attributes.push((*name, Value::Number(Number::U64(number))));
            }
            (Some((name, _)), _, Some(value)) => attributes.push((*name, Value::String(value))),
            (_, Some((name, yes, _)), None) => attributes.push((*name, Value::Bool(*yes == option))),
            (_, _, value) => match Visibility::named(option.trim_start_matches('-')) {
                Some(visibility) if value.is_none() => {
                    attributes.push(("visibility", Value::String(visibility.name().to_owned())));
                }
                _ => left.push((option, value)),
            },
        }
    }
    words.options = left;
    Ok(attributes)
}
