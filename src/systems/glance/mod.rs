//! Glance: images, tasks, stores and members of OpenStack Glance 33, and mock instances.
//!
//! Reading order: [`status`] and [`image`] (what an image is), [`task`], [`world`], [`domain`] and
//! [`persona`] (what is possible, and who may), [`action`] and how it is a line ([`mod@write`], [`read`]), `rules` (one file a topic), [`recording`] (what the
//! real service did), [`present`] and [`words`] (what the page shows).

pub mod action;
mod adopt;
pub mod cards;
mod chart;
pub mod domain;
pub mod fixture;
pub mod ids;
pub mod image;
mod import_body;
mod layouts;
mod offers;
mod options;
pub mod persona;
mod present;
mod read;
mod read_driver;
mod recording;
mod rules;
pub mod status;
mod steps;
pub mod task;
mod words;
pub mod world;
mod write;

use std::sync::Arc;

use crate::engine::{Event, ImageId, MachineId, Refusal, Reply, SimTime, System, Transition, Turn};

pub use action::Action;
pub use chart::CHART;
pub use status::ImageStatus;
pub use world::World;

use image::Image;
use task::Task;
use world::{Instance, Settings};

/// OpenStack Glance 33 with its default policy.
#[derive(Debug)]
pub struct Glance;

/// What happens besides a change of status.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Change {
    /// An image's record is written.
    Image(ImageId, Arc<Image>),
    /// A task is written.
    Task(Task),
    /// A task's record is gone.
    TaskGone(task::TaskId),
    /// The configuration or the world around the service changes.
    Settings(Arc<Settings>),
    /// The next numbers of the database.
    Numbers {
        /// The next image.
        image: u32,
        /// The next task.
        task: u32,
        /// The next location's row.
        row: u32,
    },
    /// An instance runs.
    Booted(Instance),
    /// An instance has ended.
    Ended(MachineId),
}

impl System for Glance {
    type State = ImageStatus;
    type World = World;
    type Action = Action;
    type Change = Change;

    fn decide(turn: &mut Turn<'_, Self>, action: &Action) -> Result<Reply, Refusal> {
        rules::answer(turn, action)
    }

    fn evolve(world: &mut World, event: &Event<Self>) {
        match event {
            Event::Transitioned(Transition { image, to, .. }) => evolve_status(world, *image, *to),
            Event::Changed(change) => evolve_change(world, change),
        }
    }

    fn actions(world: &World) -> Vec<Action> {
        offers::actions(world)
    }

    fn due(world: &World) -> Option<(SimTime, Action)> {
        offers::due(world)
    }
}

/// Entering `queued` forgets the size: the setter of `Image.status`.
fn evolve_status(world: &mut World, id: ImageId, to: Option<ImageStatus>) {
    let Some(to) = to else {
        world.images.remove(id);
        world.note_busy(id);
        return;
    };
    if let Some(image) = world.images.get_mut(id) {
        image.status = to;
        if to == ImageStatus::Queued {
            image.size = None;
        }
    }
    world.note_busy(id);
}

fn evolve_change(world: &mut World, change: &Change) {
    match change {
        Change::Image(id, image) => {
            world.images.insert(*id, image.clone());
            world.note_busy(*id);
        }
        Change::Task(task) => {
            let tasks = Arc::make_mut(&mut world.tasks);
            match tasks.iter_mut().find(|known| known.id == task.id) {
                Some(known) => *known = task.clone(),
                None => tasks.push(task.clone()),
            }
        }
        Change::TaskGone(id) => Arc::make_mut(&mut world.tasks).retain(|task| task.id != *id),
        Change::Settings(settings) => world.settings = settings.clone(),
        Change::Numbers { image, task, row } => {
            world.next_image = *image;
            world.next_task = *task;
            world.next_row = *row;
        }
        Change::Booted(instance) => {
            Arc::make_mut(&mut world.instances).push(instance.clone());
            world.next_instance += 1;
        }
        Change::Ended(id) => Arc::make_mut(&mut world.instances).retain(|instance| instance.id != *id),
    }
}
