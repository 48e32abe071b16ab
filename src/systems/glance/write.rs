//! An action as a line: the words of the real command lines.

use std::fmt;
use std::sync::Arc;

use miniserde::json::{self, Array, Number, Object, Value};

use crate::engine::State;
use crate::engine::recording::as_text;
use crate::engine::words::{Line, is_one_line};

use super::action::{Action, Ask, Call, Chance, Drive, Fault};
use super::fixture::Payload;
use super::image::Visibility;
use super::import_body::ImportBody;
use super::options::{ATTRIBUTES, SWITCHES};
use super::persona::Persona;
use super::recording::fields_of;

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.by != Persona::Owner {
            write!(f, "[{}] ", self.by.name())?;
        }
        for chance in &self.before {
            let (word, number) = match chance {
                Chance::Worker => ("worker", None),
                Chance::Seconds(seconds) => ("sleep ", Some(seconds)),
                Chance::Rows(higher) => ("rows +", Some(higher)),
                Chance::Image(number) => ("image ", Some(number)),
                Chance::Task(number) => ("task ", Some(number)),
            };
            write!(f, "{word}{}; ", number.map_or_else(String::new, u32::to_string))?;
        }
        let mut line = Line::default();
        ask_line(&mut line, &self.ask);
        write!(f, "{}{}", line.finish(), "; worker".repeat(usize::from(self.after)))
    }
}

/// A request of one of the paths under `/v2/`.
fn http<'a>(line: &'a mut Line, method: &str, path: &str) -> &'a mut Line {
    line.say("http").say(method).word(&format!("/v2/{path}"))
}

/// A name as a part of a path.
fn segment(name: &str) -> String {
    name.replace('%', "%25").replace('/', "%2F").replace('?', "%3F")
}

/// The name that is a part of a path.
pub(super) fn name_of(segment: &str) -> Arc<str> {
    segment.replace("%3F", "?").replace("%2F", "/").replace("%25", "%").into()
}

fn ask_line(line: &mut Line, ask: &Ask) {
    let (command, word): (&str, &str) = match ask {
        Ask::Create { body, file } => {
            if let Some(client) = create_line(body, *file) {
                *line = client;
                return;
            }
            ("http POST /v2/images", body)
        }
        Ask::List(query) => return list_line(line, "openstack image list", "images", query),
        Ask::Image(image, call) => {
            call_line(line, image, call);
            return;
        }
        Ask::CreateTask(body) => ("http POST /v2/tasks", body),
        Ask::ShowTask(task) => ("openstack image task show", task),
        Ask::DeleteTask(task) => {
            http(line, "DELETE", &format!("tasks/{}", segment(task)));
            return;
        }
        Ask::ListTasks(query) => return list_line(line, "openstack image task list", "tasks", query),
        Ask::Boot(image, name) => {
            line.say("openstack server create").option("--image", Some(image)).word(name);
            return;
        }
        Ask::DeleteInstance(instance) => ("openstack server delete", instance),
        Ask::Snapshot(instance, name) => {
            line.say("openstack server image create").word(instance).option("--name", Some(name));
            return;
        }
        Ask::Drive(drive) => return drive_line(line, drive),
        Ask::Adopt(adoption) => {
            line.say("recorded").say(&adoption.to_string());
            return;
        }
    };
    line.say(command).word(word);
}

fn list_line(line: &mut Line, client: &str, what: &str, query: &str) {
    if query.is_empty() {
        line.say(client);
    } else {
        http(line, "GET", &format!("{what}{query}"));
    }
}

fn call_line<'a>(line: &'a mut Line, image: &str, call: &Call) -> &'a mut Line {
    let (command, words): (&str, [Option<&str>; 2]) = match call {
        Call::Upload(upload) => {
            return line
                .say("glance image-upload")
                .word(image)
                .option("--file", Some(&upload.file.to_string()))
                .option("--store", upload.store.as_deref())
                .option("--size", upload.size.as_deref())
                .option("--content-type", upload.content_type.as_deref());
        }
        Call::Stage(file) => {
            return line.say("glance image-stage").word(image).option("--file", Some(&file.to_string()));
        }
        Call::Import(body) => {
            return match ImportBody::read(body) {
                Some(import) => import_line(line, image, &import),
                None => http(line, "POST", &format!("images/{}/import", segment(image))).word(body),
            };
        }
        Call::Patch(body) => return patch_line(line, image, body),
        Call::AddLocation(body) => {
            return match location_url(body) {
                Some(url) => line.say("glance add-location").word(image).option("--url", Some(&url)),
                None => http(line, "POST", &format!("images/{}/locations", segment(image))).word(body),
            };
        }
        Call::Locations => return http(line, "GET", &format!("images/{}/locations", segment(image))),
        Call::DeleteFrom(store) => {
            return line.say("openstack image delete").word(image).option("--store", Some(store));
        }
        Call::Hold(staging, file) => {
            return line
                .say(if *staging { "hold-stage" } else { "hold-upload" })
                .word(image)
                .word(&file.to_string());
        }
        Call::Finish(staging, fault) => {
            let command = if *staging { "finish-stage" } else { "finish-upload" };
            return line.say(command).word(image).option("--fails", fault.map(Fault::name));
        }
        Call::WaitFor(statuses) => {
            line.say("wait").word(image);
            return statuses.iter().fold(line, |line, status| line.word(status.name()));
        }
        Call::Show => ("openstack image show", [None; 2]),
        Call::Download => ("openstack image save", [None; 2]),
        Call::Deactivate => ("openstack image set --deactivate", [None; 2]),
        Call::Reactivate => ("openstack image set --activate", [None; 2]),
        Call::Delete => ("openstack image delete", [None; 2]),
        Call::Tasks => ("glance image-tasks", [None; 2]),
        Call::Members => ("openstack image member list", [None; 2]),
        Call::AddMember(project) => ("openstack image add project", [Some(project), None]),
        Call::RemoveMember(project) => ("openstack image remove project", [Some(project), None]),
        Call::SetMember(project, status) => ("glance member-update", [Some(project), Some(status)]),
        Call::AddTag(tag) => ("glance image-tag-update", [Some(tag), None]),
        Call::RemoveTag(tag) => ("glance image-tag-delete", [Some(tag), None]),
        Call::Abort(staging) => (if *staging { "abort-stage" } else { "abort-upload" }, [None; 2]),
        Call::Hang => ("hang", [None; 2]),
        Call::Slow => ("slow", [None; 2]),
        Call::Setup(status) => ("setup", [Some(status.name()), None]),
        Call::Restore => ("scrubber-restore", [None; 2]),
    };
    line.say(command).word(image);
    words.into_iter().flatten().fold(line, |line, word| line.word(word))
}

fn import_line<'a>(line: &'a mut Line, image: &str, import: &ImportBody) -> &'a mut Line {
    let (client, method) = if import.all_must_succeed {
        ("glance image-import", "--import-method")
    } else {
        ("openstack image import", "--method")
    };
    line.say(client).word(image).option(method, Some(&import.method));
    line.option("--uri", import.uri.as_deref()).flag("--all-stores", import.all_stores);
    import.stores.iter().fold(line, |line, store| line.option("--store", Some(store)))
}

fn patch_line<'a>(line: &'a mut Line, image: &str, body: &str) -> &'a mut Line {
    if let Some(options) = set_options(body) {
        line.say("openstack image set").say(&options).word(image)
    } else if let Some(url) = added_location(body) {
        line.say("glance location-add").word(image).option("--url", Some(&url))
    } else {
        http(line, "PATCH", &format!("images/{}", segment(image))).word(body)
    }
}

fn drive_line(line: &mut Line, drive: &Drive) {
    let (words, number) = match drive {
        Drive::Worker(None) => ("worker", None),
        Drive::Worker(Some(task)) => ("worker", Some(task.0.into())),
        Drive::FinishTask(task, _) => ("finish-task", Some(task.0.into())),
        Drive::FinishTasks(false) => ("finish-tasks", None),
        Drive::FinishTasks(true) => ("finish-tasks --held", None),
        Drive::HangTask(task) => ("hang-task", Some(task.0.into())),
        Drive::SlowTask(task) => ("slow-task", Some(task.0.into())),
        Drive::StoreFull(true) => ("store-full", None),
        Drive::StoreFull(false) => ("store-free", None),
        Drive::WebSource(..) => ("web-source", None),
        Drive::Scrubber => ("scrubber", None),
        Drive::Purge => ("glance-manage db purge", None),
        Drive::Config(_) => ("config", None),
        Drive::Sleep(seconds) => ("sleep", Some(*seconds)),
        Drive::Pace(pace) => ("driver pace", Some(*pace)),
        Drive::Poll => ("poll", None),
    };
    line.say(words);
    if let Some(number) = number {
        line.say(&number.to_string());
    }
    if let Drive::FinishTask(_, fault) = drive {
        line.option("--fails", fault.map(Fault::name));
    } else if let Drive::WebSource(name, mode) = drive {
        mode.split(' ').fold(line.word(name), |line, word| line.word(word));
    } else if let Drive::Config(options) = drive {
        options.split(' ').fold(line, |line, word| line.word(word));
    }
}

/// Adds one attribute as options of `openstack image create` or `set`; `None` if it has none.
fn attribute_options(line: &mut Line, name: &str, value: &Value) -> Option<()> {
    let option = ATTRIBUTES.iter().find(|(attribute, _)| *attribute == name).map(|(_, option)| *option);
    let switch = SWITCHES.iter().find(|(attribute, ..)| *attribute == name);
    match (option, switch, value) {
        (Some(option), _, value @ Value::String(_)) if !name.starts_with("min_") => {
            line.option(option, Some(text_of(value)?))
        }
        (Some(option), _, Value::Number(Number::U64(number))) if name.starts_with("min_") => {
            line.say(option).say(&number.to_string())
        }
        (None, Some((_, yes, no)), Value::Bool(set)) => line.say(if *set { yes } else { no }),
        (None, None, Value::String(word)) if name == "visibility" => {
            line.say(&format!("--{}", Visibility::named(word)?.name()))
        }
        _ => return None,
    };
    Some(())
}

/// The line of `openstack image create` that sends this body, if there is one.
fn create_line(body: &str, file: Option<Payload>) -> Option<Line> {
    let attributes: Object = json::from_str(body).ok()?;
    let name = attributes.get("name").and_then(text_of)?;
    if json::to_string(&attributes) != body {
        return None;
    }
    for format in ["disk_format", "container_format"] {
        attributes.get(format)?;
    }
    let mut line = Line::default();
    line.say("openstack image create").word(name);
    for (key, value) in attributes.iter().filter(|(key, _)| *key != "name") {
        match (key.as_str(), value) {
            ("tags", Value::Array(tags)) if !tags.is_empty() => {
                for tag in tags {
                    line.option("--tag", Some(text_of(tag)?));
                }
            }
            _ => attribute_options(&mut line, key, value)?,
        }
    }
    line.option("--file", file.map(|file| file.to_string()).as_deref());
    Some(line)
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
    let mut changes = Array::new();
    changes.push(Value::Object(change));
    json::to_string(&changes).into()
}

/// The URL, if a body is what `glance add-location` sends.
fn location_url(body: &str) -> Option<String> {
    let fields: Object = json::from_str(body).ok()?;
    let url = fields.get("url").and_then(text_of)?;
    (*url_body(url) == *body).then(|| url.to_owned())
}

/// The URL, if a list of changes is what `glance location-add` makes.
fn added_location(body: &str) -> Option<String> {
    let changes: Array = json::from_str(body).ok()?;
    let [Value::Object(change)] = changes.as_slice() else { return None };
    let Value::Object(location) = change.get("value")? else { return None };
    let url = location.get("url").and_then(text_of)?;
    (*location_change(url) == *body).then(|| url.to_owned())
}

/// The text in a JSON value, if a line can hold it as it is.
fn text_of(value: &Value) -> Option<&str> {
    as_text(value).filter(|text| is_one_line(text))
}

/// The options of `openstack image set` that make this list of changes, if there are such.
fn set_options(body: &str) -> Option<String> {
    let changes: Array = json::from_str(body).ok()?;
    let mut line = Line::default();
    let mut added = false;
    for change in &changes {
        let Value::Object(change) = change else { return None };
        let name = change.get("path").and_then(text_of)?.strip_prefix('/')?;
        let value = change.get("value")?;
        match change.get("op").and_then(text_of)? {
            "replace" if name != "id" && !added => attribute_options(&mut line, name, value)?,
            "add" if is_plain(name) => {
                added = true;
                line.option("--property", Some(&format!("{name}={}", text_of(value)?)));
            }
            _ => return None,
        }
    }
    (!changes.is_empty() && json::to_string(&changes) == body).then(|| line.finish())
}

fn is_plain(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') && !name.starts_with("os_glance")
}
