//! One cloud: its title and switches, and its diagram.

use std::rc::Rc;

use yew::prelude::*;

use super::card::waiting;
use super::click;
use super::diagram::diagram;
use super::later::{Part, are_here, later};
use super::look::{dragged, keyed, tools, wheeled};
use super::memo::Memo;
use super::tokens::tokens;
use crate::app::{Answer, Look, LookMsg, Msg, StageView, Way};
use crate::diagram::{Pose, Scene, hundredths};
use crate::engine::present::Mode;

/// The title of a stage, and what there is to switch beside it.
pub(super) fn head(view: &StageView, look: &Look, send: &Callback<Msg>) -> Html {
    html! {
        <>
            <h2>{ view.title }</h2>
            <p class="quiet" title={summary(view)}>{ summary(view) }</p>
            { for view.modes.iter().map(|mode| switch(view, mode, send)) }
            { tools(view, look, send) }
            { cause(view) }
        </>
    }
}

/// What [`cause`] is called.
pub(super) fn cause_id(system: usize) -> String {
    format!("cause-{system}")
}

/// What was asked last and what came of it, or what would come of the verb that is pointed at, in a line that
/// is always there.
fn cause(view: &StageView) -> Html {
    let (class, line, came) = match (&view.way, &view.answer) {
        (Some(Way { line, words, .. }), _) => ("cause--ahead", &**line, words.clone()),
        (None, Some(Answer { line, refusal: Some(refusal), .. })) => {
            ("cause--refused", &**line, format!("✕ {refusal}"))
        }
        (None, Some(Answer { line, sentences, .. })) => ("", &**line, sentences.join(" · ")),
        (None, None) => ("", "", String::new()),
    };
    let class = classes!("quiet", "cause", class);
    html! {
        <p {class} id={cause_id(view.system)} title={[line, " ", &came].concat()}>
            <code>{ line.to_owned() }</code><span>{ came }</span>
        </p>
    }
}

/// The diagram of a cloud. Only the tokens are drawn anew for every frame.
pub(super) fn figure(
    view: &Rc<StageView>,
    look: &Look,
    scene: &Scene,
    revision: u32,
    send: &Callback<Msg>,
) -> Html {
    let sight = look.sights[view.system];
    let pose = Pose { chart: view.chart, blend: look.blend() };
    let still = {
        let (view, look, send) = (Rc::clone(view), look.clone(), send.clone());
        Callback::from(move |()| {
            let pose = Pose { chart: view.chart, blend: look.blend() };
            let stops = Part::Stops(&view, pose, look.pointed[view.system]);
            let words = Part::Words(&view, &look);
            html! { <>{ diagram(&view, &look, &send) }{ later(&words, &send) }{ later(&stops, &send) }</> }
        })
    };
    html! {
        <>
            { drawing(view, look, html! {
                <>
                    <Memo revision={(revision, u64::from(steps(look.blend())))} draw={still} />
                    { tokens(view, scene, send) }
                    { waiting(view, scene) }
                </>
            }, send) }
            { later(&Part::Crowds(scene), send) }
            if sight.zoom > 1.0 {
                { later(&Part::Minimap(pose, sight), send) }
            }
            { later(&Part::Card(view, pose, scene), send) }
        </>
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

/// The frame of the picture: how much of it is seen, and what moves it.
fn drawing(view: &StageView, look: &Look, picture: Html, send: &Callback<Msg>) -> Html {
    let (system, sight) = (view.system, look.sights[view.system]);
    let size = Pose { chart: view.chart, blend: look.blend() }.size();
    let [x, y, width, height] = sight.window(size).map(hundredths);
    let asked = |send: &Callback<Msg>, event: &Event, msg: Option<LookMsg>| {
        if let Some(msg) = msg {
            event.prevent_default();
            send.emit(Msg::Looked(msg));
        }
    };
    let onkeydown = {
        let send = send.clone();
        Callback::from(move |key: KeyboardEvent| asked(&send, &key, keyed(system, &key.key())))
    };
    let onwheel = {
        let send = send.clone();
        Callback::from(move |wheel: WheelEvent| asked(&send, &wheel, wheeled(system, &wheel)))
    };
    let onpointermove = {
        // Whoever only passes over the diagram has not asked for anything yet, so nothing is fetched for it.
        let (send, finds_stops) = (send.clone(), are_here() && !look.pointed[system]);
        Callback::from(move |pointer: PointerEvent| {
            if finds_stops && pointer.pointer_type() == "mouse" {
                send.emit(Msg::Looked(LookMsg::Pointed(system)));
            }
            asked(&send, &pointer, dragged(system, sight, &pointer));
        })
    };
    let class =
        classes!("diagram", (sight.zoom > 1.0).then_some("is-zoomed"), look.whole.then_some("is-whole"));
    html! {
        <svg {class} tabindex="0"
            viewBox={format!("{x} {y} {width} {height}")} role="graphics-document document"
            aria-roledescription="state diagram" aria-label={format!("{} image {}", view.title, view.state_word)}
            {onkeydown} {onwheel} {onpointermove}>
            { picture }
        </svg>
    }
}

/// A blend in steps that are drawn apart.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a blend is from 0 to 1")]
fn steps(blend: f32) -> u32 {
    (blend * 127.0) as u32
}

/// How many images there are, and in which states: `2 images: 1 LOCKED, 1 READY`.
pub(super) fn summary(view: &StageView) -> String {
    let images = match view.total {
        0 => return "no image".to_owned(),
        1 => "1 image".to_owned(),
        many => format!("{many} images"),
    };
    let states = view.states.iter().zip(&view.occupancy).filter(|(_, count)| **count > 0);
    let states: Vec<String> = states.map(|(state, count)| format!("{count} {state}")).collect();
    format!("{images}: {}", states.join(", "))
}
