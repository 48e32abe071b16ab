//! The branches as a tree: each can be gone to, seen beside, named, deleted and brought back.

use yew::prelude::*;

use super::field::Field;
use super::later::{Part, later};
use super::{button, event, section};
use crate::app::{BranchView, Msg, TransportView};

/// Branches further in are not indented more.
const DEEPEST: usize = 6;

/// The tree.
pub(super) fn branches(view: &TransportView, send: &Callback<Msg>) -> Html {
    let tree = match &view.branches[..] {
        [only] if view.deleted.is_empty() => {
            show(only, name_field(only, send), format!("{} steps", only.steps), None)
        }
        _ => later(&Part::Branches(view), send),
    };
    section(
        "Branches",
        html! {
            <>
                <ul class="tree">{ tree }</ul>
                if view.branches.len() == 1 {
                    <p class="quiet">{ "Step back and do something else: it becomes a branch, and this one stays." }</p>
                }
            </>
        },
    )
}

/// One branch: its place in the tree, its name and its length, and what can be done with it.
fn show(view: &BranchView, name: Html, length: String, tools: Option<Html>) -> Html {
    html! {
        <li key={view.branch}>
            <span class="tree__line" aria-hidden="true">{ line(view.level) }</span>
            { name }
            <span class="quiet">{ length }</span>
            { tools }
        </li>
    }
}

/// The rows of several branches, and of those that were deleted.
pub(super) fn several(view: &TransportView, send: &Callback<Msg>) -> Html {
    let only = view.branches.len() == 1;
    let deleted = view.deleted.iter().enumerate().map(|(place, name)| {
        html! { <li>{ button(send, &format!("Bring “{name}” back"), None, Msg::BranchRestored(place)) }</li> }
    });
    let branches = view.branches.iter().map(|branch| one_of_several(branch, only, send));
    html! { <>{ for branches }{ for deleted }</> }
}

fn one_of_several(view: &BranchView, only: bool, send: &Callback<Msg>) -> Html {
    let BranchView { branch, name, depth, steps, level, current, beside, .. } = view;
    let branch = *branch;
    let length = match *level {
        0 => format!("{steps} steps"),
        _ => format!("from step {depth} to {steps}"),
    };
    let shown =
        if *current { name_field(view, send) } else { button(send, name, None, Msg::BranchChosen(branch)) };
    let delete = || button(send, "Delete", Some(format!("Delete “{name}”")), Msg::BranchDeleted(branch));
    let tools = html! {
        <>
            if !current { { compare(*beside, name, branch, send) } }
            if !only { { delete() } }
        </>
    };
    show(view, shown, length, Some(tools))
}

fn compare(beside: bool, name: &str, branch: usize, send: &Callback<Msg>) -> Html {
    let (label, words) = if beside {
        ("Stop comparing", format!("Stop comparing with “{name}”"))
    } else {
        ("Beside", format!("Show “{name}” beside"))
    };
    button(send, label, Some(words), Msg::BranchCompared(branch))
}

/// The branch that is shown carries its name in a field.
fn name_field(BranchView { branch, name, edits, .. }: &BranchView, send: &Callback<Msg>) -> Html {
    let (branch, edits) = (*branch, *edits);
    let onchange = send.reform(move |change| Msg::BranchRenamed(branch, event::changed(&change)));
    html! {
        <Field text={name.clone()} written={(edits, Some(name.clone()))} name="Name of the branch that is shown" current=true {onchange} />
    }
}

fn line(level: usize) -> String {
    match level.min(DEEPEST) {
        0 => String::new(),
        level => format!("{}└ ", "  ".repeat(level - 1)),
    }
}
