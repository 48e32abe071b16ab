//! Everything that was asked, in order, as a tree: acting in the past starts a new branch and the
//! old future is kept.

use super::SimTime;
use super::log::Log;

/// A place in the journal: 0 is the beginning, *n* is after the *n*th entry that was ever written.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Position(pub u32);

impl Position {
    /// Before anything was asked.
    pub const START: Self = Self(0);
}

/// One thing that was asked, of one cloud.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Entry {
    /// The position it was asked in.
    pub parent: Position,
    /// The simulated moment.
    pub at: SimTime,
    /// The cloud, by its place in the session.
    pub system: usize,
    /// The record that this cloud keeps of it.
    pub record: u32,
}

/// A future that has a name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Branch {
    /// Its name.
    pub name: String,
    /// Its last position.
    pub tip: Position,
}

/// The tree of entries, the branches through it and where the session stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Journal {
    entries: Log<Entry>,
    branches: Vec<Branch>,
    current: usize,
    trunk: Vec<Position>,
    depth: usize,
}

impl Default for Journal {
    fn default() -> Self {
        Self {
            entries: Log::default(),
            branches: vec![Branch { name: "main".to_owned(), tip: Position::START }],
            current: 0,
            trunk: vec![Position::START],
            depth: 0,
        }
    }
}

impl Journal {
    /// Every entry ever written, in the order of writing: entry *n* leads to position *n + 1*.
    pub fn entries(&self) -> &Log<Entry> {
        &self.entries
    }

    /// Every branch, oldest first.
    pub fn branches(&self) -> &[Branch] {
        &self.branches
    }

    /// The branch the session is on, by its place in [`Journal::branches`].
    pub fn current_branch(&self) -> usize {
        self.current
    }

    /// The positions of the current branch, from the beginning to its tip.
    pub fn trunk(&self) -> &[Position] {
        &self.trunk
    }

    /// How many steps of the current branch lie behind.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// Where the session stands.
    pub fn head(&self) -> Position {
        self.trunk[self.depth]
    }

    /// The entry that led to `position`; `None` for the beginning.
    pub fn entry(&self, position: Position) -> Option<&Entry> {
        let place = (position.0 as usize).checked_sub(1)?;
        (place < self.entries.len()).then(|| self.entries.get(place))
    }

    /// The simulated moment of `position`.
    pub fn time(&self, position: Position) -> SimTime {
        self.entry(position).map_or(SimTime::START, |entry| entry.at)
    }

    /// The positions from the beginning to `position`.
    pub fn path(&self, position: Position) -> Vec<Position> {
        let mut path = vec![position];
        let mut at = position;
        while let Some(entry) = self.entry(at) {
            at = entry.parent;
            path.push(at);
        }
        path.reverse();
        path
    }

    /// Writes an entry at the head. Anywhere but at the tip this starts a new branch.
    pub fn append(&mut self, at: SimTime, system: usize, record: u32) -> Position {
        let parent = self.head();
        self.entries.push(Entry { parent, at, system, record });
        let position = Position(u32::try_from(self.entries.len()).unwrap_or(u32::MAX));
        if self.depth + 1 == self.trunk.len() {
            self.branches[self.current].tip = position;
        } else {
            self.trunk.truncate(self.depth + 1);
            let name = self.free_name();
            self.branches.push(Branch { name, tip: position });
            self.current = self.branches.len() - 1;
        }
        self.trunk.push(position);
        self.depth += 1;
        position
    }

    /// The first of `branch 2`, `branch 3` … that no branch has.
    fn free_name(&self) -> String {
        let mut number = 2;
        let mut name = format!("branch {number}");
        while self.branches.iter().any(|branch| branch.name == name) {
            number += 1;
            name = format!("branch {number}");
        }
        name
    }

    /// Whether the current branch ends at `tip`: its steps are those of any other branch that does.
    pub(super) fn leads_to(&self, tip: Position) -> bool {
        self.trunk.last() == Some(&tip)
    }

    /// Moves the head along the current branch; a depth beyond the tip means the tip.
    pub fn seek(&mut self, depth: usize) {
        self.depth = depth.min(self.trunk.len() - 1);
    }

    /// Goes over to another branch. The head stays where both branches agree, if it is there, and
    /// moves back to the fork otherwise. Unknown branches are ignored.
    pub fn switch(&mut self, branch: usize) {
        let Some(Branch { tip, .. }) = self.branches.get(branch) else { return };
        if !self.leads_to(*tip) {
            let trunk = self.path(*tip);
            let shared = trunk.iter().zip(&self.trunk).take_while(|(a, b)| a == b).count();
            self.depth = self.depth.min(shared - 1);
            self.trunk = trunk;
        }
        self.current = branch;
    }

    /// Begins a branch where the session stands, also at a tip: what is asked next belongs to it.
    pub fn begin_branch(&mut self, name: impl Into<String>) {
        let tip = self.head();
        self.trunk.truncate(self.depth + 1);
        self.branches.push(Branch { name: name.into(), tip });
        self.current = self.branches.len() - 1;
    }

    /// Takes a branch off the list; its entries stay. The current branch and branches that there
    /// are not stay on the list.
    pub fn remove_branch(&mut self, branch: usize) -> Option<Branch> {
        if branch == self.current || branch >= self.branches.len() {
            return None;
        }
        self.current -= usize::from(branch < self.current);
        Some(self.branches.remove(branch))
    }

    /// Puts a branch on the list, at its old place.
    pub fn insert_branch(&mut self, place: usize, branch: Branch) {
        let place = place.min(self.branches.len());
        self.current += usize::from(place <= self.current);
        self.branches.insert(place, branch);
    }

    /// Puts `branches` in the place of those there are; says whether they all end at an entry.
    pub(super) fn set_branches(&mut self, branches: Vec<Branch>) -> bool {
        let known = branches.iter().all(|branch| branch.tip.0 as usize <= self.entries.len());
        if known && !branches.is_empty() {
            let tip = self.trunk[self.trunk.len() - 1];
            self.current = branches.iter().position(|branch| branch.tip == tip).unwrap_or(0);
            self.branches = branches;
        }
        known
    }

    /// Names a branch.
    pub fn rename(&mut self, branch: usize, name: impl Into<String>) {
        if let Some(branch) = self.branches.get_mut(branch) {
            branch.name = name.into();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(count: u32) -> Journal {
        let mut journal = Journal::default();
        for record in 0..count {
            journal.append(SimTime(u64::from(record) * 1000), 0, record);
        }
        journal
    }

    #[test]
    fn acting_in_the_past_keeps_the_old_future_as_a_branch() {
        let mut journal = written(3);
        journal.seek(1);
        journal.append(SimTime(9000), 0, 3);
        assert_eq!(journal.trunk(), [Position(0), Position(1), Position(4)]);
        assert_eq!(journal.branches()[0].tip, Position(3));
        assert_eq!(journal.branches()[1].name, "branch 2");
    }

    #[test]
    fn a_new_branch_takes_no_name_that_another_has() {
        let mut journal = written(3);
        for record in 3..6 {
            journal.seek(1);
            journal.append(SimTime(9000), 0, record);
        }
        journal.remove_branch(2);
        journal.seek(1);
        journal.append(SimTime(9000), 0, 6);
        let names: Vec<&str> = journal.branches().iter().map(|branch| &*branch.name).collect();
        assert_eq!(names, ["main", "branch 2", "branch 4", "branch 3"]);
    }

    #[test]
    fn switching_back_stands_at_the_fork() {
        let mut journal = written(3);
        journal.seek(1);
        journal.append(SimTime(9000), 0, 3);
        journal.switch(0);
        assert_eq!(journal.head(), Position(1));
        assert_eq!(journal.trunk().len(), 4);
        journal.seek(99);
        assert_eq!(journal.head(), Position(3));
    }

    #[test]
    fn the_time_of_a_position_is_that_of_its_entry() {
        let journal = written(3);
        assert_eq!(journal.time(Position(0)), SimTime(0));
        assert_eq!(journal.time(Position(3)), SimTime(2000));
    }
}
