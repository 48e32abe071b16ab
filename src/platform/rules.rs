//! The rules of the clouds, which stand in a file of their own, with the parts of the page that there
//! are only with them: `scripts/split.sh` cuts them out of the program.

#![expect(clippy::unnecessary_wraps, reason = "the macro returns from `rules` when the file does not come")]

use std::sync::OnceLock;

use wasm_bindgen_futures::spawn_local;
use wasm_split_helpers::{SplitLoaderError, wasm_split};
use yew::Callback;

use super::{files, sight, tasks};
use crate::app::{Effect, Msg, Rules};
use crate::ui::Parts;

type CarryOut = fn(Effect, Callback<Msg>);

/// What carries out the effects that there are only with the rules.
static CARRY_OUT: OnceLock<CarryOut> = OnceLock::new();

/// Carries out an effect that there is only with the rules.
pub(super) fn carry_out(effect: Effect, send: Callback<Msg>) {
    if let Some(carry_out) = CARRY_OUT.get() {
        carry_out(effect, send);
    }
}

/// Fetches the rules and sends them.
pub(super) fn fetch(send: Callback<Msg>) {
    spawn_local(async move {
        send.emit(rules().await.map_or(Msg::RulesFailed, |(rules, parts, carry_out)| {
            CARRY_OUT.get_or_init(|| carry_out);
            parts.equip();
            Msg::RulesArrived(rules)
        }));
    });
}

#[wasm_split(rules, fallible)]
fn rules() -> Result<(Rules, &'static Parts, CarryOut), SplitLoaderError> {
    Ok((Rules::all(), Parts::all(), carry_out_with_rules))
}

fn carry_out_with_rules(effect: Effect, send: Callback<Msg>) {
    match effect {
        Effect::ShowDiagrams { still } => {
            tasks::after_a_frame(Callback::from(move |()| sight::show_diagrams(still)));
        }
        Effect::Show { states, cause, still } => {
            tasks::after_a_frame(Callback::from(move |()| sight::show(&states, cause, still)));
        }
        Effect::ShowSaid { system, still } => sight::show_said(system, still),
        Effect::ShowRow { system, row, of } => sight::show_row(system, row, of),
        Effect::Save(text) => files::save(&text),
        Effect::FetchExample(name) => files::fetch_example(name, send),
        // Those that `platform::carry_out` carries out without the rules.
        Effect::KeepJournal { .. }
        | Effect::KeepPlace(_)
        | Effect::KeepGuided
        | Effect::KeepKeys(_)
        | Effect::ShowTheme(_)
        | Effect::FetchRules
        | Effect::Listen => {}
    }
}
