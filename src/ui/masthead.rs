//! The head of the page: what this is, and the way to other sessions and to recordings of the real systems.

use yew::prelude::*;

use super::compare::PAGE;
use super::event::{self, File};
use super::later::{Part, later};
use super::{click, menu};
use crate::app::{Msg, Shown, Theme, View};

/// The head of the page. `read_file` takes a file that was picked.
pub(super) fn masthead(
    view: &View,
    clouds: &[(usize, &str)],
    recording: Option<&Shown>,
    read_file: &Callback<File>,
    send: &Callback<Msg>,
) -> Html {
    let tools = match recording {
        Some(recording) => later(&Part::Recording(recording), send),
        None => offered(view, clouds, read_file, send),
    };
    html! {
        <header class="masthead">
            <div>
                <h1>{ "Image Lifecycle Lab" }</h1>
                <p class="quiet">{ "One action, two clouds: what becomes of a disk image. " }</p>
                <a class="quiet" href={PAGE}>{ "What corresponds to what" }</a>
            </div>
            { tools }
            { themes(view.theme, send) }
        </header>
    }
}

fn themes(chosen: Theme, send: &Callback<Msg>) -> Html {
    let onchange = send.reform(|change| Msg::ThemeChosen(Theme::named(&event::selected(&change))));
    let options = Theme::ALL.into_iter().map(|theme| {
        html! { <option value={theme.name()} selected={theme == chosen}>{ "Theme: " }{ theme.name() }</option> }
    });
    html! { <select class="themes" aria-label="Theme" {onchange}>{ for options }</select> }
}

/// The recording that is shown.
pub(super) fn shown(Shown { name, steps, different }: &Shown, send: &Callback<Msg>) -> Html {
    let verdict = match different {
        0 => "our rules answer every step as the real system did".to_owned(),
        1 => "our rules answer 1 step differently; it is marked".to_owned(),
        many => format!("our rules answer {many} steps differently; they are marked"),
    };
    html! {
        <div class="recording" role="group" aria-label="Recording">
            <p class="recording__said"><strong>{ name }</strong>{ format!(" · {steps} recorded steps · {verdict}") }</p>
            <button type="button" onclick={click(send, Msg::RecordingClosed)}>
                { "Close the recording" }
            </button>
        </div>
    }
}

fn offered(view: &View, clouds: &[(usize, &str)], read_file: &Callback<File>, send: &Callback<Msg>) -> Html {
    let onchange = {
        let read_file = read_file.clone();
        Callback::from(move |change: Event| {
            if let Some(file) = event::picked(&change) {
                read_file.emit(file);
            }
        })
    };
    let examples = clouds.iter().map(|&(system, title)| {
        let onclick = click(send, Msg::ExampleChosen(system));
        html! { <button type="button" {onclick}>{ format!("A recording of a real {title}") }</button> }
    });
    html! {
        <div class="recording" role="group" aria-label="Recordings and sessions">
            { menu("Open", html! {
                <>
                    { for examples }
                    <label class="button">
                        { "A file…" }
                        <input class="unseen" type="file" accept=".jsonl,.json,.txt" {onchange} />
                    </label>
                </>
            }) }
            <button type="button" onclick={click(send, Msg::SaveAsked)}>{ "Save" }</button>
            <button type="button" onclick={click(send, Msg::StartedAnew)}>{ "New session" }</button>
            if view.before {
                <button type="button" onclick={click(send, Msg::BroughtBack)}>{ "Previous session" }</button>
            }
        </div>
    }
}
