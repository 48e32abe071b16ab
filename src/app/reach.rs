//! "Can it get there?": the shortest way of an image to a state, looked for breadth first in worlds
//! beside the session, slice by slice.

use std::borrow::Cow;

use super::App;
use super::moves::{end_name, is_ever_reached, key, lines, place, why_not};
use crate::engine::chart::End;
use crate::engine::host::{Cloud, Move};
use crate::engine::journal::Position;
use crate::engine::{ImageId, SimTime};

/// So many lines are tried before the search gives up.
const MOST_TRIED: usize = 12_000;

/// Ways longer than this are not looked for.
const DEEPEST: usize = 8;

/// So many machines more than there are now may be on the way.
const MOST_MACHINES: usize = 2;

/// So many lines are tried in a slice: one takes a tenth of a millisecond, and a third on a slow machine.
const SLICE: usize = 8;

/// A step of a way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WayStep {
    /// The line to type.
    pub line: String,
    /// What a button for it says.
    pub label: Cow<'static, str>,
    /// The states that it takes the image to, by name: `queued → deleted`.
    pub leads_to: String,
}

/// The answer to "can it get there?", as far as it is known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReachView {
    /// What was asked: `Can image 0 get to ERROR?`
    pub question: String,
    /// What came of it, in sentences.
    pub answer: String,
    /// The shortest way; empty while there is none.
    pub way: Vec<WayStep>,
}

/// A world that was found.
struct Found {
    /// The cloud in it; taken out as soon as everything was tried there.
    cloud: Option<Box<dyn Cloud>>,
    /// The world before, and the step from there; the first has none.
    way: Option<(usize, WayStep)>,
    depth: usize,
}

/// How a search ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Verdict {
    /// In the world with this number.
    Reached(usize),
    /// No edge leads there, not even in the official figure.
    NoEdge,
    /// Every world was looked at.
    Exhausted,
    /// A bound came first.
    GaveUp,
}

/// A search: it finds the same from the same place, however it is sliced.
pub(super) struct Search {
    pub(super) system: usize,
    image: ImageId,
    goal: End,
    origin: Position,
    now: SimTime,
    most_machines: usize,
    worlds: Vec<Found>,
    /// The keys of the worlds that were found, in order.
    seen: Vec<u64>,
    /// The world in which lines are tried, and those that are left to try, the next one last.
    next: usize,
    lines: Vec<(String, Cow<'static, str>)>,
    tried: usize,
    /// The first world on the way to which the image passed the goal and went on.
    passed: Option<usize>,
    /// The tip of the branch that shows the way.
    shown: Option<Position>,
    verdict: Option<Verdict>,
}

impl Search {
    fn new(cloud: &dyn Cloud, (system, image): (usize, ImageId), goal: End, at: (Position, SimTime)) -> Self {
        let is_there = place(cloud, image) == goal;
        let is_drawn = cloud.chart().edges.iter().any(|edge| edge.to == goal);
        let verdict = if is_there { Some(Verdict::Reached(0)) } else { Some(Verdict::NoEdge) };
        Self {
            lines: lines(cloud, image),
            seen: vec![key(cloud, image)],
            most_machines: cloud.machines().len() + MOST_MACHINES,
            worlds: vec![Found { cloud: Some(cloud.fork()), way: None, depth: 0 }],
            verdict: verdict.filter(|_| is_there || !is_drawn),
            origin: at.0,
            now: at.1,
            system,
            image,
            goal,
            next: 0,
            tried: 0,
            passed: None,
            shown: None,
        }
    }

    fn is_looking(&self) -> bool {
        self.verdict.is_none()
    }

    /// Tries a slice of the lines.
    fn look(&mut self) {
        for _ in 0..SLICE {
            if !self.is_looking() {
                return;
            }
            match self.lines.pop() {
                Some((line, label)) => self.attempt(line, label),
                None => self.go_on(),
            }
        }
    }

    /// Takes up the next world.
    fn go_on(&mut self) {
        self.worlds[self.next].cloud = None;
        self.next += 1;
        let Some(Found { cloud: Some(cloud), depth, .. }) = self.worlds.get(self.next) else {
            self.verdict = Some(self.passed.map_or(Verdict::Exhausted, Verdict::Reached));
            return;
        };
        // A way that ends at the goal is better than one that passes it, if both are as short.
        if let Some(passed) = self.passed.filter(|passed| self.worlds[*passed].depth <= *depth) {
            self.verdict = Some(Verdict::Reached(passed));
            return;
        }
        if *depth >= DEEPEST || self.tried >= MOST_TRIED {
            self.verdict = Some(Verdict::GaveUp);
            return;
        }
        self.lines = lines(&**cloud, self.image);
    }

    /// Tries a line, and keeps the world that comes of it if none like it was found before.
    fn attempt(&mut self, line: String, label: Cow<'static, str>) {
        self.tried += 1;
        let Found { cloud: Some(before), depth, .. } = &self.worlds[self.next] else { return };
        let (mut cloud, depth) = (before.fork(), depth + 1);
        let Ok(record) = cloud.perform(&line, self.now) else { return };
        let moves = cloud.moves(record);
        // What is refused hardly ever leaves a trace, and then none that shows.
        if cloud.outcome(record).is_err() && moves.is_empty() {
            return;
        }
        let key = key(&*cloud, self.image);
        let Err(at) = self.seen.binary_search(&key) else { return };
        if cloud.machines().len() > self.most_machines {
            return;
        }
        self.seen.insert(at, key);
        let own: Vec<&Move> = moves.iter().filter(|step| step.image == self.image).collect();
        if own.last().is_some_and(|step| step.to == self.goal) {
            self.verdict = Some(Verdict::Reached(self.worlds.len()));
        } else if own.iter().any(|step| step.to == self.goal) {
            self.passed = self.passed.or(Some(self.worlds.len()));
        }
        let names: Vec<&str> = own.iter().map(|step| end_name(&*cloud, step.to)).collect();
        let leads_to = names.join(" → ");
        let way = Some((self.next, WayStep { line, label, leads_to }));
        self.worlds.push(Found { cloud: Some(cloud), way, depth });
    }

    /// The steps to the world with this number.
    fn way(&self, mut world: usize) -> Vec<WayStep> {
        let mut way = Vec::new();
        while let Some((before, step)) = &self.worlds[world].way {
            way.insert(0, step.clone());
            world = *before;
        }
        way
    }

    /// What is known by now; `cloud` is any world of the cloud.
    pub(super) fn view(&self, cloud: &dyn Cloud) -> ReachView {
        let goal = end_name(cloud, self.goal);
        let question = format!("Can image {} get to {goal}?", self.image);
        let depth = self.worlds.get(self.next).or(self.worlds.last()).map_or(0, |found| found.depth);
        let looked = format!("{} situations tried, every way of up to {}", self.worlds.len(), steps(depth));
        let (answer, way) = match self.verdict {
            None => ("Looking…".to_owned(), Vec::new()),
            Some(Verdict::Reached(0)) => (format!("It is in {goal} now."), Vec::new()),
            Some(Verdict::Reached(world)) => {
                let way = self.way(world);
                (self.confirmation(cloud, world, &steps(way.len())), way)
            }
            Some(Verdict::NoEdge) => (format!("No. {}", why_not(cloud, self.goal)), Vec::new()),
            Some(verdict) => {
                let found = if verdict == Verdict::Exhausted {
                    "No. Nothing that this page offers leads there from here"
                } else {
                    "No way was found"
                };
                (format!("{found} ({looked}). {}", why_not(cloud, self.goal)), Vec::new())
            }
        };
        ReachView { question, answer, way }
    }

    /// The answer when there is a way, to this world and of this length.
    fn confirmation(&self, cloud: &dyn Cloud, world: usize, length: &str) -> String {
        if !is_ever_reached(cloud, self.goal) {
            return format!("{} With settings of the past it takes {length}:", why_not(cloud, self.goal));
        }
        let passes = if self.passed == Some(world) { " It passes and goes on at once." } else { "" };
        format!("Yes, in {length} from here; no way is shorter.{passes}")
    }
}

fn steps(count: usize) -> String {
    if count == 1 { "1 step".to_owned() } else { format!("{count} steps") }
}

impl App {
    /// Looks for the shortest way of the chosen image to `goal`, from where the session stands.
    pub(super) fn ask_way(&mut self, system: usize, goal: End) {
        let Some(image) = self.stages.get(system).and_then(|stage| stage.chosen) else { return };
        let session = self.session();
        let at = (session.journal().head(), session.now());
        self.search = Some(Search::new(session.cloud(system), (system, image), goal, at));
    }

    /// Looks on, one slice.
    pub(super) fn search_on(&mut self) {
        if let Some(search) = self.search.as_mut().filter(|search| search.is_looking()) {
            search.look();
            self.revision += u32::from(!search.is_looking());
        }
    }

    pub(super) fn is_searching(&self) -> bool {
        self.search.as_ref().is_some_and(Search::is_looking)
    }

    /// Goes the way that was found, as a branch of its own, and plays it up to its end.
    pub(super) fn show_way(&mut self) {
        let Some(search) = &self.search else { return };
        let Some(Verdict::Reached(world)) = search.verdict else { return };
        let (system, origin, way, shown) = (search.system, search.origin, search.way(world), search.shown);
        let name = format!("to {}", end_name(self.session().cloud(system), search.goal));
        let session = self.session_mut();
        let again = shown.is_some_and(|tip| session.go_to(tip).is_ok());
        if !again && session.go_to(origin).is_err() {
            return;
        }
        let depth = session.journal().path(origin).len() - 1;
        if !again {
            session.begin_branch(&name);
            for WayStep { line, .. } in way {
                let performed = session.perform(system, &line);
                debug_assert!(performed.is_ok(), "a line that was tried is an action: {line}");
            }
        }
        let tip = Some(session.journal().head());
        self.halt = tip;
        if let Some(search) = &mut self.search {
            search.shown = tip;
        }
        self.seek(depth);
        self.play();
    }
}
