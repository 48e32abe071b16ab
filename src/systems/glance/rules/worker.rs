//! The background worker: `glance/async_/flows/{api_image_import,base_import}.py`. What a new location asks of it
//! stands in [`super::location_import`].
//!
//! A task goes through its phases one step at a time, so that every state that the real service
//! shows in between is a state here. Who runs when is chance: a driver or a due time decides.

use std::sync::Arc;

use miniserde::json::{self, Object};

use crate::engine::{ImageId, SimTime, Turn};

use super::super::action::Fault;
use super::super::domain::{may_enter, task_status};
use super::super::fixture::{Content, Payload, Source, source};
use super::super::image::{Image, Location};
use super::super::persona::{Persona, is_visible};
use super::super::task::{INTERNAL_ERROR, Method, Phase, Task, TaskId, TaskStatus, Work};
use super::super::world::{IMAGE_SIZE_CAP, Store};
use super::super::{Change, Glance, ImageStatus};
use super::create::{insert, new_record};
use super::stores::{FAILED, Failure, IMPORTING, Run, change_stores, give_up};
use super::upload::{fill, settle_rows};
use super::{Found, copy, enter, location_import, write};

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
pub(super) fn living(turn: &Turn<'_, Glance>, task: &Task) -> Option<Found> {
    let id = task.image?;
    let image = copy(turn, id).filter(|image| !image.deleted)?;
    Some((id, image))
}

/// From `processing` to the phase in which the image shows it.
fn begin(turn: &mut Turn<'_, Glance>, task: &mut Task) {
    task.phase = Phase::Working;
    match task.work.clone() {
        Work::Import { method, stores, .. } => begin_import(turn, task, &method, &stores),
        Work::Location { url, hash } => location_import::begin(turn, task, &url, hash.is_some()),
        Work::Legacy { .. } | Work::Unfit(_) | Work::Unknown => {}
    }
}

/// Whether a task's owner may write an image: as the database has it, an admin or the project that owns it.
pub(super) fn may_write(task: &Task, image: &Image) -> bool {
    image.owner.as_deref() == Some(&*task.owner) || *task.owner == *Persona::Admin.project()
}

/// `api_image_import.get_flow`: the status, and the properties that count the stores.
fn begin_import(turn: &mut Turn<'_, Glance>, task: &mut Task, method: &Method, stores: &[Store]) {
    let copies = *method == Method::CopyImage;
    task.outcome = Some(Err(()));
    let Some((id, mut image)) = living(turn, task) else {
        task.phase = Phase::Done;
        return;
    };
    // The flow cannot even be built, and nothing takes the lock away. The task says what the domain says.
    let refused = if copies { None } else { may_enter(&image, ImageStatus::Importing).err() };
    if refused.is_some() || !may_write(task, &image) {
        task.phase = Phase::Released;
        task.message = refused.map_or_else(|| "".into(), |refusal| refusal.to_string().into());
        return;
    }
    let named_twice = stores.iter().enumerate().any(|(at, store)| stores[..at].contains(store));
    if named_twice {
        // `taskflow` refuses a flow with two tasks of one name, after the image was marked. Nothing takes
        // the lock away.
        task.phase = Phase::Released;
    } else {
        task.outcome = begin_download(turn, &mut image, method);
    }
    change_stores(&mut image, IMPORTING, stores, &[]);
    change_stores(&mut image, FAILED, &[], stores);
    write(turn, id, image);
    if !copies {
        enter(turn, id, ImageStatus::Importing);
    }
}

/// What a source that stalls has sent so far lies in the staging area, unless there was data before.
fn begin_download(turn: &Turn<'_, Glance>, image: &mut Image, method: &Method) -> Option<Outcome> {
    let Method::WebDownload(url) = method else { return None };
    let Source::Stalls(content, bytes) = source(url, &turn.world().settings.sources) else { return None };
    if bytes > IMAGE_SIZE_CAP || image.staged.is_some() {
        return None;
    }
    image.staged = Some((content, 0));
    Some(Ok((content, bytes)))
}

/// The end of the work: what becomes of the image. The lock stays until the task is over.
fn conclude(turn: &mut Turn<'_, Glance>, task: &mut Task, fault: Option<Fault>) {
    task.phase = Phase::Done;
    task.outcome = Some(match task.work.clone() {
        Work::Import { method, stores, all_must_succeed } => {
            conclude_import(turn, task, &method, &stores, all_must_succeed, fault)
        }
        Work::Location { hash, .. } => location_import::conclude(turn, task, hash.as_deref(), fault),
        Work::Legacy { from, image } => conclude_legacy(turn, task, &from, &image, fault),
        Work::Unfit(_) | Work::Unknown => Err(()),
    });
}

/// What came of the work: the data that was read and its length.
pub(super) type Outcome = Result<(Content, u64), ()>;

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
    if !may_write(task, &image) {
        // Nobody can take back anything, so the flow ends where it is.
        task.phase = Phase::Released;
        return Err(());
    }
    let copies = *method == Method::CopyImage;
    let downloads = matches!(method, Method::WebDownload(_));
    // A staged file that is gone is missed in each store, a source before any.
    let begun = task.outcome.and_then(Result::ok).map(|(content, bytes)| Payload { content, bytes });
    let staged = *method == Method::GlanceDirect || begun.is_some();
    let file =
        if begun.is_some() { begun.filter(|_| image.staged.is_some()) } else { data(turn, &image, method) };
    let file = file.filter(|_| fault != Some(Fault::Source));
    let lost = staged && file.is_none();
    let file = if lost { Some(Payload::raw(0)) } else { file };
    let fault = if lost { Some(Fault::Source) } else { fault };
    // `set_image_data` of `glance/common/scripts/image_import/main.py` compares the length first.
    let fits = |file: &Payload| image.size.is_none_or(|size| size == file.bytes);
    let fault = if file.as_ref().is_none_or(fits) { fault } else { Some(Fault::Source) };
    let row = turn.world().next_row;
    let mut import = Run { image, row, active: false, read: false, undone: Vec::new() };
    if begun.is_some() {
        import.image.staged = None;
    }
    // Staged data is read at once, so the record that a store's step saves is that of an image which was
    // `importing`: `ImportActionWrapper.__exit__` asks for that.
    let overtaken = *method == Method::GlanceDirect && import.image.status != ImageStatus::Importing;
    let outcome = match file {
        Some(_) if overtaken => {
            give_up(&mut import.image, &stores[..stores.len().min(1)]);
            Err(Failure::Store)
        }
        Some(file) => import.fill_stores(turn, file, stores, all_must_succeed, copies, fault).map(|()| file),
        // `_CopyImage` finds no data: no store is tried.
        None if copies => return Err(()),
        None => Err(Failure::Elsewhere),
    };
    let no_store = matches!(outcome, Err(Failure::NoStore));
    // `_DeleteFromFS` comes before `_VerifyImageState`.
    if outcome.is_ok() || no_store {
        import.image.staged = None;
    }
    if let Err(Failure::Checksum) = outcome {
        task.message = OTHER_DATA.into();
    }
    let back = outcome.is_err() && !copies && (downloads || no_store);
    let may_go_back = import.image.status.may_become(ImageStatus::Queued);
    if no_store && (copies || may_go_back) {
        import.revert(turn, None);
    }
    if back && !no_store && may_go_back {
        give_up(&mut import.image, stores);
    }
    if back && (!may_go_back || no_store && downloads) {
        // `_VerifyImageState.revert` or `BaseDownload.revert` finds an image that may not be `queued`, as when it
        // is already: the flow ends there, and nothing takes the lock away.
        task.phase = Phase::Released;
    }
    let (active, read) = (import.active, import.read);
    settle_rows(turn, &import.image);
    write(turn, id, import.image);
    if outcome.is_ok() && active {
        enter(turn, id, ImageStatus::Active);
    } else if back && may_go_back {
        enter(turn, id, ImageStatus::Queued);
    }
    outcome.map(|file| (file.content, if read { file.bytes } else { 0 })).map_err(|_| ())
}

pub(super) fn restore(turn: &mut Turn<'_, Glance>, id: ImageId) {
    if turn.world().image(id).is_some_and(|image| image.status == ImageStatus::Importing) {
        enter(turn, id, ImageStatus::Queued);
    }
}

/// The data that an import brings, if it brings any.
fn data(turn: &Turn<'_, Glance>, image: &Image, method: &Method) -> Option<Payload> {
    let (content, bytes) = match method {
        Method::GlanceDirect => image.staged?,
        Method::CopyImage => copied(turn, image)?,
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

/// `_CopyImage.execute` of `internal_plugins/copy_image.py`: the default store's data, or that of the first
/// other location which has any. None is tried after one whose data ends too early.
fn copied(turn: &Turn<'_, Glance>, image: &Image) -> Option<(Content, u64)> {
    let (default, others): (Vec<&Location>, Vec<&Location>) =
        image.live().partition(|location| location.store == Store::Fast);
    for location in default.into_iter().take(1).chain(others) {
        if let Some(url) = location.url.as_deref() {
            match source(url, &turn.world().settings.sources) {
                Source::Works(content, bytes) | Source::Stalls(content, bytes) => {
                    return Some((content, bytes));
                }
                Source::Short(_) => return None,
                Source::Fails => {}
            }
        } else if let Some((_, bytes)) = image.files.iter().find(|(store, _)| *store == location.store) {
            return Some(
                image.checksum.filter(|(_, known)| known == bytes).unwrap_or((Content::Raw, *bytes)),
            );
        }
    }
    None
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
    // `ovf_process.py` looks for an archive, and no source holds one.
    let is_archive = image.container_format == Some("ova");
    let data = match source(from, &turn.world().settings.sources) {
        Source::Works(content, bytes) | Source::Stalls(content, bytes)
            if !is_archive && fault.is_none() && bytes <= IMAGE_SIZE_CAP && content != Content::Backing =>
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
    // The lock of an image that the task's owner does not see any more stays.
    let asker = Persona::ALL.into_iter().find(|by| *by.project() == *task.owner);
    if let Some((id, mut image)) = living(turn, task)
        && image.lock == Some(task.id)
        && asker.is_some_and(|by| is_visible(&image, by))
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
