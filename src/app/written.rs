//! The journal as it was kept last: a step adds a line to its text, not a book.

use super::{App, Choice, Effect, Slot};
use crate::engine::ImageId;

/// How the line begins that says which images are chosen.
const CHOSEN: &str = "# chosen";

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
    /// What makes a reload find the session as it stands, if that is not kept yet. Going elsewhere in it, or
    /// choosing another image, keeps only the place.
    pub(super) fn keep(&mut self) -> Option<Effect> {
        let same_choice = self.playback.is_some() || self.choice().eq(self.kept_choice.iter().copied());
        if self.is_reading() || same_choice && self.kept == self.stands() {
            return None;
        }
        self.kept = self.stands();
        if !same_choice {
            self.kept_choice = self.choice().collect();
        }
        let choice = written(&self.kept_choice);
        let Written { entries, count, edits } = &mut self.written;
        let now = self.session.journal().entries().len();
        if (*count, *edits) == (now, self.edits) {
            return Some(Effect::KeepPlace(self.session.place() + &choice));
        }
        if *count < now {
            self.session.write_entries(*count, entries);
        }
        (*count, *edits) = (now, self.edits);
        let text = [entries, &*self.session.standing(), &choice].concat();
        Some(Effect::KeepJournal { slot: Slot::Current, text })
    }
}

/// The choice as the last line of what is kept: a remark, for a journal as such has none.
fn written(choice: &Choice) -> String {
    let images =
        choice.iter().map(|image| image.map_or_else(|| " -".to_owned(), |image| format!(" {image}")));
    format!("{CHOSEN}{}\n", images.collect::<String>())
}

/// The choice that a text ends with, if it does.
pub(super) fn choice_in(text: &str) -> Option<Choice> {
    let images = text.lines().next_back()?.strip_prefix(CHOSEN)?;
    Some(images.split_whitespace().map(|image| image.parse().ok().map(ImageId)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{Msg, Rules, Settings, Speed};

    /// The app that a reload makes of what was kept, and which images are chosen in it.
    fn reloaded(kept: String) -> Vec<Option<u32>> {
        let mut app = App::new(Some(Rules::all()), Settings::default(), Some(kept), None);
        while app.is_reading() {
            app.update(Msg::TimePassed(16.0));
        }
        assert_eq!(app.view().notice, None);
        app.choice().map(|image| image.map(|image| image.0)).collect()
    }

    #[test]
    fn a_reload_finds_the_chosen_images_again_or_that_there_is_none() {
        let mut app = App::new(Some(Rules::all()), Settings::default(), None, None);
        let (mut journal, mut place) = (String::new(), String::new());
        let mut after = |message: Msg| {
            for effect in app.update(message) {
                if let Effect::KeepJournal { slot: Slot::Current, text } = effect {
                    (journal, place) = (text, String::new());
                } else if let Effect::KeepPlace(text) = effect {
                    place = text;
                }
            }
            reloaded(journal.clone() + &place)
        };
        let create = |name: &str| Msg::Asked {
            system: 0,
            line: format!("oneimage create --name {name} --path /a -d 100"),
        };
        let choose = |system: usize, image: u32| Msg::ImageChosen { system, image: ImageId(image) };
        assert_eq!(after(create("one")), [Some(1), Some(1)]);
        assert_eq!(after(create("two")), [Some(2), Some(1)]);
        assert_eq!(after(choose(0, 0)), [Some(0), Some(1)]);
        after(Msg::SpeedChosen(Speed::Instant));
        after(Msg::Asked { system: 0, line: "oneimage delete 0".to_owned() });
        after(Msg::Played);
        assert_eq!(after(Msg::TimePassed(16.0)), [None, Some(1)]);
    }

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
        let text = |effect: &Effect| {
            if let Effect::KeepJournal { text, .. } = effect { Some(text.clone()) } else { None }
        };
        let kept = effects.iter().find_map(text).expect("it is kept");
        let lines = [create, RENAME, "oneimage disable 0\n"];
        assert!(lines.iter().all(|line| kept.contains(line)), "{kept}");
    }
}
