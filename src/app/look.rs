//! How the diagrams are looked at: layout, choice of states and edges, zoom. It is the person's, not
//! the session's: going back in time changes none of it.

/// How long the way between two layouts takes, in milliseconds of wall time.
const MORPH: f32 = 600.0;

/// The closest look.
const CLOSEST: f32 = 6.0;

/// How the diagrams are looked at.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[derive(Clone, PartialEq, Debug)]
pub struct Look {
    /// Whether phases are rows.
    pub aligned: bool,
    /// Whether edges are drawn that are not documented, or not real.
    pub undocumented: bool,
    /// Whether the edges show how often they were taken.
    pub heat: bool,
    /// Whether a diagram is never higher than the window, also on a projector, where its words are large otherwise.
    pub whole: bool,
    /// The choice of states of each cloud, by its place in the chart.
    pub cuts: Vec<usize>,
    /// What is seen of each cloud's diagram.
    pub sights: Vec<Sight>,
    /// Whether the pointer has been on each cloud's diagram: until then it has no places to set
    /// breakpoints at.
    pub pointed: Vec<bool>,
    /// How much of the way to the aligned layout has passed, from 0 to 1.
    passed: f32,
}

/// What is seen of a diagram.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Sight {
    /// 1 for all of it.
    pub zoom: f32,
    /// The centre of what is seen, as fractions of the diagram's width and height.
    pub centre: (f32, f32),
}

/// A change of how the diagrams are looked at.
#[derive(Clone, PartialEq, Debug)]
pub enum LookMsg {
    /// A layout was chosen.
    Aligned(bool),
    /// Edges that are not documented were wanted, or not.
    Undocumented(bool),
    /// How often edges were taken was wanted, or not.
    Heat(bool),
    /// Diagrams that fit the window were wanted, or not.
    Whole(bool),
    /// A cloud's choice of states was chosen.
    Cut(usize, usize),
    /// A cloud's diagram was zoomed by a factor, around a point: fractions of what is seen, from its
    /// centre.
    Zoomed(usize, f32, (f32, f32)),
    /// A cloud's diagram was moved, by fractions of what is seen.
    Panned(usize, (f32, f32)),
    /// All of a cloud's diagram was wanted.
    Fitted(usize),
    /// The pointer came to a cloud's diagram.
    Pointed(usize),
}

impl Look {
    /// All of so many clouds, each in its official layout.
    pub(super) fn new(clouds: usize) -> Self {
        Self {
            aligned: false,
            undocumented: true,
            heat: false,
            whole: false,
            cuts: vec![0; clouds],
            sights: vec![Sight::WHOLE; clouds],
            pointed: vec![false; clouds],
            passed: 0.0,
        }
    }

    /// How far the picture is from the official layout to the aligned one, eased.
    pub fn blend(&self) -> f32 {
        self.passed * self.passed * (3.0 - 2.0 * self.passed)
    }

    /// Whether the diagrams are on their way to another layout.
    pub fn is_morphing(&self) -> bool {
        if self.aligned { self.passed < 1.0 } else { self.passed > 0.0 }
    }

    /// Lets milliseconds of wall time pass. A change of mind on the way turns back from there.
    pub(super) fn pass(&mut self, milliseconds: f32) {
        let step = if self.aligned { milliseconds } else { -milliseconds } / MORPH;
        self.passed = (self.passed + step).clamp(0.0, 1.0);
    }

    pub(super) fn take(&mut self, msg: &LookMsg, still: bool) {
        match *msg {
            LookMsg::Aligned(aligned) => {
                self.aligned = aligned;
                if still {
                    self.pass(MORPH);
                }
            }
            LookMsg::Undocumented(wanted) => self.undocumented = wanted,
            LookMsg::Heat(wanted) => self.heat = wanted,
            LookMsg::Whole(wanted) => self.whole = wanted,
            LookMsg::Cut(system, cut) => self.cuts[system] = cut,
            LookMsg::Zoomed(system, factor, at) => self.sights[system].zoom(factor, at),
            LookMsg::Panned(system, by) => self.sights[system].pan(by),
            LookMsg::Fitted(system) => self.sights[system] = Sight::WHOLE,
            LookMsg::Pointed(system) => self.pointed[system] = true,
        }
    }
}

impl Sight {
    /// All of it.
    pub const WHOLE: Self = Self { zoom: 1.0, centre: (0.5, 0.5) };

    /// The part of a diagram of this size that is seen: left, top, width, height.
    pub fn window(&self, (width, height): (f32, f32)) -> [f32; 4] {
        let part = 1.0 / self.zoom;
        let (x, y) = (self.centre.0 - part / 2.0, self.centre.1 - part / 2.0);
        [x * width, y * height, part * width, part * height]
    }

    /// What is under `at` stays there.
    fn zoom(&mut self, factor: f32, at: (f32, f32)) {
        let before = self.zoom;
        self.zoom = (before * factor).clamp(1.0, CLOSEST);
        let closer = self.zoom / before - 1.0;
        self.pan((at.0 * closer, at.1 * closer));
    }

    fn pan(&mut self, by: (f32, f32)) {
        let half = 0.5 / self.zoom;
        let moved = |centre: f32, by: f32| (centre + by / self.zoom).clamp(half, 1.0 - half);
        self.centre = (moved(self.centre.0, by.0), moved(self.centre.1, by.1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_of_layout_takes_its_time_and_can_be_taken_back_on_the_way() {
        let mut look = Look::new(1);
        look.take(&LookMsg::Aligned(true), false);
        look.pass(MORPH / 2.0);
        assert!(look.is_morphing() && (look.blend() - 0.5).abs() < 0.001);
        look.take(&LookMsg::Aligned(false), false);
        assert!(look.is_morphing() && (look.blend() - 0.5).abs() < 0.001, "nothing jumps");
        look.pass(MORPH);
        assert!(!look.is_morphing() && look.blend() <= 0.0);
    }

    #[test]
    fn without_motion_a_layout_is_there_at_once() {
        let mut look = Look::new(1);
        look.take(&LookMsg::Aligned(true), true);
        assert!(!look.is_morphing() && look.blend() >= 1.0);
    }

    fn seen(sight: &Sight) -> String {
        sight.window((100.0, 100.0)).map(|number| format!("{number:.1}")).join(" ")
    }

    #[test]
    fn a_closer_look_keeps_what_is_under_the_pointer_and_never_leaves_the_diagram() {
        let mut sight = Sight::WHOLE;
        sight.zoom(2.0, (0.25, 0.0));
        assert_eq!(seen(&sight), "37.5 25.0 50.0 50.0");
        sight.pan((9.0, 9.0));
        assert_eq!(seen(&sight), "50.0 50.0 50.0 50.0");
        sight.zoom(0.1, (0.0, 0.0));
        assert_eq!(sight, Sight::WHOLE);
    }
}
