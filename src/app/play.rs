//! Time on the stage: motions run, the clock runs, steps are taken when they are due.

use super::stage::Stage;
use super::{App, Cause, Choice, Clock, Speed};
use crate::engine::host::{Cloud, Move};
use crate::engine::session::Session;
use crate::engine::{ImageId, SimTime};

/// So many steps are taken in a frame, at most.
const STEPS_PER_FRAME: usize = 64;

/// So many steps are looked at for the image that moved last.
const LOOKED_BACK: usize = 64;

/// While the past is played again, no wait between two steps is longer than this.
const LONGEST_IDLE: SimTime = SimTime(1_500);

impl App {
    pub(super) fn play(&mut self) {
        self.running = Clock::Running;
        let journal = self.session().journal();
        if journal.depth() + 1 == journal.trunk().len() && self.session().next_due().is_none() {
            self.seek(0);
            self.comparison.forget();
        }
    }

    pub(super) fn pause(&mut self) {
        self.running = Clock::Held;
        self.set_off();
    }

    pub(super) fn seek(&mut self, depth: usize) {
        self.session_mut().seek(depth);
        self.settle();
    }

    /// One step back, which shows the world as it was.
    pub(super) fn step_back(&mut self) {
        let journal = self.session().journal();
        let undone = journal.entry(journal.head()).map(|entry| entry.system);
        self.seek(journal.depth().saturating_sub(1));
        if let Some(system) = undone {
            self.tell(system, Cause::Asked);
        }
    }

    /// One step along the current branch, with its motion.
    pub(super) fn step_forward(&mut self) {
        let depth = self.session().journal().depth();
        self.session_mut().seek(depth + 1);
        let journal = self.session().journal();
        if journal.depth() > depth {
            let entry = journal.entry(journal.head());
            let system = entry.map_or(0, |entry| entry.system);
            self.clock = millis(self.session().now());
            self.moved(system);
            self.tell(system, Cause::Asked);
        }
    }

    /// Starts the motion of the step that was just taken in `system`.
    pub(super) fn moved(&mut self, system: usize) {
        let session = self.playback.as_ref().map_or(&self.session, |playback| &playback.replay.session);
        let (cloud, moves): (&dyn Cloud, _) = (session.cloud(system), moves(session));
        self.stages[system].start(cloud, &moves, self.settings.still || self.speed == Speed::Instant);
        self.heed_if_asked(system, &moves);
        self.revision += 1;
    }

    /// Only with the rules there can be anything to heed.
    fn heed_if_asked(&mut self, system: usize, moves: &[Move]) {
        if let Some(rules) = self.rules {
            (rules.table().heed)(self, system, moves);
        }
    }

    /// Pauses where a breakpoint is met, or where the way ends that is being shown.
    pub(super) fn heed(&mut self, system: usize, moves: &[Move]) {
        if self.running == Clock::Running {
            self.heed_breakpoints(system, moves);
        }
        if self.halt.is_some_and(|halt| halt == self.session().journal().head()) {
            self.halt = None;
            self.running = Clock::Resting;
            self.said = Some("The way that was asked for ends here.".to_owned());
        }
    }

    /// Lets the step that was just taken in `system` set off, with others if it was work that `ended` then.
    fn gather(&mut self, system: usize, ended: Option<SimTime>) {
        let session = self.session();
        let (moment, moves) = (session.now(), moves(session));
        self.clock = self.clock.max(millis(moment));
        self.heed_if_asked(system, &moves);
        self.stages[system].gather(ended, moves);
    }

    /// Lets everything set off that was taken at this moment.
    fn set_off(&mut self) {
        let session = self.playback.as_ref().map_or(&self.session, |playback| &playback.replay.session);
        let still = self.settings.still || self.speed == Speed::Instant;
        let mut moved = Vec::new();
        for (system, (stage, cloud)) in self.stages.iter_mut().zip(session.clouds()).enumerate() {
            if stage.set_off(&**cloud, still) {
                self.revision += 1;
                moved.push(system);
            }
        }
        for system in moved {
            self.tell(system, Cause::Time);
        }
    }

    /// Shows the world as it stands, without motion; where no image is chosen, the one that moved last is.
    pub(super) fn settle(&mut self) {
        self.settle_or(last_moved);
    }

    /// The same with these images chosen, and no other.
    pub(super) fn settle_with(&mut self, choice: Choice) {
        for (stage, image) in self.stages.iter_mut().zip(choice) {
            stage.chosen = image;
        }
        self.settle_or(|_, _| None);
    }

    fn settle_or(&mut self, another: impl Fn(&Session, usize) -> Option<ImageId>) {
        let session = self.playback.as_ref().map_or(&self.session, |playback| &playback.replay.session);
        self.clock = millis(session.now());
        self.news = None;
        for (system, (stage, cloud)) in self.stages.iter_mut().zip(session.clouds()).enumerate() {
            stage.settle(&**cloud, || another(session, system));
        }
    }

    /// Lets wall time pass: motions first, then the clock, then the next step that is due. More steps than
    /// are taken in a frame wait for the frames after it.
    pub(super) fn pass(&mut self, milliseconds: f32) {
        let passed = milliseconds * self.speed.factor();
        let was_moving = self.stages.iter().any(Stage::is_moving);
        self.stages.iter_mut().for_each(|stage| stage.pass(passed));
        if self.running != Clock::Running || was_moving {
            return;
        }
        self.clock += f64::from(passed);
        for _ in 0..STEPS_PER_FRAME {
            if self.running != Clock::Running || !self.step_due() {
                return self.set_off();
            }
            if self.speed == Speed::Instant {
                self.set_off();
                self.stages.iter_mut().for_each(|stage| stage.pass(passed));
            }
        }
    }

    /// Takes the next step if it is due and its stage is free; says whether to go on. What was asked is seen
    /// alone, one cause after the other; work that ends at the same moment ends in one movement.
    fn step_due(&mut self) -> bool {
        let session = self.session();
        let journal = session.journal();
        let depth = journal.depth();
        let next = journal.trunk().get(depth + 1).and_then(|&next| journal.entry(next)).copied();
        if let Some(next) = next {
            let idle = if self.speed == Speed::Instant { SimTime::START } else { LONGEST_IDLE };
            let earliest = next.at.0.saturating_sub(idle.0);
            self.clock = self.clock.max(millis(SimTime(earliest)));
            if next.at > self.clock() {
                return false;
            }
            let ended = self.session().ended_by_itself(&next).then_some(next.at);
            let ready = self.stages[next.system].is_free(ended);
            if ready {
                self.session_mut().seek(depth + 1);
                self.gather(next.system, ended);
            }
            return ready;
        }
        let Some((due, system, _)) = session.next_due() else {
            self.running = Clock::Resting;
            self.revision += 1;
            return false;
        };
        if self.speed == Speed::Instant {
            self.clock = self.clock.max(millis(due));
        }
        if due > self.clock() || !self.stages[system].is_free(Some(due)) {
            return false;
        }
        let clock = self.clock();
        let ended = self.session_mut().end_next_job(clock);
        self.gather(system, Some(due));
        if !ended {
            // It would fall due again and again.
            self.running = Clock::Held;
        }
        ended
    }
}

/// The image that moved last in a cloud, of those that there still are.
fn last_moved(session: &Session, system: usize) -> Option<ImageId> {
    let journal = session.journal();
    let places = journal.trunk()[..=journal.depth()].iter().rev().take(LOOKED_BACK);
    let entries = places.filter_map(|place| journal.entry(*place)).filter(|entry| entry.system == system);
    let cloud = session.cloud(system);
    let mut moved = entries.flat_map(|entry| cloud.moves(entry.record).into_iter().rev());
    moved.find(|step| cloud.image(step.image).is_some()).map(|step| step.image)
}

/// What moved in the step that led to where the session stands.
fn moves(session: &Session) -> Vec<Move> {
    let entry = session.entry(session.journal().head());
    entry.map_or_else(Vec::new, |(cloud, record)| cloud.moves(record))
}

#[expect(clippy::cast_precision_loss, reason = "sessions last hours, not millennia")]
fn millis(moment: SimTime) -> f64 {
    moment.0 as f64
}
