//! The definition of a drawing: the states of a cloud, the edges between them, and where they stand.

/// The vocabulary that both clouds share: what a state means for the person who waits for it.
/// A phase gives a state its colour, its icon and its pattern.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Phase {
    /// A name exists, data does not.
    Reserved,
    /// Data is on its way.
    Transferring,
    /// Ready for use.
    Available,
    /// Somebody uses it.
    InUse,
    /// Kept back on purpose.
    Withheld,
    /// Something went wrong.
    Failed,
    /// Data is being removed.
    Removing,
    /// Only the memory of it is left, or not even that.
    Gone,
}

impl Phase {
    /// Every phase, in the order in which an image usually meets them.
    pub const ALL: [Self; 8] = [
        Self::Reserved,
        Self::Transferring,
        Self::Available,
        Self::InUse,
        Self::Withheld,
        Self::Failed,
        Self::Removing,
        Self::Gone,
    ];

    /// The word that the page shows; its CSS class is `phase--` and the word, with dashes for blanks.
    pub fn name(self) -> &'static str {
        match self {
            Self::Reserved => "reserved",
            Self::Transferring => "transferring",
            Self::Available => "available",
            Self::InUse => "in use",
            Self::Withheld => "withheld",
            Self::Failed => "failed",
            Self::Removing => "removing",
            Self::Gone => "gone",
        }
    }
}

/// Who moves an image along an edge.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cause {
    /// A user asked: a solid line.
    Asked,
    /// Work ended by itself: a dashed line.
    Automatic,
    /// Something failed: a dotted line.
    Failure,
}

/// Whether the cloud's own documentation shows an edge.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// In the official figure, and real.
    Documented,
    /// Real, but not in the official figure.
    Undocumented,
    /// In the official figure, but not reachable today.
    Unreachable,
    /// In the official figure, but real only while the mode at this place of
    /// [`Present::modes`](super::present::Present::modes) is on.
    Mode(usize),
}

impl Standing {
    /// Whether an edge of this standing belongs to a mode that is not among `on`.
    pub fn is_off(self, on: impl Fn(usize) -> bool) -> bool {
        matches!(self, Self::Mode(mode) if !on(mode))
    }
}

/// A state as the diagram shows it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Node {
    /// The state's place in `State::ALL`.
    pub state: usize,
    /// The phase it belongs to.
    pub phase: Phase,
    /// What the state means, in one sentence of ours.
    pub meaning: &'static str,
    /// The number or short alias under which the real system shows it.
    pub alias: &'static str,
}

/// Where an edge begins or ends.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum End {
    /// A state, by its place in `State::ALL`.
    State(usize),
    /// Before creation: the entry mark. As a target: the record is gone.
    Outside,
}

/// A way from one state to another.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Edge {
    /// Where it begins.
    pub from: End,
    /// Where it ends.
    pub to: End,
    /// What it is called in the diagram.
    pub label: &'static str,
    /// Who moves an image along it.
    pub cause: Cause,
    /// Whether the official figure shows it.
    pub standing: Standing,
}

impl Edge {
    /// Whether it leaves or enters a state.
    pub fn is_at(&self, state: usize) -> bool {
        self.from == End::State(state) || self.to == End::State(state)
    }
}

/// An edge in one line of a chart's table, its parts in the order of [`Edge`]'s.
pub const fn edge(from: End, to: End, label: &'static str, cause: Cause, standing: Standing) -> Edge {
    Edge { from, to, label, cause, standing }
}

/// Where an edge runs.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Line {
    /// Cubic Bézier control points in chart units, from border to border: the first point, then
    /// three for each segment.
    pub path: &'static [(f32, f32)],
    /// Where the label's centre stands.
    pub label_at: (f32, f32),
}

/// An edge's line as an entry of a layout's table.
pub const fn line(path: &'static [(f32, f32)], label_at: (f32, f32)) -> Line {
    Line { path, label_at }
}

/// Where everything stands. Nothing is laid out at run time but the words of one state's edges (`diagram::words`).
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Layout {
    /// Width and height in chart units.
    pub size: (f32, f32),
    /// The mark where images come from.
    pub entry: (f32, f32),
    /// The mark where images go.
    pub exit: (f32, f32),
    /// The centre of each node, in the order of [`Chart::nodes`].
    pub places: &'static [(f32, f32)],
    /// The way of each edge, in the order of [`Chart::edges`].
    pub lines: &'static [Line],
}

/// The size of every aligned layout, so that the same row is at the same height in each.
pub const ALIGNED_SIZE: (f32, f32) = (536.0, 676.0);

/// The height of a phase's row in every aligned layout: the centre of its nodes.
pub const fn row(phase: Phase) -> f32 {
    44.0 + 84.0 * phase as u8 as f32
}

/// A choice of states that is worth looking at by itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cut {
    /// What the page calls it.
    pub name: &'static str,
    /// The states that it leaves out, by their places in `State::ALL`.
    pub without: &'static [usize],
}

impl Cut {
    /// Whether an edge is drawn: both its ends are.
    pub fn has(&self, edge: &Edge) -> bool {
        let drawn = |end| !matches!(end, End::State(state) if self.without.contains(&state));
        drawn(edge.from) && drawn(edge.to)
    }
}

/// A drawing of one cloud's lifecycle.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Chart {
    /// Width and height of every node.
    pub node_size: (f32, f32),
    /// As in the cloud's own documentation.
    pub official: Layout,
    /// With the phases as rows, each at the same height in every cloud.
    pub aligned: Layout,
    /// The choices of states, the whole first.
    pub cuts: &'static [Cut],
    /// Every state.
    pub nodes: &'static [Node],
    /// Every edge.
    pub edges: &'static [Edge],
}

impl Chart {
    /// Whether an image may come into `state` only by edges of modes that are not among `on`.
    pub fn is_out_of_reach(&self, state: usize, on: impl Fn(usize) -> bool) -> bool {
        let mut ways = self.edges.iter().filter(|edge| edge.to == End::State(state)).peekable();
        ways.peek().is_some() && ways.all(|edge| edge.standing.is_off(&on))
    }

    /// A choice of states by its place; the whole, if there is none.
    pub fn cut(&self, cut: usize) -> &Cut {
        const WHOLE: &Cut = &Cut { name: "all states", without: &[] };
        self.cuts.get(cut).or(self.cuts.first()).unwrap_or(WHOLE)
    }

    /// The node of a state, unless the chart does not draw it.
    pub fn node(&self, state: usize) -> Option<&'static Node> {
        self.nodes.iter().find(|node| node.state == state)
    }

    /// The edge that a transition takes, if the chart has it.
    pub fn edge(&self, from: End, to: End) -> Option<usize> {
        self.edges.iter().position(|edge| edge.from == from && edge.to == to)
    }
}
