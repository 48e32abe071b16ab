//! Breakpoints: a dot at each state and edge of a diagram, and the same as a list.

use std::rc::Rc;

use yew::prelude::*;

use super::later::{Part, later};
use super::{button, click, offering, option, section};
use crate::app::{Breakpoint, BreakpointView, Msg, StageView, Stop, TransportView};
use crate::diagram::{Pose, Track, hundredths};
use crate::engine::chart::End;

/// A dot at each state and edge with a breakpoint, and where the `pointed` diagram could have one, to be
/// seen when the pointer is near. The list is the way for the keyboard, so the dots stand outside of the
/// tab order.
pub(super) fn stops(view: &StageView, pose: Pose, pointed: bool, send: &Callback<Msg>) -> Html {
    let (width, height) = view.chart.node_size;
    let states = view.chart.nodes.iter().enumerate().map(|(index, node)| {
        let (x, y) = pose.node(index);
        (Stop::State(End::State(node.state)), (x - width / 2.0, y - height / 2.0))
    });
    let edges =
        (0..view.chart.edges.len()).map(|edge| (Stop::Edge(edge), Track::along(&pose.path(edge)).at(0.5)));
    let dots = edges.chain(states).filter(|(stop, _)| pointed || view.stops.contains(stop));
    html! { <g class="stops" aria-hidden="true">{ for dots.map(|(stop, at)| dot(view, stop, at, send)) }</g> }
}

fn dot(view: &StageView, stop: Stop, (x, y): (f32, f32), send: &Callback<Msg>) -> Html {
    let set = view.stops.contains(&stop);
    let onclick = click(send, toggled(view.system, stop));
    html! {
        <g class={classes!("stop", set.then_some("is-set"))} {onclick}
            transform={format!("translate({} {})", hundredths(x), hundredths(y))}>
            <circle class="stop__reach" r="9" />
            <path class="stop__mark" d="M-4 -4H4V4H-4Z" />
        </g>
    }
}

fn toggled(system: usize, stop: Stop) -> Msg {
    Msg::BreakpointToggled(Breakpoint { system, stop })
}

/// The list, with a way to add and to remove.
pub(super) fn breakpoints(view: &TransportView, stages: &[Rc<StageView>], send: &Callback<Msg>) -> Html {
    let set = later(&Part::Breakpoints(view), send);
    let stages = stages.iter().map(|stage| places(stage)).collect();
    section(
        "Breakpoints",
        html! { <><ul class="tree">{ set }</ul>{ offering("Pause at", stages, send, meant) }</> },
    )
}

/// The breakpoints that are set.
pub(super) fn set(view: &TransportView, send: &Callback<Msg>) -> Html {
    let row = |BreakpointView { breakpoint, label, problem }: &BreakpointView| {
        let name = format!("Remove the breakpoint on {label}");
        let problem = problem.as_ref().map(|why| format!("It will not pause anything. {why}"));
        html! {
            <li>
                { label }
                { button(send, "Remove", Some(name), Msg::BreakpointToggled(*breakpoint)) }
                if let Some(problem) = problem { <span class="quiet">{ problem }</span> }
            </li>
        }
    };
    view.breakpoints.iter().map(row).collect()
}

/// The breakpoint behind an entry: a cloud and a state, or a cloud and an edge.
fn meant(value: &str) -> Option<Msg> {
    let (system, place) = value.split_once(' ')?;
    let stop = match place.strip_prefix('e') {
        Some(edge) => Stop::Edge(edge.parse().ok()?),
        None => Stop::State(End::State(place.parse().ok()?)),
    };
    Some(toggled(system.parse().ok()?, stop))
}

fn places(view: &StageView) -> Html {
    let system = view.system;
    let states = view.states.iter().enumerate();
    let states = states.map(|(state, name)| option(format!("{system} {state}"), name));
    let name = |end: End, outside| match end {
        End::State(state) => view.states[state],
        End::Outside => outside,
    };
    let edges = view.chart.edges.iter().enumerate().map(|(index, edge)| {
        option(
            format!("{system} e{index}"),
            &format!("{} → {}", name(edge.from, "new"), name(edge.to, "gone")),
        )
    });
    html! { <optgroup label={view.title}>{ for states }{ for edges }</optgroup> }
}
