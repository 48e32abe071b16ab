//! The diagram of an OpenNebula image: common states in the middle column, the non-persistent
//! variants on the left, the persistent ones on the right, top to bottom as in the official figures
//! (`share/doc/states/*.dot`).

use super::ImageState::{
    self, Clone, Delete, Disabled, Error, Init, Locked, LockedUsed, LockedUsedPers, Ready, Used, UsedPers,
};
use crate::engine::chart::Cause::{Asked, Automatic, Failure};
use crate::engine::chart::Standing::{Documented, Undocumented, Unreachable};
use crate::engine::chart::{Chart, End, Node, Phase, edge};

/// Every state and every edge, placed by hand.
#[rustfmt::skip]
pub static CHART: Chart = Chart {
    size: (480.0, 640.0),
    node_size: (104.0, 44.0),
    entry: (240.0, 30.0),
    exit: (240.0, 614.0),
    nodes: &[
        node(Init, Phase::Reserved, 62.0, 30.0, "init", "The record is being made. No client ever sees it."),
        node(Ready, Phase::Available, 240.0, 254.0, "rdy", "The image can be used."),
        node(Used, Phase::InUse, 62.0, 254.0, "used", "VMs use a copy each, or the image is being cloned."),
        node(Disabled, Phase::Withheld, 62.0, 396.0, "disa", "Kept back: no new VM may use it."),
        node(Locked, Phase::Transferring, 240.0, 112.0, "lock", "The datastore works on it: a copy, a new disk, a snapshot."),
        node(Error, Phase::Failed, 240.0, 396.0, "err", "An operation failed. `enable` or `delete` lead out."),
        node(Clone, Phase::InUse, 418.0, 396.0, "clon", "Persistent, and being copied to another image."),
        node(Delete, Phase::Removing, 240.0, 528.0, "dele", "The datastore removes its data."),
        node(UsedPers, Phase::InUse, 418.0, 254.0, "used", "A VM works on the image itself and keeps its changes."),
        node(LockedUsed, Phase::Transferring, 62.0, 112.0, "lock", "Data is on its way and VMs wait for it."),
        node(LockedUsedPers, Phase::Transferring, 418.0, 112.0, "lock", "Data is on its way and a VM waits for it; persistent."),
    ],
    edges: &[
        edge(End::Outside, at(Locked), "create", Asked, Documented, &[(240.0, 38.0), (240.0, 54.0), (240.0, 72.0), (240.0, 90.0)], (264.0, 62.0)),
        edge(at(Locked), at(Ready), "copied", Automatic, Documented, &[(240.0, 134.0), (240.0, 166.0), (240.0, 200.0), (240.0, 232.0)], (218.0, 184.0)),
        edge(at(Ready), at(Locked), "snapshot", Asked, Undocumented, &[(262.0, 232.0), (272.0, 202.0), (272.0, 164.0), (262.0, 134.0)], (294.0, 184.0)),
        edge(at(Locked), at(LockedUsed), "instantiate", Asked, Documented, &[(188.0, 104.0), (162.0, 104.0), (140.0, 104.0), (114.0, 104.0)], (151.0, 95.0)),
        edge(at(LockedUsed), at(Locked), "terminate", Asked, Undocumented, &[(114.0, 120.0), (140.0, 120.0), (162.0, 120.0), (188.0, 120.0)], (151.0, 130.0)),
        edge(at(Locked), at(LockedUsedPers), "instantiate", Asked, Documented, &[(292.0, 104.0), (318.0, 104.0), (340.0, 104.0), (366.0, 104.0)], (329.0, 95.0)),
        edge(at(LockedUsedPers), at(Locked), "terminate", Asked, Undocumented, &[(366.0, 120.0), (340.0, 120.0), (318.0, 120.0), (292.0, 120.0)], (329.0, 130.0)),
        edge(at(LockedUsed), at(Used), "copied", Automatic, Documented, &[(62.0, 134.0), (62.0, 166.0), (62.0, 200.0), (62.0, 232.0)], (38.0, 184.0)),
        edge(at(LockedUsedPers), at(UsedPers), "copied", Automatic, Documented, &[(418.0, 134.0), (418.0, 166.0), (418.0, 200.0), (418.0, 232.0)], (442.0, 184.0)),
        edge(at(Ready), at(Used), "instantiate", Asked, Documented, &[(188.0, 246.0), (162.0, 246.0), (140.0, 246.0), (114.0, 246.0)], (151.0, 237.0)),
        edge(at(Used), at(Ready), "terminate", Asked, Documented, &[(114.0, 262.0), (140.0, 262.0), (162.0, 262.0), (188.0, 262.0)], (151.0, 272.0)),
        edge(at(Ready), at(UsedPers), "instantiate", Asked, Documented, &[(292.0, 246.0), (318.0, 246.0), (340.0, 246.0), (366.0, 246.0)], (329.0, 237.0)),
        edge(at(UsedPers), at(Ready), "terminate", Asked, Documented, &[(366.0, 262.0), (340.0, 262.0), (318.0, 262.0), (292.0, 262.0)], (329.0, 272.0)),
        edge(at(Ready), at(Disabled), "disable", Asked, Documented, &[(198.0, 276.0), (180.0, 320.0), (100.0, 322.0), (80.0, 374.0)], (112.0, 314.0)),
        edge(at(Disabled), at(Ready), "enable", Asked, Documented, &[(104.0, 374.0), (130.0, 338.0), (204.0, 336.0), (216.0, 276.0)], (150.0, 352.0)),
        edge(at(Ready), at(Clone), "clone", Asked, Documented, &[(282.0, 276.0), (300.0, 320.0), (380.0, 322.0), (400.0, 374.0)], (366.0, 314.0)),
        edge(at(Clone), at(Ready), "copied", Automatic, Documented, &[(376.0, 374.0), (350.0, 338.0), (276.0, 336.0), (264.0, 276.0)], (334.0, 352.0)),
        edge(at(Error), at(Ready), "enable", Asked, Documented, &[(232.0, 374.0), (232.0, 340.0), (232.0, 310.0), (232.0, 276.0)], (208.0, 362.0)),
        edge(at(Ready), at(Error), "failure", Failure, Unreachable, &[(248.0, 276.0), (248.0, 310.0), (248.0, 340.0), (248.0, 374.0)], (272.0, 362.0)),
        edge(at(Locked), at(Error), "failure", Failure, Documented, &[(204.0, 134.0), (154.0, 190.0), (154.0, 320.0), (206.0, 374.0)], (178.0, 156.0)),
        edge(at(LockedUsed), at(Error), "failure", Failure, Documented, &[(98.0, 134.0), (146.0, 220.0), (130.0, 350.0), (188.0, 382.0)], (104.0, 168.0)),
        edge(at(LockedUsedPers), at(Error), "failure", Failure, Documented, &[(382.0, 134.0), (334.0, 220.0), (350.0, 350.0), (292.0, 382.0)], (376.0, 168.0)),
        edge(at(UsedPers), at(Error), "failed clean-up", Failure, Undocumented, &[(402.0, 276.0), (388.0, 340.0), (340.0, 392.0), (292.0, 392.0)], (428.0, 330.0)),
        edge(at(Error), at(Disabled), "disable", Asked, Documented, &[(188.0, 402.0), (162.0, 402.0), (140.0, 402.0), (114.0, 402.0)], (151.0, 412.0)),
        edge(at(Error), at(Used), "enable, VMs wait", Asked, Undocumented, &[(190.0, 376.0), (140.0, 346.0), (74.0, 336.0), (66.0, 276.0)], (52.0, 312.0)),
        edge(at(Error), at(UsedPers), "enable, VMs wait", Asked, Undocumented, &[(290.0, 376.0), (340.0, 346.0), (414.0, 336.0), (420.0, 276.0)], (428.0, 312.0)),
        edge(at(Ready), at(Delete), "delete", Asked, Documented, &[(280.0, 276.0), (326.0, 330.0), (326.0, 460.0), (268.0, 506.0)], (328.0, 456.0)),
        edge(at(Disabled), at(Delete), "delete", Asked, Documented, &[(82.0, 418.0), (92.0, 480.0), (150.0, 520.0), (188.0, 524.0)], (102.0, 484.0)),
        edge(at(Error), at(Delete), "delete", Asked, Documented, &[(246.0, 418.0), (246.0, 448.0), (246.0, 476.0), (246.0, 506.0)], (268.0, 440.0)),
        edge(at(Delete), at(Error), "removal fails", Failure, Undocumented, &[(230.0, 506.0), (230.0, 476.0), (230.0, 448.0), (230.0, 418.0)], (196.0, 462.0)),
        edge(at(Locked), at(Delete), "delete --force", Asked, Documented, &[(292.0, 128.0), (344.0, 210.0), (352.0, 470.0), (292.0, 520.0)], (366.0, 486.0)),
        edge(at(Delete), End::Outside, "removed", Automatic, Documented, &[(240.0, 550.0), (240.0, 568.0), (240.0, 586.0), (240.0, 606.0)], (268.0, 580.0)),
        edge(at(Locked), End::Outside, "delete --force, no data", Asked, Undocumented, &[(292.0, 132.0), (366.0, 230.0), (380.0, 560.0), (249.0, 614.0)], (384.0, 540.0)),
        edge(at(Ready), End::Outside, "delete, no data", Asked, Undocumented, &[(290.0, 276.0), (356.0, 350.0), (356.0, 560.0), (248.0, 611.0)], (356.0, 566.0)),
        edge(at(Disabled), End::Outside, "delete, no data", Asked, Undocumented, &[(56.0, 418.0), (56.0, 540.0), (130.0, 614.0), (231.0, 614.0)], (84.0, 560.0)),
        edge(at(Error), End::Outside, "delete, no data", Asked, Undocumented, &[(204.0, 418.0), (156.0, 480.0), (160.0, 580.0), (232.0, 611.0)], (142.0, 500.0)),
    ],
};

const fn at(state: ImageState) -> End {
    End::State(state as usize)
}

const fn node(
    state: ImageState,
    phase: Phase,
    x: f32,
    y: f32,
    alias: &'static str,
    meaning: &'static str,
) -> Node {
    Node { state: state as usize, phase, x, y, meaning, alias }
}
