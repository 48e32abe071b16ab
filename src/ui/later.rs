//! The parts of the page that there are only with the rules of the clouds. Their code comes along with
//! these: whoever draws such a part asks for it by a [`Part`], never by its function's name.

use std::rc::Rc;
use std::sync::OnceLock;

use yew::prelude::*;

use super::{
    beside, branches, breakpoints, canvas, card, compare, diagram, journal, list, look, masthead, panel,
    reach, tools,
};
use crate::app::{CalloutView, Look, Msg, ReachView, Shown, Sight, StageView, TransportView, View};
use crate::diagram::{Pose, Scene};
use crate::engine::ImageId;
use crate::engine::chart::Node;
use crate::engine::recording::Difference;

/// A part of the page that there is only with the rules.
pub(super) enum Part<'a> {
    /// The other world beside a diagram, by its place among the stages; how it is looked at, and the revision.
    Beside(&'a View, usize, &'a [Scene], (&'a Look, u32)),
    /// The branches, when there are several or some were deleted.
    Branches(&'a TransportView),
    /// The breakpoints that are set.
    Breakpoints(&'a TransportView),
    /// Why two answers parted.
    Callout(&'a CalloutView),
    /// The card at a token.
    Card(&'a StageView, Pose, &'a Scene),
    /// The card of the chosen state, and what corresponds to it.
    Cards(&'a StageView),
    /// Room for crowds.
    Crowds(&'a Scene),
    /// Where a recording differs.
    Differences(&'a [Difference]),
    /// The field that filters a list.
    Filter(&'a StageView),
    /// The key to a diagram.
    Key(&'a StageView, &'a Look),
    /// The word of a state's likeness.
    Mark(&'a StageView, &'a Node, (f32, f32)),
    /// A small picture of the whole.
    Minimap(Pose, Sight),
    /// The recording that is shown.
    Recording(&'a Shown),
    /// The rows of the aligned layout.
    Rows(f32),
    /// A refusal, or why a verb has no counterpart.
    Said(&'a StageView),
    /// The card of the chosen state as a sheet.
    Sheet(&'a View),
    /// The breakpoints of a diagram, and where it could have more if the pointer has been on it.
    Stops(&'a StageView, Pose, bool),
    /// The branches, the breakpoints and the keys.
    Tools(&'a View),
    /// The words of the chosen state's edges.
    Words(&'a StageView, &'a Look),
    /// The way that was asked for.
    Way(&'a ReachView),
}

/// Paints the crowds of all stages.
pub(super) type Painter = Box<dyn Fn(&[Scene])>;

/// How the parts are drawn that there are only with the rules.
#[derive(Clone, Copy)]
pub struct Parts {
    draw: fn(&Part<'_>, &Callback<Msg>) -> Html,
    painter: fn(&[Rc<StageView>], &Look, &[Scene]) -> Painter,
    alike: fn(&StageView, &StageView) -> (bool, bool),
    changed: fn(&StageView, &StageView) -> Vec<(ImageId, usize)>,
}

static PARTS: OnceLock<&'static Parts> = OnceLock::new();

static ALL: Parts = Parts { draw, painter: canvas::painter, alike, changed: StageView::changed_since };

impl Parts {
    /// The parts themselves. Whoever calls this carries them along.
    pub fn all() -> &'static Self {
        &ALL
    }

    /// From now on they are drawn.
    pub fn equip(&'static self) {
        PARTS.get_or_init(|| self);
    }
}

/// Whether they are here.
pub(super) fn are_here() -> bool {
    PARTS.get().is_some()
}

/// Draws a part, if it is here.
#[inline(never)]
pub(super) fn later(part: &Part<'_>, send: &Callback<Msg>) -> Html {
    PARTS.get().map_or_else(Html::default, |parts| (parts.draw)(part, send))
}

/// What paints the crowds as they are seen now.
pub(super) fn painter(stages: &[Rc<StageView>], look: &Look, scenes: &[Scene]) -> Option<Painter> {
    PARTS.get().map(|parts| (parts.painter)(stages, look, scenes))
}

/// Whether two views of a stage have the same diagram, and whether all of both is the same; before there are
/// parts to compare them, nothing is.
pub(super) fn compared(one: &StageView, other: &StageView) -> (bool, bool) {
    PARTS.get().map_or((false, false), |parts| (parts.alike)(one, other))
}

/// The cells of a list that are not what they were; before there are parts to compare them, none.
pub(super) fn changed(stage: &StageView, before: &StageView) -> Vec<(ImageId, usize)> {
    PARTS.get().map_or_else(Vec::new, |parts| (parts.changed)(stage, before))
}

fn alike(one: &StageView, other: &StageView) -> (bool, bool) {
    (one.has_diagram_of(other), one == other)
}

fn draw(part: &Part<'_>, send: &Callback<Msg>) -> Html {
    match *part {
        Part::Beside(view, at, scenes, look) => beside::beside(view, at, scenes, look, send),
        Part::Branches(view) => branches::several(view, send),
        Part::Breakpoints(view) => breakpoints::set(view, send),
        Part::Callout(view) => compare::callout(view, send),
        Part::Card(view, pose, scene) => card::card(view, pose, scene, send),
        Part::Cards(view) => compare::cards(view, send),
        Part::Crowds(scene) => super::tokens::crowds(scene),
        Part::Differences(differences) => journal::differences(differences),
        Part::Filter(view) => list::filter(view, send),
        Part::Key(view, look) => look::key(view, look),
        Part::Mark(view, node, centre) => compare::mark(view, node, centre),
        Part::Minimap(pose, sight) => look::minimap(pose, sight),
        Part::Recording(shown) => masthead::shown(shown, send),
        Part::Rows(blend) => diagram::rows(blend),
        Part::Said(view) => panel::said(view),
        Part::Sheet(view) => compare::sheet(&view.stages, send),
        Part::Stops(view, pose, pointed) => breakpoints::stops(view, pose, pointed, send),
        Part::Tools(view) => tools::tools(&view.transport, &view.stages, send),
        Part::Words(view, look) => compare::edge_words(view, look),
        Part::Way(view) => reach::answer(view, send),
    }
}
