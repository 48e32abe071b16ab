//! The page's components: plain data in, messages out. No rule of any cloud stands here.
//!
//! Parts of the page are functions; only [`Root`] and the memo are components, because each
//! component costs the download two kilobytes.

mod diagram;
mod event;
mod guide;
mod journal;
mod masthead;
mod memo;
mod panel;
mod root;
mod stage;
mod tokens;
mod transport;
mod verbs;

use yew::{Callback, MouseEvent};

use crate::app::Msg;
pub use event::File;
pub use root::{Root, RootProps};

/// A click that sends `msg`.
fn click(send: &Callback<Msg>, msg: Msg) -> Callback<MouseEvent> {
    let send = send.clone();
    Callback::from(move |_| send.emit(msg.clone()))
}
