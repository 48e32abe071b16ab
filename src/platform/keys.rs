//! The keys of the page, wherever the focus is, except where one types.

use gloo::utils::window;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, KeyboardEvent};
use yew::Callback;

use crate::app::{Msg, is_key};

/// Where keys belong to what has the focus.
const TYPED_IN: &str = "input:not([type=checkbox], [type=range]), textarea, select, [contenteditable]";

/// Sends every key that does something, from now on.
pub(super) fn watch(send: Callback<Msg>) {
    let pressed = move |event: KeyboardEvent| {
        let (key, command) = (event.key(), event.ctrl_key() || event.meta_key());
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let typing = target.is_some_and(|target| target.matches(TYPED_IN).unwrap_or(false));
        if typing || event.alt_key() || !is_key(&key, command) {
            return;
        }
        if command {
            event.prevent_default();
        }
        send.emit(Msg::KeyPressed { key, command, shift: event.shift_key() });
    };
    let pressed = Closure::<dyn Fn(KeyboardEvent)>::new(pressed);
    let listening = window().add_event_listener_with_callback("keydown", pressed.as_ref().unchecked_ref());
    debug_assert!(listening.is_ok(), "a window takes listeners");
    pressed.forget();
}
