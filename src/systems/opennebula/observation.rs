//! Images and VMs in the terms of the recordings: exactly the fields that are compared.

use miniserde::json::{Number, Object, Value as Json};

use super::fixture;
use super::kinds::Orphans;
use super::snapshots::{Snapshot, Snapshots};
use super::world::{Disk, DiskImage, Image, Vm};
use crate::engine::recording;
use crate::engine::{ImageId, MachineId};

fn int(number: impl Into<i64>) -> Json {
    Json::Number(Number::I64(number.into()))
}

fn size(size: u64) -> Json {
    Json::Number(Number::U64(size))
}

fn string(text: &str) -> Json {
    Json::String(text.to_owned())
}

fn maybe(text: Option<&str>) -> Json {
    text.map_or(Json::Null, string)
}

fn list(items: impl Iterator<Item = Json>) -> Json {
    Json::Array(items.collect())
}

fn optional(id: Option<u32>) -> Json {
    int(id.map_or(-1, i64::from))
}

fn count(count: usize) -> Json {
    size(count as u64)
}

fn object<const N: usize>(fields: [(&str, Json); N]) -> Object {
    recording::object(&mut fields.into_iter())
}

pub(super) fn image(id: ImageId, image: &Image) -> Object {
    let snapshots = image.snapshots.as_deref();
    let mut fields = object([
        ("id", int(id.0)),
        ("name", string(&image.name)),
        ("uname", string(fixture::user_name(image.owner))),
        ("gname", maybe(fixture::group_name(image.group))),
        ("type", string(image.kind.name())),
        ("persistent", Json::Bool(image.persistent)),
        ("state", int(image.state as u8)),
        ("prev_state", int(image.prev_state as u8)),
        ("running_vms", count(image.running_vms())),
        ("cloning_ops", count(image.cloning_ops())),
        ("cloning_id", optional(image.cloning_from.map(|id| id.0))),
        ("target_snapshot", optional(image.target_snapshot)),
        ("vms", list(image.vms.iter().map(|vm| int(vm.0)))),
        ("clones", list(image.clones.iter().map(|clone| int(clone.0)))),
        ("app_clones", list(image.app_clones.iter().map(|app| int(*app)))),
        ("permissions", string(&format!("{:03o}", image.permissions))),
        ("size", size(image.size)),
        ("source", string(&image.source)),
        ("path", string(&image.path)),
        ("format", string(&image.format)),
        ("fs", string(&image.fs)),
        ("datastore", int(image.datastore)),
        ("template_error", maybe(image.error.as_deref())),
    ]);
    let lock = image.lock.map_or(Json::Null, |lock| {
        Json::Object(object([("level", int(lock.level as u8)), ("owner", int(lock.owner))]))
    });
    let mut template = image.template.iter().map(|(name, value)| (name, string(value)));
    let template = recording::object(&mut template);
    let orphans = snapshots.map_or(Some("NO"), |own| own.orphans.map(Orphans::name));
    fields.extend(object([
        ("lock", lock),
        ("template", Json::Object(template)),
        ("snapshots", snapshots.map_or(Json::Array(std::iter::empty().collect()), observe_snapshots)),
        ("current_base", optional(snapshots.and_then(|own| own.base))),
        ("allow_orphans", maybe(orphans)),
        ("next_snapshot", int(snapshots.map_or(0, |own| own.next))),
    ]));
    fields
}

fn observe_snapshots(snapshots: &Snapshots) -> Json {
    let observe = |snapshot: &Snapshot| {
        let children: Vec<String> = snapshot.children.iter().map(ToString::to_string).collect();
        Json::Object(object([
            ("id", int(snapshot.id)),
            ("name", string(&snapshot.name)),
            ("parent", optional(snapshot.parent)),
            ("children", string(&children.join(","))),
            ("active", Json::Bool(snapshots.active == Some(snapshot.id))),
            ("size", size(snapshot.size)),
        ]))
    };
    list(snapshots.list.iter().map(observe))
}

pub(super) fn vm(id: MachineId, vm: &Vm) -> Object {
    let (state, lcm_state) = vm.state.numbers();
    object([
        ("id", int(id.0)),
        ("name", string(&vm.name)),
        ("uname", string(fixture::user_name(vm.owner))),
        ("state", int(state)),
        ("lcm_state", int(lcm_state)),
        ("disks", list(vm.disks.iter().map(|disk| Json::Object(observe_disk(disk))))),
    ])
}

fn observe_disk(disk: &Disk) -> Object {
    let image = disk.image();
    let yes = |is: bool| string(if is { "YES" } else { "NO" });
    let of_image = |value: &dyn Fn(&DiskImage) -> Json| image.map_or(Json::Null, value);
    let snapshots = disk.snapshots.as_deref().map_or(Json::Null, |own| {
        Json::Object(object([
            ("allow_orphans", maybe(own.orphans.map(Orphans::name))),
            ("current_base", optional(own.base)),
            ("list", observe_snapshots(own)),
        ]))
    });
    object([
        ("disk_id", int(disk.id)),
        ("image_id", of_image(&|image| int(image.id.0))),
        ("image", of_image(&|image| string(&image.name))),
        ("image_state", int(image.map_or(-1, |image| i64::from(image.state as u8)))),
        ("cloning", Json::Bool(image.is_some_and(|image| image.cloning))),
        ("persistent", Json::Bool(image.is_some_and(|image| image.persistent))),
        ("save", of_image(&|image| yes(image.persistent))),
        ("clone", of_image(&|image| yes(!image.persistent && !image.readonly))),
        ("readonly", of_image(&|image| yes(image.readonly))),
        ("type", string(&disk.kind)),
        ("target", maybe(disk.target.as_deref())),
        ("source", maybe(image.map(|image| &*image.source).filter(|source| !source.is_empty()))),
        ("size", size(disk.size)),
        ("original_size", size(disk.original_size)),
        ("attach", if disk.attach { string("YES") } else { Json::Null }),
        ("hotplug_save_as", maybe(disk.saved_as.map(|id| id.to_string()).as_deref())),
        ("snapshots", snapshots),
    ])
}
