//! "Can it get there?": the question, and the way that was found.

use yew::prelude::*;

use super::later::{Part, later};
use super::{button, click, offering, option};
use crate::app::{Msg, ReachView, StageView, WayStep};
use crate::engine::chart::End;

/// The question for the chosen image, and the answer to the last one.
pub(super) fn reach(view: &StageView, send: &Callback<Msg>) -> Html {
    let system = view.system;
    let states = view.states.iter().chain([&"gone"]).enumerate();
    let states = states.map(|(state, name)| {
        let outside = state == view.states.len();
        option(if outside { format!("{system}") } else { format!("{system} {state}") }, name)
    });
    html! {
        <>
            { offering("Can it get to", states.collect(), send, asked) }
            { view.reach.as_ref().map(|reach| later(&Part::Way(reach), send)) }
        </>
    }
}

/// The question behind an entry: a cloud and a state, or only a cloud for outside.
fn asked(value: &str) -> Option<Msg> {
    let (system, goal) = match value.split_once(' ') {
        Some((system, state)) => (system, End::State(state.parse().ok()?)),
        None => (value, End::Outside),
    };
    Some(Msg::WayAsked(system.parse().ok()?, goal))
}

/// The answer, and the way that was found.
pub(super) fn answer(ReachView { question, answer, way }: &ReachView, send: &Callback<Msg>) -> Html {
    html! {
        <div class="said way" role="status">
            <p><strong>{ question }</strong>{ " " }{ answer }</p>
            <ol>{ for way.iter().map(step) }</ol>
            <div class="buttons">
                if !way.is_empty() {
                    <button type="button" class="primary" onclick={click(send, Msg::WayShown)}>{ "Show it" }</button>
                }
                { button(send, "Close", None, Msg::WayClosed) }
            </div>
        </div>
    }
}

fn step(WayStep { line, label, leads_to }: &WayStep) -> Html {
    let arrow = if leads_to.is_empty() { "" } else { " → " };
    html! { <li><code>{ line }</code><span class="quiet">{ label.clone() }{ arrow }{ leads_to }</span></li> }
}
