//! Saying no: an action that a cloud refuses, and a line that is no action.

use std::fmt;
use std::ops::Deref;

/// A cloud's answer when a guard said no: its code and its own words, and a hint in ours.
///
/// Behind a pointer, because it travels through many `?`: every rule is smaller for it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal(Box<Words>);

/// What a [`Refusal`] says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Words {
    /// The cloud's own number for it: an XML-RPC error code or an HTTP status.
    pub code: u32,
    /// The cloud's own words, to the letter.
    pub text: String,
    /// What to do about it, in our words; empty when the cloud's words say enough.
    pub hint: &'static str,
}

impl Refusal {
    /// A refusal in the cloud's own `code` and `text`.
    pub fn new(code: u32, text: impl Into<String>) -> Self {
        Self(Box::new(Words { code, text: text.into(), hint: "" }))
    }

    /// The same refusal with a hint in our words.
    #[must_use]
    pub fn hint(mut self, hint: &'static str) -> Self {
        self.0.hint = hint;
        self
    }
}

impl Deref for Refusal {
    type Target = Words;

    fn deref(&self) -> &Words {
        &self.0
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A line that could not be read as an action: what was expected there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Misread(pub String);

impl fmt::Display for Misread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
