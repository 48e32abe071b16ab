//! The application without a browser: what is shown, what a person can do, what follows.
//!
//! [`App::update`] is pure: it changes the app and says as [`Effect`]s what it asks of the browser.

mod opening;
mod playback;
mod settings;
mod stage;
mod view;

use crate::engine::host::Cloud;
use crate::engine::journal::Position;
use crate::engine::present::Verb;
use crate::engine::session::Session;
use crate::engine::{ImageId, Misread, SimTime};
use crate::systems;

pub use crate::engine::recording::MAX_BYTES as MAX_FILE_BYTES;
pub use playback::Playback;
pub use settings::Settings;
pub use stage::Stage;
pub use view::{
    Answer, ChosenView, DraftView, JournalLine, OfferView, Shown, StageView, TransportView, View, WorkView,
};

/// How long work takes in the page that moves data.
const PACE: SimTime = SimTime(4_000);

/// While the past is played again, no wait between two steps is longer than this.
const LONGEST_IDLE: SimTime = SimTime(1_500);

/// What a component tells the app: past tense, from the person's side.
#[derive(Clone, PartialEq, Debug)]
pub enum Msg {
    /// An action was asked for, by its text.
    Asked {
        /// The cloud.
        system: usize,
        /// The action's text.
        line: String,
    },
    /// The same was asked for in some clouds.
    VerbAsked {
        /// What.
        verb: PairedVerb,
        /// Only in this cloud; `None` for all.
        only: Option<usize>,
    },
    /// The name for the next image was typed.
    NameTyped(String),
    /// It was chosen whether the next image is persistent.
    PersistenceChosen(bool),
    /// An image was chosen.
    ImageChosen {
        /// The cloud.
        system: usize,
        /// The image.
        image: ImageId,
    },
    /// Play was pressed.
    Played,
    /// Pause was pressed.
    Paused,
    /// One step forward.
    SteppedForward,
    /// One step back.
    SteppedBack,
    /// A place on the time line was chosen.
    Sought(usize),
    /// A branch was chosen.
    BranchChosen(usize),
    /// A speed was chosen.
    SpeedChosen(Speed),
    /// Wall time passed: milliseconds since the last frame.
    TimePassed(f32),
    /// An example recording was asked for, by its cloud.
    ExampleChosen(usize),
    /// A file was opened or dropped.
    FileOpened {
        /// The file's name.
        name: String,
        /// What it holds.
        text: String,
    },
    /// A file could not be read at all; why, in words.
    FileFailed(String),
    /// The recording was closed.
    RecordingClosed,
    /// A new session was asked for.
    StartedAnew,
    /// The session before this one was asked for.
    BroughtBack,
    /// A notice was read.
    NoticeDismissed,
}

/// A verb that the page offers for every cloud at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PairedVerb {
    /// A new image.
    Create,
    /// A new machine with the chosen image.
    Use,
    /// A copy of the chosen image.
    Clone,
    /// Keep the chosen image back.
    Withhold,
    /// Give the chosen image free.
    Release,
    /// Delete the chosen image.
    Delete,
}

impl PairedVerb {
    /// The verbs that act on the chosen images, in the order of the page.
    pub const ON_CHOSEN: [Self; 5] = [Self::Use, Self::Clone, Self::Withhold, Self::Release, Self::Delete];

    /// What its button says.
    pub fn label(self) -> &'static str {
        match self {
            Self::Create => "Create",
            Self::Use => "Use in a VM",
            Self::Clone => "Clone",
            Self::Withhold => "Withhold",
            Self::Release => "Release",
            Self::Delete => "Delete",
        }
    }
}

/// How fast simulated time passes beside wall time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Speed {
    /// A tenth.
    Tenth,
    /// Half.
    Half,
    /// As it is.
    #[default]
    Once,
    /// Twice as fast.
    Twice,
    /// Four times as fast.
    Fourfold,
    /// Sixteen times as fast.
    Sixteenfold,
}

impl Speed {
    /// Every speed, slowest first.
    pub const ALL: [Self; 6] =
        [Self::Tenth, Self::Half, Self::Once, Self::Twice, Self::Fourfold, Self::Sixteenfold];

    /// What the page calls it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Tenth => "0.1×",
            Self::Half => "0.5×",
            Self::Once => "1×",
            Self::Twice => "2×",
            Self::Fourfold => "4×",
            Self::Sixteenfold => "16×",
        }
    }

    fn factor(self) -> f32 {
        match self {
            Self::Tenth => 0.1,
            Self::Half => 0.5,
            Self::Once => 1.0,
            Self::Twice => 2.0,
            Self::Fourfold => 4.0,
            Self::Sixteenfold => 16.0,
        }
    }
}

/// Where a journal is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Slot {
    /// The session that is open.
    Current,
    /// The session before it.
    Before,
}

/// What the app asks of the browser.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Effect {
    /// Remember this journal, so that a reload finds it again.
    KeepJournal {
        /// In the place of which earlier one.
        slot: Slot,
        /// The journal as text.
        text: String,
    },
    /// Fetch the example recording of this name and send it as [`Msg::FileOpened`].
    FetchExample(&'static str),
}

/// Everything that is shown.
pub struct App {
    settings: Settings,
    session: Session,
    /// The journal of the session before this one.
    before: Option<String>,
    /// Whether the browser was asked to keep it.
    before_is_kept: bool,
    playback: Option<Playback>,
    stages: Vec<Stage>,
    /// The simulated moment with its fraction, in milliseconds.
    clock: f64,
    playing: bool,
    held: bool,
    speed: Speed,
    name: String,
    persistent: bool,
    notice: Option<String>,
    revision: u32,
}

impl App {
    /// The app with its opening scene, or with the journal that an earlier visit kept; and with the
    /// journal of the session before that, if there was one.
    pub fn new(settings: Settings, kept: Option<String>, mut before: Option<String>) -> Self {
        let mut notice = settings.problem.clone();
        let mut before_is_kept = true;
        let kept = kept.and_then(|text| match Session::read(systems::clouds(PACE), &text) {
            Ok(session) => Some(session),
            Err(Misread(problem)) => {
                notice = Some(format!(
                    "The session of your last visit could not be read, so this is a new one. {problem}"
                ));
                before = Some(text);
                before_is_kept = false;
                None
            }
        });
        let session = kept.unwrap_or_else(opening::session);
        let mut app = Self {
            settings,
            stages: session.clouds().iter().map(|_| Stage::default()).collect(),
            session,
            before_is_kept,
            before,
            playback: None,
            clock: 0.0,
            playing: false,
            held: false,
            speed: Speed::default(),
            name: String::new(),
            persistent: false,
            notice,
            revision: 0,
        };
        app.settle();
        app
    }

    /// Whether a page that was opened so keeps its journal for the next visit.
    pub fn keeps(settings: &Settings) -> bool {
        !settings.embed
    }

    /// The session on the stage: the recording's while one is shown, else the person's own.
    pub fn session(&self) -> &Session {
        self.playback.as_ref().map_or(&self.session, |playback| &playback.replay.session)
    }

    fn session_mut(&mut self) -> &mut Session {
        self.playback.as_mut().map_or(&mut self.session, |playback| &mut playback.replay.session)
    }

    /// The stages, one for each cloud of [`App::session`].
    pub fn stages(&self) -> &[Stage] {
        &self.stages
    }

    /// How the page was opened.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The simulated moment of the picture.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the clock never runs below 0"
    )]
    pub fn clock(&self) -> SimTime {
        SimTime(self.clock as u64)
    }

    /// A number that changes whenever [`App::view`] would show something else than before.
    pub fn revision(&self) -> u32 {
        self.revision
    }

    /// Whether the next frame will differ from this one.
    pub fn is_animating(&self) -> bool {
        self.playing || self.stages.iter().any(Stage::is_moving)
    }

    /// Takes a message in, and says what the browser has to do.
    pub fn update(&mut self, msg: Msg) -> Vec<Effect> {
        if !matches!(msg, Msg::TimePassed(_)) {
            self.revision += 1;
        }
        let stood = self.stands();
        let mut effects: Vec<Effect> = self.take(msg).into_iter().collect();
        if Self::keeps(&self.settings) && stood != self.stands() {
            effects.push(Effect::KeepJournal { slot: Slot::Current, text: self.session.to_text() });
        }
        if let Some(text) = self.before.as_ref().filter(|_| !self.before_is_kept) {
            effects.push(Effect::KeepJournal { slot: Slot::Before, text: text.clone() });
            self.before_is_kept = true;
        }
        effects
    }

    /// Where the person's own session stands, and how much it holds.
    fn stands(&self) -> (usize, Position, usize) {
        let journal = self.session.journal();
        (journal.entries().len(), journal.head(), journal.current_branch())
    }

    fn take(&mut self, msg: Msg) -> Option<Effect> {
        match msg {
            Msg::Asked { system, line } => self.ask(system, &line),
            Msg::VerbAsked { verb, only } => self.ask_verb(verb, only),
            Msg::NameTyped(name) => self.name = name,
            Msg::PersistenceChosen(persistent) => self.persistent = persistent,
            Msg::ImageChosen { system, image } => {
                if let Some(stage) = self.stages.get_mut(system) {
                    stage.chosen = Some(image);
                }
            }
            Msg::Played => self.play(),
            Msg::Paused => self.pause(),
            Msg::SteppedForward => {
                self.pause();
                self.step_forward();
            }
            Msg::SteppedBack => {
                self.pause();
                self.seek(self.session().journal().depth().saturating_sub(1));
            }
            Msg::Sought(depth) => {
                self.pause();
                self.seek(depth);
            }
            Msg::BranchChosen(branch) => {
                self.pause();
                self.session_mut().switch(branch);
                self.settle();
            }
            Msg::SpeedChosen(speed) => self.speed = speed,
            Msg::TimePassed(milliseconds) => self.pass(milliseconds),
            Msg::ExampleChosen(system) => {
                return self.session.clouds().get(system).map(|cloud| Effect::FetchExample(cloud.name()));
            }
            Msg::FileOpened { name, text } => self.open(&name, &text),
            Msg::FileFailed(problem) => self.notice = Some(problem),
            Msg::RecordingClosed => self.show(None),
            Msg::StartedAnew => self.replace(opening::session()),
            Msg::BroughtBack => self.bring_back(),
            Msg::NoticeDismissed => self.notice = None,
        }
        None
    }

    fn play(&mut self) {
        self.held = false;
        self.playing = true;
        let journal = self.session().journal();
        if journal.depth() + 1 == journal.trunk().len() && self.session().next_due().is_none() {
            self.seek(0);
        }
    }

    fn pause(&mut self) {
        self.held = true;
        self.playing = false;
    }

    /// Asks for an action. Work that it leaves under way goes on by itself unless the person paused.
    fn ask(&mut self, system: usize, line: &str) {
        let clock = self.clock();
        self.session_mut().advance(clock);
        let before = self.placements();
        match self.session_mut().perform(system, line) {
            Ok(_) => self.moved(system, before),
            Err(Misread(problem)) => self.notice = Some(problem),
        }
        self.playing = !self.held && self.session().next_due().is_some();
    }

    fn ask_verb(&mut self, verb: PairedVerb, only: Option<usize>) {
        for system in (0..self.stages.len()).filter(|&system| only.is_none_or(|only| only == system)) {
            self.stages[system].remark = None;
            match self.line_of(verb, system) {
                Ok(line) => self.ask(system, &line),
                Err(sentence) => self.stages[system].remark = Some(sentence),
            }
        }
        if verb == PairedVerb::Create {
            self.name.clear();
        }
    }

    fn line_of(&self, verb: PairedVerb, system: usize) -> Result<String, &'static str> {
        let cloud = self.session().cloud(system);
        let chosen = || self.stages[system].chosen.ok_or("Choose an image first: there is none here.");
        let name = self.next_name();
        cloud.verb(match verb {
            PairedVerb::Create => Verb::Create { name: &name, persistent: self.persistent },
            PairedVerb::Use => Verb::Use(chosen()?),
            PairedVerb::Clone => Verb::Clone(chosen()?, &name),
            PairedVerb::Withhold => Verb::Withhold(chosen()?),
            PairedVerb::Release => Verb::Release(chosen()?),
            PairedVerb::Delete => Verb::Delete(chosen()?),
        })
    }

    /// The name that the next image gets: what was typed, else the next of `image-1`, `image-2` …
    pub fn next_name(&self) -> String {
        if !self.name.is_empty() {
            return self.name.clone();
        }
        let created = self.session().journal().entries().len();
        format!("image-{}", created + 1)
    }

    fn seek(&mut self, depth: usize) {
        self.session_mut().seek(depth);
        self.settle();
    }

    /// One step along the current branch, with its motion.
    fn step_forward(&mut self) {
        let depth = self.session().journal().depth();
        let before = self.placements();
        self.session_mut().seek(depth + 1);
        let journal = self.session().journal();
        if journal.depth() > depth {
            let entry = journal.entry(journal.head());
            let system = entry.map_or(0, |entry| entry.system);
            self.clock = millis(self.session().now());
            self.moved(system, before);
        }
    }

    fn placements(&self) -> Vec<crate::diagram::Placement> {
        self.session().clouds().iter().map(|cloud| stage::placement(&**cloud)).collect()
    }

    /// Starts the motion of the step that was just taken in `system`.
    fn moved(&mut self, system: usize, mut before: Vec<crate::diagram::Placement>) {
        let session = self.playback.as_ref().map_or(&self.session, |playback| &playback.replay.session);
        let moves = session
            .entry(session.journal().head())
            .map_or_else(Vec::new, |(cloud, record)| cloud.moves(record));
        let cloud: &dyn Cloud = session.cloud(system);
        self.stages[system].start(cloud, before.swap_remove(system), &moves, self.settings.still);
        self.revision += 1;
    }

    /// Shows the world as it stands, without motion.
    fn settle(&mut self) {
        let session = self.playback.as_ref().map_or(&self.session, |playback| &playback.replay.session);
        self.clock = millis(session.now());
        for (stage, cloud) in self.stages.iter_mut().zip(session.clouds()) {
            stage.settle(&**cloud);
        }
    }

    /// Lets wall time pass: motions first, then the clock, then the next step that is due.
    fn pass(&mut self, milliseconds: f32) {
        let passed = milliseconds * self.speed.factor();
        let was_moving = self.stages.iter().any(Stage::is_moving);
        self.stages.iter_mut().for_each(|stage| stage.pass(passed));
        if !self.playing || was_moving {
            return;
        }
        self.clock += f64::from(passed);
        while self.playing && self.step_due() {}
    }

    /// Takes the next step if it is due and its stage is not busy; says whether to go on.
    fn step_due(&mut self) -> bool {
        let session = self.session();
        let journal = session.journal();
        let next = journal.trunk().get(journal.depth() + 1).and_then(|&next| journal.entry(next)).copied();
        if let Some(next) = next {
            let earliest = next.at.0.saturating_sub(LONGEST_IDLE.0);
            self.clock = self.clock.max(millis(SimTime(earliest)));
            let ready = next.at <= self.clock() && !self.stages[next.system].is_moving();
            if ready {
                self.step_forward();
            }
            return ready;
        }
        let Some((due, system, _)) = session.next_due() else {
            self.playing = false;
            self.revision += 1;
            return false;
        };
        if due > self.clock() || self.stages[system].is_moving() {
            return false;
        }
        let before = self.placements();
        let clock = self.clock();
        self.session_mut().end_next_job(clock);
        self.moved(system, before);
        true
    }

    /// Goes over to another session of the person's own and keeps this one.
    fn replace(&mut self, session: Session) {
        self.before = Some(self.session.to_text());
        self.before_is_kept = false;
        self.session = session;
        self.show(None);
    }

    fn bring_back(&mut self) {
        let Some(text) = &self.before else { return };
        match Session::read(systems::clouds(PACE), text) {
            Ok(session) => self.replace(session),
            Err(Misread(problem)) => {
                self.notice = Some(format!("The session before this one could not be read. {problem}"));
            }
        }
    }

    fn open(&mut self, name: &str, text: &str) {
        match Playback::open(name, text) {
            Ok(playback) => self.show(Some(playback)),
            Err(problem) => self.notice = Some(problem),
        }
    }

    fn show(&mut self, playback: Option<Playback>) {
        self.pause();
        self.notice = None;
        self.playback = playback;
        self.stages = self.session().clouds().iter().map(|_| Stage::default()).collect();
        self.settle();
    }
}

#[expect(clippy::cast_precision_loss, reason = "sessions last hours, not millennia")]
fn millis(moment: SimTime) -> f64 {
    moment.0 as f64
}
