//! The branches of a journal as a tree: which one each parts from, and where.

use super::journal::Journal;

/// A branch in the tree.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fork {
    /// The branch, by its place in [`Journal::branches`].
    pub branch: usize,
    /// The branch that it parts from; the first has none.
    pub parent: Option<usize>,
    /// After how many steps it parts.
    pub depth: usize,
    /// How many steps lead to its tip.
    pub steps: usize,
    /// How many branches lie between it and the first.
    pub level: usize,
}

impl Journal {
    /// Every branch, parents before their children and children in the order of their making. One
    /// pass over the entries, and none where there is only one branch.
    pub fn tree(&self) -> Vec<Fork> {
        if self.branches().len() == 1 {
            let steps = self.trunk().len() - 1;
            return vec![Fork { branch: 0, parent: None, depth: 0, steps, level: 0 }];
        }
        let forks = self.forks();
        let mut tree = Vec::with_capacity(forks.len());
        add_with_children(&forks, 0, 0, &mut tree);
        tree
    }

    /// The branch that shares most with this one: its parent, or for the first its nearest child.
    pub(super) fn nearest(&self, branch: usize) -> Option<usize> {
        let forks = self.forks();
        let parent = forks.get(branch)?.parent;
        let children = || forks.iter().filter(|fork| fork.parent == Some(branch));
        parent.or_else(|| children().max_by_key(|fork| fork.depth).map(|fork| fork.branch))
    }

    /// Every branch in the order of the journal; a branch owns the steps that no earlier one has.
    fn forks(&self) -> Vec<Fork> {
        const NOBODY: usize = usize::MAX;
        let mut depths = vec![0];
        for entry in self.entries().iter() {
            depths.push(depths[entry.parent.0 as usize] + 1);
        }
        let mut owners = vec![NOBODY; depths.len()];
        owners[0] = 0;
        let mut forks: Vec<Fork> = Vec::new();
        for (branch, tip) in self.branches().iter().map(|branch| branch.tip).enumerate() {
            let mut at = tip;
            while let Some(entry) = self.entry(at).filter(|_| owners[at.0 as usize] == NOBODY) {
                owners[at.0 as usize] = branch;
                at = entry.parent;
            }
            let parent = (branch > 0).then_some(owners[at.0 as usize]);
            let level = parent.map_or(0, |parent| forks[parent].level + 1);
            let (depth, steps) = (depths[at.0 as usize], depths[tip.0 as usize]);
            forks.push(Fork { branch, parent, depth, steps, level });
        }
        forks
    }
}

fn add_with_children(forks: &[Fork], branch: usize, level: usize, tree: &mut Vec<Fork>) {
    let Some(fork) = forks.get(branch) else { return };
    tree.push(Fork { level, ..*fork });
    for child in forks.iter().filter(|fork| fork.parent == Some(branch)) {
        add_with_children(forks, child.branch, level + 1, tree);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::SimTime;

    fn write(journal: &mut Journal, count: usize) {
        for _ in 0..count {
            journal.append(SimTime::START, 0, 0);
        }
    }

    /// `main` of 5 steps, a branch of 3 more after its step 2, and one of 1 more after step 4 of that.
    fn grown() -> Journal {
        let mut journal = Journal::default();
        write(&mut journal, 5);
        journal.seek(2);
        write(&mut journal, 3);
        journal.seek(4);
        write(&mut journal, 1);
        journal
    }

    #[test]
    fn a_branch_hangs_on_the_one_it_parts_from_at_the_step_where_it_parts() {
        let tree: Vec<_> =
            grown().tree().iter().map(|fork| (fork.parent, fork.depth, fork.steps, fork.level)).collect();
        assert_eq!(tree, [(None, 0, 5, 0), (Some(0), 2, 5, 1), (Some(1), 4, 5, 2)]);
    }

    #[test]
    fn when_the_first_branch_is_deleted_the_next_takes_over_the_steps_they_shared() {
        let mut journal = grown();
        assert!(journal.remove_branch(0).is_some());
        let tree = journal.tree();
        assert_eq!((tree[0].parent, tree[0].steps), (None, 5));
        assert_eq!((tree[1].parent, tree[1].depth), (Some(0), 4));
    }

    #[test]
    fn a_branch_may_begin_at_the_tip_of_another() {
        let mut journal = Journal::default();
        write(&mut journal, 2);
        journal.begin_branch("what if");
        write(&mut journal, 1);
        assert_eq!(journal.branches()[0].tip.0, 2);
        assert_eq!((journal.tree()[1].parent, journal.tree()[1].depth), (Some(0), 2));
    }
}
