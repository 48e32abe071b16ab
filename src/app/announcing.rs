//! What is said to those who do not see what moves: one message for each cause, the changing fact
//! first, and not more than they can listen to.

use super::stage::Stage;
use super::view::Answer;
use super::viewing::answer;
use super::{App, Clock};
use crate::engine::journal::Position;
use crate::engine::text::shortened;

/// The longest message, in characters.
const LONGEST: usize = 160;

/// While time passes, so many milliseconds lie between two messages.
const BETWEEN: f32 = 2_000.0;

/// What was said last, and what of the app was seen by then.
#[derive(Default)]
pub(super) struct Announcer {
    pub(super) said: String,
    seen: Seen,
    /// How long ago, in milliseconds.
    ago: f32,
}

/// What is worth a message when it changes.
#[derive(Clone, Copy, PartialEq, Default)]
struct Seen {
    head: Position,
    depth: usize,
    /// What a callout tells.
    callout: Option<&'static str>,
    /// Why a verb has no counterpart in a cloud.
    remark: Option<&'static str>,
}

impl App {
    /// Says what happened last, unless it was said or something else was said a moment ago. So much
    /// time has `passed` since this was called last, in milliseconds. Until the rules are here there is only
    /// to say that they are waited for.
    pub(super) fn announce(&mut self, passed: f32) {
        if let Some(rules) = self.rules {
            (rules.table().announce)(self, passed);
        } else if self.is_waiting() && self.announcer.said.is_empty() {
            "Fetching the rules of the clouds…".clone_into(&mut self.announcer.said);
            self.revision += 1;
        }
    }

    /// See [`App::announce`].
    pub(super) fn announce_news(&mut self, passed: f32) {
        self.announcer.ago += passed;
        let (before, now) = (self.announcer.seen, self.seen());
        let too_soon = self.running == Clock::Running && self.announcer.ago < BETWEEN;
        if now == before || too_soon {
            return;
        }
        self.announcer.seen = now;
        if let Some(said) = self.message(before, now) {
            self.announcer.said = said;
            self.announcer.ago = 0.0;
            self.revision += 1;
        }
    }

    /// Begins to listen here: what happened before is not said.
    pub(super) fn announce_from_here(&mut self) {
        self.announcer = Announcer { seen: self.seen(), ..Announcer::default() };
    }

    fn seen(&self) -> Seen {
        let journal = self.session().journal();
        Seen {
            head: journal.head(),
            depth: journal.depth(),
            callout: self.comparison.told(),
            remark: self.stages.iter().find_map(Stage::remark),
        }
    }

    /// What there is to say about a change, if there is something.
    fn message(&self, before: Seen, now: Seen) -> Option<String> {
        let new = |was: Option<&'static str>, is: Option<&'static str>| is.filter(|_| was != is);
        if let Some(told) = new(before.callout, now.callout).or(new(before.remark, now.remark)) {
            return Some(told.to_owned());
        }
        if now.head == before.head {
            return None;
        }
        let trunk = self.session().journal().trunk();
        let onward = now.depth > before.depth && trunk.get(before.depth) == Some(&before.head);
        Some(if onward { self.news(&trunk[before.depth + 1..=now.depth]) } else { self.standing() })
    }

    /// The last news of each cloud among the steps that led to these places.
    fn news(&self, places: &[Position]) -> String {
        let session = self.session();
        let last = |system: usize| {
            let of_cloud = |place: &&Position| {
                session.journal().entry(**place).is_some_and(|entry| entry.system == system)
            };
            let (cloud, record) = session.entry(*places.iter().rfind(of_cloud)?)?;
            Some(message(cloud.title(), &answer(cloud, record)))
        };
        let news: Vec<String> = (0..session.clouds().len()).filter_map(last).collect();
        news.join(" ")
    }

    /// Where the session stands: `Step 5 of 8. OpenNebula: image-1 USED.`
    fn standing(&self) -> String {
        let (session, journal) = (self.session(), self.session().journal());
        let mut said = format!("Step {} of {}.", journal.depth(), journal.trunk().len() - 1);
        for (stage, cloud) in self.stages.iter().zip(session.clouds()) {
            if let Some(row) = stage.chosen.and_then(|image| cloud.image(image)) {
                let state = cloud.states()[row.state];
                said = [&said, " ", cloud.title(), ": ", &row.name, " ", state, "."].concat();
            }
        }
        said
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

#[cfg(test)]
mod tests {
    use crate::app::{Answer, App, Msg, PairedVerb, Rules, Settings};
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

    /// What is said after each of these.
    fn said_after(messages: impl IntoIterator<Item = Msg>) -> Vec<String> {
        let mut app = App::new(Some(Rules::all()), Settings::default(), None, None);
        let say = |msg| {
            app.update(msg);
            app.view().announcement
        };
        messages.into_iter().map(say).collect()
    }

    #[test]
    fn a_step_by_hand_is_said_at_once_and_going_back_says_where_one_is() {
        let said = said_after([Msg::SteppedForward, Msg::SteppedBack]);
        assert!(said[0].contains("READY → USED"), "{}", said[0]);
        assert!(said[1].starts_with("Step ") && said[1].contains("OpenNebula: ubuntu READY."), "{}", said[1]);
    }

    #[test]
    fn a_callout_is_said_once_and_what_happens_after_it_too() {
        let mut app = App::new(Some(Rules::all()), Settings::default(), None, None);
        app.update(Msg::Sought(usize::MAX));
        app.update(Msg::VerbAsked { verb: PairedVerb::Create, only: None });
        let callout = app.view().callout.map(|callout| callout.divergence.what.to_owned());
        assert_eq!(Some(app.view().announcement), callout);
        app.update(Msg::Played);
        for _ in 0..1_000 {
            app.update(Msg::TimePassed(16.0));
        }
        let said = app.view().announcement;
        assert!(said.contains("(OpenNebula)") && said.contains("(Glance)"), "both end at once: {said}");
        assert!(app.view().callout.is_some());
        app.update(Msg::Played);
        assert!(app.view().callout.is_none(), "played from the beginning, it would be of another moment");
    }

    #[test]
    fn why_a_verb_has_no_counterpart_is_said() {
        let verb = Msg::VerbAsked { verb: PairedVerb::Delete, only: None };
        let said = said_after([Msg::Sought(0), verb]);
        assert!(said[1].starts_with("Choose an image first"), "{}", said[1]);
    }
}
