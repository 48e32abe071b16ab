//! An action as a line, and a line as an action: the words of the real command lines.

use std::fmt::{self, Write as _};
use std::str::FromStr;
use std::sync::Arc;

use miniserde::json::{self, Array, Number, Object, Value};

use crate::engine::recording::object;
use crate::engine::{Misread, State};

use super::ImageStatus;
use super::action::{Action, Ask, Call, Chance, Drive, Fault, Import, Upload};
use super::image::Visibility;
use super::names::Payload;
use super::persona::Persona;
use super::task::TaskId;

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

/// The attributes that the openstack client has an option with a value for.
const ATTRIBUTES: [(&str, &str); 7] = [
    ("disk_format", "--disk-format"),
    ("container_format", "--container-format"),
    ("id", "--id"),
    ("owner", "--project"),
    ("name", "--name"),
    ("min_disk", "--min-disk"),
    ("min_ram", "--min-ram"),
];

/// The attributes that it has two flags for: yes and no.
const SWITCHES: [(&str, &str, &str); 2] =
    [("protected", "--protected", "--unprotected"), ("os_hidden", "--hidden", "--unhidden")];

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

fn url_body(url: &str) -> Arc<str> {
    let url = Value::String(url.to_owned());
    json::to_string(&object(&mut [("url", url)].into_iter())).into()
}

/// The list of changes that `glance location-add` makes.
fn location_change(url: &str) -> Arc<str> {
    let text = |text: &str| Value::String(text.to_owned());
    let location = [("url", text(url)), ("metadata", Value::Object(Object::new()))];
    let location = Value::Object(object(&mut location.into_iter()));
    let change = [("op", text("add")), ("path", text("/locations/-")), ("value", location)];
    let change = object(&mut change.into_iter());
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

/// The words of a line, sorted into what stands by itself and what is an option.
struct Words {
    plain: std::collections::VecDeque<String>,
    options: Vec<(String, Option<String>)>,
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
    fn read(words: Vec<String>) -> Result<Self, Misread> {
        let mut sorted = Self { plain: std::collections::VecDeque::new(), options: Vec::new() };
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

    fn next(&mut self, what: &str) -> Result<Arc<str>, Misread> {
        self.plain.pop_front().map(Into::into).ok_or_else(|| Misread(format!("Expected {what} here.")))
    }

    fn number<T: FromStr>(&mut self, what: &str) -> Result<T, Misread> {
        let word = self.next(what)?;
        word.parse().map_err(|_| Misread(format!("Expected {what}, found “{word}”.")))
    }

    fn option(&mut self, name: &str) -> Option<Arc<str>> {
        let at = self.options.iter().position(|(option, value)| option == name && value.is_some())?;
        self.options.remove(at).1.map(Into::into)
    }

    fn flag(&mut self, name: &str) -> bool {
        let at = self.options.iter().position(|(option, _)| option == name);
        at.is_some_and(|at| {
            self.options.remove(at);
            true
        })
    }

    fn file(&mut self) -> Result<Option<Payload>, Misread> {
        self.option("--file").map(|name| read_file(&name)).transpose()
    }

    fn end(self) -> Result<(), Misread> {
        let left = self.plain.into_iter().chain(self.options.into_iter().map(|(name, _)| name)).next();
        left.map_or(Ok(()), |word| Err(Misread(format!("“{word}” is not expected here."))))
    }
}

fn read_file(name: &str) -> Result<Payload, Misread> {
    let problem = || Misread(format!("There is no file “{name}”; “5000.raw” is a file of 5000 bytes."));
    Payload::named(name).ok_or_else(problem)
}

impl FromStr for Action {
    type Err = Misread;

    fn from_str(line: &str) -> Result<Self, Misread> {
        let mut rest = line.trim();
        let mut by = Persona::Owner;
        if let Some((name, after)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            let problem = || {
                let names: Vec<&str> = Persona::ALL.iter().map(|persona| persona.name()).collect();
                Misread(format!("There is no “{name}” here; there are {}.", names.join(", ")))
            };
            by = Persona::named(name).ok_or_else(problem)?;
            rest = after.trim();
        }
        if let Some(adoption) = rest.strip_prefix("recorded ") {
            return Ok(Self::new(by, Ask::Adopt(adoption.parse()?)));
        }
        let mut parts = split(rest);
        let mut after = 0;
        while parts.len() > 1 && parts.last().is_some_and(|part| part.trim() == "worker") {
            parts.pop();
            after += 1;
        }
        let ask = parts.pop().unwrap_or_default();
        let before = parts.into_iter().map(read_chance).collect::<Result<_, _>>()?;
        Ok(Self { by, before, ask: read_ask(ask)?, after })
    }
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
    let number = words.next().and_then(|number| number.parse().ok());
    match (word, number) {
        ("worker", None) => Ok(Chance::Worker),
        ("sleep", Some(number)) => Ok(Chance::Seconds(number)),
        ("rows", Some(number)) => Ok(Chance::Rows(number)),
        ("image", Some(number)) => Ok(Chance::Image(number)),
        ("task", Some(number)) => Ok(Chance::Task(number)),
        _ => Err(Misread(format!("“{}” is nothing that chance does.", part.trim()))),
    }
}

fn read_ask(line: &str) -> Result<Ask, Misread> {
    let words = shlex::split(line).ok_or_else(|| Misread("A quotation mark is not closed.".to_owned()))?;
    let mut words = Words::read(words)?;
    let ask = match &*words.next("a command: openstack, glance, http or a driver's word")? {
        "openstack" => read_openstack(&mut words)?,
        "glance" => read_glance(&mut words)?,
        "http" => read_http(&mut words)?,
        "driver" => match &*words.next("pace")? {
            "pace" => Ask::Drive(Drive::Pace(words.number("a number of milliseconds")?)),
            word => return Err(unknown("driver", word)),
        },
        word => read_drive(word, &mut words)?,
    };
    words.end()?;
    Ok(ask)
}

fn unknown(client: &str, word: &str) -> Misread {
    Misread(format!("{client} has no command “{word}” here."))
}

fn read_openstack(words: &mut Words) -> Result<Ask, Misread> {
    match &*words.next("image or server")? {
        "image" => read_openstack_image(words),
        "server" => match &*words.next("create, delete or image create")? {
            "create" => {
                let image =
                    words.option("--image").ok_or_else(|| Misread("--image is missing.".to_owned()))?;
                Ok(Ask::Boot(image, words.next("a name")?))
            }
            "delete" => Ok(Ask::DeleteInstance(words.next("an instance")?)),
            "image" => {
                words.next("create")?;
                let instance = words.next("an instance")?;
                let name = words.option("--name").ok_or_else(|| Misread("--name is missing.".to_owned()))?;
                Ok(Ask::Snapshot(instance, name))
            }
            word => Err(unknown("openstack server", word)),
        },
        word => Err(unknown("openstack", word)),
    }
}

fn read_openstack_image(words: &mut Words) -> Result<Ask, Misread> {
    let command = words.next("a command")?;
    match &*command {
        "create" => return read_create(words),
        "list" => return Ok(Ask::List("".into())),
        "task" => {
            return match &*words.next("list or show")? {
                "list" => Ok(Ask::ListTasks("".into())),
                "show" => Ok(Ask::ShowTask(words.next("a task")?)),
                word => Err(unknown("openstack image task", word)),
            };
        }
        "member" | "add" | "remove" => {
            words.next("list or project")?;
        }
        _ => {}
    }
    let image = words.next("an image")?;
    let call = match &*command {
        "show" => Call::Show,
        "save" => Call::Download,
        "set" if words.flag("--deactivate") => Call::Deactivate,
        "set" if words.flag("--activate") => Call::Reactivate,
        "set" => Call::Patch(read_set(words)?),
        "stage" => Call::Stage(words.file()?.unwrap_or(Payload::raw(0))),
        "import" => read_import(words, "--method", false),
        "delete" => words.option("--store").map_or(Call::Delete, Call::DeleteFrom),
        "member" => Call::Members,
        "add" => Call::AddMember(words.next("a project")?),
        "remove" => Call::RemoveMember(words.next("a project")?),
        word => return Err(unknown("openstack image", word)),
    };
    Ok(Ask::Image(image, call))
}

fn read_import(words: &mut Words, method: &str, all_must_succeed: bool) -> Call {
    let mut stores = Vec::new();
    while let Some(store) = words.option("--store") {
        stores.push(store);
    }
    Call::Import(Import {
        method: words.option(method).unwrap_or_else(|| "glance-direct".into()),
        uri: words.option("--uri"),
        stores,
        all_stores: words.flag("--all-stores"),
        all_must_succeed: all_must_succeed || words.flag("--disallow-failure"),
    })
}

/// The attributes that options name, in the order of the options.
fn read_attributes(words: &mut Words) -> Result<Vec<(&'static str, Value)>, Misread> {
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

fn read_create(words: &mut Words) -> Result<Ask, Misread> {
    let mut body = Object::new();
    body.insert("name".to_owned(), Value::String(words.next("a name")?.to_string()));
    body.insert("disk_format".to_owned(), Value::String("raw".to_owned()));
    body.insert("container_format".to_owned(), Value::String("bare".to_owned()));
    for (name, value) in read_attributes(words)? {
        body.insert(name.to_owned(), value);
    }
    let mut tags = Array::new();
    while let Some(tag) = words.option("--tag") {
        tags.push(Value::String(tag.to_string()));
    }
    if !tags.is_empty() {
        body.insert("tags".to_owned(), Value::Array(tags));
    }
    let file = words.file()?;
    Ok(Ask::Create { body: json::to_string(&body).into(), file })
}

fn read_set(words: &mut Words) -> Result<Arc<str>, Misread> {
    let mut changes = Array::new();
    let mut change = |op: &str, name: &str, value: Value| {
        let path = Value::String(format!("/{name}"));
        let change = [("op", Value::String(op.to_owned())), ("path", path), ("value", value)];
        changes.push(Value::Object(object(&mut change.into_iter())));
    };
    for (name, value) in read_attributes(words)? {
        change("replace", name, value);
    }
    while let Some(property) = words.option("--property") {
        let (name, value) = property
            .split_once('=')
            .ok_or_else(|| Misread(format!("--property needs key=value, found “{property}”.")))?;
        change("add", name, Value::String(value.to_owned()));
    }
    Ok(json::to_string(&changes).into())
}

fn read_glance(words: &mut Words) -> Result<Ask, Misread> {
    let command = words.next("a command")?;
    let image = words.next("an image")?;
    let call = match &*command {
        "image-upload" => Call::Upload(Upload {
            file: words.file()?.unwrap_or(Payload::raw(0)),
            store: words.option("--store"),
            size: words.option("--size"),
            content_type: words.option("--content-type"),
        }),
        "image-stage" => Call::Stage(words.file()?.unwrap_or(Payload::raw(0))),
        "image-import" => read_import(words, "--import-method", true),
        "location-add" => Call::Patch(location_change(&read_url(words)?)),
        "add-location" => Call::AddLocation(url_body(&read_url(words)?)),
        "image-show" => Call::Show,
        "image-download" => Call::Download,
        "image-delete" => Call::Delete,
        "image-deactivate" => Call::Deactivate,
        "image-reactivate" => Call::Reactivate,
        "image-tasks" => Call::Tasks,
        "image-tag-update" => Call::AddTag(words.next("a tag")?),
        "image-tag-delete" => Call::RemoveTag(words.next("a tag")?),
        "member-create" => Call::AddMember(words.next("a project")?),
        "member-delete" => Call::RemoveMember(words.next("a project")?),
        "member-update" => Call::SetMember(words.next("a project")?, words.next("a status")?),
        "stores-delete" => Call::DeleteFrom(
            words.option("--store").ok_or_else(|| Misread("--store is missing.".to_owned()))?,
        ),
        word => return Err(unknown("glance", word)),
    };
    Ok(Ask::Image(image, call))
}

fn read_url(words: &mut Words) -> Result<Arc<str>, Misread> {
    words.option("--url").ok_or_else(|| Misread("--url is missing.".to_owned()))
}

fn read_http(words: &mut Words) -> Result<Ask, Misread> {
    let method = words.next("a method")?;
    let target = words.next("a path")?;
    let (path, query) = match target.find('?') {
        Some(at) => target.split_at(at),
        None => (&*target, ""),
    };
    let mut segments = path.split('/').skip(1);
    let head = (segments.next(), segments.next());
    let rest: Vec<&str> = segments.collect();
    match (&*method, head, rest.as_slice()) {
        ("POST", (Some("v2"), Some("images")), []) => {
            Ok(Ask::Create { body: words.next("a body")?, file: None })
        }
        ("GET", (Some("v2"), Some("images")), []) => Ok(Ask::List(query.into())),
        ("PATCH", (Some("v2"), Some("images")), [image]) => {
            Ok(Ask::Image((*image).into(), Call::Patch(words.next("a body")?)))
        }
        ("POST", (Some("v2"), Some("images")), [image, "locations"]) => {
            Ok(Ask::Image((*image).into(), Call::AddLocation(words.next("a body")?)))
        }
        ("GET", (Some("v2"), Some("images")), [image, "locations"]) => {
            Ok(Ask::Image((*image).into(), Call::Locations))
        }
        ("POST", (Some("v2"), Some("tasks")), []) => Ok(Ask::CreateTask(words.next("a body")?)),
        ("GET", (Some("v2"), Some("tasks")), []) => Ok(Ask::ListTasks(query.into())),
        ("DELETE", (Some("v2"), Some("tasks")), [task]) => Ok(Ask::DeleteTask((*task).into())),
        _ => Err(Misread(format!("“{method} {target}” is not among the requests that can be typed here."))),
    }
}

fn read_drive(word: &str, words: &mut Words) -> Result<Ask, Misread> {
    let drive = match word {
        "worker" if words.plain.is_empty() => Drive::Worker(None),
        "worker" => Drive::Worker(Some(TaskId(words.number("a task")?))),
        "finish-task" => Drive::FinishTask(TaskId(words.number("a task")?), read_fault(words)?),
        "finish-tasks" => Drive::FinishTasks(words.flag("--held")),
        "hang-task" => Drive::HangTask(TaskId(words.number("a task")?)),
        "store-full" => Drive::StoreFull(true),
        "store-free" => Drive::StoreFull(false),
        "web-source" => {
            let name = words.next("a source")?;
            let mut mode = words.next("fails CODE, short, stalls or works")?.to_string();
            if let Some(code) = words.plain.pop_front() {
                let _ = write!(mode, " {code}");
            }
            Drive::WebSource(name, mode.into())
        }
        "scrubber" => Drive::Scrubber,
        "glance-manage" => {
            words.next("db")?;
            words.next("purge")?;
            Drive::Purge
        }
        "config" => {
            let options: Vec<String> = words.plain.drain(..).collect();
            Drive::Config(options.join(" ").into())
        }
        "sleep" => Drive::Sleep(words.number("a number of seconds")?),
        "poll" => Drive::Poll,
        word => return read_driven_call(word, words),
    };
    Ok(Ask::Drive(drive))
}

fn read_fault(words: &mut Words) -> Result<Option<Fault>, Misread> {
    let read = |name: Arc<str>| {
        let names = || Fault::ALL.map(Fault::name).join(", ");
        Fault::named(&name).ok_or_else(|| Misread(format!("--fails takes one of {}.", names())))
    };
    words.option("--fails").map(read).transpose()
}

fn read_driven_call(word: &str, words: &mut Words) -> Result<Ask, Misread> {
    const WORDS: [&str; 10] = [
        "hold-upload",
        "hold-stage",
        "finish-upload",
        "finish-stage",
        "abort-upload",
        "abort-stage",
        "hang",
        "setup",
        "wait",
        "scrubber-restore",
    ];
    if !WORDS.contains(&word) {
        return Err(Misread(format!("“{word}” is no command here.")));
    }
    let image = words.next("an image")?;
    let staging = word.ends_with("-stage");
    let call = match word {
        "hold-upload" | "hold-stage" => {
            let file = words.plain.pop_front().map(|name| read_file(&name)).transpose()?;
            Call::Hold(staging, file.unwrap_or(Payload::raw(5_000)))
        }
        "finish-upload" | "finish-stage" => Call::Finish(staging, read_fault(words)?),
        "abort-upload" | "abort-stage" => Call::Abort(staging),
        "hang" => Call::Hang,
        "setup" => {
            let name = words.next("a status")?;
            Call::Setup(read_status(&name)?)
        }
        "wait" => Call::WaitFor(
            std::mem::take(&mut words.plain)
                .iter()
                .map(|name| read_status(name))
                .collect::<Result<_, _>>()?,
        ),
        _ => Call::Restore,
    };
    Ok(Ask::Image(image, call))
}

fn read_status(name: &str) -> Result<ImageStatus, Misread> {
    let found = ImageStatus::ALL.iter().copied().find(|status| status.name() == name);
    found.ok_or_else(|| Misread(format!("“{name}” is no status.")))
}
