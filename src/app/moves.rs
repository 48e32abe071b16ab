//! What may become of an image: the lines that may move it, when two worlds count as one, and why a
//! state may be out of reach.

use std::borrow::Cow;

use crate::engine::chart::{Edge, End, Standing};
use crate::engine::host::Cloud;
use crate::engine::present::{Offer, Verb};
use crate::engine::{ImageId, SimTime};

/// So many machines that do not hold the image are tried to attach it to.
const MOST_ATTACHED: usize = 2;

/// Where an image is.
pub(super) fn place(cloud: &dyn Cloud, image: ImageId) -> End {
    cloud.image(image).map_or(End::Outside, |row| End::State(row.state))
}

/// The name of a state; outside is `gone`.
pub(super) fn end_name(cloud: &dyn Cloud, end: End) -> &'static str {
    match end {
        End::State(state) => cloud.states()[state],
        End::Outside => "gone",
    }
}

/// Why a state may be out of reach, by the edges of the diagram that lead there.
pub(super) fn why_not(cloud: &dyn Cloud, goal: End) -> String {
    let chart = cloud.chart();
    let goal_name = end_name(cloud, goal);
    let meaning = match goal {
        End::State(state) => chart.node(state).map_or("", |node| node.meaning),
        End::Outside => "",
    };
    if !is_ever_reached(cloud, goal) {
        return format!("No action of {} today leads to {goal_name}. {meaning}", cloud.title());
    }
    let mut origins: Vec<&'static str> = Vec::new();
    for edge in chart.edges.iter().filter(|edge| edge.to == goal && is_taken(cloud, edge)) {
        let origin = if edge.from == End::Outside { "new" } else { end_name(cloud, edge.from) };
        if !origins.contains(&origin) {
            origins.push(origin);
        }
    }
    format!("{goal_name} is entered from {}.", origins.join(", "))
}

/// Whether an image really takes this edge, as the cloud's modes are switched.
pub(super) fn is_taken(cloud: &dyn Cloud, edge: &Edge) -> bool {
    let on = |mode: usize| cloud.modes().get(mode).is_some_and(|mode| mode.on);
    edge.standing != Standing::Unreachable && !edge.standing.is_off(on)
}

/// Whether any edge that an image really takes leads there.
pub(super) fn is_ever_reached(cloud: &dyn Cloud, goal: End) -> bool {
    cloud.chart().edges.iter().any(|edge| edge.to == goal && is_taken(cloud, edge))
}

/// What may move the image, the most natural last: what the clock would do, what is asked of the
/// image and of its machines, how its work may end, and what is asked of the cloud itself.
pub(super) fn lines(cloud: &dyn Cloud, image: ImageId) -> Vec<(String, Cow<'static, str>)> {
    let mut offers = Vec::new();
    let creates = |line: &str| {
        let preview = cloud.preview(line, SimTime::START);
        preview.is_ok_and(|preview| preview.moves.iter().any(|step| step.from == End::Outside))
    };
    offers.extend(cloud.due().map(|(_, line)| (line, "It ends by itself".into())));
    offers.extend(cloud.offers(Some(image)).into_iter().map(worded));
    let machines = cloud.machines();
    let mut strangers = 0;
    for machine in machines {
        if machine.disks.iter().any(|(_, held)| *held == image) {
            offers.extend(machine.offers.into_iter().map(worded));
        } else if strangers < MOST_ATTACHED {
            strangers += 1;
            let attach = cloud.verb(Verb::Attach(image, machine.id));
            offers.extend(attach.ok().map(|line| (line, "Attach".into())));
        }
    }
    for job in cloud.jobs(&|_| true) {
        offers.extend(job.endings.into_iter().map(worded));
    }
    let general = cloud.offers(None).into_iter().filter(|offer| !creates(&offer.line));
    offers.extend(general.map(worded));
    offers.extend(cloud.modes().into_iter().map(|mode| (mode.line.to_owned(), mode.label.into())));
    offers.reverse();
    offers
}

fn worded(offer: Offer) -> (String, Cow<'static, str>) {
    (offer.line.clone(), offer.words())
}

/// Two worlds with the same key count as one: the image, its machines, the work under way and what
/// the cloud offers look the same. (A simplification: what does not show may differ, so a way that
/// needs it could be missed. A way that is found is real.)
pub(super) fn key(cloud: &dyn Cloud, image: ImageId) -> u64 {
    let mut key = hash(0, end_name(cloud, place(cloud, image)));
    for (label, value) in cloud.details(image) {
        key = hash(hash(key, label), &value);
    }
    for offer in cloud.offers(None) {
        key = hash(key, &offer.label);
    }
    for mode in cloud.modes() {
        key = hash(key, mode.line);
    }
    // Sums, so that the order of machines and of work does not count.
    let mut others = 0_u64;
    for machine in cloud.machines() {
        let own = machine.disks.iter().filter(|(_, held)| *held == image).count();
        others = others.wrapping_add(hash(own as u64, machine.state));
    }
    for job in cloud.jobs(&|_| true) {
        let own = u64::from(job.image == Some(image)) + 2 * u64::from(job.due.is_none());
        others = others.wrapping_add(hash(own, &job.label));
    }
    key ^ others
}

/// FNV-1a, continued.
fn hash(from: u64, text: &str) -> u64 {
    text.bytes().fold(from ^ 0xcbf2_9ce4_8422_2325, |key, byte| {
        (key ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
