//! The rules of the clouds: half of the page's program, fetched when a person first reaches for the
//! page. Until then the opening is shown on film, see [`crate::engine::film`].
//!
//! What the app can do only with them is reached through [`Rules`], never by its name, so that it
//! comes with them.

use super::playback::{Replaying, shown_name};
use super::written::choice_in;
use super::{App, Choice, Effect, Msg, PACE, View, Written, opening};
use crate::diagram::Scene;
use crate::engine::host::{Cloud, Move};
use crate::engine::session::{Reading, Session};
use crate::engine::{Misread, SimTime};
use crate::systems::{Begin, CATALOG};

/// So many lines of a kept journal are a slice of its reading: some milliseconds of a slow machine.
const LINES: usize = 125;

/// So many steps of a recording are a slice of its replay, and its worlds are compared.
const STEPS: usize = 2;

/// The rules, and what the app can do with them.
#[derive(Clone, Copy)]
pub struct Rules(&'static Table);

/// What stands in the second file of the program.
pub(super) struct Table {
    /// How to begin with every cloud of the catalogue.
    clouds: &'static [Begin],
    /// The session that the page opens with.
    pub(super) opening: fn(Rules) -> Session,
    /// See [`App::take_rules`].
    pub(super) arrive: fn(&mut App, Rules),
    /// See [`App::read_on`].
    pub(super) read_on: fn(&mut App),
    /// See [`App::work_on`].
    pub(super) work_on: fn(&mut App),
    /// See [`App::take_with_rules`].
    pub(super) take: fn(&mut App, Msg) -> Option<Effect>,
    /// See [`App::go_on`].
    pub(super) go_on: fn(&mut App, f32),
    /// See [`App::scenes_beside`].
    pub(super) other_scenes: fn(&App) -> Vec<Scene>,
    /// See [`App::heed`].
    pub(super) heed: fn(&mut App, usize, &[Move]),
    /// See [`App::announce`], and [`App::follow`].
    pub(super) announce: fn(&mut App, f32),
    /// See [`App::keep`].
    pub(super) keep: fn(&mut App) -> Option<Effect>,
    /// See [`App::show_news`].
    pub(super) show_news: fn(&mut App) -> Vec<Effect>,
    /// See [`App::complete`].
    pub(super) complete: fn(&App, &mut View),
}

static TABLE: Table = Table {
    clouds: CATALOG,
    opening: opening::session,
    arrive: App::take_rules,
    read_on: App::read_on,
    work_on: App::work_on,
    take: App::take_with_rules,
    go_on: App::go_on,
    other_scenes: App::scenes_beside,
    heed: App::heed,
    announce: App::announce_and_follow,
    keep: App::keep,
    show_news: App::show_news,
    complete: App::complete,
};

impl Rules {
    /// The rules themselves. Whoever calls this carries them along.
    pub fn all() -> Self {
        Self(&TABLE)
    }

    /// Every cloud, just begun, at this pace.
    pub(super) fn clouds(self, pace: SimTime) -> Vec<Box<dyn Cloud>> {
        self.0.clouds.iter().map(|begin| begin(pace)).collect()
    }

    /// What the app can do with them.
    pub(super) fn table(self) -> &'static Table {
        self.0
    }
}

impl PartialEq for Rules {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl std::fmt::Debug for Rules {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Rules")
    }
}

/// What waits for the rules.
#[derive(Default)]
pub(super) struct Waiting {
    /// Whether they are on their way.
    pub(super) asked: bool,
    /// The journal of the last visit, still to be read.
    pub(super) kept: Option<String>,
    /// The same, or a session in a file, while it is being read, slice by slice.
    pub(super) reading: Option<Reading>,
    /// The name of that file.
    pub(super) file: Option<String>,
    /// A recording while it is replayed, slice by slice too.
    pub(super) replaying: Option<Replaying>,
    /// What is still to be done with what was read; all at once takes too long for a frame.
    pub(super) left: Option<Left>,
    /// The images that were chosen in it.
    pub(super) choice: Option<Choice>,
    /// What the person did meanwhile.
    pub(super) messages: Vec<Msg>,
}

/// What is done in a frame of its own with a session that was read.
pub(super) enum Left {
    /// Its world is looked at.
    Settle,
    /// It is shown.
    Show,
}

impl App {
    /// What the browser has to do when the page has just been opened.
    pub fn opened(&mut self) -> Option<Effect> {
        self.waiting.kept.is_some().then(|| self.fetch_rules()).flatten()
    }

    /// Whether the person waits for the rules.
    pub fn is_waiting(&self) -> bool {
        !self.waiting.messages.is_empty()
    }

    /// Asks for the rules unless they are here or on their way.
    pub(super) fn fetch_rules(&mut self) -> Option<Effect> {
        let needed = self.rules.is_none() && !self.waiting.asked;
        self.waiting.asked |= needed;
        needed.then_some(Effect::FetchRules)
    }

    /// Whether `msg` has to wait until the rules are here and the last visit's session is read.
    pub(super) fn must_wait(&self, msg: &Msg) -> bool {
        let on_film = self.waiting.kept.is_none() && msg.is_on_film();
        msg.is_a_persons() && (self.is_reading() || self.rules.is_none() && !on_film)
    }

    /// Goes on with the rules where the film stands, or with the session of the last visit.
    pub(super) fn take_rules(&mut self, rules: Rules) {
        self.rules = Some(rules);
        if let Some(kept) = self.waiting.kept.take() {
            self.begin_to_read(Reading::new(rules.clouds(PACE), kept));
        } else if let Ok(session) = Session::read(rules.clouds(PACE), &self.session.to_text()) {
            self.session = session;
        }
    }

    /// Begins to read a session in a file.
    pub(super) fn read_file(&mut self, rules: Rules, name: &str, text: &str) {
        self.waiting.file = Some(shown_name(name));
        self.begin_to_read(Reading::new(rules.clouds(PACE), text.to_owned()));
    }

    /// What is read in one slice is shown at once.
    fn begin_to_read(&mut self, reading: Reading) {
        self.waiting.reading = Some(reading);
        self.read_on();
        if self.waiting.left.take().is_some() {
            self.settle_what_was_read();
            self.show_what_was_read();
        }
    }

    /// Begins to replay a recording.
    pub(super) fn replay(&mut self, replaying: Replaying) {
        self.waiting.replaying = Some(replaying);
        self.read_on();
    }

    /// With each frame, which took so many milliseconds, the search goes on, and what moves in the world beside.
    fn go_on(&mut self, milliseconds: f32) {
        self.search_on();
        let passed = milliseconds * self.speed.factor();
        self.other.stages.iter_mut().for_each(|stage| stage.pass(passed));
    }

    /// After everything: what there is to say is said, and the other world follows.
    fn announce_and_follow(&mut self, passed: f32) {
        self.announce_news(passed);
        if self.beside.is_some() || !self.other.stages.is_empty() {
            self.follow();
        }
    }

    /// Whether a session is being read, or a recording replayed.
    pub(super) fn is_reading(&self) -> bool {
        let Waiting { reading, left, replaying, .. } = &self.waiting;
        reading.is_some() || left.is_some() || replaying.is_some()
    }

    /// Whether there is work in slices: the more of them a frame has time for, the sooner it is done.
    pub fn has_work(&self) -> bool {
        if self.is_reading() { self.waiting.left.is_none() } else { self.is_searching() }
    }

    /// One more slice of it.
    fn work_on(&mut self) {
        if self.is_reading() { self.read_on() } else { self.search_on() }
    }

    /// Reads a slice more of a session, or replays one more of a recording, and goes over to it when that was all.
    /// If the session of the last visit cannot be read, to a new one, and the text is kept beside it; if one in a
    /// file cannot, the session stays.
    pub(super) fn read_on(&mut self) {
        match self.waiting.left.take() {
            Some(Left::Settle) => {
                self.settle_what_was_read();
                self.waiting.left = Some(Left::Show);
                return;
            }
            Some(Left::Show) => return self.show_what_was_read(),
            None => {}
        }
        if let Some(replaying) = &mut self.waiting.replaying {
            if let Some(playback) = replaying(STEPS) {
                self.waiting.replaying = None;
                self.show(Some(playback));
                self.revision += 1;
            }
            return;
        }
        let (Some(rules), Some(mut reading)) = (self.rules, self.waiting.reading.take()) else { return };
        match reading.go_on(LINES) {
            Ok(false) => {
                self.waiting.reading = Some(reading);
                return;
            }
            Ok(true) => {
                self.waiting.choice = choice_in(&reading.text);
                if self.waiting.file.take().is_some() {
                    self.replace(reading.session);
                } else {
                    self.session = reading.session;
                }
                self.written = Written::from_text(reading.text, reading.entries);
            }
            Err(Misread(problem)) => match self.waiting.file.take() {
                Some(name) => {
                    self.notice = Some(format!("“{name}” was not opened. {problem}"));
                    return;
                }
                None => self.begin_beside(rules, reading.text, &problem),
            },
        }
        self.waiting.left = Some(Left::Settle);
    }

    /// Begins a new session because that of the last visit cannot be read; its text is kept beside.
    fn begin_beside(&mut self, rules: Rules, text: String, problem: &str) {
        self.notice = Some(format!(
            "The session of your last visit could not be read, so this is a new one. {problem}"
        ));
        self.before = Some(text);
        self.before_is_kept = false;
        self.session = opening::session(rules);
    }

    /// Shows the world that was read, with the images that were chosen in it.
    fn settle_what_was_read(&mut self) {
        match self.waiting.choice.take() {
            Some(choice) => self.settle_with(choice),
            None => self.settle(),
        }
    }

    fn show_what_was_read(&mut self) {
        self.announce_from_here();
        self.revision += 1;
    }

    /// Says that the rules did not come. What waited for them is not done.
    pub(super) fn rules_failed(&mut self) {
        self.waiting.asked = false;
        self.waiting.messages.clear();
        self.notice = Some(
            "The rules of the clouds could not be fetched, so nothing was done. Check the connection and try \
             again."
                .to_owned(),
        );
    }
}
