//! The tree of snapshots of an image or a disk: `src/vm/Snapshots.cc`.

use crate::engine::order::in_order;
use std::sync::Arc;

use super::kinds::Orphans;

/// What the daemon says where there is no such snapshot.
pub(super) const NOT_THERE: &str = "Snapshot does not exist";

/// One snapshot.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct Snapshot {
    pub(super) id: u32,
    pub(super) name: Arc<str>,
    pub(super) parent: Option<u32>,
    pub(super) children: Vec<u32>,
    /// The size of the disk at that moment, in MB.
    pub(super) size: i64,
}

/// Every snapshot of one image or disk.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub(super) struct Snapshots {
    /// `None` once the list was cleared, until a disk's list replaces it.
    pub(super) orphans: Option<Orphans>,
    pub(super) active: Option<u32>,
    /// `CURRENT_BASE`: what new snapshots hang from in mode MIXED.
    pub(super) base: Option<u32>,
    pub(super) next: u32,
    pub(super) list: Vec<Snapshot>,
}

impl Snapshots {
    pub(super) fn new(orphans: Orphans) -> Self {
        Self { orphans: Some(orphans), ..Self::default() }
    }

    pub(super) fn find(&self, id: u32) -> Option<&Snapshot> {
        self.list.iter().find(|snapshot| snapshot.id == id)
    }

    fn find_mut(&mut self, id: u32) -> Option<&mut Snapshot> {
        self.list.iter_mut().find(|snapshot| snapshot.id == id)
    }

    fn mode(&self) -> Orphans {
        self.orphans.unwrap_or(Orphans::No)
    }

    /// Adds a snapshot and gives its id: `Snapshots::create_snapshot`.
    pub(super) fn create(&mut self, name: &str, size: i64) -> u32 {
        let id = self.next;
        self.next += 1;
        let parent = match self.mode() {
            Orphans::No => self.active,
            Orphans::Mixed => self.base,
            Orphans::Yes | Orphans::Linear => None,
        };
        if let Some(parent) = parent.and_then(|parent| self.find_mut(parent)) {
            parent.children.push(id);
        }
        self.list.push(Snapshot { id, name: name.into(), parent, children: Vec::new(), size });
        id
    }

    /// A new snapshot was made: it is where the disk stands now (`Snapshots::add_active_snapshot`).
    pub(super) fn made(&mut self, id: u32) {
        match self.mode() {
            Orphans::No | Orphans::Yes | Orphans::Linear => self.active = Some(id),
            Orphans::Mixed => {}
        }
    }

    /// The disk went back to a snapshot: `Snapshots::active_snapshot`.
    pub(super) fn reverted(&mut self, id: u32) {
        if self.active == Some(id) {
            return;
        }
        self.active = Some(id);
        match self.mode() {
            Orphans::No | Orphans::Yes => {}
            Orphans::Mixed => self.base = Some(id),
            Orphans::Linear => self.list.retain(|snapshot| snapshot.id <= id),
        }
    }

    /// Takes a snapshot out; its parent takes over an only child and becomes active in its place. A
    /// snapshot without a parent leaves its child behind as it is (`Snapshots::delete_snapshot`).
    pub(super) fn delete(&mut self, id: u32) {
        let Some(place) = self.list.iter().position(|snapshot| snapshot.id == id) else { return };
        let Snapshot { parent, children, .. } = self.list.remove(place);
        let parent = parent.filter(|parent| self.find(*parent).is_some());
        if self.active == Some(id) {
            self.active = parent;
        }
        let Some(parent_id) = parent else { return };
        let child = if let [child] = children[..] { Some(child) } else { None };
        if let Some(child) = child.and_then(|child| self.find_mut(child)) {
            child.parent = Some(parent_id);
        }
        if let Some(parent) = self.find_mut(parent_id) {
            parent.children.retain(|&child| child != id);
            parent.children.extend(child);
            parent.children = in_order(std::mem::take(&mut parent.children), |child| *child);
        }
    }

    /// Whether an image may lose this snapshot: `Snapshots::test_delete_image`.
    pub(super) fn check_delete_from_image(&self, id: u32) -> Result<(), &'static str> {
        let snapshot = self.find(id).ok_or(NOT_THERE)?;
        match self.mode() {
            Orphans::No | Orphans::Mixed if self.active == Some(id) => {
                Err("Cannot delete the active snapshot")
            }
            Orphans::No | Orphans::Mixed if !snapshot.children.is_empty() => {
                Err("Cannot delete snapshot with children")
            }
            Orphans::No | Orphans::Mixed | Orphans::Yes | Orphans::Linear => Ok(()),
        }
    }

    /// Whether a VM's disk may lose this snapshot: `Snapshots::test_delete`.
    pub(super) fn check_delete_from_disk(&self, id: u32, persistent: bool) -> Result<(), &'static str> {
        let snapshot = self.find(id).ok_or(NOT_THERE)?;
        let is_active = self.active == Some(id);
        match self.mode() {
            Orphans::Mixed if is_active => Err("Cannot delete the active snapshot"),
            Orphans::Mixed if !snapshot.children.is_empty() => Err("Cannot delete snapshot with children"),
            Orphans::Yes | Orphans::Mixed => Ok(()),
            Orphans::No | Orphans::Linear => self.check_splice(snapshot, is_active, persistent),
        }
    }

    fn check_splice(
        &self,
        snapshot: &Snapshot,
        is_active: bool,
        persistent: bool,
    ) -> Result<(), &'static str> {
        if persistent && snapshot.id == 0 {
            return Err("Cannot delete snapshot 0 for persistent disk images");
        }
        let child = match snapshot.children[..] {
            [] => return Ok(()),
            [child] => self.find(child),
            _ => return Err("Cannot delete snapshot with more than one children"),
        };
        if is_active {
            return Err("Cannot delete the active snapshot with children");
        }
        let grandchildren = child.map_or(&[][..], |child| &child.children);
        let child_is_active = child.is_some_and(|child| self.active == Some(child.id));
        if grandchildren.len() > 1 || grandchildren.len() == 1 && child_is_active {
            return Err("Cannot delete snapshot if child has children");
        }
        let parent = snapshot.parent.and_then(|parent| self.find(parent));
        if parent.is_some_and(|parent| parent.children.len() > 1) {
            return Err("Cannot delete snapshot if parent has more than one child");
        }
        Ok(())
    }
}
