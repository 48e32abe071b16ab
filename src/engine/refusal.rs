//! Saying no: an action that a cloud refuses, and a line that is no action.

use std::fmt;
use std::ops::Deref;

/// A cloud's answer when a guard said no: its code and its own words, and a hint in ours.
///
/// Behind a pointer, because it travels through many `?`: every rule is smaller for it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal(Text);

/// What a [`Refusal`] says besides its text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Words {
    /// The cloud's own number for it: an XML-RPC error code or an HTTP status.
    pub code: u32,
    /// What to do about it, in our words; empty when the cloud's words say enough.
    pub hint: &'static str,
    /// Patterns, the last first; every `{}` is a place for a fill.
    patterns: [&'static str; PATTERNS],
    /// What fills the places, pattern by pattern.
    fills: [Fill; FILLS],
}

const PATTERNS: usize = 3;
const FILLS: usize = 3;

impl Refusal {
    /// A refusal in the cloud's own `code` and `text`.
    pub fn new(code: u32, text: impl Into<Text>) -> Self {
        let mut text = text.into();
        text.0.code = code;
        Self(text)
    }

    /// The same refusal with a hint in our words.
    #[must_use]
    pub fn hint(mut self, hint: &'static str) -> Self {
        self.0.0.hint = hint;
        self
    }
}

impl Deref for Refusal {
    type Target = Words;

    fn deref(&self) -> &Words {
        &self.0.0
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The cloud's own words, to the letter: patterns with places to be filled, put together only when
/// somebody reads them. A session refuses much that nobody looks at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Text(Box<Words>);

/// What fills a place in a [`Text`].
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Fill {
    /// Nothing more.
    #[default]
    None,
    /// A number.
    Number(u32),
    /// A word that the rules know.
    Word(&'static str),
    /// Any words.
    Text(Box<str>),
}

impl Text {
    /// A pattern, its places filled.
    pub fn new<const N: usize>(pattern: &'static str, fills: [Fill; N]) -> Self {
        const { assert!(N <= FILLS, "there is room for so many fills only") };
        let mut fills = fills.into_iter();
        let fills = std::array::from_fn(|_| fills.next().unwrap_or_default());
        Self(Box::new(Words { code: 0, hint: "", patterns: [pattern, "", ""], fills }))
    }

    /// The same words behind others.
    #[must_use]
    pub fn after<const N: usize>(mut self, pattern: &'static str, fills: [Fill; N]) -> Self {
        let is_free = |fill: &Fill| matches!(fill, Fill::None);
        let place = self.0.patterns.iter().position(|pattern| pattern.is_empty());
        let first = if N == 0 { 0 } else { self.0.fills.iter().position(is_free).unwrap_or(FILLS) };
        let (Some(place), true) = (place, first + N <= FILLS) else {
            return Self::from(self.to_string()).after(pattern, fills);
        };
        self.0.patterns[place] = pattern;
        for (place, fill) in self.0.fills[first..].iter_mut().zip(fills) {
            *place = fill;
        }
        self
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places = |pattern: &&str| pattern.matches("{}").count();
        for (place, pattern) in self.0.patterns.iter().enumerate().rev() {
            let before: usize = self.0.patterns[..place].iter().map(places).sum();
            let mut fills = self.0.fills.iter().skip(before);
            let mut words = pattern.split("{}");
            f.write_str(words.next().unwrap_or_default())?;
            for word in words {
                match fills.next() {
                    None | Some(Fill::None) => {}
                    Some(Fill::Number(number)) => number.fmt(f)?,
                    Some(Fill::Word(word)) => f.write_str(word)?,
                    Some(Fill::Text(text)) => f.write_str(text)?,
                }
                f.write_str(word)?;
            }
        }
        Ok(())
    }
}

impl From<Fill> for Text {
    fn from(fill: Fill) -> Self {
        Self::new("{}", [fill])
    }
}

impl From<&'static str> for Text {
    fn from(text: &'static str) -> Self {
        Fill::Word(text).into()
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Fill::Text(text.into()).into()
    }
}

impl From<fmt::Arguments<'_>> for Text {
    fn from(text: fmt::Arguments<'_>) -> Self {
        text.to_string().into()
    }
}

impl From<&'static str> for Fill {
    fn from(word: &'static str) -> Self {
        Self::Word(word)
    }
}

impl From<u32> for Fill {
    fn from(number: u32) -> Self {
        Self::Number(number)
    }
}

impl From<i64> for Fill {
    fn from(number: i64) -> Self {
        u32::try_from(number).map_or_else(|_| Self::Text(number.to_string().into()), Self::Number)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_put_together_as_they_are_read() {
        let text = Text::new("image {}, it is in state: {}", [7_u32.into(), "ERROR".into()]);
        let text = text.after("DISK {}: ", [0_u32.into()]);
        assert_eq!(text.to_string(), "DISK 0: image 7, it is in state: ERROR");
        let text = text.after("[{}] ", ["one".into()]).after("({} {}) ", ["a".into(), "b".into()]);
        assert_eq!(text.to_string(), "(a b) [one] DISK 0: image 7, it is in state: ERROR");
    }

    #[test]
    fn what_fills_a_place_is_not_filled_itself() {
        assert_eq!(Text::from("{}".to_owned()).after("{}: ", [1_u32.into()]).to_string(), "1: {}");
    }
}
