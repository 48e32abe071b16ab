//! Below the stages: the branches, the breakpoints, the keys, and the way back to the first minute.

use std::rc::Rc;

use yew::prelude::*;

use super::branches::branches;
use super::breakpoints::breakpoints;
use super::{button, event};
use crate::app::{KEYS, Msg, StageView, TransportView};

/// The three of them beside each other.
pub(super) fn tools(view: &TransportView, stages: &[Rc<StageView>], send: &Callback<Msg>) -> Html {
    html! {
        <div class="tools">
            { branches(view, send) }
            { breakpoints(view, stages, send) }
            { keys(view.keys, stages.len() > 1, send) }
        </div>
    }
}

/// The keys, and the way to the first minute where there are two clouds for it.
fn keys(on: bool, guided: bool, send: &Callback<Msg>) -> Html {
    let rows = KEYS.iter().map(|(key, what)| html! { <><dt><kbd>{ *key }</kbd></dt><dd>{ *what }</dd></> });
    html! {
        <section aria-label="Keys">
            <details>
                <summary><h2>{ "Keys" }</h2></summary>
                <dl class="facts">{ for rows }</dl>
                <label class="check">
                    <input type="checkbox" checked={on}
                        onchange={send.reform(|change| Msg::KeysTurned(event::checked(&change)))} />
                    { "Single keys do something" }
                </label>
            </details>
            if guided { { button(send, "Show the first minute again", None, Msg::GuideAsked) } }
        </section>
    }
}
