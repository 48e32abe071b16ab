//! One cloud: its diagram, the chosen image, its machines and its list.

use std::rc::Rc;

use yew::prelude::*;

use super::breakpoints::stops;
use super::card::{card, waiting};
use super::click;
use super::diagram::diagram;
use super::memo::Memo;
use super::panel::panel;
use super::tokens::tokens;
use crate::app::{Msg, StageView};
use crate::diagram::{Scene, hundredths};
use crate::engine::present::Mode;

/// One cloud. Only the tokens are drawn anew for every frame.
pub(super) fn stage(view: &Rc<StageView>, scene: &Scene, revision: u32, send: &Callback<Msg>) -> Html {
    let (width, height) = view.chart.size;
    let view_box = format!("0 0 {} {}", hundredths(width), hundredths(height));
    let still = {
        let (view, send) = (Rc::clone(view), send.clone());
        Callback::from(move |()| html! { <>{ diagram(&view, &send) }{ stops(&view, &send) }</> })
    };
    let beside = {
        let (view, send) = (Rc::clone(view), send.clone());
        Callback::from(move |()| panel(&view, &send))
    };
    html! {
        <section key={view.title} class="stage" aria-label={view.title} data-system={view.system.to_string()} data-name={view.name}>
            <header class="stage__head">
                <h2>{ view.title }</h2>
                <p class="quiet">{ summary(view) }</p>
                { for view.modes.iter().map(|mode| switch(view, mode, send)) }
                if let Some(way) = &view.way { <p class="foreseen">{ &way.words }</p> }
            </header>
            <div class="stage__body">
            <div class="figure">
                <svg class="diagram" viewBox={view_box} role="graphics-document document"
                    aria-roledescription="state diagram" aria-label={format!("{} image {}", view.title, view.state_word)}>
                    <Memo revision={(revision, 0)} draw={still} />
                    { tokens(view, scene, send) }
                    { waiting(view, scene) }
                </svg>
                { card(view, scene, send) }
            </div>
            <Memo revision={(revision, 0)} draw={beside} />
            </div>
        </section>
    }
}

/// Switches a mode; a sample of its edges beside it is the diagram's legend.
fn switch(view: &StageView, mode: &Mode, send: &Callback<Msg>) -> Html {
    let onclick = click(send, Msg::Asked { system: view.system, line: mode.line.to_owned() });
    let title = format!("{}. {}", mode.meaning, mode.line);
    html! {
        <button type="button" class="mode" role="switch" aria-checked={mode.on.to_string()} {title} {onclick}>
            <svg viewBox="0 0 26 10" aria-hidden="true"><path d="M1 5H25" /></svg>
            { mode.label }
        </button>
    }
}

/// How many images there are, and in which states: `2 images: 1 LOCKED, 1 READY`.
pub(super) fn summary(view: &StageView) -> String {
    let images = match view.total {
        0 => return "no images yet".to_owned(),
        1 => "1 image".to_owned(),
        many => format!("{many} images"),
    };
    let states = view.states.iter().zip(&view.occupancy).filter(|(_, count)| **count > 0);
    let states: Vec<String> = states.map(|(state, count)| format!("{count} {state}")).collect();
    format!("{images}: {}", states.join(", "))
}
