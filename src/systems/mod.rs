//! The clouds: one folder each, one line of the catalogue each.

pub mod glance;
pub mod opennebula;

use crate::engine::host::{Cloud, Host};

/// How to begin with each cloud, in the order in which the page shows them.
pub const CATALOG: &[fn() -> Box<dyn Cloud>] = &[|| Box::new(Host::<glance::Glance>::default())];

/// Every cloud of the catalogue, just begun.
pub fn clouds() -> Vec<Box<dyn Cloud>> {
    CATALOG.iter().map(|begin| begin()).collect()
}
