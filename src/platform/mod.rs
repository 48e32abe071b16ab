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
        Effect::FetchExample(name) => files::fetch_example(name, send),
    }
}
