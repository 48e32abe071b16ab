//! What a reload finds again. Where the browser denies storage (a sandbox), nothing is kept.

use web_sys::Storage;

const JOURNAL: &str = "image-lifecycle-lab journal";

/// The journal that an earlier visit kept.
pub fn kept_journal() -> Option<String> {
    storage()?.get_item(JOURNAL).ok().flatten()
}

/// Keeps the journal.
pub(super) fn keep_journal(journal: &str) {
    if let Some(Err(problem)) = storage().map(|storage| storage.set_item(JOURNAL, journal)) {
        gloo::console::warn!("The session could not be kept for the next visit:", problem);
    }
}

fn storage() -> Option<Storage> {
    gloo::utils::window().local_storage().ok().flatten()
}
