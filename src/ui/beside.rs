//! Two branches side by side: beside each diagram the same cloud in the other world, and what differs.

use std::rc::Rc;

use yew::prelude::*;

use super::button;
use super::diagram::diagram;
use super::memo::Memo;
use super::tokens::{crowds, tokens};
use crate::app::{BesideView, Look, Msg, View};
use crate::diagram::{Pose, Scene, hundredths};

/// What stands beside the diagram at this place among the stages, if something does; `scenes` are those of the
/// stages and then those of the other world, and `revision` is that of the view.
pub(super) fn beside(
    page: &View,
    at: usize,
    scenes: &[Scene],
    (look, revision): (&Look, u32),
    send: &Callback<Msg>,
) -> Html {
    let (Some(view), Some(scene)) = (&page.beside, scenes.get(page.stages.len() + at)) else {
        return Html::default();
    };
    let Some(cloud) = view.clouds.get(at) else { return Html::default() };
    let [here, there] = [0, 1].map(|side| format!("“{}”, step {}", view.names[side], view.depths[side]));
    let stop = Msg::BranchCompared(view.branch);
    let pose = Pose { chart: cloud.view.chart, blend: look.blend() };
    let (width, height) = pose.size();
    let still = {
        let (view, look) = (Rc::clone(view), look.clone());
        Callback::from(move |()| still(&view, at, &look))
    };
    let differences = {
        let view = Rc::clone(view);
        Callback::from(move |()| differences(&view.clouds[at].differences))
    };
    html! {
        <>
            <p class="beside__name quiet">{ here }</p>
            <p class="beside__name beside__name--other quiet">
                { &there }
                { button(send, "Stop comparing", Some(format!("Stop comparing with “{}”", view.names[1])), stop) }
            </p>
            <svg class="diagram diagram--other" viewBox={format!("0 0 {} {}", hundredths(width), hundredths(height))}
                role="graphics-document document" aria-roledescription="state diagram"
                aria-label={format!("{}: {there}", cloud.view.title)}>
                <Memo revision={(revision, 0)} draw={still} />
                { tokens(&cloud.view, scene, &Callback::noop()) }
            </svg>
            { crowds(scene) }
            <Memo revision={(revision, 1)} draw={differences} />
        </>
    }
}

fn differences(differences: &[String]) -> Html {
    html! {
        <ul class="beside__differences">
            if differences.is_empty() { <li class="quiet">{ "Nothing differs." }</li> }
            { for differences.iter().map(|told| html! { <li>{ told }</li> }) }
        </ul>
    }
}

/// The diagram of the other world; states that differ are framed.
fn still(view: &BesideView, at: usize, look: &Look) -> Html {
    let cloud = &view.clouds[at];
    let pose = Pose { chart: cloud.view.chart, blend: look.blend() };
    let nodes = cloud.view.chart.nodes.iter().enumerate();
    let frames = nodes.filter(|(_, node)| cloud.states.contains(&node.state)).map(|(index, _)| {
        let (x, y) = pose.node(index);
        let (width, height) = (cloud.view.chart.node_size.0 + 12.0, cloud.view.chart.node_size.1 + 12.0);
        html! {
            <rect class="differs" x={hundredths(x - width / 2.0)} y={hundredths(y - height / 2.0)}
                width={hundredths(width)} height={hundredths(height)} rx="11" />
        }
    });
    html! { <>{ diagram(&cloud.view, look, &Callback::noop()) }{ for frames }</> }
}
