//! Two branches side by side: every cloud in both worlds after the same number of steps, and what
//! differs.

use super::stage::Stage;
use super::{App, StageView};
use crate::diagram::{Pose, Scene};
use crate::engine::host::Cloud;
use crate::engine::present::ImageRow;

/// So many images of each world are compared by name.
const ROWS: usize = 200;

/// The worlds of two branches.
#[derive(Clone, Debug)]
pub struct BesideView {
    /// The names of the branch that is shown and of the other one.
    pub names: [String; 2],
    /// After how many steps of each.
    pub depths: [usize; 2],
    /// Every cloud that is shown.
    pub clouds: Vec<BesideCloud>,
}

/// One cloud in both worlds.
#[derive(Clone, Debug)]
pub struct BesideCloud {
    /// Its name.
    pub title: &'static str,
    /// Its picture here and there.
    pub pictures: [Picture; 2],
    /// What differs, in sentences; empty if nothing does.
    pub differences: Vec<String>,
    /// The states in which one world has images that the other has not.
    pub states: Vec<usize>,
}

/// A cloud at rest.
#[derive(Clone, Debug)]
pub struct Picture {
    /// What stays.
    pub view: StageView,
    /// The tokens.
    pub scene: Scene,
}

impl App {
    /// Shows the world of a branch beside, or no longer.
    pub(super) fn compare(&mut self, branch: usize) {
        let known = branch < self.session().journal().branches().len();
        self.beside = (known && self.beside != Some(branch)).then_some(branch);
    }

    pub(super) fn beside_view(&self) -> Option<BesideView> {
        let session = self.session();
        let journal = session.journal();
        let (here, there) = (journal.current_branch(), self.beside?);
        let branches = [journal.branches().get(here)?, journal.branches().get(there)?];
        let depth = journal.depth();
        let other = depth.min(journal.path(branches[1].tip).len() - 1);
        let others = session.beside(there, depth);
        let pairs = session.clouds().iter().zip(&others).enumerate();
        let shown = pairs.filter(|(system, _)| self.settings.only.is_none_or(|only| only == *system));
        Some(BesideView {
            names: branches.map(|branch| branch.name.clone()),
            depths: [depth, other],
            clouds: shown.map(|(system, (here, there))| self.both(system, &**here, &**there)).collect(),
        })
    }

    fn both(&self, system: usize, here: &dyn Cloud, there: &dyn Cloud) -> BesideCloud {
        let pictures = [self.picture(system, here), self.picture(system, there)];
        let [a, b] = [&pictures[0].view, &pictures[1].view];
        let occupied = |state: &usize| a.occupancy[*state] != b.occupancy[*state];
        BesideCloud {
            title: here.title(),
            differences: differences((a, &here.images(0, ROWS)), (b, &there.images(0, ROWS))),
            states: (0..a.occupancy.len()).filter(occupied).collect(),
            pictures,
        }
    }

    /// A cloud at rest, without anything to do.
    fn picture(&self, system: usize, cloud: &dyn Cloud) -> Picture {
        let mut stage = Stage::default();
        stage.settle(cloud);
        Picture {
            scene: stage.scene(Pose { chart: cloud.chart(), blend: self.look.blend() }, self.clock()),
            view: StageView::at_rest(system, cloud, &stage),
        }
    }
}

/// What differs between two worlds of one cloud: images first, machines after.
fn differences(
    (here, rows): (&StageView, &[ImageRow]),
    (there, others): (&StageView, &[ImageRow]),
) -> Vec<String> {
    let mut told = Vec::new();
    for row in rows {
        let state = here.states[row.state];
        match others.iter().find(|other| other.id == row.id) {
            Some(other) if other.state == row.state => {}
            Some(other) => {
                let other = there.states[other.state];
                told.push(format!("Image {} ({}): {state} here, {other} there.", row.id, row.name));
            }
            None => told.push(format!("Image {} ({}): {state} here, none there.", row.id, row.name)),
        }
    }
    for row in others.iter().filter(|row| rows.iter().all(|own| own.id != row.id)) {
        told.push(format!("Image {} ({}): none here, {} there.", row.id, row.name, there.states[row.state]));
    }
    let word = here.machine_word;
    for machine in &here.machines {
        let other = there.machines.iter().find(|other| other.id == machine.id).map(|other| other.state);
        if other != Some(machine.state) {
            let other = other.unwrap_or("none");
            told.push(format!("{word} {}: {} here, {other} there.", machine.id, machine.state));
        }
    }
    for machine in there.machines.iter().filter(|other| here.machines.iter().all(|own| own.id != other.id)) {
        told.push(format!("{word} {}: none here, {} there.", machine.id, machine.state));
    }
    told
}
