//! OpenNebula: images of `oned` 7.5, its VMs, datastores, users and drivers.

mod state;

pub use state::ImageState;
