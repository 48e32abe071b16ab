//! What can be done in both clouds at once.

use yew::prelude::*;

use super::field::Field;
use super::stage::cause_id;
use super::{click, click_once, event, when};
use crate::app::{DraftView, Msg, PairedVerb};

/// So many letters are the end of a name.
const END: usize = 7;

/// The verbs.
pub(super) fn verbs(draft: &DraftView, send: &Callback<Msg>) -> Html {
    let on_chosen = PairedVerb::ALL.into_iter().filter(|verb| *verb != PairedVerb::Create);
    let target = |word: &'static str, name: Option<&String>| match name {
        Some(name) => html! { <>{ word }<bdi title={name.clone()}>{ in_two(name) }</bdi></> },
        None => Html::default(),
    };
    html! {
        <section class="verbs" aria-label="Do the same in both clouds">
            <div class="verbs__row">
                { new_image(draft, send) }
                <div class="verbs__chosen">
                    <p class="verbs__target quiet">{ target("with ", draft.targets.first()) }{ target(" and ", draft.targets.get(1)) }</p>
                    <div class="buttons">{ for on_chosen.map(|verb| button(draft, verb, verb.label(), None, send)) }</div>
                </div>
            </div>
        </section>
    }
}

/// A name whose end stays in sight where the whole has no room: that is where names differ. Letters that join
/// or turn stay together.
fn in_two(name: &str) -> Html {
    match name.len().checked_sub(END).filter(|_| name.bytes().all(|letter| letter < 0x80)) {
        Some(at) => html! { <><span>{ &name[..at] }</span><span>{ &name[at..] }</span></> },
        None => html! { <span>{ name }</span> },
    }
}

/// While the pointer or the focus is on a verb, the stages say what would be typed and show where it would lead.
fn button(
    draft: &DraftView,
    verb: PairedVerb,
    label: &'static str,
    class: Option<&'static str>,
    send: &Callback<Msg>,
) -> Html {
    let lines: Vec<String> = draft.clouds.iter().map(|(system, _)| cause_id(*system)).collect();
    let (there, away) = pointed(verb);
    // Images are made as often as one clicks; with an image the same is never meant twice.
    let asked = if verb == PairedVerb::Create { click } else { click_once };
    html! {
        <button type="button" {class} aria-describedby={lines.join(" ")} onclick={asked(send, Msg::VerbAsked { verb, only: None })}
            onmouseenter={click(send, there.clone())} onmouseleave={click(send, away.clone())}
            onfocusin={focus(send, there)} onfocusout={focus(send, away)}>
            { label }
        </button>
    }
}

/// What is sent when a verb is pointed at, and when it is not any more.
fn pointed(verb: PairedVerb) -> (Msg, Msg) {
    (Msg::VerbPointed(Some(verb)), Msg::VerbPointed(None))
}

fn focus(send: &Callback<Msg>, msg: Msg) -> Callback<FocusEvent> {
    let send = send.clone();
    Callback::from(move |_| send.emit(msg.clone()))
}

fn new_image(draft: &DraftView, send: &Callback<Msg>) -> Html {
    let create = |only: Option<usize>| click(send, Msg::VerbAsked { verb: PairedVerb::Create, only });
    let one_by_one = draft.clouds.iter().map(|&(system, title)| {
        html! { <button type="button" onclick={create(Some(system))}>{ format!("only in {title}") }</button> }
    });
    let entered = when(send, |key: KeyboardEvent| {
        (key.key() == "Enter" && !key.is_composing())
            .then_some(Msg::VerbAsked { verb: PairedVerb::Create, only: None })
    });
    let number = draft.number;
    let oninput = send.reform(move |input| Msg::NameTyped { number, name: event::typed(&input) });
    let (there, away) = pointed(PairedVerb::Create);
    let in_both = draft.clouds.len() > 1;
    let label = if in_both { "Create in both" } else { "Create" };
    html! {
        <div class="verbs__group">
            <label>
                <span class="unseen">{ "Name of the new image" }</span>
                <Field text={draft.name.clone()} written={(draft.number, None)} placeholder={draft.next_name.clone()} onkeydown={entered}
                    onfocusin={focus(send, there)} onfocusout={focus(send, away)} {oninput} />
            </label>
            <label class="check">
                // The person's own: what was heard from it is never written back, as in a field.
                <input type="checkbox" onchange={send.reform(|change| Msg::PersistenceChosen(event::checked(&change)))} />
                { "persistent" }
            </label>
            { button(draft, PairedVerb::Create, label, Some("primary"), send) }
            if in_both { { for one_by_one } }
        </div>
    }
}
