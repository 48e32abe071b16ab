//! Clouds on film: what they answer along one journal, as text. A film shows its journal where the
//! clouds' rules are not at hand, as on a page that has just been opened; whatever is not on it is
//! refused, so that somebody fetches the rules.
//!
//! A film is a list of fields, one a line: the journal, then for each cloud its records and, for
//! each moment of its life, everything that a view asks for.

mod reader;
#[cfg(not(target_arch = "wasm32"))]
mod shooting;

use std::rc::Rc;

use super::card::Card;
use super::host::{Cloud, Move, Preview, Profile};
use super::journal::Position;
use super::present::{Cell, ImageRow, JobRow, MachineRow, Mode, Offer, Verb};
use super::recording::{Difference, Objects, Recording, Step, Unreadable};
use super::session::Session;
use super::{ImageId, Misread, Refusal, Reply, SimTime};
use reader::Reader;
#[cfg(not(target_arch = "wasm32"))]
pub use shooting::shoot;

/// Makes the session that `film` shows, of the clouds with these `profiles`.
///
/// # Errors
/// The text is no film of these clouds.
pub fn show(profiles: &'static [Profile], film: &'static str) -> Result<Session, Misread> {
    let mut reader = Reader::new(film);
    let journal = reader.many(Reader::text).join("\n");
    let clouds =
        profiles.iter().map(|profile| Box::new(Filmed::read(profile, &mut reader)) as Box<dyn Cloud>);
    Session::read(clouds.collect(), &journal)
}

/// What a filmed cloud was asked once, and what came of it.
struct Take {
    line: &'static str,
    outcome: Result<Reply, Refusal>,
    moves: Vec<Move>,
    sentences: Vec<String>,
}

/// One moment of a filmed cloud.
struct Frame {
    modes: Vec<Mode>,
    rows: Vec<ImageRow>,
    details: Vec<(ImageId, Vec<(&'static str, String)>)>,
    machines: Vec<MachineRow>,
    jobs: Vec<JobRow>,
    offers: Vec<(Option<ImageId>, Vec<Offer>)>,
    verbs: Vec<(String, Result<String, &'static str>)>,
    previews: Vec<(&'static str, Preview)>,
}

/// A cloud that answers from its film.
#[derive(Clone)]
struct Filmed {
    profile: &'static Profile,
    takes: Rc<[Take]>,
    /// One more than there are takes.
    frames: Rc<[Frame]>,
    /// How many takes lie behind.
    at: usize,
}

/// How a film calls what somebody wants to do.
fn named(verb: Verb<'_>) -> String {
    match verb {
        Verb::Create { name, persistent } => {
            let kept = if persistent { "persistent " } else { "" };
            format!("create {kept}{name}")
        }
        Verb::Use(image) => format!("use {image}"),
        Verb::Attach(image, machine) => format!("attach {image} {machine}"),
        Verb::Detach(image, machine) => format!("detach {image} {machine}"),
        Verb::Terminate(machine) => format!("terminate {machine}"),
        Verb::Clone(image, name) => format!("clone {image} {name}"),
        Verb::Withhold(image) => format!("withhold {image}"),
        Verb::Release(image) => format!("release {image}"),
        Verb::Delete(image) => format!("delete {image}"),
        Verb::FinishTransfer(image) => format!("finish {image}"),
        Verb::FailTransfer(image) => format!("fail {image}"),
    }
}

fn not_filmed(line: &str) -> Misread {
    Misread(format!("“{line}” needs the rules of this cloud, which are not here yet. Try it again."))
}

impl Filmed {
    fn read(profile: &'static Profile, reader: &mut Reader) -> Self {
        Self {
            profile,
            takes: reader.many(Reader::take).into(),
            frames: reader.many(Reader::frame).into(),
            at: 0,
        }
    }

    fn frame(&self) -> &Frame {
        &self.frames[self.at]
    }
}

impl Cloud for Filmed {
    fn profile(&self) -> &'static Profile {
        self.profile
    }

    fn perform(&mut self, line: &str, _now: SimTime) -> Result<u32, Misread> {
        let next = self.takes.get(self.at).filter(|take| take.line == line);
        next.ok_or_else(|| not_filmed(line))?;
        self.at += 1;
        Ok(u32::try_from(self.at - 1).unwrap_or(u32::MAX))
    }

    fn preview(&self, line: &str, _now: SimTime) -> Result<Preview, Misread> {
        let known = self.frame().previews.iter().find(|(known, _)| *known == line);
        known.map(|(_, preview)| preview.clone()).ok_or_else(|| not_filmed(line))
    }

    fn redo(&mut self, record: u32) {
        self.at = record as usize + 1;
    }

    fn checkpoint(&mut self, _position: Position) {}

    fn restore(&mut self, position: Position) -> bool {
        let at_start = position == Position::START;
        if at_start {
            self.at = 0;
        }
        at_start
    }

    fn fork(&self) -> Box<dyn Cloud> {
        Box::new(self.clone())
    }

    fn fork_at(&self, _position: Position, records: &[u32]) -> Box<dyn Cloud> {
        let at = records.last().map_or(0, |record| *record as usize + 1);
        Box::new(Self { at, ..self.clone() })
    }

    fn line(&self, record: u32) -> String {
        self.takes[record as usize].line.to_owned()
    }

    fn outcome(&self, record: u32) -> &Result<Reply, Refusal> {
        &self.takes[record as usize].outcome
    }

    /// Only what falls due is asked so, and on film nothing does.
    fn has_effect(&self, _record: u32) -> bool {
        true
    }

    fn moves(&self, record: u32) -> Vec<Move> {
        self.takes[record as usize].moves.clone()
    }

    fn narrate(&self, record: u32) -> Vec<String> {
        self.takes[record as usize].sentences.clone()
    }

    fn due(&self) -> Option<(SimTime, String)> {
        None
    }

    fn card(&self, _state: usize) -> Option<Card> {
        None
    }

    fn modes(&self) -> Vec<Mode> {
        self.frame().modes.clone()
    }

    fn image_count(&self) -> usize {
        self.frame().rows.len()
    }

    fn images(&self, skip: usize, limit: usize) -> Vec<ImageRow> {
        self.frame().rows.iter().skip(skip).take(limit).cloned().collect()
    }

    fn each_image(&self, see: &mut dyn FnMut(ImageId, usize, &str)) {
        for row in &self.frame().rows {
            see(row.id, row.state, &row.name);
        }
    }

    /// A list on film is not ordered, so nobody asks for a cell of its own.
    fn cell(&self, _id: ImageId, _column: usize) -> Cell<'_> {
        Cell::from("")
    }

    fn image(&self, id: ImageId) -> Option<ImageRow> {
        self.frame().rows.iter().find(|row| row.id == id).cloned()
    }

    fn details(&self, id: ImageId) -> Vec<(&'static str, String)> {
        let known = self.frame().details.iter().find(|(image, _)| *image == id);
        known.map_or_else(Vec::new, |(_, details)| details.clone())
    }

    fn flags(&self, _id: ImageId) -> Vec<String> {
        Vec::new()
    }

    fn machines(&self) -> Vec<MachineRow> {
        self.frame().machines.clone()
    }

    fn jobs(&self, of: &dyn Fn(Option<ImageId>) -> bool) -> Vec<JobRow> {
        self.frame().jobs.iter().filter(|job| of(job.image)).cloned().collect()
    }

    fn offers(&self, image: Option<ImageId>) -> Vec<Offer> {
        let known = self.frame().offers.iter().find(|(known, _)| *known == image);
        known.map_or_else(Vec::new, |(_, offers)| offers.clone())
    }

    fn verb(&self, verb: Verb<'_>) -> Result<String, &'static str> {
        let name = named(verb);
        let known = self.frame().verbs.iter().find(|(known, _)| *known == name);
        known.map_or(Err("The rules of this cloud are not here yet."), |(_, line)| line.clone())
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn actions(&self) -> Vec<String> {
        Vec::new()
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn same_world(&self, _other: &dyn Cloud) -> bool {
        false
    }

    fn read_recording(&self, _text: &str) -> Option<Result<Recording, Unreadable>> {
        None
    }

    fn recorded_line(&self, step: &Step) -> Result<Option<String>, String> {
        Err(not_filmed(&step.op).0)
    }

    fn compare(&self, _record: Option<u32>, _step: &Step, _recorded: &Objects) -> Vec<Difference> {
        Vec::new()
    }

    fn adoption(&self, _recorded: &Objects) -> String {
        String::new()
    }
}
