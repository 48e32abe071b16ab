//! How the diagrams are looked at: the switches, the legend, the key to the numbers, and zooming.

use yew::prelude::*;

use super::diagram::{edge_classes, edges_shown};
use super::{click, event};
use crate::app::{Look, LookMsg, Msg, Sight, StageView};
use crate::diagram::{Pose, hundredths};
use crate::engine::chart::End;

/// One step closer or further away.
const STEP: f32 = 1.4;

/// One step aside, as a part of what is seen.
const ASIDE: f32 = 0.2;

/// The switches for all diagrams.
pub(super) fn switches(look: &Look, send: &Callback<Msg>) -> Html {
    let looked = |msg| click(send, Msg::Looked(msg));
    let button = |class: &'static str, label: &'static str, on: bool, msg: LookMsg| {
        html! { <button type="button" {class} aria-pressed={on.to_string()} onclick={looked(msg)}>{ label }</button> }
    };
    let switch = |label, on, msg| button("switch", label, on, msg);
    html! {
        <section class="look" aria-label="Diagrams">
            <div class="buttons">
                { switch("As documented", !look.aligned, LookMsg::Aligned(false)) }
                { switch("Phases aligned", look.aligned, LookMsg::Aligned(true)) }
                { button("switch switch--projector", "Whole", look.whole, LookMsg::Whole(!look.whole)) }
            </div>
            <div class="buttons">
                { switch("Undocumented edges", look.undocumented, LookMsg::Undocumented(!look.undocumented)) }
                { switch("How often taken", look.heat, LookMsg::Heat(!look.heat)) }
            </div>
        </section>
    }
}

fn sample(class: &'static str, meaning: &'static str) -> Html {
    html! {
        <span>
            <svg viewBox="0 0 28 8" aria-hidden="true"><g {class}><path class="edge__line" d="M0 4H28" /></g></svg>
            { meaning }
        </span>
    }
}

/// What is seen of one cloud: its choices of states, and the zoom.
pub(super) fn tools(view: &StageView, look: &Look, send: &Callback<Msg>) -> Html {
    let system = view.system;
    let at = look.sights[system];
    let looked = |msg| click(send, Msg::Looked(msg));
    let chosen = send.reform(move |change: Event| {
        Msg::Looked(LookMsg::Cut(system, event::selected(&change).parse().unwrap_or_default()))
    });
    let cuts = view.chart.cuts.iter().enumerate().map(|(index, cut)| {
        html! { <option value={index.to_string()} selected={look.cuts[system] == index}>{ cut.name }</option> }
    });
    let button = |label: &'static str, sign: &'static str, idle: bool, msg: LookMsg| {
        html! {
            <button type="button" aria-label={label} title={label} aria-disabled={idle.then_some("true")}
                onclick={looked(msg)}>{ sign }</button>
        }
    };
    html! {
        <div class="zoom" role="group" aria-label="View of the diagram">
            if !view.chart.cuts.is_empty() {
                <select aria-label="States shown" onchange={chosen}>{ for cuts }</select>
            }
            { button("Zoom out", "−", at.zoom <= 1.0, LookMsg::Zoomed(system, 1.0 / STEP, (0.0, 0.0))) }
            { button("Zoom in", "+", false, LookMsg::Zoomed(system, STEP, (0.0, 0.0))) }
            if at.zoom > 1.0 {
                { button("Show all", "Fit", false, LookMsg::Fitted(system)) }
            }
        </div>
    }
}

/// What a key does while a diagram has the focus.
pub(super) fn keyed(system: usize, key: &str) -> Option<LookMsg> {
    let pan = |x: f32, y: f32| Some(LookMsg::Panned(system, (x * ASIDE, y * ASIDE)));
    match key {
        "+" | "=" => Some(LookMsg::Zoomed(system, STEP, (0.0, 0.0))),
        "-" => Some(LookMsg::Zoomed(system, 1.0 / STEP, (0.0, 0.0))),
        "0" => Some(LookMsg::Fitted(system)),
        "ArrowLeft" => pan(-1.0, 0.0),
        "ArrowRight" => pan(1.0, 0.0),
        "ArrowUp" => pan(0.0, -1.0),
        "ArrowDown" => pan(0.0, 1.0),
        _ => None,
    }
}

/// What a turn of the wheel does: nothing without Ctrl or Cmd, so that the page scrolls.
pub(super) fn wheeled(system: usize, wheel: &WheelEvent) -> Option<LookMsg> {
    let wanted = wheel.ctrl_key() || wheel.meta_key();
    let factor = if wheel.delta_y() < 0.0 { STEP } else { 1.0 / STEP };
    wanted.then(|| LookMsg::Zoomed(system, factor, event::place_within(wheel)))
}

/// What dragging does: nothing unless the diagram is zoomed.
pub(super) fn dragged(system: usize, sight: Sight, pointer: &PointerEvent) -> Option<LookMsg> {
    let dragging = pointer.buttons() == 1 && sight.zoom > 1.0;
    dragging.then(|| {
        let (x, y) = event::way_within(pointer);
        LookMsg::Panned(system, (-x, -y))
    })
}

/// A small picture of the whole, while only a part is seen.
pub(super) fn minimap(pose: Pose, sight: Sight) -> Html {
    let (size, (width, height)) = (pose.size(), pose.chart.node_size);
    let node = |index| {
        let (x, y) = pose.node(index);
        html! {
            <rect x={hundredths(x - width / 2.0)} y={hundredths(y - height / 2.0)}
                width={hundredths(width)} height={hundredths(height)} />
        }
    };
    let [x, y, width, height] = sight.window(size).map(hundredths);
    html! {
        <svg class="minimap" viewBox={format!("0 0 {} {}", hundredths(size.0), hundredths(size.1))} aria-hidden="true">
            { for (0..pose.chart.nodes.len()).map(node) }
            <rect class="minimap__window" {x} {y} {width} {height} />
        </svg>
    }
}

/// What the lines mean, and what the numbers stand for that take the place of labels where the picture is small.
pub(super) fn key(view: &StageView, look: &Look) -> Html {
    let name = |end, outside| match end {
        End::State(state) => view.states[state],
        End::Outside => outside,
    };
    let entry = |index: usize| {
        let edge = &view.chart.edges[index];
        html! {
            <li class={edge_classes(view, index)}>
                <b>{ index + 1 }</b>{ " " }{ edge.label }
                <span class="quiet">{ " " }{ name(edge.from, "○") }{ " → " }{ name(edge.to, "◎") }</span>
            </li>
        }
    };
    html! {
        <details class="key">
            <summary>{ "Key to the diagram" }</summary>
            <p class="legend quiet">
                { sample("edge", "asked for") }
                { sample("edge edge--automatic", "ends by itself") }
                { sample("edge edge--failure", "fails") }
                { sample("edge edge--undocumented", "not documented") }
                { sample("edge edge--unreachable", "not reachable") }
            </p>
            <ul>{ for edges_shown(view, look).into_iter().map(entry) }</ul>
        </details>
    }
}
