//! The head of the page: what this is, and the way to a recording of the real system.

use yew::prelude::*;

use super::event::{self, File};
use crate::app::Msg;

/// What the head of the page shows.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct MastheadProps {
    /// The clouds by name.
    pub(super) titles: Vec<&'static str>,
    /// The recording on the stage: its name, how many steps it has, how many of them differ.
    pub(super) recording: Option<(String, usize, usize)>,
    /// Takes a file that was picked.
    pub(super) read_file: Callback<File>,
    /// Takes what the person did.
    pub(super) send: Callback<Msg>,
}

/// The head of the page.
#[component]
pub(super) fn Masthead(props: &MastheadProps) -> Html {
    let tools = match &props.recording {
        Some(recording) => shown(recording, &props.send),
        None => offered(props),
    };
    html! {
        <header class="masthead">
            <div>
                <h1>{ "Image Lifecycle Lab" }</h1>
                <p class="quiet">{ "One action, two clouds: what becomes of a disk image." }</p>
            </div>
            { tools }
        </header>
    }
}

fn shown((name, steps, different): &(String, usize, usize), send: &Callback<Msg>) -> Html {
    let verdict = match different {
        0 => "our rules answer every step as the real system did".to_owned(),
        1 => "our rules answer 1 step differently; it is marked".to_owned(),
        many => format!("our rules answer {many} steps differently; they are marked"),
    };
    html! {
        <div class="recording" role="group" aria-label="Recording">
            <p><strong>{ name }</strong>{ format!(" · {steps} recorded steps · {verdict}") }</p>
            <button type="button" onclick={send.reform(|_| Msg::RecordingClosed)}>
                { "Close the recording" }
            </button>
        </div>
    }
}

fn offered(props: &MastheadProps) -> Html {
    let onchange = {
        let read_file = props.read_file.clone();
        Callback::from(move |change: Event| {
            if let Some(file) = event::picked(&change) {
                read_file.emit(file);
            }
        })
    };
    let examples = props.titles.iter().enumerate().map(|(system, title)| {
        let onclick = props.send.reform(move |_| Msg::ExampleChosen(system));
        html! { <button type="button" {onclick}>{ format!("A real {title}") }</button> }
    });
    html! {
        <div class="recording" role="group" aria-label="Recordings of the real systems">
            <span class="quiet">{ "Watch a recording:" }</span>
            { for examples }
            <label class="button">
                { "Open a file…" }
                <input class="unseen" type="file" accept=".jsonl,.json,.txt" {onchange} />
            </label>
        </div>
    }
}
