//! The part of a diagram that stays: the states and the edges between them.

use yew::prelude::*;

use super::{click, compare};
use crate::app::{Msg, StageView};
use crate::diagram::{arrow_head, hundredths, path_data};
use crate::engine::chart::{Cause, Edge, Node, Phase, Standing};

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
pub(super) fn diagram(view: &StageView, send: &Callback<Msg>) -> Html {
    let chart = view.chart;
    let last = view.edges.last();
    let edges = chart.edges.iter().enumerate();
    let edges = edges.map(|(index, edge)| {
        let lit = compare::lit(view, index);
        let marks = classes!((last == Some(&index)).then_some("is-last"), lit);
        draw_edge(view, edge, view.edges.contains(&index), marks)
    });
    let labels = chart.edges.iter().enumerate();
    let labels = labels.map(|(index, edge)| edge_label(view, edge, view.edges.contains(&index)));
    let nodes = chart.nodes.iter().map(|node| draw_node(view, node, send));
    html! {
        <>
            { mark("mark", chart.entry) }
            { mark("mark mark--end", chart.exit) }
            { for edges }
            { for labels }
            { for nodes }
        </>
    }
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

fn draw_edge(view: &StageView, edge: &Edge, taken: bool, marks: Classes) -> Html {
    let class = classes!(edge_class(view, edge), taken.then_some("is-taken"), marks);
    html! {
        <g {class}>
            <path class="edge__line" d={path_data(edge.path)} />
            <path class="edge__head" d={arrow_head(edge.path)} />
        </g>
    }
}

fn edge_label(view: &StageView, edge: &Edge, taken: bool) -> Html {
    let (x, y) = edge.label_at;
    let class = classes!("edge-label", edge_class(view, edge), taken.then_some("is-taken"));
    html! { <text {class} x={hundredths(x)} y={hundredths(y)}>{ edge.label }</text> }
}

fn draw_node(view: &StageView, node: &Node, send: &Callback<Msg>) -> Html {
    let (width, height) = view.chart.node_size;
    let (x, y) = (node.x - width / 2.0, node.y - height / 2.0);
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
    let tabindex = if first == state { "0" } else { "-1" };
    let images = match count {
        0 => "no image".to_owned(),
        1 => "1 image".to_owned(),
        many => format!("{many} images"),
    };
    let label = format!("{name}: {images}. {}", node.meaning);
    html! {
            <g {class} role="graphics-object" aria-label={label.clone()} data-state={name} {tabindex}
                onclick={click(send, Msg::StateChosen { system, state })}
                onkeydown={compare::node_keys(system, state, send)}>
                <title>{ label }</title>
                <rect class="node__box" x={hundredths(x)} y={hundredths(y)} width={hundredths(width)}
                    height={hundredths(height)} rx="7" />
    <line class="node__band" x1={hundredths(x + 6.0)} x2={hundredths(x + 6.0)} y1={hundredths(y + 7.0)}
                    y2={hundredths(y + height - 7.0)} />
                <g class="node__sign" transform={format!("translate({} {})", hundredths(x + 91.0), hundredths(y + 5.0))}>
                    <path d={phase_sign(node.phase)} />
                </g>
                { node_name(name, node) }
                { compare::mark(view, node) }
                if count > crate::diagram::TOKENS_PER_STATE {
                    <text class="node__count" x={hundredths(x + width)} y={hundredths(y + height + 14.0)}>
                        { count }
                    </text>
                }
            </g>
        }
}

fn node_name(name: &'static str, node: &Node) -> Html {
    let x = hundredths(node.x - 1.0);
    let text = |line: &str, y: f32| {
        html! { <text class="node__name" x={x.clone()} y={hundredths(y)}>{ line.to_owned() }</text> }
    };
    match name.rfind('_').filter(|_| name.len() > LONGEST_LINE) {
        Some(at) => html! {
            <>{ text(&name[..at], node.y - 7.0) }{ text(&name[at..], node.y + 8.0) }</>
        },
        None => text(name, node.y),
    }
}
