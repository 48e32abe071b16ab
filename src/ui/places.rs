//! The places of the page, in each of which a part of it is drawn.
//!
//! `index.html` comes with every place filled (`prerender.rs`), as [`frame`] has it. The program leaves
//! the frame as it is and takes the places over, some in each turn, so that no turn is long; a place that
//! is not on the page, as in an embed, is not drawn.

use std::rc::Rc;

use web_sys::Element;
use yew::prelude::*;

use crate::app::{StageView, View};

/// A place of the page. Those of a stage have its number among the stages, counted from 0.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// Above the stages: the head of the page, what there is to say, the verbs.
    Top,
    /// The switches for the diagrams.
    Look,
    /// The title of a stage, and what there is to switch beside it.
    Head(usize),
    /// The diagram of a stage.
    Figure(usize),
    /// The key to the diagram of a stage: a long list that is closed, so it is taken over when the rules come.
    Key(usize),
    /// What stands beside the diagram and below it.
    Facts(usize),
    /// What stays in sight: the transport, and why answers parted.
    Dock,
    /// Below the stages: the branches, the breakpoints and the keys. They need the rules, so their code comes
    /// with these, and the place is taken over then.
    Tools,
    /// The journal.
    Bottom,
    /// What is said to those who do not see it.
    Said,
}

/// A place, and the element of `index.html` that it is.
#[derive(Clone, PartialEq, Debug)]
pub struct TakenPlace {
    /// Which place it is.
    pub place: Place,
    /// What is drawn in.
    pub element: Element,
}

impl TakenPlace {
    /// The attribute that says which place an element is, until it is taken over; `static/boot.js` waits
    /// until it is gone.
    pub const NAME: &str = "data-place";

    /// Removes what `index.html` had in it.
    pub(super) fn clear(&self) {
        self.element.set_text_content(None);
        let _ = self.element.remove_attribute(Self::NAME);
    }

    /// Says at the stage that the place is the head of which cloud stands there; one without is hidden.
    pub(super) fn name(&self, stages: &[Rc<StageView>]) {
        let Place::Head(at) = self.place else { return };
        let Some(section) = self.element.parent_element() else { return };
        let _ = section.toggle_attribute_with_force("hidden", at >= stages.len());
        if let Some(all) = section.parent_element() {
            all.set_class_name(class_of_stages(stages.len()));
        }
        if let Some(stage) = stages.get(at) {
            let _ = section.set_attribute("aria-label", stage.title);
            let _ = section.set_attribute("data-name", stage.name);
            let _ = section.set_attribute("data-system", &stage.system.to_string());
        }
    }
}

/// How many turns it takes until all places are taken over that need no rules; the last is for the others.
pub(super) const TURNS: u32 = 7;

impl Place {
    /// The place of this name, on this stage if it is on one.
    pub fn named(name: &str, stage: Option<usize>) -> Option<Self> {
        let outside = [Self::Top, Self::Look, Self::Dock, Self::Tools, Self::Bottom, Self::Said];
        let of_stage = stage.map(|at| [Self::Head(at), Self::Figure(at), Self::Key(at), Self::Facts(at)]);
        outside.into_iter().chain(of_stage.into_iter().flatten()).find(|place| place.name() == name)
    }

    /// What its element is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Top => "top",
            Self::Look => "look",
            Self::Head(_) => "head",
            Self::Figure(_) => "figure",
            Self::Key(_) => "key",
            Self::Facts(_) => "facts",
            Self::Dock => "dock",
            Self::Tools => "tools",
            Self::Bottom => "bottom",
            Self::Said => "said",
        }
    }

    /// The turn in which it is taken over: what is reached for first comes first.
    pub(super) fn turn(self) -> u32 {
        match self {
            Self::Dock | Self::Said => 0,
            Self::Figure(0) => 1,
            Self::Figure(_) => 2,
            Self::Top | Self::Look => 3,
            Self::Head(0) | Self::Facts(0) => 4,
            Self::Head(_) | Self::Facts(_) => 5,
            Self::Bottom => 6,
            Self::Tools | Self::Key(_) => TURNS,
        }
    }
}

/// The class of what holds so many stages: a single one has all the room. (The style sheet could ask for a
/// hidden stage with “:has”, but then every token that comes or goes would have the page styled anew.)
fn class_of_stages(count: usize) -> &'static str {
    if count == 1 { "stages stages--one" } else { "stages" }
}

/// The page around its places (`static/boot.js` names some of them), each filled with what `draw` makes for it.
pub(super) fn frame(view: &View, embed: bool, draw: &dyn Fn(Place) -> Html) -> Html {
    let stage = |(at, stage): (usize, &Rc<StageView>)| {
        let [head, figure, key, facts] =
            [Place::Head(at), Place::Figure(at), Place::Key(at), Place::Facts(at)];
        html! {
            <section class="stage" aria-label={stage.title} data-system={stage.system.to_string()} data-name={stage.name}>
                <header class="stage__head" data-place={head.name()}>{ draw(head) }</header>
                <div class="stage__body">
                    <div class="figure" data-place={figure.name()}>{ draw(figure) }</div>
                    <div class="place" data-place={key.name()}>{ draw(key) }</div>
                    <div class="place" data-place={facts.name()}>{ draw(facts) }</div>
                </div>
            </section>
        }
    };
    let outside = |place: Place| {
        let id = matches!(place, Place::Look | Place::Bottom).then_some(place.name());
        html! { <div class="place" {id} data-place={place.name()}>{ draw(place) }</div> }
    };
    let stages = class_of_stages(view.stages.len());
    html! {
        <div class={classes!("page", embed.then_some("page--embed"))}>
            <nav class="skips" aria-label="Skip to">
                <a href="#stages">{ "Skip to the diagrams" }</a>
                <a href="#dock">{ "Skip to the line of time" }</a>
                <a href="#bottom">{ "Skip to the journal" }</a>
            </nav>
            { outside(Place::Top) }
            if !embed { { outside(Place::Look) } }
            <div id="stages" class={stages}>{ for view.stages.iter().enumerate().map(stage) }</div>
            <div id="dock" class="dock" data-place={Place::Dock.name()}>{ draw(Place::Dock) }</div>
            if !embed { { outside(Place::Tools) }{ outside(Place::Bottom) } }
            <p class="unseen" role="status" data-place={Place::Said.name()}>{ draw(Place::Said) }</p>
        </div>
    }
}
