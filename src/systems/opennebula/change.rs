//! What can change in the world besides an image's state, and how each change is made.

use std::sync::Arc;

use super::OpenNebula;
use super::driver::{Call, Fate};
use super::kinds::ImageType;
use super::names;
use super::snapshots::Snapshots;
use super::state::ImageState;
use super::template::Template;
use super::vm_state::VmState;
use super::world::{Disk, Facts, Image, Lock, Origin, Place, Site, Vm, Waiting, World};
use crate::engine::{Event, ImageId, MachineId, SimTime, Transition};

/// A change that is not a change of an image's state.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change(pub(super) What);

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum What {
    /// An image got its record, still INIT.
    Registered(ImageId, Arc<Facts>, Arc<Place>),
    /// Something of an image changed.
    Edited(ImageId, Edit),
    /// An id was used up by an allocation that failed.
    ImageIdBurnt,
    VmIdBurnt,
    VmCreated(MachineId, Arc<Vm>),
    VmMoved(MachineId, VmState, VmState),
    VmEdited(MachineId, VmEdit),
    /// A driver was called.
    Called(u32, Arc<Call>),
    /// A call was answered, or will never be.
    CallEnded {
        number: u32,
        object: u32,
    },
    /// A call that took its time ends later, or never: it hangs.
    Postponed {
        number: u32,
        object: u32,
        due: Option<Box<SimTime>>,
    },
    SiteChanged(Arc<Site>),
    /// A recorded image took the place of ours.
    ImageAdopted(ImageId, Option<Arc<Image>>),
    VmAdopted(MachineId, Option<Arc<Vm>>),
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Edit {
    /// Written to the database without any difference.
    Touched,
    Name(Arc<str>),
    Owner(u32),
    Group(u32),
    Permissions(u16),
    Locked(Option<Lock>),
    Template(Template),
    Error(Option<Arc<str>>),
    Kind(ImageType),
    Persistent(bool),
    /// Behind a pointer, as all that is seldom and large, so that events stay small.
    Size(Box<i64>),
    Placed(Arc<Place>),
    TargetSnapshot(Option<u32>),
    CloningEnded,
    VmAdded(MachineId),
    VmRemoved(MachineId),
    CloneAdded(ImageId),
    CloneRemoved(ImageId),
    AppAdded(u32),
    AppRemoved(u32),
    Snapshots(Arc<Snapshots>),
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum VmEdit {
    /// A disk is new or different.
    Disk(Arc<Disk>),
    DiskRemoved(u32),
    Placed,
    Origin(Origin),
    CutOff(bool),
    Target(Option<Box<(u32, u32)>>),
    Backup(Option<Box<(u32, Arc<str>)>>),
}

/// Changes the world as `event` says.
pub(super) fn evolve(world: &mut World, event: &Event<OpenNebula>) {
    match event {
        Event::Transitioned(transition) => move_image(world, *transition),
        Event::Changed(Change(what)) => make(world, what),
    }
}

fn move_image(world: &mut World, Transition { image, from, to }: Transition<ImageState>) {
    let Some(to) = to else {
        names::leave(world, image);
        world.images.remove(image);
        return;
    };
    let Some(image) = world.images.get_mut(image) else { return };
    image.state = to;
    if from.is_some() {
        image.prev_state = to;
    }
}

fn make(world: &mut World, what: &What) {
    match what {
        What::Registered(id, facts, place) => {
            world.next_image = world.next_image.max(id.0 + 1);
            world.images.insert(*id, Arc::new(Image::new(facts, place)));
            names::enter(world, *id);
        }
        What::Edited(id, edit @ (Edit::Name(_) | Edit::Owner(_))) => {
            names::leave(world, *id);
            if let Some(image) = world.images.get_mut(*id) {
                edit_image(image, edit);
            }
            names::enter(world, *id);
        }
        What::Edited(id, Edit::Touched) if is_settled(world, *id) => {}
        What::Edited(id, edit) => {
            if let Some(image) = world.images.get_mut(*id) {
                edit_image(image, edit);
            }
        }
        What::ImageIdBurnt => world.next_image = 1,
        What::VmIdBurnt => world.next_vm = 1,
        What::VmCreated(id, vm) => {
            world.next_vm = world.next_vm.max(id.0 + 1);
            world.vms.insert(*id, Arc::clone(vm));
        }
        What::VmMoved(id, _, to) => {
            if let Some(vm) = world.vms.get_mut(*id) {
                vm.state = *to;
            }
        }
        What::VmEdited(id, edit) => {
            if let Some(vm) = world.vms.get_mut(*id) {
                edit_vm(vm, edit);
            }
        }
        What::SiteChanged(site) => world.site = Arc::clone(site),
        What::ImageAdopted(id, image) => adopt_image(world, *id, image.as_ref()),
        What::VmAdopted(id, vm) => adopt_vm(world, *id, vm.as_ref()),
        What::Called(..) | What::CallEnded { .. } | What::Postponed { .. } => change_calls(world, what),
    }
}

/// Whether the database has the image as it is.
fn is_settled(world: &World, id: ImageId) -> bool {
    world.find_image(id).is_some_and(|image| image.prev_state == image.state)
}

fn change_calls(world: &mut World, what: &What) {
    match what {
        What::Called(number, call) => {
            world.next_call = number + 1;
            match call.fate {
                Fate::AtOnce(_) => world.ready.push((*number, Arc::clone(call))),
                Fate::Due(at, _) => {
                    note_due(world, (at, *number, call.object));
                    keep_call(world, *number, call);
                }
                Fate::Held => keep_call(world, *number, call),
            }
        }
        What::CallEnded { number, object } => end_call(world, *number, *object),
        What::Postponed { number, object, due } => {
            postpone_call(world, *number, *object, due.as_deref().copied());
        }
        What::Registered(..)
        | What::Edited(..)
        | What::ImageIdBurnt
        | What::VmIdBurnt
        | What::VmCreated(..)
        | What::VmMoved(..)
        | What::VmEdited(..)
        | What::SiteChanged(_)
        | What::ImageAdopted(..)
        | What::VmAdopted(..) => {}
    }
}

/// A call ends by itself at this moment.
fn note_due(world: &mut World, end: (SimTime, u32, u32)) {
    if let Err(place) = world.due.binary_search(&end) {
        Arc::make_mut(&mut world.due).insert(place, end);
    }
}

/// A call does not end by itself any more.
fn forget_due(world: &mut World, end: (SimTime, u32, u32)) {
    if let Ok(place) = world.due.binary_search(&end) {
        Arc::make_mut(&mut world.due).remove(place);
    }
}

/// A call waits for its driver.
fn keep_call(world: &mut World, number: u32, call: &Arc<Call>) {
    world.calls.get_or_default(call.object).push(Waiting { number, call: Arc::clone(call) });
}

/// A call is there no longer.
fn end_call(world: &mut World, number: u32, object: u32) {
    world.ready.retain(|(ready, _)| *ready != number);
    let Some(calls) = world.calls.get_mut(object) else { return };
    let ended = calls.iter().find(|waiting| waiting.number == number);
    let due = ended.and_then(|waiting| waiting.call.fate.due());
    calls.retain(|waiting| waiting.number != number);
    if calls.is_empty() {
        world.calls.remove(object);
    }
    if let Some(due) = due {
        forget_due(world, (due, number, object));
    }
}

/// A call that ends by itself does so at another moment, or never.
fn postpone_call(world: &mut World, number: u32, object: u32, later: Option<SimTime>) {
    let Some(calls) = world.calls.get_mut(object) else { return };
    let Some(waiting) = calls.iter_mut().find(|waiting| waiting.number == number) else { return };
    let Fate::Due(due, answered) = waiting.call.fate.clone() else { return };
    Arc::make_mut(&mut waiting.call).fate = later.map_or(Fate::Held, |later| Fate::Due(later, answered));
    forget_due(world, (due, number, object));
    if let Some(later) = later {
        note_due(world, (later, number, object));
    }
}

fn edit_image(image: &mut Image, edit: &Edit) {
    match edit {
        Edit::Touched => {}
        Edit::Name(name) => image.facts_mut().name = Arc::clone(name),
        Edit::Owner(owner) => image.facts_mut().owner = *owner,
        Edit::Group(group) => image.facts_mut().group = *group,
        Edit::Permissions(permissions) => image.facts_mut().permissions = *permissions,
        Edit::Locked(lock) => image.extras_mut().lock = *lock,
        Edit::Template(template) => image.facts_mut().template = template.clone(),
        Edit::Error(error) => image.extras_mut().error.clone_from(error),
        Edit::Kind(kind) => image.facts_mut().kind = *kind,
        Edit::Persistent(persistent) => image.facts_mut().persistent = *persistent,
        Edit::Size(size) => image.facts_mut().size = **size,
        Edit::Placed(place) => image.place = Arc::clone(place),
        Edit::TargetSnapshot(target) => image.extras_mut().target_snapshot = *target,
        Edit::CloningEnded => image.is_copied = true,
        Edit::VmAdded(vm) => image.vms.insert(*vm),
        Edit::VmRemoved(vm) => image.vms.retain(|own| own != vm),
        Edit::CloneAdded(clone) => image.clones.insert(*clone),
        Edit::CloneRemoved(clone) => image.clones.retain(|own| own != clone),
        Edit::AppAdded(app) => image.extras_mut().app_clones.insert(*app),
        Edit::AppRemoved(app) => image.extras_mut().app_clones.retain(|own| own != app),
        Edit::Snapshots(snapshots) => image.snapshots = Some(Arc::clone(snapshots)),
    }
    image.prev_state = image.state;
}

fn edit_vm(vm: &mut Vm, edit: &VmEdit) {
    match edit {
        VmEdit::Disk(disk) => match Arc::make_mut(&mut vm.disks).iter_mut().find(|own| own.id == disk.id) {
            Some(own) => own.clone_from(disk),
            None => vm.disks = vm.disks.iter().chain([&**disk]).cloned().collect(),
        },
        VmEdit::DiskRemoved(id) => {
            vm.disks = vm.disks.iter().filter(|disk| disk.id != *id).cloned().collect();
        }
        VmEdit::Placed => vm.has_history = true,
        VmEdit::Origin(origin) => vm.origin = *origin,
        VmEdit::CutOff(cut_off) => vm.cut_off = *cut_off,
        VmEdit::Target(target) => vm.target = target.as_deref().copied(),
        VmEdit::Backup(backup) => vm.backup = backup.as_deref().cloned(),
    }
}

fn adopt_image(world: &mut World, id: ImageId, image: Option<&Arc<Image>>) {
    names::leave(world, id);
    match image {
        Some(image) => {
            world.next_image = world.next_image.max(id.0 + 1);
            world.images.insert(id, Arc::clone(image));
            names::enter(world, id);
        }
        None => world.images.remove(id),
    }
}

fn adopt_vm(world: &mut World, id: MachineId, vm: Option<&Arc<Vm>>) {
    match vm {
        Some(vm) => {
            world.next_vm = world.next_vm.max(id.0 + 1);
            world.vms.insert(id, Arc::clone(vm));
        }
        None => world.vms.remove(id),
    }
}
