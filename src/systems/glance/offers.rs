//! What the page offers: actions by image, jobs with their endings, and what falls due.

use std::sync::Arc;

use crate::engine::present::{JobRow, Offer, Present, Purpose};
use crate::engine::{ImageId, MachineId, SimTime};

use super::action::{Action, Ask, Call, Drive, Fault, Upload};
use super::fixture::{Content, Payload};
use super::image::{Image, Location, LocationState};
use super::import_body::ImportBody;
use super::persona::Persona;
use super::read::named_body;
use super::task::{Method, Task, Work};
use super::world::{Store, Transfer};
use super::{Glance, ImageStatus, World, words};

/// What a line of the page uploads.
pub(super) const FILE: Payload = Payload { content: Content::Raw, bytes: 5_000 };

/// How a client ends its request without the rest of the body.
const DISCONNECTS: &str = "the client disconnects";

/// The web source that the page imports from.
const SOURCE: &str = "http://127.0.0.1:8080/small.raw";

/// What everybody types.
pub(super) fn line(ask: Ask) -> String {
    Action::new(Persona::Owner, ask).to_string()
}

pub(super) fn call(world: &World, id: ImageId, call: Call) -> Ask {
    Ask::Image(world.printed(id).into(), call)
}

pub(super) fn create(name: &str, file: Option<Payload>) -> Ask {
    let body = named_body(name);
    Ask::Create { body: miniserde::json::to_string(&body).into(), file }
}

fn upload(file: Payload) -> Call {
    Call::Upload(Box::new(Upload { file, store: None, size: None, content_type: None }))
}

fn import(method: &str, uri: Option<&str>) -> Call {
    let uri = uri.map(Into::into);
    let (method, stores) = (method.into(), Vec::new());
    Call::Import(ImportBody { method, uri, stores, all_stores: false, all_must_succeed: true }.json())
}

/// A body that names the source as a location.
fn location() -> String {
    format!("{{\"url\":\"{SOURCE}\"}}")
}

/// What switches the API that was there until 2018 on or off.
pub(super) fn switch_v1(world: &World) -> &'static str {
    if world.settings.v1 { "config v1=False" } else { "config v1=True" }
}

fn offer(purpose: Purpose, label: &'static str, ask: Ask) -> Offer {
    Offer { line: line(ask), label: label.into(), purpose }
}

fn drive(purpose: Purpose, label: &'static str, drive: Drive) -> Offer {
    offer(purpose, label, Ask::Drive(drive))
}

pub(super) fn machine_offers(id: MachineId) -> Vec<Offer> {
    let instance: Arc<str> = id.to_string().into();
    vec![
        offer(
            Purpose::Data,
            "Make an image of it",
            Ask::Snapshot(instance.clone(), format!("snapshot-{id}").into()),
        ),
        offer(Purpose::Removal, "Delete", Ask::DeleteInstance(instance)),
    ]
}

pub(super) fn boot(world: &World, id: ImageId) -> Ask {
    Ask::Boot(world.printed(id).into(), format!("server-{}", world.next_instance).into())
}

pub(super) fn general_offers(world: &World) -> Vec<Offer> {
    let name = format!("image-{}", world.next_image);
    let settings = &world.settings;
    let delayed = if settings.delayed_delete { "delayed_delete=False" } else { "delayed_delete=True" };
    vec![
        offer(Purpose::Data, "Create and upload", create(&name, Some(FILE))),
        offer(Purpose::Data, "Create without data", create(&name, None)),
        drive(Purpose::Removal, "Run the scrubber", Drive::Scrubber),
        drive(Purpose::Removal, "Purge deleted records", Drive::Purge),
        drive(
            Purpose::Condition,
            if settings.delayed_delete { "Delete at once" } else { "Delay deletions" },
            Drive::Config(delayed.into()),
        ),
        Offer {
            line: switch_v1(world).to_owned(),
            label: "Switch the v1 API".into(),
            purpose: Purpose::Condition,
        },
        drive(
            Purpose::Condition,
            if settings.full { "Make room in the store" } else { "Fill the store" },
            Drive::StoreFull(!settings.full),
        ),
    ]
}

pub(super) fn image_offers(world: &World, id: ImageId, image: &Image) -> Vec<Offer> {
    use Purpose::{Condition, Data, Removal, Use};
    let of = |purpose, label, what| offer(purpose, label, call(world, id, what));
    match image.status {
        ImageStatus::PendingDelete => {
            vec![drive(Removal, "Run the scrubber", Drive::Scrubber), of(Data, "Restore", Call::Restore)]
        }
        ImageStatus::Deleted => vec![drive(Removal, "Purge deleted records", Drive::Purge)],
        ImageStatus::Queued
        | ImageStatus::Saving
        | ImageStatus::Uploading
        | ImageStatus::Importing
        | ImageStatus::Active
        | ImageStatus::Deactivated
        | ImageStatus::Killed => {
            let calls = [
                (Data, "Upload", upload(FILE)),
                (Data, "Stage", Call::Stage(FILE)),
                (Data, "Import what was staged", import("glance-direct", None)),
                (Data, "Import from the web", import("web-download", Some(SOURCE))),
                (Data, "Add a location", Call::AddLocation(location().into())),
                (Condition, "Deactivate", Call::Deactivate),
                (Condition, "Reactivate", Call::Reactivate),
                (Removal, "Delete", Call::Delete),
            ];
            let mut offers = vec![offer(Use, "Boot an instance", boot(world, id))];
            for (purpose, label, what) in calls {
                offers.push(of(purpose, label, what));
            }
            offers
        }
    }
}

/// The staging and the newest upload that are under way for an image, and the held requests that were refused at
/// their beginning and have not had their answer.
pub(super) fn transfer_jobs(world: &World, id: ImageId) -> Vec<JobRow> {
    let Some(image) = world.image(id) else { return Vec::new() };
    let under_way = [true, false].into_iter().filter_map(|staging| image.under_way(staging));
    let jobs = under_way.map(|transfer| {
        let is_newest = image.transfer.as_ref() == Some(transfer);
        transfer_job(world, id, transfer, is_newest)
    });
    jobs.chain(image.refused.iter().map(|(staging, ..)| refused_job(world, id, *staging))).collect()
}

/// A transfer that is under way. Only the newest of an image can be delayed.
fn transfer_job(world: &World, id: ImageId, transfer: &Transfer, is_newest: bool) -> JobRow {
    use Purpose::{Delay, Failure, Success};
    let Transfer { staging, started, due, .. } = *transfer;
    let of = |purpose, label, what| offer(purpose, label, call(world, id, what));
    let finish = |fault| Call::Finish(staging, fault);
    let mut endings = vec![of(Success, "Succeed", finish(None))];
    for fault in transfer_faults(world, staging) {
        endings.push(of(Failure, fault_label(*fault), finish(Some(*fault))));
    }
    endings.push(of(Failure, DISCONNECTS, Call::Abort(staging)));
    if due.is_some() && is_newest {
        endings.push(of(Delay, "Take longer", Call::Slow));
        endings.push(of(Delay, "Hang", Call::Hang));
    }
    let label = if staging { "uploading to the staging area" } else { "uploading to the store" };
    JobRow { image: Some(id), label: label.to_owned(), started, due, endings }
}

/// A held request that was refused at its beginning: its answer comes when its body ends.
fn refused_job(world: &World, id: ImageId, staging: bool) -> JobRow {
    let of = |purpose, label, what| offer(purpose, label, call(world, id, what));
    let endings = vec![
        of(Purpose::Success, "End it: the refusal comes", Call::Finish(staging, None)),
        of(Purpose::Failure, DISCONNECTS, Call::Abort(staging)),
    ];
    let label = if staging { "a staging that is refused" } else { "an upload that is refused" };
    JobRow { image: Some(id), label: label.to_owned(), started: SimTime::START, due: None, endings }
}

fn transfer_faults(world: &World, staging: bool) -> &'static [Fault] {
    if staging {
        &[Fault::StoreFull, Fault::TooLarge]
    } else if world.settings.v1 {
        &[Fault::StoreFull, Fault::TooLarge, Fault::SizeMismatch]
    } else {
        &[Fault::StoreFull, Fault::TooLarge, Fault::SizeMismatch, Fault::BadFormat]
    }
}

fn task_faults(task: &Task) -> &'static [Fault] {
    match task.work {
        Work::Import { method: Method::WebDownload(_), .. } | Work::Legacy { .. } => {
            &[Fault::Source, Fault::StoreFull, Fault::BadFormat]
        }
        Work::Import { method: Method::GlanceDirect, .. } => &[Fault::StoreFull, Fault::BadFormat],
        Work::Import { method: Method::CopyImage, .. } => &[Fault::StoreFull],
        Work::Location { .. } => &[Fault::Source],
        Work::Unfit(_) | Work::Unknown => &[],
    }
}

fn fault_label(fault: Fault) -> &'static str {
    match fault {
        Fault::StoreFull => "the store is full",
        Fault::TooLarge => "the image is too large",
        Fault::SizeMismatch => "fewer bytes come than announced",
        Fault::BadFormat => "the data is not what disk_format says",
        Fault::Source => "the web source fails",
    }
}

pub(super) fn task_job(task: &Task) -> JobRow {
    let finish = |fault| Drive::FinishTask(task.id, fault);
    let mut endings = vec![drive(Purpose::Success, "Succeed", finish(None))];
    for fault in task_faults(task) {
        endings.push(drive(Purpose::Failure, fault_label(*fault), finish(Some(*fault))));
    }
    if task.due.is_some() {
        endings.push(drive(Purpose::Delay, "Take longer", Drive::SlowTask(task.id)));
        endings.push(drive(Purpose::Delay, "Hang", Drive::HangTask(task.id)));
    }
    let label = words::work(&task.work).to_owned();
    JobRow { image: task.image, label, started: task.started, due: task.due, endings }
}

/// When an image was deleted, on the session's clock: what passed by `sleep` counts as before it.
fn deleted_at(world: &World, image: &Image) -> SimTime {
    SimTime(image.deleted_at.0.saturating_sub(world.settings.slept))
}

/// When the scrubber takes an image by itself: the pages' pace after it was deleted, if there is data
/// that it can remove.
fn scrub_due(world: &World, image: &Image) -> Option<SimTime> {
    let settings = &world.settings;
    let wait = settings.pace.max(settings.scrub_time.saturating_mul(1000));
    let scrubs = image.status == ImageStatus::PendingDelete && settings.pace > 0 && image.deleted;
    let goes =
        |location: &Location| location.state == LocationState::PendingDelete && location.store != Store::Web;
    (scrubs && image.locations.iter().any(goes)).then(|| deleted_at(world, image) + SimTime(wait))
}

pub(super) fn scrub_job(world: &World, id: ImageId) -> Option<JobRow> {
    let image = world.image(id).filter(|image| image.status == ImageStatus::PendingDelete)?;
    let endings = vec![
        drive(Purpose::Success, "The scrubber runs", Drive::Scrubber),
        offer(Purpose::Delay, "An operator restores it", call(world, id, Call::Restore)),
    ];
    let label = "waiting for the scrubber".to_owned();
    let started = deleted_at(world, image);
    Some(JobRow { image: Some(id), label, started, due: scrub_due(world, image), endings })
}

/// The line that ends what is under way for an image, with the fault that `pick` picks.
pub(super) fn ending(
    world: &World,
    id: ImageId,
    pick: impl Fn(&'static [Fault]) -> Option<Fault>,
) -> Result<String, &'static str> {
    if let Some(transfer) = world.image(id).and_then(|image| image.transfer.as_deref()) {
        let fault = pick(transfer_faults(world, transfer.staging));
        return Ok(line(call(world, id, Call::Finish(transfer.staging, fault))));
    }
    let open = |task: &&Task| task.image == Some(id) && !task.status.is_final();
    let task = world.tasks.iter().find(open).ok_or(words::NOTHING_UNDER_WAY)?;
    Ok(line(Ask::Drive(Drive::FinishTask(task.id, pick(task_faults(task))))))
}

/// The actions worth offering: those of the page, and what ends each job.
pub(super) fn actions(world: &World) -> Vec<Action> {
    let mut offers = general_offers(world);
    for (id, image) in world.images.iter() {
        offers.extend(image_offers(world, id, image));
    }
    for instance in world.instances.iter() {
        offers.extend(machine_offers(instance.id));
    }
    for job in Glance::jobs(world, &|_| true) {
        offers.extend(job.endings);
    }
    offers.iter().filter_map(|offer| offer.line.parse().ok()).collect()
}

/// The job that falls due first, and what ends it.
pub(super) fn due(world: &World) -> Option<(SimTime, Action)> {
    let mut first: Option<(SimTime, Ask)> = None;
    let mut note = |at: SimTime, ask: &dyn Fn() -> Ask| {
        if first.as_ref().is_none_or(|(earliest, _)| at < *earliest) {
            first = Some((at, ask()));
        }
    };
    for (id, ends) in world.busy.iter() {
        let transfer = || world.image(*id).and_then(|image| image.transfer.as_deref());
        let is_staging = || transfer().is_some_and(|transfer| transfer.staging);
        if let Some(at) = *ends {
            note(at, &|| call(world, *id, Call::Finish(is_staging(), None)));
        } else if transfer().is_none()
            && let Some(at) = world.image(*id).and_then(|image| scrub_due(world, image))
        {
            note(at, &|| Ask::Drive(Drive::Scrubber));
        }
    }
    for task in world.tasks.iter().filter(|task| !task.status.is_final()) {
        if let Some(at) = task.due {
            note(at, &|| Ask::Drive(Drive::Worker(Some(task.id))));
        }
    }
    first.map(|(at, ask)| (at, Action::new(Persona::Owner, ask)))
}
