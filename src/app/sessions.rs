//! Going over to another session: a new one, the one before, one in a file, a recording; and back.

use super::stage::Stage;
use super::{App, Marks, Playback, Written, opening, playback};
use crate::engine::session::Session;

impl App {
    /// Goes over to another session of the person's own and keeps this one.
    pub(super) fn replace(&mut self, session: Session) {
        self.before = Some(self.session.to_text());
        self.before_is_kept = false;
        self.session = session;
        self.written = Written::default();
        self.marks = Marks::default();
        self.is_too_long = false;
        self.show(None);
    }

    /// Says once that the browser has no room for the session.
    pub(super) fn not_kept(&mut self) {
        if !std::mem::replace(&mut self.is_too_long, true) {
            self.notice = Some(
                "This session is too long for the browser to keep: a reload goes back to an earlier step of it. \
                 Save it as a file."
                    .to_owned(),
            );
        }
    }

    pub(super) fn start_anew(&mut self) {
        if let Some(rules) = self.rules {
            self.replace(opening::session(rules));
        }
    }

    pub(super) fn bring_back(&mut self) {
        if let (Some(rules), Some(text)) = (self.rules, self.before.clone()) {
            self.read_file(rules, "The previous session", &text);
        }
    }

    pub(super) fn open(&mut self, name: &str, text: &str) {
        let Some(rules) = self.rules.filter(|_| !self.settings.embed) else { return };
        if Session::is_journal(text) {
            self.read_file(rules, name, text);
            return;
        }
        match playback::open(rules, name, text) {
            Ok(replaying) => self.replay(replaying),
            Err(problem) => self.notice = Some(problem),
        }
    }

    /// Goes back to the person's own session, and to the images that were chosen in it.
    pub(super) fn close_recording(&mut self) {
        let choice = self.kept_choice.clone();
        self.show(None);
        self.settle_with(choice);
    }

    pub(super) fn show(&mut self, playback: Option<Playback>) {
        self.pause();
        self.notice = None;
        (self.search, self.halt, self.beside, self.token_card) = (None, None, None, None);
        self.comparison.dismiss();
        self.playback = playback;
        self.free_name.take();
        let number = self.stages.iter().map(|stage| stage.list.number + 1).max().unwrap_or_default();
        self.stages = self.session().clouds().iter().map(|_| Stage::with_list(number)).collect();
        self.settle();
    }
}
