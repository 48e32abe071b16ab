//! The clouds: one folder each, one line of the catalogue each.

pub mod glance;
pub mod opennebula;

use crate::engine::SimTime;
use crate::engine::host::{Cloud, Host};

/// How to begin with a cloud at a pace: how long work takes that moves data. At zero it is done at
/// once, as in the recordings.
pub type Begin = fn(SimTime) -> Box<dyn Cloud>;

/// The clouds in the order in which the page shows them.
pub const CATALOG: &[Begin] = &[
    |pace| Box::new(Host::<opennebula::OpenNebula>::new(opennebula::World::paced(pace))),
    |pace| Box::new(Host::<glance::Glance>::new(glance::World::paced(pace))),
];

/// Every cloud of the catalogue, just begun, at this pace.
pub fn clouds(pace: SimTime) -> Vec<Box<dyn Cloud>> {
    CATALOG.iter().map(|begin| begin(pace)).collect()
}

/// The short names of the catalogue's clouds.
pub fn names() -> Vec<&'static str> {
    clouds(SimTime::START).iter().map(|cloud| cloud.name()).collect()
}
