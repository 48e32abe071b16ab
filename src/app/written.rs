//! The journal as it was kept last: a step adds a line to its text, not a book.

use super::{App, Effect, Slot};

/// What was kept.
#[derive(Default)]
pub(super) struct Written {
    /// The entries as text.
    entries: String,
    /// How many these are.
    count: usize,
    /// How often branches had been named, deleted or brought back.
    edits: u32,
}

impl Written {
    /// A journal whose text begins with so many entries, in so many of its bytes.
    pub(super) fn from_text(mut text: String, (count, bytes): (usize, usize)) -> Self {
        text.truncate(bytes);
        Self { entries: text, count, edits: 0 }
    }
}

impl App {
    /// What makes a reload find the session as it stands. Going elsewhere in it keeps only the place.
    pub(super) fn keep(&mut self) -> Effect {
        let Written { entries, count, edits } = &mut self.written;
        let now = self.session.journal().entries().len();
        if (*count, *edits) == (now, self.edits) {
            return Effect::KeepPlace(self.session.place());
        }
        if *count < now {
            self.session.write_entries(*count, entries);
        }
        (*count, *edits) = (now, self.edits);
        Effect::KeepJournal { slot: Slot::Current, text: entries.clone() + &self.session.standing() }
    }
}
