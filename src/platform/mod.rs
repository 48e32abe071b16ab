//! The browser: how the page was opened, what it remembers, frames, files. The only place that
//! touches it besides the components' events.

mod files;
mod frames;
mod keys;
mod rules;
mod settings;
mod storage;

use gloo::utils::document;
use web_sys::Element;
use yew::Callback;

use crate::app::{Effect, Msg};
pub use files::read_file;
pub use frames::frames;
pub use settings::settings;
pub use storage::kept_journal;

/// The element that the page is drawn in.
pub fn place() -> Option<Element> {
    document().get_element_by_id("app")
}

/// Carries out what the app asks of the browser; a message may come of it.
pub fn carry_out(effect: Effect, send: Callback<Msg>) {
    match effect {
        Effect::KeepJournal { slot, text } => storage::keep_journal(slot, &text),
        Effect::ShowTheme(theme) => storage::show_theme(theme),
        Effect::KeepGuided => storage::keep_guided(),
        Effect::FetchRules => rules::fetch(send),
        Effect::KeepKeys(on) => storage::keep_keys(on),
        Effect::WatchKeys => keys::watch(send),
        Effect::KeepPlace(place) => storage::keep_place(&place),
        Effect::ShowRow { system, row, of } => show_row(system, row, of),
        Effect::FetchExample(name) => files::fetch_example(name, send),
    }
}

/// Scrolls a list: its head stays, and all its rows are of the same height.
fn show_row(system: usize, row: usize, of: usize) {
    let list = document().query_selector(&format!("[data-system='{system}'] .list__rows"));
    let Some(list) = list.ok().flatten() else { return };
    let whole = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
    let height = list.scroll_height() / (whole(of) + 1).max(1);
    let top = height * whole(row);
    let highest = top + 2 * height - list.client_height();
    list.set_scroll_top(list.scroll_top().clamp(highest.min(top), top));
}
