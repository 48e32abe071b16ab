//! The rules of the clouds, which stand in a file of their own, with the parts of the page that there
//! are only with them: `scripts/split.sh` cuts them out of the program.

#![expect(clippy::unnecessary_wraps, reason = "the macro returns from `rules` when the file does not come")]

use wasm_bindgen_futures::spawn_local;
use wasm_split_helpers::{SplitLoaderError, wasm_split};
use yew::Callback;

use crate::app::{Msg, Rules};
use crate::ui::Parts;

/// Fetches the rules and sends them.
pub(super) fn fetch(send: Callback<Msg>) {
    spawn_local(async move {
        send.emit(rules().await.map_or(Msg::RulesFailed, |(rules, parts)| {
            parts.equip();
            Msg::RulesArrived(rules)
        }));
    });
}

#[wasm_split(rules, fallible)]
fn rules() -> Result<(Rules, &'static Parts), SplitLoaderError> {
    Ok((Rules::all(), Parts::all()))
}
