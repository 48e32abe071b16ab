//! Starts the page.

/// Starts the page; natively there is none to start.
fn main() {
    #[cfg(target_arch = "wasm32")]
    lab::platform::start();
}
