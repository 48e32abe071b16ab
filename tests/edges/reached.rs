//! Every change of state that the clouds can reach within bounds, with a shortest way to each.

use std::collections::BTreeMap;

use lab::engine::explore::explore;
use lab::engine::host::{Cloud, Host};
use lab::engine::log::Log;
use lab::engine::present::{ImageRow, Present};
use lab::engine::recording::Recorded;
use lab::engine::{Event, ImageId, SimTime, State, System, Transition, Turn};
use lab::systems::glance::action::{Action as GlanceAction, Ask, Call, Drive};
use lab::systems::glance::{Glance, World as GlanceWorld};
use lab::systems::opennebula::{Action, OpenNebula, World};

use super::figures::OUTSIDE;

/// Changes of state, from and to, with the lines of a shortest way through each.
pub(crate) type Reached = BTreeMap<(&'static str, &'static str), Vec<String>>;

fn name<S: State>(state: Option<S>) -> &'static str {
    state.map_or(OUTSIDE, State::name)
}

/// What a small part of OpenNebula is asked.
struct Model {
    /// How the drivers answer.
    drivers: &'static [&'static str],
    /// How images come to be.
    creates: &'static [&'static str],
    images: u32,
    vms: u32,
    /// What is asked of an image; `0` stands for its id.
    verbs: &'static [&'static str],
    /// What is asked of a VM in such a state.
    asked_of_vms: &'static [(&'static str, &'static str)],
}

const MODELS: &[Model] = &[
    // Whatever a VM and its owner do to an image whose data comes or goes.
    Model {
        drivers: &["driver ds * hold"],
        creates: &[
            "oneimage create --name i0 --path /a -d 100",
            "oneimage create --name i0 --persistent --path /a -d 100",
            "oneimage create --name i0 --source /a --format raw --size 10 -d 100",
        ],
        images: 1,
        vms: 2,
        verbs: &["enable", "disable", "delete", "delete --force", "persistent", "nonpersistent"],
        asked_of_vms: &[
            ("pend", "deploy 0 0"),
            ("", "terminate 0 --hard"),
            ("runn", "terminate 0"),
            ("", "recover 0 --delete"),
        ],
    },
    // Copies of one image.
    Model {
        drivers: &["driver ds * hold"],
        creates: &[
            "oneimage create --name i0 --path /a -d 100",
            "oneimage create --name i0 --persistent --path /a -d 100",
        ],
        images: 2,
        vms: 0,
        verbs: &["enable", "disable", "delete", "delete --force", "clone"],
        asked_of_vms: &[],
    },
    // A persistent image with a snapshot, on which the datastore works while VMs wait.
    Model {
        drivers: &["driver ds * hold", "driver ds CP auto"],
        creates: &["oneimage create --name i0 --persistent --path /a -d 100"],
        images: 1,
        vms: 2,
        verbs: &["delete --force", "snapshot-delete", "snapshot-revert", "snapshot-flatten"],
        asked_of_vms: &[
            ("pend", "deploy 0 0"),
            ("runn", "disk-snapshot-create 0 0 s"),
            ("runn", "terminate 0"),
            ("", "terminate 0 --hard"),
        ],
    },
    // A disk that is saved as a new image.
    Model {
        drivers: &["driver ds * hold", "driver ds CP auto", "driver tm TRANSFER hold"],
        creates: &["oneimage create --name i0 --path /a -d 100"],
        images: 2,
        vms: 1,
        verbs: &["delete --force", "disable", "enable"],
        asked_of_vms: &[
            ("pend", "deploy 0 0"),
            ("runn", "disk-saveas 0 0 saved"),
            ("", "recover 0 --delete"),
        ],
    },
];

impl Model {
    fn start(&self) -> World {
        let mut host = Host::<OpenNebula>::default();
        for line in self.drivers {
            host.perform(line, SimTime::START).expect("it is an action");
        }
        host.world().clone()
    }

    fn actions(&self, world: &World) -> Vec<Action> {
        let (next_image, next_vm) = world.next_ids();
        let mut lines = Vec::new();
        if next_image.0 == 0 {
            lines.extend(self.creates.iter().map(ToString::to_string));
        }
        for row in OpenNebula::images(world, 0, usize::MAX) {
            lines.extend(self.asked_of_image(&row, next_image));
            if next_vm.0 < self.vms {
                lines.push(format!("onevm create --disk {}", row.id));
            }
        }
        for machine in OpenNebula::machines(world) {
            let asked =
                self.asked_of_vms.iter().filter(|(state, _)| state.is_empty() || *state == machine.state);
            let asked = asked.filter(|(_, verb)| self.has_room(verb, world, next_image));
            lines.extend(asked.map(|(_, verb)| {
                let (verb, rest) = verb.split_once(" 0").expect("a verb and its VM");
                format!("onevm {verb} {}{rest}", machine.id)
            }));
        }
        for job in OpenNebula::jobs(world, &|_| true) {
            lines.extend(job.endings.iter().take(2).map(|ending| ending.line.clone()));
        }
        lines.iter().map(|line| line.parse().expect("it is an action")).collect()
    }

    /// One snapshot at most, and no more images than the model has.
    fn has_room(&self, verb: &str, world: &World, next: ImageId) -> bool {
        let images = || OpenNebula::observe(world).into_iter().filter(|((kind, _), _)| kind == "images");
        let has_snapshots = |(_, image): (_, miniserde::json::Object)| {
            image
                .get("snapshots")
                .is_some_and(|snapshots| miniserde::json::to_string(snapshots).contains("\"s\""))
        };
        match verb.split_once(' ').map_or(verb, |(verb, _)| verb) {
            "disk-saveas" => next.0 < self.images,
            "disk-snapshot-create" => !images().any(has_snapshots),
            _ => true,
        }
    }

    fn asked_of_image(&self, row: &ImageRow, next: ImageId) -> Vec<String> {
        let id = row.id;
        let line = |verb: &&str| match *verb {
            // Deleting again while it is deleted would only add calls, without end.
            "delete" | "delete --force"
                if row.state == lab::systems::opennebula::ImageState::Delete as usize =>
            {
                None
            }
            "delete --force" => Some(format!("oneimage delete {id} --force")),
            "clone" => (next.0 < self.images).then(|| format!("oneimage clone {id} i{next}")),
            verb if verb.starts_with("snapshot-") => Some(format!("oneimage {verb} {id} 0")),
            verb => Some(format!("oneimage {verb} {id}")),
        };
        self.verbs.iter().filter_map(line).collect()
    }
}

/// What images of OpenNebula can do: those that are not persistent, and those that are.
pub(crate) fn opennebula() -> [Reached; 2] {
    let mut reached = [Reached::new(), Reached::new()];
    for model in MODELS {
        let found = explore::<OpenNebula, _>(model.start(), |world| model.actions(world), World::abridged);
        for (number, world) in found.worlds.iter().enumerate() {
            for action in model.actions(world) {
                for (kind, ends) in changes(world, &action) {
                    let way = || {
                        let before = found.trace(number);
                        before.iter().chain([&action]).map(ToString::to_string).collect::<Vec<_>>()
                    };
                    let known = reached[kind].get(&ends).map_or(usize::MAX, Vec::len);
                    // Worlds are counted in the order of their distance.
                    if known == usize::MAX || way().len() < known {
                        reached[kind].insert(ends, way());
                    }
                }
            }
        }
    }
    reached
}

/// What an action does to images, each with whether it is persistent: before, or as it is made.
fn changes(world: &World, action: &Action) -> Vec<(usize, (&'static str, &'static str))> {
    let mut after = world.clone();
    let mut events = Log::default();
    let _ = OpenNebula::decide(&mut Turn::new(&mut after, SimTime::START, &mut events), action);
    let persistent = |world: &World, id| {
        let column = OpenNebula::COLUMNS.iter().position(|column| *column == "PER").expect("it is a column");
        OpenNebula::image(world, id).map(|row| row.cells[column] == "Yes")
    };
    let kind = |id| usize::from(persistent(world, id).or_else(|| persistent(&after, id)).unwrap_or(false));
    let change = |event: &Event<OpenNebula>| match event {
        Event::Transitioned(Transition { image: id, from, to, .. }) => {
            Some((kind(*id), (name(*from), name(*to))))
        }
        Event::Changed(_) => None,
    };
    events.iter().filter_map(change).collect()
}

/// What one image of Glance can do, as it is or in v1 mode.
pub(crate) fn glance(v1: bool) -> Reached {
    let mut host = Host::<Glance>::default();
    host.perform(&format!("config v1={}", if v1 { "True" } else { "False" }), SimTime::START)
        .expect("it is an action");
    host.perform("driver pace 1000", SimTime::START).expect("it is an action");
    let found = explore::<Glance, _>(host.world().clone(), glance_actions, glance_key);
    let way = |number, action: &GlanceAction| {
        found.trace(number).iter().chain([action]).map(ToString::to_string).collect()
    };
    let edges = found.edges.iter();
    edges.map(|((from, to), (number, action))| ((name(*from), name(*to)), way(*number, action))).collect()
}

/// What makes worlds different here: an image's way, not its numbers and times.
fn glance_key(world: &GlanceWorld) -> Vec<String> {
    let image = world.images.values().next();
    let task = world.tasks.iter().rfind(|task| !task.status.is_final());
    vec![
        format!("{:?}", image.map(|image| (image.status, image.live().count(), image.deleted))),
        format!("{:?}", image.map(|image| (&image.files, image.checksum.is_some(), image.size))),
        format!("{:?}", image.map(|image| (image.staged, image.transfer.as_ref().map(|t| t.staging)))),
        format!("{:?}", task.map(|task| (task.phase, task.outcome, task.kind))),
        format!("{}", world.settings.delayed_delete),
    ]
}

fn glance_actions(world: &GlanceWorld) -> Vec<GlanceAction> {
    // Lost updates bring back locations whose data is gone, again and again.
    if world.images.values().any(|image| image.live_count() > 3) {
        return Vec::new();
    }
    let is_wanted = |action: &GlanceAction| match &action.ask {
        Ask::Create { .. } => world.images.is_empty() && world.next_image == 1,
        Ask::Boot(..)
        | Ask::Snapshot(..)
        | Ask::DeleteInstance(_)
        | Ask::Image(_, Call::Hang)
        | Ask::Drive(Drive::StoreFull(_) | Drive::HangTask(_)) => false,
        Ask::Drive(Drive::Config(options)) => !options.starts_with("v1"),
        Ask::List(_)
        | Ask::Image(..)
        | Ask::CreateTask(_)
        | Ask::ShowTask(_)
        | Ask::DeleteTask(_)
        | Ask::ListTasks(_)
        | Ask::Drive(_)
        | Ask::Adopt(_) => true,
    };
    let mut actions = Glance::actions(world);
    actions.retain(is_wanted);
    let steps = world.tasks.iter().filter(|task| !task.status.is_final());
    actions.extend(steps.map(|task| format!("worker {}", task.id).parse().expect("it is an action")));
    actions
}
