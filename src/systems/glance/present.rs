//! What the page shows of Glance, as plain data.

use crate::engine::card::Card;
use crate::engine::chart::Chart;
use crate::engine::order::in_order;
use crate::engine::present::{Cell, ImageRow, JobRow, MachineRow, Mode, Offer, Present, Verb};
use crate::engine::{ImageId, State};

use super::action::{Ask, Call};
use super::image::Image;
use super::offers::{
    FILE, boot, call, create, ending, general_offers, image_offers, line, machine_offers, scrub_job,
    switch_v1, task_job, transfer_jobs,
};
use super::task::Phase;
use super::{CHART, Change, Glance, ImageStatus, World, cards, words};

/// The API that was there until 2018.
fn v1_mode(world: &World) -> Mode {
    let label = "Glance v1 (history)";
    Mode { label, meaning: words::V1, on: world.settings.v1, line: switch_v1(world) }
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

    fn modes(world: &World) -> Vec<Mode> {
        vec![v1_mode(world)]
    }

    fn card(status: ImageStatus) -> Card {
        cards::card(status)
    }

    fn image_count(world: &World) -> usize {
        world.images.len()
    }

    /// A simplification: in the order of creation; the real client sorts by name.
    fn images(world: &World, skip: usize, limit: usize) -> Vec<ImageRow> {
        world.images.iter().skip(skip).take(limit).map(|(id, image)| row(world, id, image)).collect()
    }

    fn each_image(world: &World, see: &mut dyn FnMut(ImageId, usize, &str)) {
        world.images.iter().for_each(|(id, image)| see(id, image.status.index(), name(image)));
    }

    fn cell(world: &World, id: ImageId, column: usize) -> Cell<'_> {
        world.image(id).map_or_else(|| "".into(), |image| cell(world, id, image, column))
    }

    fn image(world: &World, id: ImageId) -> Option<ImageRow> {
        world.image(id).map(|image| row(world, id, image))
    }

    fn details(world: &World, id: ImageId) -> Vec<(&'static str, String)> {
        world.image(id).map_or_else(Vec::new, |image| details(world, id, image))
    }

    fn flags(world: &World, id: ImageId) -> Vec<String> {
        let Some(image) = world.image(id) else { return Vec::new() };
        let flags = [(image.protected, "protected"), (image.hidden, "hidden")];
        flags.into_iter().filter(|(is_set, _)| *is_set).map(|(_, flag)| flag.to_owned()).collect()
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

    fn jobs(world: &World, of: &dyn Fn(Option<ImageId>) -> bool) -> Vec<JobRow> {
        let busy = || world.busy.iter().map(|(id, _)| id).filter(|id| of(Some(**id)));
        let transfers = busy().flat_map(|id| transfer_jobs(world, *id));
        let tasks = world.tasks.iter().filter(|task| !task.status.is_final()).map(task_job);
        let tasks = tasks.filter(|job| of(job.image));
        let scrubs = busy().filter_map(|id| scrub_job(world, *id));
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

    fn narrate(change: &Change) -> Option<String> {
        match change {
            Change::Task(task) => {
                let tells = matches!(task.phase, Phase::Queued | Phase::Taken | Phase::Over);
                tells.then(|| format!("task {}: {}", task.id, words::status(task)))
            }
            Change::TaskGone(id) => Some(format!("task {id}: gone")),
            Change::Booted(instance) => Some(format!("instance {}: ACTIVE", instance.id)),
            Change::Ended(id) => Some(format!("instance {id}: deleted")),
            Change::Image(..) | Change::Settings(_) | Change::Numbers { .. } => None,
        }
    }
}

fn row(world: &World, id: ImageId, image: &Image) -> ImageRow {
    let users = world.instances.iter().filter(|instance| instance.image == id);
    ImageRow {
        id,
        state: image.status.index(),
        cells: (0..Glance::COLUMNS.len()).map(|column| cell(world, id, image, column).text()).collect(),
        machines: users.map(|instance| instance.id).collect(),
        name: name(image).to_owned(),
    }
}

fn name(image: &Image) -> &str {
    image.name.as_deref().unwrap_or("None")
}

/// A cell of [`Glance::COLUMNS`].
fn cell<'a>(world: &'a World, id: ImageId, image: &'a Image, column: usize) -> Cell<'a> {
    match column {
        0 => world.printed(id).into(),
        1 => name(image).into(),
        _ => image.status.name().into(),
    }
}

fn details(world: &World, id: ImageId, image: &Image) -> Vec<(&'static str, String)> {
    let truth = |truth: bool| if truth { "True" } else { "False" };
    let stores: Vec<&str> = image.live().map(|location| location.store.name()).collect();
    let mut properties = String::new();
    for (name, value) in &image.properties {
        properties = properties + name + "='" + value + "', ";
    }
    if let Some(task) = image.lock {
        properties = properties + "os_glance_import_task='" + &world.settings.ids.task(task) + "', ";
    }
    properties = properties + "os_hidden='" + truth(image.hidden) + "', stores='" + &stores.join(",") + "'";
    let mut members = String::new();
    for (project, status) in &image.members {
        let comma = if members.is_empty() { "" } else { ", " };
        members = members + comma + project + " (" + status.name() + ")";
    }
    let printed = world.printed(id);
    let mut rows = Vec::new();
    let mut row = |name: &'static str, value: &str| rows.push((name, value.to_owned()));
    row("container_format", image.container_format.unwrap_or("None"));
    row("disk_format", image.disk_format.unwrap_or("None"));
    row("file", &format!("/v2/images/{printed}/file"));
    row("id", &printed);
    row("min_disk", &image.min_disk.to_string());
    row("min_ram", &image.min_ram.to_string());
    row("name", image.name.as_deref().unwrap_or("None"));
    row("owner", image.owner.as_deref().unwrap_or("None"));
    row("properties", &properties);
    row("protected", truth(image.protected));
    row("schema", "/v2/schemas/image");
    if let Some(size) = image.size {
        row("size", &size.to_string());
    }
    row("status", image.status.name());
    row("tags", &image.tags.join(", "));
    row("visibility", image.visibility.name());
    if !members.is_empty() {
        row("members", &members);
    }
    for task in world.tasks.iter().filter(|task| task.image == Some(id)) {
        row("task", &words::task(task, &printed));
    }
    rows
}
