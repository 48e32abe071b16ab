//! The page's components: plain data in, messages out. No rule of any cloud stands here.

mod diagram;
mod event;
mod journal;
mod masthead;
mod panel;
mod root;
mod stage;
mod tokens;
mod transport;
mod verbs;

pub use event::File;
pub use root::{Root, RootProps};
pub use stage::{Stage, StageProps};
pub use transport::{Transport, TransportProps};
