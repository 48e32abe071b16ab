//! What can be done in both clouds at once, and what would be typed in each for the verb that is
//! pointed at.

use yew::prelude::*;

use super::{click, event};
use crate::app::{DraftView, Msg, PairedVerb, VerbLine};

/// Where the lines stand: they describe the button that is pointed at.
const LINES: &str = "verb-lines";

/// The verbs.
pub(super) fn verbs(draft: &DraftView, send: &Callback<Msg>) -> Html {
    let on_chosen = PairedVerb::ALL.into_iter().filter(|verb| *verb != PairedVerb::Create);
    html! {
        <section class="verbs" aria-label="Do the same in both clouds">
            <div class="verbs__row">
                { new_image(draft, send) }
                <div class="buttons">{ for on_chosen.map(|verb| button(verb, verb.label(), None, send)) }</div>
            </div>
            <ul class="verbs__lines" id={LINES} aria-label={draft.pointed.verb.label()}>
                { for draft.pointed.lines.iter().map(show) }
            </ul>
        </section>
    }
}

fn show(line: &VerbLine) -> Html {
    let typed = line.line.as_ref().map_or("", |line| line);
    html! {
        <li><span>{ line.title }</span><code title={typed.to_owned()}>{ typed }</code><span class="verbs__words">{ &line.words }</span></li>
    }
}

/// While the pointer or the focus is on a verb, the diagrams show where it would lead.
fn button(verb: PairedVerb, label: &'static str, class: Option<&'static str>, send: &Callback<Msg>) -> Html {
    let (there, away) = (Msg::VerbPointed(Some(verb)), Msg::VerbPointed(None));
    html! {
        <button type="button" {class} aria-describedby={LINES} onclick={click(send, Msg::VerbAsked { verb, only: None })}
            onmouseenter={click(send, there.clone())} onmouseleave={click(send, away.clone())}
            onfocusin={focus(send, there)} onfocusout={focus(send, away)}>
            { label }
        </button>
    }
}

fn focus(send: &Callback<Msg>, msg: Msg) -> Callback<FocusEvent> {
    let send = send.clone();
    Callback::from(move |_| send.emit(msg.clone()))
}

fn new_image(draft: &DraftView, send: &Callback<Msg>) -> Html {
    let create = |only: Option<usize>| click(send, Msg::VerbAsked { verb: PairedVerb::Create, only });
    let one_by_one = draft.clouds.iter().map(|&(system, title)| {
        html! { <button type="button" onclick={create(Some(system))}>{ format!("in {title}") }</button> }
    });
    let in_both = draft.clouds.len() > 1;
    let label = if in_both { "Create in both" } else { "Create" };
    html! {
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
            { button(PairedVerb::Create, label, Some("primary"), send) }
            if in_both { { for one_by_one } }
        </div>
    }
}
