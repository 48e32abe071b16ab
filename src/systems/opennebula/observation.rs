//! Images and VMs in the terms of the recordings: exactly the fields that are compared.

use miniserde::json::{self, Number, Object, Value as Json};

use super::fixture;
use super::kinds::Orphans;
use super::snapshots::Snapshots;
use super::world::{Data, Disk, DiskImage, From, Image, Vm};
use crate::engine::{ImageId, MachineId};

/// An object under construction, field by field.
#[derive(Default)]
struct Fields(Object);

impl Fields {
    fn json(&mut self, name: &str, value: Json) -> &mut Self {
        self.0.insert(name.to_owned(), value);
        self
    }

    fn text(&mut self, name: &str, text: &str) -> &mut Self {
        self.maybe(name, Some(text))
    }

    fn maybe(&mut self, name: &str, text: Option<&str>) -> &mut Self {
        self.json(name, text.map_or(Json::Null, |text| Json::String(text.to_owned())))
    }

    fn yes(&mut self, name: &str, is: Option<bool>) -> &mut Self {
        self.maybe(name, is.map(|is| if is { "YES" } else { "NO" }))
    }

    fn flag(&mut self, name: &str, flag: bool) -> &mut Self {
        self.json(name, Json::Bool(flag))
    }

    fn number(&mut self, name: &str, number: i64) -> &mut Self {
        self.json(name, int(number))
    }

    fn count(&mut self, name: &str, count: usize) -> &mut Self {
        self.json(name, Json::Number(Number::U64(count as u64)))
    }

    /// An id, -1 for none.
    fn id(&mut self, name: &str, id: Option<u32>) -> &mut Self {
        self.number(name, id.map_or(-1, i64::from))
    }

    fn ids(&mut self, name: &str, ids: &mut dyn Iterator<Item = u32>) -> &mut Self {
        let mut list = json::Array::new();
        for id in ids {
            list.push(int(id.into()));
        }
        self.json(name, Json::Array(list))
    }
}

fn int(number: i64) -> Json {
    Json::Number(Number::I64(number))
}

pub(super) fn image(id: ImageId, image: &Image) -> Object {
    let mut fields = Fields::default();
    fields
        .number("id", id.0.into())
        .text("name", &image.name)
        .text("uname", fixture::user_name(image.owner))
        .maybe("gname", fixture::group_name(image.group))
        .text("type", image.kind.name())
        .flag("persistent", image.persistent)
        .number("state", image.state as i64)
        .number("prev_state", image.prev_state as i64)
        .count("running_vms", image.running_vms())
        .count("cloning_ops", image.cloning_ops())
        .id("cloning_id", image.cloning_from().map(|id| id.0))
        .id("target_snapshot", image.extras.target_snapshot)
        .ids("vms", &mut image.vms.iter().map(|vm| vm.0))
        .ids("clones", &mut image.clones.iter().map(|clone| clone.0))
        .ids("app_clones", &mut image.extras.app_clones.iter().copied())
        .text("permissions", &format!("{:03o}", image.permissions))
        .number("size", image.size)
        .text("source", &image.place.source)
        .text("path", &image.path)
        .text("format", &image.place.format)
        .text("fs", &image.fs)
        .number("datastore", image.datastore.into())
        .maybe("template_error", image.extras.error.as_deref());
    let lock = image.extras.lock.map_or(Json::Null, |lock| {
        let mut fields = Fields::default();
        fields.number("level", lock.level as i64).number("owner", lock.owner.into());
        Json::Object(fields.0)
    });
    let mut template = Fields::default();
    for (name, value) in image.template.iter() {
        template.text(name, value);
    }
    let snapshots = image.snapshots.as_deref();
    let orphans = snapshots.map_or(Some("NO"), |own| own.orphans.map(Orphans::name));
    fields
        .json("lock", lock)
        .json("template", Json::Object(template.0))
        .json("snapshots", observe_snapshots(snapshots))
        .id("current_base", snapshots.and_then(|own| own.base))
        .maybe("allow_orphans", orphans)
        .number("next_snapshot", snapshots.map_or(0, |own| own.next.into()));
    fields.0
}

fn observe_snapshots(snapshots: Option<&Snapshots>) -> Json {
    let mut list = json::Array::new();
    for snapshot in snapshots.map_or(&[][..], |own| &own.list) {
        let children: Vec<String> = snapshot.children.iter().map(u32::to_string).collect();
        let mut fields = Fields::default();
        fields
            .number("id", snapshot.id.into())
            .text("name", &snapshot.name)
            .id("parent", snapshot.parent)
            .text("children", &children.join(","))
            .flag("active", snapshots.and_then(|own| own.active) == Some(snapshot.id))
            .number("size", snapshot.size);
        list.push(Json::Object(fields.0));
    }
    Json::Array(list)
}

pub(super) fn vm(id: MachineId, vm: &Vm) -> Object {
    let (state, lcm_state) = vm.state.numbers();
    let mut disks = json::Array::new();
    for disk in vm.disks.iter().filter(|disk| disk.from != From::Context) {
        disks.push(Json::Object(observe_disk(disk)));
    }
    let mut fields = Fields::default();
    fields
        .number("id", id.0.into())
        .text("name", &vm.name(id))
        .text("uname", fixture::user_name(vm.owner))
        .number("state", state.into())
        .number("lcm_state", lcm_state.into())
        .json("disks", Json::Array(disks));
    fields.0
}

fn observe_disk(disk: &Disk) -> Object {
    let image = disk.image();
    let is = |what: fn(&DiskImage) -> bool| image.map(what);
    let snapshots = disk.snapshots.as_deref().map_or(Json::Null, |own| {
        let mut fields = Fields::default();
        fields
            .maybe("allow_orphans", own.orphans.map(Orphans::name))
            .id("current_base", own.base)
            .json("list", observe_snapshots(Some(own)));
        Json::Object(fields.0)
    });
    let mut fields = Fields::default();
    fields
        .number("disk_id", disk.id.into())
        .json("image_id", image.map_or(Json::Null, |image| int(image.id.0.into())))
        .maybe("image", image.map(|image| &*image.name))
        .number("image_state", image.map_or(-1, |image| image.state as i64))
        .flag("cloning", image.is_some_and(|image| image.cloning))
        .flag("persistent", image.is_some_and(DiskImage::is_persistent))
        .yes("save", is(DiskImage::is_persistent))
        .yes("clone", is(|image| image.data == Data::Copied))
        .yes("readonly", is(|image| image.readonly))
        .text("type", &disk.kind)
        .maybe("target", disk.target.as_deref())
        .maybe("source", image.map(|image| &*image.place.source).filter(|source| !source.is_empty()))
        .number("size", disk.size)
        .number("original_size", disk.original_size)
        .maybe("attach", disk.attach.then_some("YES"))
        .maybe("hotplug_save_as", disk.saved_as.map(|id| id.to_string()).as_deref())
        .json("snapshots", snapshots);
    fields.0
}
