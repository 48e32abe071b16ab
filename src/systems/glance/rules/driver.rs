//! What happens outside the service: slow clients, full stores, broken sources, the operator, time.

use std::sync::Arc;

use crate::engine::{ImageId, Refusal, SimTime, Turn};

use super::super::action::{Drive, Fault};
use super::super::fixture::{Content, Payload, Source};
use super::super::ids::IdStyle;
use super::super::persona::Persona;
use super::super::task::{Method, Task, TaskId, Work};
use super::super::world::{Settings, Store, Transfer};
use super::super::{Change, Glance, ImageStatus};
use super::upload::no_transfer;
use super::{Answer, copy, delete, done, enter, seen, stage, submit, upload, worker, write};

/// Lets something outside the service happen.
pub(super) fn drive(turn: &mut Turn<'_, Glance>, drive: &Drive) -> Answer {
    match drive {
        Drive::Worker(None) => worker::step_oldest(turn),
        Drive::Worker(Some(task)) => {
            open_task(turn, *task)?;
            worker::step(turn, *task, None);
        }
        Drive::FinishTask(task, fault) => {
            open_task(turn, *task)?;
            worker::run(turn, *task, *fault);
        }
        Drive::FinishTasks(held) => finish_tasks(turn, *held),
        Drive::HangTask(task) => {
            let task = open_task(turn, *task)?.clone();
            turn.change(Change::Task(Task { due: None, ..task }));
        }
        Drive::SlowTask(task) => {
            let task = open_task(turn, *task)?.clone();
            let due = task.due.map(|due| due.slowed(turn.now()));
            turn.change(Change::Task(Task { due, ..task }));
        }
        Drive::StoreFull(full) => configure(turn, |settings| settings.full = *full),
        Drive::WebSource(name, mode) => return web_source(turn, name, mode),
        Drive::Scrubber => return delete::scrub(turn),
        Drive::Purge => return delete::purge(turn),
        Drive::Config(options) => return config(turn, options),
        Drive::Sleep(seconds) => sleep(turn, *seconds),
        Drive::Pace(pace) => configure(turn, |settings| settings.pace = *pace),
        Drive::Poll => {}
    }
    done()
}

/// A task that has not ended.
fn open_task<'a>(turn: &'a Turn<'_, Glance>, id: TaskId) -> Result<&'a Task, Refusal> {
    let found = turn.world().task(id).filter(|task| !task.status.is_final());
    found.ok_or_else(|| Refusal::new(0, format!("No task {id} is under way.")))
}

/// An image that is there, whoever may see it.
fn known(turn: &Turn<'_, Glance>, image: &str) -> Result<ImageId, Refusal> {
    turn.world().find(image).ok_or_else(|| Refusal::new(0, format!("There is no image “{image}”.")))
}

/// Time passes without a job that ends by it.
pub(super) fn sleep(turn: &mut Turn<'_, Glance>, seconds: u64) {
    configure(turn, |settings| settings.slept = settings.slept.saturating_add(seconds.saturating_mul(1000)));
}

fn configure(turn: &mut Turn<'_, Glance>, change: impl FnOnce(&mut Settings)) {
    let mut settings = (*turn.world().settings).clone();
    change(&mut settings);
    turn.change(Change::Settings(Arc::new(settings)));
}

fn finish_tasks(turn: &mut Turn<'_, Glance>, held: bool) {
    let open: Vec<TaskId> =
        turn.world().tasks.iter().filter(|task| !task.status.is_final()).map(|task| task.id).collect();
    for id in open {
        while let Some(task) = turn.world().task(id).filter(|task| !task.status.is_final()) {
            if !held && worker::stalls(turn, task) || !worker::step(turn, id, None) {
                break;
            }
        }
    }
}

/// Options of the service, as `name=value` words.
fn config(turn: &mut Turn<'_, Glance>, options: &str) -> Answer {
    let mut settings = (*turn.world().settings).clone();
    for option in options.split_whitespace() {
        let (name, value) = option.split_once('=').unwrap_or((option, "True"));
        let truth = value == "True";
        match name {
            "delayed_delete" => settings.delayed_delete = truth,
            "show_multiple_locations" => settings.show_multiple_locations = truth,
            "v1" => settings.v1 = truth,
            "ids" => settings.ids = if value == "short" { IdStyle::Short } else { IdStyle::Uuid },
            "scrub_time" => {
                let problem = || Refusal::new(0, format!("scrub_time is a number, not “{value}”."));
                settings.scrub_time = value.parse().map_err(|_| problem())?;
            }
            _ => return Err(Refusal::new(0, format!("There is no option “{name}” here."))),
        }
    }
    turn.change(Change::Settings(Arc::new(settings)));
    done()
}

/// `web-source NAME fails CODE`, `short`, `stalls` or `works`, which ends what waited for it.
fn web_source(turn: &mut Turn<'_, Glance>, name: &str, mode: &str) -> Answer {
    let name = name.rsplit('/').next().unwrap_or(name);
    let file = Payload::named(name).unwrap_or(Payload::raw(5_000));
    let source = match mode.split(' ').next().unwrap_or_default() {
        "fails" => Some(Source::Fails),
        "short" => Some(Source::Short(file.bytes)),
        "stalls" => Some(Source::Stalls(file.content, file.bytes)),
        "works" => None,
        mode => {
            return Err(Refusal::new(
                0,
                format!("A web source fails, is short, stalls or works, not “{mode}”."),
            ));
        }
    };
    let works = source.is_none();
    configure(turn, |settings| {
        settings.sources.retain(|(known, _)| **known != *name);
        settings.sources.extend(source.map(|source| (name.into(), source)));
    });
    if works && turn.world().settings.pace == 0 {
        finish_tasks(turn, true);
    }
    done()
}

/// Begins an upload or a staging whose body does not end.
pub(super) fn hold(
    turn: &mut Turn<'_, Glance>,
    by: Persona,
    image: &str,
    staging: bool,
    file: Payload,
) -> Answer {
    let id = known(turn, image)?;
    let begun = if staging {
        stage::begin(turn, by, image, file).map(|_| ())
    } else {
        begin_upload(turn, by, image, file)
    };
    // What is refused at once shows only when the request ends.
    if let Some(mut record) = copy(turn, id) {
        record.refused.retain(|answer| answer.0 != staging);
        if let Err(refusal) = begun {
            record.refused.push((staging, refusal.code, refusal.to_string().into()));
        }
        write(turn, id, record);
    }
    done()
}

fn begin_upload(turn: &mut Turn<'_, Glance>, by: Persona, image: &str, file: Payload) -> Result<(), Refusal> {
    let id = upload::begin(turn, by, image, file, None, None)?;
    // A store that has a file refuses before it reads.
    let refuses = turn.world().image(id).is_some_and(|record| record.has_file(Store::Fast));
    if refuses { upload::finish(turn, id, None).map(|_| ()) } else { Ok(()) }
}

/// The rest of the body arrives. A request that was refused at its beginning gets its answer now.
pub(super) fn finish(
    turn: &mut Turn<'_, Glance>,
    by: Persona,
    image: &str,
    staging: bool,
    fault: Option<Fault>,
) -> Answer {
    let id = turn.world().find(image);
    if let Some(refusal) = id.and_then(|id| refused(turn, id, staging)) {
        return Err(refusal);
    }
    match (id.filter(|id| is_under_way(turn, *id, staging)), staging) {
        (Some(id), true) => stage::finish(turn, id, fault),
        (Some(id), false) => upload::finish(turn, id, fault),
        (None, true) => stage::stage(turn, by, image, Payload::raw(10_000)),
        (None, false) => {
            let id = upload::begin(turn, by, image, Payload::raw(10_000), None, None)?;
            upload::finish(turn, id, fault)
        }
    }
}

/// The answer of a request that was refused at its beginning, once.
fn refused(turn: &mut Turn<'_, Glance>, id: ImageId, staging: bool) -> Option<Refusal> {
    let mut image = copy(turn, id)?;
    let at = image.refused.iter().position(|answer| answer.0 == staging)?;
    let (_, code, words) = image.refused.remove(at);
    write(turn, id, image);
    Some(Refusal::new(code, words.to_string()))
}

fn is_under_way(turn: &Turn<'_, Glance>, id: ImageId, staging: bool) -> bool {
    turn.world().image(id).is_some_and(|image| image.under_way(staging).is_some())
}

/// The connection breaks.
pub(super) fn abort(turn: &mut Turn<'_, Glance>, image: &str, staging: bool) -> Answer {
    let id = known(turn, image)?;
    if refused(turn, id, staging).is_some() {
        return done();
    }
    if !is_under_way(turn, id, staging) {
        return Err(no_transfer(turn, image));
    }
    if staging {
        stage::abort(turn, id);
    } else {
        upload::abort(turn, id);
    }
    done()
}

/// What is under way ends by itself at another moment, or never.
pub(super) fn postpone(
    turn: &mut Turn<'_, Glance>,
    image: &str,
    later: impl Fn(Option<SimTime>) -> Option<SimTime>,
) -> Answer {
    let id = turn.world().find(image);
    let found = id.and_then(|id| Some((id, copy(turn, id)?)));
    let found = found.and_then(|(id, image)| Some((id, image.transfer.clone()?, image)));
    let (id, transfer, mut image) = found.ok_or_else(|| no_transfer(turn, image))?;
    image.transfer = Some(Arc::new(Transfer { due: later(transfer.due), ..(*transfer).clone() }));
    write(turn, id, image);
    done()
}

/// Brings an image into a status the way the recordings did: by calls where calls lead there,
/// and by a write to the database for `killed`, and for `deleted` where deletion is delayed.
pub(super) fn setup(turn: &mut Turn<'_, Glance>, image: &str, status: ImageStatus) -> Answer {
    const DATA: Payload = Payload { content: Content::Raw, bytes: 2_000 };
    let admin = Persona::Admin;
    let (id, record) = seen(turn, admin, image)?;
    let by = if record.owner.as_deref() == Some(admin.project()) { admin } else { Persona::Owner };
    let has_data = record.status == ImageStatus::Active;
    match status {
        ImageStatus::Queued => {}
        ImageStatus::Saving => {
            upload::begin(turn, by, image, Payload::raw(10_000), None, None)?;
        }
        ImageStatus::Uploading => {
            stage::begin(turn, by, image, DATA)?;
            stage::finish(turn, id, None)?;
        }
        ImageStatus::Importing => {
            let method = Method::WebDownload("http://127.0.0.1:18088/slow/xfer/4000".into());
            let work = Work::Import { method, stores: vec![Store::Fast], all_must_succeed: true };
            let task = turn.world().free_task();
            submit::submit(turn, by, "api_image_import", Some(id), work);
            worker::step(turn, task, None);
            worker::step(turn, task, None);
        }
        ImageStatus::Active
        | ImageStatus::Deactivated
        | ImageStatus::Killed
        | ImageStatus::PendingDelete
        | ImageStatus::Deleted => {
            if !has_data {
                upload::begin(turn, by, image, DATA, None, None)?;
                upload::finish(turn, id, None)?;
            }
            leave_active(turn, id, by, status)?;
        }
    }
    done()
}

fn leave_active(
    turn: &mut Turn<'_, Glance>,
    id: ImageId,
    by: Persona,
    status: ImageStatus,
) -> Result<(), Refusal> {
    let name = turn.world().printed(id);
    match status {
        ImageStatus::Deactivated | ImageStatus::Killed => enter(turn, id, status),
        ImageStatus::PendingDelete | ImageStatus::Deleted => {
            delete::delete(turn, by, &name)?;
            if status == ImageStatus::Deleted {
                force_deleted(turn, id);
            }
        }
        ImageStatus::Queued
        | ImageStatus::Saving
        | ImageStatus::Uploading
        | ImageStatus::Importing
        | ImageStatus::Active => {}
    }
    Ok(())
}

fn force_deleted(turn: &mut Turn<'_, Glance>, id: ImageId) {
    if let Some(image) = copy(turn, id).filter(|image| image.status != ImageStatus::Deleted) {
        write(turn, id, image);
        enter(turn, id, ImageStatus::Deleted);
    }
}

/// The worker runs until an image has one of `statuses`, or until nothing more comes of it.
pub(super) fn wait_for(turn: &mut Turn<'_, Glance>, image: &str, statuses: &[ImageStatus]) -> Answer {
    let id = known(turn, image)?;
    let reached =
        |turn: &Turn<'_, Glance>| turn.world().image(id).is_none_or(|image| statuses.contains(&image.status));
    let open = |turn: &Turn<'_, Glance>| {
        turn.world().tasks.iter().find(|task| task.image == Some(id) && !task.status.is_final()).map(|t| t.id)
    };
    while let Some(task) = open(turn).filter(|_| !reached(turn)) {
        if !worker::step(turn, task, None) {
            break;
        }
    }
    done()
}
