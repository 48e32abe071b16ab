//! The diagram of a Glance image, placed as in the official figure
//! (`doc/source/images_src/image_status_transition.dot`): queued on top, deleted at the bottom, the
//! upload on the left, stage and import on the right.

use super::ImageStatus::{
    self, Active, Deactivated, Deleted, Importing, Killed, PendingDelete, Queued, Saving, Uploading,
};
use crate::engine::chart::Cause::{Asked, Automatic, Failure};
use crate::engine::chart::Standing::{Documented, Mode, Undocumented};
use crate::engine::chart::{Chart, End, Node, Phase, edge};

/// The place of the v1 API among the modes.
const V1: usize = 0;

/// Every status and every edge, placed by hand.
#[rustfmt::skip]
pub static CHART: Chart = Chart {
    size: (490.0, 664.0),
    node_size: (104.0, 44.0),
    entry: (240.0, 26.0),
    exit: (240.0, 642.0),
    nodes: &[
        node(Queued, Phase::Reserved, 240.0, 92.0, "The name is reserved; there is no data yet."),
        node(Saving, Phase::Transferring, 130.0, 212.0, "An upload is under way."),
        node(Uploading, Phase::Transferring, 402.0, 186.0, "Data is staged and waits for an import call."),
        node(Importing, Phase::Transferring, 402.0, 318.0, "An import task moves the data into a store."),
        node(Active, Phase::Available, 240.0, 336.0, "The data can be downloaded and booted from."),
        node(Deactivated, Phase::Withheld, 350.0, 456.0, "The data is kept back from everybody but admins."),
        node(Killed, Phase::Failed, 62.0, 336.0, "A v1 upload failed. Nothing sets this since Rocky (2018)."),
        node(PendingDelete, Phase::Removing, 196.0, 456.0, "Deleted, its data waits for the scrubber; no call shows it."),
        node(Deleted, Phase::Gone, 240.0, 576.0, "Only the record is left, and no call shows it."),
    ],
    edges: &[
        edge(End::Outside, at(Queued), "create", Asked, Documented, &[(240.0, 34.0), (240.0, 46.0), (240.0, 58.0), (240.0, 70.0)], (266.0, 52.0)),
        edge(at(Queued), at(Active), "add location", Asked, Documented, &[(240.0, 114.0), (240.0, 180.0), (240.0, 250.0), (240.0, 314.0)], (240.0, 264.0)),
        edge(at(Queued), at(Saving), "upload", Asked, Documented, &[(206.0, 114.0), (196.0, 150.0), (166.0, 166.0), (146.0, 190.0)], (196.0, 168.0)),
        edge(at(Saving), at(Queued), "upload fails", Failure, Documented, &[(112.0, 190.0), (112.0, 140.0), (146.0, 98.0), (188.0, 92.0)], (100.0, 128.0)),
        edge(at(Queued), at(Uploading), "stage", Asked, Documented, &[(292.0, 84.0), (342.0, 84.0), (396.0, 106.0), (404.0, 164.0)], (376.0, 100.0)),
        edge(at(Uploading), at(Queued), "stage fails", Failure, Documented, &[(380.0, 164.0), (368.0, 132.0), (330.0, 104.0), (292.0, 100.0)], (336.0, 132.0)),
        edge(at(Queued), at(Importing), "web-download", Asked, Undocumented, &[(256.0, 114.0), (268.0, 220.0), (300.0, 300.0), (350.0, 314.0)], (292.0, 290.0)),
        edge(at(Importing), at(Queued), "import fails", Failure, Documented, &[(372.0, 296.0), (332.0, 250.0), (298.0, 180.0), (276.0, 114.0)], (330.0, 214.0)),
        edge(at(Uploading), at(Importing), "import", Asked, Documented, &[(402.0, 208.0), (402.0, 236.0), (402.0, 266.0), (402.0, 296.0)], (422.0, 250.0)),
        edge(at(Saving), at(Active), "uploaded", Automatic, Documented, &[(150.0, 234.0), (162.0, 276.0), (190.0, 296.0), (210.0, 314.0)], (196.0, 276.0)),
        edge(at(Importing), at(Active), "imported", Automatic, Documented, &[(350.0, 326.0), (330.0, 334.0), (312.0, 338.0), (292.0, 338.0)], (322.0, 350.0)),
        edge(at(Saving), at(Killed), "v1 upload fails", Failure, Mode(V1), &[(112.0, 234.0), (100.0, 268.0), (78.0, 284.0), (68.0, 314.0)], (62.0, 264.0)),
        edge(at(Active), at(Deactivated), "deactivate", Asked, Documented, &[(282.0, 358.0), (294.0, 392.0), (316.0, 404.0), (330.0, 434.0)], (284.0, 408.0)),
        edge(at(Deactivated), at(Active), "reactivate", Asked, Documented, &[(358.0, 434.0), (356.0, 392.0), (324.0, 358.0), (292.0, 350.0)], (374.0, 392.0)),
        edge(at(Active), at(PendingDelete), "delayed delete", Asked, Documented, &[(226.0, 358.0), (222.0, 388.0), (212.0, 404.0), (206.0, 434.0)], (244.0, 424.0)),
        edge(at(PendingDelete), at(Active), "restore", Asked, Undocumented, &[(176.0, 434.0), (172.0, 396.0), (180.0, 366.0), (194.0, 356.0)], (160.0, 392.0)),
        edge(at(Active), at(Deleted), "delete", Asked, Documented, &[(272.0, 358.0), (272.0, 420.0), (272.0, 490.0), (272.0, 554.0)], (290.0, 500.0)),
        edge(at(PendingDelete), at(Deleted), "scrubbed", Automatic, Documented, &[(204.0, 478.0), (208.0, 506.0), (216.0, 528.0), (224.0, 554.0)], (186.0, 512.0)),
        edge(at(Deactivated), at(Deleted), "delete", Asked, Documented, &[(336.0, 478.0), (322.0, 514.0), (300.0, 532.0), (284.0, 554.0)], (330.0, 520.0)),
        edge(at(Killed), at(Deleted), "delete", Asked, Mode(V1), &[(62.0, 358.0), (62.0, 480.0), (116.0, 566.0), (188.0, 576.0)], (62.0, 470.0)),
        edge(at(Saving), at(Deleted), "delete", Asked, Documented, &[(134.0, 234.0), (130.0, 330.0), (106.0, 520.0), (198.0, 554.0)], (136.0, 500.0)),
        edge(at(Uploading), at(Deleted), "delete", Asked, Documented, &[(448.0, 208.0), (464.0, 240.0), (464.0, 300.0), (464.0, 380.0), (464.0, 500.0), (390.0, 568.0), (292.0, 572.0)], (454.0, 488.0)),
        edge(at(Importing), at(Deleted), "delete", Asked, Documented, &[(420.0, 340.0), (428.0, 450.0), (390.0, 556.0), (292.0, 566.0)], (398.0, 500.0)),
        edge(at(Queued), at(Deleted), "delete", Asked, Documented, &[(292.0, 76.0), (400.0, 62.0), (476.0, 90.0), (476.0, 170.0), (476.0, 280.0), (476.0, 390.0), (476.0, 480.0), (476.0, 560.0), (400.0, 580.0), (292.0, 580.0)], (440.0, 84.0)),
        edge(at(Deleted), End::Outside, "db purge", Automatic, Undocumented, &[(240.0, 598.0), (240.0, 610.0), (240.0, 622.0), (240.0, 634.0)], (268.0, 618.0)),
    ],
};

const fn at(status: ImageStatus) -> End {
    End::State(status as usize)
}

const fn node(status: ImageStatus, phase: Phase, x: f32, y: f32, meaning: &'static str) -> Node {
    Node { state: status as usize, phase, x, y, meaning, alias: "" }
}
