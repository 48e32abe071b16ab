//! One cloud: its diagram, the chosen image, its machines and its list.

use std::rc::Rc;

use yew::prelude::*;

use super::diagram::Diagram;
use super::panel::Panel;
use super::tokens::Tokens;
use crate::app::{Msg, StageView};
use crate::diagram::Scene;
use crate::engine::ImageId;

/// What a stage shows.
#[derive(Clone, Properties)]
pub struct StageProps {
    /// The cloud.
    pub view: Rc<StageView>,
    /// Its picture at this moment.
    pub scene: Scene,
    /// Takes what the person did.
    pub send: Callback<Msg>,
}

impl PartialEq for StageProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.view, &other.view) && self.scene == other.scene
    }
}

/// One cloud.
#[component]
pub fn Stage(StageProps { view, scene, send }: &StageProps) -> Html {
    let (width, height) = view.chart.size;
    let system = view.system;
    let choose = send.reform(move |image: ImageId| Msg::ImageChosen { system, image });
    let chosen = view.chosen.as_ref().map(|chosen| chosen.row.id);
    html! {
        <section class="stage" aria-label={view.title} data-system={system.to_string()}>
            <header class="stage__head">
                <h2>{ view.title }</h2>
                <p class="quiet">{ summary(view) }</p>
            </header>
            <svg class="diagram" viewBox={format!("0 0 {width} {height}")} role="graphics-document document"
                aria-roledescription="state diagram" aria-label={format!("{} image {}s", view.title, view.state_word)}>
                <Diagram view={Rc::clone(view)} />
                <Tokens scene={scene.clone()} {chosen} {choose} />
            </svg>
            <Panel view={Rc::clone(view)} send={send.clone()} />
        </section>
    }
}

/// How many images there are, and in which states: `2 images: 1 LOCKED, 1 READY`.
fn summary(view: &StageView) -> String {
    let images = match view.total {
        0 => return "no images yet".to_owned(),
        1 => "1 image".to_owned(),
        many => format!("{many} images"),
    };
    let states = view.states.iter().zip(&view.occupancy).filter(|(_, count)| **count > 0);
    let states: Vec<String> = states.map(|(state, count)| format!("{count} {state}")).collect();
    format!("{images}: {}", states.join(", "))
}
