//! Sessions as somebody who knows the cloud would type them, with what came of every line.
//!
//! In `tests/transcripts/<system>/*.txt`, `$ line` (or `[alice]$ line`) asks; the lines below it are
//! what happened, as the journal tells it, then `! text` when it was refused, or `? text` when it
//! is no action. `#` begins a comment. `UPDATE=1` writes what happened into the files.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use lab::engine::SimTime;
use lab::engine::session::Session;
use lab::systems;

#[test]
fn every_transcript_goes_as_it_is_written() {
    let update = std::env::var_os("UPDATE").is_some();
    let mut wrong = String::new();
    for (system, path) in transcripts() {
        let text = fs::read_to_string(&path).expect("a transcript is text");
        let goes = run(system, &text);
        if update {
            fs::write(&path, goes).expect("the transcript can be written");
        } else if normal(&text) != goes {
            let _ = write!(wrong, "\n{}:\n{}", path.display(), diff(&normal(&text), &goes));
        }
    }
    assert!(wrong.is_empty(), "{wrong}\nWith UPDATE=1 the files take over what happened.");
}

/// The transcript as it goes with our rules: its own lines, and after each question what came of it.
fn run(system: usize, text: &str) -> String {
    let mut session = Session::new(vec![systems::CATALOG[system](SimTime::START)]);
    let mut goes = String::new();
    for line in text.lines() {
        let asked = question(line);
        if asked.is_some() || line.is_empty() || line.starts_with('#') {
            goes.push_str(line);
            goes.push('\n');
        }
        for answer in asked.map(|line| answers(&mut session, &line)).unwrap_or_default() {
            goes.push_str(answer.replace('\n', "\\n").trim_end());
            goes.push('\n');
        }
    }
    goes
}

/// The action's line in `$ line` or `[user]$ line`.
fn question(line: &str) -> Option<String> {
    if let Some(line) = line.strip_prefix("$ ") {
        return Some(line.to_owned());
    }
    let (user, line) = line.strip_prefix('[')?.split_once("]$ ")?;
    Some(format!("[{user}] {line}"))
}

fn answers(session: &mut Session, line: &str) -> Vec<String> {
    let position = match session.perform(0, line) {
        Ok(position) => position,
        Err(misread) => return vec![format!("? {misread}")],
    };
    let (cloud, record) = session.entry(position).expect("it was just written");
    let mut answers = cloud.narrate(record);
    answers.extend(cloud.outcome(record).as_ref().err().map(|refusal| format!("! {refusal}")));
    answers
}

/// The text with arrows as the journal writes them, without blanks at the ends of lines.
fn normal(text: &str) -> String {
    let line = |line: &str| {
        let is_answer = question(line).is_none() && !line.starts_with(['#', '!', '?']);
        let line = line.trim_end();
        let line = if is_answer { line.replace("->", "→") } else { line.to_owned() };
        line + "\n"
    };
    text.lines().map(line).collect()
}

/// Every transcript with its cloud's place in the catalogue.
fn transcripts() -> Vec<(usize, PathBuf)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transcripts");
    let names = systems::names().into_iter().enumerate();
    names
        .flat_map(|(system, name)| entries(&root.join(name)).into_iter().map(move |path| (system, path)))
        .collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    paths.sort();
    paths
}

/// Both texts line by line: `-` stands only in the file, `+` only in what happened. Three lines of
/// what is the same stand around each difference.
fn diff(expected: &str, got: &str) -> String {
    let (expected, got): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), got.lines().collect());
    let mut lines = Vec::new();
    let (mut at, mut other) = (0, 0);
    let common = longest_common(&expected, &got);
    for &(same, same_other) in common.iter().chain([&(expected.len(), got.len())]) {
        lines.extend(expected[at..same].iter().map(|line| format!("- {line}")));
        lines.extend(got[other..same_other].iter().map(|line| format!("+ {line}")));
        lines.extend(expected.get(same).map(|line| format!("  {line}")));
        (at, other) = (same + 1, same_other + 1);
    }
    let near = |index: usize| {
        let around = index.saturating_sub(3)..(index + 4).min(lines.len());
        lines[around].iter().any(|line| !line.starts_with(' '))
    };
    let shown = (0..lines.len()).filter(|&index| near(index));
    shown.flat_map(|index| ["  ", &lines[index], "\n"]).collect()
}

/// The places of a longest common subsequence in both lists.
fn longest_common(a: &[&str], b: &[&str]) -> Vec<(usize, usize)> {
    let mut lengths = vec![vec![0_usize; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            lengths[i][j] = if a[i] == b[j] {
                lengths[i + 1][j + 1] + 1
            } else {
                lengths[i + 1][j].max(lengths[i][j + 1])
            };
        }
    }
    let (mut i, mut j, mut places) = (0, 0, Vec::new());
    while i < a.len() && j < b.len() {
        if a[i] == b[j] {
            places.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if lengths[i + 1][j] >= lengths[i][j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    places
}

#[test]
fn a_difference_is_shown_where_it_is() {
    assert_eq!(diff("a\nb\nc\n", "a\nx\nc\n"), "    a\n  - b\n  + x\n    c\n");
    assert_eq!(diff("a\n", "a\nb\n"), "    a\n  + b\n");
}
