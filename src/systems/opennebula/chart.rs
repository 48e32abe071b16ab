//! The diagram of an OpenNebula image: its states, the edges between them, and which of them an
//! image of either kind can take. `layouts` says where they stand.

use super::ImageState::{
    self, Clone, Delete, Disabled, Error, Init, Locked, LockedUsed, LockedUsedPers, Ready, Used, UsedPers,
};
use super::layouts::{ALIGNED, OFFICIAL};
use crate::engine::chart::Cause::{Asked, Automatic, Failure};
use crate::engine::chart::Standing::{Documented, Undocumented, Unreachable};
use crate::engine::chart::{Chart, Cut, End, Node, Phase, edge};

/// Every state and every edge.
#[rustfmt::skip]
pub static CHART: Chart = Chart {
    node_size: (104.0, 44.0),
    official: OFFICIAL,
    aligned: ALIGNED,
    cuts: &[
        Cut { name: "all states", without: &[] },
        Cut { name: "non-persistent", without: &[UsedPers as usize, LockedUsedPers as usize, Clone as usize] },
        Cut { name: "persistent", without: &[Used as usize, LockedUsed as usize] },
    ],
    nodes: &[
        node(Init, Phase::Reserved, "init", "The record is being made. No client ever sees it."),
        node(Ready, Phase::Available, "rdy", "The image can be used."),
        node(Used, Phase::InUse, "used", "VMs use a copy each, or the image is being cloned."),
        node(Disabled, Phase::Withheld, "disa", "Kept back: no new VM may use it."),
        node(Locked, Phase::Transferring, "lock", "The datastore works on it: a copy, a new disk, a snapshot."),
        node(Error, Phase::Failed, "err", "An operation failed. “enable”, “disable” and “delete” lead out."),
        node(Clone, Phase::InUse, "clon", "Persistent, and being copied to another image."),
        node(Delete, Phase::Removing, "dele", "The datastore removes its data."),
        node(UsedPers, Phase::InUse, "used", "A VM works on the image itself and keeps its changes."),
        node(LockedUsed, Phase::Transferring, "lock", "Data is on its way and VMs wait for it."),
        node(LockedUsedPers, Phase::Transferring, "lock", "Data is on its way and a VM waits for it; persistent."),
    ],
    edges: &[
        edge(End::Outside, at(Locked), "create", Asked, Documented),
        edge(at(Locked), at(Ready), "copied", Automatic, Documented),
        edge(at(Ready), at(Locked), "snapshot", Asked, Undocumented),
        edge(at(Locked), at(LockedUsed), "instantiate", Asked, Documented),
        edge(at(LockedUsed), at(Locked), "terminate", Asked, Undocumented),
        edge(at(Locked), at(LockedUsedPers), "instantiate", Asked, Documented),
        edge(at(LockedUsedPers), at(Locked), "terminate", Asked, Undocumented),
        edge(at(LockedUsed), at(Used), "copied", Automatic, Documented),
        edge(at(LockedUsedPers), at(UsedPers), "copied", Automatic, Documented),
        edge(at(Ready), at(Used), "instantiate", Asked, Documented),
        edge(at(Used), at(Ready), "terminate", Asked, Documented),
        edge(at(Ready), at(UsedPers), "instantiate", Asked, Documented),
        edge(at(UsedPers), at(Ready), "terminate", Asked, Documented),
        edge(at(Ready), at(Disabled), "disable", Asked, Documented),
        edge(at(Disabled), at(Ready), "enable", Asked, Documented),
        edge(at(Ready), at(Clone), "clone", Asked, Documented),
        edge(at(Clone), at(Ready), "copied", Automatic, Documented),
        edge(at(Error), at(Ready), "enable", Asked, Documented),
        edge(at(Ready), at(Error), "failure", Failure, Unreachable),
        edge(at(Locked), at(Error), "failure", Failure, Documented),
        edge(at(LockedUsed), at(Error), "failure", Failure, Documented),
        edge(at(LockedUsedPers), at(Error), "failure", Failure, Documented),
        edge(at(UsedPers), at(Error), "failed clean-up", Failure, Undocumented),
        edge(at(Error), at(Disabled), "disable", Asked, Documented),
        edge(at(Error), at(Used), "enable, VMs wait", Asked, Undocumented),
        edge(at(Error), at(UsedPers), "enable, VMs wait", Asked, Undocumented),
        edge(at(Ready), at(Delete), "delete", Asked, Documented),
        edge(at(Disabled), at(Delete), "delete", Asked, Documented),
        edge(at(Error), at(Delete), "delete", Asked, Documented),
        edge(at(Delete), at(Error), "removal fails", Failure, Undocumented),
        edge(at(Locked), at(Delete), "delete --force", Asked, Documented),
        edge(at(Delete), End::Outside, "removed", Automatic, Documented),
        edge(at(Locked), End::Outside, "delete --force, no data", Asked, Undocumented),
        edge(at(Ready), End::Outside, "delete, no data", Asked, Undocumented),
        edge(at(Disabled), End::Outside, "delete, no data", Asked, Undocumented),
        edge(at(Error), End::Outside, "delete, no data", Asked, Undocumented),
    ],
};

const fn at(state: ImageState) -> End {
    End::State(state as usize)
}

const fn node(state: ImageState, phase: Phase, alias: &'static str, meaning: &'static str) -> Node {
    Node { state: state as usize, phase, meaning, alias }
}
