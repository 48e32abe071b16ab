//! Image Lifecycle Lab: two cloud image lifecycles, live and side by side.
//!
//! Modules in reading order: [`engine`] runs any cloud; [`systems`] are the clouds; [`compare`]
//! says how they correspond; [`diagram`] draws them as data; [`app`] is the application without a browser; `ui` are its components and
//! `platform` is the browser.

pub mod app;
pub mod compare;
pub mod diagram;
pub mod engine;
#[cfg(target_arch = "wasm32")]
pub mod platform;
pub mod systems;
#[cfg(any(target_arch = "wasm32", feature = "views"))]
pub mod ui;
