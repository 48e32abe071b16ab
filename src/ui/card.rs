//! At a token: the card that says how its work shall end, and the machines that wait for it.

use yew::prelude::*;

use super::button;
use super::panel::show_work;
use crate::app::{Msg, StageView};
use crate::diagram::{Pose, Scene, hundredths};
use crate::engine::present::MachineRow;

/// So many machines are drawn at a token; the rest is in the list.
const MOST_MACHINES: usize = 2;

/// Tokens that are closer than this share the room below them, in chart units.
const CLOSE: f32 = 90.0;

/// The card at the token of the chosen image, if it is open and there is work under way. It stands in
/// the corner of the diagram that is across from the token's side, so that it never hides it.
pub(super) fn card(view: &StageView, pose: Pose, scene: &Scene, send: &Callback<Msg>) -> Html {
    let Some(chosen) = view.chosen.as_ref().filter(|chosen| view.token_card && !chosen.work.is_empty())
    else {
        return Html::default();
    };
    let image = chosen.row.id;
    let token = scene.tokens.iter().find(|token| token.image == image);
    let (width, height) = pose.size();
    let (x, y) = token.map_or((0.0, 0.0), |token| token.at);
    let class = classes!(
        "card",
        (x < width / 2.0).then_some("card--right"),
        (y > height / 2.0).then_some("card--above"),
    );
    let close = Msg::TokenChosen { system: view.system, image };
    html! {
        <div {class} role="group" aria-label={format!("Image {image}: how should it end?")}>
            <p><strong><bdi>{ &chosen.row.name }</bdi>{ " · " }{ view.states[chosen.row.state] }</strong></p>
            { for chosen.work.iter().map(|work| show_work(view.system, work, send)) }
            { button(send, "Close", None, close) }
        </div>
    }
}

/// The machines that wait, each once, below the token of an image that it waits for; below tokens that stand
/// close together there is one pile of them.
pub(super) fn waiting(view: &StageView, scene: &Scene) -> Html {
    let mut piles: Vec<((f32, f32), Vec<&MachineRow>)> = Vec::new();
    for machine in view.machines.iter().filter(|machine| machine.waiting) {
        let held = |image| machine.disks.iter().any(|(_, held)| *held == image);
        let Some(token) = scene.tokens.iter().find(|token| held(token.image)) else { continue };
        let (x, y) = token.at;
        let is_close = |(at, _): &&mut ((f32, f32), _)| (at.0 - x).abs() < CLOSE && (at.1 - y).abs() < 1.0;
        match piles.iter_mut().find(is_close) {
            Some((_, pile)) => pile.push(machine),
            None => piles.push((token.at, vec![machine])),
        }
    }
    let marks = piles.iter().flat_map(|(at, pile)| {
        let machines = pile.iter().take(MOST_MACHINES).enumerate();
        machines.map(|(place, machine)| mark(view, machine, *at, (place, pile.len())))
    });
    marks.collect()
}

/// The mark of a machine at its place in the pile below a token; the last that is drawn counts the rest.
fn mark(view: &StageView, machine: &MachineRow, (x, y): (f32, f32), (place, count): (usize, usize)) -> Html {
    let rest = if place + 1 == MOST_MACHINES && count > MOST_MACHINES {
        format!(" +{}", count - MOST_MACHINES)
    } else {
        String::new()
    };
    let y = y + if place == 0 { 17.0 } else { 33.0 };
    let at = format!("translate({} {})", hundredths(x), hundredths(y));
    let words = format!("{} {} {}{rest}", view.machine_word, machine.id, machine.state);
    let width = 8 + 7 * words.len();
    html! {
        <g class="waiting" transform={at} role="graphics-symbol img"
            aria-label={format!("{} {} waits, {}{rest}", view.machine_word, machine.id, machine.state)}>
            <rect x={format!("-{}", width / 2)} width={width.to_string()} height="15" rx="2" />
            <text y="7.5">{ words }</text>
        </g>
    }
}
