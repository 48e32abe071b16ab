//! The journal in words: what was asked, what came of it, and the way back there.

use yew::prelude::*;

use super::click;
use super::later::{Part, later};
use super::transport::time;
use crate::app::{JournalLine, Msg};
use crate::engine::recording::Difference;

/// The journal, oldest entry first.
pub(super) fn journal(lines: &[JournalLine], send: &Callback<Msg>) -> Html {
    html! {
        <section class="journal" aria-label="Journal">
            <h2>{ "Journal" }</h2>
            if lines.is_empty() {
                <p class="quiet">{ "Nothing was asked yet. Create an image: it will stand here." }</p>
            }
            <div role="log" aria-label="History" aria-live="off">
                <ol>{ for lines.iter().map(|line| entry(line, send)) }</ol>
            </div>
        </section>
    }
}

fn entry(line: &JournalLine, send: &Callback<Msg>) -> Html {
    let depth = line.depth;
    let class = classes!(
        "entry",
        line.current.then_some("is-current"),
        line.ahead.then_some("is-ahead"),
        line.answer.refusal.is_some().then_some("entry--refused"),
    );
    let outcome = match &line.answer.refusal {
        Some(refusal) => format!("✕ {refusal}"),
        None => line.answer.sentences.join(" · "),
    };
    let onclick = click(send, Msg::Sought(depth));
    html! {
        <li {class} aria-current={line.current.then_some("step")}>
            <button type="button" class="link" {onclick}>
                <span class="entry__when">{ time(line.at) }</span>
                <span class="entry__where">{ line.title }</span>
                <code class="entry__line">{ &line.answer.line }</code>
            </button>
            <span class="entry__outcome">{ outcome }</span>
            if !line.differences.is_empty() { { later(&Part::Differences(&line.differences), send) } }
        </li>
    }
}

/// Where the recording differs from our rules.
pub(super) fn differences(differences: &[Difference]) -> Html {
    let differences = differences.iter().map(|difference| {
        html! {
            <li>
                <strong>{ &difference.field }</strong>{ ": recorded " }<code>{ &difference.expected }</code>
                { ", our rules say " }<code>{ &difference.got }</code>
            </li>
        }
    });
    html! { <ul class="differences" aria-label="Differs from the recording">{ for differences }</ul> }
}
