//! The first minute, one sentence and one button at a time.

use yew::prelude::*;

use super::click;
use crate::app::{GuideView, Msg};

/// The step that is shown.
pub(super) fn guide(GuideView { number, of, text, button }: GuideView, send: &Callback<Msg>) -> Html {
    html! {
        <section class="guide" aria-label="The first minute">
            <p><span class="quiet">{ format!("{number} of {of}") }</span>{ " " }{ text }</p>
            <button type="button" class="primary" onclick={click(send, Msg::GuideFollowed)}>{ button }</button>
            if number < of {
                <button type="button" onclick={click(send, Msg::GuideSkipped)}>{ "Skip" }</button>
            }
        </section>
    }
}
