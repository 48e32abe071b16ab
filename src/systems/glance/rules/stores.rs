//! An import on its way through the stores: `glance/async_/flows/api_image_import.py`,
//! `_ImportToStore` and `ImportActionWrapper`.

use crate::engine::Turn;

use super::super::action::Fault;
use super::super::domain::may_enter;
use super::super::fixture::Payload;
use super::super::image::Image;
use super::super::world::Store;
use super::super::{Glance, ImageStatus};
use super::upload::{Problem, fill};

/// The property that lists the stores still to be filled.
pub(super) const IMPORTING: &str = "os_glance_importing_to_stores";
/// The property that lists the stores that failed.
pub(super) const FAILED: &str = "os_glance_failed_import";

/// Adds stores to, and takes stores out of, a list in a property.
pub(super) fn change_stores(image: &mut Image, name: &str, add: &[Store], take: &[Store]) {
    let listed = |store: Store| {
        let known = image.property(name).unwrap_or_default();
        known.split(',').any(|known| known == store.name())
    };
    let mut text = String::new();
    for store in Store::BY_NAME {
        if add.contains(&store) || listed(store) && !take.contains(&store) {
            if !text.is_empty() {
                text.push(',');
            }
            text.push_str(store.name());
        }
    }
    image.set_property(name, &text);
}

/// Notes that these stores failed.
pub(super) fn give_up(image: &mut Image, stores: &[Store]) {
    change_stores(image, FAILED, stores, &[]);
    change_stores(image, IMPORTING, &[], stores);
}

/// Why an import failed.
pub(super) enum Failure {
    /// In a store, when all must succeed: the image stays as it is.
    Store,
    /// The same, because the record has the checksum of other data.
    Checksum,
    /// No store succeeded: `_VerifyImageState` puts the image back.
    NoStore,
    /// Before any store was tried.
    Elsewhere,
}

/// An import on its way through the stores.
pub(super) struct Run {
    /// The record as it becomes.
    pub(super) image: Box<Image>,
    /// The next location's row.
    pub(super) row: u32,
    /// Whether the image becomes active.
    pub(super) active: bool,
    /// Whether any of the data was read.
    pub(super) read: bool,
    /// The stores that were tried.
    pub(super) undone: Vec<Store>,
}

impl Run {
    /// `_ImportToStore.execute` for each store, and `revert` when it comes to that.
    pub(super) fn fill_stores(
        &mut self,
        turn: &Turn<'_, Glance>,
        file: Payload,
        stores: &[Store],
        all_must_succeed: bool,
        copies: bool,
        fault: Option<Fault>,
    ) -> Result<(), Failure> {
        for (index, store) in stores.iter().copied().enumerate() {
            let before = self.image.clone();
            let mut filled = fill(turn.world(), &mut self.image, file, store, None, fault, self.row);
            self.row = self.image.locations.iter().map(|l| l.row + 1).max().unwrap_or(self.row).max(self.row);
            self.undone.push(store);
            self.read |= !matches!(filled, Err(Problem::Duplicate | Problem::Disabled | Problem::Source));
            // The domain is asked last, when the file and the location are there.
            let activates = !copies && (index + 1 == stores.len() || !all_must_succeed);
            let becomes_active = activates && !self.active && self.image.status != ImageStatus::Active;
            if filled.is_ok() && becomes_active && may_enter(&self.image, ImageStatus::Active).is_err() {
                filled = Err(Problem::Source);
            }
            match filled {
                Ok(()) => {
                    self.image.size = Some(file.bytes);
                    self.active |= activates;
                    change_stores(&mut self.image, IMPORTING, &[], &[store]);
                }
                Err(problem) if all_must_succeed => {
                    let files = std::mem::take(&mut self.image.files);
                    self.image = before;
                    self.image.files = files;
                    self.revert(turn, Some(store));
                    let other = matches!(problem, Problem::Checksum);
                    return Err(if other { Failure::Checksum } else { Failure::Store });
                }
                Err(_) => give_up(&mut self.image, &[store]),
            }
        }
        // `_VerifyImageState`: an image that was deactivated meanwhile does not count as active.
        if self.active || self.image.status == ImageStatus::Active { Ok(()) } else { Err(Failure::NoStore) }
    }

    /// Takes back what the stores hold: `ImportActionWrapper.remove_location_for_store`.
    pub(super) fn revert(&mut self, turn: &Turn<'_, Glance>, failed: Option<Store>) {
        let delayed = turn.world().settings.delayed_delete;
        for store in std::mem::take(&mut self.undone).into_iter().rev() {
            let row = self.image.live().find(|location| location.store == store).map(|location| location.row);
            if let Some(row) = row {
                let last = self.image.live_count() == 1;
                // The http store deletes nothing, and no record is saved without a location (`_image_update`).
                if delayed || store != Store::Web || !last {
                    self.image.drop_location(row, delayed);
                }
                if last {
                    self.image.size = None;
                    self.image.checksum = None;
                }
            }
            change_stores(&mut self.image, IMPORTING, &[], &[store]);
            if failed == Some(store) {
                change_stores(&mut self.image, FAILED, &[store], &[]);
            }
        }
    }
}
