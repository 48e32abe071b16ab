//! The tasks API, for admins, and the tasks of an image: `glance/api/v2/tasks.py`.

use std::sync::Arc;

use miniserde::json::{self, Object, Value};

use crate::engine::recording::as_text;
use crate::engine::{Refusal, Turn};

use super::super::domain::task_type;
use super::super::fixture::passes_filter;
use super::super::persona::{Persona, may_get, unauthorized};
use super::super::task::{INTERNAL_ERROR, Task, TaskId, TaskStatus, Work};
use super::super::{Change, Glance};
use super::list::check_filter;
use super::python::repr;
use super::{Answer, bad_request, internal_error, not_found, ok, submit, visible};

fn access(by: Persona) -> Result<(), Refusal> {
    if by.is_admin() { Ok(()) } else { Err(unauthorized("tasks_api_access")) }
}

/// `TasksController.create`: policy, the schema, then what the type asks of its input
/// (`glance/common/scripts/utils.py`, `validate_location_uri`).
pub(super) fn create(turn: &mut Turn<'_, Glance>, by: Persona, body: &str) -> Answer {
    access(by)?;
    let body: Object = json::from_str(body).map_err(|_| bad_request("Malformed JSON in request body."))?;
    for name in ["type", "input"] {
        if !body.contains_key(name) {
            return Err(bad_request(format!("Task '{name}' is required")));
        }
    }
    let kind = kind(body.get("type"))?;
    let none = Object::new();
    let input = input(kind, body.get("input"))?.unwrap_or(&none);
    let work = if kind == "import" { legacy(input)? } else { unfit(kind, input) };
    submit::submit(turn, by, kind, None, work);
    ok(201)
}

fn kind(value: Option<&Value>) -> Result<&'static str, Refusal> {
    let name = value.and_then(as_text);
    let found = name.and_then(|name| task_type(name).ok());
    found.ok_or_else(|| {
        let list = "['import', 'api_image_import', 'location_import']";
        let value = value.map_or_else(|| "None".to_owned(), repr);
        bad_request(format!(
            "Provided object does not match schema 'task': {value} is not one of {list} Failed validating \
             'enum' in schema['properties']['type']: {{'description': 'The type of task represented by this \
             content', 'enum': {list}, 'type': 'string'}} On instance['type']: {value}"
        ))
    })
}

/// The schema of `input`; without one, `TasksController.create` breaks for all but the legacy import.
fn input<'a>(kind: &str, value: Option<&'a Value>) -> Result<Option<&'a Object>, Refusal> {
    match value {
        Some(Value::Object(input)) => Ok(Some(input)),
        None | Some(Value::Null) if kind == "import" => Ok(None),
        None | Some(Value::Null) => Err(internal_error()),
        Some(value) => {
            let value = repr(value);
            Err(bad_request(format!(
                "Provided object does not match schema 'task': {value} is not of type 'null', 'object' Failed \
                 validating 'type' in schema['properties']['input']: {{'description': 'The parameters required \
                 by task, JSON blob', 'type': ['null', 'object']}} On instance['input']: {value}"
            )))
        }
    }
}

/// `glance/common/scripts/utils.py`, `unpack_task_input`: what a task of the other types says of its
/// input. A simplification: with a fit one it fails too, as it does for an image without a lock.
fn unfit(kind: &str, input: &Object) -> Work {
    let lacks = |name: &&str| !input.contains_key(*name);
    Work::Unfit(match kind {
        _ if input.is_empty() => format!("Input to {kind} task is empty.").into(),
        "api_image_import" if lacks(&"image_id") => "Missing required 'image_id' field".into(),
        "location_import" => lacking(["image_id", "loc_url", "validation_data"].into_iter().find(lacks)),
        _ => lacking(None),
    })
}

fn lacking(name: Option<&str>) -> Arc<str> {
    name.map_or_else(|| INTERNAL_ERROR.into(), |name| format!("Input does not contain '{name}' field").into())
}

fn legacy(input: &Object) -> Result<Work, Refusal> {
    let Some(from) = input.get("import_from").and_then(as_text) else {
        return Err(bad_request("Invalid location: None"));
    };
    match from.split(':').next().unwrap_or_default() {
        "http" | "https" if passes_filter(from) => {}
        "http" | "https" => {
            let text = format!("URI for legacy import task does not pass filtering: {from}");
            return Err(bad_request(text));
        }
        "file" | "filesystem" => {
            return Err(bad_request(
                "File based imports are not allowed. Please use a non-local source of image data.",
            ));
        }
        _ => {
            return Err(bad_request(
                "The given uri is not valid. Please specify a valid uri from the following list of supported \
                 uri ['http']",
            ));
        }
    }
    let lacks = |name: &&str| !input.contains_key(*name);
    if let Some(name) = ["import_from_format", "image_properties"].into_iter().find(lacks) {
        return Ok(Work::Unfit(lacking(Some(name))));
    }
    let image = input.get("image_properties").map_or_else(String::new, json::to_string);
    Ok(Work::Legacy { from: from.into(), image: image.into() })
}

/// `TasksController.get`.
pub(super) fn show(turn: &Turn<'_, Glance>, by: Persona, task: &str) -> Answer {
    access(by)?;
    let ids = turn.world().settings.ids;
    match ids.read_task(task).and_then(|id| turn.world().task(id)) {
        Some(_) => ok(200),
        None => Err(Refusal::new(404, format!("Could not find task {task}"))),
    }
}

/// `TasksController.delete`: nobody may.
pub(super) fn delete(by: Persona) -> Answer {
    access(by)?;
    Err(Refusal::new(
        405,
        "This operation is currently not permitted on Glance Tasks. They are auto deleted after reaching the \
         time based on their expires_at property.",
    ))
}

/// The columns that a list of tasks can be sorted by: `glance/db/sqlalchemy/models.py`, `Task`.
const SORT_KEYS: [&str; 12] = [
    "id",
    "type",
    "status",
    "owner",
    "expires_at",
    "created_at",
    "updated_at",
    "image_id",
    "request_id",
    "user_id",
    "deleted",
    "deleted_at",
];

/// `TasksController.index`: policy, then the filters, of which only one type is let through.
pub(super) fn list(turn: &mut Turn<'_, Glance>, by: Persona, query: &str) -> Answer {
    access(by)?;
    for part in query.trim_start_matches('?').split('&') {
        if let Some((name, value)) = part.split_once('=') {
            check_query(turn, name, value)?;
        }
    }
    drop_expired(turn, by);
    ok(200)
}

/// `RequestDeserializer.index`, then what the database says of the marker.
fn check_query(turn: &Turn<'_, Glance>, name: &str, value: &str) -> Result<(), Refusal> {
    let world = turn.world();
    let task = || world.settings.ids.read_task(value);
    Err(bad_request(match name {
        "limit" | "sort_dir" => return check_filter(name, value),
        "status" if !value.is_empty() && TaskStatus::named(value).is_none() => {
            format!("Invalid status value: {value}")
        }
        "type" if !value.is_empty() && value != "import" => format!("Invalid type value: {value}"),
        "sort_key" if !SORT_KEYS.contains(&value) => "Sort key supplied was not valid.".to_owned(),
        "marker" if task().is_none() && !world.settings.ids.is_id(value) => {
            "Invalid marker format".to_owned()
        }
        "marker" if task().and_then(|task| world.task(task)).is_none() => {
            format!("Task with the given id {value} was not found")
        }
        _ => return Ok(()),
    }))
}

/// `ImagesController.get_task_info`.
pub(super) fn of_image(turn: &mut Turn<'_, Glance>, by: Persona, image: &str) -> Answer {
    let (_, image) = visible(turn, by, image).ok_or_else(not_found)?;
    if !may_get(&image, by) {
        return Err(not_found());
    }
    drop_expired(turn, by);
    ok(200)
}

/// Expired tasks go when tasks are listed, and only those of the project that asks:
/// `glance/db/sqlalchemy/api.py`, `_task_soft_delete`. Until then each can still be shown.
fn drop_expired(turn: &mut Turn<'_, Glance>, by: Persona) {
    let world = turn.world();
    let now = world.clock(turn.now());
    let is_expired =
        |task: &&Task| task.expires.is_some_and(|expires| expires <= now) && *task.owner == *by.project();
    let expired: Vec<TaskId> = world.tasks.iter().filter(is_expired).map(|task| task.id).collect();
    for task in expired {
        turn.change(Change::TaskGone(task));
    }
}
