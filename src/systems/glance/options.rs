//! The words of a line: what stands by itself, options, and which attributes options name.

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
///
/// The first problem is noted and reading goes on, with nothing in the place of what is missing.
pub(super) struct Words {
    plain: std::vec::IntoIter<String>,
    options: Vec<(String, Option<String>)>,
    problem: Option<Misread>,
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
    pub(super) fn read(words: Vec<String>) -> Self {
        let mut plain = Vec::new();
        let mut sorted = Self { plain: Vec::new().into_iter(), options: Vec::new(), problem: None };
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            if !word.starts_with("--") {
                plain.push(word);
                continue;
            }
            let value = if FLAGS.contains(&word.as_str()) { None } else { words.next() };
            if value.is_none() && !FLAGS.contains(&word.as_str()) {
                sorted.fail(format!("“{word}” needs a value."));
            }
            sorted.options.push((word, value));
        }
        sorted.plain = plain.into_iter();
        sorted
    }

    /// Notes a problem, unless there was one before.
    pub(super) fn fail(&mut self, problem: String) {
        self.problem.get_or_insert(Misread(problem));
    }

    pub(super) fn next_plain(&mut self) -> Option<String> {
        self.plain.next()
    }

    pub(super) fn has_plain(&self) -> bool {
        !self.plain.as_slice().is_empty()
    }

    pub(super) fn next(&mut self, what: &str) -> Arc<str> {
        let word = self.plain.next();
        if word.is_none() {
            self.fail(format!("Expected {what} here."));
        }
        word.unwrap_or_default().into()
    }

    pub(super) fn number<T: FromStr + Default>(&mut self, what: &str) -> T {
        let word = self.next(what);
        let number = word.parse().ok();
        if number.is_none() {
            self.fail(format!("Expected {what}, found “{word}”."));
        }
        number.unwrap_or_default()
    }

    pub(super) fn option(&mut self, name: &str) -> Option<Arc<str>> {
        let at = self.options.iter().position(|(option, value)| option == name && value.is_some())?;
        self.options.remove(at).1.map(Into::into)
    }

    /// The value of an option that must be there.
    pub(super) fn needed(&mut self, name: &str) -> Arc<str> {
        let value = self.option(name);
        if value.is_none() {
            self.fail(format!("{name} is missing."));
        }
        value.unwrap_or_else(|| "".into())
    }

    pub(super) fn flag(&mut self, name: &str) -> bool {
        let at = self.options.iter().position(|(option, _)| option == name);
        at.is_some_and(|at| {
            self.options.remove(at);
            true
        })
    }

    /// The file to send, if one is named.
    pub(super) fn file(&mut self) -> Option<Payload> {
        let name = self.option("--file")?;
        self.payload(&name)
    }

    pub(super) fn payload(&mut self, name: &str) -> Option<Payload> {
        let payload = Payload::named(name);
        if payload.is_none() {
            self.fail(format!("There is no file “{name}”; “5000.raw” is a file of 5000 bytes."));
        }
        payload
    }

    /// The first problem, or else the first word that nobody wanted.
    pub(super) fn end(mut self) -> Result<(), Misread> {
        let left = self.plain.next().or_else(|| self.options.into_iter().next().map(|(name, _)| name));
        if let Some(word) = left {
            self.problem.get_or_insert(Misread(format!("“{word}” is not expected here.")));
        }
        self.problem.map_or(Ok(()), Err)
    }
}

/// The attributes that options name, in the order of the options.
pub(super) fn read_attributes(words: &mut Words) -> Vec<(&'static str, Value)> {
    let mut attributes = Vec::new();
    for (option, value) in std::mem::take(&mut words.options) {
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
                    words.options.push((option, value));
                    continue;
                }
            },
        };
        attributes.push(attribute);
    }
    attributes
}
