//! How the page was opened: what its address says, and what the person prefers.

use gloo::utils::window;
use web_sys::UrlSearchParams;

use crate::app::Settings;

/// Reads the address and the preferences.
pub fn settings() -> Settings {
    let query = window().location().search().unwrap_or_default();
    let query = UrlSearchParams::new_with_str(&query).ok();
    let settings = Settings::from_query(|name| query.as_ref()?.get(name));
    Settings { still: prefers_stillness(), ..settings }
}

fn prefers_stillness() -> bool {
    let query = window().match_media("(prefers-reduced-motion: reduce)");
    query.ok().flatten().is_some_and(|query| query.matches())
}
