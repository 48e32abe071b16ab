//! The diagram.

use super::OpenNebula;
use super::state::ImageState;
use crate::engine::chart::{Chart, Node, Phase};
use crate::engine::State;

const fn node(state: ImageState, phase: Phase, alias: &'static str) -> Node {
    let place = state as usize as f32;
    Node { state: state as usize, phase, x: 100.0, y: 80.0 * (place + 1.0), meaning: "", alias }
}

static CHART: Chart = Chart {
    size: (200.0, 960.0),
    node_size: (120.0, 40.0),
    entry: (100.0, 20.0),
    exit: (100.0, 940.0),
    nodes: &[
        node(ImageState::Init, Phase::Reserved, "init"),
        node(ImageState::Ready, Phase::Available, "rdy"),
        node(ImageState::Used, Phase::InUse, "used"),
        node(ImageState::Disabled, Phase::Withheld, "disa"),
        node(ImageState::Locked, Phase::Transferring, "lock"),
        node(ImageState::Error, Phase::Failed, "err"),
        node(ImageState::Clone, Phase::InUse, "clon"),
        node(ImageState::Delete, Phase::Removing, "dele"),
        node(ImageState::UsedPers, Phase::InUse, "used"),
        node(ImageState::LockedUsed, Phase::Transferring, "lock"),
        node(ImageState::LockedUsedPers, Phase::Transferring, "lock"),
    ],
    edges: &[],
};

/// The diagram of an image's states.
pub(super) fn chart() -> &'static Chart {
    debug_assert_eq!(CHART.nodes.len(), <OpenNebula as crate::engine::System>::State::ALL.len());
    &CHART
}
