//! Matrices: each operation of a real system in each state, every cell on its own.

use std::fs;
use std::path::Path;

use lab::engine::recording::Difference;
use serde_json::Value;

use super::report::{Place, SystemReport};
use super::{Judge, file_name, files, or_panic};

/// How our rules answer a cell: where they differ, field by field.
type Answer = fn(&Cell<'_>) -> Vec<Difference>;

/// The systems whose matrices we can answer.
const ANSWERS: &[(&str, Answer)] =
    &[("opennebula", super::opennebula_matrix::answer), ("glance", super::glance_matrix::answer)];

/// One cell as it was recorded.
pub(crate) struct Cell<'a> {
    /// The file it stands in: `matrix.json`.
    pub(crate) file: &'a str,
    /// The names that lead to it: the row (a state and how it was reached), then the operation.
    pub(crate) path: Vec<&'a str>,
    /// What was recorded there.
    pub(crate) recorded: &'a Value,
}

/// A judge for each matrix of a system.
pub(crate) fn judges<'a>(root: &Path, system: &'a str) -> Vec<Judge<'a>> {
    let paths = files(&root.join(system), "json").into_iter();
    paths.map(|path| Box::new(move || judge(&path, system)) as Judge<'a>).collect()
}

fn judge(path: &Path, system: &str) -> SystemReport {
    let file = file_name(path);
    let text = fs::read_to_string(path).unwrap_or_default();
    let matrix: Value = serde_json::from_str(&text).unwrap_or_default();
    let mut cells = Vec::new();
    collect(&file, &mut Vec::new(), &matrix, &mut cells);
    let answer =
        ANSWERS.iter().find(|(name, _)| *name == system).map_or(no_answer as Answer, |(_, answer)| *answer);
    let mut report = SystemReport::default();
    for cell in &cells {
        let differences = or_panic(|| answer(cell)).unwrap_or_else(|problem| vec![differs(cell, problem)]);
        report.cells.judged(differences.is_empty());
        report.found(&file, &Place::Cell(cell.path.join(" / ")), differences);
    }
    report
}

/// Everything that says whether it was granted is a cell; what stands inside one is part of it.
fn collect<'a>(file: &'a str, path: &mut Vec<&'a str>, value: &'a Value, cells: &mut Vec<Cell<'a>>) {
    let Value::Object(entries) = value else { return };
    if entries.contains_key("ok") {
        cells.push(Cell { file, path: path.clone(), recorded: value });
        return;
    }
    for (name, value) in entries {
        path.push(name);
        collect(file, path, value, cells);
        path.pop();
    }
}

fn no_answer(cell: &Cell<'_>) -> Vec<Difference> {
    vec![differs(cell, format!("our rules are not asked what {} asks", cell.file))]
}

fn differs(cell: &Cell<'_>, got: String) -> Difference {
    Difference { field: "cell".to_owned(), expected: cell.recorded.to_string(), got }
}
