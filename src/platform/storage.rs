//! What a reload finds again. Where the browser denies storage (a sandbox), nothing is kept.

use web_sys::Storage;

use crate::app::{Slot, Theme};

/// The place in the current journal, kept beside it: it changes more often, and is a line.
const PLACE: &str = "image-lifecycle-lab place";

/// The journal that an earlier visit kept.
pub fn kept_journal(slot: Slot) -> Option<String> {
    let kept = |key| storage()?.get_item(key).ok().flatten();
    let place = match slot {
        Slot::Current => kept(PLACE),
        Slot::Before => None,
    };
    Some(kept(key(slot))? + &place.unwrap_or_default())
}

/// Keeps a journal, which ends with its place; says whether there was room for it.
pub(super) fn keep_journal(slot: Slot, journal: &str) -> bool {
    let kept = set(key(slot), journal);
    if kept && slot == Slot::Current {
        keep_place("");
    }
    kept
}

/// Keeps a place in the current journal.
pub(super) fn keep_place(place: &str) {
    set(PLACE, place);
}

/// Where the look is kept; `static/boot.js` reads it too, before anything is drawn.
const THEME: &str = "image-lifecycle-lab theme";

/// Where it is kept that the first minute was taken or skipped; `static/boot.js` reads it too.
const GUIDED: &str = "image-lifecycle-lab guided";

/// The look that an earlier visit chose.
pub(super) fn kept_theme() -> Option<String> {
    storage()?.get_item(THEME).ok().flatten()
}

/// Whether the first minute was taken or skipped on an earlier visit.
pub(super) fn is_guided() -> bool {
    storage().is_some_and(|storage| matches!(storage.get_item(GUIDED), Ok(Some(_))))
}

/// Remembers that the first minute was taken or skipped.
pub(super) fn keep_guided() {
    set(GUIDED, "yes");
}

/// Looks like this, also on the next visit.
pub(super) fn show_theme(theme: Theme) {
    if let Some(root) = gloo::utils::document().document_element() {
        // A page without this attribute looks as the system does.
        let _ = root.set_attribute("data-theme", theme.name());
    }
    set(THEME, theme.name());
}

/// Keeps something; says whether there was room for it. Where nothing is ever kept, nothing is missing.
fn set(key: &str, value: &str) -> bool {
    storage().is_none_or(|storage| storage.set_item(key, value).is_ok())
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

/// Whether single keys do something: they do, unless they were turned off.
pub(super) fn kept_keys() -> bool {
    storage().and_then(|storage| storage.get_item(KEYS).ok().flatten()).is_none_or(|keys| keys != "off")
}

/// Keeps whether single keys do something.
pub(super) fn keep_keys(on: bool) {
    set(KEYS, if on { "on" } else { "off" });
}

const KEYS: &str = "image-lifecycle-lab keys";
