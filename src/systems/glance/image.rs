//! An image's record: `glance/db/sqlalchemy/models.py`, `Image` and the tables that hang on it.

use std::sync::Arc;

use crate::engine::SimTime;

use super::ImageStatus;
use super::fixture::Content;
use super::task::TaskId;
use super::world::{Store, Transfer};

/// An image's record.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Image {
    /// The id that the user gave, when one was given.
    pub explicit_id: Option<Arc<str>>,
    /// The name.
    pub name: Option<Arc<str>>,
    /// The status.
    pub status: ImageStatus,
    /// The size in bytes, once known.
    pub size: Option<u64>,
    /// Who may see it.
    pub visibility: Visibility,
    /// Whether it is safe from deletion.
    pub protected: bool,
    /// Whether the default list leaves it out.
    pub hidden: bool,
    /// `disk_format`.
    pub disk_format: Option<&'static str>,
    /// `container_format`.
    pub container_format: Option<&'static str>,
    /// `min_disk`, in GB.
    pub min_disk: u32,
    /// `min_ram`, in MB.
    pub min_ram: u32,
    /// The owning project.
    pub owner: Option<Arc<str>>,
    /// Tags, sorted.
    pub tags: Vec<Arc<str>>,
    /// Properties by name, sorted.
    pub properties: Vec<(Arc<str>, Arc<str>)>,
    /// The projects it is shared with, sorted.
    pub members: Vec<(Arc<str>, Membership)>,
    /// Where its data lies, in the order of the database's rows, also deleted rows.
    pub locations: Vec<Location>,
    /// Which stores hold a file under its id, and how long that is.
    pub files: Vec<(Store, u64)>,
    /// What its checksum was made of; `None` while there is none.
    pub checksum: Option<(Content, u64)>,
    /// The staged data; nothing of it while a staging is under way.
    pub staged: Option<(Content, u64)>,
    /// The upload or staging that is under way.
    pub transfer: Option<Arc<Transfer>>,
    /// What else is under way, since before that: one staging at most, and one upload into each store.
    pub older: Vec<Arc<Transfer>>,
    /// The answers that wait for the end of held requests which were refused at their beginning, one of each kind at
    /// most: whether it stages, the code and the words.
    pub refused: Vec<(bool, u32, Arc<str>)>,
    /// The task that holds the import lock (`os_glance_import_task`).
    pub lock: Option<TaskId>,
    /// Whether the record counts as deleted.
    pub deleted: bool,
    /// When it was deleted.
    pub deleted_at: SimTime,
}

/// A disk format and a container format.
pub type Formats = (Option<&'static str>, Option<&'static str>);

/// Where data of an image lies.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Location {
    /// The number of the row in the database.
    pub row: u32,
    /// The URL; `None` for a file in its store.
    pub url: Option<Arc<str>>,
    /// The store it belongs to.
    pub store: Store,
    /// Whether it still counts.
    pub state: LocationState,
}

/// The status of a location.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum LocationState {
    /// It counts.
    Active,
    /// Its data waits for the scrubber.
    PendingDelete,
    /// It is gone.
    Deleted,
}

impl LocationState {
    /// The word in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::PendingDelete => "pending_delete",
            Self::Deleted => "deleted",
        }
    }

    /// The state with this word.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Active, Self::PendingDelete, Self::Deleted].into_iter().find(|state| state.name() == name)
    }
}

/// Who may see an image: `glance/domain/__init__.py`, `Image.visibility`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Visibility {
    /// Everybody, by the service's choice.
    Public,
    /// Everybody who knows the id.
    Community,
    /// The project and its members.
    Shared,
    /// The project.
    Private,
}

impl Visibility {
    /// Every visibility, in the schema's order.
    pub const ALL: [Self; 4] = [Self::Community, Self::Public, Self::Private, Self::Shared];

    /// The word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Community => "community",
            Self::Shared => "shared",
            Self::Private => "private",
        }
    }

    /// The visibility with this word.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|visibility| visibility.name() == name)
    }
}

/// Whether a project has taken an image that is shared with it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Membership {
    /// Not answered yet.
    Pending,
    /// Taken.
    Accepted,
    /// Turned down.
    Rejected,
}

impl Membership {
    /// The word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
        }
    }

    /// The membership with this word.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Pending, Self::Accepted, Self::Rejected].into_iter().find(|status| status.name() == name)
    }
}

impl Default for Image {
    fn default() -> Self {
        Self {
            explicit_id: None,
            name: None,
            status: ImageStatus::Queued,
            size: None,
            visibility: Visibility::Shared,
            protected: false,
            hidden: false,
            disk_format: None,
            container_format: None,
            min_disk: 0,
            min_ram: 0,
            owner: None,
            tags: Vec::new(),
            properties: Vec::new(),
            members: Vec::new(),
            locations: Vec::new(),
            files: Vec::new(),
            checksum: None,
            staged: None,
            transfer: None,
            older: Vec::new(),
            refused: Vec::new(),
            lock: None,
            deleted: false,
            deleted_at: SimTime::START,
        }
    }
}

impl Image {
    /// A new record with these formats, and everything else as the service has it by default.
    pub fn named(name: Option<&str>, (disk_format, container_format): Formats) -> Box<Self> {
        Box::new(Self { name: name.map(Into::into), disk_format, container_format, ..Self::default() })
    }

    /// The locations that count.
    pub fn live(&self) -> impl DoubleEndedIterator<Item = &Location> {
        self.locations.iter().filter(|location| location.state == LocationState::Active)
    }

    /// How many locations count.
    pub fn live_count(&self) -> usize {
        self.live().count()
    }

    /// Whether a store holds a file under its id.
    pub fn has_file(&self, store: Store) -> bool {
        self.files.iter().any(|(holder, _)| *holder == store)
    }

    /// Whether any of its data can be read: `glance/location.py`, `ImageProxy.get_data` tries one location
    /// after the other.
    pub fn has_data(&self) -> bool {
        let has = |store| store == Store::Web || self.has_file(store) || self.is_filling(store);
        self.live().any(|location| has(location.store))
    }

    /// What is under way, the newest first.
    fn transfers(&self) -> impl Iterator<Item = &Arc<Transfer>> {
        self.transfer.iter().chain(self.older.iter().rev())
    }

    /// The staging, or the newest upload, that is under way.
    pub fn under_way(&self, staging: bool) -> Option<&Arc<Transfer>> {
        self.transfers().find(|transfer| transfer.staging == staging)
    }

    /// Whether a staging, or an upload, was held and has not ended, also one that was refused at its beginning.
    pub fn has_begun(&self, staging: bool) -> bool {
        self.under_way(staging).is_some() || self.refused.iter().any(|answer| answer.0 == staging)
    }

    /// Whether a file is being written into a store.
    pub fn is_filling(&self, store: Store) -> bool {
        self.transfers().any(|transfer| !transfer.staging && transfer.store == store)
    }

    /// Notes that a staging or an upload is under way.
    pub fn begin_transfer(&mut self, transfer: Transfer) {
        self.older.extend(self.transfer.replace(Arc::new(transfer)));
    }

    /// Notes that the staging, or the newest upload, is not under way any more.
    pub fn end_transfer(&mut self, staging: bool) {
        if self.transfer.take_if(|transfer| transfer.staging == staging).is_some() {
            self.transfer = self.older.pop();
        } else if let Some(at) = self.older.iter().rposition(|transfer| transfer.staging == staging) {
            self.older.remove(at);
        }
    }

    /// Takes the file out of a store.
    pub fn drop_file(&mut self, store: Store) {
        self.files.retain(|(holder, _)| *holder != store);
    }

    /// A property's value.
    pub fn property(&self, name: &str) -> Option<&str> {
        self.properties.iter().find(|(key, _)| &**key == name).map(|(_, value)| &**value)
    }

    /// Sets a property.
    pub fn set_property(&mut self, name: &str, value: &str) {
        match self.properties.binary_search_by(|(key, _)| (**key).cmp(name)) {
            Ok(at) => self.properties[at].1 = value.into(),
            Err(at) => self.properties.insert(at, (name.into(), value.into())),
        }
    }

    /// Adds a tag.
    pub fn add_tag(&mut self, tag: &str) {
        if let Err(at) = self.tags.binary_search_by(|other| (**other).cmp(tag)) {
            self.tags.insert(at, tag.into());
        }
    }

    /// Adds a location that counts.
    pub fn add_location(&mut self, row: u32, url: Option<Arc<str>>, store: Store) {
        self.locations.push(Location { row, url, store, state: LocationState::Active });
    }

    /// Takes over the length of what a location holds, where none is known: `_set_image_size` of
    /// `glance/location.py`, for which 0 is none.
    pub fn learn_size(&mut self, bytes: u64) {
        self.size = self.size.filter(|size| *size > 0).or(Some(bytes));
    }

    /// Lets one location go: with `delayed_delete` its data waits for the scrubber, otherwise the
    /// file goes at once. Source: `glance/location.py`, `StoreLocations.pop`.
    pub fn drop_location(&mut self, row: u32, delayed: bool) {
        let mut left = None;
        for location in self.locations.iter_mut().filter(|location| location.row == row) {
            location.state = if delayed { LocationState::PendingDelete } else { LocationState::Deleted };
            left = Some(location.store).filter(|_| !delayed);
        }
        if let Some(store) = left {
            self.drop_file(store);
        }
    }

    /// Writes back what a transfer read when it began: the lost update of `ImageRepo.save`,
    /// `glance/db/__init__.py`. Members and the import lock are not part of that record.
    pub fn write_back(&mut self, copy: &Self) {
        self.name.clone_from(&copy.name);
        self.size = copy.size;
        self.checksum = copy.checksum;
        self.visibility = copy.visibility;
        self.protected = copy.protected;
        self.hidden = copy.hidden;
        self.disk_format = copy.disk_format;
        self.container_format = copy.container_format;
        self.min_disk = copy.min_disk;
        self.min_ram = copy.min_ram;
        self.owner.clone_from(&copy.owner);
        self.tags.clone_from(&copy.tags);
        self.properties.clone_from(&copy.properties);
        self.keep_locations(copy, u32::MAX);
    }

    /// The locations that `copy` has count, also those that were dropped meanwhile, and those from row `new` on stay
    /// as they are; no other counts: `_image_update` and `_image_locations_set` of `glance/db/sqlalchemy/api.py`,
    /// which leave all as they are where none would count.
    pub fn keep_locations(&mut self, copy: &Self, new: u32) {
        let known = |location: &Location| copy.live().any(|known| known.row == location.row);
        let counts = |location: &Location| location.state == LocationState::Active;
        if self.locations.iter().any(|location| known(location) || location.row >= new && counts(location)) {
            for location in self.locations.iter_mut().filter(|location| location.row < new) {
                if known(location) {
                    location.state = LocationState::Active;
                } else if counts(location) {
                    location.state = LocationState::Deleted;
                }
            }
        }
    }
}
