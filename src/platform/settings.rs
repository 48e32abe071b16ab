//! How the page was opened: what its address says, and what the person prefers.

use gloo::utils::window;
use web_sys::UrlSearchParams;

use super::{holds, storage};
use crate::app::{Settings, Theme};

/// Reads the address and the preferences.
pub fn settings() -> Settings {
    let query = window().location().search().unwrap_or_default();
    let query = UrlSearchParams::new_with_str(&query).ok();
    let get = |name: &str| query.as_ref()?.get(name);
    let theme = get("theme").or_else(storage::kept_theme).unwrap_or_default();
    Settings {
        still: holds("(prefers-reduced-motion: reduce)"),
        theme: Theme::named(&theme),
        knows: storage::is_guided(),
        keys: storage::kept_keys(),
        ..Settings::from_query(get)
    }
}
