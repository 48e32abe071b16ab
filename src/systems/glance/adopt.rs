//! Recorded objects in the place of ours, so that a replay goes on after a difference.

use std::sync::Arc;

use miniserde::json::{Object, Value};

use crate::engine::recording::{Adoption, as_number, as_text};
use crate::engine::{ImageId, SimTime, Turn};

use super::domain::{TASK_TYPES, task_type};
use super::fixture::{Content, Payload};
use super::ids::number_in;
use super::image::{Image, LocationState, Membership, Visibility};
use super::persona::Persona;
use super::rules::formats_of;
use super::task::{Phase, Task, TaskId, TaskStatus, Work};
use super::world::{Store, Transfer};
use super::{Change, Glance, ImageStatus};

/// Puts and takes what the adoption names. What is neither an image nor a task, or has no number, is left out.
pub(super) fn adopt(turn: &mut Turn<'_, Glance>, adoption: &Adoption) {
    for ((kind, id), object) in adoption.put() {
        let Some(number) = number_in(&id) else { continue };
        match kind.as_str() {
            "images" => put_image(turn, ImageId(number), &object),
            "tasks" => put_task(turn, TaskId(number), &object),
            _ => {}
        }
    }
    for (kind, id) in adoption.take() {
        let Some(number) = number_in(&id) else { continue };
        match kind.as_str() {
            "images" => {
                let from = turn.world().image(ImageId(number)).map(|image| image.status);
                turn.transition(ImageId(number), from, None);
            }
            "tasks" => turn.change(Change::TaskGone(TaskId(number))),
            _ => continue,
        }
        lower_numbers(turn);
    }
}

/// What is taken had no number in the recording: the next number follows the highest that is left.
fn lower_numbers(turn: &mut Turn<'_, Glance>) {
    let world = turn.world();
    let image = world.images.iter().next_back().map_or(1, |(id, _)| id.0 + 1);
    let task = world.tasks.iter().map(|task| task.id.0 + 1).max().unwrap_or(1);
    let row = world.next_row;
    turn.change(Change::Numbers { image, task, row });
}

fn number_of(object: &Object, name: &str) -> Option<u64> {
    object.get(name).and_then(as_number).and_then(|number| u64::try_from(number).ok())
}

fn put_image(turn: &mut Turn<'_, Glance>, id: ImageId, object: &Object) {
    let text = |name: &str| object.get(name).and_then(as_text);
    let truth = |name: &str| matches!(object.get(name), Some(Value::Bool(true)));
    let old = turn.world().image(id).cloned();
    let from = old.as_ref().map(|image| image.status);
    let to = text("status").and_then(ImageStatus::named).unwrap_or(ImageStatus::Queued);
    let mut image = old.unwrap_or_default();
    image.status = from.unwrap_or(to);
    image.name = text("name").map(Into::into);
    image.size = number_of(object, "size");
    image.visibility = text("visibility").and_then(Visibility::named).unwrap_or(Visibility::Shared);
    image.protected = truth("protected");
    image.hidden = truth("os_hidden");
    image.owner = text("owner").map(Into::into);
    image.deleted = truth("deleted");
    image.tags.clear();
    image.members.clear();
    image.properties.clear();
    image.lock = None;
    (image.disk_format, image.container_format) = formats_of(text("disk_format"), text("container_format"));
    if truth("checksum") {
        image.checksum.get_or_insert((Content::Raw, image.size.unwrap_or_default()));
    } else {
        image.checksum = None;
    }
    put_lists(&mut image, object);
    put_transfer(&mut image, to, number_of(object, "staged_bytes"));
    put_locations(&mut image, object, turn.world().next_row);
    let size = image.size;
    let row = image.locations.iter().map(|location| location.row + 1).max().unwrap_or_default();
    raise_numbers(turn, id.0 + 1, 0, row);
    turn.change(Change::Image(id, Arc::new(image.clone())));
    if from != Some(to) {
        turn.transition(id, from, Some(to));
        image.status = to;
        image.size = size;
        turn.change(Change::Image(id, Arc::new(image)));
    }
}

fn put_lists(image: &mut Image, object: &Object) {
    if let Some(Value::Array(tags)) = object.get("tags") {
        tags.iter().filter_map(as_text).for_each(|tag| image.add_tag(tag));
    }
    if let Some(Value::Object(members)) = object.get("members") {
        let member = |(project, status): (&String, &Value)| {
            let status = as_text(status).and_then(Membership::named).unwrap_or(Membership::Pending);
            (project.as_str().into(), status)
        };
        image.members = members.iter().map(member).collect();
    }
    if let Some(Value::Object(properties)) = object.get("props") {
        for (name, value) in properties {
            let value = as_text(value).unwrap_or_default();
            if name == "os_glance_import_task" {
                image.lock = number_in(value).map(TaskId);
            } else {
                image.set_property(name, value);
            }
        }
    }
    let stores = |name: &str| match object.get(name) {
        Some(Value::Array(stores)) => {
            stores.iter().filter_map(as_text).filter_map(Store::named).collect::<Vec<_>>()
        }
        _ => Vec::new(),
    };
    let bytes = image.size.unwrap_or_default();
    image.files = stores("files").into_iter().map(|store| (store, bytes)).collect();
}

/// A body that is under way although we never saw it begin, and what is staged. The file of an upload
/// that is under way is there, but does not count yet.
fn put_transfer(image: &mut Image, to: ImageStatus, staged: Option<u64>) {
    let goes_on = |transfer: &&Arc<Transfer>| {
        if transfer.staging { staged.is_some() } else { image.has_file(transfer.store) }
    };
    if let Some(transfer) = image.transfer.as_ref().filter(goes_on).cloned() {
        if transfer.staging {
            image.staged = Some((Content::Raw, 0));
        } else {
            image.drop_file(transfer.store);
        }
        return;
    }
    let staging = to == ImageStatus::Uploading;
    let holds = if staging { staged == Some(0) && image.size.is_none() } else { to == ImageStatus::Saving };
    if !holds {
        image.transfer = None;
        // What a download has brought so far is not staged.
        if to != ImageStatus::Importing {
            image.staged = staged.map(|bytes| (Content::Raw, bytes));
        }
        return;
    }
    image.drop_file(Store::Fast);
    image.staged = staging.then_some((Content::Raw, 0));
    let owner = Persona::ALL.into_iter().find(|by| image.owner.as_deref() == Some(by.project()));
    let transfer = Transfer {
        staging,
        by: owner.unwrap_or(Persona::Admin),
        payload: Payload::raw(10_000),
        store: Store::Fast,
        removes: false,
        announced: None,
        copy: Arc::new(image.clone()),
        started: SimTime::START,
        due: None,
    };
    image.transfer = Some(Arc::new(transfer));
}

fn put_locations(image: &mut Image, object: &Object, row: u32) {
    let Some(Value::Array(states)) = object.get("location_states") else { return };
    let states: Vec<LocationState> =
        states.iter().filter_map(as_text).filter_map(LocationState::named).collect();
    image.locations.truncate(states.len());
    let files: Vec<Store> = image.files.iter().map(|(store, _)| *store).collect();
    for (index, state) in states.into_iter().enumerate() {
        if index >= image.locations.len() {
            let store = files.get(index).copied().unwrap_or(Store::Web);
            image.add_location(row + u32::try_from(index).unwrap_or_default(), None, store);
        }
        image.locations[index].state = state;
    }
}

fn raise_numbers(turn: &mut Turn<'_, Glance>, image: u32, task: u32, row: u32) {
    let world = turn.world();
    let (image, task) = (world.next_image.max(image), world.next_task.max(task));
    let row = world.next_row.max(row);
    turn.change(Change::Numbers { image, task, row });
}

fn put_task(turn: &mut Turn<'_, Glance>, id: TaskId, object: &Object) {
    let text = |name: &str| object.get(name).and_then(as_text);
    let status = text("status").and_then(TaskStatus::named).unwrap_or(TaskStatus::Pending);
    let known = turn.world().task(id).cloned();
    let work = known.as_ref().map_or(Work::Unknown, |task| task.work.clone());
    let image = text("image").and_then(|image| turn.world().find(image));
    let is_importing = image
        .and_then(|image| turn.world().image(image))
        .is_some_and(|image| image.status == ImageStatus::Importing);
    let at_least = match status {
        TaskStatus::Pending => Phase::Queued,
        TaskStatus::Processing if matches!(work, Work::Import { .. }) && is_importing => Phase::Working,
        TaskStatus::Processing => Phase::Taken,
        TaskStatus::Success | TaskStatus::Failure => Phase::Over,
    };
    // Ours may have ended where the recorded one goes on.
    let alike = known.as_ref().filter(|task| task.status.is_final() == status.is_final());
    let phase = alike.map_or(at_least, |task| task.phase.max(at_least));
    let kind = text("type").and_then(|kind| task_type(kind).ok()).unwrap_or(TASK_TYPES[1]);
    raise_numbers(turn, 0, id.0 + 1, 0);
    turn.change(Change::Task(Task {
        id,
        kind,
        status,
        owner: text("owner").unwrap_or_default().into(),
        message: text("message").unwrap_or_default().into(),
        image,
        work,
        phase,
        updated: known.as_ref().map_or(SimTime::START, |task| task.updated),
        expires: known.as_ref().and_then(|task| task.expires),
        copy: known.as_ref().and_then(|task| task.copy.clone()),
        outcome: known.and_then(|task| task.outcome),
        started: SimTime::START,
        due: None,
    }));
}
