//! A chart on its way between its two layouts: where everything stands at a blend of both.

use super::track::{Point, Track, distance, mix};
use crate::engine::chart::{ALIGNED_SIZE, Chart, End, Line};

/// A chart at `blend`: 0 is the official layout, 1 the aligned one.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Pose {
    /// The chart.
    pub chart: &'static Chart,
    /// How far it is from the official layout to the aligned one.
    pub blend: f32,
}

impl Pose {
    /// Width and height in chart units.
    pub fn size(&self) -> Point {
        mix(self.chart.official.size, ALIGNED_SIZE, self.blend)
    }

    /// The mark where images come from.
    pub fn entry(&self) -> Point {
        mix(self.chart.official.entry, self.chart.aligned.entry, self.blend)
    }

    /// The mark where images go.
    pub fn exit(&self) -> Point {
        mix(self.chart.official.exit, self.chart.aligned.exit, self.blend)
    }

    /// The centre of a node, by its place in the chart.
    pub fn node(&self, node: usize) -> Point {
        mix(self.chart.official.places[node], self.chart.aligned.places[node], self.blend)
    }

    /// The centre of a state's node; that of the chart for a state that it does not have.
    pub(super) fn state(&self, state: usize) -> Point {
        let node = self.chart.nodes.iter().position(|node| node.state == state);
        node.map_or_else(|| mix((0.0, 0.0), self.size(), 0.5), |node| self.node(node))
    }

    /// The centre of an edge's end.
    pub(super) fn end(&self, end: End, outside: Point) -> Point {
        match end {
            End::State(state) => self.state(state),
            End::Outside => outside,
        }
    }

    /// The centre of an edge's label, by the edge's place in the chart.
    pub fn label(&self, edge: usize) -> Point {
        let (official, aligned) = self.lines(edge);
        mix(official.label_at, aligned.label_at, self.blend)
    }

    /// The centre of the number that stands for an edge's label: the label's own, but on the line
    /// where a long label stands beside it.
    pub fn number(&self, edge: usize) -> Point {
        const BESIDE: f32 = 40.0;
        let label = self.label(edge);
        let on_line = Track::along(&self.path(edge)).nearest(label);
        if distance(label, on_line) > BESIDE { on_line } else { label }
    }

    /// The line of an edge, by its place in the chart. The line with fewer segments has the others
    /// at its end, without length.
    pub fn path(&self, edge: usize) -> Vec<Point> {
        let (official, aligned) = self.lines(edge);
        if self.blend <= 0.0 {
            return official.path.to_vec();
        }
        if self.blend >= 1.0 {
            return aligned.path.to_vec();
        }
        let length = official.path.len().max(aligned.path.len());
        let point = |path: &[Point], at: usize| path[at.min(path.len() - 1)];
        (0..length).map(|at| mix(point(official.path, at), point(aligned.path, at), self.blend)).collect()
    }

    fn lines(&self, edge: usize) -> (&Line, &Line) {
        (&self.chart.official.lines[edge], &self.chart.aligned.lines[edge])
    }
}
