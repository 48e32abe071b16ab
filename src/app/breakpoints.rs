//! Breakpoints: where playing pauses by itself, and what is said about it.

use super::App;
use super::moves::{end_name, is_ever_reached, is_taken, why_not};
use crate::engine::chart::{Edge, End};
use crate::engine::host::{Cloud, Move};

/// Where playing pauses.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stop {
    /// When an image arrives in this state, or leaves the cloud.
    State(End),
    /// When an image takes this edge, by its place in the chart.
    Edge(usize),
}

/// A breakpoint of one cloud.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Breakpoint {
    /// The cloud, by its place in the session.
    pub system: usize,
    /// Where.
    pub stop: Stop,
}

/// A breakpoint as the list shows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BreakpointView {
    /// The breakpoint.
    pub breakpoint: Breakpoint,
    /// What the list calls it.
    pub label: String,
    /// Why it will not pause anything, if that is so.
    pub problem: Option<String>,
}

impl Breakpoint {
    /// What the list calls it: `OpenNebula: READY`.
    pub(super) fn label(self, cloud: &dyn Cloud) -> String {
        format!("{}: {}", cloud.title(), self.stop.words(cloud))
    }
}

impl Stop {
    /// `READY`, or `LOCKED → READY`.
    pub(super) fn words(self, cloud: &dyn Cloud) -> String {
        match self {
            Self::State(end) => end_name(cloud, end).to_owned(),
            Self::Edge(edge) => cloud.chart().edges.get(edge).map_or_else(String::new, |edge| {
                let from = if edge.from == End::Outside { "new" } else { end_name(cloud, edge.from) };
                format!("{from} → {}", end_name(cloud, edge.to))
            }),
        }
    }

    fn is_met_by(self, cloud: &dyn Cloud, step: &Move) -> bool {
        match self {
            Self::State(end) => step.to == end,
            Self::Edge(edge) => cloud.chart().edge(step.from, step.to) == Some(edge),
        }
    }

    /// Why no image ever comes by here, if that is so.
    fn problem(self, cloud: &dyn Cloud) -> Option<String> {
        let unreal = |edge: &Edge| !is_taken(cloud, edge);
        match self {
            Self::State(end) => (!is_ever_reached(cloud, end)).then(|| why_not(cloud, end)),
            Self::Edge(edge) => cloud.chart().edges.get(edge).filter(|edge| unreal(edge)).map(|_| {
                let way = self.words(cloud);
                format!(
                    "{way} stands in the official figure, and no image of {} takes it today.",
                    cloud.title()
                )
            }),
        }
    }
}

impl App {
    /// Sets a breakpoint or takes it away, and says what that means.
    pub(super) fn toggle(&mut self, breakpoint: Breakpoint) {
        let Some(cloud) = self.session().clouds().get(breakpoint.system) else { return };
        let (label, problem) = (breakpoint.label(&**cloud), breakpoint.stop.problem(&**cloud));
        let set = self.marks().breakpoints.iter().position(|other| *other == breakpoint);
        self.said = Some(match (set, problem) {
            (Some(_), _) => format!("No breakpoint on {label} any more."),
            (None, Some(problem)) => format!("This breakpoint will not pause anything. {problem}"),
            (None, None) => format!("Playing will pause at {label}."),
        });
        match set {
            Some(place) => drop(self.marks_mut().breakpoints.remove(place)),
            None => self.marks_mut().breakpoints.push(breakpoint),
        }
    }

    /// The breakpoints of a cloud.
    pub(super) fn stops(&self, system: usize) -> Vec<Stop> {
        let own = self.marks().breakpoints.iter().filter(|breakpoint| breakpoint.system == system);
        own.map(|breakpoint| breakpoint.stop).collect()
    }

    /// Every breakpoint as the list shows it.
    pub(super) fn breakpoint_views(&self) -> Vec<BreakpointView> {
        let view = |&breakpoint: &Breakpoint| {
            let cloud = self.session().cloud(breakpoint.system);
            let (label, problem) = (breakpoint.label(cloud), breakpoint.stop.problem(cloud));
            BreakpointView { breakpoint, label, problem }
        };
        self.marks().breakpoints.iter().map(view).collect()
    }

    /// Pauses if the step that was just taken in `system` met a breakpoint, and says so.
    pub(super) fn heed_breakpoints(&mut self, system: usize, moves: &[Move]) {
        let cloud = self.session().cloud(system);
        let own = || self.marks().breakpoints.iter().filter(|breakpoint| breakpoint.system == system);
        let met = moves.iter().find_map(|step| {
            let met = own().find(|breakpoint| breakpoint.stop.is_met_by(cloud, step))?;
            let (verb, where_) = match met.stop {
                Stop::State(_) => ("arrived in", met.stop.words(cloud)),
                Stop::Edge(_) => ("took", met.stop.words(cloud)),
            };
            Some(format!("Paused: image {} {verb} {where_} ({}).", step.image, cloud.title()))
        });
        if met.is_some() {
            self.said = met;
            self.pause();
        }
    }
}
