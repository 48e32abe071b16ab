//! The edges of the official figures beside those that the clouds really have: `docs/EDGES.md`, and
//! whether the page's charts say the same. `UPDATE=1` writes the document anew.

#[path = "edges/figures.rs"]
mod figures;
#[path = "edges/reached.rs"]
mod reached;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use figures::{Figure, NONPERSISTENT, OUTSIDE, PERSISTENT, TODAY, V1};
use lab::engine::State;
use lab::engine::chart::{Chart, End, Standing};
use lab::engine::host::{Cloud, Host};
use lab::engine::present::Present;
use lab::engine::{ImageId, SimTime};
use lab::systems::glance::{Glance, ImageStatus};
use lab::systems::opennebula::{ImageState, OpenNebula};
use reached::Reached;

/// The figures, each with what can be reached.
fn clouds() -> &'static [(Figure, Reached); 4] {
    static CLOUDS: OnceLock<[(Figure, Reached); 4]> = OnceLock::new();
    CLOUDS.get_or_init(|| {
        let [nonpersistent, persistent] = reached::opennebula();
        [
            (NONPERSISTENT, nonpersistent),
            (PERSISTENT, persistent),
            (TODAY, reached::glance(false)),
            (V1, reached::glance(true)),
        ]
    })
}

const INTRODUCTION: &str = "# Edges: what the figures draw, and what happens

This file is written by `tests/edges.rs` (`UPDATE=1 cargo test --test edges`) from an exploration of every world of
small models; it is not edited by hand. A row is a change of state. *The figure's label* is the official figure's,
*caused by* is the last line of a shortest way through the change, after so many lines before it.

* **documented**: the figure draws it, and it happens.
* **undocumented but real**: it happens, and the figure does not draw it.
* **documented, not reachable**: the figure draws it, and nothing leads through it.
* **documented, no change**: the figure draws a loop; it is accepted, and the state stays what it is.

What the documentation's text says differently stands in [SIMPLIFICATIONS.md](SIMPLIFICATIONS.md#where-the-documentation-differs).
";

#[test]
fn the_table_of_edges_is_what_happens() {
    let mut text = INTRODUCTION.to_owned();
    for (figure, reached) in clouds() {
        text.push_str(&table(figure, reached));
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/EDGES.md");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &text).expect("the table can be written");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    for (written, now) in written.lines().zip(text.lines()) {
        assert_eq!(written, now, "docs/EDGES.md is not what happens; UPDATE=1 writes it anew");
    }
    assert_eq!(written.len(), text.len(), "docs/EDGES.md is not what happens; UPDATE=1 writes it anew");
}

struct Row {
    from: &'static str,
    to: &'static str,
    labels: Vec<&'static str>,
    way: Option<Vec<String>>,
}

impl Row {
    fn class(&self) -> &'static str {
        match (&self.way, self.labels.is_empty()) {
            (Some(_), false) => "documented",
            (Some(_), true) => "undocumented but real",
            (None, _) if self.from == self.to => "documented, no change",
            (None, _) => "documented, not reachable",
        }
    }

    fn line(&self) -> String {
        let (cause, before) = match self.way.as_deref() {
            Some([before @ .., last]) => (format!("`{}`", short(last)), before.len().to_string()),
            Some([]) | None => (String::new(), String::new()),
        };
        let labels = self.labels.join(", ");
        format!("| {} | {} | {labels} | {cause} | {before} | {} |\n", self.from, self.to, self.class())
    }
}

/// A line without the parts of ids that say nothing.
fn short(line: &str) -> String {
    line.replace("00000000-0000-0000-0000-000000000001", "IMAGE").replace('|', "\\|")
}

fn table(figure: &Figure, reached: &Reached) -> String {
    let rows = rows(figure, reached);
    let mut text = format!("\n## {}\n\nThe figure: {}.\n\n", figure.title, figure.source);
    for class in ["documented", "undocumented but real", "documented, not reachable", "documented, no change"]
    {
        let count = rows.iter().filter(|row| row.class() == class).count();
        let _ = writeln!(text, "* {class}: {count}");
    }
    text.push_str("\n| from | to | the figure's label | caused by | lines before | class |\n|---|---|---|---|---|---|\n");
    for row in &rows {
        text.push_str(&row.line());
    }
    text
}

/// What the figure draws, in its order, then what else happens.
fn rows(figure: &Figure, reached: &Reached) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for &(from, to, _) in figure.edges {
        let node = |(a, b): (&'static str, &'static str)| (figure.node(a), figure.node(b));
        let mut ways: Vec<_> = reached
            .iter()
            .filter(|(ends, _)| **ends == (from, to) || (node(**ends) == (from, to) && from != to))
            .collect();
        ways.retain(|(ends, _)| !figure.labels(ends.0, ends.1).is_empty());
        if ways.is_empty() && !rows.iter().any(|row| (row.from, row.to) == (from, to)) {
            rows.push(Row { from, to, labels: figure.labels(from, to), way: None });
        }
        for (&(from, to), way) in ways {
            if !rows.iter().any(|row| (row.from, row.to) == (from, to)) {
                rows.push(Row { from, to, labels: figure.labels(from, to), way: Some(way.clone()) });
            }
        }
    }
    for (&(from, to), way) in reached {
        if figure.labels(from, to).is_empty() {
            rows.push(Row { from, to, labels: Vec::new(), way: Some(way.clone()) });
        }
    }
    rows
}

/// What a chart has to say about a change of state, if anything. What happens only in the cloud's
/// `mode` belongs to that mode.
fn standing(
    from: &'static str,
    to: &'static str,
    clouds: &[(Figure, Reached)],
    mode: Option<&Reached>,
) -> Option<Standing> {
    let rows = clouds.iter().flat_map(|(figure, reached)| rows(figure, reached));
    let classes: Vec<&str> =
        rows.filter(|row| (row.from, row.to) == (from, to)).map(|row| row.class()).collect();
    let standings = [
        ("documented", Standing::Documented),
        ("undocumented but real", Standing::Undocumented),
        ("documented, not reachable", Standing::Unreachable),
    ];
    let (_, standing) = standings.into_iter().find(|(class, _)| classes.contains(class))?;
    let is_of_mode = mode.is_some_and(|mode| mode.contains_key(&(from, to)));
    Some(if standing == Standing::Unreachable && is_of_mode { Standing::Mode(0) } else { standing })
}

/// What ends after something has overtaken it writes its old record back: real, listed in `docs/EDGES.md`, and too
/// rare for the picture.
const NOT_DRAWN: [(&str, &str); 5] = [
    ("active", "queued"),
    ("deactivated", "queued"),
    ("uploading", "active"),
    ("killed", "queued"),
    ("killed", "active"),
];

/// Where a chart and the exploration do not agree.
fn disagreements<S: State>(
    chart: &Chart,
    clouds: &[(Figure, Reached)],
    mode: Option<&Reached>,
) -> Vec<String> {
    let name = |end| match end {
        End::State(state) => S::ALL[state].name(),
        End::Outside => OUTSIDE,
    };
    let mut wrong = Vec::new();
    for edge in chart.edges {
        let (from, to) = (name(edge.from), name(edge.to));
        let found = standing(from, to, clouds, mode);
        if found != Some(edge.standing) {
            wrong.push(format!("{from} -> {to} is {found:?}, and {:?} on the chart", edge.standing));
        }
    }
    for row in clouds.iter().flat_map(|(figure, reached)| rows(figure, reached)) {
        let ends = (row.from, row.to);
        let is_drawn = chart.edges.iter().any(|edge| (name(edge.from), name(edge.to)) == ends);
        if row.from != row.to && !is_drawn && !NOT_DRAWN.contains(&ends) {
            wrong.push(format!("{} -> {} is {} and not on the chart", row.from, row.to, row.class()));
        }
    }
    wrong
}

#[test]
fn the_charts_show_every_edge_for_what_it_is() {
    let [nonpersistent, persistent, today, (_, v1)] = clouds();
    let pair = |a: &(Figure, Reached), b: &(Figure, Reached)| {
        [a, b].map(|(figure, reached)| (Figure { ..*figure }, reached.clone()))
    };
    let none: [String; 0] = [];
    assert_eq!(
        disagreements::<ImageState>(OpenNebula::chart(), &pair(nonpersistent, persistent), None),
        none
    );
    assert_eq!(disagreements::<ImageStatus>(Glance::chart(), &pair(today, today), Some(v1)), none);
}

#[test]
fn v1_mode_adds_exactly_what_its_api_did() {
    let [_, _, (_, today), (_, v1)] = clouds();
    let is_new = |ends: &&(&str, &str)| !today.contains_key(*ends) && !NOT_DRAWN.contains(ends);
    let added: Vec<_> = v1.keys().filter(is_new).collect();
    assert_eq!(added, [&("killed", "deleted"), &("saving", "killed")]);
}

#[test]
fn a_used_image_takes_more_vms_and_copies_and_stays_used() {
    let mut host = Host::<OpenNebula>::default();
    let lines = [
        "driver ds CLONE hold",
        "oneimage create --name i0 --path /a -d 100",
        "onevm create --disk 0",
        "onevm create --disk 0",
        "oneimage clone 0 i1",
    ];
    for line in lines {
        let record = host.perform(line, SimTime::START).expect("it is an action");
        assert!(host.outcome(record).is_ok(), "{line}");
    }
    let row = OpenNebula::image(host.world(), ImageId(0)).expect("it is there");
    assert_eq!(row.state, ImageState::Used as usize);
}
