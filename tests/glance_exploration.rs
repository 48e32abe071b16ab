//! Every world of one image that the page's actions reach: how many, by which changes of status, and
//! what is true in all of them.

use std::sync::OnceLock;

use lab::engine::explore::{Exploration, explore};
use lab::engine::log::Log;
use lab::engine::{SimTime, State, System, Turn};
use lab::systems::glance::action::{Action, Ask, Call, Drive};
use lab::systems::glance::image::LocationState;
use lab::systems::glance::{Glance, ImageStatus, World};

/// What makes worlds different here: an image's way, not its numbers and times.
type Key = Vec<String>;

fn key(world: &World) -> Key {
    let image = world.images.values().next();
    let task = world.tasks.iter().rfind(|task| !task.status.is_final());
    vec![
        format!("{:?}", image.map(|image| image.status)),
        format!("{:?}", image.map(|image| image.live().map(|location| location.store).collect::<Vec<_>>())),
        format!(
            "{:?}",
            image.map(|image| (&image.files, image.checksum.is_some(), image.size, image.deleted))
        ),
        format!("{:?}", image.map(|image| (image.staged, image.transfer.as_ref().map(|t| t.staging)))),
        format!("{:?}", task.map(|task| (task.phase, task.outcome, task.kind))),
        format!("{}{}", world.settings.delayed_delete, world.settings.v1),
    ]
}

/// The page's actions, with one image at most, without instances and without a full store.
fn actions(world: &World) -> Vec<Action> {
    let is_wanted = |action: &Action| match &action.ask {
        Ask::Create { .. } => world.images.is_empty() && world.next_image == 1,
        Ask::Boot(..)
        | Ask::Snapshot(..)
        | Ask::DeleteInstance(_)
        | Ask::Image(_, Call::Hang)
        | Ask::Drive(Drive::StoreFull(_) | Drive::HangTask(_)) => false,
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
    let step = |task| format!("worker {task}").parse().expect("it is an action");
    actions.extend(steps.map(|task| step(task.id)));
    actions
}

/// Lost updates bring back locations whose data is gone, again and again, so the way ends at four of them.
fn bounded(world: &World) -> Vec<Action> {
    let ends = world.images.values().any(|image| image.live_count() > 3);
    if ends { Vec::new() } else { actions(world) }
}

fn exploration() -> &'static Exploration<Glance> {
    static FOUND: OnceLock<Exploration<Glance>> = OnceLock::new();
    FOUND.get_or_init(|| explore(World::paced(SimTime(1_000)), bounded, key))
}

#[test]
fn the_changes_of_status_are_those_of_the_domain_and_five_lost_updates() {
    let mut table = vec![(None, Some(ImageStatus::Queued)), (Some(ImageStatus::Deleted), None)];
    for from in ImageStatus::ALL {
        let targets = ImageStatus::ALL.iter().filter(|to| from.may_become(**to));
        table.extend(targets.map(|to| (Some(*from), Some(*to))));
    }
    // What ends after something has overtaken it writes its old record back, past the domain's table.
    let late = [
        (ImageStatus::Active, ImageStatus::Queued),
        (ImageStatus::Deactivated, ImageStatus::Queued),
        (ImageStatus::Uploading, ImageStatus::Active),
        (ImageStatus::Killed, ImageStatus::Queued),
        (ImageStatus::Killed, ImageStatus::Active),
    ];
    table.extend(late.map(|(from, to)| (Some(from), Some(to))));
    table.sort();
    let found: Vec<_> = exploration().edges.keys().copied().collect();
    assert_eq!(found, table);
    assert_eq!(found.len(), 30);
}

#[test]
fn there_are_so_many_worlds() {
    assert_eq!(exploration().worlds.len(), 25_148);
}

#[test]
fn what_is_always_true() {
    let found = exploration();
    for (number, world) in found.worlds.iter().enumerate() {
        for image in world.images.values() {
            let gone = matches!(image.status, ImageStatus::Deleted | ImageStatus::PendingDelete);
            let way = || found.trace(number).iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
            assert_eq!(image.deleted, gone, "deleted is what the status says:\n{}", way());
            let waits = image.locations.iter().any(|location| location.state == LocationState::PendingDelete);
            assert!(
                image.status != ImageStatus::PendingDelete || waits,
                "pending_delete has data that waits:\n{}",
                way()
            );
            assert!(!gone || image.live().count() == 0, "what is gone has no data:\n{}", way());
        }
        assert!(Glance::due(world).is_none_or(|(_, action)| actions(world).contains(&action)));
    }
}

#[test]
fn whatever_falls_due_changes_the_world_until_nothing_does() {
    let found = exploration();
    for (number, world) in found.worlds.iter().enumerate() {
        let mut world = world.clone();
        while let Some((due, action)) = Glance::due(&world) {
            let mut events = Log::default();
            let _ = Glance::decide(&mut Turn::new(&mut world, due, &mut events), &action);
            let way = || found.trace(number).iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
            assert!(!events.is_empty(), "“{action}” changes nothing, so it stays due:\n{}", way());
        }
    }
}
