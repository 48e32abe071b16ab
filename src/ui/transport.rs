//! Time in the person's hands: play, pause, step, seek, speed and branch.

use yew::prelude::*;

use super::{click, event};
use crate::app::{Msg, Speed, TransportView};
use crate::engine::SimTime;

/// The transport, at the moment `clock`.
pub(super) fn transport(view: &TransportView, clock: SimTime, send: &Callback<Msg>) -> Html {
    let at_start = view.depth == 0;
    let at_end = view.depth == view.steps;
    let sought =
        send.reform(|input: InputEvent| Msg::Sought(event::typed(&input).parse().unwrap_or_default()));
    let place = format!("step {} of {}", view.depth, view.steps);
    html! {
        <section class="transport" aria-label="Time">
            <div class="buttons">
                { button("Back to the beginning", "M3 2V12M12 2L5 7L12 12Z", at_start, click(send, Msg::Sought(0))) }
                { button("One step back", "M11 2L4 7L11 12Z", at_start, click(send, Msg::SteppedBack)) }
                { play_or_pause(view, send) }
                { button("One step forward", "M3 2L10 7L3 12Z", at_end, click(send, Msg::SteppedForward)) }
            </div>
            <input class="transport__line" type="range" min="0" max={view.steps.to_string()} value={view.depth.to_string()}
                aria-label="Place in the journal" aria-valuetext={place.clone()} oninput={sought} />
            <output class="transport__place">{ place }{ " · " }{ time(clock) }</output>
            { speeds(view, send) }
            if let Some(said) = &view.said { <p class="transport__said">{ said }</p> }
            if !view.captions.is_empty() {
                <p class="transport__caption">{ "Recorded " }{ view.captions.join(" · ") }</p>
            }
        </section>
    }
}

/// A button that does nothing now keeps the focus.
fn button(label: &'static str, sign: &'static str, idle: bool, onclick: Callback<MouseEvent>) -> Html {
    html! {
        <button type="button" class="icon" aria-label={label} title={label} aria-disabled={idle.then_some("true")} {onclick}>
            <svg viewBox="0 0 14 14" aria-hidden="true"><path d={sign} /></svg>
        </button>
    }
}

fn play_or_pause(view: &TransportView, send: &Callback<Msg>) -> Html {
    let (label, msg) = if view.playing { ("Pause", Msg::Paused) } else { ("Play", Msg::Played) };
    html! { <button type="button" class="primary transport__play" onclick={click(send, msg)}>{ label }</button> }
}

fn speeds(view: &TransportView, send: &Callback<Msg>) -> Html {
    let onchange = send.reform(|change: Event| {
        let chosen = event::selected(&change);
        let speed = Speed::ALL.into_iter().find(|speed| speed.label() == chosen);
        Msg::SpeedChosen(speed.unwrap_or_default())
    });
    let options = Speed::ALL.iter().map(|speed| {
        let selected = *speed == view.speed;
        html! { <option value={speed.label()} {selected}>{ speed.label() }</option> }
    });
    html! { <select aria-label="Speed" {onchange}>{ for options }</select> }
}

/// A moment as minutes and seconds.
pub(super) fn time(SimTime(milliseconds): SimTime) -> String {
    let seconds = milliseconds / 1000;
    format!("{}:{:02}", seconds / 60, seconds % 60)
}
