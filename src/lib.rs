//! Image Lifecycle Lab: two cloud image lifecycles, live and side by side.
//!
//! Modules in reading order: [`engine`] runs any cloud; [`systems`] are the clouds; [`diagram`] draws
//! them as data.

pub mod app;
pub mod diagram;
pub mod engine;
pub mod systems;
