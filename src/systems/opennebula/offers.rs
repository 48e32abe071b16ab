//! What is worth offering: requests for an image, for a VM, for a call that waits.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a VM has many states, and a rule names those that it knows"
)]

use super::action::{Action, Command, ImageRequest, NewCopy, NewImage, NewVm, Recovery, VmRequest};
use super::driver::{Answered, Call, Fate};
use super::fixture::ONEADMIN;
use super::vm_state::VmState;
use super::world::{Image, Vm, World};
use crate::engine::few::Few;
use crate::engine::present::Offer;
use crate::engine::{ImageId, MachineId};

/// A command and the words of its button.
pub(super) type Offered = (Command, &'static str);

/// Where new images are made.
const IMAGES: i64 = 100;

/// A command as everybody types it.
pub(super) fn line(command: Command) -> String {
    Action { by: ONEADMIN, command }.to_string()
}

pub(super) fn offer((command, label): Offered) -> Offer {
    Offer { line: line(command), label }
}

/// Every action worth trying in this world.
pub(super) fn actions(world: &World) -> Vec<Action> {
    let mut offered = for_pool(world);
    for (id, image) in world.images.iter() {
        offered.extend(for_image(world, id, image));
    }
    for (id, vm) in world.vms.iter() {
        offered.extend(for_vm(world, id, vm));
    }
    for call in world.calls() {
        offered.extend(endings(call));
    }
    offered.into_iter().map(|(command, _)| Action { by: ONEADMIN, command }).collect()
}

/// A new image that a driver copies.
pub(super) fn new_image(name: &str, persistent: bool) -> Command {
    Command::CreateImage(Box::new(NewImage {
        name: Some(name.into()),
        persistent: persistent.then_some(true),
        path: Some(format!("/images/{name}.qcow2").into()),
        datastore: IMAGES,
        ..NewImage::default()
    }))
}

/// A new empty disk that a driver makes.
fn new_datablock(name: &str) -> Command {
    Command::CreateImage(Box::new(NewImage {
        name: Some(name.into()),
        kind: Some("DATABLOCK".into()),
        size: Some("10".into()),
        datastore: IMAGES,
        ..NewImage::default()
    }))
}

/// A new VM with this image as its disk.
pub(super) fn new_vm(image: ImageId) -> Command {
    Command::CreateVm(Box::new(NewVm { images: Few::One(image.to_string()), ..NewVm::default() }))
}

/// What needs no image.
pub(super) fn for_pool(world: &World) -> Vec<Offered> {
    let name = format!("img{}", world.next_image);
    vec![
        (new_image(&name, false), "Create"),
        (new_image(&name, true), "Create persistent"),
        (new_datablock(&name), "Create empty disk"),
    ]
}

/// What can be asked of an image, whether it is granted or not.
pub(super) fn for_image(world: &World, id: ImageId, image: &Image) -> Vec<Offered> {
    let ask = |request, label| (Command::Image(id.0.into(), request), label);
    let copy = ImageRequest::Clone { name: format!("{}-{}", image.name, world.next_image), datastore: None };
    let mut offered = vec![
        (new_vm(id), "New VM"),
        ask(copy, "Clone"),
        ask(ImageRequest::Disable, "Disable"),
        ask(ImageRequest::Enable, "Enable"),
        ask(ImageRequest::Persistent, "Make persistent"),
        ask(ImageRequest::Nonpersistent, "Make non-persistent"),
        ask(ImageRequest::Delete { force: false }, "Delete"),
        ask(ImageRequest::Delete { force: true }, "Delete by force"),
        ask(ImageRequest::Lock { level: 1, test: false }, "Lock"),
        ask(ImageRequest::Unlock, "Unlock"),
    ];
    for snapshot in image.snapshots.iter().flat_map(|own| &own.list) {
        let snapshot = snapshot.id.into();
        offered.push(ask(ImageRequest::SnapshotRevert(snapshot), "Revert to snapshot"));
        offered.push(ask(ImageRequest::SnapshotDelete(snapshot), "Delete snapshot"));
        offered.push(ask(ImageRequest::SnapshotFlatten(snapshot), "Flatten to snapshot"));
    }
    offered
}

/// What can be asked of a VM in its state.
pub(super) fn for_vm(world: &World, id: MachineId, vm: &Vm) -> Vec<Offered> {
    let ask = |request, label| (Command::Vm(id.0.into(), request), label);
    if vm.state == VmState::Done {
        return Vec::new();
    }
    let mut offered = Vec::new();
    match vm.state {
        VmState::Pending | VmState::Hold | VmState::Stopped | VmState::Undeployed => {
            offered.push(ask(VmRequest::Deploy { host: 0, datastore: None }, "Deploy"));
        }
        VmState::Running => {
            offered.push(ask(VmRequest::Poweroff { hard: false }, "Power off"));
            offered.extend(disk_offers(id, vm));
        }
        VmState::Poweroff => {
            offered.push(ask(VmRequest::Resume, "Resume"));
            offered.extend(disk_offers(id, vm));
            offered.extend(revert_offers(id, vm));
        }
        VmState::Suspended => offered.push(ask(VmRequest::Resume, "Resume")),
        state if state.word() == "fail" && state.is_active() => {
            offered.push(ask(VmRequest::Recover(Recovery::Retry), "Retry"));
        }
        _ => {}
    }
    if matches!(vm.state, VmState::Running | VmState::Poweroff) {
        let free =
            |(image, _): &(ImageId, &Image)| !vm.disks.iter().any(|disk| disk.image_id() == Some(*image));
        for (image, _) in world.images.iter().filter(free).take(MOST_ATTACHED) {
            let request = VmRequest::Attach { image: image.0.into(), template: String::new() };
            offered.push(ask(request, "Attach"));
        }
    }
    offered.push(ask(VmRequest::Terminate { hard: false }, "Terminate"));
    offered.push(ask(VmRequest::Terminate { hard: true }, "Terminate hard"));
    offered.push(ask(VmRequest::Recover(Recovery::Delete), "Recover by deleting"));
    offered
}

/// How many images a VM offers to attach.
const MOST_ATTACHED: usize = 8;

fn disk_offers(id: MachineId, vm: &Vm) -> Vec<Offered> {
    let ask = |request, label| (Command::Vm(id.0.into(), request), label);
    let mut offered = Vec::new();
    for disk in vm.disks.iter().filter(|disk| disk.image_id().is_some()) {
        let name = disk.snapshots.as_ref().map_or(0, |own| own.next);
        let snapshot = VmRequest::SnapshotCreate { disk: disk.id.into(), name: format!("snap{name}") };
        offered.push(ask(VmRequest::Detach(disk.id.into()), "Detach"));
        offered.push(ask(snapshot, "Take snapshot"));
        let saved = VmRequest::SaveAs(Box::new(NewCopy {
            disk: disk.id.into(),
            name: format!("saved-{id}-{}", disk.id),
            kind: String::new(),
            snapshot: -1,
        }));
        offered.push(ask(saved, "Save disk as image"));
    }
    offered
}

fn revert_offers(id: MachineId, vm: &Vm) -> Vec<Offered> {
    let mut offered = Vec::new();
    for disk in vm.disks.iter() {
        for snapshot in disk.snapshots.iter().flat_map(|own| &own.list) {
            let request = VmRequest::SnapshotRevert { disk: disk.id.into(), snapshot: snapshot.id.into() };
            offered.push((Command::Vm(id.0.into(), request), "Revert to snapshot"));
        }
    }
    offered
}

/// How a call that waits can end: well, as the real drivers fail, or never.
pub(super) fn endings(call: &Call) -> Vec<Offered> {
    let release = |answered| Command::Release(call.kind, call.object, answered);
    let mut offered = vec![(release(Answered::Success(None)), "Succeed")];
    for (text, label) in failures(call) {
        offered.push((release(Answered::Failure((*text).into())), *label));
    }
    if matches!(call.fate, Fate::Due(..)) {
        offered.push((Command::Slow(call.kind, call.object), "Take longer"));
        offered.push((Command::Hang(call.kind, call.object), "Hang"));
    }
    offered
}

/// What the real drivers say when they fail, and the words of the button.
fn failures(call: &Call) -> &'static [(&'static str, &'static str)] {
    match call.kind.words() {
        ("ds", "RM") => &[("Error deleting image: Permission denied", "Fail: permission denied")],
        ("ds", "CP") => &[
            ("No space left on device", "Fail: no space"),
            ("Error copying: The requested URL returned error: 404", "Fail: not found"),
        ],
        ("ds" | "tm", _) => {
            &[("No space left on device", "Fail: no space"), ("Connection timed out", "Fail: timed out")]
        }
        _ => &[("Timed out operation", "Fail: timed out")],
    }
}
