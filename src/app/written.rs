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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{Msg, Rules, Settings};

    const RENAME: &str = "200 opennebula oneimage rename 0 b\n";

    /// A session as an earlier visit kept it, with an entry more after its place: as somebody wrote it by hand.
    #[test]
    fn a_session_is_kept_whole_wherever_its_entries_stand_in_the_text() {
        let create = "100 opennebula oneimage create --name a --path /a --datastore 1\n";
        let text = ["image-lifecycle journal 1\n", create, "branch 1 main\nat 0 1\n", RENAME].concat();
        let mut app = App::new(Some(Rules::all()), Settings::default(), Some(text), None);
        while app.is_reading() {
            app.update(Msg::TimePassed(16.0));
        }
        assert_eq!(app.view().notice, None);
        let line = "oneimage disable 0".to_owned();
        let effects = app.update(Msg::Asked { system: 0, line });
        let Some(Effect::KeepJournal { text: kept, .. }) = effects.first() else {
            panic!("it is kept: {effects:?}")
        };
        let lines = [create, RENAME, "oneimage disable 0\n"];
        assert!(lines.iter().all(|line| kept.contains(line)), "{kept}");
    }
}
