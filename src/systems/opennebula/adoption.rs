//! Recorded images and VMs read back into ours.

use std::sync::Arc;

use miniserde::json::{Object, Value as Json};

use super::fixture;
use super::kinds::{ImageType, LockLevel, Orphans};
use super::snapshots::{Snapshot, Snapshots};
use super::state::ImageState;
use super::template::Template;
use super::vm_state::VmState;
use super::world::{Data, Disk, DiskImage, Extras, Facts, From, Image, Lock, Origin, Place, Vm, World};
use crate::engine::few::Few;
use crate::engine::recording::{as_number, as_text};
use crate::engine::{ImageId, MachineId, State, as_id};

fn number(object: &Object, name: &str) -> Option<i64> {
    object.get(name).and_then(as_number)
}

/// A number that is -1 for nothing.
fn id(object: &Object, name: &str) -> Option<u32> {
    number(object, name).and_then(as_id)
}

fn size(object: &Object, name: &str) -> i64 {
    number(object, name).unwrap_or(0)
}

fn text(object: &Object, name: &str) -> Arc<str> {
    object.get(name).and_then(as_text).unwrap_or_default().into()
}

fn is(object: &Object, name: &str) -> bool {
    matches!(object.get(name), Some(Json::Bool(true)))
}

fn list<'a>(object: &'a Object, name: &str) -> &'a [Json] {
    if let Some(Json::Array(list)) = object.get(name) { list } else { &[] }
}

fn ids<T: Copy>(object: &Object, name: &str, id: fn(u32) -> T) -> Few<T> {
    let mut ids = Vec::new();
    for number in list(object, name) {
        ids.extend(as_number(number).and_then(as_id).map(id));
    }
    ids.into_iter().collect()
}

fn state(object: &Object, name: &str) -> ImageState {
    let index = number(object, name).and_then(|state| usize::try_from(state).ok()).unwrap_or(0);
    ImageState::ALL.get(index).copied().unwrap_or(ImageState::Init)
}

/// The image as it was recorded; `before` is ours, whose unrecorded parts are kept.
pub(super) fn image(object: &Object, before: Option<&Image>) -> Image {
    let permissions = u16::from_str_radix(&text(object, "permissions"), 8).unwrap_or(0);
    let mut template = Template::default();
    if let Some(Json::Object(attributes)) = object.get("template") {
        for (name, value) in attributes {
            template = template.with(name, as_text(value).unwrap_or_default());
        }
    }
    let lock = match object.get("lock") {
        Some(Json::Object(lock)) => LockLevel::read(number(lock, "level").unwrap_or(0))
            .map(|level| Lock { level, owner: id(lock, "owner").unwrap_or(0) }),
        _ => None,
    };
    let facts = Facts {
        name: text(object, "name"),
        owner: fixture::user_named(&text(object, "uname")).map_or(0, |user| user.id),
        group: fixture::group_named(&text(object, "gname")).unwrap_or(0),
        kind: ImageType::read(&text(object, "type")).unwrap_or(ImageType::Os),
        persistent: is(object, "persistent"),
        permissions,
        datastore: id(object, "datastore").unwrap_or(0),
        size: size(object, "size"),
        path: text(object, "path"),
        fs: text(object, "fs"),
        copy_of: id(object, "cloning_id").map(ImageId),
        template,
    };
    let extras = Extras {
        lock,
        app_clones: ids(object, "app_clones", |id| id),
        target_snapshot: id(object, "target_snapshot"),
        error: object.get("template_error").and_then(as_text).map(Arc::from),
    };
    Image {
        facts: facts.into(),
        place: Place { source: text(object, "source"), format: text(object, "format") }.into(),
        state: state(object, "state"),
        prev_state: state(object, "prev_state"),
        is_copied: false,
        vms: ids(object, "vms", MachineId),
        clones: ids(object, "clones", ImageId),
        snapshots: image_snapshots(object, before),
        extras: extras.into(),
    }
}

fn image_snapshots(object: &Object, before: Option<&Image>) -> Option<Arc<Snapshots>> {
    let read = snapshots(object, "snapshots", id(object, "next_snapshot").unwrap_or(0));
    let is_fresh = read == Snapshots::new(Orphans::No);
    let was_fresh = before.is_none_or(|before| before.snapshots.is_none());
    (!is_fresh || !was_fresh).then(|| read.into())
}

fn snapshots(object: &Object, name: &str, next: u32) -> Snapshots {
    let mut own = Snapshots {
        orphans: Orphans::read(&text(object, "allow_orphans")),
        active: None,
        base: id(object, "current_base"),
        next,
        list: Vec::new(),
    };
    for item in list(object, name) {
        let Json::Object(item) = item else { continue };
        let Some(id) = id(item, "id") else { continue };
        if is(item, "active") {
            own.active = Some(id);
        }
        own.next = own.next.max(id + 1);
        own.list.push(Snapshot {
            id,
            name: text(item, "name"),
            parent: self::id(item, "parent"),
            children: text(item, "children").split(',').filter_map(|id| id.parse().ok()).collect(),
            size: size(item, "size"),
        });
    }
    own
}

/// The VM as it was recorded.
pub(super) fn vm(world: &World, object: &Object, before: Option<&Vm>) -> Vm {
    let owner = fixture::user_named(&text(object, "uname")).unwrap_or(fixture::ONEADMIN);
    let numbers = (number(object, "state").unwrap_or(0), number(object, "lcm_state").unwrap_or(0));
    let state = VmState::read(numbers.0, numbers.1).unwrap_or(VmState::Done);
    let placed =
        !matches!(state, VmState::Pending | VmState::Hold | VmState::Cloning | VmState::CloningFailure);
    let mut disks = Vec::new();
    for item in list(object, "disks") {
        if let Json::Object(item) = item {
            disks.push(disk(world, item, before));
        }
    }
    let unseen = before.into_iter().flat_map(|before| before.disks.iter());
    disks.extend(unseen.filter(|disk| disk.from == From::Context).cloned());
    Vm {
        name: text(object, "name"),
        owner: owner.id,
        group: owner.group,
        state,
        on_hold: before.is_some_and(|before| before.on_hold),
        has_history: before.is_some_and(|before| before.has_history) || placed,
        origin: before.map_or(Origin::Fresh, |before| before.origin),
        cut_off: before.is_some_and(|before| before.cut_off),
        disks: disks.into(),
        target: before.and_then(|before| before.target),
        backup: before.and_then(|before| before.backup.clone()),
    }
}

fn disk(world: &World, item: &Object, before: Option<&Vm>) -> Disk {
    let number = id(item, "disk_id").unwrap_or(0);
    let before = before.and_then(|before| before.disk(number));
    let from = id(item, "image_id").map_or(From::Volatile, |image| {
        From::Image(disk_image(world, item, ImageId(image), before.and_then(Disk::image)))
    });
    let own = match item.get("snapshots") {
        Some(Json::Object(own)) => {
            let next = before.and_then(|before| before.snapshots.as_ref()).map_or(0, |own| own.next);
            Some(snapshots(own, "list", next).into())
        }
        _ => None,
    };
    Disk {
        id: number,
        from,
        kind: text(item, "type").to_string().into(),
        target: item.get("target").and_then(as_text).map(Arc::from),
        size: size(item, "size"),
        original_size: size(item, "original_size"),
        attach: item.get("attach").and_then(as_text).is_some(),
        saved_as: text(item, "hotplug_save_as").parse().ok().map(ImageId),
        size_before: before.and_then(|before| before.size_before),
        snapshots: own,
    }
}

fn disk_image(world: &World, item: &Object, id: ImageId, before: Option<&DiskImage>) -> DiskImage {
    let yes = |name: &str| &*text(item, name) == "YES";
    let image = world.find_image(id);
    let datastore = before.map(|before| before.datastore).or(image.map(|image| image.datastore));
    let datastore = datastore.unwrap_or(0);
    let place = before.map(|before| &before.place).or(image.map(|image| &image.place));
    let format = place.map(|place| Arc::clone(&place.format)).unwrap_or_default();
    DiskImage {
        id,
        name: text(item, "image"),
        state: state(item, "image_state"),
        cloning: is(item, "cloning"),
        data: match (is(item, "persistent"), yes("clone")) {
            (true, _) => Data::Saved,
            (false, true) => Data::Copied,
            (false, false) => Data::Fixed,
        },
        readonly: yes("readonly"),
        place: Place { source: text(item, "source"), format }.into(),
        datastore,
    }
}
