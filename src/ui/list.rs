//! The images of one cloud as the real command lists them. Of a long list only what is seen is made:
//! empty rows of the right height stand for the rest.

use yew::prelude::*;

use super::field::Field;
use super::later::{Part, later};
use super::{click, event};
use crate::app::{ListView, Msg, StageView};
use crate::diagram::hundredths;
use crate::engine::chart::Phase;
use crate::engine::present::ImageRow;

/// A list that is shorter is seen at a glance and has no filter.
const WORTH_A_FILTER: usize = 12;

/// The height of a row in the style sheet, in rem.
const ROW: f32 = 1.5;

/// Rows are made anew whenever so many more have been scrolled by.
const STRIDE: usize = 8;

/// The list, a single stop of the tabulator: arrow keys go from image to image.
pub(super) fn list(view: &StageView, send: &Callback<Msg>) -> Html {
    let (system, list) = (view.system, &view.list);
    let heads = (0..view.columns.len()).map(|column| head(view, column, send));
    let chosen = view.chosen.as_ref().map(|chosen| row_id(system, &chosen.row));
    let after = list.total.saturating_sub(list.first + list.rows.len());
    let (onscroll, onkeydown) = (scrolled(system, list, send), moved(system, send));
    html! {
        <div class="list">
            if view.total >= WORTH_A_FILTER || !list.filter.is_empty() { { later(&Part::Filter(view), send) } }
            <div class="list__rows" {onscroll}>
                <table role="grid" tabindex="0" aria-label={format!("{} images", view.title)}
                    aria-rowcount={(list.total + 1).to_string()} aria-activedescendant={chosen} {onkeydown}>
                    <thead><tr aria-rowindex="1">{ for heads }</tr></thead>
                    <tbody>
                        { space(list.first, view) }
                        { for list.rows.iter().enumerate().map(|(index, row)| draw(view, list.first + index, row, send)) }
                        { space(after, view) }
                    </tbody>
                </table>
                if list.total == 0 && view.total > 0 { <p class="quiet">{ "No image has this in its name, id or state." }</p> }
            </div>
        </div>
    }
}

/// The field that filters the list.
pub(super) fn filter(view: &StageView, send: &Callback<Msg>) -> Html {
    let (system, list) = (view.system, &view.list);
    let oninput = send.reform(move |input| Msg::ListFiltered { system, text: event::typed(&input) });
    html! {
        <label class="list__tools quiet">
            <Field class="list__filter" text={list.filter.clone()} written={(list.number, None)}
                placeholder={format!("Name, id or {}", view.state_word)} name={format!("Filter {} images", view.title)} {oninput} />
            { format!("{} of {}", list.total, view.total) }
        </label>
    }
}

fn head(view: &StageView, column: usize, send: &Callback<Msg>) -> Html {
    let (sort, sign) = match view.list.order {
        Some((ordered, false)) if ordered == column => (Some("ascending"), " ↑"),
        Some((ordered, true)) if ordered == column => (Some("descending"), " ↓"),
        _ => (None, ""),
    };
    let onclick = click(send, Msg::ListOrdered { system: view.system, column });
    html! {
        <th scope="col" aria-sort={sort}>
            <button type="button" class="link" {onclick}>{ view.columns[column] }{ sign }</button>
        </th>
    }
}

fn draw(view: &StageView, place: usize, row: &ImageRow, send: &Callback<Msg>) -> Html {
    let (system, image) = (view.system, row.id);
    let chosen = view.chosen.as_ref().is_some_and(|chosen| chosen.row.id == image);
    let phase = view.chart.node(row.state).map(|node| node.phase);
    let class = classes!(chosen.then_some("is-chosen"), (phase == Some(Phase::Gone)).then_some("is-gone"),);
    let cell = |(column, text): (usize, &String)| {
        let class = view.changed.contains(&(image, column)).then_some("is-changed");
        html! { <td {class} dir="auto">{ text }</td> }
    };
    let ondragstart = send.reform(move |_: DragEvent| Msg::ImageDragged { system, image });
    html! {
        <tr id={row_id(system, row)} {class} aria-rowindex={(place + 2).to_string()}
            aria-selected={chosen.to_string()} draggable="true" {ondragstart}
            onclick={click(send, Msg::ImageChosen { system, image })}>
            { for row.cells.iter().enumerate().map(cell) }
        </tr>
    }
}

fn row_id(system: usize, row: &ImageRow) -> String {
    format!("row-{system}-{}", row.id)
}

/// Room for so many rows. A picture, because only pictures say their height without a style.
#[expect(clippy::cast_precision_loss, reason = "no list is longer than 2^24")]
fn space(rows: usize, view: &StageView) -> Html {
    if rows == 0 {
        return Html::default();
    }
    let height = hundredths(rows as f32 * ROW) + "rem";
    html! {
        <tr aria-hidden="true"><td class="list__space" colspan={view.columns.len().to_string()}><svg width="1" {height} /></td></tr>
    }
}

/// Makes other rows when those that are here do not suffice any more.
fn scrolled(system: usize, list: &ListView, send: &Callback<Msg>) -> Callback<Event> {
    let (send, total, shown) = (send.clone(), list.total, list.first);
    Callback::from(move |scroll: Event| {
        let first = event::scrolled_rows(&scroll, total + 1);
        let first = (first / STRIDE * STRIDE).saturating_sub(STRIDE);
        if first != shown {
            send.emit(Msg::ListScrolled { system, first });
        }
    })
}

/// Keys go to another image.
fn moved(system: usize, send: &Callback<Msg>) -> Callback<KeyboardEvent> {
    let send = send.clone();
    Callback::from(move |press: KeyboardEvent| {
        let rows = match press.key().as_str() {
            "ArrowDown" => 1,
            "ArrowUp" => -1,
            "PageDown" => 9,
            "PageUp" => -9,
            "Home" => isize::MIN,
            "End" => isize::MAX,
            _ => return,
        };
        press.prevent_default();
        send.emit(Msg::ListMoved { system, rows });
    })
}
