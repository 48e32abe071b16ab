//! What the clients send to ask for an import.

use std::sync::Arc;

use miniserde::json::{self, Array, Object, Value};

use crate::engine::recording::as_text;
use crate::engine::words::is_one_line;

use super::recording::fields_of;

/// `POST /import` as the options of the clients say it.
pub(super) struct ImportBody {
    /// The method's name.
    pub(super) method: Arc<str>,
    /// Where to fetch.
    pub(super) uri: Option<Arc<str>>,
    /// The stores that were named.
    pub(super) stores: Vec<Arc<str>>,
    /// Whether every store is meant.
    pub(super) all_stores: bool,
    /// `all_stores_must_succeed`: the openstack client says no, the other one leaves it out.
    pub(super) all_must_succeed: bool,
}

impl ImportBody {
    /// The body, as JSON.
    pub(super) fn json(&self) -> Arc<str> {
        let text = |text: &str| Value::String(text.to_owned());
        let mut method = fields_of(vec![("name", text(&self.method))]);
        if let Some(uri) = &self.uri {
            method.insert("uri".to_owned(), text(uri));
        }
        let mut body = fields_of(vec![("method", Value::Object(method))]);
        if self.all_stores {
            body.insert("all_stores".to_owned(), Value::Bool(true));
        }
        if !self.stores.is_empty() {
            let mut stores = Array::new();
            self.stores.iter().for_each(|store| stores.push(text(store)));
            body.insert("stores".to_owned(), Value::Array(stores));
        }
        if !self.all_must_succeed {
            body.insert("all_stores_must_succeed".to_owned(), Value::Bool(false));
        }
        json::to_string(&body).into()
    }

    /// The options that make this body, if there are such.
    pub(super) fn read(body: &str) -> Option<Self> {
        let fields: Object = json::from_str(body).ok()?;
        let Value::Object(method) = fields.get("method")? else { return None };
        let text = |value: &Value| as_text(value).filter(|text| is_one_line(text)).map(Into::into);
        let stores = match fields.get("stores") {
            Some(Value::Array(stores)) => stores.iter().filter_map(text).collect(),
            _ => Vec::new(),
        };
        let read = Self {
            method: text(method.get("name")?)?,
            uri: method.get("uri").and_then(text),
            stores,
            all_stores: fields.contains_key("all_stores"),
            all_must_succeed: !fields.contains_key("all_stores_must_succeed"),
        };
        (*read.json() == *body).then_some(read)
    }
}
