//! A recording of a real system: what it was asked, what it answered and what it became.
//!
//! A recording is text, one JSON object a line. Reading one
//! knows no cloud; a cloud that can replay its recordings implements [`Recorded`].

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use miniserde::json::{self, Object, Value as Json};

use super::present::Present;
use super::{Misread, Refusal, Reply, Value};

/// The longest recording that is read, in bytes.
pub const MAX_BYTES: usize = 4 * 1024 * 1024;

/// The most steps that a recording may have.
pub const MAX_STEPS: usize = 5_000;

/// An object of a recorded world: its kind as the recording names it (`images`), and its id as text.
pub type Key = (String, String);

/// A recorded world, or part of one: every object's fields by name.
///
/// A sorted list: another kind of map would put four kilobytes of code of its own into the page.
#[derive(Clone, Debug, Default)]
pub struct Objects(Vec<(Key, Object)>);

impl Objects {
    /// None.
    pub fn new() -> Self {
        Self::default()
    }

    fn place(&self, key: &Key) -> Result<usize, usize> {
        self.0.binary_search_by(|(own, _)| own.cmp(key))
    }

    /// One object's fields.
    pub fn get(&self, key: &Key) -> Option<&Object> {
        self.place(key).ok().map(|place| &self.0[place].1)
    }

    /// Puts an object in, in the place of one with the same key.
    pub fn insert(&mut self, key: Key, object: Object) {
        match self.place(&key) {
            Ok(place) => self.0[place].1 = object,
            Err(place) => self.0.insert(place, (key, object)),
        }
    }

    /// Puts each of `objects` in.
    pub fn extend(&mut self, objects: impl Iterator<Item = (Key, Object)>) {
        for (key, object) in objects {
            self.insert(key, object);
        }
    }

    /// Takes out what `keep` does not want.
    pub fn retain(&mut self, mut keep: impl FnMut(&Key, &Object) -> bool) {
        self.0.retain(|(key, object)| keep(key, object));
    }

    /// Every object with its key, in the order of the keys.
    pub fn iter(&self) -> impl Iterator<Item = (&Key, &Object)> {
        self.0.iter().map(|(key, object)| (key, object))
    }

    /// Every key, in order.
    pub fn keys(&self) -> impl Iterator<Item = &Key> {
        self.0.iter().map(|(key, _)| key)
    }

    /// Every object's fields, in the order of the keys.
    pub fn values(&self) -> impl Iterator<Item = &Object> {
        self.0.iter().map(|(_, object)| object)
    }
}

impl IntoIterator for Objects {
    type Item = (Key, Object);
    type IntoIter = std::vec::IntoIter<(Key, Object)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// A cloud whose real counterpart was recorded.
pub trait Recorded: Present {
    /// The field of a step that holds the answer's code, which also tells whose recording it is.
    const CODE_FIELD: &'static str;
    /// The field of a step that names who asked.
    const ACTOR_FIELD: &'static str;
    /// The recording that the page offers as an example: a file name.
    const EXAMPLE: &'static str;

    /// The action that a step asks for; `None` for a step that asks nothing (a remark).
    ///
    /// # Errors
    /// The step is of no known kind or lacks an argument; says what was expected.
    fn action(world: &Self::World, step: &Step) -> Result<Option<Self::Action>, String>;

    /// The world in the recording's own terms: exactly the fields that are compared.
    fn observe(world: &Self::World) -> Objects;

    /// The action that puts recorded objects in the place of ours.
    fn adopt(adoption: Adoption) -> Self::Action;

    /// The code of an answer as the recording writes it; `None` where it writes `null`.
    fn recorded_code(answer: &Result<Reply, Refusal>) -> Option<i64>;
}

/// One thing that the real system was asked, and what came of it.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its number in the recording.
    pub number: u32,
    /// What was asked: `image.clone`.
    pub op: String,
    /// Who asked.
    pub actor: Option<String>,
    /// The arguments by name.
    pub args: Object,
    /// Whether it was granted.
    pub ok: bool,
    /// The real system's words when it was not.
    pub error: Option<String>,
    /// The real system's code; `None` for `null`.
    pub code: Option<i64>,
    /// What the call returned; `None` where that was not recorded.
    pub result: Option<Json>,
    /// Every object that changed, whole.
    pub changed: Objects,
    /// Every object that went.
    pub gone: Vec<Key>,
}

impl Step {
    /// An argument as text.
    pub fn text(&self, name: &str) -> Option<&str> {
        as_text(self.args.get(name)?)
    }

    /// An argument as a whole number.
    pub fn number(&self, name: &str) -> Option<i64> {
        as_number(self.args.get(name)?)
    }

    /// An argument as yes or no.
    pub fn flag(&self, name: &str) -> Option<bool> {
        let Json::Bool(flag) = self.args.get(name)? else { return None };
        Some(*flag)
    }
}

/// The text in a JSON value, if it is one.
pub fn as_text(value: &Json) -> Option<&str> {
    let Json::String(text) = value else { return None };
    Some(text)
}

/// The whole number in a JSON value, if it is one.
pub fn as_number(value: &Json) -> Option<i64> {
    let Json::Number(number) = value else { return None };
    match number {
        json::Number::U64(number) => i64::try_from(*number).ok(),
        json::Number::I64(number) => Some(*number),
        json::Number::F64(_) => None,
    }
}

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

/// Whether the first step in `text` has the field `code_field`: whose recording is it?
pub fn has_field(text: &str, code_field: &str) -> bool {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    json::from_str::<Object>(first).is_ok_and(|step| step.contains_key(code_field))
}

fn read_step(line: &str, code_field: &str, actor_field: &str) -> Result<Step, String> {
    let mut step: Object =
        json::from_str(line).map_err(|_| format!("expected one JSON object, found “{}”.", excerpt(line)))?;
    let number = step.get("step").and_then(as_number).and_then(|number| u32::try_from(number).ok());
    let op = step.get("op").and_then(as_text);
    let (Some(number), Some(op)) = (number, op) else {
        return Err(format!(
            "expected a step with the fields “step” (a number) and “op” (a text), found “{}”.",
            excerpt(line)
        ));
    };
    let op = op.to_owned();
    let Some(code) = step.get(code_field) else {
        return Err(format!("step {number} lacks the field “{code_field}”."));
    };
    let code = as_number(code);
    let Some(Json::Bool(ok)) = step.get("ok") else {
        return Err(format!("step {number} lacks the field “ok” (true or false)."));
    };
    Ok(Step {
        number,
        op,
        actor: step.get(actor_field).and_then(as_text).map(str::to_owned),
        ok: *ok,
        error: step.get("error").and_then(as_text).map(str::to_owned),
        code,
        changed: read_changed(number, step.get("changed"))?,
        gone: read_gone(number, step.get("gone"))?,
        result: step.remove("result"),
        args: match step.remove("args") {
            Some(Json::Object(args)) => args,
            Some(Json::Null) | None => Object::new(),
            Some(_) => return Err(format!("step {number}: “args” must be an object.")),
        },
    })
}

fn read_changed(number: u32, changed: Option<&Json>) -> Result<Objects, String> {
    let mut objects = Objects::new();
    for (kind, list) in kinds(number, "changed", changed)? {
        for object in list {
            let Json::Object(object) = object else {
                return Err(format!("step {number}: “changed” holds {kind} that are no objects."));
            };
            let Some(id) = object.get("id") else {
                return Err(format!("step {number}: “changed” holds one of {kind} without an “id”."));
            };
            objects.insert((kind.clone(), id_text(id)), object.clone());
        }
    }
    Ok(objects)
}

fn read_gone(number: u32, gone: Option<&Json>) -> Result<Vec<Key>, String> {
    let mut keys = Vec::new();
    for (kind, list) in kinds(number, "gone", gone)? {
        for id in list {
            keys.push((kind.clone(), id_text(id)));
        }
    }
    Ok(keys)
}

fn kinds<'a>(
    number: u32,
    field: &str,
    value: Option<&'a Json>,
) -> Result<Vec<(&'a String, &'a json::Array)>, String> {
    let kinds = match value {
        None | Some(Json::Null) => return Ok(Vec::new()),
        Some(Json::Object(kinds)) => kinds,
        Some(_) => return Err(format!("step {number}: “{field}” must be an object.")),
    };
    let mut lists = Vec::new();
    for (kind, list) in kinds {
        let Json::Array(list) = list else {
            return Err(format!("step {number}: “{field}” must hold a list under “{kind}”."));
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
    let mut excerpt: String = line.chars().take(LONGEST).collect();
    if line.chars().nth(LONGEST).is_some() {
        excerpt.push('…');
    }
    excerpt
}

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
    let got = answer.as_ref().err().map(|refusal| refusal.text.as_str());
    if step.error.as_deref().map(without_epochs) != got.map(without_epochs) {
        differ("error", words(step.error.as_deref()), words(got));
    }
    let code = S::recorded_code(answer);
    if step.code != code {
        let code_text = |code: Option<i64>| code.map_or("null".to_owned(), |code| code.to_string());
        differ(S::CODE_FIELD, code_text(step.code), code_text(code));
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

fn compare_object((kind, id): &Key, expected: &Object, got: &Object, differences: &mut Vec<Difference>) {
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

/// Recorded objects that take the place of ours, so that a replay goes on from the recorded world
/// after a difference. Its text is JSON: `{"put":{kind:[object]},"take":{kind:[id]}}`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Adoption(Arc<str>);

impl Adoption {
    /// What must be put and taken so that `ours` becomes `recorded`.
    pub fn between(recorded: &Objects, ours: &Objects) -> Self {
        let mut put = Object::new();
        let mut take = Object::new();
        for (key, object) in recorded.iter() {
            let mut differences = Vec::new();
            if let Some(ours) = ours.get(key) {
                compare_object(key, object, ours, &mut differences);
                if differences.is_empty() {
                    continue;
                }
            }
            push(&mut put, &key.0, Json::Object(object.clone()));
        }
        for (kind, id) in ours.keys().filter(|key| recorded.get(key).is_none()) {
            push(&mut take, kind, Json::String(id.clone()));
        }
        let mut whole = Object::new();
        whole.insert("put".to_owned(), Json::Object(put));
        whole.insert("take".to_owned(), Json::Object(take));
        Self(json::to_string(&whole).into())
    }

    /// The objects to put in.
    pub fn put(&self) -> Objects {
        let whole: Object = json::from_str(&self.0).unwrap_or_default();
        read_changed(0, whole.get("put")).unwrap_or_default()
    }

    /// The objects to take out.
    pub fn take(&self) -> Vec<Key> {
        let whole: Object = json::from_str(&self.0).unwrap_or_default();
        read_gone(0, whole.get("take")).unwrap_or_default()
    }
}

/// Adds an item to the list of its kind.
fn push(lists: &mut Object, kind: &str, item: Json) {
    let list = lists.entry(kind.to_owned()).or_insert_with(|| Json::Array(json::Array::new()));
    if let Json::Array(list) = list {
        list.push(item);
    }
}

impl fmt::Display for Adoption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Adoption {
    type Err = Misread;

    fn from_str(text: &str) -> Result<Self, Misread> {
        let whole: Object = json::from_str(text)
            .map_err(|_| Misread("“recorded” is followed by one JSON object.".to_owned()))?;
        read_changed(0, whole.get("put")).map_err(Misread)?;
        read_gone(0, whole.get("take")).map_err(Misread)?;
        Ok(Self(text.into()))
    }
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
            problem(&format!("{good}{{\"step\":1,\"op\":\"note\",\"ok\":true}}")),
            "Line 2: step 1 lacks the field “errcode”."
        );
    }

    #[test]
    fn epoch_times_in_an_answer_count_as_equal() {
        assert_eq!(without_epochs("locked since 1763658976."), "locked since <time>.");
        assert_eq!(without_epochs("image 12345"), "image 12345");
    }
}
