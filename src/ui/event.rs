//! What the browser's events carry, as plain values: with the canvas and the places, the only file here
//! that names `web_sys`.

pub use web_sys::File;
use web_sys::{
    Element, Event, HtmlInputElement, HtmlSelectElement, InputEvent, KeyboardEvent, MouseEvent, SvgElement,
};

use web_sys::wasm_bindgen::JsCast;
use yew::{NodeRef, TargetCast};

/// The text of the input that was typed in.
pub(super) fn typed(event: &InputEvent) -> String {
    event.target_dyn_into::<HtmlInputElement>().map(|input| input.value()).unwrap_or_default()
}

/// Writes into a text field.
pub(super) fn write(field: &NodeRef, text: &str) {
    if let Some(input) = field.cast::<HtmlInputElement>() {
        input.set_value(text);
    }
}

/// Whether the box was checked.
pub(super) fn checked(event: &Event) -> bool {
    event.target_dyn_into::<HtmlInputElement>().is_some_and(|input| input.checked())
}

/// The value of the list entry that was selected.
pub(super) fn selected(event: &Event) -> String {
    event.target_dyn_into::<HtmlSelectElement>().map(|select| select.value()).unwrap_or_default()
}

/// The same from a list that offers things to do: it goes back to its first entry.
pub(super) fn picked_once(event: &Event) -> String {
    let Some(select) = event.target_dyn_into::<HtmlSelectElement>() else { return String::new() };
    let value = select.value();
    select.set_selected_index(0);
    value
}

/// The text of the input that was changed.
pub(super) fn changed(event: &Event) -> String {
    event.target_dyn_into::<HtmlInputElement>().map(|input| input.value()).unwrap_or_default()
}

/// Whether a button would take this key for a click; if so the page does not scroll.
pub(super) fn presses(event: &KeyboardEvent) -> bool {
    let presses = matches!(&*event.key(), "Enter" | " ");
    if presses {
        event.prevent_default();
    }
    presses
}

/// How many of `rows` rows of the same height have been scrolled by.
pub(super) fn scrolled_rows(event: &Event, rows: usize) -> usize {
    let Some(element) = event.target_dyn_into::<Element>() else { return 0 };
    let (top, height) = (element.scroll_top(), element.scroll_height().max(1));
    usize::try_from(top).unwrap_or(0) * rows / usize::try_from(height).unwrap_or(1)
}

/// The file that was picked; the picker is emptied, so that the same file can be picked again.
pub(super) fn picked(event: &Event) -> Option<File> {
    let input = event.target_dyn_into::<HtmlInputElement>()?;
    let file = input.files()?.get(0);
    input.set_value("");
    file
}

/// Moves the focus from the element that a key was pressed in, which is at one place among its kind, to the one at
/// another.
pub(super) fn focus_other(event: &KeyboardEvent, from: usize, to: usize) {
    event.prevent_default();
    event.stop_propagation();
    let mut other = event.target_dyn_into::<Element>();
    for _ in 0..from.abs_diff(to) {
        other = other.and_then(|other| {
            if from < to { other.next_element_sibling() } else { other.previous_element_sibling() }
        });
    }
    if let Some(other) = other.and_then(|other| other.dyn_into::<SvgElement>().ok()) {
        let _ = other.focus();
    }
}

/// Where a pointer is, as fractions of the element's width and height from its centre.
pub(super) fn place_within(event: &MouseEvent) -> (f32, f32) {
    within(event, |width, height| (event.offset_x() - width / 2, event.offset_y() - height / 2))
}

/// How far a pointer went since the event before, as fractions of the element's width and height.
pub(super) fn way_within(event: &MouseEvent) -> (f32, f32) {
    within(event, |_, _| (event.movement_x(), event.movement_y()))
}

#[expect(clippy::cast_precision_loss, reason = "pixels of a screen")]
fn within(event: &MouseEvent, place: impl FnOnce(i32, i32) -> (i32, i32)) -> (f32, f32) {
    let element = event.target_dyn_into::<Element>();
    let Some(svg) = element.and_then(|element| element.closest("svg").ok().flatten()) else {
        return (0.0, 0.0);
    };
    let (width, height) = (svg.client_width().max(1), svg.client_height().max(1));
    let (x, y) = place(width, height);
    (x as f32 / width as f32, y as f32 / height as f32)
}
