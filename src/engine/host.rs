//! One cloud, run: its world, what it was asked and what came of it, behind an object-safe trait
//! that speaks names, sentences and plain data.

use std::any::Any;

use super::card::Card;
use super::chart::{Chart, End};
use super::journal::Position;
use super::log::Log;
use super::present::{Cell, ImageRow, JobRow, MachineRow, Mode, Offer, Verb};
use super::recording::{self, Adoption, Difference, Objects, Recorded, Recording, Step, Unreadable};
use super::{Event, ImageId, Misread, Refusal, Reply, SimTime, State, System, Transition, Turn};

/// What a cloud keeps of one action besides the action itself.
#[derive(Debug)]
struct Record {
    outcome: Result<Reply, Refusal>,
    /// Where what happened ends among the events of the cloud; it begins where that of the record
    /// before ends.
    end: u32,
}

/// An image's way from one state to another, as the diagram knows it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Move {
    /// The image.
    pub image: ImageId,
    /// Where it was.
    pub from: End,
    /// Where it went.
    pub to: End,
}

/// What stays the same about a cloud, whatever happens in it. It needs none of the cloud's rules.
#[derive(Clone, Copy, Debug)]
pub struct Profile {
    /// See [`super::present::Present::NAME`].
    pub name: &'static str,
    /// See [`super::present::Present::TITLE`].
    pub title: &'static str,
    /// See [`super::present::Present::STATE_WORD`].
    pub state_word: &'static str,
    /// See [`super::present::Present::MACHINE_WORD`].
    pub machine_word: &'static str,
    /// See [`super::present::Present::COLUMNS`].
    pub columns: &'static [&'static str],
    /// See [`super::present::Present::chart`].
    pub chart: fn() -> &'static Chart,
    /// The names of the states, in the order of `State::ALL`.
    pub states: fn() -> Vec<&'static str>,
    /// See [`Recorded::EXAMPLE`].
    pub example: &'static str,
}

impl Profile {
    /// The profile of a cloud.
    pub const fn of<S: Recorded>() -> Self {
        Self {
            name: S::NAME,
            title: S::TITLE,
            state_word: S::STATE_WORD,
            machine_word: S::MACHINE_WORD,
            columns: S::COLUMNS,
            chart: S::chart,
            states: || S::State::ALL.iter().map(|state| state.name()).collect(),
            example: S::EXAMPLE,
        }
    }
}

/// A cloud as the session and the page see it: typed inside, plain data outside.
pub trait Cloud: Any {
    /// What stays the same about it, whatever happens in it.
    fn profile(&self) -> &'static Profile;

    /// Reads `line` as an action, runs it at the moment `now` and keeps a record.
    ///
    /// # Errors
    /// The line is no action of this cloud; nothing happened.
    fn perform(&mut self, line: &str, now: SimTime) -> Result<u32, Misread>;
    /// What `line` would do now, without doing it: the answer and the moves.
    ///
    /// # Errors
    /// The line is no action of this cloud.
    fn preview(&self, line: &str, now: SimTime) -> Result<Preview, Misread>;
    /// Lets what `record` keeps happen again.
    fn redo(&mut self, record: u32);
    /// Remembers the world as it is at `position`.
    fn checkpoint(&mut self, position: Position);
    /// Puts the world back as it was at `position`; says whether that was remembered.
    fn restore(&mut self, position: Position) -> bool;
    /// A cloud of which nothing was asked yet and that begins in the world as it is: what is tried
    /// there leaves this one alone.
    fn fork(&self) -> Box<dyn Cloud>;
    /// The same, beginning in the world that was remembered at `position` after all that `records`
    /// keep has happened in it.
    fn fork_at(&self, position: Position, records: &[u32]) -> Box<dyn Cloud>;

    /// The line that was asked.
    fn line(&self, record: u32) -> String;
    /// What was answered.
    fn outcome(&self, record: u32) -> &Result<Reply, Refusal>;
    /// Whether anything happened.
    fn has_effect(&self, record: u32) -> bool;
    /// Which images moved, in order.
    fn moves(&self, record: u32) -> Vec<Move>;
    /// What happened, in sentences.
    fn narrate(&self, record: u32) -> Vec<String>;

    /// The job that falls due first: when, and the line that ends it.
    fn due(&self) -> Option<(SimTime, String)>;
    /// See [`super::present::Present::card`]; `None` for a state that does not exist.
    fn card(&self, state: usize) -> Option<Card>;
    /// See [`super::present::Present::modes`].
    fn modes(&self) -> Vec<Mode>;
    /// See [`super::present::Present::image_count`].
    fn image_count(&self) -> usize;
    /// See [`super::present::Present::images`].
    fn images(&self, skip: usize, limit: usize) -> Vec<ImageRow>;
    /// See [`super::present::Present::each_image`].
    fn each_image(&self, see: &mut dyn FnMut(ImageId, usize, &str));
    /// See [`super::present::Present::cell`].
    fn cell(&self, id: ImageId, column: usize) -> Cell<'_>;
    /// See [`super::present::Present::image`].
    fn image(&self, id: ImageId) -> Option<ImageRow>;
    /// See [`super::present::Present::details`].
    fn details(&self, id: ImageId) -> Vec<(&'static str, String)>;
    /// See [`super::present::Present::flags`].
    fn flags(&self, id: ImageId) -> Vec<String>;
    /// See [`super::present::Present::machines`].
    fn machines(&self) -> Vec<MachineRow>;
    /// See [`super::present::Present::jobs`].
    fn jobs(&self, of: &dyn Fn(Option<ImageId>) -> bool) -> Vec<JobRow>;
    /// See [`super::present::Present::offers`].
    fn offers(&self, image: Option<ImageId>) -> Vec<Offer>;
    /// See [`super::present::Present::verb`].
    ///
    /// # Errors
    /// This cloud has nothing of the kind.
    fn verb(&self, verb: Verb<'_>) -> Result<String, &'static str>;
    /// The lines of [`System::actions`]. Only tests and benchmarks ask, so the page does without them.
    #[cfg(not(target_arch = "wasm32"))]
    fn actions(&self) -> Vec<String>;
    /// Whether `other` is the same cloud in the same world. Only tests ask, so the page does without
    /// the code that compares whole worlds.
    #[cfg(not(target_arch = "wasm32"))]
    fn same_world(&self, other: &dyn Cloud) -> bool;

    /// Reads a recording of the real counterpart; `None` when it is another system's.
    ///
    /// # Errors
    /// It is one of this system's, but it cannot be read; says where and why.
    fn read_recording(&self, text: &str) -> Option<Result<Recording, Unreadable>>;
    /// The line that a recorded step asks for; `None` for one that asks nothing.
    ///
    /// # Errors
    /// The step is of no known kind or lacks an argument.
    fn recorded_line(&self, step: &Step) -> Result<Option<String>, String>;
    /// Where the answer kept in `record`, and the world as it is, are not the recorded ones.
    fn compare(&self, record: Option<u32>, step: &Step, recorded: &Objects) -> Vec<Difference>;
    /// The line that puts the recorded world in the place of ours.
    fn adoption(&self, recorded: &Objects) -> String;
}

impl dyn Cloud + '_ {
    /// See [`super::present::Present::NAME`].
    pub fn name(&self) -> &'static str {
        self.profile().name
    }

    /// See [`super::present::Present::TITLE`].
    pub fn title(&self) -> &'static str {
        self.profile().title
    }

    /// See [`super::present::Present::STATE_WORD`].
    pub fn state_word(&self) -> &'static str {
        self.profile().state_word
    }

    /// See [`super::present::Present::MACHINE_WORD`].
    pub fn machine_word(&self) -> &'static str {
        self.profile().machine_word
    }

    /// See [`super::present::Present::COLUMNS`].
    pub fn columns(&self) -> &'static [&'static str] {
        self.profile().columns
    }

    /// See [`super::present::Present::chart`].
    pub fn chart(&self) -> &'static Chart {
        (self.profile().chart)()
    }

    /// The names of the states, in the order of `State::ALL`.
    pub fn states(&self) -> Vec<&'static str> {
        (self.profile().states)()
    }

    /// See [`Recorded::EXAMPLE`].
    pub fn example(&self) -> &'static str {
        self.profile().example
    }
}

/// What an action would do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Preview {
    /// What would be answered.
    pub outcome: Result<Reply, Refusal>,
    /// Which images would move.
    pub moves: Vec<Move>,
    /// Whether anything would happen that is worth a sentence.
    pub is_told: bool,
}

/// The typed side of a [`Cloud`].
#[derive(Debug)]
pub struct Host<S: Recorded> {
    world: S::World,
    /// What was asked.
    actions: Log<S::Action>,
    /// What came of it, record by record.
    records: Log<Record>,
    /// What happened, of all records.
    events: Log<Event<S>>,
    /// In the order in which they were made, which is that of their positions.
    checkpoints: Vec<(Position, S::World)>,
}

impl<S: Recorded> Default for Host<S> {
    fn default() -> Self {
        Self::new(S::World::default())
    }
}

impl<S: Recorded> Host<S> {
    /// A cloud that starts from `world`.
    pub fn new(world: S::World) -> Self {
        let checkpoints = vec![(Position::START, world.clone())];
        Self { world, actions: Log::default(), records: Log::default(), events: Log::default(), checkpoints }
    }

    /// The world as it is.
    pub fn world(&self) -> &S::World {
        &self.world
    }

    /// Runs `action` at the moment `now`, keeps a record of it and gives the record's number.
    pub fn act(&mut self, action: S::Action, now: SimTime) -> u32 {
        let action = self.actions.push(action);
        let outcome = S::decide(&mut Turn::new(&mut self.world, now, &mut self.events), action);
        let number = u32::try_from(self.records.len()).unwrap_or(u32::MAX);
        let end = u32::try_from(self.events.len()).unwrap_or(u32::MAX);
        self.records.push(Record { outcome, end });
        number
    }

    fn record(&self, record: u32) -> &Record {
        self.records.get(record as usize)
    }

    /// Where what happened begins and ends among the events.
    fn span(&self, record: u32) -> (usize, usize) {
        let begin = record.checked_sub(1).map_or(0, |before| self.record(before).end);
        (begin as usize, self.record(record).end as usize)
    }

    fn events(&self, record: u32) -> impl Iterator<Item = &Event<S>> {
        self.events.range(self.span(record))
    }
}

fn moves<'a, S: System>(events: impl Iterator<Item = &'a Event<S>>) -> Vec<Move> {
    let end = |state: Option<S::State>| state.map_or(End::Outside, |state| End::State(state.index()));
    let moved = |event: &Event<S>| match event {
        Event::Transitioned(Transition { image, from, to }) => {
            Some(Move { image: *image, from: end(*from), to: end(*to) })
        }
        Event::Changed(_) => None,
    };
    events.filter_map(moved).collect()
}

fn state_name<S: System>(state: Option<S::State>, otherwise: &'static str) -> &'static str {
    state.map_or(otherwise, State::name)
}

/// What happened, in a sentence, if it is worth one.
fn sentence<S: Recorded>(event: &Event<S>) -> Option<String> {
    match event {
        Event::Transitioned(Transition { image, from, to }) => {
            let from = state_name::<S>(*from, "new");
            let to = state_name::<S>(*to, "gone");
            Some(format!("image {image}: {from} → {to}"))
        }
        Event::Changed(change) => S::narrate(change),
    }
}

impl<S: Recorded> Cloud for Host<S> {
    fn profile(&self) -> &'static Profile {
        const { &Profile::of::<S>() }
    }

    fn perform(&mut self, line: &str, now: SimTime) -> Result<u32, Misread> {
        Ok(self.act(line.parse()?, now))
    }

    fn preview(&self, line: &str, now: SimTime) -> Result<Preview, Misread> {
        let action = line.parse()?;
        let mut world = self.world.clone();
        let mut events = Log::<Event<S>>::default();
        let outcome = S::decide(&mut Turn::new(&mut world, now, &mut events), &action);
        let moves = moves(events.iter());
        let is_told = !moves.is_empty() || events.iter().any(|event| sentence::<S>(event).is_some());
        Ok(Preview { outcome, moves, is_told })
    }

    fn redo(&mut self, record: u32) {
        let span = self.span(record);
        self.events.range(span).for_each(|event| S::evolve(&mut self.world, event));
    }

    fn fork(&self) -> Box<dyn Cloud> {
        Box::new(Self::new(self.world.clone()))
    }

    fn fork_at(&self, position: Position, records: &[u32]) -> Box<dyn Cloud> {
        let remembered = self.checkpoints.binary_search_by_key(&position, |(position, _)| *position);
        let mut world = self.checkpoints[remembered.unwrap_or_default()].1.clone();
        for event in records.iter().flat_map(|record| self.events(*record)) {
            S::evolve(&mut world, event);
        }
        Box::new(Self::new(world))
    }

    fn checkpoint(&mut self, position: Position) {
        self.checkpoints.push((position, self.world.clone()));
    }

    fn restore(&mut self, position: Position) -> bool {
        let remembered = self.checkpoints.binary_search_by_key(&position, |(position, _)| *position);
        if let Some((_, world)) = remembered.ok().map(|place| &self.checkpoints[place]) {
            self.world = world.clone();
        }
        remembered.is_ok()
    }

    fn line(&self, record: u32) -> String {
        self.actions.get(record as usize).to_string()
    }

    fn outcome(&self, record: u32) -> &Result<Reply, Refusal> {
        &self.record(record).outcome
    }

    fn has_effect(&self, record: u32) -> bool {
        self.events(record).next().is_some()
    }

    fn moves(&self, record: u32) -> Vec<Move> {
        moves(self.events(record))
    }

    fn narrate(&self, record: u32) -> Vec<String> {
        self.events(record).filter_map(sentence::<S>).collect()
    }

    fn due(&self) -> Option<(SimTime, String)> {
        S::due(&self.world).map(|(at, action)| (at, action.to_string()))
    }

    fn card(&self, state: usize) -> Option<Card> {
        S::State::ALL.get(state).map(|state| S::card(*state))
    }

    fn modes(&self) -> Vec<Mode> {
        S::modes(&self.world)
    }

    fn image_count(&self) -> usize {
        S::image_count(&self.world)
    }

    fn images(&self, skip: usize, limit: usize) -> Vec<ImageRow> {
        S::images(&self.world, skip, limit)
    }

    fn each_image(&self, see: &mut dyn FnMut(ImageId, usize, &str)) {
        S::each_image(&self.world, see);
    }

    fn cell(&self, id: ImageId, column: usize) -> Cell<'_> {
        S::cell(&self.world, id, column)
    }

    fn image(&self, id: ImageId) -> Option<ImageRow> {
        S::image(&self.world, id)
    }

    fn details(&self, id: ImageId) -> Vec<(&'static str, String)> {
        S::details(&self.world, id)
    }

    fn flags(&self, id: ImageId) -> Vec<String> {
        S::flags(&self.world, id)
    }

    fn machines(&self) -> Vec<MachineRow> {
        S::machines(&self.world)
    }

    fn jobs(&self, of: &dyn Fn(Option<ImageId>) -> bool) -> Vec<JobRow> {
        S::jobs(&self.world, of)
    }

    fn offers(&self, image: Option<ImageId>) -> Vec<Offer> {
        S::offers(&self.world, image)
    }

    fn verb(&self, verb: Verb<'_>) -> Result<String, &'static str> {
        S::verb(&self.world, verb)
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn actions(&self) -> Vec<String> {
        S::actions(&self.world).iter().map(ToString::to_string).collect()
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn same_world(&self, other: &dyn Cloud) -> bool {
        (other as &dyn Any).downcast_ref::<Self>().is_some_and(|other| other.world == self.world)
    }

    fn read_recording(&self, text: &str) -> Option<Result<Recording, Unreadable>> {
        recording::has_field(text, S::CODE_FIELD)
            .then(|| Recording::read(text, S::CODE_FIELD, S::ACTOR_FIELD))
    }

    fn recorded_line(&self, step: &Step) -> Result<Option<String>, String> {
        Ok(S::action(&self.world, step)?.map(|action| action.to_string()))
    }

    fn compare(&self, record: Option<u32>, step: &Step, recorded: &Objects) -> Vec<Difference> {
        let mut differences = record.map_or_else(Vec::new, |record| {
            recording::compare_answer::<S>(step, &self.record(record).outcome)
        });
        differences.extend(recording::compare_worlds(recorded, &S::observe(&self.world)));
        differences
    }

    fn adoption(&self, recorded: &Objects) -> String {
        S::adopt(Adoption::between(recorded, &S::observe(&self.world))).to_string()
    }
}
