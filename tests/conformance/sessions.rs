//! Sessions of the real command lines: `cli/<system>/*.txt`, to the letter of what they print.

use std::fs;
use std::path::Path;

use lab::engine::recording::Difference;

use super::report::{Place, SystemReport};
use super::{Judge, file_name, files};

/// A judge for each session of a system.
pub(crate) fn judges(root: &Path, system: &str) -> Vec<Judge<'static>> {
    let paths = files(&root.join("cli").join(system), "txt").into_iter();
    paths.map(|path| Box::new(move || judge(&path)) as Judge<'static>).collect()
}

/// There is no command line yet, so no command agrees.
fn judge(path: &Path) -> SystemReport {
    let text = fs::read_to_string(path).unwrap_or_default();
    let mut report = SystemReport::default();
    for (index, command) in commands(&text).into_iter().enumerate() {
        let got = "there is no command line yet".to_owned();
        let difference = Difference { field: "command".to_owned(), expected: command.to_owned(), got };
        let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
        report.commands.judged(false);
        report.found(&format!("cli/{}", file_name(path)), &Place::Step(number), vec![difference]);
    }
    report.sessions.judged(report.commands.total == 0);
    report
}

/// The commands of a session. What one prints ends with `(exit N)`, and may look like a command.
fn commands(text: &str) -> Vec<&str> {
    let mut commands = Vec::new();
    let mut printing = false;
    for line in text.lines() {
        if printing {
            printing = !line.starts_with("(exit ");
        } else if let Some(command) = command(line) {
            commands.push(command);
            printing = true;
        }
    }
    commands
}

fn command(line: &str) -> Option<&str> {
    let after_user = line.strip_prefix('[').and_then(|line| line.split_once(']')).map(|(_, rest)| rest);
    after_user.unwrap_or(line).strip_prefix("$ ")
}
