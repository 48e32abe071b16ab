//! The browser: how the page was opened, what it remembers, frames, files. The only place that
//! touches it besides the components' events.

mod files;
mod focus;
mod frames;
mod listeners;
mod rules;
mod settings;
mod storage;
mod tasks;

use gloo::utils::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, ScrollBehavior, ScrollIntoViewOptions, ScrollLogicalPosition};
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

/// Carries out what the app asks of the browser; a message may come of it.
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
        Effect::Show { state, still } => tasks::after_a_frame(Callback::from(move |()| show(state, still))),
        Effect::ShowRow { system, row, of } => show_row(system, row, of),
        Effect::Save(text) => files::save(&text),
        Effect::FetchExample(name) => files::fetch_example(name, send),
    }
}

/// Scrolls the page to its diagrams, or as little as is needed to see a state above what lies at the window's edge.
fn show(state: Option<(usize, &str)>, still: bool) {
    let (selector, place) = match state {
        Some((system, name)) => {
            (format!("[data-system='{system}'] [data-state='{name}']"), ScrollLogicalPosition::Nearest)
        }
        None => ("#stages".to_owned(), ScrollLogicalPosition::Start),
    };
    let options = ScrollIntoViewOptions::new();
    options.set_block(place);
    options.set_behavior(if still { ScrollBehavior::Instant } else { ScrollBehavior::Smooth });
    if let Some(element) = elements(&selector).first() {
        element.scroll_into_view_with_scroll_into_view_options(&options);
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
