//! The first minute, one sentence and one button at a time.

use yew::prelude::*;

use super::{click, click_once};
use crate::app::{GuideView, Msg};

/// The step that is shown.
pub(super) fn guide(GuideView { number, of, text, button }: GuideView, send: &Callback<Msg>) -> Html {
    html! {
        <section class="guide" aria-label="The first minute">
            <p><span class="quiet">{ format!("{number} of {of}") }</span>{ " " }{ text }</p>
            if number < of {
                <button type="button" onclick={click(send, Msg::GuideSkipped)}>{ "Skip" }</button>
            }
            <button type="button" class="primary" onclick={click_once(send, Msg::GuideFollowed)}>{ button }</button>
        </section>
    }
}
