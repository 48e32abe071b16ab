//! Every cloud, one journal and one clock: stepping back moves all clouds together.

use std::any::Any;
use std::fmt::Write as _;
use std::str::FromStr;

use super::host::{Cloud, Host};
use super::journal::{Branch, Entry, Journal, Position};
use super::recording::Recorded;
use super::{Misread, SimTime};

/// After how many steps a checkpoint of the worlds is kept at this depth of a branch: 256, and from
/// 2,048 steps on a quarter of the way, rounded down to a power of two. Seeking costs at most so many
/// steps, and what later changes copy because a checkpoint shares the worlds is copied rarely.
fn steps_per_checkpoint(depth: usize) -> usize {
    1_usize << (depth / 4).max(256).ilog2()
}

/// Whether a checkpoint is kept at this depth: asked at every step, so by a mask and not by a division.
fn is_checkpoint(depth: usize) -> bool {
    depth & (steps_per_checkpoint(depth) - 1) == 0
}

/// The first line of a journal's text.
const HEADER: &str = "image-lifecycle journal 1";

/// Clouds with their common past.
pub struct Session {
    clouds: Vec<Box<dyn Cloud>>,
    journal: Journal,
    now: SimTime,
}

impl Session {
    /// A session that has just begun.
    pub fn new(clouds: Vec<Box<dyn Cloud>>) -> Self {
        Self { clouds, journal: Journal::default(), now: SimTime::START }
    }

    /// The clouds in the catalogue's order.
    pub fn clouds(&self) -> &[Box<dyn Cloud>] {
        &self.clouds
    }

    /// One cloud, by its place.
    ///
    /// # Panics
    /// There is no such cloud.
    pub fn cloud(&self, system: usize) -> &dyn Cloud {
        &*self.clouds[system]
    }

    /// Everything that was asked.
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// The simulated moment.
    pub fn now(&self) -> SimTime {
        self.now
    }

    /// Asks one cloud for what `line` says, now. In the past this starts a new branch.
    ///
    /// # Errors
    /// The line is no action of this cloud; nothing happened and nothing was written.
    pub fn perform(&mut self, system: usize, line: &str) -> Result<Position, Misread> {
        let record = self.clouds[system].perform(line, self.now)?;
        Ok(self.write(system, record))
    }

    /// The same for an action that is already read; `None` when the cloud is another one.
    pub fn act<S: Recorded>(&mut self, system: usize, action: S::Action) -> Option<Position> {
        let cloud: &mut dyn Any = &mut *self.clouds[system];
        let record = cloud.downcast_mut::<Host<S>>()?.act(action, self.now);
        Some(self.write(system, record))
    }

    fn write(&mut self, system: usize, record: u32) -> Position {
        let position = self.journal.append(self.now, system, record);
        if is_checkpoint(self.journal.depth()) {
            self.clouds.iter_mut().for_each(|cloud| cloud.checkpoint(position));
        }
        position
    }

    /// Lets time pass until `moment`: every job that falls due by then ends, in order. The journal
    /// keeps only these endings.
    pub fn advance(&mut self, moment: SimTime) {
        while self.end_next_job(moment) {}
        self.now = self.now.max(moment);
    }

    /// Ends the job that falls due first, if that is by `moment`; says whether anything happened. Where
    /// nothing did, the same job would fall due again and again.
    pub fn end_next_job(&mut self, moment: SimTime) -> bool {
        let Some((due, system, line)) = self.next_due().filter(|(due, ..)| *due <= moment) else {
            return false;
        };
        self.now = self.now.max(due);
        let ended = self.perform(system, &line).ok().and_then(|position| self.entry(position));
        ended.is_some_and(|(cloud, record)| cloud.has_effect(record))
    }

    /// The job that falls due first in any cloud: when, where, and the line that ends it.
    pub fn next_due(&self) -> Option<(SimTime, usize, String)> {
        let due = |system| self.cloud(system).due().map(|(at, line)| (at, system, line));
        (0..self.clouds.len()).filter_map(due).min_by_key(|(at, system, _)| (*at, *system))
    }

    /// Whether what `entry` tells, where the session stands, was work that ended by itself: nobody asked for it.
    pub fn ended_by_itself(&self, entry: &Entry) -> bool {
        let cloud = self.cloud(entry.system);
        cloud.due().is_some_and(|(due, line)| due <= entry.at && line == cloud.line(entry.record))
    }

    /// Moves along the current branch to the world after `depth` of its steps; a depth beyond the
    /// tip means the tip.
    pub fn seek(&mut self, depth: usize) {
        let depth = depth.min(self.journal.trunk().len() - 1);
        let mut from = self.journal.depth();
        let remembered = depth - depth % steps_per_checkpoint(depth);
        if depth < from || from < remembered {
            from = remembered;
            let checkpoint = self.journal.trunk()[from];
            self.clouds.iter_mut().for_each(|cloud| {
                cloud.restore(checkpoint);
            });
        }
        for position in &self.journal.trunk()[from + 1..=depth.max(from)] {
            if let Some(Entry { system, record, .. }) = self.journal.entry(*position) {
                self.clouds[*system].redo(*record);
            }
        }
        self.journal.seek(depth);
        self.now = self.journal.time(self.journal.head());
    }

    /// Goes over to another branch, at the place where it parts from this one, or where the session
    /// stands if that is on both.
    pub fn switch(&mut self, branch: usize) {
        let Some(tip) = self.journal.branches().get(branch).map(|branch| branch.tip) else { return };
        if !self.journal.leads_to(tip) {
            let path = self.journal.path(tip);
            let shared = path.iter().zip(self.journal.trunk()).take_while(|(a, b)| a == b).count();
            self.seek(self.journal.depth().min(shared - 1));
        }
        self.journal.switch(branch);
    }

    /// Names a branch.
    pub fn rename_branch(&mut self, branch: usize, name: &str) {
        self.journal.rename(branch, name);
    }

    /// Begins a branch where the session stands: what is asked next belongs to it.
    pub fn begin_branch(&mut self, name: &str) {
        self.journal.begin_branch(name);
    }

    /// Takes a branch off the list. From the one that is shown the session goes over to its nearest,
    /// at the fork. The only branch stays.
    pub fn delete_branch(&mut self, branch: usize) -> Option<Branch> {
        if branch == self.journal.current_branch() {
            let nearest = self.journal.nearest(branch)?;
            self.switch(nearest);
        }
        self.journal.remove_branch(branch)
    }

    /// Puts a branch that was deleted on the list again, at its old place.
    pub fn restore_branch(&mut self, place: usize, branch: Branch) {
        self.journal.insert_branch(place, branch);
    }

    /// Every cloud as it is after `depth` steps of a branch, beside the session; a depth beyond the
    /// tip means the tip.
    pub fn beside(&self, branch: usize, depth: usize) -> Vec<Box<dyn Cloud>> {
        let tip = self.journal.branches().get(branch).map_or(Position::START, |branch| branch.tip);
        let path = self.journal.path(tip);
        let depth = depth.min(path.len() - 1);
        let from = depth - depth % steps_per_checkpoint(depth);
        let entries = || path[from + 1..=depth].iter().filter_map(|&step| self.journal.entry(step));
        let records = |system| entries().filter(move |entry| entry.system == system);
        let cloud = |system: usize| {
            let records: Vec<u32> = records(system).map(|entry| entry.record).collect();
            self.cloud(system).fork_at(path[from], &records)
        };
        (0..self.clouds.len()).map(cloud).collect()
    }

    /// Goes to a place of the journal, on the current branch if it is there, else on the first
    /// branch that leads to it.
    ///
    /// # Errors
    /// No branch leads there.
    pub fn go_to(&mut self, position: Position) -> Result<(), Misread> {
        let current = self.journal.current_branch();
        for branch in [current].into_iter().chain(0..self.journal.branches().len()) {
            let path = self.journal.path(self.journal.branches()[branch].tip);
            if let Some(depth) = path.iter().position(|&on_path| on_path == position) {
                self.switch(branch);
                self.seek(depth);
                return Ok(());
            }
        }
        Err(Misread(format!("there is no entry {} to go on after.", position.0)))
    }

    /// The cloud and the record of the entry that led to `position`.
    pub fn entry(&self, position: Position) -> Option<(&dyn Cloud, u32)> {
        let Entry { system, record, .. } = self.journal.entry(position)?;
        Some((self.cloud(*system), *record))
    }

    /// The journal as text, from which [`Session::read`] makes the same session again.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        self.write_entries(0, &mut text);
        text + &self.standing()
    }

    /// The end of the journal's text: the branches, and the place.
    pub fn standing(&self) -> String {
        let mut text = String::new();
        for branch in self.journal.branches() {
            let _ = writeln!(text, "branch {} {}", branch.tip.0, branch.name);
        }
        text + &self.place()
    }

    /// The line of the journal's text that says where the session stands. A later such line in a text
    /// counts for more than an earlier one.
    pub fn place(&self) -> String {
        format!("at {} {}\n", self.journal.current_branch(), self.journal.depth())
    }

    /// Writes the text of the entries from the one after position `from` on: a text that goes as far as
    /// `from` is brought up to date. From 0 it begins with the header.
    pub fn write_entries(&self, from: usize, text: &mut String) {
        if from == 0 {
            let _ = writeln!(text, "{HEADER}");
        }
        for (index, entry) in self.journal.entries().iter().enumerate().skip(from) {
            if entry.parent.0 as usize != index {
                let _ = writeln!(text, "after {}", entry.parent.0);
            }
            let cloud = self.cloud(entry.system);
            let _ = writeln!(text, "{} {} {}", entry.at.0, cloud.name(), cloud.line(entry.record));
        }
    }

    /// Whether a text means to be a journal.
    pub fn is_journal(text: &str) -> bool {
        text.lines().next() == Some(HEADER)
    }

    /// Makes the session that `text` describes, with `clouds` that have just begun.
    ///
    /// # Errors
    /// The text is no journal; says which line and why.
    pub fn read(clouds: Vec<Box<dyn Cloud>>, text: &str) -> Result<Self, Misread> {
        let mut reading = Reading::new(clouds, text.to_owned());
        reading.go_on(usize::MAX)?;
        Ok(reading.session)
    }

    /// The branches that the text lists take the place of those that its entries suggest: a branch
    /// may begin at the tip of another, and one that was deleted is not listed.
    fn take_branches(&mut self, branches: Vec<Branch>) -> Result<(), Misread> {
        if !self.journal.set_branches(branches) {
            return Err(Misread("a branch ends at an entry that there is not.".to_owned()));
        }
        self.switch(self.journal.current_branch());
        Ok(())
    }

    fn read_line(&mut self, line: &str, branches: &mut Vec<Branch>) -> Result<(), Misread> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            // A remark of whoever keeps the text.
            "#" => Ok(()),
            "after" => self.go_to(Position(number(rest)?)),
            "branch" => {
                let (tip, name) = rest.split_once(' ').unwrap_or((rest, ""));
                branches.push(Branch { name: name.to_owned(), tip: Position(number(tip)?) });
                Ok(())
            }
            "at" => {
                self.take_branches(std::mem::take(branches))?;
                let (branch, depth) = rest.split_once(' ').unwrap_or((rest, "0"));
                self.switch(number(branch)?);
                self.seek(number(depth)?);
                Ok(())
            }
            moment => {
                let moment = number(moment)?;
                let (name, line) = rest.split_once(' ').unwrap_or((rest, ""));
                let system = self.clouds.iter().position(|cloud| cloud.name() == name);
                let system = system.ok_or_else(|| Misread(format!("there is no system “{name}”.")))?;
                self.now = SimTime(moment);
                self.perform(system, line).map(|_| ())
            }
        }
    }
}

fn number<N: FromStr>(text: &str) -> Result<N, Misread> {
    text.parse().map_err(|_| Misread(format!("expected a number, found “{text}”.")))
}

/// A session that is being made from its text, a part at a time: that of a long one takes a while.
pub struct Reading {
    /// As much of it as has been read.
    pub session: Session,
    /// The whole text.
    pub text: String,
    /// How many entries stand at its beginning, before the first branch, and in how many of its bytes.
    pub entries: (usize, usize),
    /// The bytes, the lines and the branches that have been read.
    read: usize,
    lines: usize,
    branches: Vec<Branch>,
}

impl Reading {
    /// Begins to read `text` with `clouds` that have just begun.
    pub fn new(clouds: Vec<Box<dyn Cloud>>, text: String) -> Self {
        let session = Session::new(clouds);
        Self { session, text, entries: (0, 0), read: 0, lines: 0, branches: Vec::new() }
    }

    /// Reads up to so many lines more; says whether that was all. A call that was busy with reading does not
    /// end it: what follows then is work enough for one call.
    ///
    /// # Errors
    /// The text is no journal; says which line and why.
    pub fn go_on(&mut self, lines: usize) -> Result<bool, Misread> {
        for read in 0..lines {
            let rest = &self.text[self.read..];
            if rest.is_empty() && self.lines > 0 {
                if read > lines / 2 {
                    break;
                }
                return self.session.take_branches(std::mem::take(&mut self.branches)).map(|()| true);
            }
            let end = rest.find('\n').map_or(rest.len(), |end| end + 1);
            let line = rest[..end].trim_end_matches(['\n', '\r']);
            if self.entries.1 == 0 && line.starts_with("branch ") {
                self.entries = (self.session.journal.entries().len(), self.read);
            }
            self.read += end;
            self.lines += 1;
            let read = match self.lines {
                1 if line == HEADER => Ok(()),
                1 => Err(Misread(format!("expected “{HEADER}”."))),
                _ => self.session.read_line(line, &mut self.branches),
            };
            read.map_err(|Misread(problem)| Misread(format!("Line {}: {problem}", self.lines)))?;
        }
        Ok(false)
    }
}
