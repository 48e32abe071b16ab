//! What is worth offering: requests for an image, for a VM, for a call that waits.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a VM has many states, and a rule names those that it knows"
)]

use std::borrow::Cow;

use super::action::{Action, Command, ImageRequest, NewCopy, NewImage, NewVm, Recovery, VmRequest};
use super::driver::{Answered, Call, Fate};
use super::fixture::ONEADMIN;
use super::vm_state::VmState;
use super::world::{Image, Vm, World};
use crate::engine::few::Few;
use crate::engine::present::{Offer, Purpose};
use crate::engine::{ImageId, MachineId};

/// A command, what it is for and the words of its button.
pub(super) type Offered = (Command, Purpose, Cow<'static, str>);

/// Where new images are made.
const IMAGES: i64 = 100;

/// A command as everybody types it.
pub(super) fn line(command: Command) -> String {
    Action { by: ONEADMIN, command }.to_string()
}

pub(super) fn offer((command, purpose, label): Offered) -> Offer {
    Offer { line: line(command), label, purpose }
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
    offered.into_iter().map(|(command, ..)| Action { by: ONEADMIN, command }).collect()
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
        (new_image(&name, false), Purpose::Data, "Create".into()),
        (new_image(&name, true), Purpose::Data, "Create persistent".into()),
        (new_datablock(&name), Purpose::Data, "Create empty disk".into()),
    ]
}

/// What can be asked of an image, whether it is granted or not.
pub(super) fn for_image(world: &World, id: ImageId, image: &Image) -> Vec<Offered> {
    use Purpose::{Condition, Data, Removal, Use};
    let ask = |request, purpose, label: &'static str| {
        (Command::Image(id.0.into(), request), purpose, Cow::Borrowed(label))
    };
    let copy =
        ImageRequest::Clone { name: format!("{}-{}", image.name, world.next_image).into(), datastore: None };
    let mut offered = vec![(new_vm(id), Use, "New VM".into()), ask(copy, Data, "Clone")];
    for snapshot in image.snapshots.iter().flat_map(|own| &own.list) {
        let number = snapshot.id.into();
        let requests = [
            ("Revert to", ImageRequest::SnapshotRevert(number)),
            ("Delete", ImageRequest::SnapshotDelete(number)),
            ("Flatten to", ImageRequest::SnapshotFlatten(number)),
        ];
        for (what, request) in requests {
            let request = Command::Image(id.0.into(), request);
            offered.push((request, Data, format!("{what} snapshot {number}").into()));
        }
    }
    offered.extend([
        ask(ImageRequest::Disable, Condition, "Disable"),
        ask(ImageRequest::Enable, Condition, "Enable"),
        ask(ImageRequest::Persistent, Condition, "Make persistent"),
        ask(ImageRequest::Nonpersistent, Condition, "Make non-persistent"),
        ask(ImageRequest::Lock { level: 1, test: false }, Condition, "Lock"),
        ask(ImageRequest::Unlock, Condition, "Unlock"),
        ask(ImageRequest::Delete { force: false }, Removal, "Delete"),
        ask(ImageRequest::Delete { force: true }, Removal, "Delete by force"),
    ]);
    offered
}

/// What can be asked of a VM in its state.
pub(super) fn for_vm(world: &World, id: MachineId, vm: &Vm) -> Vec<Offered> {
    use Purpose::{Condition, Removal, Use};
    let ask = |request, purpose, label: &'static str| of_vm(id, request, purpose, label.into());
    if vm.state == VmState::Done {
        return Vec::new();
    }
    let mut offered = Vec::new();
    match vm.state {
        VmState::Pending | VmState::Hold | VmState::Stopped | VmState::Undeployed => {
            offered.push(ask(VmRequest::Deploy { host: 0, datastore: None }, Condition, "Deploy"));
        }
        VmState::Running => {
            offered.push(ask(VmRequest::Poweroff { hard: false }, Condition, "Power off"));
            offered.extend(disk_offers(id, vm));
        }
        VmState::Poweroff => {
            offered.push(ask(VmRequest::Resume, Condition, "Resume"));
            offered.extend(disk_offers(id, vm));
            offered.extend(revert_offers(id, vm));
        }
        VmState::Suspended => offered.push(ask(VmRequest::Resume, Condition, "Resume")),
        state if state.word() == "fail" && state.is_active() => {
            offered.push(ask(VmRequest::Recover(Recovery::Retry), Condition, "Retry"));
        }
        _ => {}
    }
    if matches!(vm.state, VmState::Running | VmState::Poweroff) {
        let free =
            |(image, _): &(ImageId, &Image)| !vm.disks.iter().any(|disk| disk.image_id() == Some(*image));
        for (image, _) in world.images.iter().filter(free).take(MOST_ATTACHED) {
            let request = VmRequest::Attach { image: image.0.into(), template: String::new() };
            offered.push(of_vm(id, request, Use, format!("Attach image {image}").into()));
        }
    }
    offered.push(ask(VmRequest::Terminate { hard: false }, Removal, "Terminate"));
    offered.push(ask(VmRequest::Terminate { hard: true }, Removal, "Terminate hard"));
    offered.push(ask(VmRequest::Recover(Recovery::Delete), Removal, "Recover by deleting"));
    offered
}

/// How many images a VM offers to attach.
const MOST_ATTACHED: usize = 8;

fn of_vm(id: MachineId, request: VmRequest, purpose: Purpose, label: Cow<'static, str>) -> Offered {
    (Command::Vm(id.0.into(), request), purpose, label)
}

fn disk_offers(id: MachineId, vm: &Vm) -> Vec<Offered> {
    let mut offered = Vec::new();
    for disk in vm.disks.iter().filter(|disk| disk.image_id().is_some()) {
        let (number, snapshots) = (disk.id.into(), disk.snapshots.as_ref().map_or(0, |own| own.next));
        let requests = [
            ("Detach", VmRequest::Detach(number)),
            ("Snapshot of", VmRequest::SnapshotCreate { disk: number, name: format!("snap{snapshots}") }),
            (
                "New image of",
                VmRequest::SaveAs(Box::new(NewCopy {
                    disk: number,
                    name: format!("saved-{id}-{}", disk.id),
                    kind: String::new(),
                    snapshot: -1,
                })),
            ),
        ];
        for (what, request) in requests {
            offered.push(of_vm(id, request, Purpose::Data, format!("{what} disk {}", disk.id).into()));
        }
    }
    offered
}

fn revert_offers(id: MachineId, vm: &Vm) -> Vec<Offered> {
    let mut offered = Vec::new();
    for disk in vm.disks.iter() {
        for snapshot in disk.snapshots.iter().flat_map(|own| &own.list) {
            let request = VmRequest::SnapshotRevert { disk: disk.id.into(), snapshot: snapshot.id.into() };
            let label = format!("Revert disk {} to snapshot {}", disk.id, snapshot.id).into();
            offered.push(of_vm(id, request, Purpose::Data, label));
        }
    }
    offered
}

/// How a call that waits can end: well, as the real drivers fail, or never.
pub(super) fn endings(call: &Call) -> Vec<Offered> {
    let release = |answered| Command::Release(call.kind, call.object, answered);
    let mut offered = vec![(release(Answered::Success(None)), Purpose::Success, "Succeed".into())];
    for (text, label) in failures(call) {
        offered.push((release(Answered::Failure((*text).into())), Purpose::Failure, (*label).into()));
    }
    if matches!(call.fate, Fate::Due(..)) {
        offered.push((Command::Slow(call.kind, call.object), Purpose::Delay, "Take longer".into()));
        offered.push((Command::Hang(call.kind, call.object), Purpose::Delay, "Hang".into()));
    }
    offered
}

/// What the real drivers say when they fail, and that in two words.
fn failures(call: &Call) -> &'static [(&'static str, &'static str)] {
    match call.kind.words() {
        ("ds", "RM") => &[("Error deleting image: Permission denied", "permission denied")],
        ("ds", "CP") => &[
            ("No space left on device", "no space"),
            ("Error copying: The requested URL returned error: 404", "not found"),
        ],
        ("ds" | "tm", _) => &[("No space left on device", "no space"), ("Connection timed out", "timed out")],
        _ => &[("Timed out operation", "timed out")],
    }
}
