//! The page's components: plain data in, messages out. No rule of any cloud stands here.
//!
//! Parts of the page are functions; only [`Root`], the memo and the field are components, because
//! each component costs the download two kilobytes.

mod beside;
mod branches;
mod breakpoints;
mod canvas;
mod card;
mod compare;
mod diagram;
mod event;
mod field;
mod guide;
mod journal;
mod later;
mod list;
mod look;
mod masthead;
mod memo;
mod panel;
mod places;
mod reach;
mod root;
mod stage;
mod tokens;
mod tools;
mod transport;
mod verbs;

use yew::{Callback, Html, MouseEvent, html};

use crate::app::Msg;
pub use event::File;
pub use later::Parts;
pub use places::{Place, TakenPlace};
pub use root::{Root, RootProps};

/// A click that sends `msg`.
fn click(send: &Callback<Msg>, msg: Msg) -> Callback<MouseEvent> {
    let send = send.clone();
    Callback::from(move |_| send.emit(msg.clone()))
}

/// A click that sends `msg`; the second of a double click does not, as what stands there is another thing by then.
fn click_once(send: &Callback<Msg>, msg: Msg) -> Callback<MouseEvent> {
    when(send, move |click: MouseEvent| (click.detail() < 2).then(|| msg.clone()))
}

/// Sends the message that an event means, if it means one.
fn when<E: 'static>(send: &Callback<Msg>, meant: impl Fn(E) -> Option<Msg> + 'static) -> Callback<E> {
    let send = send.clone();
    Callback::from(move |event| {
        if let Some(msg) = meant(event) {
            send.emit(msg);
        }
    })
}

/// A button; `name` is for those who do not see what it stands beside.
fn button(send: &Callback<Msg>, label: &str, name: Option<String>, msg: Msg) -> Html {
    let onclick = click(send, msg);
    html! { <button type="button" aria-label={name} {onclick}>{ label.to_owned() }</button> }
}

/// Things to do that are seen when somebody asks for them.
fn menu(summary: &'static str, entries: Html) -> Html {
    html! {
        <details class="menu">
            <summary>{ summary }</summary>
            <div class="menu__body">{ entries }</div>
        </details>
    }
}

/// An entry of a list to choose from.
fn option(value: String, name: &str) -> Html {
    html! { <option {value}>{ name.to_owned() }</option> }
}

/// A list that offers things to do, after what is said before it.
fn offering(
    before: &'static str,
    entries: Html,
    send: &Callback<Msg>,
    meant: fn(&str) -> Option<Msg>,
) -> Html {
    let onchange = when(send, move |change| meant(&event::picked_once(&change)));
    html! {
        <label class="offering quiet">
            { before }
            <select {onchange}><option selected=true value="">{ "…" }</option>{ entries }</select>
        </label>
    }
}

/// A section below the transport.
fn section(title: &'static str, body: Html) -> Html {
    html! { <section aria-label={title}><h2>{ title }</h2>{ body }</section> }
}
