//! What is said to those who do not see what moves: one message for each cause, the changing fact
//! first, and not more than they can listen to.

use super::view::{Answer, answer};
use super::{App, Clock};
use crate::engine::journal::Position;

/// The longest message, in characters.
const LONGEST: usize = 160;

/// While time passes, so many milliseconds lie between two messages.
const BETWEEN: f32 = 2_000.0;

/// What was said last.
#[derive(Default)]
pub(super) struct Announcer {
    pub(super) said: String,
    /// About what: the place in the journal, whether the rules were waited for, whether a callout
    /// explained it.
    about: (Position, bool, bool),
    /// How long ago, in milliseconds.
    ago: f32,
}

impl App {
    /// Says what happened last, unless it was said or something else was said a moment ago. So much
    /// time has `passed` since this was called last, in milliseconds.
    pub(super) fn announce(&mut self, passed: f32) {
        self.announcer.ago += passed;
        let about = (self.session().journal().head(), self.is_waiting(), self.callout_view().is_some());
        let too_soon = self.running == Clock::Running && self.announcer.ago < BETWEEN;
        if about == self.announcer.about || too_soon {
            return;
        }
        self.announcer = Announcer { said: self.message(), about, ago: 0.0 };
        self.revision += 1;
    }

    /// Begins to listen here: what happened before is not said.
    pub(super) fn announce_from_here(&mut self) {
        self.announcer.about = (self.session().journal().head(), false, false);
    }

    fn message(&self) -> String {
        if self.is_waiting() {
            return "Fetching the rules of the clouds…".to_owned();
        }
        if let Some(callout) = self.callout_view() {
            return callout.divergence.what.to_owned();
        }
        let session = self.session();
        let entry = session.entry(session.journal().head());
        entry.map_or_else(String::new, |(cloud, record)| message(cloud.title(), &answer(cloud, record)))
    }
}

fn message(title: &str, answer: &Answer) -> String {
    let fact = match (&answer.refusal, answer.sentences.first()) {
        (Some(refusal), _) => format!("Refused: {refusal}"),
        (None, Some(sentence)) => sentence.clone(),
        (None, None) => format!("Done: {}", answer.line),
    };
    format!("{} ({title})", shortened(&fact, LONGEST - title.chars().count() - " ()".len()))
}

/// The text in at most so many characters; dots say that there was more.
fn shortened(text: &str, most: usize) -> String {
    let mut chars = text.chars();
    let mut shown: String = chars.by_ref().take(most).collect();
    if chars.next().is_some() {
        shown.pop();
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use crate::app::{Answer, App, Msg, Rules, Settings};
    use crate::engine::Refusal;

    #[test]
    fn a_long_refusal_still_says_which_cloud_refused() {
        let refusal = Some(Refusal::new(409, "no ".repeat(100)));
        let said = super::message("Glance", &Answer { line: String::new(), sentences: Vec::new(), refusal });
        assert!(said.starts_with("Refused: no no") && said.ends_with("… (Glance)"), "{said}");
        assert_eq!(said.chars().count(), super::LONGEST);
    }

    #[test]
    fn while_time_passes_there_are_two_seconds_between_messages() {
        let mut app = App::new(Some(Rules::all()), Settings::default(), None, None);
        app.update(Msg::Played);
        let mut said = app.view().announcement;
        let mut last = 0;
        for frame in 1..3_000 {
            app.update(Msg::TimePassed(16.0));
            let now = app.view().announcement;
            if now != said && app.is_animating() {
                assert!((frame - last) * 16 >= 1_999 || last == 0, "“{now}” follows “{said}” too soon");
                last = frame;
            }
            said = now;
        }
        assert!(last > 0, "something was said");
    }

    #[test]
    fn a_step_by_hand_is_said_at_once() {
        let mut app = App::new(Some(Rules::all()), Settings::default(), None, None);
        assert_eq!(app.view().announcement, "");
        app.update(Msg::SteppedForward);
        assert!(app.view().announcement.contains("USED"), "{}", app.view().announcement);
    }
}
