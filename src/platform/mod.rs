//! The browser: how the page was opened, what it remembers, frames, files. The only place that
//! touches it besides the components' events.

mod files;
mod focus;
mod frames;
mod listeners;
mod rules;
mod settings;
mod sight;
mod storage;
mod tasks;

use gloo::utils::{document, window};
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::Callback;

use crate::app::{Effect, Msg};
use crate::ui::{Place, TakenPlace};
pub use files::read_file;
pub use frames::{frames, now};
pub use settings::settings;
pub use storage::kept_journal;
pub use tasks::{rest, tasks};

/// An element that is not on the page.
pub fn nowhere() -> Option<Element> {
    document().create_element("div").ok()
}

/// The places that `index.html` has for the parts of the page.
pub fn places() -> Vec<TakenPlace> {
    let stages = elements(".stage");
    let place = |element: Element| {
        let stage = stages.iter().position(|stage| stage.contains(Some(&element)));
        let place = Place::named(&element.get_attribute(TakenPlace::NAME)?, stage)?;
        Some(TakenPlace { place, element })
    };
    elements(&format!("[{}]", TakenPlace::NAME)).into_iter().filter_map(place).collect()
}

/// The elements of the page that match.
fn elements(selector: &str) -> Vec<Element> {
    let found = document().query_selector_all(selector).ok();
    let nodes = found.iter().flat_map(|found| (0..found.length()).filter_map(|at| found.get(at)));
    nodes.filter_map(|node| node.dyn_into().ok()).collect()
}

/// Whether a media query holds.
fn holds(query: &str) -> bool {
    window().match_media(query).ok().flatten().is_some_and(|query| query.matches())
}

/// Carries out what the app asks of the browser; a message may come of it. What it asks only with the rules is
/// carried out by what came with them.
#[expect(clippy::wildcard_enum_match_arm, reason = "the others come with the rules")]
pub fn carry_out(effect: Effect, send: Callback<Msg>) {
    match effect {
        Effect::KeepJournal { slot, text } => {
            if !storage::keep_journal(slot, &text) {
                send.emit(Msg::NotKept);
            }
        }
        Effect::ShowTheme(theme) => storage::show_theme(theme),
        Effect::KeepGuided => storage::keep_guided(),
        Effect::FetchRules => rules::fetch(send),
        Effect::KeepKeys(on) => storage::keep_keys(on),
        Effect::Listen => listeners::listen(send),
        Effect::KeepPlace(place) => storage::keep_place(&place),
        effect => rules::carry_out(effect, send),
    }
}
