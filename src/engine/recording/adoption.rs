//! The recorded world in the place of ours.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use miniserde::json::{self, Object, Value as Json};

use super::comparing::compare_object;
use super::reading::{read_changed, read_gone, read_object};
use super::{Key, Objects};
use crate::engine::Misread;

/// Recorded objects that take the place of ours, so that a replay goes on from the recorded world
/// after a difference. Its text is JSON: `{"put":{kind:[object]},"take":{kind:[id]}}`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Adoption(Arc<str>);

impl Adoption {
    /// What must be put and taken so that `ours` becomes `recorded`.
    pub fn between(recorded: &Objects, ours: &Objects) -> Self {
        let mut put = Object::new();
        let mut take = Object::new();
        for (key, object) in recorded.iter() {
            let mut differences = Vec::new();
            if let Some(ours) = ours.get(key) {
                compare_object(key, object, ours, &mut differences);
                if differences.is_empty() {
                    continue;
                }
            }
            push(&mut put, &key.0, Json::Object(object.clone()));
        }
        for (kind, id) in ours.keys().filter(|key| recorded.get(key).is_none()) {
            push(&mut take, kind, Json::String(id.clone()));
        }
        let mut whole = Object::new();
        whole.insert("put".to_owned(), Json::Object(put));
        whole.insert("take".to_owned(), Json::Object(take));
        Self(json::to_string(&whole).into())
    }

    /// The objects to put in.
    pub fn put(&self) -> Objects {
        let whole = read_object(&self.0).unwrap_or_default();
        read_changed("put", whole.get("put")).unwrap_or_default()
    }

    /// The objects to take out.
    pub fn take(&self) -> Vec<Key> {
        let whole = read_object(&self.0).unwrap_or_default();
        read_gone("take", whole.get("take")).unwrap_or_default()
    }
}

/// Adds an item to the list of its kind.
fn push(lists: &mut Object, kind: &str, item: Json) {
    let list = lists.entry(kind.to_owned()).or_insert_with(|| Json::Array(json::Array::new()));
    if let Json::Array(list) = list {
        list.push(item);
    }
}

impl fmt::Display for Adoption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Adoption {
    type Err = Misread;

    fn from_str(text: &str) -> Result<Self, Misread> {
        let whole = read_object(text).map_err(Misread)?;
        read_changed("put", whole.get("put")).map_err(Misread)?;
        read_gone("take", whole.get("take")).map_err(Misread)?;
        Ok(Self(text.into()))
    }
}
