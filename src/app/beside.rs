//! Two branches side by side: every cloud in both worlds after the same number of steps, and what
//! differs. The other world follows the one that is shown: what moves there moves here.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::stage::Stage;
use super::{App, Effect, Speed, StageView};
use crate::diagram::{Pose, Scene};
use crate::engine::ImageId;
use crate::engine::host::{Cloud, Move};
use crate::engine::journal::Position;
use crate::engine::text::reveal;

/// So many differences are told one by one.
const TOLD: usize = 200;

/// The world of the branch that is shown beside.
#[derive(Default)]
pub(super) struct Other {
    /// What it was made for: the branch, its tip, and how many steps the session stood from the beginning.
    /// `None` while nothing is shown beside.
    made_for: Option<(usize, Position, usize)>,
    /// After how many steps of its branch it stands.
    depth: usize,
    clouds: Vec<Box<dyn Cloud>>,
    pub(super) stages: Vec<Stage>,
}

/// The worlds of two branches.
#[derive(Clone, Debug)]
pub struct BesideView {
    /// The branch that is shown beside.
    pub branch: usize,
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
    /// It in the other world, without anything to do.
    pub view: Rc<StageView>,
    /// What differs, in sentences; empty if nothing does.
    pub differences: Vec<String>,
    /// The states in which one world has images that the other has not.
    pub states: Vec<usize>,
}

impl App {
    /// Shows the world of a branch beside, or no longer.
    pub(super) fn compare(&mut self, branch: usize) -> Option<Effect> {
        let known = branch < self.session().journal().branches().len();
        self.beside = (known && self.beside != Some(branch)).then_some(branch);
        self.beside.map(|_| Effect::ShowDiagrams { still: self.settings.still })
    }

    /// Lets the other world follow to where the session stands in its own.
    pub(super) fn follow(&mut self) {
        let journal = self.session().journal();
        let tip = |branch: usize| Some((branch, journal.branches().get(branch)?.tip, journal.depth()));
        let made_for = self.beside.and_then(tip);
        let Some((branch, tip, step)) = made_for else {
            self.other = Other::default();
            return;
        };
        if self.other.made_for == made_for {
            return;
        }
        let path = journal.path(tip);
        let depth = step.min(path.len() - 1);
        let is_same = self.other.made_for.is_some_and(|(own, end, _)| (own, end) == (branch, tip));
        let is_onward =
            is_same && self.other.depth < depth && self.stages.iter().any(|stage| stage.steps() > 0);
        let steps = if is_onward { self.other.depth + 1..depth + 1 } else { 0..0 };
        let mut ways: Vec<Option<Vec<Move>>> = self.stages.iter().map(|_| None).collect();
        for entry in path[steps].iter().filter_map(|at| journal.entry(*at)) {
            let moves = self.session().cloud(entry.system).moves(entry.record);
            ways[entry.system].get_or_insert_default().extend(moves);
        }
        self.other.made_for = made_for;
        if is_same && self.other.depth == depth {
            return;
        }
        self.other.depth = depth;
        self.other.clouds = self.session().beside(branch, depth);
        if is_onward {
            let still = self.settings.still || self.speed == Speed::Instant;
            let stages = self.other.stages.iter_mut().zip(&self.other.clouds).zip(ways);
            for ((stage, cloud), moves) in stages {
                if let Some(moves) = moves {
                    stage.start(&**cloud, &moves, still);
                }
            }
        } else {
            let settled = |cloud: &dyn Cloud| {
                let mut stage = Stage::default();
                stage.settle(cloud, || None);
                stage
            };
            self.other.stages = self.other.clouds.iter().map(|cloud| settled(&**cloud)).collect();
        }
    }

    /// The pictures of the other world at this moment, one for each cloud that is shown.
    pub(super) fn scenes_beside(&self) -> Vec<Scene> {
        let blend = self.look.blend();
        let scene = |system: usize| {
            let chart = self.session().cloud(system).chart();
            Some(self.other.stages.get(system)?.scene(Pose { chart, blend }, self.clock()))
        };
        self.shown().filter_map(scene).collect()
    }

    pub(super) fn beside_view(&self) -> Option<BesideView> {
        let journal = self.session().journal();
        let (branch, ..) = self.other.made_for?;
        let mut names =
            [journal.current_branch(), branch].map(|branch| journal.branches()[branch].name.clone());
        names.iter_mut().for_each(reveal);
        let both = |system: usize| self.both(system, [&names[0], &names[1]]);
        let clouds = self.shown().map(both).collect();
        Some(BesideView { branch, depths: [journal.depth(), self.other.depth], clouds, names })
    }

    fn both(&self, system: usize, names: [&str; 2]) -> BesideCloud {
        let (here, there) = (self.session().cloud(system), &*self.other.clouds[system]);
        let stage = &self.other.stages[system];
        let a = StageView::at_rest(system, here, &self.stages[system]);
        let b = StageView { edges: stage.edges().to_vec(), ..StageView::at_rest(system, there, stage) };
        let occupied = |state: &usize| a.occupancy[*state] != b.occupancy[*state];
        BesideCloud {
            differences: capped(images(here, there, names).into_iter().chain(machines(&a, &b, names))),
            states: (0..a.occupancy.len()).filter(occupied).collect(),
            view: Rc::new(b),
        }
    }
}

/// The images of a world: the place of each one's state, and its name.
type Census = BTreeMap<ImageId, (usize, String)>;

fn census(cloud: &dyn Cloud) -> Census {
    let mut census = Census::new();
    cloud.each_image(&mut |id, state, name| drop(census.insert(id, (state, name.to_owned()))));
    census
}

/// Which images differ between two worlds of one cloud.
fn images(here: &dyn Cloud, there: &dyn Cloud, [one, two]: [&str; 2]) -> Vec<String> {
    let states = here.states();
    let (own, others) = (census(here), census(there));
    let mut told = Vec::new();
    for (id, (state, name)) in &own {
        let state = states[*state];
        match others.get(id) {
            None => told.push(format!("Image {id} ({name}): {state} in “{one}”, not in “{two}”.")),
            Some((_, other)) if other != name => {
                told.push(format!("Image {id}: named “{name}” in “{one}”, “{other}” in “{two}”."));
            }
            Some((other, _)) if states[*other] != state => {
                told.push(format!("Image {id} ({name}): {state} in “{one}”, {} in “{two}”.", states[*other]));
            }
            Some(_) => {}
        }
    }
    for (id, (state, name)) in others.iter().filter(|(id, _)| !own.contains_key(id)) {
        told.push(format!("Image {id} ({name}): not in “{one}”, {} in “{two}”.", states[*state]));
    }
    told
}

/// Which machines differ.
fn machines(here: &StageView, there: &StageView, [one, two]: [&str; 2]) -> Vec<String> {
    let mut told = Vec::new();
    let word = here.machine_word;
    for machine in &here.machines {
        let other = there.machines.iter().find(|other| other.id == machine.id).map(|other| other.state);
        if other != Some(machine.state) {
            let other = other.unwrap_or("not");
            told.push(format!("{word} {}: {} in “{one}”, {other} in “{two}”.", machine.id, machine.state));
        }
    }
    for machine in there.machines.iter().filter(|other| here.machines.iter().all(|own| own.id != other.id)) {
        told.push(format!("{word} {}: not in “{one}”, {} in “{two}”.", machine.id, machine.state));
    }
    told
}

/// As many as are told one by one, and how many there are besides.
fn capped(differences: impl Iterator<Item = String>) -> Vec<String> {
    let mut told: Vec<String> = differences.collect();
    told.iter_mut().for_each(reveal);
    if told.len() > TOLD {
        let more = format!("And {} more.", told.len() - TOLD);
        told.truncate(TOLD);
        told.push(more);
    }
    told
}

#[cfg(test)]
mod tests {
    use crate::app::{App, Msg, Rules, Settings};

    #[test]
    fn only_what_differs_is_told_of_two_large_worlds() {
        let mut app = App::new(Some(Rules::all()), Settings::default(), None, None);
        let create = |name: String| Msg::Asked {
            system: 0,
            line: format!("oneimage create --name {name} --path /image -d 100"),
        };
        app.update(Msg::Sought(usize::MAX));
        for number in 0..250 {
            app.update(create(format!("common-{number}")));
        }
        let depth = app.view().transport.depth;
        for number in 0..10 {
            app.update(create(format!("new-{number}")));
        }
        app.update(Msg::Sought(depth));
        for _ in 0..2 {
            app.update(Msg::Asked { system: 0, line: "oneimage chmod 0 600".to_owned() });
        }
        app.update(Msg::BranchCompared(0));
        let differences = &app.view().beside.expect("a branch is beside").clouds[0].differences;
        let told: Vec<&str> = differences.iter().filter_map(|told| told.split(' ').nth(2)).collect();
        assert_eq!(told, ["(new-0):", "(new-1):"]);
    }

    #[test]
    fn a_branch_never_stands_beside_itself() {
        let mut app = App::new(Some(Rules::all()), Settings::default(), None, None);
        for message in [Msg::Sought(1), Msg::Asked { system: 0, line: "oneimage disable 0".to_owned() }] {
            app.update(message);
        }
        app.update(Msg::BranchCompared(0));
        assert!(app.view().beside.is_some());
        app.update(Msg::BranchChosen(0));
        assert!(app.view().beside.is_none());
    }
}
