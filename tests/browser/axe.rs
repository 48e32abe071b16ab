//! axe-core, the rules of accessibility that a program can judge, applied to what a visitor sees.

use std::path::Path;

use serde_json::Value;

use super::visitor::Visitor;

/// The script, if `scripts/axe.sh` has fetched it: a machine without npm does without this test.
///
/// # Panics
/// It is not there, and this machine is one that tests for others.
pub(crate) fn source() -> Option<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/axe/node_modules");
    let source = std::fs::read_to_string(folder.join("axe-core/axe.min.js")).ok();
    let must_be = std::env::var_os("CI").is_some();
    assert!(source.is_some() || !must_be, "axe-core is not there: run scripts/axe.sh");
    source
}

/// What axe-core objects to in what is shown now: the rule, how often, and the first place with the reason.
pub(crate) fn barriers(visitor: &Visitor, axe: &str) -> Vec<String> {
    visitor.run(axe);
    let script = "return axe.run(document, { resultTypes: ['violations'] }).then(found => found.violations\
        .map(rule => `${rule.id}, ${rule.nodes.length} times: ${rule.nodes[0].html}: ${rule.nodes[0].failureSummary}`))";
    let found = visitor.run(script);
    found.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}
