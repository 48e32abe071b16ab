//! What is heard of the whole page: the keys, wherever the focus is, except where one types; files that are
//! dropped on it; that somebody reaches for what the program has not taken over.

use gloo::utils::window;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::convert::FromWasmAbi;
use web_sys::{DragEvent, Element, Event, KeyboardEvent};
use yew::Callback;

use super::{focus, read_file};
use crate::app::{Msg, is_key};
use crate::ui::{Place, TakenPlace};

/// Where keys belong to what has the focus.
const TYPED_IN: &str = "input:not([type=checkbox], [type=range]), textarea, select, [contenteditable]";

/// Sends every key that does something, what is in every file that is dropped, and that somebody reached
/// for a place that waits for the rules, from now on.
pub(super) fn listen(send: Callback<Msg>) {
    let (send_file, send_wanted) = (send.clone(), send.clone());
    let pressed = move |event: KeyboardEvent| {
        let (key, command) = (event.key(), event.ctrl_key() || event.meta_key());
        if key == "Escape" {
            send.emit(Msg::Dismissed);
            close_menus(None);
        }
        // A diagram that has the focus has taken it.
        if event.default_prevented() {
            return;
        }
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
    hear("keydown", pressed);
    let waits = format!("[{}={}]", TakenPlace::NAME, Place::Tools.name());
    for kind in ["focusin", "click", "change"] {
        let (send, waits) = (send_wanted.clone(), waits.clone());
        hear(kind, move |event: Event| {
            let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            if target.is_some_and(|target| matches!(target.closest(&waits), Ok(Some(_)))) {
                send.emit(Msg::Wanted);
            }
        });
    }
    hear("click", |click: Event| {
        let target = click.target().and_then(|target| target.dyn_into::<Element>().ok());
        close_menus(target.as_ref());
    });
    focus::keep();
    hear("dragover", |drag: DragEvent| drag.prevent_default());
    hear("drop", move |drop: DragEvent| {
        drop.prevent_default();
        let files = drop.data_transfer().and_then(|dropped| dropped.files());
        if let Some(file) = files.and_then(|files| files.get(0)) {
            read_file(file, send_file.clone());
        }
    });
}

/// Closes every menu but the one that something happened in before a choice was made.
fn close_menus(inside: Option<&Element>) {
    let summary = inside.and_then(|element| element.closest("summary").ok().flatten());
    for menu in super::elements("details.menu[open]") {
        if !summary.as_ref().is_some_and(|summary| menu.contains(Some(summary))) {
            let _ = menu.remove_attribute("open");
        }
    }
}

pub(super) fn hear<E: FromWasmAbi + 'static>(kind: &str, heard: impl Fn(E) + 'static) {
    let heard = Closure::<dyn Fn(E)>::new(heard);
    let listening = window().add_event_listener_with_callback(kind, heard.as_ref().unchecked_ref());
    debug_assert!(listening.is_ok(), "a window takes listeners");
    heard.forget();
}
