//! What nearly every image has, kept once for all of them.

use std::sync::{Arc, LazyLock};

use super::template::Template;

static RAW: LazyLock<Arc<str>> = LazyLock::new(|| "raw".into());
static WITH_PREFIX: LazyLock<Template> = LazyLock::new(|| Template::default().with("DEV_PREFIX", "sd"));

/// Text for a record: that of nearly every image is kept once.
pub(super) fn shared(text: &str) -> Arc<str> {
    match text {
        "" => Arc::default(),
        "raw" => Arc::clone(&RAW),
        text => text.into(),
    }
}

/// The template of an image that was given none.
pub(super) fn with_prefix() -> Template {
    WITH_PREFIX.clone()
}
