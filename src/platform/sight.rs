//! What is in sight: scrolls the page, or a list in it.

use std::cell::Cell;

use gloo::utils::{document_element, window};
use web_sys::{Element, ScrollBehavior, ScrollIntoViewOptions, ScrollLogicalPosition, ScrollToOptions};

use super::{elements, holds};
use crate::app::Cause;

/// What is pressed, or typed in.
const IN_HAND: &str = ":active, input[type=text]:focus";

thread_local! {
    /// How far down the page was left when a person last did something that was to be seen.
    static LEFT: Cell<f64> = const { Cell::new(0.0) };
}

fn behavior(still: bool) -> ScrollBehavior {
    if still { ScrollBehavior::Instant } else { ScrollBehavior::Smooth }
}

/// Scrolls to the diagrams.
pub(super) fn show_diagrams(still: bool) {
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Start);
    options.set_behavior(behavior(still));
    if let Some(stages) = elements("#stages").first() {
        stages.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Shows these states.
pub(super) fn show(states: &[(usize, &str)], cause: Cause, still: bool) {
    let here = window().scroll_y().unwrap_or_default();
    let is_left = (LEFT.get() - here).abs() < 2.0;
    let is_free = match cause {
        Cause::Chosen => true,
        // Where the diagrams stand below each other, somebody looks at one of them.
        Cause::Asked => stands_alone_or_beside(),
        Cause::Time => is_left && stands_alone_or_beside() && elements(IN_HAND).is_empty(),
    };
    if is_free {
        let nodes = states.iter().filter_map(|(system, name)| {
            let node = format!("[data-system='{system}'] .diagram:not(.is-zoomed) [data-state='{name}']");
            // A token hangs over the edge of its state.
            with_margin(&node, 0.5)
        });
        let down = see(nodes, still);
        // Who chose a state reads its card.
        LEFT.set(if cause == Cause::Chosen { f64::NAN } else { here + down });
    }
}

/// Whether no diagram stands below another: there is room for both, or an embed has only one.
fn stands_alone_or_beside() -> bool {
    holds("(width >= 60rem)") || !elements(".page--embed .stages--one").is_empty()
}

/// Shows what is said in the panel of a cloud, if anything is.
pub(super) fn show_said(system: usize, still: bool) {
    see(with_margin(&format!("[data-system='{system}'] .said"), 0.1).into_iter(), still);
}

/// Where an element begins and ends in the window, with a margin that is a part of its height.
fn with_margin(selector: &str, part: f64) -> Option<(f64, f64)> {
    let place = elements(selector).first()?.get_bounding_client_rect();
    let margin = place.height() * part;
    Some((place.top() - margin, place.bottom() + margin))
}

/// Scrolls as little as is needed to see this between what lies at the window's edges, or as much of it as has
/// room with the first; says how far.
fn see(parts: impl Iterator<Item = (f64, f64)>, still: bool) -> f64 {
    let (top, bottom) = room();
    let mut seen: Option<(f64, f64)> = None;
    for part in parts {
        let both = seen.map_or(part, |seen| (part.0.min(seen.0), part.1.max(seen.1)));
        if seen.is_none() || both.1 - both.0 < bottom - top {
            seen = Some(both);
        }
    }
    let down = match seen {
        Some((first, last)) if last > bottom => (last - bottom).min(first - top),
        Some((first, _)) if first < top => first - top,
        _ => 0.0,
    };
    let options = ScrollToOptions::new();
    options.set_top(down);
    options.set_behavior(behavior(still));
    window().scroll_by_with_scroll_to_options(&options);
    down
}

/// The part of the window that is free between the first minute or the verbs, where they stay in sight, and the line
/// of time.
fn room() -> (f64, f64) {
    let height = |part: Option<&Element>| part.map_or(0.0, |part| part.get_bounding_client_rect().height());
    let stays = |part: &Element| {
        let style = window().get_computed_style(part).ok().flatten();
        style.is_some_and(|style| style.get_property_value("position").is_ok_and(|place| place == "sticky"))
    };
    let above = elements(".guide, .verbs__chosen").into_iter().find(stays);
    let window = f64::from(document_element().client_height());
    (height(above.as_ref()), window - height(elements("#dock").first()))
}

/// Scrolls a list: its head stays, and all its rows are of the same height.
pub(super) fn show_row(system: usize, row: usize, of: usize) {
    let lists = elements(&format!("[data-system='{system}'] .list__rows"));
    let Some(list) = lists.first() else { return };
    let whole = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
    let height = list.scroll_height() / (whole(of) + 1).max(1);
    let top = height * whole(row);
    let highest = top + 2 * height - list.client_height();
    list.set_scroll_top(list.scroll_top().clamp(highest.min(top), top));
}
