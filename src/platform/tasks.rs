//! Work in turns: between two of them the browser takes in what a person does, and draws.

use gloo::utils::window;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::IdleRequestOptions;
use yew::Callback;

/// Calls back in a task of its own.
pub fn tasks() -> Callback<Callback<()>> {
    Callback::from(in_a_task)
}

/// What is drawn around the picture waits no longer than this for a moment of rest, in milliseconds.
const PATIENCE: u32 = 100;

/// Calls back when the next frame has been drawn and there is nothing more urgent.
pub fn rest() -> Callback<Callback<()>> {
    Callback::from(|ready: Callback<()>| {
        let frame = Closure::once_into_js(move || at_rest(ready));
        let asked = window().request_animation_frame(frame.unchecked_ref());
        debug_assert!(asked.is_ok(), "a window has frames");
    })
}

fn at_rest(ready: Callback<()>) {
    let rest = {
        let ready = ready.clone();
        Closure::once_into_js(move || ready.emit(()))
    };
    let options = IdleRequestOptions::new();
    options.set_timeout(PATIENCE);
    // Not every browser can tell when it rests.
    if window().request_idle_callback_with_options(rest.unchecked_ref(), &options).is_err() {
        in_a_task(ready);
    }
}

fn in_a_task(ready: Callback<()>) {
    let task = Closure::once_into_js(move || ready.emit(()));
    let asked = window().set_timeout_with_callback(task.unchecked_ref());
    debug_assert!(asked.is_ok(), "a window has timers");
}
