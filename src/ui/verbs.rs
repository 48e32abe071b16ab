//! What can be done in both clouds at once.

use yew::prelude::*;

use super::{click, event};
use crate::app::{DraftView, Msg, PairedVerb};

/// The row of verbs.
pub(super) fn verbs(draft: &DraftView, send: &Callback<Msg>) -> Html {
    let create = |only: Option<usize>| click(send, Msg::VerbAsked { verb: PairedVerb::Create, only });
    let one_by_one = draft.titles.iter().enumerate().map(|(system, title)| {
        html! { <button type="button" onclick={create(Some(system))}>{ format!("in {title}") }</button> }
    });
    let create_in_one = draft.titles.len() > 1;
    let on_chosen = PairedVerb::ON_CHOSEN.into_iter().map(|verb| {
        let onclick = click(send, Msg::VerbAsked { verb, only: None });
        html! { <button type="button" {onclick}>{ verb.label() }</button> }
    });
    html! {
        <section class="verbs" aria-label="Do the same in both clouds">
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
                <button type="button" class="primary" onclick={create(None)}>
                    { if create_in_one { "Create in both" } else { "Create" } }
                </button>
                if create_in_one { { for one_by_one } }
            </div>
            <div class="verbs__group">
                <span class="quiet">{ "The chosen images:" }</span>
                { for on_chosen }
            </div>
        </section>
    }
}
