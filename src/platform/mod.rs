//! The browser: how the page was opened, what it remembers, frames, files. The only place that
//! touches it besides the components' events.

mod failure;
mod files;
mod frames;
mod settings;
mod storage;

use yew::Callback;

use crate::app::{Effect, Msg};
use crate::ui::{Root, RootProps};

/// Starts the page in the element `#app`.
pub fn start() {
    failure::watch();
    let Some(place) = gloo::utils::document().get_element_by_id("app") else { return };
    let settings = settings::read();
    let kept = if settings.embed { None } else { storage::kept() };
    let props = RootProps {
        settings,
        kept,
        effects: Callback::from(|(effect, send)| carry_out(effect, send)),
        read_file: Callback::from(|(file, send)| files::read(file, send)),
        next_frame: frames::source(),
    };
    yew::Renderer::<Root>::with_root_and_props(place, props).render();
}

fn carry_out(effect: Effect, send: Callback<Msg>) {
    match effect {
        Effect::KeepJournal(text) => storage::keep(&text),
        Effect::FetchExample(system) => files::fetch_example(system, send),
    }
}
