//! OpenNebula: images of `oned` 7.5, its VMs, datastores, users and drivers.

mod chart;

mod state;

pub use chart::CHART;
pub use state::ImageState;
