//! Everything that OpenNebula remembers: images, VMs, calls to drivers, and the site around them.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::ops::Deref;
use std::sync::Arc;

use super::driver::{Call, Kind, Mode};
use super::fixture::{DATASTORES, Datastore};
use super::kinds::{ImageType, LockLevel};
use super::names::Names;
use super::shared;
use super::snapshots::Snapshots;
use super::state::ImageState;
use super::template::Template;
use super::vm_state::VmState;
use crate::engine::few::Few;
use crate::engine::pool::Pool;
use crate::engine::trie::Trie;
use crate::engine::{ImageId, MachineId, SimTime};

/// The world of one OpenNebula installation. Its default is the fixture of the recordings.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct World {
    pub(super) images: Pool<ImageId, Image>,
    pub(super) vms: Pool<MachineId, Vm>,
    pub(super) names: Names,
    /// Calls that wait for their driver, by the object that they are about, oldest first.
    pub(super) calls: Trie<Few<Waiting>>,
    /// When calls end by themselves, the first to end first: the moment, the call's number, its object.
    pub(super) due: Arc<VecDeque<(SimTime, u32, u32)>>,
    /// Calls that will be answered before the turn ends, oldest first.
    pub(super) ready: Vec<(u32, Arc<Call>)>,
    pub(super) next_image: u32,
    pub(super) next_vm: u32,
    pub(super) next_call: u32,
    pub(super) site: Arc<Site>,
}

/// A call that waits for its driver. Calls are numbered in the order in which they are made.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Waiting {
    pub(super) number: u32,
    pub(super) call: Arc<Call>,
}

/// A world without messages, numbers of calls and the like. Two worlds that are equal in this give the same
/// answers from here on.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Abridged {
    images: Vec<(ImageId, Image)>,
    vms: Vec<(MachineId, Vm)>,
    calls: Vec<Call>,
    next: (ImageId, MachineId),
    site: Arc<Site>,
}

/// What seldom changes: drivers' modes, users' settings, templates, marketplaces.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub(super) struct Site {
    /// How long a driver takes to move data, in ms of simulated time; 0 answers at once.
    pub(super) pace: u64,
    /// How calls answer, by kind and, where it is for one object only, its id.
    pub(super) modes: Vec<((Kind, Option<u32>), Mode)>,
    pub(super) preferences: Vec<(u32, Preferences)>,
    pub(super) quotas: Vec<Quota>,
    /// What the quotas of a user in a datastore count and never was: the images that were refused too late.
    pub(super) miscounted: Vec<((u32, u32), usize)>,
    pub(super) templates: Vec<VmTemplate>,
    pub(super) next_template: u32,
    /// The names of the marketplaces that users made.
    pub(super) markets: Vec<Arc<str>>,
    pub(super) apps: Vec<App>,
    pub(super) next_app: u32,
    pub(super) deleted_datastores: Vec<u32>,
    pub(super) renamed_datastores: Vec<(u32, Arc<str>)>,
}

/// `DEFAULT_IMAGE_PERSISTENT` and `DEFAULT_IMAGE_PERSISTENT_NEW` of a user.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub(super) struct Preferences {
    pub(super) persistent_copies: Option<bool>,
    pub(super) persistent_new: Option<bool>,
}

/// A limit of a user.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct Quota {
    pub(super) user: u32,
    pub(super) of: Limited,
    pub(super) limit: u32,
}

/// What a quota counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum Limited {
    /// `IMAGES` of a `DATASTORE`.
    ImagesIn(u32),
    /// `RVMS` of an `IMAGE`.
    VmsOf(ImageId),
}

/// A VM template: its disks.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct VmTemplate {
    pub(super) id: u32,
    pub(super) name: Arc<str>,
    pub(super) owner: u32,
    pub(super) images: Arc<[i64]>,
}

/// An appliance of a marketplace, made from an image.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct App {
    pub(super) id: u32,
    pub(super) name: Arc<str>,
    pub(super) owner: u32,
    pub(super) origin: Option<ImageId>,
}

/// The user's lock on an image.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct Lock {
    pub(super) level: LockLevel,
    pub(super) owner: u32,
}

/// One image: `include/Image.h`. What its life changes again and again; what seldom changes is shared
/// with the record as it was before, and read as if it stood here.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct Image {
    pub(super) facts: Arc<Facts>,
    pub(super) place: Arc<Place>,
    pub(super) state: ImageState,
    /// Rewritten with the state at every update of the database; INIT until the first.
    pub(super) prev_state: ImageState,
    /// Whether it is a copy and the copying is over, well or not.
    pub(super) is_copied: bool,
    /// `VMS`; `RUNNING_VMS` is its length.
    pub(super) vms: Few<MachineId>,
    /// `CLONES`; `CLONING_OPS` is its length and that of `APP_CLONES`.
    pub(super) clones: Few<ImageId>,
    /// `None` as long as nothing was ever written there.
    pub(super) snapshots: Option<Arc<Snapshots>>,
    pub(super) extras: Arc<Extras>,
}

/// What few images ever have.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub(super) struct Extras {
    pub(super) lock: Option<Lock>,
    pub(super) app_clones: Few<u32>,
    pub(super) target_snapshot: Option<u32>,
    /// `ERROR` of the template, without its time.
    pub(super) error: Option<Arc<str>>,
}

/// What seldom changes of an image.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct Facts {
    pub(super) name: Arc<str>,
    pub(super) owner: u32,
    pub(super) group: u32,
    pub(super) kind: ImageType,
    pub(super) persistent: bool,
    pub(super) permissions: u16,
    pub(super) datastore: u32,
    pub(super) size: i64,
    pub(super) path: Arc<str>,
    pub(super) fs: Arc<str>,
    /// The image that it is a copy of.
    pub(super) copy_of: Option<ImageId>,
    pub(super) template: Template,
}

/// Where the data of an image is, and its format. Whoever changes one of them writes both anew.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub(super) struct Place {
    pub(super) source: Arc<str>,
    pub(super) format: Arc<str>,
}

impl Deref for Image {
    type Target = Facts;

    fn deref(&self) -> &Facts {
        &self.facts
    }
}

impl Image {
    /// A new image that nothing has happened to yet: `Image::Image`.
    pub(super) fn new(facts: &Arc<Facts>, place: &Arc<Place>) -> Self {
        Self {
            facts: Arc::clone(facts),
            place: Arc::clone(place),
            state: ImageState::Init,
            prev_state: ImageState::Init,
            is_copied: false,
            vms: Few::default(),
            clones: Few::default(),
            snapshots: None,
            extras: shared::extras(),
        }
    }

    /// What seldom changes, to be changed.
    pub(super) fn facts_mut(&mut self) -> &mut Facts {
        Arc::make_mut(&mut self.facts)
    }

    /// What few images have, to be changed.
    pub(super) fn extras_mut(&mut self) -> &mut Extras {
        Arc::make_mut(&mut self.extras)
    }

    /// `CLONING_ID`: the image that it is still being copied from.
    pub(super) fn cloning_from(&self) -> Option<ImageId> {
        self.copy_of.filter(|_| !self.is_copied)
    }

    /// Messages, the state before, an empty list of snapshots and what a copy once was copied from are only
    /// shown.
    fn abridged(&self) -> Self {
        let snapshots = self.snapshots.clone().filter(|snapshots| snapshots.next > 0);
        let mut image = Self { prev_state: self.state, is_copied: false, snapshots, ..self.clone() };
        if self.is_copied {
            image.facts_mut().copy_of = None;
        }
        if image.extras.error.is_some() {
            image.extras_mut().error = None;
        }
        image
    }

    pub(super) fn running_vms(&self) -> usize {
        self.vms.len()
    }

    pub(super) fn cloning_ops(&self) -> usize {
        self.clones.len() + self.extras.app_clones.len()
    }

    pub(super) fn has_snapshots(&self) -> bool {
        self.snapshots.as_ref().is_some_and(|snapshots| !snapshots.list.is_empty())
    }

    pub(super) fn is_shareable(&self) -> bool {
        self.is_of_persistent_type("SHAREABLE")
    }

    /// What a new disk is to its data: `Image::disk_attribute`. What can only be read is neither copied nor written back.
    pub(super) fn data(&self) -> Data {
        match (self.kind == ImageType::Cdrom || self.is_of_persistent_type("IMMUTABLE"), self.persistent) {
            (true, _) => Data::Fixed,
            (false, true) => Data::Saved,
            (false, false) => Data::Copied,
        }
    }

    fn is_of_persistent_type(&self, wanted: &str) -> bool {
        self.template.get("PERSISTENT_TYPE").is_some_and(|kind| kind.eq_ignore_ascii_case(wanted))
    }

    /// Whether it is the target of a disk save-as.
    pub(super) fn is_saving(&self) -> bool {
        self.template.is_saving()
    }
}

/// What a VM that waits for a host comes back from.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum Origin {
    Fresh,
    Stopped,
    Undeployed,
}

/// One VM: `include/VirtualMachine.h`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct Vm {
    /// Empty when it was given none: see [`Vm::name`].
    pub(super) name: Arc<str>,
    pub(super) owner: u32,
    pub(super) group: u32,
    pub(super) state: VmState,
    /// Submitted on hold.
    pub(super) on_hold: bool,
    /// Whether it was ever on a host.
    pub(super) has_history: bool,
    pub(super) origin: Origin,
    /// Asked last to end at once, not to shut down.
    pub(super) cut_off: bool,
    /// Shared with the VM as it was before, like the [`Facts`] of an image.
    pub(super) disks: Arc<[Disk]>,
    /// The snapshot that a disk operation under way is about: disk, snapshot.
    pub(super) target: Option<(u32, u32)>,
    /// The backup under way: its datastore, and the name of the new image.
    pub(super) backup: Option<(u32, Arc<str>)>,
}

impl Vm {
    /// A VM that has ended has no disks any more that matter.
    fn abridged(&self) -> Self {
        let mut vm = self.clone();
        if vm.state == VmState::Done {
            vm.disks = Arc::default();
            vm.has_history = false;
        }
        vm.cut_off &= vm.state == VmState::Shutdown;
        for image in Arc::make_mut(&mut vm.disks).iter_mut().filter_map(Disk::image_mut) {
            image.state = ImageState::Init;
        }
        vm
    }

    /// Its name; one that was given none is named after its number: `VirtualMachine::insert`.
    pub(super) fn name(&self, id: MachineId) -> Arc<str> {
        if self.name.is_empty() { shared::numbered("one-", id.0) } else { Arc::clone(&self.name) }
    }

    pub(super) fn disk(&self, id: u32) -> Option<&Disk> {
        self.disks.iter().find(|disk| disk.id == id && disk.from != From::Context)
    }
}

/// A disk of a VM.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct Disk {
    pub(super) id: u32,
    pub(super) from: From,
    /// The kind that the hypervisor sees: `FILE`, `BLOCK`, `CDROM`, `swap`.
    pub(super) kind: Cow<'static, str>,
    pub(super) target: Option<Arc<str>>,
    pub(super) size: i64,
    pub(super) original_size: i64,
    /// Being attached or detached.
    pub(super) attach: bool,
    /// The image that its data is being copied to.
    pub(super) saved_as: Option<ImageId>,
    /// The size before the resize under way.
    pub(super) size_before: Option<i64>,
    pub(super) snapshots: Option<Arc<Snapshots>>,
}

/// Where a disk's data comes from.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum From {
    /// Made for the VM, gone with it.
    Volatile,
    /// The CD-ROM of the context, which takes a number and a target, but is not among the disks of the VM.
    Context,
    /// An image.
    Image(DiskImage),
}

/// What a disk keeps of its image from the moment it was acquired.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct DiskImage {
    pub(super) id: ImageId,
    pub(super) name: Arc<str>,
    pub(super) state: ImageState,
    /// Waits until the image is unlocked.
    pub(super) cloning: bool,
    pub(super) data: Data,
    pub(super) readonly: bool,
    /// With an empty format when the image had none yet.
    pub(super) place: Arc<Place>,
    pub(super) datastore: u32,
}

/// What a disk is to the data of its image.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum Data {
    /// `CLONE=YES`: a copy.
    Copied,
    /// `SAVE=YES`: the data itself, and written back (`PERSISTENT`).
    Saved,
    /// Neither: nothing can be written.
    Fixed,
}

impl DiskImage {
    pub(super) fn is_persistent(&self) -> bool {
        self.data == Data::Saved
    }
}

impl Disk {
    pub(super) fn image(&self) -> Option<&DiskImage> {
        match &self.from {
            From::Volatile | From::Context => None,
            From::Image(image) => Some(image),
        }
    }

    pub(super) fn image_mut(&mut self) -> Option<&mut DiskImage> {
        match &mut self.from {
            From::Volatile | From::Context => None,
            From::Image(image) => Some(image),
        }
    }

    pub(super) fn target(&self) -> Option<&str> {
        self.target.as_deref()
    }

    pub(super) fn image_id(&self) -> Option<ImageId> {
        self.image().map(|image| image.id)
    }
}

impl World {
    /// The fixture with drivers that need `pace` to move data.
    pub fn paced(pace: SimTime) -> Self {
        Self { site: Arc::new(Site { pace: pace.0, ..Site::default() }), ..Self::default() }
    }

    /// The world without what no rule looks at.
    pub fn abridged(&self) -> Abridged {
        Abridged {
            images: self.images.iter().map(|(id, image)| (id, image.abridged())).collect(),
            vms: self.vms.iter().map(|(id, vm)| (id, vm.abridged())).collect(),
            calls: self.calls().cloned().collect(),
            next: self.next_ids(),
            site: Arc::clone(&self.site),
        }
    }

    /// The ids of the next image and the next VM.
    pub fn next_ids(&self) -> (ImageId, MachineId) {
        (ImageId(self.next_image), MachineId(self.next_vm))
    }

    pub(super) fn find_image(&self, id: ImageId) -> Option<&Image> {
        self.images.get(id)
    }

    pub(super) fn find_vm(&self, id: MachineId) -> Option<&Vm> {
        self.vms.get(id)
    }

    /// The calls about an object that wait for their driver, oldest first.
    pub(super) fn calls_about(&self, object: u32) -> &[Waiting] {
        self.calls.get(object).map_or(&[], |calls| calls)
    }

    /// Every call that waits for its driver, oldest first.
    pub(super) fn calls(&self) -> impl Iterator<Item = &Call> {
        let mut calls: Vec<&Waiting> = self.calls.iter().flat_map(|(_, calls)| calls.iter()).collect();
        calls.sort_unstable_by_key(|waiting| waiting.number);
        calls.into_iter().map(|waiting| &*waiting.call)
    }

    pub(super) fn datastore(&self, id: u32) -> Option<&'static Datastore> {
        let gone = self.site.deleted_datastores.contains(&id);
        DATASTORES.iter().find(|datastore| datastore.id == id).filter(|_| !gone)
    }

    pub(super) fn datastore_name(&self, id: u32) -> String {
        let renamed = self.site.renamed_datastores.iter().rev().find(|(renamed, _)| *renamed == id);
        let given = DATASTORES.iter().find(|datastore| datastore.id == id).map_or("", |found| found.name);
        renamed.map_or_else(|| given.to_owned(), |(_, name)| name.to_string())
    }

    pub(super) fn preferences(&self, user: u32) -> Preferences {
        let found = self.site.preferences.iter().rev().find(|(id, _)| *id == user);
        found.map(|(_, preferences)| *preferences).unwrap_or_default()
    }
}
