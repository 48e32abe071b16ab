//! Beside a diagram: the chosen image, what was refused, the machines, the list.

use yew::prelude::*;

use super::compare::{chip, states};
use super::later::{Part, later};
use super::list::list;
use super::reach::reach;
use super::{click, menu};
use crate::app::{Answer, ChosenView, Msg, StageView, WorkView};
use crate::engine::present::{MachineRow, Offer, Purpose};
use crate::engine::text::reveal;

/// The panel beside a diagram, and the list below both.
pub(super) fn panel(view: &StageView, send: &Callback<Msg>) -> Html {
    let ask = Ask { system: view.system, send };
    html! {
        <>
            <div class="panel">
                { later(&Part::Cards(view), send) }
                { view.chosen.as_ref().map(|chosen| show_chosen(view, chosen, &ask)) }
                { later(&Part::Said(view), send) }
                { machines(view, &ask) }
                { general(view, &ask) }
                { states(view, send) }
            </div>
            { list(view, send) }
        </>
    }
}

/// The way from a button to an action.
struct Ask<'a> {
    system: usize,
    send: &'a Callback<Msg>,
}

impl Ask<'_> {
    fn button(&self, Offer { line, label, .. }: &Offer) -> Html {
        let onclick = click(self.send, Msg::Asked { system: self.system, line: line.clone() });
        let mut title = line.clone();
        reveal(&mut title);
        // By its line: a button that has the focus must not become another one.
        html! { <button key={&**line} type="button" {title} {onclick}>{ label.clone() }</button> }
    }

    /// The buttons of each purpose.
    fn groups(&self, offers: &[&Offer]) -> Vec<(Purpose, Html)> {
        let groups = offers.chunk_by(|one, other| one.purpose == other.purpose);
        groups.map(|same| (same[0].purpose, same.iter().map(|offer| self.button(offer)).collect())).collect()
    }

    /// The same, beside each other.
    fn grouped(&self, offers: &[&Offer]) -> Html {
        let group = |(purpose, buttons): (Purpose, Html)| {
            html! { <div class="buttons" role="group" aria-label={purpose.title()}>{ buttons }</div> }
        };
        html! { <div class="groups">{ for self.groups(offers).into_iter().map(group) }</div> }
    }
}

/// Why the last verb has no counterpart here, or was refused.
pub(super) fn said(view: &StageView) -> Html {
    if let Some(remark) = view.remark {
        return html! { <p class="said said--remark">{ remark }</p> };
    }
    let Some(Answer { line, refusal: Some(refusal), .. }) = &view.refused else { return Html::default() };
    html! {
        <div class="said said--refusal">
            <p><span class="said__sign">{ "✕" }</span>{ " Refused: " }<code>{ line }</code></p>
            <p class="said__words">{ refusal.to_string() }</p>
            if !refusal.hint.is_empty() { <p class="quiet">{ refusal.hint }</p> }
        </div>
    }
}

fn show_chosen(view: &StageView, chosen: &ChosenView, ask: &Ask<'_>) -> Html {
    let node = view.chart.node(chosen.row.state);
    let useful = chosen.offers.iter().filter(|view| view.drawback.is_none()).map(|view| &view.offer);
    let useful: Vec<&Offer> = useful.collect();
    let useless = chosen.offers.iter().filter_map(|view| Some((&view.offer, view.drawback.as_ref()?)));
    let useless = useless.map(|(offer, drawback)| {
        html! { <li>{ ask.button(offer) }<span>{ drawback }</span></li> }
    });
    let details = chosen.details.iter().map(|(label, value)| {
        html! { <><dt>{ *label }</dt><dd>{ value }</dd></> }
    });
    html! {
        <section class="chosen" aria-label={format!("Chosen image of {}", view.title)}>
            <h3><bdi>{ &chosen.row.name }</bdi>{ " " }<span class="quiet">{ format!("image {}", chosen.row.id) }</span></h3>
            <p>{ node.map(|node| chip(view.states[node.state], node.phase)) }{ " " }
                { for chosen.flags.iter().map(|flag| html! { <><span class="chip">{ flag }</span>{ " " }</> }) }
                { node.map_or("", |node| node.meaning) }</p>
            { for chosen.work.iter().map(|work| show_work(view.system, work, ask.send)) }
            { ask.grouped(&useful) }
            { reach(view, ask.send) }
            if useful.len() < chosen.offers.len() {
                <details>
                    <summary>{ format!("Refused or without effect: {}", chosen.offers.len() - useful.len()) }</summary>
                    <ul class="refusals">{ for useless }</ul>
                </details>
            }
            <details>
                <summary>{ "All about it" }</summary>
                <dl class="facts">{ for details }</dl>
            </details>
        </section>
    }
}

/// Work under way and how it can be made to end: the ways to fail are a menu.
pub(super) fn show_work(system: usize, work: &WorkView, send: &Callback<Msg>) -> Html {
    let ask = Ask { system, send };
    let state = if work.hangs { "hangs" } else { "under way" };
    let endings: Vec<&Offer> = work.endings.iter().collect();
    let endings = ask.groups(&endings).into_iter().map(|(purpose, buttons)| {
        if purpose == Purpose::Failure { menu(purpose.title(), buttons) } else { buttons }
    });
    html! {
        <div class="work">
            <p>{ &work.label }<span class="quiet">{ format!(" · {state}; how should it end?") }</span></p>
            <div class="buttons">{ for endings }</div>
        </div>
    }
}

/// What can be asked of the cloud itself; where no image is chosen there is nothing else to ask.
fn general(view: &StageView, ask: &Ask<'_>) -> Html {
    let offers: Vec<&Offer> = view.offers.iter().collect();
    html! {
        <details open={view.chosen.is_none()}>
            <summary>{ format!("{} itself", view.title) }</summary>
            { ask.grouped(&offers) }
        </details>
    }
}

fn machines(view: &StageView, ask: &Ask<'_>) -> Html {
    let heading = format!("{}s", view.machine_word);
    let name = format!("{heading} of {}", view.title);
    if view.machines.is_empty() {
        return html! {};
    }
    html! {
        <section aria-label={name}>
            <h3 class="capital">{ heading }</h3>
            <ul class="machines">{ for view.machines.iter().map(|machine| show_machine(view, machine, ask)) }</ul>
        </section>
    }
}

fn show_machine(view: &StageView, machine: &MachineRow, ask: &Ask<'_>) -> Html {
    let disks = machine.disks.iter().map(|(disk, image)| format!("disk {disk}: image {image}"));
    let disks: Vec<String> = disks.collect();
    let offers: Vec<&Offer> = machine.offers.iter().collect();
    let dropped = Msg::DroppedOn { system: view.system, machine: machine.id };
    let ondrop = ask.send.reform(move |drag: DragEvent| {
        drag.prevent_default();
        dropped.clone()
    });
    let ondragover = Callback::from(|drag: DragEvent| drag.prevent_default());
    html! {
        <li class={classes!("machine", machine.waiting.then_some("machine--waiting"))} {ondrop} {ondragover}>
            <p>
                <strong>{ format!("{} {}", view.machine_word, machine.id) }</strong>
                <span class="chip">{ machine.state }</span>
                if machine.waiting { <span class="quiet">{ "waits for its image " }</span> }
                <span class="quiet">{ disks.join(", ") }</span>
            </p>
            { ask.grouped(&offers) }
        </li>
    }
}
