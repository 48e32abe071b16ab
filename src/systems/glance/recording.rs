//! What the real service did: recorded steps as actions, and our world in the recordings' terms.

use std::sync::Arc;

use miniserde::json::{self, Array, Number, Object, Value};

use crate::engine::recording::{
    Adoption, Key, Objects, Recorded, Step, as_text, compare_answer, compare_worlds, object,
};
use crate::engine::{Refusal, Reply, State, System, Turn};

use super::action::{Action, Ask, Call, Chance, Drive, Import, Upload};
use super::image::{Image, LocationState};
use super::names::{Content, ImageNames, Payload};
use super::persona::Persona;
use super::task::Task;
use super::{Glance, ImageStatus, World};

impl Recorded for Glance {
    const CODE_FIELD: &'static str = "http";
    const ACTOR_FIELD: &'static str = "as";
    const EXAMPLE: &'static str = "50_delayed.jsonl";

    /// A step leaves open what chance did: when the background worker ran, which numbers the
    /// database handed out, what an unnamed file held. The recording is one of the service's
    /// possible ways, so the first way of ours that agrees is taken, and the plain one if none does.
    fn action(world: &World, step: &Step) -> Result<Option<Action>, String> {
        let Some(asks) = asks(world, step)? else { return Ok(None) };
        let by = actor(step)?;
        let numbers = handed_out(world, step);
        let plain = |ask: &Ask| Action { by, before: numbers.clone(), ask: ask.clone(), after: 0 };
        for ask in &asks {
            let action = plain(ask);
            if agrees(world, &action, step) {
                return Ok(Some(action));
            }
        }
        let open = world.tasks.iter().filter(|task| !task.status.is_final()).count();
        let started = usize::from(step.code == Some(202));
        let most = (open + started).min(2) * STEPS_OF_A_TASK;
        for (ask, steps) in asks.iter().flat_map(|ask| (1..=most).map(move |steps| (ask, steps))) {
            for before in 0..=steps {
                let mut action = plain(ask);
                action.before.extend(std::iter::repeat_n(Chance::Worker, before));
                action.after = u8::try_from(steps - before).unwrap_or(u8::MAX);
                if agrees(world, &action, step) {
                    return Ok(Some(action));
                }
            }
        }
        if step.op == "scrubber.run" {
            let mut action = plain(&Ask::Drive(Drive::Scrubber));
            action.before.push(Chance::Seconds(SLOW_SCRUBBER));
            if agrees(world, &action, step) {
                return Ok(Some(action));
            }
        }
        Ok(asks.first().map(plain))
    }

    fn observe(world: &World) -> Objects {
        let names = world.settings.names;
        let mut objects = Objects::new();
        for (id, image) in world.images.iter() {
            objects.insert(("images".to_owned(), ImageNames::Short.image(id)), observe_image(world, image));
        }
        for task in world.tasks.iter() {
            objects.insert(("tasks".to_owned(), names.task(task.id)), observe_task(task));
        }
        objects
    }

    fn adopt(adoption: Adoption) -> Action {
        Action::new(Persona::Owner, Ask::Adopt(adoption))
    }

    fn recorded_code(answer: &Result<Reply, Refusal>) -> Option<i64> {
        let code = answer.as_ref().map_or_else(|refusal| refusal.code, |reply| reply.code);
        (code != 0).then_some(i64::from(code))
    }
}

/// How many seconds more a slow start of the scrubber may take.
const SLOW_SCRUBBER: u32 = 6;

/// How many steps the worker makes on one task.
const STEPS_OF_A_TASK: usize = 5;

/// Whether `action` leads to exactly what `step` recorded.
fn agrees(world: &World, action: &Action, step: &Step) -> bool {
    let mut after = world.clone();
    let answer = Glance::decide(&mut Turn::new(&mut after, crate::engine::SimTime::START), action);
    if !compare_answer::<Glance>(step, &answer).is_empty() {
        return false;
    }
    let mut expected = Glance::observe(world);
    expected.extend(step.changed.iter().map(|(key, object)| (key.clone(), object.clone())));
    expected.retain(|key, _| !step.gone.contains(key));
    compare_worlds(&expected, &Glance::observe(&after)).is_empty()
}

/// The numbers that the database handed out where they are not the ones we would: a refused call
/// may have used up an id of the recording, and rows are counted over all recordings.
fn handed_out(world: &World, step: &Step) -> Vec<Chance> {
    let mut numbers = Vec::new();
    let number = |(_, id): &Key| id.rsplit('-').next().and_then(|number| number.parse::<u32>().ok());
    let newest = |kind: &str, first: u32| {
        let of_kind = step.changed.keys().filter(|(of, _)| of == kind);
        of_kind.filter_map(number).find(|number| *number > first)
    };
    if let Some(image) = newest("images", world.next_image) {
        numbers.push(Chance::Image(image));
    }
    if let Some(task) = newest("tasks", world.next_task) {
        numbers.push(Chance::Task(task));
    }
    numbers.extend(rows(world, step));
    numbers
}

/// How much higher the real database counted its rows, when a text names the first of an image's.
fn rows(world: &World, step: &Step) -> Option<Chance> {
    let (_, from) = step.error.as_deref()?.split_once("'id': ")?;
    let row: u32 = from.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()?;
    let image = world.image(world.find(step.text("image")?)?)?;
    let ours = image.live().next()?.row;
    row.checked_sub(ours).filter(|higher| *higher > 0).map(Chance::Rows)
}

fn actor(step: &Step) -> Result<Persona, String> {
    match step.actor.as_deref() {
        None if step.op == "image.list" => Ok(Persona::Nobody),
        None | Some("operator") => Ok(Persona::Owner),
        Some(name) => Persona::named(name).ok_or_else(|| format!("a persona of the fixture, found “{name}”")),
    }
}

fn needed<'a>(step: &'a Step, name: &str) -> Result<&'a str, String> {
    step.text(name).ok_or_else(|| format!("the argument “{name}” of {}", step.op))
}

/// The ways in which a step may be meant; the first is the likeliest.
fn asks(world: &World, step: &Step) -> Result<Option<Vec<Ask>>, String> {
    let ask = match step.op.as_str() {
        "scenario" => Ask::Drive(Drive::Config(scenario(step).into())),
        "image.create" => Ask::Create { body: json::to_string(&step.args).into(), file: None },
        "image.list" => Ask::List(step.text("query").unwrap_or_default().into()),
        "task.create" => Ask::CreateTask(json::to_string(&step.args).into()),
        "task.show" => Ask::ShowTask(task_of(step)?),
        "task.delete" => Ask::DeleteTask(task_of(step)?),
        "task.list" => Ask::ListTasks(query(step).into()),
        "sleep" => Ask::Drive(Drive::Sleep(
            step.number("s").and_then(|seconds| u64::try_from(seconds).ok()).unwrap_or_default(),
        )),
        "poll" => Ask::Drive(Drive::Poll),
        "fault" => return Ok(fault(step).map(|drive| vec![Ask::Drive(drive)])),
        "scrubber.run" => Ask::Drive(Drive::Scrubber),
        "scrubber.restore" => {
            let Some(Value::Array(words)) = step.args.get("argv") else {
                return Err("the argument “argv” of scrubber.restore".to_owned());
            };
            let id = words.last().and_then(as_text).unwrap_or_default();
            Ask::Image(id.into(), Call::Restore)
        }
        "wait" => return Ok(Some(waits(world, step))),
        "store.files" | "task.body" | "task.times" | "image.tasks.body" | "note" => return Ok(None),
        op => {
            let image: Arc<str> = image_of(step)?;
            return Ok(Some(
                calls(step, op)?.into_iter().map(|call| Ask::Image(image.clone(), call)).collect(),
            ));
        }
    };
    Ok(Some(vec![ask]))
}

/// The segments of the argument “path” after `/v2/images` or `/v2/tasks`, without the query.
fn segments(step: &Step) -> Vec<&str> {
    let path = step.text("path").unwrap_or_default();
    path.split('?').next().unwrap_or_default().split('/').skip(3).collect()
}

fn query(step: &Step) -> String {
    let query = step.text("path").unwrap_or_default().split_once('?');
    query.map_or_else(String::new, |(_, query)| format!("?{query}"))
}

fn image_of(step: &Step) -> Result<Arc<str>, String> {
    let named = step.text("image").or_else(|| segments(step).first().copied());
    named.map(Into::into).ok_or_else(|| format!("the argument “image” of {}", step.op))
}

fn task_of(step: &Step) -> Result<Arc<str>, String> {
    let named = step.text("task").or_else(|| segments(step).first().copied());
    named.map(Into::into).ok_or_else(|| format!("the argument “task” of {}", step.op))
}

/// The settings of the recorded servers, and what the walk says of its own.
fn scenario(step: &Step) -> String {
    let (delayed, locations, scrub_time) = match step.text("server") {
        Some("s2") => (true, false, 4),
        Some("s3") => (false, false, 0),
        Some(_) | None => (false, true, 0),
    };
    let word = |truth: bool| if truth { "True" } else { "False" };
    format!(
        "ids=short delayed_delete={} show_multiple_locations={} scrub_time={}",
        word(step.flag("delayed_delete").unwrap_or(delayed)),
        word(step.flag("show_multiple_locations").unwrap_or(locations)),
        step.number("scrub_time").unwrap_or(scrub_time)
    )
}

/// What a fault does; `None` for one that changes no answer.
fn fault(step: &Step) -> Option<Drive> {
    let what = step.text("what")?;
    let full = what.contains("full") || what.contains("ENOSPC") || what.contains("no space");
    let free = what.contains("free") || what.contains("room");
    (full || free).then_some(Drive::StoreFull(full && !free))
}

fn waits(world: &World, step: &Step) -> Vec<Ask> {
    let tasks = |held| Ask::Drive(Drive::FinishTasks(held));
    let Some(image) = step.text("image") else {
        return vec![tasks(false), tasks(true), Ask::Drive(Drive::Poll)];
    };
    let transfer = world.find(image).and_then(|id| world.image(id)?.transfer.clone());
    let staging = transfer.as_ref().is_some_and(|transfer| transfer.staging);
    let mut asks = Vec::new();
    if transfer.is_some() {
        asks.push(Ask::Image(image.into(), Call::Abort(staging)));
        asks.push(Ask::Image(image.into(), Call::Finish(staging, None)));
    }
    if let Some(Value::Array(statuses)) = step.args.get("for") {
        let status = |value: &Value| {
            let name = as_text(value)?;
            ImageStatus::ALL.iter().copied().find(|status| status.name() == name)
        };
        asks.push(Ask::Image(image.into(), Call::WaitFor(statuses.iter().filter_map(status).collect())));
    }
    asks.push(tasks(true));
    asks.push(Ask::Drive(Drive::Poll));
    asks
}

fn calls(step: &Step, op: &str) -> Result<Vec<Call>, String> {
    let segments = segments(step);
    let last = || segments.get(2).copied().unwrap_or_default();
    let text = |name: &str| step.text(name).unwrap_or_else(last).into();
    let body = |name: &str| step.args.get(name).map(json::to_string).unwrap_or_default().into();
    let call = match op {
        "image.show" => Call::Show,
        "image.download" => Call::Download,
        "image.upload" => return Ok(uploads(step)),
        "image.stage" => Call::Stage(Payload::raw(bytes(step, "bytes", 0))),
        "image.import" => Call::Import(import(step)),
        "image.patch" => Call::Patch(body("patch")),
        "image.locations.post" => Call::AddLocation(body("body")),
        "image.locations.get" => Call::Locations,
        "image.deactivate" => Call::Deactivate,
        "image.reactivate" => Call::Reactivate,
        "image.delete" => Call::Delete,
        "store.delete" => Call::DeleteFrom(needed(step, "store")?.into()),
        "image.tasks" => Call::Tasks,
        "member.list" => Call::Members,
        "member.add" => Call::AddMember(text("member")),
        "member.delete" => Call::RemoveMember(text("member")),
        "member.update" => Call::SetMember(text("member"), needed(step, "status")?.into()),
        "tag.add" => Call::AddTag(text("tag")),
        "tag.delete" => Call::RemoveTag(text("tag")),
        "image.upload.begin" => Call::Hold(false, Payload::raw(bytes(step, "of", 10_000))),
        "image.stage.begin" => Call::Hold(true, Payload::raw(bytes(step, "of", 10_000))),
        "image.upload.end" => Call::Finish(false, None),
        "image.stage.end" => Call::Finish(true, None),
        "image.upload.disconnect" => Call::Abort(false),
        "image.stage.disconnect" => Call::Abort(true),
        "setup" => {
            let name = needed(step, "status")?;
            let status = ImageStatus::ALL.iter().copied().find(|status| status.name() == name);
            Call::Setup(status.ok_or_else(|| format!("a status, found “{name}”"))?)
        }
        op => return Err(format!("a step of a known kind, found “{op}”")),
    };
    Ok(vec![call])
}

fn bytes(step: &Step, name: &str, otherwise: u64) -> u64 {
    step.number(name).and_then(|bytes| u64::try_from(bytes).ok()).unwrap_or(otherwise)
}

/// What a file of the recordings' length for qcow2 held is not always said.
fn uploads(step: &Step) -> Vec<Call> {
    let bytes = bytes(step, "bytes", 0);
    let headers = match step.args.get("headers") {
        Some(Value::Object(headers)) => Some(headers),
        _ => None,
    };
    let header = |name: &str| headers.and_then(|headers| headers.get(name)).and_then(as_text).map(Into::into);
    let upload = |content| {
        Call::Upload(Upload {
            file: Payload { content, bytes },
            store: header("X-Image-Meta-Store"),
            size: header("X-Openstack-Image-Size"),
            content_type: header("Content-Type"),
        })
    };
    let contents: &[Content] = match step.text("content") {
        Some("qcow2-ok") => &[Content::Qcow2],
        Some("qcow2-backing") => &[Content::Backing],
        Some(_) => &[Content::Raw],
        None => &[Content::Raw, Content::Qcow2, Content::Backing],
    };
    contents.iter().copied().map(upload).collect()
}

fn import(step: &Step) -> Import {
    let empty = Object::new();
    let body = match step.args.get("body") {
        Some(Value::Object(body)) => body,
        _ => &empty,
    };
    let method = match body.get("method") {
        Some(Value::Object(method)) => method,
        _ => &empty,
    };
    let stores = match body.get("stores") {
        Some(Value::Array(stores)) => stores.iter().filter_map(as_text).map(Into::into).collect(),
        _ => Vec::new(),
    };
    Import {
        method: method.get("name").and_then(as_text).unwrap_or_default().into(),
        uri: method.get("uri").and_then(as_text).map(Into::into),
        stores,
        all_stores: matches!(body.get("all_stores"), Some(Value::Bool(true))),
        all_must_succeed: !matches!(body.get("all_stores_must_succeed"), Some(Value::Bool(false))),
    }
}

fn string(text: impl Into<String>) -> Value {
    Value::String(text.into())
}

fn optional(text: Option<impl AsRef<str>>) -> Value {
    text.map_or(Value::Null, |text| string(text.as_ref()))
}

/// `null` where the recordings leave an empty field out.
fn unless_empty(object: Object) -> Value {
    if object.is_empty() { Value::Null } else { Value::Object(object) }
}

fn observe_image(world: &World, image: &Image) -> Object {
    let visible = if image.deleted { 0 } else { image.live_count() };
    let state = |state: LocationState| string(state.name());
    let states: Array = image.locations.iter().map(|location| state(location.state)).collect();
    let tags: Array = image.tags.iter().map(|tag| string(&**tag)).collect();
    let members = &mut image.members.iter().map(|(project, status)| (&**project, string(status.name())));
    let members = object(members);
    let properties = &mut image.properties.iter().map(|(name, value)| (&**name, string(&**value)));
    let mut properties = object(properties);
    if let Some(task) = image.lock {
        properties.insert("os_glance_import_task".to_owned(), string(world.settings.names.task(task)));
    }
    let number = |number: u64| Value::Number(Number::U64(number));
    let fields = [
        ("name", optional(image.name.as_deref())),
        ("status", string(image.status.name())),
        ("size", image.size.map_or(Value::Null, number)),
        ("visibility", string(image.visibility.name())),
        ("protected", Value::Bool(image.protected)),
        ("locations", number(visible as u64)),
        ("location_states", Value::Array(states)),
        ("disk_format", optional(image.disk_format)),
        ("container_format", optional(image.container_format)),
        ("owner", optional(image.owner.as_deref())),
        ("tags", if tags.is_empty() { Value::Null } else { Value::Array(tags) }),
        ("members", unless_empty(members)),
        ("props", unless_empty(properties)),
        ("os_hidden", if image.hidden { Value::Bool(true) } else { Value::Null }),
        ("deleted", Value::Bool(image.deleted)),
    ];
    object(&mut fields.into_iter())
}

fn observe_task(task: &Task) -> Object {
    let fields = [
        ("type", string(task.kind)),
        ("status", string(task.status.name())),
        ("message", string(&*task.message)),
        ("owner", string(&*task.owner)),
    ];
    object(&mut fields.into_iter())
}
