//! Reads a recording, and says where it is none.

use std::fmt;

use miniserde::json::{self, Object, Value as Json};

use super::{Key, Objects, Step, as_number, as_text};
use crate::engine::text::shortened;

/// The longest recording that is read, in bytes.
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// The most steps that a recording may have.
pub const MAX_STEPS: usize = 5_000;

/// So deep may lists and objects of a recording lie in one another; those of the real systems do up to six.
const DEEPEST: usize = 64;

/// A recording that has been read.
#[derive(Clone, Debug)]
pub struct Recording {
    /// The steps in order.
    pub steps: Vec<Step>,
}

/// Why a text is no recording, and what to do about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unreadable {
    /// The line where it went wrong, counted from 1; 0 when it is about the whole.
    pub line: usize,
    /// What was expected there and what was found.
    pub problem: String,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => f.write_str(&self.problem),
            line => write!(f, "Line {line}: {}", self.problem),
        }
    }
}

impl Recording {
    /// Reads a recording that names the code of an answer `code_field` and the one who asks
    /// `actor_field`.
    ///
    /// # Errors
    /// The text is not such a recording; says where and why.
    pub fn read(text: &str, code_field: &str, actor_field: &str) -> Result<Self, Unreadable> {
        if text.len() > MAX_BYTES {
            let problem = format!(
                "This file has {} bytes; a recording may have at most {MAX_BYTES}. Cut it into shorter recordings.",
                text.len()
            );
            return Err(Unreadable { line: 0, problem });
        }
        let mut steps = Vec::new();
        for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let step = read_step(line, code_field, actor_field)
                .map_err(|problem| Unreadable { line: index + 1, problem })?;
            steps.push(step);
            if steps.len() > MAX_STEPS {
                let problem = format!(
                    "A recording may have at most {MAX_STEPS} steps. Cut it into shorter recordings."
                );
                return Err(Unreadable { line: index + 1, problem });
            }
        }
        if steps.is_empty() {
            let problem = "The file is empty; a recording has one JSON object on each line.".to_owned();
            return Err(Unreadable { line: 0, problem });
        }
        Ok(Self { steps })
    }
}

/// Whether a step in `text` has the field `code_field`: whose recording is it?
pub fn has_field(text: &str, code_field: &str) -> bool {
    let mut lines = text.lines().filter(|line| line.contains(code_field));
    lines.any(|line| read_object(line).is_ok_and(|step| step.contains_key(code_field)))
}

/// Reads the JSON object that `text` is, unless its lists and objects lie so deep in one another that
/// walking through them would need more stack than a browser gives.
///
/// # Errors
/// Says what was found in its place.
pub(super) fn read_object(text: &str) -> Result<Object, String> {
    if depth(text) > DEEPEST {
        return Err(format!("lists and objects lie in one another, more than {DEEPEST} deep."));
    }
    json::from_str(text).map_err(|_| format!("expected one JSON object, found “{}”.", excerpt(text)))
}

/// How deep the brackets of a JSON text lie in one another, outside of its strings.
fn depth(text: &str) -> usize {
    let (mut open, mut deepest, mut in_string, mut escaped) = (0_usize, 0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => open += 1,
            b']' | b'}' if !in_string => open = open.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(open);
    }
    deepest
}

fn read_step(line: &str, code_field: &str, actor_field: &str) -> Result<Step, String> {
    let mut step = read_object(line)?;
    let number = step.get("step").and_then(as_number).and_then(|number| u32::try_from(number).ok());
    let op = step.get("op").and_then(as_text);
    let (Some(number), Some(op)) = (number, op) else {
        return Err(format!(
            "expected a step with the fields “step” (a number) and “op” (a text), found “{}”.",
            excerpt(line)
        ));
    };
    let of_step = |problem: String| format!("step {number}: {problem}");
    let op = op.to_owned();
    let error = step.get("error").and_then(as_text).map(str::to_owned);
    // What was granted has no error; a recording may leave out what does not say more.
    let ok = match step.get("ok") {
        Some(Json::Bool(ok)) => *ok,
        _ => error.is_none(),
    };
    Ok(Step {
        number,
        op,
        actor: step.get(actor_field).and_then(as_text).map(str::to_owned),
        ok,
        error,
        code: step.get(code_field).map(as_number),
        changed: read_changed("changed", step.get("changed")).map_err(of_step)?,
        gone: read_gone("gone", step.get("gone")).map_err(of_step)?,
        result: step.remove("result"),
        args: match step.remove("args") {
            Some(Json::Object(args)) => args,
            Some(Json::Null) | None => Object::new(),
            Some(_) => return Err(of_step("“args” must be an object.".to_owned())),
        },
    })
}

/// The objects in the field of this name, by their kinds.
///
/// # Errors
/// Says what the field holds that it should not.
pub(super) fn read_changed(field: &str, changed: Option<&Json>) -> Result<Objects, String> {
    let mut objects = Objects::new();
    for (kind, list) in kinds(field, changed)? {
        for object in list {
            let Json::Object(object) = object else {
                return Err(format!("“{field}” holds {kind} that are no objects."));
            };
            let Some(id) = object.get("id") else {
                return Err(format!("“{field}” holds one of {kind} without an “id”."));
            };
            objects.insert((kind.clone(), id_text(id)), object.clone());
        }
    }
    Ok(objects)
}

/// The ids in the field of this name, by their kinds.
///
/// # Errors
/// Says what the field holds that it should not.
pub(super) fn read_gone(field: &str, gone: Option<&Json>) -> Result<Vec<Key>, String> {
    let mut keys = Vec::new();
    for (kind, list) in kinds(field, gone)? {
        for id in list {
            keys.push((kind.clone(), id_text(id)));
        }
    }
    Ok(keys)
}

fn kinds<'a>(field: &str, value: Option<&'a Json>) -> Result<Vec<(&'a String, &'a json::Array)>, String> {
    let kinds = match value {
        None | Some(Json::Null) => return Ok(Vec::new()),
        Some(Json::Object(kinds)) => kinds,
        Some(_) => return Err(format!("“{field}” must be an object.")),
    };
    let mut lists = Vec::new();
    for (kind, list) in kinds {
        let Json::Array(list) = list else {
            return Err(format!("“{field}” must hold a list under “{kind}”."));
        };
        lists.push((kind, list));
    }
    Ok(lists)
}

fn id_text(id: &Json) -> String {
    as_text(id).map_or_else(|| json::to_string(id), str::to_owned)
}

fn excerpt(line: &str) -> String {
    const LONGEST: usize = 60;
    shortened(line, LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Recording, Unreadable> {
        Recording::read(text, "errcode", "user")
    }

    #[test]
    fn a_file_that_is_no_recording_says_where_and_what_was_expected() {
        let problem = |text| read(text).expect_err("it is no recording").to_string();
        assert_eq!(problem(""), "The file is empty; a recording has one JSON object on each line.");
        assert_eq!(problem("PNG\n"), "Line 1: expected one JSON object, found “PNG”.");
        assert_eq!(
            problem("{\"a\":1}"),
            "Line 1: expected a step with the fields “step” (a number) and “op” (a text), found “{\"a\":1}”."
        );
        let good = "{\"step\":0,\"op\":\"note\",\"ok\":true,\"errcode\":null}\n";
        assert!(read(good).is_ok_and(|recording| recording.steps.len() == 1));
        assert_eq!(
            problem(&format!("{good}{{\"step\":1,\"op\":\"note\",\"args\":1}}")),
            "Line 2: step 1: “args” must be an object."
        );
    }

    #[test]
    fn a_file_that_would_exhaust_the_stack_is_refused() {
        let deep = format!("{{\"step\":0,\"op\":\"note\",\"errcode\":{}", "[".repeat(100_000));
        let problem = read(&deep).expect_err("it is too deep").to_string();
        assert_eq!(problem, "Line 1: lists and objects lie in one another, more than 64 deep.");
        let text = "{\"step\":0,\"op\":\"note\",\"errcode\":null,\"error\":\"[[[\\\"[[[\"}";
        assert!(has_field(text, "errcode") && depth(text) == 1);
    }

    #[test]
    fn a_step_may_leave_out_what_says_no_more() {
        let text =
            "{\"step\":0,\"op\":\"note\"}\n{\"step\":1,\"op\":\"x\",\"error\":\"no\",\"errcode\":null}\n";
        assert!(has_field(text, "errcode") && !has_field(text, "http"));
        let steps = read(text).expect("it is a recording").steps;
        assert_eq!(
            steps.iter().map(|step| (step.ok, step.code)).collect::<Vec<_>>(),
            [(true, None), (false, Some(None))]
        );
    }
}
