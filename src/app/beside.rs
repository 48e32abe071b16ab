//! Two branches side by side: every cloud in both worlds after the same number of steps, and what
//! differs.

use std::collections::BTreeMap;

use super::stage::Stage;
use super::{App, StageView};
use crate::diagram::{Pose, Scene};
use crate::engine::ImageId;
use crate::engine::host::Cloud;
use crate::engine::text::reveal;

/// So many differences are told one by one.
const TOLD: usize = 200;

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
        let mut names = branches.map(|branch| branch.name.clone());
        names.iter_mut().for_each(reveal);
        Some(BesideView {
            names,
            depths: [depth, other],
            clouds: shown
                .map(|(system, (here, there))| {
                    self.both(system, [&**here, &**there], [&branches[0].name, &branches[1].name])
                })
                .collect(),
        })
    }

    fn both(&self, system: usize, [here, there]: [&dyn Cloud; 2], names: [&str; 2]) -> BesideCloud {
        let pictures = [self.picture(system, here), self.picture(system, there)];
        let [a, b] = [&pictures[0].view, &pictures[1].view];
        let occupied = |state: &usize| a.occupancy[*state] != b.occupancy[*state];
        BesideCloud {
            title: here.title(),
            differences: capped(images(here, there, names).into_iter().chain(machines(a, b, names))),
            states: (0..a.occupancy.len()).filter(occupied).collect(),
            pictures,
        }
    }

    /// A cloud at rest, without anything to do.
    fn picture(&self, system: usize, cloud: &dyn Cloud) -> Picture {
        let mut stage = Stage::default();
        stage.settle(cloud, || None);
        Picture {
            scene: stage.scene(Pose { chart: cloud.chart(), blend: self.look.blend() }, self.clock()),
            view: StageView::at_rest(system, cloud, &stage),
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
