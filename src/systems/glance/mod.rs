//! Glance: images, tasks, stores and members of OpenStack Glance 33, and mock instances.

mod status;

pub use status::ImageStatus;
