//! The diagram.

use super::OpenNebula;
use super::state::ImageState;
use crate::engine::State;
use crate::engine::chart::{Chart, Node, Phase};

const fn node(state: ImageState, phase: Phase, alias: &'static str, y: f32) -> Node {
    Node { state: state as usize, phase, x: 100.0, y: 80.0 * (y + 1.0), meaning: "", alias }
}

static CHART: Chart = Chart {
    size: (200.0, 960.0),
    node_size: (120.0, 40.0),
    entry: (100.0, 20.0),
    exit: (100.0, 940.0),
    nodes: &[
        node(ImageState::Init, Phase::Reserved, "init", 0.0),
        node(ImageState::Ready, Phase::Available, "rdy", 1.0),
        node(ImageState::Used, Phase::InUse, "used", 2.0),
        node(ImageState::Disabled, Phase::Withheld, "disa", 3.0),
        node(ImageState::Locked, Phase::Transferring, "lock", 4.0),
        node(ImageState::Error, Phase::Failed, "err", 5.0),
        node(ImageState::Clone, Phase::InUse, "clon", 6.0),
        node(ImageState::Delete, Phase::Removing, "dele", 7.0),
        node(ImageState::UsedPers, Phase::InUse, "used", 8.0),
        node(ImageState::LockedUsed, Phase::Transferring, "lock", 9.0),
        node(ImageState::LockedUsedPers, Phase::Transferring, "lock", 10.0),
    ],
    edges: &[],
};

/// The diagram of an image's states.
pub(super) fn chart() -> &'static Chart {
    debug_assert_eq!(CHART.nodes.len(), <OpenNebula as crate::engine::System>::State::ALL.len());
    &CHART
}
