//! The branches as a tree: each can be gone to, seen beside, named, deleted and brought back.

use yew::prelude::*;

use super::{button, event, section};
use crate::app::{BranchView, Msg, TransportView};

/// Branches further in are not indented more.
const DEEPEST: usize = 6;

/// The tree.
pub(super) fn branches(view: &TransportView, send: &Callback<Msg>) -> Html {
    let only = view.branches.len() == 1;
    let deleted = view.deleted.iter().enumerate().map(|(place, name)| {
        html! { <li>{ button(send, &format!("Bring “{name}” back"), None, Msg::BranchRestored(place)) }</li> }
    });
    section(
        "Branches",
        html! {
            <>
                <ul class="tree">{ for view.branches.iter().map(|branch| show(branch, only, send)) }{ for deleted }</ul>
                if only {
                    <p class="quiet">{ "Step back and do something else: it becomes a branch, and this one stays." }</p>
                }
            </>
        },
    )
}

fn show(view: &BranchView, only: bool, send: &Callback<Msg>) -> Html {
    let BranchView { branch, name, depth, steps, level, current, beside } = view;
    let branch = *branch;
    let length = match *level {
        0 => format!("{steps} steps"),
        _ => format!("from step {depth} to {steps}"),
    };
    let delete = || button(send, "Delete", Some(format!("Delete “{name}”")), Msg::BranchDeleted(branch));
    html! {
        <li key={branch}>
            <span class="tree__line" aria-hidden="true">{ line(*level) }</span>
            if *current { { name_field(branch, name, send) } } else { { button(send, name, None, Msg::BranchChosen(branch)) } }
            <span class="quiet">{ length }</span>
            if !current { { compare(*beside, name, branch, send) } }
            if !only { { delete() } }
        </li>
    }
}

fn compare(beside: bool, name: &str, branch: usize, send: &Callback<Msg>) -> Html {
    let (label, words) = if beside { ("Not beside", "no longer ") } else { ("Beside", "") };
    button(send, label, Some(format!("Show “{name}” {words}beside")), Msg::BranchCompared(branch))
}

/// The branch that is shown carries its name in a field.
fn name_field(branch: usize, name: &str, send: &Callback<Msg>) -> Html {
    let onchange = send.reform(move |change| Msg::BranchRenamed(branch, event::changed(&change)));
    html! {
        <input type="text" aria-label="Name of the branch that is shown" aria-current="true" value={name.to_owned()}
            autocomplete="off" spellcheck="false" {onchange} />
    }
}

fn line(level: usize) -> String {
    match level.min(DEEPEST) {
        0 => String::new(),
        level => format!("{}└ ", "  ".repeat(level - 1)),
    }
}
