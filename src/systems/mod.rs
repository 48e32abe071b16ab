//! The clouds: one folder each, one line of the catalogue each.

pub mod glance;
pub mod opennebula;

use crate::engine::SimTime;
use crate::engine::host::Cloud;

/// How to begin with each cloud, in the order in which the page shows them. The argument is the
/// pace: how long work takes that moves data; at zero it is done at once, as in the recordings.
pub const CATALOG: &[fn(SimTime) -> Box<dyn Cloud>] = &[];

/// Every cloud of the catalogue, just begun, at this pace.
pub fn clouds(pace: SimTime) -> Vec<Box<dyn Cloud>> {
    CATALOG.iter().map(|begin| begin(pace)).collect()
}
