//! One cloud on the page: what is chosen in it, and the motion that is under way.

use crate::diagram::{self, Motion, Placement, Scene};
use crate::engine::chart::{Chart, End};
use crate::engine::host::{Cloud, Move};
use crate::engine::present::JobRow;
use crate::engine::{ImageId, SimTime};

/// So many images are placed and listed; the rest is a count.
pub(super) const ROWS: usize = 200;

/// How long a step is shown after its motion, in milliseconds: time to read what was answered.
const REST: f32 = 600.0;

/// One cloud on the page.
#[derive(Default, Debug)]
pub(super) struct Stage {
    /// The image whose details are shown.
    pub chosen: Option<ImageId>,
    /// Why the last verb has no counterpart in this cloud.
    pub remark: Option<&'static str>,
    before: Placement,
    after: Placement,
    motion: Motion,
    /// How much of the motion has passed, from 0 to 1.
    fraction: f32,
    /// How long the last step is still shown before the next may follow, in milliseconds.
    rest: f32,
}

/// Where the images of `cloud` stand.
pub(super) fn placement(cloud: &dyn Cloud) -> Placement {
    diagram::place(&cloud.images(0, ROWS))
}

impl Stage {
    /// Whether a motion is under way.
    pub(super) fn is_moving(&self) -> bool {
        self.fraction < 1.0
    }

    /// Whether the next step has to wait.
    pub(super) fn is_busy(&self) -> bool {
        self.is_moving() || self.rest > 0.0
    }

    /// The edges of the last step, by their place in the chart.
    pub(super) fn edges(&self) -> &[usize] {
        &self.motion.edges
    }

    /// The picture at the moment `clock`.
    pub(super) fn scene(&self, chart: &Chart, jobs: &[JobRow], clock: SimTime) -> Scene {
        diagram::scene(chart, jobs, clock, (&self.before, &self.after), &self.motion, self.fraction)
    }

    /// Starts the motion of a step that led from the placement `before` to the world of `cloud`.
    pub(super) fn start(&mut self, cloud: &dyn Cloud, before: Placement, moves: &[Move], still: bool) {
        self.before = before;
        self.after = placement(cloud);
        self.motion = diagram::motion(cloud.chart(), moves, &self.before, &self.after);
        self.fraction = if still || self.motion.duration <= 0.0 { 1.0 } else { 0.0 };
        self.rest = REST;
        let appeared = moves.iter().find(|step| step.from == End::Outside);
        self.chosen = appeared.map(|step| step.image).or(self.chosen);
        self.choose(cloud, moves.first().map(|step| step.image));
    }

    /// Shows the world of `cloud` as it stands.
    pub(super) fn settle(&mut self, cloud: &dyn Cloud) {
        self.after = placement(cloud);
        self.before = self.after.clone();
        self.motion = Motion::default();
        self.fraction = 1.0;
        self.rest = 0.0;
        self.remark = None;
        self.choose(cloud, None);
    }

    /// Lets `milliseconds` of the motion pass, or of the rest after it.
    pub(super) fn pass(&mut self, milliseconds: f32) {
        if self.is_moving() {
            self.fraction = (self.fraction + milliseconds / self.motion.duration).min(1.0);
        } else {
            self.rest = (self.rest - milliseconds).max(0.0);
        }
    }

    /// Keeps an image chosen that exists: the one that is, else the one that moved, else the newest.
    fn choose(&mut self, cloud: &dyn Cloud, moved: Option<ImageId>) {
        let exists = |image: &ImageId| cloud.image(*image).is_some();
        let newest = || cloud.images(0, 1).first().map(|row| row.id);
        self.chosen = self.chosen.filter(exists).or(moved.filter(exists)).or_else(newest);
    }
}
