//! The background worker: `glance/async_/flows/{api_image_import,location_import,base_import}.py`.
//!
//! A task goes through its phases one step at a time, so that every state that the real service
//! shows in between is a state here. Who runs when is chance: a driver or a due time decides.

use std::sync::Arc;

use miniserde::json::{self, Object};

use crate::engine::{ImageId, SimTime, Turn};

use super::super::action::Fault;
use super::super::domain::{may_enter, task_status};
use super::super::fixture::{Content, Payload, Source, hash_matches, source};
use super::super::image::Image;
use super::super::persona::Persona;
use super::super::task::{INTERNAL_ERROR, Method, Phase, Task, TaskId, TaskStatus, Work};
use super::super::world::{IMAGE_SIZE_CAP, Store};
use super::super::{Change, Glance, ImageStatus};
use super::create::{insert, new_record};
use super::stores::{FAILED, Failure, IMPORTING, Run, change_stores, give_up};
use super::upload::{fill, settle_rows};
use super::{Found, copy, enter, write};

/// The oldest task that is not over makes a step.
pub(super) fn step_oldest(turn: &mut Turn<'_, Glance>) {
    if let Some(task) = turn.world().tasks.iter().find(|task| !task.status.is_final()).map(|task| task.id) {
        step(turn, task, None);
    }
}

/// A task runs to its end.
pub(super) fn run(turn: &mut Turn<'_, Glance>, task: TaskId, fault: Option<Fault>) {
    while turn.world().task(task).is_some_and(|task| !task.status.is_final()) && step(turn, task, fault) {}
}

/// A task makes one step. Says whether there was one to make: a recorded task that took the place of
/// ours may be open in a state that no flow leaves.
pub(super) fn step(turn: &mut Turn<'_, Glance>, task: TaskId, fault: Option<Fault>) -> bool {
    let Some(task) = turn.world().task(task).cloned() else { return false };
    let mut next = task.clone();
    match task.phase {
        Phase::Queued => {
            next.phase = Phase::Taken;
            next.status = TaskStatus::Processing;
        }
        Phase::Taken => begin(turn, &mut next),
        Phase::Working => conclude(turn, &mut next, fault),
        Phase::Done => release(turn, &mut next),
        Phase::Released => {
            next.phase = Phase::Over;
            end(turn, &mut next);
        }
        Phase::Over => return false,
    }
    next.updated = turn.world().clock(turn.now());
    let pace = turn.world().settings.pace;
    next.due = (pace > 0 && next.phase != Phase::Over && !stalls(turn, &next))
        .then(|| turn.now() + SimTime(if next.phase >= Phase::Done { 0 } else { pace / 4 }));
    turn.change(Change::Task(next));
    true
}

/// Whether a task waits for a web source that does not go on.
pub(super) fn stalls(turn: &Turn<'_, Glance>, task: &Task) -> bool {
    let sources = &turn.world().settings.sources;
    task.is_held(|url| matches!(source(url, sources), Source::Stalls(..)))
}

/// The image that a task works on, if it still lives.
fn living(turn: &Turn<'_, Glance>, task: &Task) -> Option<Found> {
    let id = task.image?;
    let image = copy(turn, id).filter(|image| !image.deleted)?;
    Some((id, image))
}

/// From `processing` to the phase in which the image shows it.
fn begin(turn: &mut Turn<'_, Glance>, task: &mut Task) {
    task.phase = Phase::Working;
    match task.work.clone() {
        Work::Import { method, stores, .. } => begin_import(turn, task, &method, &stores),
        Work::Location { url, hash } => begin_location(turn, task, &url, hash.is_some()),
        Work::Legacy { .. } | Work::Unfit(_) | Work::Unknown => {}
    }
}

/// `api_image_import.get_flow`: the status, and the properties that count the stores.
fn begin_import(turn: &mut Turn<'_, Glance>, task: &mut Task, method: &Method, stores: &[Store]) {
    let copies = *method == Method::CopyImage;
    task.outcome = Some(Err(()));
    let Some((id, mut image)) = living(turn, task) else {
        task.phase = Phase::Done;
        return;
    };
    // The flow cannot even be built: the task says why, and nothing takes the lock away.
    if let Err(refusal) = may_enter(&image, ImageStatus::Importing)
        && !copies
    {
        task.phase = Phase::Released;
        task.message = refusal.to_string().into();
        return;
    }
    task.outcome = None;
    change_stores(&mut image, IMPORTING, stores, &[]);
    change_stores(&mut image, FAILED, &[], stores);
    write(turn, id, image);
    if !copies {
        enter(turn, id, ImageStatus::Importing);
    }
}

/// The end of the work: what becomes of the image. The lock stays until the task is over.
fn conclude(turn: &mut Turn<'_, Glance>, task: &mut Task, fault: Option<Fault>) {
    task.phase = Phase::Done;
    task.outcome = Some(match task.work.clone() {
        Work::Import { method, stores, all_must_succeed } => {
            conclude_import(turn, task, &method, &stores, all_must_succeed, fault)
        }
        Work::Location { hash, .. } => conclude_location(turn, task, hash.as_deref(), fault),
        Work::Legacy { from, image } => conclude_legacy(turn, task, &from, &image, fault),
        Work::Unfit(_) | Work::Unknown => Err(()),
    });
}

type Outcome = Result<(Content, u64), ()>;

/// What `ImageProxy._verify_uploaded_data` of `glance/location.py` says, the one error that the
/// executor passes on.
const OTHER_DATA: &str = "os_hash_value of uploaded data is different from current value set on the image.";

fn conclude_import(
    turn: &mut Turn<'_, Glance>,
    task: &mut Task,
    method: &Method,
    stores: &[Store],
    all_must_succeed: bool,
    fault: Option<Fault>,
) -> Outcome {
    let (id, image) = living(turn, task).ok_or(())?;
    let copies = *method == Method::CopyImage;
    if copies && breaks_off(turn, &image) {
        // `internal_plugins/copy_image.py`, `_CopyImage.execute`: no store is tried.
        return Err(());
    }
    // A staged file that is gone is missed in each store, a source before any.
    let staged = *method == Method::GlanceDirect;
    let file = data(turn, &image, method).filter(|_| fault != Some(Fault::Source));
    let lost = staged && file.is_none();
    let file = if lost { Some(Payload::raw(0)) } else { file };
    let fault = if lost { Some(Fault::Source) } else { fault };
    // `set_image_data` of `glance/common/scripts/image_import/main.py` compares the length first.
    let fits = |file: &Payload| copies.then_some(image.size).flatten().is_none_or(|size| size == file.bytes);
    let fault = if file.as_ref().is_none_or(fits) { fault } else { Some(Fault::Source) };
    let row = turn.world().next_row;
    let mut import = Run { image, row, active: false, read: false, undone: Vec::new() };
    let outcome = match file {
        Some(file) if copies || import.image.status == ImageStatus::Importing => {
            import.fill_stores(turn, file, stores, all_must_succeed, copies, fault).map(|()| file)
        }
        // `_CopyImage` finds no data: no store is tried, as above.
        None if copies => return Err(()),
        Some(_) | None => {
            give_up(&mut import.image, stores);
            Err(Failure::Elsewhere)
        }
    };
    let downloads = matches!(method, Method::WebDownload(_));
    if outcome.is_err() && downloads {
        give_up(&mut import.image, stores);
    }
    // `_DeleteFromFS` comes before `_VerifyImageState`.
    let no_store = matches!(outcome, Err(Failure::NoStore));
    if outcome.is_ok() || no_store {
        import.image.staged = None;
    }
    if let Err(Failure::Checksum) = outcome {
        task.message = OTHER_DATA.into();
    }
    if no_store && downloads {
        // `BaseDownload.revert` finds the image `queued` already, which may not be set twice: the
        // flow ends there, and nothing takes the lock away.
        task.phase = Phase::Released;
    }
    let back = downloads || no_store;
    let active = import.active;
    let read = import.read;
    settle_rows(turn, &import.image);
    write(turn, id, import.image);
    if outcome.is_ok() && active {
        enter(turn, id, ImageStatus::Active);
    } else if outcome.is_err() && back && !copies {
        restore(turn, id);
    }
    outcome.map(|file| (file.content, if read { file.bytes } else { 0 })).map_err(|_| ())
}

fn restore(turn: &mut Turn<'_, Glance>, id: ImageId) {
    if turn.world().image(id).is_some_and(|image| image.status == ImageStatus::Importing) {
        enter(turn, id, ImageStatus::Queued);
    }
}

/// The data that an import brings, if it brings any.
fn data(turn: &Turn<'_, Glance>, image: &Image, method: &Method) -> Option<Payload> {
    let (content, bytes) = match method {
        Method::GlanceDirect => image.staged?,
        Method::CopyImage if !image.has_data() => return None,
        Method::CopyImage => image.checksum.unwrap_or((Content::Raw, image.size?)),
        Method::WebDownload(url) => match source(url, &turn.world().settings.sources) {
            Source::Works(content, bytes) | Source::Stalls(content, bytes)
                if bytes <= IMAGE_SIZE_CAP && image.staged.is_none() =>
            {
                (content, bytes)
            }
            Source::Works(..) | Source::Stalls(..) | Source::Fails | Source::Short(_) => return None,
        },
    };
    Some(Payload { content, bytes })
}

/// `location_import`: the location comes first; with a hash to verify the image is `importing`
/// until the data has been read, otherwise it is `active` before.
fn begin_location(turn: &mut Turn<'_, Glance>, task: &mut Task, url: &str, verifies: bool) {
    // The task writes as its owner, whom the database lets change only images of the same project.
    let theirs = |image: &Image| {
        image.owner.as_deref() == Some(&*task.owner) || *task.owner == *Persona::Admin.project()
    };
    let Some((id, mut image)) = living(turn, task).filter(|(_, image)| theirs(image)) else { return };
    let (content, bytes) = match source(url, &turn.world().settings.sources) {
        Source::Works(content, bytes) | Source::Stalls(content, bytes) if bytes > 0 => (content, bytes),
        // Only the announced length counts here; what is read later may be less.
        Source::Short(bytes) if bytes > 0 => (Content::Raw, bytes),
        // `glance/location.py`, `_check_image_location`: what has no bytes is no location.
        Source::Works(..) | Source::Stalls(..) | Source::Short(_) | Source::Fails => return,
    };
    if image.live().any(|location| location.url.as_deref() == Some(url)) {
        return;
    }
    image.add_location(turn.world().next_row, Some(url.into()), Store::Web);
    image.learn_size(bytes);
    if image.size > Some(IMAGE_SIZE_CAP) {
        return;
    }
    settle_rows(turn, &image);
    let to = match (verifies, image.status) {
        (true, ImageStatus::Queued) => Some(ImageStatus::Importing),
        (true, _) => None,
        (false, _) => Some(ImageStatus::Active),
    };
    let goes_on = to.is_none_or(|to| may_enter(&image, to).is_ok());
    if !goes_on && !verifies && image.status != ImageStatus::Active {
        // `_SetImageToActiveTask.revert`.
        pop_location(turn, &mut image);
    }
    write(turn, id, image);
    if goes_on {
        if let Some(to) = to {
            enter(turn, id, to);
        }
        task.outcome = Some(Ok((content, bytes)));
    }
}

/// `_CalculateHash` reads the first location, unless another upload has left a hash; then
/// `_VerifyValidationData` compares what was asked for, and `_SetImageToActiveTask` ends it.
fn conclude_location(
    turn: &mut Turn<'_, Glance>,
    task: &mut Task,
    hash: Option<&str>,
    fault: Option<Fault>,
) -> Outcome {
    let (id, mut image) = living(turn, task).ok_or(())?;
    let data @ (_, bytes) = task.outcome.unwrap_or(Err(()))?;
    let known = image.checksum.is_some();
    if !known && breaks_off(turn, &image) {
        // `_CalculateHash`: the connection breaks, which is no `IOError`. Only `importing` is left.
        restore(turn, id);
        return Err(());
    }
    let Some(hash) = hash else {
        image.checksum.get_or_insert(data);
        write(turn, id, image);
        return Ok(data);
    };
    let verified = fault.is_none() && !known && hash_matches(bytes, hash);
    if verified && may_enter(&image, ImageStatus::Active).is_ok() {
        image.checksum = Some(data);
        write(turn, id, image);
        enter(turn, id, ImageStatus::Active);
        return Ok(data);
    }
    if verified && image.status != ImageStatus::Active {
        // `_SetImageToActiveTask.revert`.
        pop_location(turn, &mut image);
    }
    // `_VerifyValidationData.revert`.
    pop_location(turn, &mut image);
    if image.status.may_become(ImageStatus::Queued) {
        image.checksum = None;
        write(turn, id, image);
        enter(turn, id, ImageStatus::Queued);
    } else {
        // What an upload has filled meanwhile cannot be `queued` again: the flow ends there, and
        // nothing takes the lock away. Only what waits for the scrubber is written at once.
        task.phase = Phase::Released;
        if turn.world().settings.delayed_delete {
            write(turn, id, image);
        }
    }
    Err(())
}

/// What a `location_import` that fails does with the locations: it looks at the first and takes the
/// last. Those of the http store cannot be deleted, so they stay.
fn pop_location(turn: &Turn<'_, Glance>, image: &mut Image) {
    let first = image.live().next().and_then(|location| location.url.as_deref());
    let stays = first.is_some_and(|url| url.starts_with("http"));
    let last = image.live().next_back().map(|location| location.row);
    if let Some(row) = last.filter(|_| !stays) {
        image.drop_location(row, turn.world().settings.delayed_delete);
    }
}

/// Whether the data of an image, which its first location gives, ends before its announced length.
fn breaks_off(turn: &Turn<'_, Glance>, image: &Image) -> bool {
    let url = image.live().next().and_then(|location| location.url.as_deref());
    url.is_some_and(|url| matches!(source(url, &turn.world().settings.sources), Source::Short(_)))
}

/// `base_import`: the task makes its own image, which nobody owns, and deletes it when it fails. What
/// arrives is looked at with `qemu-img info`, and gets the format that it has. Attributes that `ImageFactory.new_image`
/// does not take are the end before there is an image.
fn conclude_legacy(
    turn: &mut Turn<'_, Glance>,
    task: &mut Task,
    from: &str,
    body: &str,
    fault: Option<Fault>,
) -> Outcome {
    const NOT_TAKEN: [&str; 16] = [
        "id",
        "status",
        "checksum",
        "os_hash_algo",
        "os_hash_value",
        "size",
        "virtual_size",
        "created_at",
        "updated_at",
        "locations",
        "direct_url",
        "self",
        "file",
        "schema",
        "deleted",
        "deleted_at",
    ];
    let attributes: Object = json::from_str(body).unwrap_or_default();
    if attributes.keys().any(|name| NOT_TAKEN.contains(&name.as_str())) {
        return Err(());
    }
    let mut image = new_record(None, &attributes).map_err(|_| ())?;
    let id = insert(turn, image.clone());
    task.image = Some(id);
    let data = match source(from, &turn.world().settings.sources) {
        Source::Works(content, bytes) | Source::Stalls(content, bytes)
            if fault.is_none() && bytes <= IMAGE_SIZE_CAP && content != Content::Backing =>
        {
            Some(Payload { content, bytes })
        }
        Source::Works(..) | Source::Stalls(..) | Source::Fails | Source::Short(_) => None,
    };
    if let Some(file) = data {
        image.disk_format = Some(if file.content == Content::Raw { "raw" } else { "qcow2" });
    }
    let ready = may_enter(&image, ImageStatus::Saving).is_ok();
    let row = turn.world().next_row;
    let filled = data.filter(|_| ready).and_then(|file| {
        let filled = fill(turn.world(), &mut image, file, Store::Fast, None, None, row);
        filled.ok().map(|()| file)
    });
    let Some(file) = filled else {
        image.files.clear();
        image.locations.clear();
        // A protected one stays.
        write(turn, id, image.clone());
        let _ = super::delete::remove(turn, id, &image, false);
        return Err(());
    };
    settle_rows(turn, &image);
    image.size = Some(file.bytes);
    write(turn, id, image);
    enter(turn, id, ImageStatus::Active);
    Ok((file.content, file.bytes))
}

/// The release of the import lock: `_ImageLock`.
fn release(turn: &mut Turn<'_, Glance>, task: &mut Task) {
    task.phase = Phase::Released;
    if let Some((id, mut image)) = living(turn, task)
        && image.lock == Some(task.id)
    {
        image.lock = None;
        write(turn, id, image);
    }
}

/// `_CompleteTask`, or the failure that the executor notes.
fn end(turn: &Turn<'_, Glance>, task: &mut Task) {
    let imports = matches!(task.work, Work::Import { .. });
    let (status, message): (TaskStatus, Arc<str>) = match task.outcome {
        Some(Ok((_, bytes))) if imports && bytes > 0 => {
            // `_ImportToStore._status_callback` says so when it has read the first chunk, and then once a
            // minute.
            (TaskStatus::Success, "Copied 0 MiB".into())
        }
        Some(Ok(_)) => (TaskStatus::Success, "".into()),
        Some(Err(())) if !task.message.is_empty() => (TaskStatus::Failure, task.message.clone()),
        Some(Err(())) | None => match &task.work {
            Work::Unfit(problem) => (TaskStatus::Failure, problem.clone()),
            Work::Import { .. } | Work::Location { .. } | Work::Legacy { .. } | Work::Unknown => {
                (TaskStatus::Failure, INTERNAL_ERROR.into())
            }
        },
    };
    if let Ok(status) = task_status(task.status, status) {
        task.close(status, message, turn.world().clock(turn.now()));
    }
}
