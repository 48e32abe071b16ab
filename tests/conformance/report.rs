//! What agreed and what did not, as counts and as JSON.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use lab::engine::recording::Difference;
use serde_json::{Value, json};

use super::gaps::Gap;

/// So many differences are shown when the test fails.
const SHOWN: usize = 40;

/// Everything that was replayed, by system.
#[derive(Default)]
pub(crate) struct Report {
    pub(crate) systems: BTreeMap<&'static str, SystemReport>,
}

/// What was replayed of one system.
#[derive(Default)]
pub(crate) struct SystemReport {
    pub(crate) traces: Count,
    pub(crate) steps: Count,
    pub(crate) cells: Count,
    pub(crate) sessions: Count,
    pub(crate) commands: Count,
    pub(crate) differences: Vec<Found>,
}

/// How many agree, of how many.
#[derive(Clone, Copy, Default)]
pub(crate) struct Count {
    pub(crate) agree: usize,
    pub(crate) total: usize,
}

/// A difference and where it was found.
#[derive(Clone)]
pub(crate) struct Found {
    /// The file, by its path below the system's folder: `traces/clone_fail.jsonl`.
    pub(crate) file: String,
    /// The number of a trace's step or of a session's command, or the words of a matrix cell.
    pub(crate) place: Place,
    pub(crate) difference: Difference,
}

/// A place in a recording.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Place {
    Step(u32),
    Cell(String),
}

impl Place {
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Step(number) => number.to_string(),
            Self::Cell(words) => words.clone(),
        }
    }
}

impl Count {
    pub(crate) fn judged(&mut self, agrees: bool) {
        self.agree += usize::from(agrees);
        self.total += 1;
    }

    fn add(&mut self, part: Self) {
        self.agree += part.agree;
        self.total += part.total;
    }

    fn to_json(self) -> Value {
        json!({ "agree": self.agree, "total": self.total })
    }
}

impl SystemReport {
    pub(crate) fn add(&mut self, part: Self) {
        self.traces.add(part.traces);
        self.steps.add(part.steps);
        self.cells.add(part.cells);
        self.sessions.add(part.sessions);
        self.commands.add(part.commands);
        self.differences.extend(part.differences);
    }

    pub(crate) fn found(&mut self, file: &str, place: &Place, differences: Vec<Difference>) {
        let found = |difference| Found { file: file.to_owned(), place: place.clone(), difference };
        self.differences.extend(differences.into_iter().map(found));
    }

    fn counts(&self) -> [(&'static str, Count); 5] {
        [
            ("traces", self.traces),
            ("steps", self.steps),
            ("cells", self.cells),
            ("sessions", self.sessions),
            ("commands", self.commands),
        ]
    }

    fn to_json(&self) -> Value {
        let mut object: serde_json::Map<String, Value> =
            self.counts().iter().map(|(name, count)| ((*name).to_owned(), count.to_json())).collect();
        object.insert("differences".to_owned(), self.differences.iter().map(Found::to_json).collect());
        Value::Object(object)
    }
}

impl Found {
    fn to_json(&self) -> Value {
        let Difference { field, expected, got } = &self.difference;
        match &self.place {
            Place::Step(step) => {
                json!({ "file": self.file, "step": step, "field": field, "expected": expected, "got": got })
            }
            Place::Cell(cell) => json!({
                "file": self.file, "step": 0, "cell": cell, "field": field, "expected": expected, "got": got
            }),
        }
    }
}

impl Report {
    /// The JSON that `CONFORMANCE_REPORT` asks for.
    pub(crate) fn to_json(&self) -> String {
        let systems: serde_json::Map<String, Value> =
            self.systems.iter().map(|(name, system)| ((*name).to_owned(), system.to_json())).collect();
        serde_json::to_string_pretty(&systems).expect("names and numbers") + "\n"
    }

    /// One line for each system: what agrees, of how many.
    pub(crate) fn counts(&self) -> String {
        let mut text = String::new();
        for (name, system) in &self.systems {
            let counts = system.counts();
            let counts = counts.iter().filter(|(_, count)| count.total > 0);
            let counts: Vec<String> =
                counts.map(|(what, Count { agree, total })| format!("{agree}/{total} {what}")).collect();
            let _ = writeln!(text, "conformance: {name}: {} agree", counts.join(", "));
        }
        text
    }
}

/// What the test says when it fails.
pub(crate) fn verdict(unknown: &[(&str, &Found)], closed: &[&Gap]) -> String {
    let mut text = String::new();
    if !unknown.is_empty() {
        let _ =
            writeln!(text, "\n{} differences that no line of known-gaps.txt knows, by field:", unknown.len());
        for ((system, field), count) in by_field(unknown) {
            let _ = writeln!(text, "{count:6}  {system} {field}");
        }
        let _ =
            writeln!(text, "\nThe first {}, as known-gaps.txt would name them:", unknown.len().min(SHOWN));
        for (system, found) in unknown.iter().take(SHOWN) {
            let Difference { expected, got, .. } = &found.difference;
            let line = Gap::line_of(system, found);
            let same = expected.chars().zip(got.chars()).take_while(|(a, b)| a == b).count();
            let (expected, got) = (around(expected, same), around(got, same));
            let _ = writeln!(text, "{line}\n    expected {expected}\n    got      {got}");
        }
    }
    if !closed.is_empty() {
        let _ = writeln!(text, "\nThese gaps have closed; take them out of known-gaps.txt:");
        for gap in closed {
            let _ = writeln!(text, "line {}: {}", gap.line, gap.text);
        }
    }
    text
}

/// A long text's part around the first character that differs.
fn around(text: &str, place: usize) -> String {
    const BEFORE: usize = 60;
    const LONGEST: usize = 200;
    let start = if text.chars().count() > LONGEST { place.saturating_sub(BEFORE) } else { 0 };
    let part: String = text.chars().skip(start).take(LONGEST).collect();
    let mark = |is_cut: bool| if is_cut { "…" } else { "" };
    format!("{}{part}{}", mark(start > 0), mark(text.chars().nth(start + LONGEST).is_some()))
}

/// How often each field differs; the number of an object in its name counts as any.
fn by_field<'a>(found: &[(&'a str, &Found)]) -> Vec<((&'a str, String), usize)> {
    let mut counts = BTreeMap::new();
    for (system, found) in found {
        let words = found.difference.field.split(' ').enumerate();
        let general = words.map(|(index, word)| if index == 1 { "*" } else { word });
        *counts.entry((*system, general.collect::<Vec<_>>().join(" "))).or_insert(0) += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}
