//! `docs/SIMPLIFICATIONS.md` stays true: it names every file whose rules simplify, and only files that are there.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files of the clouds that say “A simplification”, as the document names them.
fn simplifying(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            simplifying(&path, found);
        } else if read(&path).contains("A simplification") {
            let name = path.strip_prefix(root()).expect("it is inside");
            found.insert(name.to_str().expect("the path is text").to_owned());
        }
    }
}

/// The files that the document names.
fn named(document: &str) -> BTreeSet<String> {
    let quoted = document.split('`').skip(1).step_by(2);
    quoted.filter(|word| word.starts_with("src/")).map(str::to_owned).collect()
}

#[test]
fn every_simplification_is_named_with_its_file() {
    let mut files = BTreeSet::new();
    simplifying(&root().join("src/systems"), &mut files);
    let named = named(&read(&root().join("docs/SIMPLIFICATIONS.md")));
    let missing: Vec<_> = files.difference(&named).collect();
    assert!(missing.is_empty(), "docs/SIMPLIFICATIONS.md does not name {missing:?}");
    // Chance is told of where it is decided, though it is no simplification of a rule.
    let beyond: Vec<_> = named.difference(&files).map(String::as_str).collect();
    assert_eq!(beyond, ["src/systems/glance/recording.rs"], "named, but they do not simplify");
}

#[test]
fn that_nothing_was_chosen_to_differ_is_true() {
    let gaps = read(&root().join("tests/conformance/known-gaps.txt"));
    assert_eq!(gaps.lines().find(|line| !line.is_empty() && !line.starts_with('#')), None);
}
