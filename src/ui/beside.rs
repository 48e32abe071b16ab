//! Two branches side by side: each cloud in both worlds, and what differs.

use yew::prelude::*;

use super::diagram::diagram;
use super::tokens::tokens;
use crate::app::{BesideCloud, BesideView, Picture};
use crate::diagram::hundredths;

/// The worlds of two branches.
pub(super) fn beside(view: &BesideView) -> Html {
    html! {
        <section class="beside" aria-label="Two branches side by side">
            <h2>{ format!("“{}” beside “{}”", view.names[0], view.names[1]) }</h2>
            { for view.clouds.iter().map(|cloud| show(view, cloud)) }
        </section>
    }
}

fn show(view: &BesideView, cloud: &BesideCloud) -> Html {
    let figures = cloud.pictures.iter().enumerate().map(|(side, picture)| {
        let caption = format!("{}, step {}", view.names[side], view.depths[side]);
        html! { <figure>{ drawing(picture, &cloud.states, &caption) }<figcaption class="quiet">{ caption.clone() }</figcaption></figure> }
    });
    html! {
        <section class="stage" aria-label={cloud.title}>
            <h3>{ cloud.title }</h3>
            if cloud.differences.is_empty() {
                <p class="quiet">{ "Nothing differs." }</p>
            } else {
                <ul>{ for cloud.differences.iter().map(|told| html! { <li>{ told }</li> }) }</ul>
                <div class="pair">{ for figures }</div>
            }
        </section>
    }
}

/// The diagram of one world; states that differ are framed.
fn drawing(Picture { view, scene }: &Picture, differ: &[usize], caption: &str) -> Html {
    let (width, height) = view.chart.size;
    let frames = view.chart.nodes.iter().filter(|node| differ.contains(&node.state)).map(|node| {
        let (width, height) = (view.chart.node_size.0 + 12.0, view.chart.node_size.1 + 12.0);
        html! {
            <rect class="differs" x={hundredths(node.x - width / 2.0)} y={hundredths(node.y - height / 2.0)}
                width={hundredths(width)} height={hundredths(height)} rx="11" />
        }
    });
    html! {
        <svg class="diagram" viewBox={format!("0 0 {} {}", hundredths(width), hundredths(height))}
            role="graphics-document document" aria-roledescription="state diagram"
            aria-label={format!("{}: {caption}", view.title)}>
            { diagram(view, &Callback::noop()) }
            { for frames }
            { tokens(view, scene, &Callback::noop()) }
        </svg>
    }
}
