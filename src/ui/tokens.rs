//! The part of a diagram that moves: a token for each image.

use yew::prelude::*;

use super::diagram::phase_class;
use super::{click, event, when};
use crate::app::{Msg, StageView};
use crate::diagram::{Crowd, Ring, Scene, Token, hundredths};

/// The tokens, to be drawn inside an `<svg>` above the diagram: a layer of its own, so that what moves
/// does not have the rest painted anew.
pub(super) fn tokens(view: &StageView, scene: &Scene, send: &Callback<Msg>) -> Html {
    let tokens = scene.tokens.iter().map(|token| draw(token, view, send));
    html! { <g class="tokens">{ for tokens }</g> }
}

/// Room for the crowds over the diagram. [`super::canvas`] paints them.
pub(super) fn crowds(scene: &Scene) -> Html {
    let room = |crowd: &Crowd| html! { <canvas class={classes!("crowd", phase_class(crowd.phase))} /> };
    scene.crowds.iter().map(room).collect()
}

fn draw(token: &Token, view: &StageView, send: &Callback<Msg>) -> Html {
    let image = token.image;
    let chosen = view.chosen.as_ref().is_some_and(|chosen| chosen.row.id == image);
    let class = classes!(
        "token",
        phase_class(token.phase),
        chosen.then_some("is-chosen"),
        token.moving.then_some("is-moving"),
    );
    let (x, y) = token.at;
    let system = view.system;
    let job = view.jobs.iter().find(|job| job.image == Some(image) && view.is_live);
    let chosen =
        if job.is_some() { Msg::TokenChosen { system, image } } else { Msg::ImageChosen { system, image } };
    let onclick = click(send, chosen.clone());
    let onkeydown =
        job.map(|_| when(send, move |key: KeyboardEvent| event::presses(&key).then(|| chosen.clone())));
    let name = job.map(|job| format!("Image {image}, {}: how should it end?", job.label));
    html! {
        <g key={image.0} {class} transform={format!("translate({} {})", hundredths(x), hundredths(y))} {onclick}
            role={name.as_ref().map(|_| "button")} tabindex={name.as_ref().map(|_| "0")} aria-label={name} {onkeydown}>
            if token.pulse > 0.0 {
                <circle class="token__pulse" r={hundredths(9.0 + token.pulse * 12.0)}
                    opacity={hundredths(1.0 - token.pulse)} />
            }
            <circle class="token__reach" r="16" />
            <circle class="token__body" r="9" />
            { ring(token.ring) }
            <text class="token__name">{ image.0 }</text>
        </g>
    }
}

/// The circumference counts as 100, and a full ring begins at the top.
fn ring(ring: Ring) -> Html {
    let (class, dashes) = match ring {
        Ring::None => return Html::default(),
        Ring::Filling(passed) => ("token__ring", format!("{} 100", hundredths(passed * 100.0))),
        Ring::Endless => ("token__ring token__ring--endless", "6 4".to_owned()),
    };
    html! {
        <>
            <circle class="token__track" r="12.5" />
            <circle {class} r="12.5" pathLength="100" stroke-dasharray={dashes} transform="rotate(-90)" />
        </>
    }
}
