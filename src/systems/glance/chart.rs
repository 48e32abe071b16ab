//! The diagram of a Glance image: its statuses and the edges between them. `layouts` says where
//! they stand.

use super::ImageStatus::{
    self, Active, Deactivated, Deleted, Importing, Killed, PendingDelete, Queued, Saving, Uploading,
};
use super::layouts::{ALIGNED, OFFICIAL};
use crate::engine::chart::Cause::{Asked, Automatic, Failure};
use crate::engine::chart::Standing::{Documented, Mode, Undocumented};
use crate::engine::chart::{Chart, End, Node, Phase, edge};

/// The place of the v1 API among the modes.
const V1: usize = 0;

/// Every status and every edge.
#[rustfmt::skip]
pub static CHART: Chart = Chart {
    node_size: (104.0, 44.0),
    official: OFFICIAL,
    aligned: ALIGNED,
    cuts: &[],
    nodes: &[
        node(Queued, Phase::Reserved, "The name is reserved; there is no data yet."),
        node(Saving, Phase::Transferring, "An upload is under way."),
        node(Uploading, Phase::Transferring, "Data is staged and waits for an import call."),
        node(Importing, Phase::Transferring, "An import task moves the data into a store."),
        node(Active, Phase::Available, "The data can be downloaded and booted from."),
        node(Deactivated, Phase::Withheld, "The data is kept back from everybody but admins."),
        node(Killed, Phase::Failed, "A v1 upload failed. Nothing sets this since Rocky (2018)."),
        node(PendingDelete, Phase::Removing, "Deleted, its data waits for the scrubber; no call shows it."),
        node(Deleted, Phase::Gone, "Only the record is left, and no call shows it."),
    ],
    edges: &[
        edge(End::Outside, at(Queued), "create", Asked, Documented),
        edge(at(Queued), at(Active), "add location", Asked, Documented),
        edge(at(Queued), at(Saving), "upload", Asked, Documented),
        edge(at(Saving), at(Queued), "upload fails", Failure, Documented),
        edge(at(Queued), at(Uploading), "stage", Asked, Documented),
        edge(at(Uploading), at(Queued), "stage fails", Failure, Documented),
        edge(at(Queued), at(Importing), "web-download", Asked, Undocumented),
        edge(at(Importing), at(Queued), "import fails", Failure, Documented),
        edge(at(Uploading), at(Importing), "import", Asked, Documented),
        edge(at(Saving), at(Active), "uploaded", Automatic, Documented),
        edge(at(Importing), at(Active), "imported", Automatic, Documented),
        edge(at(Saving), at(Killed), "v1 upload fails", Failure, Mode(V1)),
        edge(at(Active), at(Deactivated), "deactivate", Asked, Documented),
        edge(at(Deactivated), at(Active), "reactivate", Asked, Documented),
        edge(at(Active), at(PendingDelete), "delayed delete", Asked, Documented),
        edge(at(PendingDelete), at(Active), "restore", Asked, Undocumented),
        edge(at(Active), at(Deleted), "delete", Asked, Documented),
        edge(at(PendingDelete), at(Deleted), "scrubbed", Automatic, Documented),
        edge(at(Deactivated), at(Deleted), "delete", Asked, Documented),
        edge(at(Killed), at(Deleted), "delete", Asked, Mode(V1)),
        edge(at(Saving), at(Deleted), "delete", Asked, Documented),
        edge(at(Uploading), at(Deleted), "delete", Asked, Documented),
        edge(at(Importing), at(Deleted), "delete", Asked, Documented),
        edge(at(Queued), at(Deleted), "delete", Asked, Documented),
        edge(at(Deleted), End::Outside, "db purge", Automatic, Undocumented),
    ],
};

const fn at(status: ImageStatus) -> End {
    End::State(status as usize)
}

const fn node(status: ImageStatus, phase: Phase, meaning: &'static str) -> Node {
    Node { state: status as usize, phase, meaning, alias: "" }
}
