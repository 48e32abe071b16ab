//! How the picture changes in one step of the journal: which edges are travelled, and for how long.

use super::scene::Placement;
use super::track::Track;
use crate::engine::ImageId;
use crate::engine::chart::{Cause, Chart, End};
use crate::engine::host::Move;

/// One step of the journal as a movement in the picture.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Motion {
    /// The way of each image that moves, from where it was to where it will be.
    pub ways: Vec<(ImageId, Track)>,
    /// The edges that are travelled, by their place in the chart, in order.
    pub edges: Vec<usize>,
    /// Whether an edge of failure is among them.
    pub failed: bool,
    /// How long it takes at speed 1, in milliseconds.
    pub duration: f32,
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
pub fn motion(chart: &Chart, moves: &[Move], before: &Placement, after: &Placement) -> Motion {
    let mut motion = Motion::default();
    for step in moves {
        let way = motion.way_mut(step.image, || {
            let mut way = Track::default();
            if let Some(slot) = before.slot(step.image) {
                way.go_to(slot.point(chart));
            }
            way
        });
        if let Some(edge) = chart.edge(step.from, step.to) {
            way.go_along(&Track::along(chart.edges[edge].path));
            motion.failed |= chart.edges[edge].cause == Cause::Failure;
            motion.edges.push(edge);
        } else {
            way.go_to(centre(chart, step.from, chart.entry));
            way.go_to(centre(chart, step.to, chart.exit));
        }
    }
    for (image, way) in &mut motion.ways {
        if let Some(slot) = after.slot(*image) {
            way.go_to(slot.point(chart));
        }
    }
    let longest = motion.ways.iter().map(|(_, way)| way.length()).fold(0.0, f32::max);
    if longest > 0.0 {
        motion.duration = (longest.ln() * PER_LOG_LENGTH).clamp(DURATIONS.0, DURATIONS.1);
    }
    motion
}

fn centre(chart: &Chart, end: End, outside: (f32, f32)) -> (f32, f32) {
    let node = match end {
        End::State(state) => chart.nodes.iter().find(|node| node.state == state),
        End::Outside => None,
    };
    node.map_or(outside, |node| (node.x, node.y))
}
