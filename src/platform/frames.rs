//! Wall time for the picture: how long it is since the frame before, and how long work takes.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo::render::{AnimationFrame, request_animation_frame};
use gloo::utils::window;
use web_sys::Performance;
use yew::Callback;

/// After a rest no frame counts as longer than this, in milliseconds.
const LONGEST: f64 = 100.0;

/// Calls back before the next frame with the time since the frame before, in milliseconds.
pub fn frames() -> Callback<Callback<f32>> {
    let last = Rc::new(Cell::new(0.0));
    let asked: Rc<RefCell<Option<AnimationFrame>>> = Rc::default();
    Callback::from(move |ready: Callback<f32>| {
        let last = Rc::clone(&last);
        let frame = request_animation_frame(move |now| {
            let passed = (now - last.replace(now)).clamp(0.0, LONGEST);
            #[expect(clippy::cast_possible_truncation, reason = "it is at most LONGEST")]
            ready.emit(passed as f32);
        });
        *asked.borrow_mut() = Some(frame);
    })
}

/// The wall time in milliseconds since the page was opened.
pub fn now() -> Callback<(), f64> {
    let performance = window().performance();
    Callback::from(move |()| performance.as_ref().map_or(f64::INFINITY, Performance::now))
}
