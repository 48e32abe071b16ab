//! What nearly every image has, kept once for all of them.

use std::borrow::Cow;
use std::sync::{Arc, LazyLock};

use super::template::Template;
use super::world::{Extras, Place};

static RAW: LazyLock<Arc<str>> = LazyLock::new(|| "raw".into());
static NOWHERE: LazyLock<Arc<Place>> = LazyLock::new(Arc::default);
static NO_EXTRAS: LazyLock<Arc<Extras>> = LazyLock::new(Arc::default);
static FIRST_TARGET: LazyLock<Arc<str>> = LazyLock::new(|| "sda".into());
static WITH_PREFIX: LazyLock<Template> = LazyLock::new(|| Template::default().with("DEV_PREFIX", "sd"));

/// Text for a record: that of nearly every image is kept once.
pub(super) fn shared(text: &str) -> Arc<str> {
    match text {
        "" => Arc::default(),
        "raw" => Arc::clone(&RAW),
        text => text.into(),
    }
}

/// Where the data of an image is: that of nearly every new one is nowhere yet, and in no format.
pub(super) fn place(source: &str, format: &str) -> Arc<Place> {
    match (source, format) {
        ("", "") => Arc::clone(&NOWHERE),
        (source, format) => Arc::new(Place { source: shared(source), format: shared(format) }),
    }
}

/// What nearly every image has nothing of.
pub(super) fn extras() -> Arc<Extras> {
    Arc::clone(&NO_EXTRAS)
}

/// The prefix of a disk's target.
pub(super) fn prefix(text: &str) -> Cow<'static, str> {
    match text {
        "sd" => Cow::Borrowed("sd"),
        text => Cow::Owned(text.to_owned()),
    }
}

/// The target of a disk: that of nearly every disk is kept once.
pub(super) fn target(prefix: &str, letter: char) -> Arc<str> {
    match (prefix, letter) {
        ("sd", 'a') => Arc::clone(&FIRST_TARGET),
        _ => format!("{prefix}{letter}").into(),
    }
}

/// A few letters and a number behind them, as [`format!`] puts them together but without its detours:
/// most images and VMs get such a text.
pub(super) fn numbered(words: &str, number: u32) -> Arc<str> {
    let mut text = [0; 24];
    let (mut first, mut left) = (text.len(), number);
    while left > 0 || first == text.len() {
        first -= 1;
        text[first] = b'0' + u8::try_from(left % 10).unwrap_or_default();
        left /= 10;
    }
    let begin = first - words.len();
    text[begin..first].copy_from_slice(words.as_bytes());
    str::from_utf8(&text[begin..]).unwrap_or_default().into()
}

/// The template of an image that was given none.
pub(super) fn with_prefix() -> Template {
    WITH_PREFIX.clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_full() {
        for number in [0, 7, 10, 4_294_967_295] {
            assert_eq!(*numbered("one-", number), *format!("one-{number}"));
        }
    }
}
