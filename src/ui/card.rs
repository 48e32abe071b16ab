//! At a token: the card that says how its work shall end, and the machines that wait for it.

use yew::prelude::*;

use super::panel::show_work;
use super::{button, when};
use crate::app::{ChosenView, Msg, StageView};
use crate::diagram::{Pose, Scene, hundredths};

/// So many machines are drawn at a token; the rest is in the list.
const MOST_MACHINES: usize = 2;

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
    let escape = close.clone();
    let onkeydown = when(send, move |key: KeyboardEvent| (key.key() == "Escape").then(|| escape.clone()));
    html! {
        <div {class} role="group" aria-label={format!("Image {image}: how shall it end?")} {onkeydown}>
            <p><strong><bdi>{ title(view, chosen) }</bdi></strong></p>
            { for chosen.work.iter().map(|work| show_work(view.system, work, send)) }
            { button(send, "Close", None, close) }
        </div>
    }
}

fn title(view: &StageView, chosen: &ChosenView) -> String {
    format!("{} · {}", chosen.row.name, view.states[chosen.row.state])
}

/// The machines that wait, each below the token of its image.
pub(super) fn waiting(view: &StageView, scene: &Scene) -> Html {
    let marks = scene.tokens.iter().flat_map(|token| {
        let waits = |machine: &&crate::engine::present::MachineRow| {
            machine.waiting && machine.disks.iter().any(|(_, image)| *image == token.image)
        };
        let machines = view.machines.iter().filter(waits).take(MOST_MACHINES).enumerate();
        machines.map(|(place, machine)| {
            let y = token.at.1 + if place == 0 { 17.0 } else { 33.0 };
            let at = format!("translate({} {})", hundredths(token.at.0), hundredths(y));
            let words = format!("{} {} {}", view.machine_word, machine.id, machine.state);
            let width = 8 + 7 * words.len();
            html! {
                <g class="waiting" transform={at} role="graphics-symbol img"
                    aria-label={format!("{} {} waits, {}", view.machine_word, machine.id, machine.state)}>
                    <rect x={format!("-{}", width / 2)} width={width.to_string()} height="15" rx="2" />
                    <text y="7.5">{ words }</text>
                </g>
            }
        })
    });
    marks.collect()
}
