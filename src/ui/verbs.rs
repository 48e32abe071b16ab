//! What can be done in both clouds at once: each verb with what will be typed in each.

use yew::prelude::*;

use super::{click, event};
use crate::app::{DraftView, Msg, PairedVerb, VerbView};

/// The verbs.
pub(super) fn verbs(draft: &DraftView, send: &Callback<Msg>) -> Html {
    let (create, on_chosen): (Vec<&VerbView>, Vec<&VerbView>) =
        draft.verbs.iter().partition(|view| view.verb == PairedVerb::Create);
    html! {
        <section class="verbs" aria-label="Do the same in both clouds">
            { for create.into_iter().map(|view| new_image(draft, view, send)) }
            <div class="verbs__chosen">{ for on_chosen.into_iter().map(|view| on_chosen_image(view, send)) }</div>
        </section>
    }
}

/// A verb in its place. While the pointer or the focus is there, the diagrams show where it would lead.
fn place(view: &VerbView, send: &Callback<Msg>, class: &'static str, buttons: Html) -> Html {
    let point = |verb: Option<PairedVerb>| Msg::VerbPointed(verb);
    let (there, away) = (point(Some(view.verb)), point(None));
    let lines = view.lines.iter().map(|line| {
        let typed = match &line.line {
            Ok(command) => html! { <code>{ command }</code> },
            Err(sentence) => html! { <span>{ *sentence }</span> },
        };
        let words = [line.title, ": ", &line.words].concat();
        html! { <li title={words.clone()}><b>{ line.sign }</b>{ typed }<span class="unseen">{ words }</span></li> }
    });
    html! {
        <div class={classes!("verb", class)} onmouseenter={click(send, there.clone())} onmouseleave={click(send, away.clone())}
            onfocusin={focus(send, there)} onfocusout={focus(send, away)}>
            { buttons }
            <ul class="verb__lines" id={id(view.verb)}>{ for lines }</ul>
        </div>
    }
}

fn focus(send: &Callback<Msg>, msg: Msg) -> Callback<FocusEvent> {
    let send = send.clone();
    Callback::from(move |_| send.emit(msg.clone()))
}

/// Where a verb's lines stand: they describe its button.
fn id(verb: PairedVerb) -> &'static str {
    match verb {
        PairedVerb::Create => "lines-create",
        PairedVerb::Use => "lines-use",
        PairedVerb::Clone => "lines-clone",
        PairedVerb::Withhold => "lines-withhold",
        PairedVerb::Release => "lines-release",
        PairedVerb::Delete => "lines-delete",
        PairedVerb::Finish => "lines-finish",
        PairedVerb::Fail => "lines-fail",
    }
}

fn on_chosen_image(view: &VerbView, send: &Callback<Msg>) -> Html {
    let verb = view.verb;
    let onclick = click(send, Msg::VerbAsked { verb, only: None });
    let button =
        html! { <button type="button" aria-describedby={id(verb)} {onclick}>{ verb.label() }</button> };
    place(view, send, "verb--chosen", button)
}

fn new_image(draft: &DraftView, view: &VerbView, send: &Callback<Msg>) -> Html {
    let create = |only: Option<usize>| click(send, Msg::VerbAsked { verb: PairedVerb::Create, only });
    let one_by_one = draft.titles.iter().enumerate().map(|(system, title)| {
        html! { <button type="button" onclick={create(Some(system))}>{ format!("in {title}") }</button> }
    });
    let create_in_one = draft.titles.len() > 1;
    let buttons = html! {
        <div class="verbs__group">
            <label>
                <span class="unseen">{ "Name of the new image" }</span>
                <input type="text" autocomplete="off" spellcheck="false" value={draft.name.clone()}
                    placeholder={draft.next_name.clone()}
                    oninput={send.reform(|input| Msg::NameTyped(event::typed(&input)))} />
            </label>
            <label class="check">
                <input type="checkbox" checked={draft.persistent}
                    onchange={send.reform(|change| Msg::PersistenceChosen(event::checked(&change)))} />
                { "persistent" }
            </label>
            <button type="button" class="primary" aria-describedby={id(view.verb)} onclick={create(None)}>
                { if create_in_one { "Create in both" } else { "Create" } }
            </button>
            if create_in_one { { for one_by_one } }
        </div>
    };
    place(view, send, "verb--new", buttons)
}
