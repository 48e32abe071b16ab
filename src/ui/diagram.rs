//! The part of a diagram that stays: the states and the edges between them.

use std::rc::Rc;

use yew::prelude::*;

use super::later::{Part, later};
use super::{click, compare};
use crate::app::{Look, Msg, StageView};
use crate::diagram::{Pose, arrow_head, hundredths, path_data};
use crate::engine::chart::{ALIGNED_SIZE, Cause, Edge, Node, Phase, Standing, row};

/// A name longer than this is set in two lines, broken after an underscore.
const LONGEST_LINE: usize = 11;

/// The CSS class of a phase.
pub(super) fn phase_class(phase: Phase) -> &'static str {
    match phase {
        Phase::Reserved => "phase--reserved",
        Phase::Transferring => "phase--transferring",
        Phase::Available => "phase--available",
        Phase::InUse => "phase--in-use",
        Phase::Withheld => "phase--withheld",
        Phase::Failed => "phase--failed",
        Phase::Removing => "phase--removing",
        Phase::Gone => "phase--gone",
    }
}

/// The sign of a phase, so that it can be told without its colour: strokes in a 10 × 10 box.
pub(super) fn phase_sign(phase: Phase) -> &'static str {
    match phase {
        Phase::Reserved => "M2 2H8V8H2Z",
        Phase::Transferring => "M5 1V8M2 5.5L5 8.5L8 5.5",
        Phase::Available => "M1.5 5.5L4 8L8.5 2.5",
        Phase::InUse => "M2.5 1.5L8 5L2.5 8.5Z",
        Phase::Withheld => "M3 2V8M7 2V8",
        Phase::Failed => "M2 2L8 8M8 2L2 8",
        Phase::Removing => "M2 5H8",
        Phase::Gone => "M2 8L8 2",
    }
}

/// The states and the edges, to be drawn inside an `<svg>`.
pub(super) fn diagram(view: &StageView, look: &Look, send: &Callback<Msg>) -> Html {
    let pose = Pose { chart: view.chart, blend: look.blend() };
    let edges = edges_shown(view, look);
    let lines = edges.iter().map(|&edge| draw_edge(view, pose, edge));
    let labels = edges.iter().map(|&edge| edge_label(view, pose, edge));
    let cut = view.chart.cut(look.cuts[view.system]);
    let nodes = view.chart.nodes.iter().enumerate();
    let nodes =
        nodes.filter(|(_, node)| !cut.without.contains(&node.state) || view.occupancy[node.state] > 0);
    let nodes: Vec<(usize, &Node)> = nodes.collect();
    let centres: Rc<[(f32, f32)]> = nodes.iter().map(|(index, _)| pose.node(*index)).collect();
    let nodes =
        nodes.iter().enumerate().map(|(place, (_, node))| draw_node(view, node, (place, &centres), send));
    html! {
        <>
            if look.blend() > 0.0 {
                { later(&Part::Rows(look.blend()), send) }
            }
            { mark("mark", pose.entry()) }
            { mark("mark mark--end", pose.exit()) }
            { for lines }
            { for labels }
            { for nodes }
        </>
    }
}

/// The edges that are shown, by their places in the chart: those of the cut, and those just taken.
pub(super) fn edges_shown(view: &StageView, look: &Look) -> Vec<usize> {
    let cut = view.chart.cut(look.cuts[view.system]);
    let edges = view.chart.edges.iter().enumerate();
    let shown = edges.filter(|(index, edge)| {
        let wanted = look.undocumented || edge.standing == Standing::Documented;
        wanted && cut.has(edge) || view.edges.contains(index)
    });
    shown.map(|(index, _)| index).collect()
}

/// The rows of the aligned layout, each with its phase.
pub(super) fn rows(blend: f32) -> Html {
    let draw = |phase: Phase| {
        let y = hundredths(row(phase));
        html! {
            <g class={classes!("row", phase_class(phase))} opacity={hundredths(blend)}>
                <rect x="0" y={hundredths(row(phase) - 38.0)} width={hundredths(ALIGNED_SIZE.0)} height="76" />
                <text transform={format!("translate(10 {y}) rotate(-90)")}>{ phase.name() }</text>
            </g>
        }
    };
    Phase::ALL.into_iter().map(draw).collect()
}

fn mark(class: &'static str, (x, y): (f32, f32)) -> Html {
    html! { <circle {class} cx={hundredths(x)} cy={hundredths(y)} r="6" /> }
}

fn edge_class(view: &StageView, edge: &Edge) -> Classes {
    let cause = match edge.cause {
        Cause::Asked => "edge--asked",
        Cause::Automatic => "edge--automatic",
        Cause::Failure => "edge--failure",
    };
    let standing = match edge.standing {
        Standing::Documented => "edge--documented",
        Standing::Undocumented => "edge--undocumented",
        Standing::Unreachable => "edge--unreachable",
        Standing::Mode(_) => "edge--mode",
    };
    let off = edge.standing.is_off(|mode| view.is_on(mode));
    classes!("edge", cause, standing, off.then_some("is-off"))
}

/// The classes of an edge of the view, by its place in the chart.
pub(super) fn edge_classes(view: &StageView, edge: usize) -> Classes {
    let taken = view.edges.contains(&edge).then_some("is-taken");
    let last = (view.edges.last() == Some(&edge)).then_some("is-last");
    let heat = match view.heat.get(edge) {
        None => "",
        Some(0) => "heat--0",
        Some(1) => "heat--1",
        Some(2..=3) => "heat--2",
        Some(4..=9) => "heat--3",
        Some(_) => "heat--4",
    };
    classes!(edge_class(view, &view.chart.edges[edge]), taken, last, heat, compare::lit(view, edge))
}

fn draw_edge(view: &StageView, pose: Pose, edge: usize) -> Html {
    let path = pose.path(edge);
    let failed = view.edges.contains(&edge) && view.chart.edges[edge].cause == Cause::Failure;
    html! {
        <g class={edge_classes(view, edge)}>
            <path class="edge__line" d={path_data(&path)} />
            <path class="edge__head" d={arrow_head(&path)} />
            if failed {
                { cross(&path) }
            }
        </g>
    }
}

/// A failure ends in a cross.
fn cross(path: &[(f32, f32)]) -> Html {
    let Some((x, y)) = path.last() else { return Html::default() };
    let at = format!("translate({} {})", hundredths(*x), hundredths(*y));
    html! { <path class="edge__cross" d="M-6 -6L6 6M6 -6L-6 6" transform={at} /> }
}

/// The label in words, and the number that stands for it where the picture is small; or how often the edge was
/// taken, unless it is one of the chosen state's.
fn edge_label(view: &StageView, pose: Pose, edge: usize) -> Html {
    let ((x, y), (number_x, number_y)) = (pose.label(edge), pose.number(edge));
    let class = classes!("edge-label", edge_classes(view, edge));
    let (word, number) = match view.heat.get(edge) {
        Some(&times) if times > 0 && !compare::is_own(view, edge) => {
            (format!("{times}×"), format!("{times}×"))
        }
        _ => (view.chart.edges[edge].label.to_owned(), (edge + 1).to_string()),
    };
    html! {
        <text {class}>
            <tspan class="edge-label__word" x={hundredths(x)} y={hundredths(y)}>{ word }</tspan>
            <tspan class="edge-label__number" x={hundredths(number_x)} y={hundredths(number_y)}>{ number }</tspan>
        </text>
    }
}

/// A state, by its place among those that are drawn and the centres of all of these.
fn draw_node(
    view: &StageView,
    node: &Node,
    (place, centres): (usize, &Rc<[(f32, f32)]>),
    send: &Callback<Msg>,
) -> Html {
    let centre = centres[place];
    let (width, height) = view.chart.node_size;
    let (x, y) = (centre.0 - width / 2.0, centre.1 - height / 2.0);
    let name = view.states[node.state];
    let count = view.occupancy[node.state];
    let off = count == 0 && view.chart.is_out_of_reach(node.state, |mode| view.is_on(mode));
    let marks = compare::node_classes(view, node.state);
    let class = classes!(
        "node",
        phase_class(node.phase),
        (count > 0).then_some("is-occupied"),
        off.then_some("is-off"),
        marks,
    );
    let (system, state) = (view.system, node.state);
    // One stop of the Tab key for each diagram; the arrow keys go from state to state.
    let first =
        compare::chosen(view).or(view.chosen.as_ref().map(|chosen| chosen.row.state)).unwrap_or_default();
    let tabindex = view.is_live.then_some(if first == state { "0" } else { "-1" });
    let images = match count {
        0 => "no image".to_owned(),
        1 => "1 image".to_owned(),
        many => format!("{many} images"),
    };
    let label = format!("{name}: {images}. {}", node.meaning);
    html! {
        <g {class} role="graphics-object" aria-label={label.clone()} data-state={name} {tabindex}
            onclick={click(send, Msg::StateChosen { system, state })}
            onkeydown={compare::node_keys((system, state), (place, centres), send)}>
            <title>{ label }</title>
            <rect class="node__box" x={hundredths(x)} y={hundredths(y)} width={hundredths(width)}
                height={hundredths(height)} rx="7" />
            <line class="node__band" x1={hundredths(x + 6.0)} x2={hundredths(x + 6.0)} y1={hundredths(y + 7.0)}
                y2={hundredths(y + height - 7.0)} />
            <g class="node__sign" transform={format!("translate({} {})", hundredths(x + 91.0), hundredths(y + 5.0))}>
                <path d={phase_sign(node.phase)} />
            </g>
            { node_name(name, centre) }
            { later(&Part::Mark(view, node, centre), send) }
            if count > crate::diagram::TOKENS_PER_STATE {
                <text class="node__count" x={hundredths(x + width)} y={hundredths(y - 5.0)}>{ count }</text>
            }
        </g>
    }
}

fn node_name(name: &'static str, centre: (f32, f32)) -> Html {
    let x = hundredths(centre.0 - 1.0);
    let text = |line: &str, y: f32| {
        html! { <text class="node__name" x={x.clone()} y={hundredths(y)}>{ line.to_owned() }</text> }
    };
    match name.rfind('_').filter(|_| name.len() > LONGEST_LINE) {
        Some(at) => html! {
            <>{ text(&name[..at], centre.1 - 8.0) }{ text(&name[at..], centre.1 + 8.0) }</>
        },
        None => text(name, centre.1),
    }
}
