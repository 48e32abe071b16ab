//! The rules by topic, and what they share.

mod activation;
mod create;
mod delete;
mod driver;
mod history;
mod instances;
mod list;
mod location_import;
mod location_schema;
mod locations;
mod members;
mod patch;
mod python;
mod schema;
mod stage;
mod stores;
mod submit;
mod tasks;
mod upload;
mod worker;

use std::sync::Arc;

use miniserde::json::{self, Value as Json};

use crate::engine::refusal::Text;
use crate::engine::{ImageId, Refusal, Reply, Turn, Value};

use super::action::{Action, Ask, Call, Chance};
use super::image::{Formats, Image};
use super::persona::{Persona, Rule, enforce, is_visible};
use super::{Change, Glance, ImageStatus, adopt};

pub(super) type Answer = Result<Reply, Refusal>;

/// Answers an action.
pub(super) fn answer(turn: &mut Turn<'_, Glance>, action: &Action) -> Answer {
    for chance in &action.before {
        happen(turn, *chance);
    }
    let answer = ask(turn, action.by, &action.ask);
    for _ in 0..action.after {
        happen(turn, Chance::Worker);
    }
    answer
}

fn happen(turn: &mut Turn<'_, Glance>, chance: Chance) {
    match chance {
        Chance::Worker => worker::step_oldest(turn),
        Chance::Seconds(seconds) => driver::sleep(turn, u64::from(seconds)),
        Chance::Rows(higher) => renumber(turn, higher),
        Chance::Image(image) => {
            let world = turn.world();
            let (task, row) = (world.next_task, world.next_row);
            turn.change(Change::Numbers { image, task, row });
        }
        Chance::Task(task) => {
            let world = turn.world();
            let (image, row) = (world.next_image, world.next_row);
            turn.change(Change::Numbers { image, task, row });
        }
    }
}

fn renumber(turn: &mut Turn<'_, Glance>, higher: u32) {
    let world = turn.world();
    // The database counts its rows no higher than this.
    let higher = higher.min(i32::MAX.unsigned_abs().saturating_sub(world.next_row));
    let (image, task, row) = (world.next_image, world.next_task, world.next_row + higher);
    let ids: Vec<ImageId> = world.images.iter().map(|(id, _)| id).collect();
    turn.change(Change::Numbers { image, task, row });
    for id in ids {
        let Some(mut record) = copy(turn, id) else { continue };
        record.locations.iter_mut().for_each(|location| location.row += higher);
        write(turn, id, record);
    }
}

fn ask(turn: &mut Turn<'_, Glance>, by: Persona, ask: &Ask) -> Answer {
    if by == Persona::Nobody && !matches!(ask, Ask::Drive(_) | Ask::Adopt(_)) {
        return Err(unauthenticated());
    }
    match ask {
        Ask::Create { body, file } => create::create(turn, by, body, *file),
        Ask::List(query) => list::list(turn, by, query),
        Ask::Image(image, call) => call_about(turn, by, image, call),
        Ask::CreateTask(body) => tasks::create(turn, by, body),
        Ask::ShowTask(task) => tasks::show(turn, by, task),
        Ask::DeleteTask(_) => tasks::delete(by),
        Ask::ListTasks(query) => tasks::list(turn, by, query),
        Ask::Boot(image, name) => instances::boot(turn, by, image, name),
        Ask::DeleteInstance(instance) => instances::delete(turn, instance),
        Ask::Snapshot(instance, name) => instances::snapshot(turn, by, instance, name),
        Ask::Drive(drive) => driver::drive(turn, drive),
        Ask::Adopt(adoption) => {
            adopt::adopt(turn, adoption);
            done()
        }
    }
}

fn call_about(turn: &mut Turn<'_, Glance>, by: Persona, image: &str, call: &Call) -> Answer {
    match call {
        Call::Show => list::show(turn, by, image),
        Call::Download => list::download(turn, by, image),
        Call::Upload(upload) => upload::upload(turn, by, image, upload),
        Call::Stage(file) => stage::stage(turn, by, image, *file),
        Call::Import(import) => submit::import(turn, by, image, import),
        Call::Patch(body) => patch::patch(turn, by, image, body),
        Call::AddLocation(body) => submit::add_location(turn, by, image, body),
        Call::Locations => locations::get(turn, by, image),
        Call::Deactivate => activation::deactivate(turn, by, image),
        Call::Reactivate => activation::reactivate(turn, by, image),
        Call::Delete => delete::delete(turn, by, image),
        Call::DeleteFrom(store) => locations::delete_from(turn, by, image, store),
        Call::Tasks => tasks::of_image(turn, by, image),
        Call::Members => members::list(turn, by, image),
        Call::AddMember(project) => members::add(turn, by, image, project),
        Call::RemoveMember(project) => members::remove(turn, by, image, project),
        Call::SetMember(project, status) => members::set(turn, by, image, project, status),
        Call::AddTag(tag) => members::add_tag(turn, by, image, tag),
        Call::RemoveTag(tag) => members::remove_tag(turn, by, image, tag),
        Call::Hold(staging, file) => driver::hold(turn, by, image, *staging, *file),
        Call::Finish(staging, fault) => driver::finish(turn, by, image, *staging, *fault),
        Call::Abort(staging) => driver::abort(turn, image, *staging),
        Call::Hang => driver::postpone(turn, image, |_| None),
        Call::Slow => {
            let now = turn.now();
            driver::postpone(turn, image, |due| due.map(|due| due.slowed(now)))
        }
        Call::Setup(status) => driver::setup(turn, image, *status),
        Call::WaitFor(statuses) => driver::wait_for(turn, image, statuses),
        Call::Restore => delete::restore(turn, image),
    }
}

/// An answer of success with this HTTP status.
#[expect(clippy::unnecessary_wraps, reason = "it ends functions that may refuse")]
fn ok(code: u32) -> Answer {
    Ok(Reply { code, value: Value::None })
}

/// The answer of something outside the service: no HTTP status.
fn done() -> Answer {
    ok(0)
}

/// Where nothing is to be known: a path without a name, and what rule `get_image` hides.
fn not_found() -> Refusal {
    Refusal::new(404, "The resource could not be found.")
}

fn unauthenticated() -> Refusal {
    Refusal::new(
        401,
        "This server could not verify that you are authorized to access the document you requested. \
         Either you supplied the wrong credentials (e.g., bad password), or your browser does not \
         understand how to supply the credentials required.",
    )
}

/// `webob` says so where Glance gives no words of its own.
fn denied(text: &str) -> Refusal {
    Refusal::new(403, format!("Access was denied to this resource. {text}"))
}

fn conflict(text: impl Into<Text>) -> Refusal {
    Refusal::new(409, text)
}

fn bad_request(text: impl Into<Text>) -> Refusal {
    Refusal::new(400, text)
}

/// A request's body: `JSONRequestDeserializer.from_json` of `glance/common/wsgi.py`.
fn list_or_object(body: &str) -> Result<Json, Refusal> {
    match json::from_str(body).map_err(|_| bad_request("Malformed JSON in request body."))? {
        body @ (Json::Array(_) | Json::Object(_)) => Ok(body),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {
            Err(bad_request("Unexpected body type. Expected list/dict."))
        }
    }
}

/// An internal error; the service keeps the reason to itself.
fn internal_error() -> Refusal {
    Refusal::new(500, "The server has either erred or is incapable of performing the requested operation.")
}

/// An image by number, and a copy of its record to change and to write.
type Found = (ImageId, Box<Image>);

fn copy(turn: &Turn<'_, Glance>, id: ImageId) -> Option<Box<Image>> {
    turn.world().image(id).cloned().map(Box::new)
}

/// The image that `by` means, if the database shows it to them: `ImageRepo.get`.
fn visible(turn: &Turn<'_, Glance>, by: Persona, image: &str) -> Option<Found> {
    let id = turn.world().find(image)?;
    let record = turn.world().image(id)?;
    if is_visible(record, by) { Some((id, copy(turn, id)?)) } else { None }
}

/// The id in a text of the service: the printed one, or what was asked for.
fn printed(turn: &Turn<'_, Glance>, image: &str) -> String {
    turn.world().find(image).map_or_else(|| image.to_owned(), |id| turn.world().printed(id))
}

/// The image, or 404 in the words of most calls.
fn seen(turn: &Turn<'_, Glance>, by: Persona, image: &str) -> Result<Found, Refusal> {
    visible(turn, by, image)
        .ok_or_else(|| Refusal::new(404, format!("No image found with ID {}", printed(turn, image))))
}

/// The image, or 404 in the words of the calls about members and tags.
fn looked_up(turn: &Turn<'_, Glance>, by: Persona, image: &str) -> Result<Found, Refusal> {
    visible(turn, by, image)
        .ok_or_else(|| Refusal::new(404, format!("Image {} not found.", printed(turn, image))))
}

/// The image, if `by` may change it.
fn owned(turn: &Turn<'_, Glance>, by: Persona, image: &str, rule: &str) -> Result<Found, Refusal> {
    let found = seen(turn, by, image)?;
    enforce(rule, Rule::ProjectMember, &found.1, by)?;
    Ok(found)
}

/// Puts a changed record in the place of the old one.
fn write(turn: &mut Turn<'_, Glance>, id: ImageId, image: Box<Image>) {
    if turn.world().image(id).is_none_or(|old| *old != *image) {
        turn.change(Change::Image(id, Arc::new(*image)));
    }
}

/// Lets an image go to a status, whatever the rules of the domain say.
fn enter(turn: &mut Turn<'_, Glance>, id: ImageId, to: ImageStatus) {
    let from = turn.world().image(id).map(|image| image.status);
    if from != Some(to) {
        turn.transition(id, from, Some(to));
    }
}

/// The formats with these names, as the schema knows them.
pub(super) fn formats_of(disk: Option<&str>, container: Option<&str>) -> Formats {
    (disk.and_then(schema::disk_format), container.and_then(schema::container_format))
}
