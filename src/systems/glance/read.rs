//! A line as an action.

use std::str::FromStr;
use std::sync::Arc;

use miniserde::json::{self, Array, Object, Value};

use crate::engine::words::{self, Words};
use crate::engine::{Misread, as_id};

use super::action::{Action, Ask, Call, Chance, Drive, Upload};
use super::fixture::Payload;
use super::import_body::ImportBody;
use super::options::{OPTIONS, read_attributes, read_file};
use super::persona::Persona;
use super::read_driver::read_drive;
use super::recording::fields_of;
use super::write::{location_change, name_of, url_body};

impl FromStr for Action {
    type Err = Misread;

    fn from_str(line: &str) -> Result<Self, Misread> {
        let (name, line) = words::asked(line)?;
        let by = name.map_or(Ok(Persona::Owner), read_persona)?;
        if let Some(adoption) = line.strip_prefix("recorded ") {
            return Ok(Self::new(by, Ask::Adopt(adoption.parse()?)));
        }
        let mut parts = split(line);
        let mut after = 0;
        while parts.len() > 1 && parts.last().is_some_and(|part| part.trim() == "worker") {
            parts.pop();
            after += 1;
        }
        let problem = || Misread("The worker makes at most 255 steps after an answer.".to_owned());
        let after = u8::try_from(after).map_err(|_| problem())?;
        let ask = parts.pop().unwrap_or_default();
        let mut before = Vec::new();
        for part in parts {
            before.push(read_chance(part)?);
        }
        Ok(Self { by, before, ask: read_ask(ask)?, after })
    }
}

fn read_persona(name: &str) -> Result<Persona, Misread> {
    let problem = || {
        let names = Persona::ALL.map(Persona::name).join(", ");
        Misread(format!("There is no “{name}” here; there are {names}."))
    };
    Persona::named(name).ok_or_else(problem)
}

/// Splits at every `;` outside quotes.
fn split(line: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut quote, mut escaped) = (0, None, false);
    for (at, byte) in line.bytes().enumerate() {
        if escaped {
            escaped = false;
            continue;
        }
        match (quote, byte) {
            (None | Some(b'"'), b'\\') => escaped = true,
            (None, b'\'' | b'"') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            (None, b';') => {
                parts.push(&line[start..at]);
                start = at + 1;
            }
            (None | Some(_), _) => {}
        }
    }
    parts.push(&line[start..]);
    parts
}

fn read_chance(part: &str) -> Result<Chance, Misread> {
    let mut words = part.split_whitespace();
    let word = words.next().unwrap_or_default();
    let number: Option<u32> = words.next().and_then(|number| number.parse().ok());
    match (word, number, number.and_then(|number| as_id(number.into()))) {
        ("worker", None, _) => Ok(Chance::Worker),
        ("sleep", Some(seconds), _) => Ok(Chance::Seconds(seconds)),
        ("rows", _, Some(higher)) => Ok(Chance::Rows(higher)),
        ("image", _, Some(number)) => Ok(Chance::Image(number)),
        ("task", _, Some(number)) => Ok(Chance::Task(number)),
        _ => Err(Misread(format!("“{}” is nothing that chance does.", part.trim()))),
    }
}

fn read_ask(line: &str) -> Result<Ask, Misread> {
    let mut words = Words::read(words::split(line)?, &OPTIONS);
    let command: String = words.text("a command: openstack, glance, http or a driver's word");
    let ask = match &*command {
        "openstack" => read_openstack(&mut words),
        "glance" => read_glance(&mut words),
        "http" => read_http(&mut words),
        "driver" => match &*words.text::<String>("pace") {
            "pace" => Ask::Drive(Drive::Pace(words.number("a number of milliseconds"))),
            word => unknown(&mut words, "driver", word),
        },
        word => read_drive(word, &mut words),
    };
    words.finish()?;
    Ok(ask)
}

/// Notes that a client has no such command; what it gives back instead is never done.
fn unknown(words: &mut Words, client: &str, word: &str) -> Ask {
    words.fail(format!("{client} has no command “{word}” here."));
    Ask::Drive(Drive::Poll)
}

fn read_openstack(words: &mut Words) -> Ask {
    match &*words.text::<String>("image or server") {
        "image" => read_openstack_image(words),
        "server" => match &*words.text::<String>("create, delete or image create") {
            "create" => {
                let image = words.needed("--image");
                Ask::Boot(image, words.text("a name"))
            }
            "delete" => Ask::DeleteInstance(words.text("an instance")),
            "image" => {
                words.text::<String>("create");
                let instance = words.text("an instance");
                let name = words.needed("--name");
                Ask::Snapshot(instance, name)
            }
            word => unknown(words, "openstack server", word),
        },
        word => unknown(words, "openstack", word),
    }
}

fn read_openstack_image(words: &mut Words) -> Ask {
    let command: String = words.text("a command");
    match &*command {
        "create" => return read_create(words),
        "list" => return Ask::List("".into()),
        "task" => {
            return match &*words.text::<String>("list or show") {
                "list" => Ask::ListTasks("".into()),
                "show" => Ask::ShowTask(words.text("a task")),
                word => unknown(words, "openstack image task", word),
            };
        }
        "member" | "add" | "remove" => {
            words.text::<String>("list or project");
        }
        _ => {}
    }
    let image = words.text("an image");
    let call = match &*command {
        "show" => Call::Show,
        "save" => Call::Download,
        "set" if words.flag("--deactivate") => Call::Deactivate,
        "set" if words.flag("--activate") => Call::Reactivate,
        "set" => Call::Patch(read_set(words)),
        "stage" => Call::Stage(read_file(words).unwrap_or(Payload::raw(0))),
        "import" => read_import(words, "--method", false),
        "delete" => words.option("--store").map_or(Call::Delete, Call::DeleteFrom),
        "member" => Call::Members,
        "add" => Call::AddMember(words.text("a project")),
        "remove" => Call::RemoveMember(words.text("a project")),
        word => return unknown(words, "openstack image", word),
    };
    Ask::Image(image, call)
}

fn read_import(words: &mut Words, method: &str, all_must_succeed: bool) -> Call {
    let mut stores = Vec::new();
    while let Some(store) = words.option("--store") {
        stores.push(store);
    }
    let body = ImportBody {
        method: words.option(method).unwrap_or_else(|| "glance-direct".into()),
        uri: words.option("--uri"),
        stores,
        all_stores: words.flag("--all-stores"),
        all_must_succeed: all_must_succeed || words.flag("--disallow-failure"),
    };
    Call::Import(body.json())
}

/// What `openstack image create` sends when only a name is given.
pub(super) fn named_body(name: &str) -> Object {
    let mut body = Object::new();
    for (key, value) in [("name", name), ("disk_format", "raw"), ("container_format", "bare")] {
        body.insert(key.to_owned(), Value::String(value.to_owned()));
    }
    body
}

fn read_create(words: &mut Words) -> Ask {
    let mut body = named_body(&words.text::<String>("a name"));
    for (name, value) in read_attributes(words) {
        body.insert(name.to_owned(), value);
    }
    let mut tags = Array::new();
    while let Some(tag) = words.option("--tag") {
        tags.push(Value::String(tag));
    }
    if !tags.is_empty() {
        body.insert("tags".to_owned(), Value::Array(tags));
    }
    let file = read_file(words);
    Ask::Create { body: json::to_string(&body).into(), file }
}

fn read_set(words: &mut Words) -> Arc<str> {
    let mut changes = Array::new();
    let mut change = |op: &str, name: &str, value: Value| {
        changes.push(Value::Object(fields_of(vec![
            ("op", Value::String(op.to_owned())),
            ("path", Value::String(format!("/{name}"))),
            ("value", value),
        ])));
    };
    for (name, value) in read_attributes(words) {
        change("replace", name, value);
    }
    while let Some(property) = words.option::<String>("--property") {
        let Some((name, value)) = property.split_once('=') else {
            words.fail(format!("--property needs key=value, found “{property}”."));
            continue;
        };
        change("add", name, Value::String(value.to_owned()));
    }
    json::to_string(&changes).into()
}

fn read_glance(words: &mut Words) -> Ask {
    let command: String = words.text("a command");
    let image = words.text("an image");
    let call = match &*command {
        "image-upload" => Call::Upload(Box::new(Upload {
            file: read_file(words).unwrap_or(Payload::raw(0)),
            store: words.option("--store"),
            size: words.option("--size"),
            content_type: words.option("--content-type"),
        })),
        "image-stage" => Call::Stage(read_file(words).unwrap_or(Payload::raw(0))),
        "image-import" => read_import(words, "--import-method", true),
        "location-add" => Call::Patch(location_change(&words.needed::<String>("--url"))),
        "add-location" => Call::AddLocation(url_body(&words.needed::<String>("--url"))),
        "image-show" => Call::Show,
        "image-download" => Call::Download,
        "image-delete" => Call::Delete,
        "image-deactivate" => Call::Deactivate,
        "image-reactivate" => Call::Reactivate,
        "image-tasks" => Call::Tasks,
        "image-tag-update" => Call::AddTag(words.text("a tag")),
        "image-tag-delete" => Call::RemoveTag(words.text("a tag")),
        "member-create" => Call::AddMember(words.text("a project")),
        "member-delete" => Call::RemoveMember(words.text("a project")),
        "member-update" => Call::SetMember(words.text("a project"), words.text("a status")),
        "stores-delete" => Call::DeleteFrom(words.needed("--store")),
        word => return unknown(words, "glance", word),
    };
    Ask::Image(image, call)
}

fn read_http(words: &mut Words) -> Ask {
    let method: String = words.text("a method");
    let target: String = words.text("a path");
    let (path, query) = match target.find('?') {
        Some(at) => target.split_at(at),
        None => (&*target, ""),
    };
    let segments: Vec<&str> = path.split('/').collect();
    match (&*method, segments.as_slice()) {
        ("POST", [_, "v2", "images"]) => Ask::Create { body: words.text("a body"), file: None },
        ("GET", [_, "v2", "images"]) => Ask::List(query.into()),
        ("PATCH", [_, "v2", "images", image]) => {
            Ask::Image(name_of(image), Call::Patch(words.text("a body")))
        }
        ("POST", [_, "v2", "images", image, "import"]) => {
            Ask::Image(name_of(image), Call::Import(words.text("a body")))
        }
        ("POST", [_, "v2", "images", image, "locations"]) => {
            Ask::Image(name_of(image), Call::AddLocation(words.text("a body")))
        }
        ("GET", [_, "v2", "images", image, "locations"]) => Ask::Image(name_of(image), Call::Locations),
        ("POST", [_, "v2", "tasks"]) => Ask::CreateTask(words.text("a body")),
        ("GET", [_, "v2", "tasks"]) => Ask::ListTasks(query.into()),
        ("DELETE", [_, "v2", "tasks", task]) => Ask::DeleteTask(name_of(task)),
        _ => {
            words.fail(format!("“{method} {target}” is not among the requests that can be typed here."));
            Ask::Drive(Drive::Poll)
        }
    }
}
