//! The drawing of Glance's statuses.

use crate::engine::State;
use crate::engine::chart::{Chart, Node, Phase};

use super::ImageStatus;
use super::words::meaning;

const fn node(status: ImageStatus, phase: Phase, x: f32, y: f32) -> Node {
    Node { state: status as usize, phase, x, y, meaning: meaning(status), alias: "" }
}

static NODES: [Node; ImageStatus::ALL.len()] = [
    node(ImageStatus::Queued, Phase::Reserved, 300.0, 60.0),
    node(ImageStatus::Saving, Phase::Transferring, 150.0, 180.0),
    node(ImageStatus::Uploading, Phase::Transferring, 450.0, 180.0),
    node(ImageStatus::Importing, Phase::Transferring, 450.0, 300.0),
    node(ImageStatus::Active, Phase::Available, 300.0, 420.0),
    node(ImageStatus::Deactivated, Phase::Withheld, 450.0, 540.0),
    node(ImageStatus::Killed, Phase::Failed, 60.0, 420.0),
    node(ImageStatus::PendingDelete, Phase::Removing, 150.0, 540.0),
    node(ImageStatus::Deleted, Phase::Gone, 300.0, 660.0),
];

/// The chart.
pub(super) static CHART: Chart = Chart {
    size: (600.0, 720.0),
    node_size: (120.0, 44.0),
    entry: (300.0, 10.0),
    exit: (300.0, 710.0),
    nodes: &NODES,
    edges: &[],
};
