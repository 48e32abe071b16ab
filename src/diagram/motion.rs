//! How the picture changes in one step of the journal: which edges are travelled, and for how long.
//!
//! Images that have a token each travel by a way of their own. The others are a crowd: those that go
//! the same way are one stream.

use super::pose::Pose;
use super::scene::Placement;
use super::track::Track;
use crate::engine::ImageId;
use crate::engine::chart::{Cause, End};
use crate::engine::host::Move;

/// One step of the journal as a movement in the picture.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Motion {
    /// The way of each drawn image that moves, from where it was to where it will be.
    pub ways: Vec<(ImageId, Track)>,
    /// The ways of the crowd. Each goes on where another ends, so those in between may be empty.
    pub streams: Vec<Stream>,
    /// The edges that are travelled, by their place in the chart, in order.
    pub edges: Vec<usize>,
    /// Whether an edge of failure is among them.
    pub failed: bool,
    /// How long it takes at speed 1, in milliseconds.
    pub duration: f32,
}

/// A way that images without a token of their own take together.
#[derive(Clone, PartialEq, Debug)]
pub struct Stream {
    /// The stream that it goes on from.
    after: Option<usize>,
    /// Its last step.
    step: (End, End),
    /// The whole way.
    pub track: Track,
    /// How many images take it.
    pub count: u32,
}

impl Stream {
    /// The state that gives its colour: where it goes, or where it comes from if it leaves.
    pub(super) fn colour_of(&self) -> End {
        if self.step.1 == End::Outside { self.step.0 } else { self.step.1 }
    }
}

/// Which stream each image of the crowd is in, in the order of the images.
#[derive(Default)]
struct Crowd(Vec<(ImageId, usize)>);

impl Crowd {
    /// Lets an image of the crowd take another step.
    fn step(&mut self, streams: &mut Vec<Stream>, pose: Pose, step: &Move) {
        let place = self.0.binary_search_by_key(&step.image, |(image, _)| *image);
        let (after, way) = (place.ok().map(|place| self.0[place].1), (step.from, step.to));
        let known = streams.iter().position(|stream| (stream.after, stream.step) == (after, way));
        let stream = known.unwrap_or_else(|| {
            let track = after.map_or_else(Track::default, |after| streams[after].track.clone());
            streams.push(Stream { after, step: way, track: on_from(track, pose, step), count: 0 });
            streams.len() - 1
        });
        if let Some(left) = after {
            streams[left].count -= 1;
        }
        streams[stream].count += 1;
        match place {
            Ok(place) => self.0[place].1 = stream,
            Err(place) => self.0.insert(place, (step.image, stream)),
        }
    }
}

/// A track with one more step at its end, from the border of one node to that of another.
fn on_from(mut track: Track, pose: Pose, step: &Move) -> Track {
    track.go_to(border(pose, step.from, pose.entry()));
    if let Some(edge) = pose.chart.edge(step.from, step.to) {
        track.go_along(&Track::along(&pose.path(edge)));
    }
    track.go_to(border(pose, step.to, pose.exit()));
    track
}

/// Where a state's tokens stand, in their middle.
fn border(pose: Pose, end: End, outside: (f32, f32)) -> (f32, f32) {
    let (x, y) = pose.end(end, outside);
    (x, if end == End::Outside { y } else { y + pose.chart.node_size.1 / 2.0 })
}

impl Motion {
    /// The way of one image, if it moves.
    pub(super) fn way(&self, image: ImageId) -> Option<&Track> {
        self.ways.iter().find(|(id, _)| *id == image).map(|(_, way)| way)
    }

    fn way_mut(&mut self, image: ImageId, begin: impl FnOnce() -> Track) -> &mut Track {
        let known = self.ways.iter().position(|(id, _)| *id == image);
        let place = known.unwrap_or_else(|| {
            self.ways.push((image, begin()));
            self.ways.len() - 1
        });
        &mut self.ways[place].1
    }
}

/// The shortest and the longest time a motion takes, in milliseconds.
const DURATIONS: (f32, f32) = (350.0, 1200.0);

/// Milliseconds for each unit of the natural logarithm of a way's length.
const PER_LOG_LENGTH: f32 = 220.0;

/// The motion of a step that made `moves`, between two placements of the images.
pub fn motion(pose: Pose, moves: &[Move], before: &Placement, after: &Placement) -> Motion {
    let (mut motion, chart) = (Motion::default(), pose.chart);
    let mut crowd = Crowd::default();
    for step in moves {
        if let Some(edge) = chart.edge(step.from, step.to) {
            motion.failed |= chart.edges[edge].cause == Cause::Failure;
            motion.edges.retain(|&other| other != edge);
            motion.edges.push(edge);
        }
        if before.slot(step.image).or(after.slot(step.image)).is_none() {
            crowd.step(&mut motion.streams, pose, step);
            continue;
        }
        let way = motion.way_mut(step.image, || {
            let mut way = Track::default();
            if let Some(slot) = before.slot(step.image) {
                way.go_to(slot.point(pose));
            }
            way
        });
        if let Some(edge) = chart.edge(step.from, step.to) {
            way.go_along(&Track::along(&pose.path(edge)));
        } else {
            way.go_to(pose.end(step.from, pose.entry()));
            way.go_to(pose.end(step.to, pose.exit()));
        }
    }
    for (image, way) in &mut motion.ways {
        if let Some(slot) = after.slot(*image) {
            way.go_to(slot.point(pose));
        }
    }
    let ways = motion.ways.iter().map(|(_, way)| way);
    let ways = ways.chain(motion.streams.iter().map(|stream| &stream.track));
    let longest = ways.map(Track::length).fold(0.0, f32::max);
    if longest > 0.0 {
        motion.duration = (longest.ln() * PER_LOG_LENGTH).clamp(DURATIONS.0, DURATIONS.1);
    }
    motion
}
