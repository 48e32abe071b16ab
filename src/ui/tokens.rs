//! The part of a diagram that moves: a token for each image.

use yew::prelude::*;

use super::diagram::phase_class;
use crate::diagram::{Ring, Scene, Token};
use crate::engine::ImageId;

/// What the tokens show.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct TokensProps {
    /// The picture at this moment.
    pub(super) scene: Scene,
    /// The chosen image.
    pub(super) chosen: Option<ImageId>,
    /// Takes the image that was chosen.
    pub(super) choose: Callback<ImageId>,
}

/// The tokens, to be drawn inside an `<svg>` above the diagram.
#[component]
pub(super) fn Tokens(props: &TokensProps) -> Html {
    html! { for props.scene.tokens.iter().map(|token| draw(token, props)) }
}

fn draw(token: &Token, props: &TokensProps) -> Html {
    let image = token.image;
    let chosen = props.chosen == Some(image);
    let class = classes!(
        "token",
        phase_class(token.phase),
        chosen.then_some("is-chosen"),
        token.moving.then_some("is-moving"),
    );
    let (x, y) = token.at;
    let onclick = props.choose.reform(move |_| image);
    html! {
        <g key={image.0} {class} transform={format!("translate({x:.2} {y:.2})")} {onclick}>
            if token.pulse > 0.0 {
                <circle class="token__pulse" r={format!("{:.2}", 9.0 + token.pulse * 12.0)}
                    opacity={format!("{:.2}", 1.0 - token.pulse)} />
            }
            <circle class="token__body" r="9" />
            { ring(token.ring) }
            <text class="token__name">{ image.0 }</text>
        </g>
    }
}

/// The circumference counts as 1, and a full ring begins at the top.
fn ring(ring: Ring) -> Html {
    let (class, dashes) = match ring {
        Ring::None => return Html::default(),
        Ring::Filling(passed) => ("token__ring", format!("{passed:.3} 1")),
        Ring::Endless => ("token__ring token__ring--endless", "0.06 0.04".to_owned()),
    };
    html! {
        <>
            <circle class="token__track" r="12.5" />
            <circle {class} r="12.5" pathLength="1" stroke-dasharray={dashes} transform="rotate(-90)" />
        </>
    }
}
