//! Glance: images, tasks, stores and members of OpenStack Glance 33, and mock instances.

mod chart;

mod status;

pub use chart::CHART;
pub use status::ImageStatus;
