//! What the page shows of Glance, as plain data.

use std::sync::Arc;

use crate::engine::chart::Chart;
use crate::engine::order::in_order;
use crate::engine::present::{ImageRow, JobRow, MachineRow, Offer, Present, Verb};
use crate::engine::{ImageId, MachineId, SimTime, State};

use super::action::{Action, Ask, Call, Drive, Fault, Import, Upload};
use super::image::Image;
use super::names::Payload;
use super::persona::Persona;
use super::task::{Method, Phase, Task, Work};
use super::world::Transfer;
use super::{CHART, Change, Glance, ImageStatus, World, words};

/// What a line of the page uploads.
const FILE: Payload = Payload { content: super::names::Content::Raw, bytes: 5_000 };

/// The web source that the page imports from.
const SOURCE: &str = "http://127.0.0.1:8080/small.raw";

fn line(ask: Ask) -> String {
    Action::new(Persona::Owner, ask).to_string()
}

fn offer(label: &'static str, ask: Ask) -> Offer {
    Offer { line: line(ask), label }
}

fn drive(label: &'static str, drive: Drive) -> Offer {
    offer(label, Ask::Drive(drive))
}

fn call(world: &World, id: ImageId, call: Call) -> Ask {
    Ask::Image(world.printed(id).into(), call)
}

fn create(name: &str, file: Option<Payload>) -> Ask {
    let mut body = miniserde::json::Object::new();
    for (key, value) in [("name", name), ("disk_format", "raw"), ("container_format", "bare")] {
        body.insert(key.to_owned(), miniserde::json::Value::String(value.to_owned()));
    }
    Ask::Create { body: miniserde::json::to_string(&body).into(), file }
}

fn upload(file: Payload) -> Call {
    Call::Upload(Upload { file, store: None, size: None, content_type: None })
}

fn import(method: &str, uri: Option<&str>) -> Call {
    let uri = uri.map(Into::into);
    Call::Import(Import {
        method: method.into(),
        uri,
        stores: Vec::new(),
        all_stores: false,
        all_must_succeed: true,
    })
}

/// A body that names the source as a location.
fn location() -> String {
    format!("{{\"url\":\"{SOURCE}\"}}")
}

impl Present for Glance {
    const NAME: &'static str = "glance";
    const TITLE: &'static str = "Glance";
    const STATE_WORD: &'static str = "status";
    const MACHINE_WORD: &'static str = "instance";
    const COLUMNS: &'static [&'static str] = &["ID", "Name", "Status"];

    fn chart() -> &'static Chart {
        &CHART
    }

    fn image_count(world: &World) -> usize {
        world.images.len()
    }

    /// A simplification: in the order of creation; the real client sorts by name.
    fn images(world: &World, skip: usize, limit: usize) -> Vec<ImageRow> {
        world.images.iter().skip(skip).take(limit).map(|(id, image)| row(world, id, image)).collect()
    }

    fn image(world: &World, id: ImageId) -> Option<ImageRow> {
        world.image(id).map(|image| row(world, id, image))
    }

    fn details(world: &World, id: ImageId) -> Vec<(&'static str, String)> {
        world.image(id).map_or_else(Vec::new, |image| details(world, id, image))
    }

    fn machines(world: &World) -> Vec<MachineRow> {
        let row = |instance: &super::world::Instance| MachineRow {
            id: instance.id,
            name: instance.name.to_string(),
            state: "ACTIVE",
            waiting: false,
            disks: vec![(0, instance.image)],
            offers: machine_offers(instance.id),
        };
        world.instances.iter().map(row).collect()
    }

    fn jobs(world: &World) -> Vec<JobRow> {
        let transfers = world.busy.iter().filter_map(|id| transfer_job(world, *id));
        let tasks = world.tasks.iter().filter(|task| !task.status.is_final()).map(task_job);
        let scrubs = world.busy.iter().filter_map(|id| scrub_job(world, *id));
        in_order(transfers.chain(tasks).chain(scrubs), |job| job.started)
    }

    fn offers(world: &World, image: Option<ImageId>) -> Vec<Offer> {
        match image {
            None => general_offers(world),
            Some(id) => world.image(id).map_or_else(Vec::new, |image| image_offers(world, id, image)),
        }
    }

    fn verb(world: &World, verb: Verb<'_>) -> Result<String, &'static str> {
        Ok(match verb {
            Verb::Create { name, .. } => line(create(name, Some(FILE))),
            Verb::Use(id) => line(boot(world, id)),
            Verb::Attach(..) => return Err(words::NO_ATTACH),
            Verb::Detach(..) => return Err(words::NO_DETACH),
            Verb::Terminate(id) => line(Ask::DeleteInstance(id.to_string().into())),
            Verb::Clone(..) => return Err(words::NO_CLONE),
            Verb::Withhold(id) => line(call(world, id, Call::Deactivate)),
            Verb::Release(id) => line(call(world, id, Call::Reactivate)),
            Verb::Delete(id) => line(call(world, id, Call::Delete)),
            Verb::FinishTransfer(id) => ending(world, id, |_| None)?,
            Verb::FailTransfer(id) => ending(world, id, |faults| faults.first().copied())?,
        })
    }

    fn narrate(_: &World, change: &Change) -> Option<String> {
        match change {
            Change::Task(task) => {
                let tells = matches!(task.phase, Phase::Queued | Phase::Taken | Phase::Over);
                tells.then(|| format!("task {}: {}", task.id, task.status.name()))
            }
            Change::Booted(instance) => Some(format!("instance {}: ACTIVE", instance.id)),
            Change::Ended(id) => Some(format!("instance {id}: deleted")),
            Change::Image(..) | Change::TaskGone(_) | Change::Settings(_) | Change::Numbers { .. } => None,
        }
    }
}

fn row(world: &World, id: ImageId, image: &Image) -> ImageRow {
    let name = image.name.as_deref().unwrap_or("None").to_owned();
    let users = world.instances.iter().filter(|instance| instance.image == id);
    ImageRow {
        id,
        state: image.status.index(),
        cells: vec![world.printed(id), name.clone(), image.status.name().to_owned()],
        machines: users.map(|instance| instance.id).collect(),
        name,
    }
}

fn details(world: &World, id: ImageId, image: &Image) -> Vec<(&'static str, String)> {
    let truth = |truth: bool| if truth { "True" } else { "False" }.to_owned();
    let text = |text: Option<&str>| text.unwrap_or("None").to_owned();
    let stores: Vec<&str> = image.live().map(|location| location.store.name()).collect();
    let mut properties: Vec<String> =
        image.properties.iter().map(|(name, value)| format!("{name}='{value}'")).collect();
    if let Some(task) = image.lock {
        properties.push(format!("os_glance_import_task='{}'", world.settings.names.task(task)));
    }
    properties.push(format!("os_hidden='{}'", truth(image.hidden)));
    properties.push(format!("stores='{}'", stores.join(",")));
    let mut rows = vec![
        ("container_format", text(image.container_format)),
        ("disk_format", text(image.disk_format)),
        ("file", format!("/v2/images/{}/file", world.printed(id))),
        ("id", world.printed(id)),
        ("min_disk", image.min_disk.to_string()),
        ("min_ram", image.min_ram.to_string()),
        ("name", text(image.name.as_deref())),
        ("owner", text(image.owner.as_deref())),
        ("properties", properties.join(", ")),
        ("protected", truth(image.protected)),
        ("schema", "/v2/schemas/image".to_owned()),
    ];
    rows.extend(image.size.map(|size| ("size", size.to_string())));
    rows.push(("status", image.status.name().to_owned()));
    rows.push(("tags", image.tags.join(", ")));
    rows.push(("visibility", image.visibility.name().to_owned()));
    if !image.members.is_empty() {
        let member = |(project, status): &(Arc<str>, super::image::Membership)| {
            format!("{project} ({})", status.name())
        };
        rows.push(("members", image.members.iter().map(member).collect::<Vec<_>>().join(", ")));
    }
    rows
}

fn machine_offers(id: MachineId) -> Vec<Offer> {
    let instance: Arc<str> = id.to_string().into();
    vec![
        offer("Make an image of it", Ask::Snapshot(instance.clone(), format!("snapshot-{id}").into())),
        offer("Delete", Ask::DeleteInstance(instance)),
    ]
}

fn boot(world: &World, id: ImageId) -> Ask {
    Ask::Boot(world.printed(id).into(), format!("server-{}", world.next_instance).into())
}

fn general_offers(world: &World) -> Vec<Offer> {
    let name = format!("image-{}", world.next_image);
    let settings = &world.settings;
    let delayed = if settings.delayed_delete { "delayed_delete=False" } else { "delayed_delete=True" };
    vec![
        offer("Create and upload", create(&name, Some(FILE))),
        offer("Create without data", create(&name, None)),
        drive("Run the scrubber", Drive::Scrubber),
        drive("Purge deleted records", Drive::Purge),
        drive(
            if settings.delayed_delete { "Delete at once" } else { "Delay deletions" },
            Drive::Config(delayed.into()),
        ),
        drive(
            if settings.v1 { "Forget the v1 API" } else { "Bring the v1 API back" },
            Drive::Config(if settings.v1 { "v1=False" } else { "v1=True" }.into()),
        ),
        drive(
            if settings.full { "Make room in the store" } else { "Fill the store" },
            Drive::StoreFull(!settings.full),
        ),
    ]
}

fn image_offers(world: &World, id: ImageId, image: &Image) -> Vec<Offer> {
    let of = |label, what| offer(label, call(world, id, what));
    match image.status {
        ImageStatus::PendingDelete => {
            vec![drive("Run the scrubber", Drive::Scrubber), of("Restore", Call::Restore)]
        }
        ImageStatus::Deleted => vec![drive("Purge deleted records", Drive::Purge)],
        ImageStatus::Queued
        | ImageStatus::Saving
        | ImageStatus::Uploading
        | ImageStatus::Importing
        | ImageStatus::Active
        | ImageStatus::Deactivated
        | ImageStatus::Killed => vec![
            of("Upload", upload(FILE)),
            of("Stage", Call::Stage(FILE)),
            of("Import what was staged", import("glance-direct", None)),
            of("Import from the web", import("web-download", Some(SOURCE))),
            of("Add a location", Call::AddLocation(location().into())),
            of("Deactivate", Call::Deactivate),
            of("Reactivate", Call::Reactivate),
            of("Delete", Call::Delete),
            offer("Boot an instance", boot(world, id)),
        ],
    }
}

fn transfer_job(world: &World, id: ImageId) -> Option<JobRow> {
    let image = world.image(id)?;
    let Transfer { staging, started, due, .. } = **image.transfer.as_ref()?;
    let of = |label, what| offer(label, call(world, id, what));
    let finish = |fault| Call::Finish(staging, fault);
    let mut endings = vec![of("The upload succeeds", finish(None))];
    endings
        .extend(transfer_faults(staging).iter().map(|fault| of(fault_label(*fault), finish(Some(*fault)))));
    endings.push(of("The client disconnects", Call::Abort(staging)));
    endings.push(of("It hangs", Call::Hang));
    let label = if staging { "uploading to the staging area" } else { "uploading to the store" };
    Some(JobRow { image: Some(id), label: label.to_owned(), started, due, endings })
}

fn transfer_faults(staging: bool) -> &'static [Fault] {
    if staging {
        &[Fault::StoreFull, Fault::TooLarge]
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
        Work::Nothing => &[],
    }
}

fn fault_label(fault: Fault) -> &'static str {
    match fault {
        Fault::StoreFull => "The store is full",
        Fault::TooLarge => "The image is too large",
        Fault::SizeMismatch => "Fewer bytes come than announced",
        Fault::BadFormat => "The data is not what disk_format says",
        Fault::Source => "The web source fails",
    }
}

fn task_job(task: &Task) -> JobRow {
    let finish = |fault| Drive::FinishTask(task.id, fault);
    let mut endings = vec![drive("The task succeeds", finish(None))];
    endings.extend(task_faults(task).iter().map(|fault| drive(fault_label(*fault), finish(Some(*fault)))));
    endings.push(drive("It hangs", Drive::HangTask(task.id)));
    let label = words::work(&task.work).to_owned();
    JobRow { image: task.image, label, started: task.started, due: task.due, endings }
}

/// When the scrubber takes an image by itself: the pages' pace after it was deleted.
fn scrub_due(world: &World, image: &Image) -> Option<SimTime> {
    let settings = &world.settings;
    let wait = settings.pace.max(settings.scrub_time * 1000);
    let scrubs = image.status == ImageStatus::PendingDelete && settings.pace > 0 && image.deleted;
    let stuck = image.locations.iter().all(|location| location.store == super::world::Store::Web);
    (scrubs && !stuck).then_some(image.deleted_at + SimTime(wait))
}

fn scrub_job(world: &World, id: ImageId) -> Option<JobRow> {
    let image = world.image(id).filter(|image| image.status == ImageStatus::PendingDelete)?;
    let endings = vec![
        drive("The scrubber runs", Drive::Scrubber),
        offer("An operator restores it", call(world, id, Call::Restore)),
    ];
    let label = "waiting for the scrubber".to_owned();
    Some(JobRow { image: Some(id), label, started: image.deleted_at, due: scrub_due(world, image), endings })
}

/// The line that ends what is under way for an image, with the fault that `pick` picks.
fn ending(
    world: &World,
    id: ImageId,
    pick: impl Fn(&'static [Fault]) -> Option<Fault>,
) -> Result<String, &'static str> {
    if let Some(transfer) = world.image(id).and_then(|image| image.transfer.as_deref()) {
        let fault = pick(transfer_faults(transfer.staging));
        return Ok(line(call(world, id, Call::Finish(transfer.staging, fault))));
    }
    let open = |task: &&Task| task.image == Some(id) && !task.status.is_final();
    let task = world.tasks.iter().find(open).ok_or(words::NOTHING_UNDER_WAY)?;
    Ok(line(Ask::Drive(Drive::FinishTask(task.id, pick(task_faults(task))))))
}

/// The actions worth offering: those of the page, and what ends each job.
pub(super) fn actions(world: &World) -> Vec<Action> {
    let images = world.images.iter().flat_map(|(id, _)| Glance::offers(world, Some(id)));
    let machines = world.instances.iter().flat_map(|instance| machine_offers(instance.id));
    let jobs = Glance::jobs(world).into_iter().flat_map(|job| job.endings);
    let offers = general_offers(world).into_iter().chain(images).chain(machines).chain(jobs);
    offers.filter_map(|offer| offer.line.parse().ok()).collect()
}

/// The job that falls due first, and what ends it.
pub(super) fn due(world: &World) -> Option<(SimTime, Action)> {
    let plain = |ask| Action::new(Persona::Owner, ask);
    let transfers = world.busy.iter().filter_map(|id| {
        let image = world.image(*id)?;
        let finish = |transfer: &Transfer| {
            Some((transfer.due?, plain(call(world, *id, Call::Finish(transfer.staging, None)))))
        };
        let scrub = || Some((scrub_due(world, image)?, plain(Ask::Drive(Drive::Scrubber))));
        image.transfer.as_deref().map_or_else(scrub, finish)
    });
    let open = world.tasks.iter().filter(|task| !task.status.is_final());
    let tasks = open.filter_map(|task| Some((task.due?, plain(Ask::Drive(Drive::Worker(Some(task.id)))))));
    transfers.chain(tasks).min_by_key(|(at, _)| *at)
}
