//! Two branches side by side: each cloud in both worlds, and what differs.

use yew::prelude::*;

use super::diagram::diagram;
use super::tokens::tokens;
use crate::app::{BesideCloud, BesideView, Look, Picture};
use crate::diagram::{Pose, hundredths};

/// The worlds of two branches.
pub(super) fn beside(view: &BesideView, look: &Look) -> Html {
    html! {
        <section class="beside" aria-label="Two branches side by side">
            <h2>{ format!("“{}” beside “{}”", view.names[0], view.names[1]) }</h2>
            { for view.clouds.iter().map(|cloud| show(view, cloud, look)) }
        </section>
    }
}

fn show(view: &BesideView, cloud: &BesideCloud, look: &Look) -> Html {
    let figures = cloud.pictures.iter().enumerate().map(|(side, picture)| {
        let caption = format!("{}, step {}", view.names[side], view.depths[side]);
        html! { <figure>{ drawing(picture, look, &cloud.states, &caption) }<figcaption class="quiet">{ caption.clone() }</figcaption></figure> }
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
fn drawing(Picture { view, scene }: &Picture, look: &Look, differ: &[usize], caption: &str) -> Html {
    let pose = Pose { chart: view.chart, blend: look.blend() };
    let (width, height) = pose.size();
    let nodes = view.chart.nodes.iter().enumerate();
    let frames = nodes.filter(|(_, node)| differ.contains(&node.state)).map(|(index, _)| {
        let (x, y) = pose.node(index);
        let (width, height) = (view.chart.node_size.0 + 12.0, view.chart.node_size.1 + 12.0);
        html! {
            <rect class="differs" x={hundredths(x - width / 2.0)} y={hundredths(y - height / 2.0)}
                width={hundredths(width)} height={hundredths(height)} rx="11" />
        }
    });
    html! {
        <svg class="diagram" viewBox={format!("0 0 {} {}", hundredths(width), hundredths(height))}
            role="graphics-document document" aria-roledescription="state diagram"
            aria-label={format!("{}: {caption}", view.title)}>
            { diagram(view, look, &Callback::noop()) }
            { for frames }
            { tokens(view, scene, &Callback::noop()) }
        </svg>
    }
}
