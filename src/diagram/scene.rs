//! The picture at one moment: where each image's token stands, what it waits for, what is crowded.

use super::motion::Motion;
use super::track::{Point, mix};
use crate::engine::chart::{Chart, Phase};
use crate::engine::present::{ImageRow, JobRow};
use crate::engine::{ImageId, SimTime};

/// So many tokens of a state are drawn; the rest is a count.
pub const TOKENS_PER_STATE: usize = 6;

/// No cloud has more states than this.
const STATES: usize = 16;

/// The distance between neighbouring tokens, in chart units.
const SLOT_WIDTH: f32 = 17.0;

/// A token's place among those of its state.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Slot {
    state: usize,
    index: usize,
    of: usize,
}

/// Where the images stand: those that are drawn, by id, each in its slot.
///
/// A sorted list and no map: it has at most [`TOKENS_PER_STATE`] entries a state, and a map's code
/// costs the download more than it saves.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Placement(Vec<(ImageId, Slot)>);

impl Placement {
    pub(super) fn slot(&self, image: ImageId) -> Option<Slot> {
        self.0.iter().find(|(id, _)| *id == image).map(|(_, slot)| *slot)
    }
}

impl Slot {
    /// The place in the chart: on the lower border of the state's node, fanned around its middle.
    #[expect(clippy::cast_precision_loss, reason = "a slot's index is at most TOKENS_PER_STATE")]
    pub(super) fn point(self, chart: &Chart) -> Point {
        let node = chart.nodes.iter().find(|node| node.state == self.state);
        let (x, y) = node.map_or((0.0, 0.0), |node| (node.x, node.y));
        let middle = (self.of - 1) as f32 / 2.0;
        (x + (self.index as f32 - middle) * SLOT_WIDTH, y + chart.node_size.1 / 2.0)
    }
}

/// Gives each image a slot in its state: up to [`TOKENS_PER_STATE`] of a state, by id.
pub fn place(rows: &[ImageRow]) -> Placement {
    let mut images: Vec<(ImageId, usize)> = Vec::with_capacity(rows.len());
    for row in rows {
        let place = images.partition_point(|(id, _)| *id < row.id);
        images.insert(place, (row.id, row.state));
    }
    let mut counts = [0; STATES];
    let slots = images.into_iter().filter_map(|(image, state)| {
        let index = *counts.get(state)?;
        counts[state] += 1;
        (index < TOKENS_PER_STATE).then_some((image, Slot { state, index, of: 0 }))
    });
    let mut placement = Placement(slots.collect());
    for (_, slot) in &mut placement.0 {
        slot.of = counts[slot.state].min(TOKENS_PER_STATE);
    }
    placement
}

/// What the ring around a token says about the work that the image waits for.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Ring {
    /// No work.
    None,
    /// So much of the time has passed, from 0 to 1.
    Filling(f32),
    /// The work hangs: it has no end in sight.
    Endless,
}

/// One image in the picture.
#[derive(Clone, PartialEq, Debug)]
pub struct Token {
    /// The image.
    pub image: ImageId,
    /// Its centre, in chart units.
    pub at: Point,
    /// The phase that gives its colour: that of the state it goes to.
    pub phase: Phase,
    /// The work it waits for.
    pub ring: Ring,
    /// Whether it is on its way.
    pub moving: bool,
    /// From 0 to 1 while it arrives, for the pulse; 0 otherwise.
    pub pulse: f32,
}

/// The picture at one moment.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Scene {
    /// The tokens in the order of their images, those that leave last.
    pub tokens: Vec<Token>,
}

/// While this part of a motion passes, the cause is shown and nothing moves yet.
const CAUSE_FIRST: f32 = 0.12;

/// From here on the token has arrived and pulses.
const ARRIVED: f32 = 0.86;

/// The picture at the moment `clock`, `fraction` (0 to 1) into `motion`, which leads from the
/// placement `before` to the placement `after`.
pub fn scene(
    chart: &Chart,
    jobs: &[JobRow],
    clock: SimTime,
    (before, after): (&Placement, &Placement),
    motion: &Motion,
    fraction: f32,
) -> Scene {
    let travelled = ease(((fraction - CAUSE_FIRST) / (ARRIVED - CAUSE_FIRST)).clamp(0.0, 1.0));
    let pulse = ((fraction - ARRIVED) / (1.0 - ARRIVED)).clamp(0.0, 1.0);
    let phase_of = |slot: Slot| {
        let node = chart.nodes.iter().find(|node| node.state == slot.state);
        node.map_or(Phase::Gone, |node| node.phase)
    };
    let images = after.0.iter().map(|(image, _)| *image);
    let leaving = motion.ways.iter().map(|(image, _)| *image);
    let leaving = leaving.filter(|image| after.slot(*image).is_none() && fraction < 1.0);
    let token = |image| {
        let (from, to) = (before.slot(image), after.slot(image));
        let way = motion.way(image).filter(|_| fraction < 1.0);
        let at = match (way, from, to) {
            (Some(way), ..) => way.at(travelled),
            (_, Some(from), Some(to)) => mix(from.point(chart), to.point(chart), travelled),
            (_, None, Some(to)) => to.point(chart),
            (_, _, None) => return None,
        };
        let job = jobs.iter().find(|job| job.image == Some(image));
        Some(Token {
            image,
            at,
            phase: to.or(from).map_or(Phase::Gone, phase_of),
            ring: job.filter(|_| way.is_none()).map_or(Ring::None, |job| ring(job, clock)),
            moving: way.is_some(),
            pulse: if way.is_some() { pulse } else { 0.0 },
        })
    };
    Scene { tokens: images.chain(leaving).filter_map(token).collect() }
}

#[expect(clippy::cast_precision_loss, reason = "a job lasts seconds, not centuries")]
fn ring(job: &JobRow, clock: SimTime) -> Ring {
    let Some(due) = job.due else { return Ring::Endless };
    let length = due.0.saturating_sub(job.started.0).max(1) as f32;
    let passed = clock.0.saturating_sub(job.started.0) as f32;
    Ring::Filling((passed / length).min(1.0))
}

/// Slow in, slow out.
fn ease(t: f32) -> f32 {
    t * t * (3.0 - 2.0 * t)
}

#[cfg(test)]
mod tests {
    use super::super::motion;
    use super::*;
    use crate::engine::chart::End;
    use crate::engine::host::Move;
    use crate::systems::opennebula::{CHART, ImageState};

    fn row(id: u32, state: ImageState) -> ImageRow {
        let (id, state) = (ImageId(id), state as usize);
        ImageRow { id, name: String::new(), state, cells: Vec::new(), machines: Vec::new() }
    }

    fn picture(before: &[ImageRow], after: &[ImageRow], moves: &[Move], fraction: f32) -> Scene {
        let (from, to) = (place(before), place(after));
        let motion = motion(&CHART, moves, &from, &to);
        scene(&CHART, &[], SimTime::START, (&from, &to), &motion, fraction)
    }

    fn disabled(fraction: f32) -> Scene {
        let (ready, disabled) = (ImageState::Ready as usize, ImageState::Disabled as usize);
        let moves = [Move { image: ImageId(0), from: End::State(ready), to: End::State(disabled) }];
        picture(&[row(0, ImageState::Ready)], &[row(0, ImageState::Disabled)], &moves, fraction)
    }

    #[test]
    fn a_motion_begins_where_the_image_was_and_ends_where_it_is() {
        assert_eq!(disabled(0.0).tokens[0].at, (240.0, 276.0));
        assert_eq!(disabled(1.0).tokens[0].at, (62.0, 418.0));
        assert!(disabled(0.5).tokens[0].moving && !disabled(1.0).tokens[0].moving);
    }

    #[test]
    fn an_image_that_goes_is_seen_on_its_way_and_then_no_more() {
        let moves =
            [Move { image: ImageId(0), from: End::State(ImageState::Delete as usize), to: End::Outside }];
        let before = [row(0, ImageState::Delete)];
        assert_eq!(picture(&before, &[], &moves, 0.5).tokens.len(), 1);
        assert_eq!(picture(&before, &[], &moves, 1.0).tokens.len(), 0);
    }

    #[test]
    fn a_crowd_shows_six_tokens_and_no_more() {
        let rows: Vec<ImageRow> = (0..9).map(|id| row(id, ImageState::Ready)).collect();
        assert_eq!(place(&rows).0.len(), TOKENS_PER_STATE);
    }
}
