//! Compares an answer and a world with what was recorded, field by field.

use miniserde::json::{self, Object};

use super::{Key, Objects, Recorded, Step};
use crate::engine::{Refusal, Reply, Value};

/// A place where our answer or our world is not the recorded one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// Which field: `error`, or an object's like `images 0 state`.
    pub field: String,
    /// What was recorded.
    pub expected: String,
    /// What we have.
    pub got: String,
}

/// Compares our answer to a step with the recorded one.
pub fn compare_answer<S: Recorded>(step: &Step, answer: &Result<Reply, Refusal>) -> Vec<Difference> {
    let mut differences = Vec::new();
    let mut differ = |field: &str, expected: String, got: String| {
        differences.push(Difference { field: field.to_owned(), expected, got });
    };
    if step.ok != answer.is_ok() {
        differ("ok", step.ok.to_string(), answer.is_ok().to_string());
    }
    let words = |text: Option<&str>| text.unwrap_or("null").to_owned();
    let got = answer.as_ref().err().map(ToString::to_string);
    let got = got.as_deref();
    if step.error.as_deref().map(without_epochs) != got.map(without_epochs) {
        differ("error", words(step.error.as_deref()), words(got));
    }
    let code = S::recorded_code(answer);
    if let Some(expected) = step.code
        && expected != code
    {
        let code_text = |code: Option<i64>| code.map_or("null".to_owned(), |code| code.to_string());
        differ(S::CODE_FIELD, code_text(expected), code_text(code));
    }
    if let Some(expected) = &step.result {
        let got = match answer {
            Ok(Reply { value: Value::Number(number), .. }) => number.to_string(),
            Ok(Reply { value: Value::Text(text), .. }) => json::to_string(&text.to_string()),
            Ok(Reply { value: Value::None, .. }) | Err(_) => "null".to_owned(),
        };
        let expected = json::to_string(expected);
        if expected != got {
            differ("result", expected, got);
        }
    }
    differences
}

/// Compares our world with the recorded one, field by field.
pub fn compare_worlds(recorded: &Objects, ours: &Objects) -> Vec<Difference> {
    let mut differences = Vec::new();
    for (key, expected) in recorded.iter() {
        match ours.get(key) {
            Some(got) => compare_object(key, expected, got, &mut differences),
            None => differences.push(presence(key, true)),
        }
    }
    for key in ours.keys().filter(|key| recorded.get(key).is_none()) {
        differences.push(presence(key, false));
    }
    differences
}

fn presence((kind, id): &Key, recorded: bool) -> Difference {
    let (expected, got) = if recorded { ("there", "not there") } else { ("not there", "there") };
    Difference { field: format!("{kind} {id}"), expected: expected.to_owned(), got: got.to_owned() }
}

pub(super) fn compare_object(
    (kind, id): &Key,
    expected: &Object,
    got: &Object,
    differences: &mut Vec<Difference>,
) {
    for (field, got) in got {
        let expected = expected.get(field).map_or_else(|| "null".to_owned(), json::to_string);
        let got = json::to_string(got);
        if expected != got {
            differences.push(Difference { field: format!("{kind} {id} {field}"), expected, got });
        }
    }
}

/// A text with every epoch time (ten digits in a row) as `<time>`: in an answer they count as equal.
fn without_epochs(text: &str) -> String {
    const DIGITS: usize = 10;
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from_digit) = rest.split_at(start);
        let end = from_digit.find(|c: char| !c.is_ascii_digit()).unwrap_or(from_digit.len());
        let (digits, after) = from_digit.split_at(end);
        out.push_str(before);
        out.push_str(if digits.len() == DIGITS { "<time>" } else { digits });
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn epoch_times_in_an_answer_count_as_equal() {
        assert_eq!(without_epochs("locked since 1763658976."), "locked since <time>.");
        assert_eq!(without_epochs("image 12345"), "image 12345");
    }
}
