//! What a reload finds again. Where the browser denies storage (a sandbox), nothing is kept.

use web_sys::Storage;

use crate::app::Slot;

/// The journal that an earlier visit kept.
pub fn kept_journal(slot: Slot) -> Option<String> {
    storage()?.get_item(key(slot)).ok().flatten()
}

/// Keeps a journal.
pub(super) fn keep_journal(slot: Slot, journal: &str) {
    if let Some(Err(problem)) = storage().map(|storage| storage.set_item(key(slot), journal)) {
        gloo::console::warn!("The session could not be kept for the next visit:", problem);
    }
}

fn key(slot: Slot) -> &'static str {
    match slot {
        Slot::Current => "image-lifecycle-lab journal",
        Slot::Before => "image-lifecycle-lab journal before",
    }
}

fn storage() -> Option<Storage> {
    gloo::utils::window().local_storage().ok().flatten()
}
