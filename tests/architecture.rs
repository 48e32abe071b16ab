//! Who may use whom: the layers of `docs/ARCHITECTURE.md`, read off the sources.

use std::fs;
use std::path::{Path, PathBuf};

/// A folder of `src/` and the folders that it may name. A file of its own stands under its name.
const MAY_USE: &[(&str, &[&str])] = &[
    ("engine", &[]),
    ("systems", &["engine"]),
    ("compare", &["engine", "systems"]),
    ("diagram", &["engine"]),
    ("app", &["engine", "systems", "compare", "diagram"]),
    ("ui", &["app", "diagram", "engine", "compare"]),
    ("platform", &["app", "ui"]),
    ("lib.rs", &[]),
    ("main.rs", &["app", "ui", "platform"]),
    ("prerender.rs", &["app", "ui"]),
];

/// The browser's crates and the places that may name them.
const BROWSER: &[(&str, &[&str])] = &[
    ("web_sys", &["platform/", "ui/event.rs", "ui/canvas.rs", "ui/places.rs"]),
    ("js_sys", &["platform/"]),
    ("wasm_bindgen", &["platform/"]),
    ("gloo", &["platform/"]),
];

#[test]
fn every_folder_that_is_listed_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let missing = |name: &&str| !root.join(name).exists();
    let missing: Vec<&str> = MAY_USE.iter().map(|(name, _)| *name).filter(missing).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_folder_names_only_what_it_may_use() {
    let wrong: Vec<String> = sources().iter().flat_map(|(path, code)| strays(path, code)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_the_platform_names_the_browser() {
    let mut wrong = Vec::new();
    for (path, code) in sources() {
        for (name, places) in BROWSER {
            let here = places.iter().any(|place| path.starts_with(place));
            if !here && words(&code).any(|word| word.split("::").next() == Some(name)) {
                wrong.push(format!("src/{path} names {name}; only {} may.", places.join(" and ")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_planted_violation_is_found() {
    assert_eq!(strays("engine/turn.rs", "use crate::systems::clouds;").len(), 1);
    assert_eq!(
        strays("engine/turn.rs", "use crate::{\n    app::{App, Msg},\n    engine::Turn,\n};").len(),
        1
    );
    assert_eq!(strays("systems/mod.rs", "fn f() -> crate::app::App {}").len(), 1);
    assert_eq!(strays("main.rs", "use lab::engine::Turn;").len(), 1);
    assert_eq!(strays("attic/mod.rs", "").len(), 1);
    assert!(strays("systems/glance/mod.rs", "use crate::engine::{Turn, event::Event};").is_empty());
}

/// Every folder that the file names and may not.
fn strays(path: &str, code: &str) -> Vec<String> {
    let folder = path.split('/').next().unwrap_or(path);
    let Some((_, may_use)) = MAY_USE.iter().find(|(name, _)| *name == folder) else {
        return vec![format!("src/{path}: say in MAY_USE what “{folder}” may use.")];
    };
    let named = named_folders(code);
    let stray = named.iter().filter(|name| *name != folder && !may_use.contains(&name.as_str()));
    stray.map(|name| format!("src/{path} uses “{name}”; it may use: {}.", may_use.join(", "))).collect()
}

/// The folders in `crate::folder`, `lab::folder` and `crate::{folder, …}`.
fn named_folders(code: &str) -> Vec<String> {
    let paths = words(code).filter_map(|word| {
        let rest = word.strip_prefix("crate::").or_else(|| word.strip_prefix("lab::"))?;
        rest.split("::").next().filter(|name| !name.is_empty()).map(str::to_owned)
    });
    let groups = code.match_indices("crate::{").chain(code.match_indices("lab::{"));
    paths.chain(groups.flat_map(|(at, start)| first_names(&code[at + start.len()..]))).collect()
}

/// The first name of every path in a group of paths; `rest` begins after its opening brace.
fn first_names(rest: &str) -> Vec<String> {
    let mut names = vec![String::new()];
    let (mut depth, mut in_name) = (1, true);
    for c in rest.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 1 => break,
            '}' => depth -= 1,
            ',' if depth == 1 => {
                names.push(String::new());
                in_name = true;
            }
            ':' => in_name = false,
            c if depth == 1 && in_name && !c.is_whitespace() => names.last_mut().expect("one").push(c),
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty() && name != "self");
    names
}

/// Names and paths, as far as they are written in one piece.
fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':').filter(|word| !word.is_empty())
}

/// Every source below `src/`, by its path there, without its comments and its unit tests (they stand
/// last and may use anything).
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    collect(&root, &mut paths);
    let read = |path: PathBuf| {
        let code = fs::read_to_string(&path).expect("a source is text");
        let code = code.split("#[cfg(test)]").next().unwrap_or_default();
        let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
        let name = path.strip_prefix(&root).expect("below src").to_string_lossy().replace('\\', "/");
        (name, lines.collect::<Vec<_>>().join("\n"))
    };
    paths.into_iter().map(read).collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
}
