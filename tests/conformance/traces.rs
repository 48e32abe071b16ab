//! Traces: what a real daemon was asked step by step, and what it became.

use std::fs;
use std::path::Path;

use lab::engine::SimTime;
use lab::engine::recording::{Difference, Recording};
use lab::engine::replay::{Replayed, Replaying};
use lab::systems;

use super::report::{Place, SystemReport};
use super::{Judge, file_name, files, or_panic};

/// A judge for each trace of a system.
pub(crate) fn judges(root: &Path, system: usize, name: &str) -> Vec<Judge<'static>> {
    let paths = files(&root.join(name).join("traces"), "jsonl").into_iter();
    paths.map(|path| Box::new(move || judge(&path, system)) as Judge<'static>).collect()
}

fn judge(path: &Path, system: usize) -> SystemReport {
    let file = format!("traces/{}", file_name(path));
    let text = fs::read_to_string(path).unwrap_or_default();
    match or_panic(|| replay(&text, system)).and_then(|replayed| replayed) {
        Ok(steps) => agreement(&file, steps),
        Err(problem) => unplayable(&file, &text, problem),
    }
}

fn replay(text: &str, system: usize) -> Result<Vec<Replayed>, String> {
    let cloud = systems::CATALOG[system](SimTime::START);
    let recording: Recording = match cloud.read_recording(text) {
        Some(Ok(recording)) => recording,
        Some(Err(problem)) => return Err(problem.to_string()),
        None => return Err(format!("this is no recording of {}", cloud.title())),
    };
    let replay = Replaying::new(cloud, recording).go_on(usize::MAX);
    Ok(replay.map(|replay| replay.steps).unwrap_or_default())
}

fn agreement(file: &str, steps: Vec<Replayed>) -> SystemReport {
    let mut report = SystemReport::default();
    for step in steps {
        report.steps.judged(step.differences.is_empty());
        report.found(file, &Place::Step(step.number), step.differences);
    }
    report.traces.judged(report.differences.is_empty());
    report
}

/// Nothing of it agrees, not even the steps that come before the trouble.
fn unplayable(file: &str, text: &str, problem: String) -> SystemReport {
    let mut report = SystemReport::default();
    report.traces.judged(false);
    report.steps.total = text.lines().filter(|line| !line.trim().is_empty()).count();
    let expected = "a recording that can be replayed".to_owned();
    let difference = Difference { field: "recording".to_owned(), expected, got: problem };
    report.found(file, &Place::Step(0), vec![difference]);
    report
}
