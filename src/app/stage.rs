//! One cloud on the page: what is chosen in it, and the motion that is under way.

use super::list::List;
use crate::diagram::{self, Motion, Placement, Pose, Scene};
use crate::engine::chart::{Chart, End};
use crate::engine::host::{Cloud, Move};
use crate::engine::present::JobRow;
use crate::engine::{ImageId, SimTime};

/// How long a step is shown after its motion, in milliseconds: time to read what was answered.
const REST: f32 = 600.0;

/// One cloud on the page.
#[derive(Default, Debug)]
pub(super) struct Stage {
    /// The image whose details are shown.
    pub chosen: Option<ImageId>,
    /// The record of what a person asked of this cloud last, or why the last verb has no counterpart in it.
    pub asked: Option<Result<u32, &'static str>>,
    /// Whether the chosen image has just appeared.
    pub appeared: bool,
    /// The list of its images.
    pub list: List,
    before: Placement,
    after: Placement,
    /// The work that the drawn images wait for.
    jobs: Vec<JobRow>,
    /// What moved in a step that is about to set off. If it was work that ended, that moment: more work that
    /// ends then sets off with it.
    gathered: Option<(Option<SimTime>, Vec<Move>)>,
    /// The motion in the official layout and in the aligned one.
    motions: [Motion; 2],
    /// How many steps were shown one after the other since it was settled.
    steps: u32,
    /// How much of the motion has passed, from 0 to 1.
    fraction: f32,
    /// How long the last step is still shown before the next may follow, in milliseconds.
    rest: f32,
}

/// Every image of `cloud` and its state, as the real command lists them.
fn every(cloud: &dyn Cloud) -> Vec<(ImageId, usize)> {
    let mut images = Vec::with_capacity(cloud.image_count());
    cloud.each_image(&mut |image, state, _| images.push((image, state)));
    images
}

/// Where `images`, all of those of `cloud`, stand, and the work that those wait for that are drawn.
fn placement(
    cloud: &dyn Cloud,
    mut images: Vec<(ImageId, usize)>,
    chosen: Option<ImageId>,
) -> (Placement, Vec<JobRow>) {
    if images.first() > images.last() {
        images.reverse();
    }
    let placement = diagram::place(images.into_iter(), chosen);
    let jobs = cloud.jobs(&|image| image.is_some_and(|image| placement.draws(image)));
    (placement, jobs)
}

/// The two layouts of a chart.
fn poses(chart: &'static Chart) -> [Pose; 2] {
    [0.0, 1.0].map(|blend| Pose { chart, blend })
}

impl Stage {
    /// A stage whose list has this number.
    pub(super) fn with_list(number: u32) -> Self {
        let mut stage = Self::default();
        stage.list.number = number;
        stage
    }

    /// Whether a motion is under way.
    pub(super) fn is_moving(&self) -> bool {
        self.fraction < 1.0
    }

    /// Whether the next step has to wait.
    pub(super) fn is_busy(&self) -> bool {
        self.is_moving() || self.rest > 0.0
    }

    /// Whether a step may be taken that was work which `ended` then, or else was asked for: nothing moves, or
    /// what is about to move ended at the same moment.
    pub(super) fn is_free(&self, ended: Option<SimTime>) -> bool {
        self.gathered.as_ref().map_or(!self.is_busy(), |(moment, _)| ended.is_some() && *moment == ended)
    }

    /// Lets a step that was taken set off soon.
    pub(super) fn gather(&mut self, ended: Option<SimTime>, moves: Vec<Move>) {
        self.gathered.get_or_insert_with(|| (ended, Vec::new())).1.extend(moves);
    }

    /// Lets what was gathered set off; says whether there was something.
    pub(super) fn set_off(&mut self, cloud: &dyn Cloud, still: bool) -> bool {
        let Some((_, moves)) = self.gathered.take() else { return false };
        self.start(cloud, &moves, still);
        true
    }

    /// How many images are in a state.
    pub(super) fn count(&self, state: usize) -> usize {
        self.after.count(state)
    }

    /// The work that the drawn images wait for.
    pub(super) fn jobs(&self) -> &[JobRow] {
        &self.jobs
    }

    /// How many steps were shown one after the other.
    pub(super) fn steps(&self) -> u32 {
        self.steps
    }

    /// Why the last verb has no counterpart in this cloud.
    pub(super) fn remark(&self) -> Option<&'static str> {
        self.asked?.err()
    }

    /// The edges of the last step, by their place in the chart.
    pub(super) fn edges(&self) -> &[usize] {
        &self.motions[0].edges
    }

    /// The picture at the moment `clock`.
    pub(super) fn scene(&self, pose: Pose, clock: SimTime) -> Scene {
        let scene = |layout: usize| {
            let (pose, motion) = (poses(pose.chart)[layout], &self.motions[layout]);
            diagram::scene(pose, &self.jobs, clock, (&self.before, &self.after), motion, self.fraction)
        };
        if pose.blend >= 1.0 {
            return scene(1);
        }
        let here = scene(0);
        if pose.blend > 0.0 { here.mixed(&scene(1), pose.blend) } else { here }
    }

    /// Starts the motion of a step that led from what is shown to the world of `cloud`.
    pub(super) fn start(&mut self, cloud: &dyn Cloud, moves: &[Move], still: bool) {
        // What appears is chosen, unless it is made of the one that is.
        let is_moved = moves.iter().any(|step| Some(step.image) == self.chosen);
        let appeared = moves.iter().find(|step| step.from == End::Outside && !is_moved);
        self.chosen = appeared.map(|step| step.image).or(self.chosen);
        self.appeared |= appeared.is_some();
        self.keep_chosen(cloud);
        self.steps += 1;
        self.before = std::mem::take(&mut self.after);
        self.look_at(cloud);
        self.motions =
            poses(cloud.chart()).map(|pose| diagram::motion(pose, moves, &self.before, &self.after));
        self.fraction = if still || self.motions[0].duration <= 0.0 { 1.0 } else { 0.0 };
        self.rest = REST;
    }

    /// Chooses an image, which then has a token of its own.
    pub(super) fn choose(&mut self, cloud: &dyn Cloud, image: ImageId) {
        self.chosen = Some(image);
        (self.after, self.jobs) = placement(cloud, every(cloud), self.chosen);
        if !self.is_moving() {
            self.before = self.after.clone();
        }
    }

    /// Shows the world of `cloud` as it stands. Where no image is chosen, `another` is.
    pub(super) fn settle(&mut self, cloud: &dyn Cloud, another: impl FnOnce() -> Option<ImageId>) {
        self.keep_chosen(cloud);
        self.chosen = self.chosen.or_else(another);
        self.look_at(cloud);
        self.before = self.after.clone();
        self.gathered = None;
        self.steps = 0;
        self.motions = <[Motion; 2]>::default();
        self.fraction = 1.0;
        self.rest = 0.0;
        self.asked = None;
    }

    /// Brings the list and the picture up to date with the world of `cloud`, in one look at all its images.
    fn look_at(&mut self, cloud: &dyn Cloud) {
        let images = every(cloud);
        self.list.refresh(cloud, &images);
        (self.after, self.jobs) = placement(cloud, images, self.chosen);
    }

    /// Lets `milliseconds` of the motion pass, or of the rest after it.
    pub(super) fn pass(&mut self, milliseconds: f32) {
        if self.is_moving() {
            self.fraction = (self.fraction + milliseconds / self.motions[0].duration).min(1.0);
        } else {
            self.rest = (self.rest - milliseconds).max(0.0);
        }
    }

    /// Keeps an image chosen only while it exists; nothing takes the place of one that went.
    fn keep_chosen(&mut self, cloud: &dyn Cloud) {
        self.chosen = self.chosen.filter(|image| cloud.image(*image).is_some());
    }
}
