//! What the page shows of OpenNebula: the columns of `oneimage list`, the lines of `oneimage show`.

use super::action::{Command, ImageRequest, VmRequest};
use super::change::Change;
use super::driver::{Call, Fate, Kind};
use super::fixture;
use super::offers::{self, line, offer};
use super::state::ImageState;
use super::vm_state::VmState;
use super::world::{Image, Vm, World};
use super::{OpenNebula, cards, chart, words};
use crate::engine::card::Card;
use crate::engine::chart::Chart;
use crate::engine::present::{Cell, ImageRow, JobRow, MachineRow, Offer, Present, Verb};
use crate::engine::{ImageId, MachineId};

impl Present for OpenNebula {
    const NAME: &'static str = "opennebula";
    const TITLE: &'static str = "OpenNebula";
    const STATE_WORD: &'static str = "state";
    const MACHINE_WORD: &'static str = "VM";
    const COLUMNS: &'static [&'static str] =
        &["ID", "USER", "GROUP", "NAME", "DATASTORE", "SIZE", "TYPE", "PER", "STAT", "RVMS"];

    fn chart() -> &'static Chart {
        &chart::CHART
    }

    fn card(state: ImageState) -> Card {
        cards::card(state)
    }

    fn image_count(world: &World) -> usize {
        world.images.len()
    }

    fn images(world: &World, skip: usize, limit: usize) -> Vec<ImageRow> {
        let newest_first = world.images.iter().rev().skip(skip).take(limit);
        newest_first.map(|(id, image)| image_row(world, id, image)).collect()
    }

    fn each_image(world: &World, see: &mut dyn FnMut(ImageId, usize, &str)) {
        world.images.iter().rev().for_each(|(id, image)| see(id, image.state as usize, &image.name));
    }

    fn cell(world: &World, id: ImageId, column: usize) -> Cell<'_> {
        world.find_image(id).map_or_else(|| "".into(), |image| cell(world, id, image, column))
    }

    fn image(world: &World, id: ImageId) -> Option<ImageRow> {
        world.find_image(id).map(|image| image_row(world, id, image))
    }

    fn details(world: &World, id: ImageId) -> Vec<(&'static str, String)> {
        world.find_image(id).map_or_else(Vec::new, |image| details(world, id, image))
    }

    fn flags(world: &World, id: ImageId) -> Vec<String> {
        let lock = world.find_image(id).and_then(|image| image.extras.lock);
        lock.into_iter().map(|lock| format!("locked by a user: {}", lock.level.word())).collect()
    }

    fn machines(world: &World) -> Vec<MachineRow> {
        let living = world.vms.iter().filter(|(_, vm)| vm.state != VmState::Done);
        living.map(|(id, vm)| machine_row(world, id, vm)).collect()
    }

    fn jobs(world: &World, of: &dyn Fn(Option<ImageId>) -> bool) -> Vec<JobRow> {
        let wanted = |call: &&Call| of(waiting_image(world, call));
        world.calls().filter(wanted).map(|call| job_row(world, call)).collect()
    }

    fn offers(world: &World, image: Option<ImageId>) -> Vec<Offer> {
        let offered = match image {
            None => offers::for_pool(world),
            Some(id) => {
                world.find_image(id).map_or_else(Vec::new, |image| offers::for_image(world, id, image))
            }
        };
        offered.into_iter().map(offer).collect()
    }

    fn verb(world: &World, verb: Verb<'_>) -> Result<String, &'static str> {
        command(world, verb).map(line)
    }

    fn narrate(change: &Change) -> Option<String> {
        words::narrate(change)
    }
}

/// The word of `oneimage list`: `Image::SHORT_IMAGE_STATES` of the Ruby OCA.
fn short_state(state: ImageState) -> &'static str {
    match state {
        ImageState::Init => "init",
        ImageState::Ready => "rdy",
        ImageState::Used | ImageState::UsedPers => "used",
        ImageState::Disabled => "disa",
        ImageState::Locked | ImageState::LockedUsed | ImageState::LockedUsedPers => "lock",
        ImageState::Error => "err",
        ImageState::Clone => "clon",
        ImageState::Delete => "dele",
    }
}

/// Megabytes as `OpenNebulaHelper.unit_to_str` prints them: one decimal where there is one.
fn megabytes(size: u64) -> String {
    const UNITS: &[&str] = &["M", "G", "T", "P"];
    let mut divisor = 1;
    let mut unit = 0;
    while size > 1024 * divisor && unit + 1 < UNITS.len() {
        divisor *= 1024;
        unit += 1;
    }
    // Ten times the largest size would be too large a number.
    let tenths = size / divisor * 10 + (size % divisor * 10 + divisor / 2) / divisor;
    match tenths % 10 {
        0 => format!("{}{}", tenths / 10, UNITS[unit]),
        tenth => format!("{}.{tenth}{}", tenths / 10, UNITS[unit]),
    }
}

/// The size of an image; one below 0 is no amount.
fn size<'a>(size: i64) -> Cell<'a> {
    match u64::try_from(size) {
        Ok(size) => Cell::Amount(size, megabytes),
        Err(_) => Cell::Word(format!("{size}M").into()),
    }
}

fn yes(is: bool) -> &'static str {
    if is { "Yes" } else { "No" }
}

fn group(image: &Image) -> &'static str {
    fixture::group_name(image.group).unwrap_or_default()
}

fn image_row(world: &World, id: ImageId, image: &Image) -> ImageRow {
    ImageRow {
        id,
        name: image.name.to_string(),
        state: image.state as usize,
        cells: (0..OpenNebula::COLUMNS.len()).map(|column| cell(world, id, image, column).text()).collect(),
        machines: image.vms.to_vec(),
    }
}

/// A cell of [`OpenNebula::COLUMNS`].
fn cell<'a>(world: &'a World, id: ImageId, image: &'a Image, column: usize) -> Cell<'a> {
    let number = |number: u64| Cell::Amount(number, |number| number.to_string());
    match column {
        0 => number(id.0.into()),
        1 => fixture::user_name(image.owner).into(),
        2 => group(image).into(),
        3 => (*image.name).into(),
        4 => world.datastore_name(image.datastore).into(),
        5 => size(image.size),
        6 => image.kind.short().into(),
        7 => yes(image.persistent).into(),
        8 => short_state(image.state).into(),
        _ => number(image.running_vms() as u64),
    }
}

fn details(world: &World, id: ImageId, image: &Image) -> Vec<(&'static str, String)> {
    let lock = image.extras.lock.map_or("None", |lock| lock.level.word());
    let mut lines = vec![
        ("ID", id.to_string()),
        ("NAME", image.name.to_string()),
        ("USER", fixture::user_name(image.owner).to_owned()),
        ("GROUP", group(image).to_owned()),
        ("LOCK", lock.to_owned()),
        ("DATASTORE", world.datastore_name(image.datastore)),
        ("TYPE", image.kind.name().to_owned()),
        ("PERSISTENT", yes(image.persistent).to_owned()),
        ("SOURCE", image.place.source.to_string()),
        ("PATH", image.path.to_string()),
        ("FORMAT", image.place.format.to_string()),
        ("SIZE", size(image.size).text()),
        ("STATE", short_state(image.state).to_owned()),
        ("RUNNING_VMS", image.running_vms().to_string()),
        ("OWNER", rights(image.permissions >> 6)),
        ("GROUP", rights(image.permissions >> 3)),
        ("OTHER", rights(image.permissions)),
    ];
    for snapshot in image.snapshots.iter().flat_map(|own| &own.list) {
        let active = image.snapshots.as_ref().and_then(|own| own.active) == Some(snapshot.id);
        let mark = if active { "=> " } else { "" };
        let parent = snapshot.parent.map_or(-1, i64::from);
        lines.push(("SNAPSHOT", format!("{mark}{} {}, parent {parent}", snapshot.id, snapshot.name)));
    }
    let attributes = image.template.iter().map(|(name, value)| format!("{name}=\"{value}\""));
    let error = image.extras.error.as_ref().map(|error| format!("ERROR=\"{error}\""));
    lines.extend(attributes.chain(error).map(|attribute| ("TEMPLATE", attribute)));
    lines.retain(|(label, value)| !value.is_empty() || *label == "SOURCE");
    lines
}

/// Use, manage and admin as `um-`.
fn rights(bits: u16) -> String {
    [(4, 'u'), (2, 'm'), (1, 'a')].iter().map(|(bit, c)| if bits & bit == 0 { '-' } else { *c }).collect()
}

fn machine_row(world: &World, id: MachineId, vm: &Vm) -> MachineRow {
    MachineRow {
        id,
        name: vm.name(id).to_string(),
        state: vm.state.word(),
        waiting: vm.state == VmState::Cloning,
        disks: vm.disks.iter().filter_map(|disk| Some((disk.id, disk.image_id()?))).collect(),
        offers: offers::for_vm(world, id, vm).into_iter().map(offer).collect(),
    }
}

fn job_row(world: &World, call: &Call) -> JobRow {
    let due = match &call.fate {
        Fate::Due(at, _) => Some(*at),
        Fate::AtOnce(_) | Fate::Held => None,
    };
    JobRow {
        image: waiting_image(world, call),
        label: label(world, call),
        started: call.started,
        due,
        endings: offers::endings(call).into_iter().map(offer).collect(),
    }
}

/// The image that waits for a call: its own, or the target of a save-as.
fn waiting_image(world: &World, call: &Call) -> Option<ImageId> {
    let saved = || world.find_vm(MachineId(call.object))?.disks.iter().find_map(|disk| disk.saved_as);
    call.kind
        .image(call.object)
        .filter(|image| world.find_image(*image).is_some())
        .or_else(|| (call.kind == Kind::Transfer).then(saved).flatten())
}

/// What is being done.
fn label(world: &World, call: &Call) -> String {
    let what = match call.kind {
        Kind::Stat => "asking for the size",
        Kind::Copy => "copying to the datastore",
        Kind::Make => "making an empty disk",
        Kind::Clone => "cloning",
        Kind::Remove => "removing from the datastore",
        Kind::SnapshotDelete => "deleting a snapshot",
        Kind::SnapshotRevert => "reverting to a snapshot",
        Kind::SnapshotFlatten => "flattening snapshots",
        Kind::Restore => "restoring a backup",
        Kind::Transfer => transfer_label(world, MachineId(call.object)),
        Kind::TransferCancel | Kind::DriverCancel => "cancelling",
        Kind::Deploy => "booting",
        Kind::Shutdown => "shutting down",
        Kind::Cancel => "stopping hard",
        Kind::Save => "saving its memory",
        Kind::RestoreVm => "restoring its memory",
        Kind::Cleanup => "cleaning up",
        Kind::AttachDisk => "attaching a disk",
        Kind::DetachDisk => "detaching a disk",
        Kind::SnapshotCreate => "taking a snapshot",
        Kind::ResizeDisk => "growing a disk",
        Kind::Backup => "making a backup",
        Kind::Import => "exporting to the marketplace",
        Kind::DeleteApp => "removing from the marketplace",
    };
    match call.kind.words().0 {
        "tm" | "vm" => format!("VM {}: {what}", call.object),
        _ => what.to_owned(),
    }
}

fn transfer_label(world: &World, vm: MachineId) -> &'static str {
    match world.find_vm(vm).map(|vm| vm.state.word()) {
        Some("prol") => "bringing disks to the host",
        Some("epil") => "taking disks back",
        Some("snap") => "changing a snapshot",
        Some("drsz") => "growing a disk",
        _ => "moving disks",
    }
}

/// The line for what a person wants to do.
fn command(world: &World, verb: Verb<'_>) -> Result<Command, &'static str> {
    let image = |id: ImageId, request| Command::Image(id.0.into(), request);
    Ok(match verb {
        Verb::Create { name, persistent } => offers::new_image(name, persistent),
        Verb::Use(id) => offers::new_vm(id),
        Verb::Attach(id, vm) => {
            let request = VmRequest::Attach { image: id.0.into(), template: String::new() };
            Command::Vm(vm.0.into(), request)
        }
        Verb::Detach(id, vm) => detach(world, id, vm)?,
        Verb::Terminate(vm) => Command::Vm(vm.0.into(), VmRequest::Terminate { hard: false }),
        Verb::Clone(id, name) => image(id, ImageRequest::Clone { name: name.into(), datastore: None }),
        Verb::Withhold(id) => image(id, ImageRequest::Disable),
        Verb::Release(id) => image(id, ImageRequest::Enable),
        Verb::Delete(id) => image(id, ImageRequest::Delete { force: false }),
        Verb::FinishTransfer(id) => ending(world, id, true)?,
        Verb::FailTransfer(id) => ending(world, id, false)?,
    })
}

fn detach(world: &World, id: ImageId, vm: MachineId) -> Result<Command, &'static str> {
    let disks = world.find_vm(vm).map(|vm| &vm.disks);
    let disk = disks.and_then(|disks| disks.iter().find(|disk| disk.image_id() == Some(id)));
    let disk = disk.ok_or("This VM has no disk of this image.")?;
    Ok(Command::Vm(vm.0.into(), VmRequest::Detach(disk.id.into())))
}

/// The first ending of the call that an image waits for: success, or the first failure.
fn ending(world: &World, id: ImageId, ok: bool) -> Result<Command, &'static str> {
    let call = world.calls().find(|call| waiting_image(world, call) == Some(id));
    let call = call.ok_or("No driver works on this image now. Create or clone one first.")?;
    let mut endings = offers::endings(call).into_iter().map(|(command, ..)| command);
    endings.nth(usize::from(!ok)).ok_or("This call has no such ending.")
}

#[cfg(test)]
mod tests {
    use super::megabytes;

    #[test]
    fn sizes_are_printed_as_the_real_command_does() {
        let printed: Vec<_> = [10, 1024, 1025, 2048, 2560, 1_048_577, u64::MAX].map(megabytes).into();
        assert_eq!(printed, ["10M", "1024M", "1G", "2G", "2.5G", "1T", "17179869184P"]);
    }
}
