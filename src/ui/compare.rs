//! What corresponds: the marks on the diagrams, the card of the chosen state and its counterparts, and
//! the callout where two answers part.

use std::rc::Rc;

use yew::prelude::*;

use super::diagram::{edge_classes, edges_shown, phase_class, phase_sign};
use super::{click, event};
use crate::app::{CalloutView, CardView, LinkView, Look, Msg, StageView};
use crate::compare::Likeness;
use crate::diagram::{LINE, Pose, hundredths, words};
use crate::engine::card::Source;
use crate::engine::chart::{Node, Phase};

/// The page with every pair of states, a row each.
pub(super) const PAGE: &str = "correspondences.html";

fn likeness(view: &StageView, state: usize) -> Option<Likeness> {
    view.links.iter().find(|link| link.state == state).map(|link| link.likeness)
}

/// The state that is chosen, if it is one of this cloud's.
pub(super) fn chosen(view: &StageView) -> Option<usize> {
    view.card.as_ref().map(|card| card.state)
}

/// The classes of a state on the diagram: chosen, like the chosen one, where a verb would lead.
pub(super) fn node_classes(view: &StageView, state: usize) -> Classes {
    let class = match likeness(view, state) {
        Some(Likeness::Same) => "is-linked",
        Some(Likeness::Near) => "is-linked is-near",
        Some(Likeness::Many) => "is-linked is-many",
        Some(Likeness::None) => "is-unlike",
        None if chosen(view) == Some(state) => "is-linked",
        None => "",
    };
    let target = view.way.as_ref().is_some_and(|way| way.state == Some(state));
    classes!(class, target.then_some("is-target"))
}

/// The class of an edge that a verb that is pointed at would lead along, or that leaves or enters the chosen state.
pub(super) fn lit(view: &StageView, edge: usize) -> Option<&'static str> {
    let way = view.way.as_ref().filter(|way| way.edges.contains(&edge)).map(|_| "is-lit");
    way.or_else(|| is_own(view, edge).then_some("is-own"))
}

/// Whether an edge leaves or enters the chosen state.
pub(super) fn is_own(view: &StageView, edge: usize) -> bool {
    chosen(view).is_some_and(|state| view.chart.edges[edge].is_at(state))
}

/// The words of the chosen state's edges, where the others carry numbers.
pub(super) fn edge_words(view: &StageView, look: &Look) -> Html {
    let Some(state) = chosen(view) else { return Html::default() };
    let pose = Pose { chart: view.chart, blend: look.blend() };
    let words = words(pose, &edges_shown(view, look), state).into_iter().map(|words| {
        let (x, y) = words.at;
        let y = if words.lines.len() > 1 { y - LINE / 2.0 } else { y };
        let lines = words.lines.iter().zip(0_u8..).map(|((line, width), at)| {
            let y = hundredths(y + f32::from(at) * LINE);
            html! {
                <tspan x={hundredths(x)} {y} textLength={hundredths(*width)} lengthAdjust="spacingAndGlyphs">{ line }</tspan>
            }
        });
        html! { <text class={classes!("edge-label", edge_classes(view, words.edge))}>{ for lines }</text> }
    });
    html! { <g class="words">{ for words }</g> }
}

/// The sign and the word of a likeness: `≈ near`.
fn word(likeness: Likeness) -> String {
    [likeness.sign(), " ", likeness.name()].concat()
}

/// The word of a state's likeness, on the upper border of its node: tokens stand on the lower one.
pub(super) fn mark(view: &StageView, node: &Node, (x, y): (f32, f32)) -> Html {
    let word = match likeness(view, node.state) {
        Some(Likeness::None) => return Html::default(),
        Some(likeness) => word(likeness),
        None if chosen(view) == Some(node.state) => "chosen".to_owned(),
        None => return Html::default(),
    };
    let y = y - view.chart.node_size.1 / 2.0;
    html! {
        <g class="likeness">
            <rect x={hundredths(x - 30.0)} y={hundredths(y - 7.5)} width="60" height="15" rx="7.5" />
            <text x={hundredths(x)} y={hundredths(y)}>{ word }</text>
        </g>
    }
}

/// Chooses a state by Enter or Space, and goes on by the arrow keys to the one that stands there.
pub(super) fn node_keys(
    (system, state): (usize, usize),
    (place, centres): (usize, &Rc<[(f32, f32)]>),
    send: &Callback<Msg>,
) -> Callback<KeyboardEvent> {
    let (send, centres) = (send.clone(), Rc::clone(centres));
    Callback::from(move |key: KeyboardEvent| {
        let towards = match &*key.key() {
            "Enter" | " " => {
                key.prevent_default();
                return send.emit(Msg::StateChosen { system, state });
            }
            "ArrowRight" => (1.0, 0.0),
            "ArrowDown" => (0.0, 1.0),
            "ArrowLeft" => (-1.0, 0.0),
            "ArrowUp" => (0.0, -1.0),
            _ => return,
        };
        event::focus_other(&key, place, neighbour(&centres, place, towards).unwrap_or(place));
    })
}

/// Which of these stands nearest in a direction; what stands aside counts as further away.
fn neighbour(centres: &[(f32, f32)], here: usize, (dx, dy): (f32, f32)) -> Option<usize> {
    let mut nearest = None;
    let mut least = f32::MAX;
    for (place, (x, y)) in centres.iter().enumerate() {
        let (right, down) = (x - centres[here].0, y - centres[here].1);
        let (along, aside) = (right * dx + down * dy, (right * dy + down * dx).abs());
        let far = along + 2.0 * aside;
        if along > 1.0 && far < least {
            (nearest, least) = (Some(place), far);
        }
    }
    nearest
}

/// Every state of a cloud as a list of buttons.
pub(super) fn states(view: &StageView, send: &Callback<Msg>) -> Html {
    let system = view.system;
    let state = |node: &Node| {
        let state = node.state;
        let pressed = (chosen(view) == Some(state)).to_string();
        let likeness = likeness(view, state).map(word);
        html! {
            <li>
                <button type="button" class="link" aria-pressed={pressed}
                    onclick={click(send, Msg::StateChosen { system, state })}>
                    { chip(view.states[state], node.phase) }
                </button>
                <span class="quiet">{ likeness }</span>
            </li>
        }
    };
    html! {
        <details class="states">
            <summary>{ format!("Every {}", view.state_word) }</summary>
            <ul>{ for view.chart.nodes.iter().map(state) }</ul>
        </details>
    }
}

/// A state as a word with its sign and its colour.
pub(super) fn chip(name: &'static str, phase: Phase) -> Html {
    html! {
        <span class={classes!("chip", phase_class(phase))}>
            <svg viewBox="0 0 10 10" aria-hidden="true"><path d={phase_sign(phase)} /></svg>
            { name }
        </span>
    }
}

fn close(send: &Callback<Msg>) -> Html {
    html! { <button type="button" onclick={click(send, Msg::Dismissed)}>{ "Close" }</button> }
}

fn source(source: &Source) -> Html {
    html! { <a class="source" href={source.address()} target="_blank" rel="noreferrer">{ source.place }</a> }
}

/// Why the answers to the last verb parted.
pub(super) fn callout(CalloutView { verb, divergence }: &CalloutView, send: &Callback<Msg>) -> Html {
    html! {
        <section class="callout" aria-label="Where the answers part">
            <p><span class="quiet">{ *verb }</span>{ " " }<br /><strong>{ divergence.what }</strong></p>
            <p><span class="quiet">{ "Why " }</span>{ divergence.why }{ " " }{ source(&divergence.source) }</p>
            <p><span class="quiet">{ "For operators " }</span>{ divergence.means }</p>
            { close(send) }
        </section>
    }
}

/// The card of the chosen state, beside its diagram; beside another, what corresponds to it.
pub(super) fn cards(view: &StageView, send: &Callback<Msg>) -> Html {
    html! {
        <>
            { view.card.as_ref().map(|card| state_card(view, card, send)) }
            if !view.links.is_empty() { { counterparts(view, send) } }
        </>
    }
}

/// The same for all stages as a sheet at the window's edge, for where there is no room beside the diagram: the
/// chosen state first, then what corresponds to it.
pub(super) fn sheet(stages: &[Rc<StageView>], send: &Callback<Msg>) -> Html {
    let (own, others): (Vec<_>, Vec<_>) = stages.iter().partition(|stage| stage.card.is_some());
    if own.is_empty() {
        return Html::default();
    }
    html! { <div class="sheet">{ for own.into_iter().chain(others).map(|stage| cards(stage, send)) }</div> }
}

fn state_card(
    view: &StageView,
    CardView { state, node, card, enters, leaves }: &CardView,
    send: &Callback<Msg>,
) -> Html {
    let number = card.number.map(|number| format!(" State number {number}, listed as {}.", node.alias));
    let ways = |name: &'static str, ways: &[(&'static str, String)]| {
        let ways = ways.iter().map(|(end, how)| html! { <li><b>{ *end }</b>{ " " }{ how }</li> });
        html! { <><dt>{ name }</dt><dd><ul>{ for ways }</ul></dd></> }
    };
    html! {
        <section class="card" aria-label={format!("The {} {}", view.state_word, view.states[*state])}>
            <h3>{ chip(view.states[*state], node.phase) }{ " " }{ close(send) }</h3>
            <p>{ node.meaning }{ number }</p>
            <dl class="facts">
                <dt>{ "Who may" }</dt><dd>{ card.who }</dd>
                if !card.command.is_empty() { <dt>{ "Command" }</dt><dd><code>{ card.command }</code></dd> }
                { ways("Enters", enters) }
                { ways("Leaves", leaves) }
                <dt>{ "Source" }</dt><dd>{ source(&card.source) }</dd>
            </dl>
        </section>
    }
}

fn counterparts(view: &StageView, send: &Callback<Msg>) -> Html {
    // The closest come first, those with nothing in common last.
    let alike = view.links.iter().filter(|link| link.likeness != Likeness::None).count();
    let (alike, unlike) = view.links.split_at(alike);
    let show = |links: &[LinkView]| {
        let links = links.iter().map(|link| counterpart(view, link, send));
        html! { <ul class="links">{ for links }</ul> }
    };
    html! {
        <section class="card" aria-label={["What corresponds to it in ", view.title].concat()}>
            if alike.is_empty() { <p>{ ["Nothing in ", view.title, " corresponds to it."].concat() }</p> }
            { show(alike) }
            if !unlike.is_empty() {
                <details>
                    <summary>{ ["– none: ", &unlike.len().to_string()].concat() }</summary>
                    { show(unlike) }
                </details>
            }
        </section>
    }
}

fn counterpart(view: &StageView, link: &LinkView, send: &Callback<Msg>) -> Html {
    let (system, state) = (view.system, link.state);
    let phase = view.chart.node(state).map(|node| node.phase);
    html! {
        <li>
            <button type="button" class="link" onclick={click(send, Msg::StateChosen { system, state })}>
                { phase.map(|phase| chip(view.states[state], phase)) }
            </button>
            { " " }<b>{ word(link.likeness) }</b>{ " " }
            { &link.why }{ " " }{ link.source.as_ref().map(source) }{ " " }
            <a href={format!("{PAGE}#{}", link.row)}>{ "its row" }</a>
        </li>
    }
}
