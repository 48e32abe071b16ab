//! A recording of a real system: what it was asked, what it answered and what it became.
//!
//! A recording is text, one JSON object a line. [`reading`] one knows no cloud; a cloud that can replay
//! its recordings implements [`Recorded`], [`comparing`] says where we differ, and [`adoption`] puts the
//! recorded world in the place of ours after a difference.

pub mod adoption;
pub mod comparing;
pub mod reading;

use miniserde::json::{self, Object, Value as Json};

use super::present::Present;
use super::{Refusal, Reply};
pub use adoption::Adoption;
pub use comparing::{Difference, compare_answer, compare_worlds};
pub use reading::{Recording, Unreadable, has_field};

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
    /// The real system's code, `None` for `null`; nothing where that was not recorded.
    pub code: Option<Option<i64>>,
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
