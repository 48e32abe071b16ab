//! An action as a line: the words of the real command lines.

use std::fmt;
use std::sync::Arc;

use miniserde::json::{self, Array, Number, Object, Value};

use crate::engine::State;

use super::action::{Action, Ask, Call, Chance, Drive, Fault, Import};
use super::image::Visibility;
use super::names::Payload;
use super::options::{ATTRIBUTES, SWITCHES};
use super::persona::Persona;
use super::recording::fields_of;

/// A line in the making: words, quoted where needed.
struct Line(String);

impl Line {
    fn of(command: &str) -> Self {
        Self(command.to_owned())
    }

    fn word(mut self, word: &str) -> Self {
        self.0.push(' ');
        self.0.push_str(&quote(word));
        self
    }

    fn option(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => {
                let Self(line) = self;
                Self(format!("{line} {name}")).word(value)
            }
            None => self,
        }
    }

    fn flag(mut self, name: &str, set: bool) -> Self {
        if set {
            self.0.push(' ');
            self.0.push_str(name);
        }
        self
    }
}

fn quote(word: &str) -> String {
    shlex::try_quote(word).map_or_else(|_| word.to_owned(), std::borrow::Cow::into_owned)
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.by != Persona::Owner {
            write!(f, "[{}] ", self.by.name())?;
        }
        for chance in &self.before {
            match chance {
                Chance::Worker => f.write_str("worker; "),
                Chance::Seconds(seconds) => write!(f, "sleep {seconds}; "),
                Chance::Rows(higher) => write!(f, "rows +{higher}; "),
                Chance::Image(number) => write!(f, "image {number}; "),
                Chance::Task(number) => write!(f, "task {number}; "),
            }?;
        }
        f.write_str(&ask_line(&self.ask))?;
        (0..self.after).try_for_each(|_| f.write_str("; worker"))
    }
}

fn ask_line(ask: &Ask) -> String {
    match ask {
        Ask::Create { body, file } => create_line(body, *file),
        Ask::List(query) if query.is_empty() => "openstack image list".to_owned(),
        Ask::List(query) => Line::of("http GET").word(&format!("/v2/images{query}")).0,
        Ask::Image(image, call) => call_line(image, call),
        Ask::CreateTask(body) => Line::of("http POST /v2/tasks").word(body).0,
        Ask::ShowTask(task) => Line::of("openstack image task show").word(task).0,
        Ask::DeleteTask(task) => Line::of("http DELETE").word(&format!("/v2/tasks/{task}")).0,
        Ask::ListTasks(query) if query.is_empty() => "openstack image task list".to_owned(),
        Ask::ListTasks(query) => Line::of("http GET").word(&format!("/v2/tasks{query}")).0,
        Ask::Boot(image, name) => {
            Line::of("openstack server create").option("--image", Some(image)).word(name).0
        }
        Ask::DeleteInstance(instance) => Line::of("openstack server delete").word(instance).0,
        Ask::Snapshot(instance, name) => {
            Line::of("openstack server image create").word(instance).option("--name", Some(name)).0
        }
        Ask::Drive(drive) => drive_line(drive),
        Ask::Adopt(adoption) => format!("recorded {adoption}"),
    }
}

fn call_line(image: &str, call: &Call) -> String {
    let line = |command: &str| Line::of(command).word(image);
    match call {
        Call::Show => line("openstack image show"),
        Call::Download => line("openstack image save"),
        Call::Upload(upload) => line("glance image-upload")
            .option("--file", Some(&upload.file.to_string()))
            .option("--store", upload.store.as_deref())
            .option("--size", upload.size.as_deref())
            .option("--content-type", upload.content_type.as_deref()),
        Call::Stage(file) => line("glance image-stage").option("--file", Some(&file.to_string())),
        Call::Import(import) => import_line(image, import),
        Call::Patch(body) => match (set_line(body), added_location(body)) {
            (Some(Line(options)), _) => Line(format!("openstack image set{options}")).word(image),
            (None, Some(url)) => line("glance location-add").option("--url", Some(&url)),
            (None, None) => Line::of("http PATCH").word(&format!("/v2/images/{image}")).word(body),
        },
        Call::AddLocation(body) => match json::from_str::<Object>(body) {
            Ok(fields)
                if fields.len() == 1 && location_body(&fields).is_some_and(|known| *known == **body) =>
            {
                line("glance add-location").option("--url", fields.get("url").and_then(text_of))
            }
            Ok(_) | Err(_) => Line::of("http POST").word(&format!("/v2/images/{image}/locations")).word(body),
        },
        Call::Locations => Line::of("http GET").word(&format!("/v2/images/{image}/locations")),
        Call::Deactivate => line("openstack image set --deactivate"),
        Call::Reactivate => line("openstack image set --activate"),
        Call::Delete => line("openstack image delete"),
        Call::DeleteFrom(store) => line("openstack image delete").option("--store", Some(store)),
        Call::Tasks => line("glance image-tasks"),
        Call::Members => line("openstack image member list"),
        Call::AddMember(project) => line("openstack image add project").word(project),
        Call::RemoveMember(project) => line("openstack image remove project").word(project),
        Call::SetMember(project, status) => line("glance member-update").word(project).word(status),
        Call::AddTag(tag) => line("glance image-tag-update").word(tag),
        Call::RemoveTag(tag) => line("glance image-tag-delete").word(tag),
        Call::Hold(staging, file) => {
            line(if *staging { "hold-stage" } else { "hold-upload" }).word(&file.to_string())
        }
        Call::Finish(staging, fault) => line(if *staging { "finish-stage" } else { "finish-upload" })
            .option("--fails", fault.map(Fault::name)),
        Call::Abort(staging) => line(if *staging { "abort-stage" } else { "abort-upload" }),
        Call::Hang => line("hang"),
        Call::Setup(status) => line("setup").word(status.name()),
        Call::WaitFor(statuses) => statuses.iter().fold(line("wait"), |line, s| line.word(s.name())),
        Call::Restore => line("scrubber-restore"),
    }
    .0
}

fn import_line(image: &str, import: &Import) -> Line {
    let client = if import.all_must_succeed { "glance image-import" } else { "openstack image import" };
    let method = if import.all_must_succeed { "--import-method" } else { "--method" };
    let line = Line::of(client).word(image).option(method, Some(&import.method));
    let line = line.option("--uri", import.uri.as_deref()).flag("--all-stores", import.all_stores);
    import.stores.iter().fold(line, |line, store| line.option("--store", Some(store)))
}

fn drive_line(drive: &Drive) -> String {
    match drive {
        Drive::Worker(None) => "worker".to_owned(),
        Drive::Worker(Some(task)) => format!("worker {task}"),
        Drive::FinishTask(task, fault) => {
            Line::of("finish-task").word(&task.to_string()).option("--fails", fault.map(Fault::name)).0
        }
        Drive::FinishTasks(held) => Line::of("finish-tasks").flag("--held", *held).0,
        Drive::HangTask(task) => format!("hang-task {task}"),
        Drive::StoreFull(true) => "store-full".to_owned(),
        Drive::StoreFull(false) => "store-free".to_owned(),
        Drive::WebSource(name, mode) => format!("web-source {} {mode}", quote(name)),
        Drive::Scrubber => "scrubber".to_owned(),
        Drive::Purge => "glance-manage db purge".to_owned(),
        Drive::Config(options) => format!("config {options}"),
        Drive::Sleep(seconds) => format!("sleep {seconds}"),
        Drive::Pace(pace) => format!("driver pace {pace}"),
        Drive::Poll => "poll".to_owned(),
    }
}

/// One attribute as options of `openstack image create` or `set`; `None` if it has none.
fn attribute_options(line: Line, name: &str, value: &Value) -> Option<Line> {
    if let Some((_, option)) = ATTRIBUTES.iter().find(|(attribute, _)| *attribute == name) {
        return match value {
            Value::String(text) if !name.starts_with("min_") => Some(line.option(option, Some(text))),
            Value::Number(Number::U64(number)) if name.starts_with("min_") => {
                Some(line.option(option, Some(&number.to_string())))
            }
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Array(_)
            | Value::Object(_) => None,
        };
    }
    if let Some((_, yes, no)) = SWITCHES.iter().find(|(attribute, ..)| *attribute == name) {
        let Value::Bool(set) = value else { return None };
        return Some(line.flag(if *set { yes } else { no }, true));
    }
    match (name, value) {
        ("visibility", Value::String(word)) => {
            Visibility::named(word).map(|visibility| line.flag(&format!("--{}", visibility.name()), true))
        }
        _ => None,
    }
}

fn create_line(body: &str, file: Option<Payload>) -> String {
    let client = || {
        let attributes: Object = json::from_str(body).ok()?;
        let name = attributes.get("name").and_then(text_of).filter(|name| !name.starts_with("--"))?;
        if json::to_string(&attributes) != body {
            return None;
        }
        let mut line = Line::of("openstack image create").word(name);
        for format in ["disk_format", "container_format"] {
            attributes.get(format)?;
        }
        for (key, value) in attributes.iter().filter(|(key, _)| *key != "name") {
            line = match (key.as_str(), value) {
                ("tags", Value::Array(tags)) => {
                    let tags: Option<Vec<&str>> = tags.iter().map(text_of).collect();
                    tags?.into_iter().fold(line, |line, tag| line.option("--tag", Some(tag)))
                }
                _ => attribute_options(line, key, value)?,
            };
        }
        Some(line.option("--file", file.map(|file| file.to_string()).as_deref()).0)
    };
    client().unwrap_or_else(|| Line::of("http POST /v2/images").word(body).0)
}

/// The body of `POST /locations` that names just a URL.
fn location_body(fields: &Object) -> Option<Arc<str>> {
    Some(url_body(fields.get("url").and_then(text_of)?))
}

pub(super) fn url_body(url: &str) -> Arc<str> {
    let url = Value::String(url.to_owned());
    json::to_string(&fields_of(vec![("url", url)])).into()
}

/// The list of changes that `glance location-add` makes.
pub(super) fn location_change(url: &str) -> Arc<str> {
    let text = |text: &str| Value::String(text.to_owned());
    let location = fields_of(vec![("url", text(url)), ("metadata", Value::Object(Object::new()))]);
    let change = fields_of(vec![
        ("op", text("add")),
        ("path", text("/locations/-")),
        ("value", Value::Object(location)),
    ]);
    json::to_string(&array(vec![Value::Object(change)])).into()
}

/// The URL, if a list of changes is what `glance location-add` makes.
fn added_location(body: &str) -> Option<String> {
    let changes = changes_of(body)?;
    let [Value::Object(change)] = changes.as_slice() else { return None };
    let Value::Object(location) = change.get("value")? else { return None };
    let url = location.get("url").and_then(text_of)?;
    (*location_change(url) == *body).then(|| url.to_owned())
}

fn text_of(value: &Value) -> Option<&str> {
    crate::engine::recording::as_text(value)
}

/// The options of `openstack image set` that make this list of changes, if there are such.
fn set_line(body: &str) -> Option<Line> {
    let changes: Vec<Value> = changes_of(body)?;
    let mut line = Line(String::new());
    let mut added = false;
    for change in &changes {
        let Value::Object(change) = change else { return None };
        let name = change.get("path").and_then(text_of)?.strip_prefix('/')?;
        let value = change.get("value")?;
        line = match change.get("op").and_then(text_of)? {
            "replace" if name != "id" && !added => attribute_options(line, name, value)?,
            "add" if is_plain(name) => {
                let value = text_of(value)?;
                added = true;
                line.option("--property", Some(&format!("{name}={value}")))
            }
            _ => return None,
        };
    }
    Some(line).filter(|_| !changes.is_empty() && json::to_string(&Value::Array(array(changes))) == body)
}

fn is_plain(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') && !name.starts_with("os_glance")
}

fn array(values: Vec<Value>) -> Array {
    values.into_iter().collect()
}

fn changes_of(body: &str) -> Option<Vec<Value>> {
    let changes: Array = json::from_str(body).ok()?;
    Some(changes.iter().cloned().collect())
}
