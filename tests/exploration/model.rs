//! The bounded model of OpenNebula that is explored: in the tests for what holds in it, and in the
//! benchmark for how fast that is.

use lab::engine::host::{Cloud, Host};
use lab::engine::present::{ImageRow, Present};
use lab::engine::{ImageId, SimTime};
use lab::systems::opennebula::{Action, ImageState, OpenNebula, World};

/// How far an exploration goes.
pub(crate) struct Bounds {
    /// How many images there may ever be.
    pub(crate) images: u32,
    /// How many VMs there may ever be.
    pub(crate) vms: u32,
    /// What is asked of an image besides a copy and a forced removal.
    pub(crate) verbs: &'static [&'static str],
}

/// Two images and two VMs.
pub(crate) const WIDE: Bounds = Bounds { images: 2, vms: 2, verbs: &["enable", "disable", "delete"] };
/// Every answer of a datastore driver is a choice; those of hosts come at once.
pub(crate) fn start() -> World {
    let mut host = Host::<OpenNebula>::default();
    host.perform("driver ds * hold", SimTime::START).expect("it is an action");
    host.world().clone()
}

/// Everything that is asked of a world within these bounds.
pub(crate) fn actions(world: &World, bounds: &Bounds) -> Vec<Action> {
    let (next_image, next_vm) = world.next_ids();
    let mut lines = Vec::new();
    if next_image.0 < bounds.images {
        lines.push(format!("oneimage create --name i{next_image} --path /a -d 100"));
        lines.push(format!("oneimage create --name i{next_image} --path /a --persistent -d 100"));
    }
    for row in OpenNebula::images(world, 0, usize::MAX) {
        // Deleting again while it is deleted would only add calls, without end.
        if row.state != ImageState::Delete as usize {
            lines.extend(asked_of_image(&row, next_image, bounds));
        }
        if next_vm.0 < bounds.vms {
            lines.push(format!("onevm create --disk {}", row.id));
        }
    }
    for machine in OpenNebula::machines(world) {
        let id = machine.id;
        if machine.state == "pend" {
            lines.push(format!("onevm deploy {id} 0"));
        }
        lines.push(format!("onevm terminate {id} --hard"));
        lines.push(format!("onevm recover {id} --delete"));
    }
    for job in OpenNebula::jobs(world, &|_| true) {
        lines.extend(job.endings.iter().take(2).map(|ending| ending.line.clone()));
    }
    lines.iter().map(|line| line.parse().expect("it is an action")).collect()
}

fn asked_of_image(row: &ImageRow, next: ImageId, bounds: &Bounds) -> Vec<String> {
    let id = row.id;
    let mut lines: Vec<String> = bounds.verbs.iter().map(|verb| format!("oneimage {verb} {id}")).collect();
    // Elsewhere force only makes the driver's answer to the removal unimportant.
    if LOCKED.map(|state| state as usize).contains(&row.state) {
        lines.push(format!("oneimage delete {id} --force"));
    }
    if next.0 < bounds.images {
        lines.push(format!("oneimage clone {id} i{next}"));
    }
    lines
}

pub(crate) const LOCKED: [ImageState; 3] =
    [ImageState::Locked, ImageState::LockedUsed, ImageState::LockedUsedPers];
