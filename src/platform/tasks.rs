//! Work in turns: between two of them the browser takes in what a person does, and draws.

use gloo::utils::window;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use yew::Callback;

/// Calls back in a task of its own.
pub fn tasks() -> Callback<Callback<()>> {
    Callback::from(|ready: Callback<()>| {
        let turn = Closure::once_into_js(move || ready.emit(()));
        let asked = window().set_timeout_with_callback(turn.unchecked_ref());
        debug_assert!(asked.is_ok(), "a window has timers");
    })
}
