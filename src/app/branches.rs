//! The branches of the session: what the tree shows, and naming, deleting and bringing back.

use super::App;
use crate::engine::journal::Branch;

/// Names are cut after so many characters.
const LONGEST_NAME: usize = 60;

/// A branch as the tree shows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BranchView {
    /// Its place in the journal.
    pub branch: usize,
    /// Its name.
    pub name: String,
    /// How often branches were named, deleted or brought back: its field is written anew then.
    pub edits: u32,
    /// After how many steps it parts from the one it hangs on.
    pub depth: usize,
    /// How many steps lead to its tip.
    pub steps: usize,
    /// How many branches lie between it and the first.
    pub level: usize,
    /// Whether it is shown.
    pub current: bool,
    /// Whether its world is shown beside.
    pub beside: bool,
}

impl App {
    pub(super) fn branch_views(&self) -> Vec<BranchView> {
        let journal = self.session().journal();
        let view = |fork: crate::engine::tree::Fork| BranchView {
            branch: fork.branch,
            name: journal.branches()[fork.branch].name.clone(),
            edits: self.edits,
            depth: fork.depth,
            steps: fork.steps,
            level: fork.level,
            current: fork.branch == journal.current_branch(),
            beside: self.beside == Some(fork.branch),
        };
        journal.tree().into_iter().map(view).collect()
    }

    /// The branches that were deleted and can be brought back, by name.
    pub(super) fn deleted_names(&self) -> Vec<String> {
        self.marks().deleted.iter().map(|(_, branch)| branch.name.clone()).collect()
    }

    pub(super) fn choose_branch(&mut self, branch: usize) {
        self.pause();
        self.session_mut().switch(branch);
        self.part();
        self.settle();
    }

    /// A branch does not stand beside itself.
    fn part(&mut self) {
        let here = self.session().journal().current_branch();
        self.beside = self.beside.filter(|beside| *beside != here);
    }

    pub(super) fn rename_branch(&mut self, branch: usize, name: &str) {
        // A blank name counts too: the field gets the old one back.
        let name: String = name.trim().chars().take(LONGEST_NAME).collect();
        if !name.is_empty() {
            self.session_mut().rename_branch(branch, &name);
        }
        self.edits += 1;
    }

    /// Deletes a branch; from the one that is shown the session goes to where it parted.
    pub(super) fn delete_branch(&mut self, branch: usize) {
        self.pause();
        let journal = self.session().journal();
        let (shown, stood) = (journal.current_branch() == branch, journal.depth());
        let Some(gone) = self.session_mut().delete_branch(branch) else {
            self.said = Some("This is the only branch, so it stays.".to_owned());
            return;
        };
        self.beside = self.beside.filter(|beside| *beside != branch).map(|beside| shifted(beside, branch));
        self.part();
        let journal = self.session().journal();
        let (depth, parent) = (journal.depth(), &journal.branches()[journal.current_branch()].name);
        let place = match (shown, depth < stood) {
            (true, true) => format!(" You are on “{parent}” now, at step {depth}, where it parted."),
            (true, false) => format!(" You are on “{parent}” now, at the same step."),
            (false, _) => String::new(),
        };
        self.said = Some(format!("“{}” is deleted.{place} You can bring it back.", gone.name));
        self.marks_mut().deleted.push((branch, gone));
        self.edits += 1;
        self.settle();
    }

    /// Brings back a branch that was deleted, by its place among those.
    pub(super) fn restore_branch(&mut self, deleted: usize) {
        if deleted >= self.marks().deleted.len() {
            return;
        }
        let (place, branch): (usize, Branch) = self.marks_mut().deleted.remove(deleted);
        let place = place.min(self.session().journal().branches().len());
        self.said = Some(format!("“{}” is back.", branch.name));
        self.beside = self.beside.map(|beside| beside + usize::from(place <= beside));
        self.session_mut().restore_branch(place, branch);
        self.edits += 1;
    }
}

/// The place of a branch after the one at `gone` was taken out.
fn shifted(branch: usize, gone: usize) -> usize {
    branch - usize::from(gone < branch)
}
