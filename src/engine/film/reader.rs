//! Reads a film, field by field.

use std::str::Lines;

use super::super::chart::End;
use super::super::host::{Move, Preview};
use super::super::present::{ImageRow, JobRow, MachineRow, Mode, Offer, Purpose};
use super::super::{ImageId, MachineId, Refusal, Reply, SimTime, Value};
use super::{Frame, Take};

/// Reads the fields of a film in their order. What is missing reads as nothing.
pub(super) struct Reader(Lines<'static>);

impl Reader {
    pub(super) fn new(film: &'static str) -> Self {
        Self(film.lines())
    }

    pub(super) fn text(&mut self) -> &'static str {
        self.0.next().unwrap_or_default()
    }

    pub(super) fn owned(&mut self) -> String {
        self.text().to_owned()
    }

    pub(super) fn number(&mut self) -> u32 {
        self.text().parse().unwrap_or_default()
    }

    pub(super) fn size(&mut self) -> usize {
        self.number() as usize
    }

    pub(super) fn time(&mut self) -> SimTime {
        SimTime(u64::from(self.number()))
    }

    pub(super) fn image_id(&mut self) -> ImageId {
        ImageId(self.number())
    }

    pub(super) fn many<T>(&mut self, read: fn(&mut Self) -> T) -> Vec<T> {
        (0..self.number()).map(|_| read(self)).collect()
    }

    /// A list of none or one.
    pub(super) fn maybe<T>(&mut self, read: fn(&mut Self) -> T) -> Option<T> {
        (self.number() > 0).then(|| read(self))
    }

    pub(super) fn value(&mut self) -> Value {
        match self.text() {
            "number" => Value::Number(self.text().parse().unwrap_or_default()),
            "text" => Value::Text(self.text().into()),
            _ => Value::None,
        }
    }

    pub(super) fn outcome(&mut self) -> Result<Reply, Refusal> {
        let code = self.number();
        match self.maybe(Self::text) {
            Some(text) => Err(Refusal::new(code, text).hint(self.text())),
            None => Ok(Reply { code, value: self.value() }),
        }
    }

    pub(super) fn end(&mut self) -> End {
        self.maybe(Self::size).map_or(End::Outside, End::State)
    }

    pub(super) fn step(&mut self) -> Move {
        Move { image: self.image_id(), from: self.end(), to: self.end() }
    }

    pub(super) fn take(&mut self) -> Take {
        Take {
            line: self.text(),
            outcome: self.outcome(),
            moves: self.many(Self::step),
            sentences: self.many(Self::owned),
        }
    }

    pub(super) fn mode(&mut self) -> Mode {
        Mode { label: self.text(), meaning: self.text(), on: self.number() > 0, line: self.text() }
    }

    pub(super) fn row(&mut self) -> ImageRow {
        ImageRow {
            id: self.image_id(),
            name: self.owned(),
            state: self.size(),
            cells: self.many(Self::owned),
            machines: self.many(Self::machine_id),
        }
    }

    pub(super) fn machine_id(&mut self) -> MachineId {
        MachineId(self.number())
    }

    pub(super) fn detail(&mut self) -> (&'static str, String) {
        (self.text(), self.owned())
    }

    pub(super) fn details(&mut self) -> (ImageId, Vec<(&'static str, String)>) {
        (self.image_id(), self.many(Self::detail))
    }

    pub(super) fn disk(&mut self) -> (u32, ImageId) {
        (self.number(), self.image_id())
    }

    pub(super) fn machine(&mut self) -> MachineRow {
        MachineRow {
            id: self.machine_id(),
            name: self.owned(),
            state: self.text(),
            waiting: self.number() > 0,
            disks: self.many(Self::disk),
            offers: self.many(Self::offer),
        }
    }

    pub(super) fn job(&mut self) -> JobRow {
        JobRow {
            image: self.maybe(Self::image_id),
            label: self.owned(),
            started: self.time(),
            due: self.maybe(Self::time),
            endings: self.many(Self::offer),
        }
    }

    pub(super) fn offer(&mut self) -> Offer {
        let (line, label) = (self.owned(), self.text().into());
        Offer { line, label, purpose: Purpose::ALL[self.size() % Purpose::ALL.len()] }
    }

    pub(super) fn offers(&mut self) -> (Option<ImageId>, Vec<Offer>) {
        (self.maybe(Self::image_id), self.many(Self::offer))
    }

    pub(super) fn verb(&mut self) -> (String, Result<String, &'static str>) {
        let verb = self.owned();
        (verb, self.maybe(Self::owned).ok_or_else(|| self.text()))
    }

    pub(super) fn preview(&mut self) -> (&'static str, Preview) {
        (
            self.text(),
            Preview { outcome: self.outcome(), moves: self.many(Self::step), is_told: self.number() > 0 },
        )
    }

    pub(super) fn frame(&mut self) -> Frame {
        Frame {
            modes: self.many(Self::mode),
            rows: self.many(Self::row),
            details: self.many(Self::details),
            machines: self.many(Self::machine),
            jobs: self.many(Self::job),
            offers: self.many(Self::offers),
            verbs: self.many(Self::verb),
            previews: self.many(Self::preview),
        }
    }
}
