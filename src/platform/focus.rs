//! Where the focus goes when what had it is gone: to what it stood in, so that the keyboard goes on from there.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::utils::document;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, Event, FocusOptions, HtmlElement, MutationObserver, MutationObserverInit};

use super::listeners::hear;

/// What may take the focus over: what has a name to be read out.
const STANDS: &str = "section, [role=group], details, main";

/// Keeps the focus on the page, from now on.
pub(super) fn keep() {
    let around: Rc<RefCell<Vec<Element>>> = Rc::default();
    let focused = Rc::clone(&around);
    hear("focusin", move |event: Event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        *focused.borrow_mut() = with_ancestors(target);
    });
    // Taken out, because the focus that is given is heard of at once.
    let changed = Closure::<dyn Fn()>::new(move || {
        let around = around.borrow().clone();
        restore(&around);
    });
    let observer = MutationObserver::new(changed.as_ref().unchecked_ref());
    changed.forget();
    let (Ok(observer), Some(body)) = (observer, document().body()) else { return };
    let watched = MutationObserverInit::new();
    watched.set_child_list(true);
    watched.set_subtree(true);
    let watching = observer.observe_with_options(&body, &watched);
    debug_assert!(watching.is_ok(), "a page can be watched");
}

/// An element, what it stands in, what that stands in …
fn with_ancestors(element: Option<Element>) -> Vec<Element> {
    std::iter::successors(element, |part| part.parent_element()).collect()
}

/// Gives the focus to the nearest part that is left of what an element stood in that had it and is gone.
fn restore(around: &[Element]) {
    let is_gone = around.first().is_some_and(|focused| !focused.is_connected());
    let is_free = document().active_element().is_none_or(|active| active.tag_name() == "BODY");
    if !is_gone || !is_free {
        return;
    }
    let stands = |part: &&Element| part.is_connected() && part.matches(STANDS).unwrap_or(false);
    if let Some(part) = around.iter().find(stands).and_then(|part| part.dyn_ref::<HtmlElement>()) {
        let quietly = FocusOptions::new();
        quietly.set_prevent_scroll(true);
        let _ = part.set_attribute("tabindex", "-1");
        let _ = part.focus_with_options(&quietly);
    }
}
