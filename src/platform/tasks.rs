//! Work in turns: between two of them the browser takes in what a person does, and draws.

use gloo::utils::window;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::IdleRequestOptions;
use yew::Callback;

/// Calls back in a task of its own.
pub fn tasks() -> Callback<Callback<()>> {
    Callback::from(|ready| in_a_task(ready, 0))
}

/// What is drawn around the picture waits no longer than this for a moment of rest, in milliseconds.
const PATIENCE: u32 = 100;

/// Calls back after so many milliseconds, when the next frame has been drawn and there is nothing more urgent.
pub fn rest() -> Callback<(i32, Callback<()>)> {
    Callback::from(|(milliseconds, ready): (i32, Callback<()>)| match milliseconds {
        0 => after_a_frame(ready),
        _ => in_a_task(Callback::from(move |()| after_a_frame(ready.clone())), milliseconds),
    })
}

/// Calls back when the next frame has been drawn and there is nothing more urgent.
pub(super) fn after_a_frame(ready: Callback<()>) {
    let frame = Closure::once_into_js(move || at_rest(ready));
    let asked = window().request_animation_frame(frame.unchecked_ref());
    debug_assert!(asked.is_ok(), "a window has frames");
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
        in_a_task(ready, 0);
    }
}

/// Calls back in a task of its own, after so many milliseconds.
fn in_a_task(ready: Callback<()>, milliseconds: i32) {
    let task = Closure::once_into_js(move || ready.emit(()));
    let function = task.unchecked_ref();
    let asked = window().set_timeout_with_callback_and_timeout_and_arguments_0(function, milliseconds);
    debug_assert!(asked.is_ok(), "a window has timers");
}
