//! Beside a diagram: the chosen image, what was refused, the machines, the list.

use yew::prelude::*;

use super::click;
use super::compare::{chip, states};
use super::later::{Part, later};
use super::list::list;
use super::reach::reach;
use crate::app::{Answer, ChosenView, Msg, OfferView, StageView, WorkView};
use crate::engine::present::MachineRow;

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
    fn button(&self, line: &str, label: &str) -> Html {
        let onclick = click(self.send, Msg::Asked { system: self.system, line: line.to_owned() });
        // By its line: a button that has the focus must not become another one.
        html! { <button key={line} type="button" title={line.to_owned()} {onclick}>{ label }</button> }
    }
}

/// Why the last verb has no counterpart here, or was refused.
pub(super) fn said(view: &StageView) -> Html {
    if let Some(remark) = view.remark {
        return html! { <p class="said said--remark">{ remark }</p> };
    }
    let Some(Answer { line, refusal: Some(refusal), .. }) = &view.answer else { return Html::default() };
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
    let allowed = chosen.offers.iter().filter(|offer| offer.refusal.is_none());
    let allowed = allowed.map(|offer| ask.button(&offer.line, offer.label));
    let refused: Vec<&OfferView> = chosen.offers.iter().filter(|offer| offer.refusal.is_some()).collect();
    let attachable = chosen.attachments.iter().map(|(machine, offer)| {
        ask.button(&offer.line, &format!("Attach to {} {machine}", view.machine_word))
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
            { for chosen.work.iter().map(|work| show_work(work, ask)) }
            <div class="buttons">{ for allowed }{ for attachable }</div>
            { reach(view, ask.send) }
            if !refused.is_empty() {
                <details>
                    <summary>{ format!("Refused now: {}", refused.len()) }</summary>
                    <ul class="refusals">{ for refused.into_iter().map(|offer| refused_offer(offer, ask)) }</ul>
                </details>
            }
            <details>
                <summary>{ "All about it" }</summary>
                <dl class="facts">{ for details }</dl>
            </details>
        </section>
    }
}

fn refused_offer(offer: &OfferView, ask: &Ask<'_>) -> Html {
    html! { <li>{ ask.button(&offer.line, offer.label) }<span>{ offer.refusal.clone() }</span></li> }
}

fn show_work(work: &WorkView, ask: &Ask<'_>) -> Html {
    let state = if work.hangs { "hangs" } else { "under way" };
    let endings = work.endings.iter().map(|ending| ask.button(&ending.line, ending.label));
    html! {
        <div class="work">
            <p>{ &work.label }<span class="quiet">{ format!(" · {state}; how shall it end?") }</span></p>
            <div class="buttons">{ for endings }</div>
        </div>
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
            <h3>{ heading }</h3>
            <ul class="machines">{ for view.machines.iter().map(|machine| show_machine(view, machine, ask)) }</ul>
        </section>
    }
}

fn show_machine(view: &StageView, machine: &MachineRow, ask: &Ask<'_>) -> Html {
    let disks = machine.disks.iter().map(|(disk, image)| format!("disk {disk}: image {image}"));
    let disks: Vec<String> = disks.collect();
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
            <div class="buttons">
                { for machine.offers.iter().map(|offer| ask.button(&offer.line, offer.label)) }
            </div>
        </li>
    }
}
