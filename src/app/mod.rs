//! The application without a browser: what is shown, what a person can do, what follows.
//!
//! [`App::update`] is pure: it changes the app and says as [`Effect`]s what it asks of the browser.

mod announcing;
mod beside;
mod branches;
mod breakpoints;
mod choosing;
mod compare;
mod foresee;
mod guide;
mod keys;
mod list;
mod look;
mod moves;
mod msg;
mod names;
mod opening;
mod play;
mod playback;
mod reach;
mod rules;
mod sessions;
mod settings;
mod stage;
mod view;
mod viewing;
mod written;

use std::cell::Cell;

use announcing::Announcer;

use crate::engine::host::Cloud;
use crate::engine::journal::{Branch, Position};
use crate::engine::present::Verb;
use crate::engine::session::Session;
use crate::engine::{ImageId, MachineId, Misread, SimTime};

pub use crate::compare::PairedVerb;
use beside::Other;
pub use beside::{BesideCloud, BesideView};
pub use branches::BranchView;
pub use breakpoints::{Breakpoint, BreakpointView, Stop};
use compare::Comparison;
pub use compare::{CalloutView, CardView, LinkView, Way};
pub use foresee::{Foreseen, foresee};
pub use guide::GuideView;
pub use keys::{KEYS, is_key};
pub use list::ListView;
pub use look::{Look, LookMsg, Sight};
pub use msg::{Cause, Effect, Msg, Slot, Speed};
#[cfg(not(target_arch = "wasm32"))]
pub use opening::film;
pub use playback::Playback;
use reach::Search;
pub use reach::{ReachView, WayStep};
pub use rules::Rules;
use rules::Waiting;
pub use settings::{Settings, Theme};
use stage::Stage;
pub use view::{
    Answer, ChosenView, DraftView, JournalLine, OfferView, Shown, StageView, TransportView, View, WorkView,
};
use written::Written;

/// How long work takes in the page that moves data.
const PACE: SimTime = SimTime(4_000);

/// The longest file that is opened, in bytes: longer than any session that a browser has room for.
pub const MAX_FILE_BYTES: usize = 16 * 1024 * 1024;

/// Whether simulated time passes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Clock {
    /// It passes.
    Running,
    /// Nothing is under way; it runs again as soon as something is.
    Resting,
    /// The person stopped it.
    Held,
}

/// Where a session stands, and how much it holds: how many entries, the place, the branch, and how
/// often branches were named, deleted or brought back.
type Stand = (usize, Position, usize, u32);

/// The chosen image of each cloud.
type Choice = Vec<Option<ImageId>>;

/// What a person marked in a session since the page was opened.
#[derive(Default)]
struct Marks {
    breakpoints: Vec<Breakpoint>,
    /// The branches that were deleted, and their places.
    deleted: Vec<(usize, Branch)>,
}

/// Everything that is shown.
pub struct App {
    settings: Settings,
    session: Session,
    rules: Option<Rules>,
    waiting: Waiting,
    written: Written,
    /// The journal of the session before this one.
    before: Option<String>,
    /// Whether the browser was asked to keep it.
    before_is_kept: bool,
    playback: Option<Playback>,
    stages: Vec<Stage>,
    look: Look,
    /// The simulated moment with its fraction, in milliseconds.
    clock: f64,
    running: Clock,
    speed: Speed,
    /// The name that was typed for the next image, and how many such names were used up.
    name: String,
    drafts: u32,
    /// The name that is free in the worlds after so many entries at this place, in a recording or not.
    free_name: Cell<Option<(names::Worlds, String)>>,
    persistent: bool,
    notice: Option<String>,
    /// The step of the first minute that is shown.
    guide: Option<usize>,
    announcer: Announcer,
    /// The clouds in which something was just done, and what brought it about.
    news: Option<(Vec<usize>, Cause)>,
    /// What there is to say about time: a breakpoint that was met, a branch that was deleted.
    said: Option<String>,
    /// What was marked in the person's own session.
    marks: Marks,
    search: Option<Search>,
    /// Where playing pauses once.
    halt: Option<Position>,
    /// The branch whose world is shown beside.
    beside: Option<usize>,
    other: Other,
    /// How often branches were named, deleted or brought back.
    edits: u32,
    /// The image whose card is open at its token, and what is being dragged.
    token_card: Option<(usize, ImageId)>,
    dragged: Option<(usize, ImageId)>,
    comparison: Comparison,
    /// What of the person's own session the browser was asked to keep, and which images were chosen then.
    kept: Stand,
    kept_choice: Choice,
    /// Whether the browser said that it has no room for it.
    is_too_long: bool,
    revision: u32,
}

impl App {
    /// The app with its opening scene, or with the journal that an earlier visit kept; and with the
    /// journal of the session before that, if there was one. Without `rules` the opening is shown on
    /// film until they arrive.
    pub fn new(
        rules: Option<Rules>,
        settings: Settings,
        kept: Option<String>,
        before: Option<String>,
    ) -> Self {
        let session = rules.map_or_else(opening::filmed, |rules| (rules.table().opening)(rules));
        let mut app = Self {
            notice: settings.problem.clone(),
            guide: (settings.is_for_beginners() && kept.is_none()).then_some(0),
            settings,
            stages: session.clouds().iter().map(|_| Stage::default()).collect(),
            look: Look::new(session.clouds().len()),
            session,
            rules: None,
            waiting: Waiting { kept, ..Waiting::default() },
            written: Written::default(),
            before,
            before_is_kept: true,
            playback: None,
            clock: 0.0,
            running: Clock::Resting,
            speed: Speed::default(),
            name: String::new(),
            drafts: 0,
            free_name: Cell::default(),
            persistent: false,
            announcer: Announcer::default(),
            news: None,
            said: None,
            marks: Marks::default(),
            search: None,
            halt: None,
            beside: None,
            other: Other::default(),
            edits: 0,
            token_card: None,
            dragged: None,
            comparison: Comparison::default(),
            kept: Stand::default(),
            kept_choice: Choice::new(),
            is_too_long: false,
            revision: 0,
        };
        app.settle();
        app.kept = app.stands();
        app.kept_choice = app.choice().collect();
        if let Some(rules) = rules {
            (rules.table().arrive)(&mut app, rules);
        }
        app.announce_from_here();
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

    /// What was marked in the session on the stage.
    fn marks(&self) -> &Marks {
        self.playback.as_ref().map_or(&self.marks, |playback| &playback.marks)
    }

    fn marks_mut(&mut self) -> &mut Marks {
        self.playback.as_mut().map_or(&mut self.marks, |playback| &mut playback.marks)
    }

    /// The clouds on the stage that are shown, and that a verb is for.
    fn shown(&self) -> impl Iterator<Item = usize> + use<> {
        let only = self.settings.only.filter(|_| self.playback.is_none());
        (0..self.session().clouds().len()).filter(move |&system| only.is_none_or(|only| only == system))
    }

    /// How the page was opened.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// How the diagrams are looked at.
    pub fn look(&self) -> &Look {
        &self.look
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
        self.is_reading()
            || self.look.is_morphing()
            || self.running == Clock::Running
            || self.is_searching()
            || self.stages.iter().any(Stage::is_moving)
            || self.other.stages.iter().any(Stage::is_moving)
    }

    /// Takes a message in, and says what the browser has to do.
    pub fn update(&mut self, msg: Msg) -> Vec<Effect> {
        // A session that is only about to be read shows nothing new.
        let begins_to_read = self.waiting.kept.is_some() && matches!(msg, Msg::RulesArrived(_));
        if !begins_to_read && !matches!(msg, Msg::TimePassed(_) | Msg::WorkedOn) {
            self.revision += 1;
        }
        if msg.is_a_persons() {
            self.said = None;
        }
        let passed = if let Msg::TimePassed(milliseconds) = msg { milliseconds } else { 0.0 };
        let mut effects = self.take_or_wait(msg);
        self.announce(passed);
        if let Some(rules) = self.rules.filter(|_| Self::keeps(&self.settings)) {
            effects.extend((rules.table().keep)(self));
        }
        if let Some(rules) = self.rules {
            effects.extend((rules.table().show_news)(self));
        }
        if let Some(text) = self.before.as_ref().filter(|_| !self.before_is_kept) {
            effects.push(Effect::KeepJournal { slot: Slot::Before, text: text.clone() });
            self.before_is_kept = true;
        }
        effects
    }

    /// Takes a message in, or keeps it until the rules are here. Whoever does something will want
    /// them soon, so that fetches them.
    fn take_or_wait(&mut self, msg: Msg) -> Vec<Effect> {
        let mut effects = Vec::new();
        if msg.is_a_persons() {
            effects.extend(self.fetch_rules());
        }
        if self.must_wait(&msg) {
            self.waiting.messages.push(msg);
        } else {
            effects.extend(self.take(msg));
        }
        if self.rules.is_some() && !self.is_reading() {
            let waited = std::mem::take(&mut self.waiting.messages);
            effects.extend(waited.into_iter().filter_map(|msg| self.take(msg)));
        }
        effects
    }

    /// Where the person's own session stands.
    fn stands(&self) -> Stand {
        let journal = self.session.journal();
        (journal.entries().len(), journal.head(), journal.current_branch(), self.edits)
    }

    /// The image that is chosen on each stage.
    fn choice(&self) -> impl Iterator<Item = Option<ImageId>> {
        self.stages.iter().map(|stage| stage.chosen)
    }

    /// Takes a message in that a session on film can do; all others are for the rules.
    #[expect(clippy::wildcard_enum_match_arm, reason = "what is not on film needs the rules")]
    fn take(&mut self, msg: Msg) -> Option<Effect> {
        self.comparison.outdate(&msg);
        match msg {
            Msg::VerbPointed(verb) => self.comparison.point(verb),
            Msg::Dismissed => {
                self.comparison.dismiss();
                self.token_card = None;
            }
            Msg::Played => {
                self.play();
                self.shown().for_each(|system| self.tell(system, Cause::Asked));
            }
            Msg::Paused => self.pause(),
            Msg::SteppedForward => {
                self.pause();
                self.step_forward();
            }
            Msg::SteppedBack => {
                self.pause();
                self.step_back();
            }
            Msg::Sought(depth) => {
                self.pause();
                self.seek(depth);
            }
            Msg::KeyPressed { key, command, shift } => self.press(&key, (command, shift)),
            Msg::SpeedChosen(speed) => self.speed = speed,
            Msg::Wanted => {}
            Msg::TimePassed(milliseconds) => self.frame(milliseconds),
            Msg::WorkedOn => (self.rules?.table().work_on)(self),
            Msg::NoticeDismissed => self.notice = None,
            Msg::ThemeChosen(theme) => {
                self.settings.theme = theme;
                return Some(Effect::ShowTheme(theme));
            }
            Msg::GuideSkipped => return Some(self.skip_guide()),
            Msg::FileFailed(problem) => self.notice = Some(problem),
            Msg::RulesArrived(rules) => (rules.table().arrive)(self, rules),
            Msg::RulesFailed => self.rules_failed(),
            msg => return (self.rules?.table().take)(self, msg),
        }
        None
    }

    /// Takes a message in that needs the rules.
    #[expect(clippy::wildcard_enum_match_arm, reason = "what is on film was taken in without the rules")]
    fn take_with_rules(&mut self, msg: Msg) -> Option<Effect> {
        // What waited for the rules may be about a cloud that a recording has taken off the stage since.
        if msg.system().is_some_and(|system| system >= self.stages.len()) {
            return None;
        }
        match msg {
            Msg::Asked { system, line } => {
                self.ask(system, &line);
                return self
                    .is_refused(system)
                    .then_some(Effect::ShowSaid { system, still: self.settings.still });
            }
            Msg::VerbAsked { verb, only: None } if self.guide_asks(verb) => return self.follow_guide(),
            Msg::VerbAsked { verb, only } => self.ask_verb(verb, only),
            Msg::StateChosen { system, state } => {
                self.comparison.choose(system, state);
                let name = self.session().cloud(system).states()[state];
                let is_open = self.card_view(system).is_some();
                return is_open.then(|| self.see(vec![(system, name)], Cause::Chosen));
            }
            Msg::NameTyped { number, name } if number == self.drafts => self.name = name,
            Msg::PersistenceChosen(persistent) => self.persistent = persistent,
            Msg::ImageChosen { system, image } => self.choose_image(system, image),
            Msg::ListFiltered { system, text } => {
                self.on_stage(system, |stage, cloud| stage.list.filter(text, cloud));
            }
            Msg::ListOrdered { system, column } => {
                self.on_stage(system, |stage, cloud| stage.list.order_by(column, cloud));
            }
            Msg::ListScrolled { system, first } => {
                self.on_stage(system, |stage, _| stage.list.show(first));
            }
            Msg::ListMoved { system, rows } => return self.move_in_list(system, rows),
            Msg::BranchChosen(branch) => self.choose_branch(branch),
            Msg::BranchRenamed(branch, name) => self.rename_branch(branch, &name),
            Msg::BranchDeleted(branch) => self.delete_branch(branch),
            Msg::BranchRestored(deleted) => self.restore_branch(deleted),
            Msg::BranchCompared(branch) => return self.compare(branch),
            Msg::BreakpointToggled(breakpoint) => self.toggle(breakpoint),
            Msg::WayAsked(system, goal) => self.ask_way(system, goal),
            Msg::WayShown => self.show_way(),
            Msg::WayClosed => self.search = None,
            Msg::TokenChosen { system, image } => self.open_card(system, image),
            Msg::ImageDragged { system, image } => self.dragged = Some((system, image)),
            Msg::DroppedOn { system, machine } => self.attach(system, machine),
            Msg::KeysTurned(on) => {
                self.settings.keys = on;
                return Some(Effect::KeepKeys(on));
            }
            Msg::Looked(msg) => {
                self.look.take(&msg, self.settings.still);
                let shown = matches!(msg, LookMsg::Whole(true));
                return shown.then_some(Effect::ShowDiagrams { still: self.settings.still });
            }
            Msg::ExampleChosen(system) => {
                return self.session.clouds().get(system).map(|cloud| Effect::FetchExample(cloud.example()));
            }
            Msg::FileOpened { name, text } => self.open(&name, &text),
            Msg::RecordingClosed => self.close_recording(),
            Msg::SaveAsked => return Some(Effect::Save(self.session.to_text())),
            Msg::StartedAnew => self.start_anew(),
            Msg::BroughtBack => self.bring_back(),
            Msg::GuideAsked => self.guide = self.settings.only.is_none().then_some(0),
            Msg::GuideFollowed => return self.follow_guide(),
            Msg::NotKept => self.not_kept(),
            _ => {}
        }
        None
    }

    /// Notes that something was done in a cloud that should be seen.
    fn tell(&mut self, system: usize, cause: Cause) {
        let (systems, known) = self.news.get_or_insert_with(|| (Vec::new(), cause));
        if cause == Cause::Asked {
            *known = cause;
        }
        if !systems.contains(&system) {
            systems.push(system);
        }
    }

    /// Lets wall time pass: more of the last visit's session is read, or else everything moves on.
    fn frame(&mut self, milliseconds: f32) {
        if let Some(rules) = self.rules {
            if self.is_reading() {
                return (rules.table().read_on)(self);
            }
            (rules.table().go_on)(self, milliseconds);
        }
        let morphed = self.look.is_morphing();
        self.look.pass(milliseconds);
        self.revision += u32::from(morphed && !self.look.is_morphing());
        self.pass(milliseconds);
    }

    /// Does something with a stage and its cloud.
    fn on_stage<T>(&mut self, system: usize, work: impl FnOnce(&mut Stage, &dyn Cloud) -> T) -> Option<T> {
        let session = self.playback.as_ref().map_or(&self.session, |shown| &shown.replay.session);
        Some(work(self.stages.get_mut(system)?, &**session.clouds().get(system)?))
    }

    /// Asks for an action. Work that it leaves under way goes on by itself unless the person paused.
    fn ask(&mut self, system: usize, line: &str) {
        let clock = self.clock();
        self.session_mut().advance(clock);
        match self.session_mut().perform(system, line) {
            Ok(position) => {
                let entry = self.session().journal().entry(position);
                self.stages[system].asked = entry.map(|entry| Ok(entry.record));
                self.moved(system);
            }
            Err(Misread(problem)) => self.notice = Some(problem),
        }
        if self.running != Clock::Held {
            let idle = self.session().next_due().is_none();
            self.running = if idle { Clock::Resting } else { Clock::Running };
        }
    }

    /// Attaches the image that was dragged to a machine of its cloud.
    fn attach(&mut self, system: usize, machine: MachineId) {
        let Some((_, image)) = self.dragged.take().filter(|(from, _)| *from == system) else {
            self.said = Some("An image can only be attached to a machine of its own cloud.".to_owned());
            return;
        };
        match self.session().cloud(system).verb(Verb::Attach(image, machine)) {
            Ok(line) => self.ask(system, &line),
            Err(sentence) => self.stages[system].asked = Some(Err(sentence)),
        }
    }
}
