//! The picture at one moment: where each image's token stands, what it waits for, what is crowded.

use super::motion::{Motion, Stream};
use super::pose::Pose;
use super::track::{Point, mix};
use crate::engine::chart::{Chart, End, Phase};
use crate::engine::present::JobRow;
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

/// Where the images stand: those that are drawn, by id, each in its slot; and how many there are.
///
/// A sorted list and no map: it has at most [`TOKENS_PER_STATE`] entries a state and the chosen one,
/// and a map's code costs the download more than it saves.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Placement {
    drawn: Vec<(ImageId, Slot)>,
    counts: [usize; STATES],
}

impl Placement {
    pub(super) fn slot(&self, image: ImageId) -> Option<Slot> {
        self.drawn.iter().find(|(id, _)| *id == image).map(|(_, slot)| *slot)
    }

    /// Whether the image has a token of its own.
    pub fn draws(&self, image: ImageId) -> bool {
        self.slot(image).is_some()
    }

    /// How many images are in a state.
    pub fn count(&self, state: usize) -> usize {
        self.counts.get(state).copied().unwrap_or_default()
    }
}

impl Slot {
    /// The place in the chart: on the lower border of the state's node, fanned around its middle.
    #[expect(clippy::cast_precision_loss, reason = "a slot's index is at most TOKENS_PER_STATE")]
    pub(super) fn point(self, pose: Pose) -> Point {
        let (x, y) = pose.state(self.state);
        let middle = (self.of - 1) as f32 / 2.0;
        (x + (self.index as f32 - middle) * SLOT_WIDTH, y + pose.chart.node_size.1 / 2.0)
    }
}

/// Gives images, oldest first with the states they are in, their slots: up to [`TOKENS_PER_STATE`] of
/// a state. The chosen one is always drawn, if need be on top of its state's last token.
pub fn place(images: impl Iterator<Item = (ImageId, usize)>, chosen: Option<ImageId>) -> Placement {
    let mut placement = Placement::default();
    for (image, state) in images {
        let Some(count) = placement.counts.get_mut(state) else { continue };
        *count += 1;
        if *count <= TOKENS_PER_STATE || chosen == Some(image) {
            let index = (*count).min(TOKENS_PER_STATE) - 1;
            placement.drawn.push((image, Slot { state, index, of: 0 }));
        }
    }
    for (_, slot) in &mut placement.drawn {
        slot.of = placement.counts[slot.state].min(TOKENS_PER_STATE);
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

/// Many images on their way together.
#[derive(Clone, PartialEq, Debug)]
pub struct Crowd {
    /// The phase that gives them their colour: that of the state they go to.
    pub phase: Phase,
    /// The centres of those that have no token of their own, in chart units.
    pub at: Vec<Point>,
    /// Those that have one, and their centres: they travel as part of the crowd.
    pub named: Vec<(ImageId, Point)>,
}

/// The picture at one moment.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Scene {
    /// The tokens in the order of their images, those that leave last.
    pub tokens: Vec<Token>,
    /// The crowd, by the way it takes.
    pub crowds: Vec<Crowd>,
}

impl Scene {
    /// The same moment on its way to another layout's picture of it.
    #[must_use]
    pub fn mixed(mut self, other: &Self, blend: f32) -> Self {
        for (token, there) in self.tokens.iter_mut().zip(&other.tokens) {
            token.at = mix(token.at, there.at, blend);
        }
        for (crowd, there) in self.crowds.iter_mut().zip(&other.crowds) {
            for (at, there) in crowd.at.iter_mut().zip(&there.at) {
                *at = mix(*at, *there, blend);
            }
            for ((_, at), (_, there)) in crowd.named.iter_mut().zip(&there.named) {
                *at = mix(*at, *there, blend);
            }
        }
        self
    }

    /// Whether only the crowds are elsewhere than in `other`: the page's elements are the same.
    pub fn has_elements_of(&self, other: &Self) -> bool {
        let phases = |scene: &Self| scene.crowds.iter().map(|crowd| crowd.phase).collect::<Vec<_>>();
        self.tokens == other.tokens && phases(self) == phases(other)
    }
}

/// While this part of a motion passes, the cause is shown and nothing moves yet.
const CAUSE_FIRST: f32 = 0.12;

/// From here on the token has arrived and pulses.
const ARRIVED: f32 = 0.86;

/// The picture at the moment `clock`, `fraction` (0 to 1) into `motion`, which leads from the
/// placement `before` to the placement `after`.
pub fn scene(
    pose: Pose,
    jobs: &[JobRow],
    clock: SimTime,
    (before, after): (&Placement, &Placement),
    motion: &Motion,
    fraction: f32,
) -> Scene {
    let travelled = ease(((fraction - CAUSE_FIRST) / (ARRIVED - CAUSE_FIRST)).clamp(0.0, 1.0));
    let pulse = ((fraction - ARRIVED) / (1.0 - ARRIVED)).clamp(0.0, 1.0);
    let phase_of = |slot: Slot| phase(pose.chart, slot.state);
    let images = after.drawn.iter().map(|(image, _)| *image);
    let leaving = motion.ways.iter().map(|(image, _)| *image);
    let leaving = leaving.filter(|image| after.slot(*image).is_none() && fraction < 1.0);
    let token = |image| {
        let (from, to) = (before.slot(image), after.slot(image));
        let way = motion.way(image).filter(|_| fraction < 1.0);
        let at = match (way, from, to) {
            (Some(way), ..) => way.at(travelled),
            (_, Some(from), Some(to)) => mix(from.point(pose), to.point(pose), travelled),
            (_, None, Some(to)) => to.point(pose),
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
    let streams = motion.streams.iter().filter(|stream| stream.count > 0 && fraction < 1.0);
    let mut scene = Scene {
        tokens: Vec::new(),
        crowds: streams.map(|stream| crowd(pose.chart, stream, fraction)).collect(),
    };
    for token in images.chain(leaving).filter_map(token) {
        match scene.crowds.iter_mut().find(|crowd| token.moving && crowd.phase == token.phase) {
            Some(crowd) => crowd.named.push((token.image, token.at)),
            None => scene.tokens.push(token),
        }
    }
    scene
}

fn phase(chart: &Chart, state: usize) -> Phase {
    chart.node(state).map_or(Phase::Gone, |node| node.phase)
}

/// So much of the time in which a crowd travels lies between the departures of its first and its last.
const SPREAD: f32 = 0.45;

/// How far the images of a crowd lie apart where it gathers, in chart units: across and down.
const HEAP: (f32, f32) = (84.0, 13.0);

/// A crowd on its way: one image after the other, close together on the edge and heaped at its ends.
#[expect(clippy::cast_precision_loss, reason = "a crowd is of thousands, not of millions")]
fn crowd(chart: &Chart, stream: &Stream, fraction: f32) -> Crowd {
    let passed = ((fraction - CAUSE_FIRST) / (ARRIVED - CAUSE_FIRST)).clamp(0.0, 1.0);
    let image = |number: u32| {
        let number = number as f32;
        let lag = SPREAD * number / stream.count as f32;
        let travelled = ease(((passed - lag) / (1.0 - SPREAD)).clamp(0.0, 1.0));
        let (x, y) = stream.track.at(travelled);
        let from_middle = (2.0 * travelled - 1.0) * (2.0 * travelled - 1.0);
        let gathered = 0.12 + 0.88 * from_middle * from_middle;
        // Two numbers that fill a square evenly: the fractions of steps by the plastic ratio's powers.
        let across = (number * 0.754_877_7).fract() - 0.5;
        let down = (number * 0.569_840_3).fract() - 0.5;
        (x + across * HEAP.0 * gathered, y + down * HEAP.1)
    };
    let phase = match stream.colour_of() {
        End::State(state) => phase(chart, state),
        End::Outside => Phase::Gone,
    };
    Crowd { phase, at: (0..stream.count).map(image).collect(), named: Vec::new() }
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

    fn picture(before: &[ImageState], after: &[ImageState], moves: &[Move], fraction: f32) -> Scene {
        let (from, to) = (placed(before), placed(after));
        let pose = Pose { chart: &CHART, blend: 0.0 };
        let motion = motion(pose, moves, &from, &to);
        scene(pose, &[], SimTime::START, (&from, &to), &motion, fraction)
    }

    /// The images 0, 1, 2 … in these states.
    fn placed(states: &[ImageState]) -> Placement {
        place((0..).map(ImageId).zip(states.iter().map(|state| *state as usize)), None)
    }

    /// So many images go from READY to DISABLED.
    fn crowd(count: u32, fraction: f32) -> Scene {
        let states = |state| vec![state; count as usize];
        let (from, to) = (End::State(ImageState::Ready as usize), End::State(ImageState::Disabled as usize));
        let moves: Vec<Move> = (0..count).map(|id| Move { image: ImageId(id), from, to }).collect();
        picture(&states(ImageState::Ready), &states(ImageState::Disabled), &moves, fraction)
    }

    fn disabled(fraction: f32) -> Scene {
        crowd(1, fraction)
    }

    #[test]
    fn an_image_of_the_greatest_number_moves_in_a_crowd_as_any_other() {
        let (from, to) = (End::State(ImageState::Ready as usize), End::State(ImageState::Disabled as usize));
        let step = Move { image: ImageId(u32::MAX), from, to };
        let steps = [step, Move { from: to, to: from, ..step }];
        assert_eq!(picture(&[], &[], &steps, 0.5).crowds[0].at.len(), 1);
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
        let before = [ImageState::Delete];
        assert_eq!(picture(&before, &[], &moves, 0.5).tokens.len(), 1);
        assert_eq!(picture(&before, &[], &moves, 1.0).tokens.len(), 0);
    }

    #[test]
    fn six_images_of_a_state_and_the_chosen_one_have_tokens_and_all_are_counted() {
        let images = || (0..9).map(|id| (ImageId(id), ImageState::Ready as usize));
        assert_eq!(place(images(), None).drawn.len(), TOKENS_PER_STATE);
        let placement = place(images(), Some(ImageId(8)));
        assert!(placement.draws(ImageId(8)) && !placement.draws(ImageId(7)));
        assert_eq!(placement.count(ImageState::Ready as usize), 9);
    }

    #[test]
    fn of_a_thousand_that_move_each_is_seen_and_none_after_they_have_arrived() {
        let scene = crowd(1_000, 0.5);
        let seen = scene.crowds.iter().map(|crowd| crowd.at.len() + crowd.named.len()).sum::<usize>();
        assert_eq!(scene.tokens.len() + seen, 1_000);
        assert!(crowd(1_000, 1.0).crowds.is_empty());
    }

    #[test]
    fn while_a_crowd_travels_the_page_keeps_its_elements() {
        assert!(crowd(1_000, 0.3).has_elements_of(&crowd(1_000, 0.9)));
        assert!(!crowd(1_000, 0.9).has_elements_of(&crowd(1_000, 1.0)));
        assert!(!disabled(0.3).has_elements_of(&disabled(0.4)));
    }

    #[test]
    fn a_crowd_that_goes_two_steps_goes_by_both_edges() {
        let (locked, ready) = (ImageState::Locked as usize, ImageState::Ready as usize);
        let into = |id| Move { image: ImageId(id), from: End::Outside, to: End::State(locked) };
        let on = |id| Move { image: ImageId(id), from: End::State(locked), to: End::State(ready) };
        let moves: Vec<Move> = (0..20).flat_map(|id| [into(id), on(id)]).collect();
        let pose = Pose { chart: &CHART, blend: 0.0 };
        let motion = motion(pose, &moves, &Placement::default(), &placed(&[ImageState::Ready; 20]));
        let counts: Vec<u32> = motion.streams.iter().map(|stream| stream.count).collect();
        assert_eq!(counts, [0, 14]);
        assert!(motion.streams[1].track.length() > motion.streams[0].track.length());
    }
}
