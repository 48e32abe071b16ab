//! Recorded steps as what they ask for.

use std::sync::Arc;

use miniserde::json::{self, Array, Value};

use crate::engine::recording::{Key, Step, as_text};

use super::action::{Ask, Call, Chance, Drive, Upload};
use super::fixture::{Content, Payload};
use super::ids::number_in;
use super::persona::Persona;
use super::recording::fields_of;
use super::world::Transfer;
use super::{ImageStatus, World};

/// The numbers that the database handed out where they are not the ones we would: a refused call
/// may have used up an id of the recording, and rows are counted over all recordings.
pub(super) fn handed_out(world: &World, step: &Step) -> Vec<Chance> {
    let mut numbers = Vec::new();
    let number = |(_, id): &Key| number_in(id);
    let newest = |kind: &str, first: u32| {
        let of_kind = step.changed.keys().filter(|(of, _)| of == kind);
        of_kind.filter_map(number).filter(|number| *number >= first).min().filter(|number| *number > first)
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

pub(super) fn actor(step: &Step) -> Result<Persona, String> {
    match step.actor.as_deref() {
        None if step.op == "image.list" || step.code == Some(Some(401)) => Ok(Persona::Nobody),
        None | Some("operator") => Ok(Persona::Owner),
        Some(name) => {
            Persona::named(name).ok_or_else(|| format!("Expected a persona of the fixture, found “{name}”."))
        }
    }
}

fn needed<'a>(step: &'a Step, name: &str) -> Result<&'a str, String> {
    step.text(name).ok_or_else(|| lacks(step, name))
}

fn lacks(step: &Step, name: &str) -> String {
    format!("“{}” lacks the argument “{name}”.", step.op)
}

/// The ways in which a step may be meant; the first is the likeliest.
pub(super) fn asks(world: &World, step: &Step) -> Result<Option<Vec<Ask>>, String> {
    let ask = match step.op.as_str() {
        "scenario" => Ask::Drive(Drive::Config(scenario(step).into())),
        "image.create" => Ask::Create { body: json::to_string(&step.args).into(), file: None },
        "image.list" => Ask::List(step.text("query").unwrap_or_default().into()),
        "task.create" => Ask::CreateTask(json::to_string(&step.args).into()),
        "task.show" => Ask::ShowTask(subject(step, "task")?),
        "task.delete" => Ask::DeleteTask(subject(step, "task")?),
        "task.list" => Ask::ListTasks(query(step).into()),
        "sleep" => Ask::Drive(Drive::Sleep(
            step.number("s").and_then(|seconds| u64::try_from(seconds).ok()).unwrap_or_default(),
        )),
        "poll" => Ask::Drive(Drive::Poll),
        "fault" => return Ok(fault(step).map(Ask::Drive).or_else(|| by_hand(step)).map(|ask| vec![ask])),
        "scrubber.run" => Ask::Drive(Drive::Scrubber),
        "scrubber.restore" => {
            let Some(Value::Array(words)) = step.args.get("argv") else {
                return Err(lacks(step, "argv"));
            };
            let id = words.last().and_then(as_text).unwrap_or_default();
            Ask::Image(id.into(), Call::Restore)
        }
        "wait" => return Ok(Some(waits(world, step))),
        "store.files" | "task.body" | "task.times" | "image.tasks.body" | "note" => return Ok(None),
        op => {
            let Ok(image) = subject(step, "image") else { return Ok(Some(vec![Ask::Drive(Drive::Poll)])) };
            if op == "image.upload" {
                return Ok(Some(uploads(step, &image)));
            }
            // A body that begins and breaks within one step leaves nothing behind.
            let staging = op.starts_with("image.stage");
            let record = world.find(&image).and_then(|id| world.image(id));
            let begun = record.is_some_and(|image| image.has_begun(staging));
            if op.ends_with(".disconnect") && !begun {
                return Ok(Some(vec![Ask::Drive(Drive::Poll)]));
            }
            match call(step, op)? {
                Some(call) => Ask::Image(image, call),
                None => Ask::Drive(Drive::Poll),
            }
        }
    };
    Ok(Some(vec![ask]))
}

/// The segments of the argument “path” after `/v2/images` or `/v2/tasks`, without the query.
fn segments(step: &Step) -> Vec<&str> {
    let path = step.text("path").unwrap_or_default();
    path.split('?').next().unwrap_or_default().split('/').skip(3).collect()
}

fn query(step: &Step) -> &str {
    let path = step.text("path").unwrap_or_default();
    path.find('?').map_or("", |at| &path[at..])
}

/// The image or the task that a step is about: an argument of its own, or part of the path.
fn subject(step: &Step, name: &str) -> Result<Arc<str>, String> {
    let named = step.text(name).or_else(|| segments(step).first().copied());
    named.map(Into::into).ok_or_else(|| lacks(step, name))
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

/// What was done to files by hand: what the recording saw of it takes the place of ours.
fn by_hand(step: &Step) -> Option<Ask> {
    step.changed.iter().next()?;
    let mut images = Array::new();
    for (_, image) in step.changed.iter().filter(|(key, _)| key.0 == "images") {
        images.push(Value::Object(image.clone()));
    }
    let seen = fields_of(vec![("put", Value::Object(fields_of(vec![("images", Value::Array(images))])))]);
    json::to_string(&seen).parse().ok().map(Ask::Adopt)
}

fn waits(world: &World, step: &Step) -> Vec<Ask> {
    let tasks = |held| Ask::Drive(Drive::FinishTasks(held));
    let Some(image) = step.text("image") else {
        return vec![tasks(false), tasks(true), Ask::Drive(Drive::Poll)];
    };
    let mut asks = Vec::new();
    if let Some(staging) = transfer(world, image).map(|transfer| transfer.staging) {
        asks.push(Ask::Image(image.into(), Call::Abort(staging)));
        asks.push(Ask::Image(image.into(), Call::Finish(staging, None)));
    }
    if let Some(Value::Array(statuses)) = step.args.get("for") {
        let status = |value: &Value| ImageStatus::named(as_text(value)?);
        asks.push(Ask::Image(image.into(), Call::WaitFor(statuses.iter().filter_map(status).collect())));
    }
    asks.push(tasks(true));
    asks.push(Ask::Drive(Drive::Poll));
    asks
}

/// The upload or staging that is under way for an image.
fn transfer<'a>(world: &'a World, image: &str) -> Option<&'a Transfer> {
    world.image(world.find(image)?)?.transfer.as_deref()
}

/// The call, unless the step is of an unknown kind.
fn call(step: &Step, op: &str) -> Result<Option<Call>, String> {
    let segments = segments(step);
    let last = || segments.get(2).copied().unwrap_or_default();
    let text = |name: &str| step.text(name).unwrap_or_else(last).into();
    let body = |name: &str| step.args.get(name).map(json::to_string).unwrap_or_default().into();
    let call = match op {
        "image.show" => Call::Show,
        "image.download" => Call::Download,
        "image.stage" => Call::Stage(Payload::raw(bytes(step, "bytes", 0))),
        "image.import" => Call::Import(body("body")),
        "image.patch" => Call::Patch(body("patch")),
        "image.locations.post" => Call::AddLocation(body("body")),
        "image.locations.get" => Call::Locations,
        "image.deactivate" => Call::Deactivate,
        "image.reactivate" => Call::Reactivate,
        "image.delete" => Call::Delete,
        "store.delete" => Call::DeleteFrom(needed(step, "store")?.into()),
        "image.tasks" => Call::Tasks,
        "member.list" => Call::Members,
        // The recordings leave the project out where no image is found anyway.
        "member.add" => Call::AddMember(step.text("member").unwrap_or("proj-b").into()),
        "member.delete" => Call::RemoveMember(text("member")),
        "member.update" => Call::SetMember(text("member"), step.text("status").unwrap_or_default().into()),
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
            let status = ImageStatus::named(name);
            Call::Setup(status.ok_or_else(|| format!("Expected a status, found “{name}”."))?)
        }
        _ => return Ok(None),
    };
    Ok(Some(call))
}

fn bytes(step: &Step, name: &str, otherwise: u64) -> u64 {
    step.number(name).and_then(|bytes| u64::try_from(bytes).ok()).unwrap_or(otherwise)
}

/// What a file of the recordings' length for qcow2 held is not always said.
fn uploads(step: &Step, image: &Arc<str>) -> Vec<Ask> {
    let bytes = bytes(step, "bytes", 0);
    let headers = match step.args.get("headers") {
        Some(Value::Object(headers)) => Some(headers),
        _ => None,
    };
    let header = |name: &str| {
        let mut headers = headers.into_iter().flatten();
        let (_, value) = headers.find(|(header, _)| header.eq_ignore_ascii_case(name))?;
        as_text(value).map(Into::into)
    };
    let contents: &[Content] = match step.text("content") {
        Some("qcow2-ok") => &[Content::Qcow2],
        Some("qcow2-backing") => &[Content::Backing],
        Some("x") => &[Content::Raw],
        Some(_) | None => &[Content::Raw, Content::Qcow2, Content::Backing],
    };
    let mut asks = Vec::new();
    for content in contents.iter().copied() {
        let upload = Upload {
            file: Payload { content, bytes },
            store: header("X-Image-Meta-Store"),
            size: header("X-Openstack-Image-Size"),
            content_type: header("Content-Type"),
        };
        asks.push(Ask::Image(image.clone(), Call::Upload(Box::new(upload))));
    }
    asks
}
