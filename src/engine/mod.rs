//! The engine: what any simulated cloud needs, and nothing about any one of them.
//!
//! Pure and deterministic: no clock, no chance, no browser, no cloud by name. Reading order:
//! [`system`] (the seam), [`turn`] and [`event`] (one action run to completion), [`refusal`]
//! (an answer that says no), [`journal`] (everything that was asked) and [`tree`] (its branches),
//! [`session`] (every cloud, one journal, one clock), [`present`], [`chart`] and [`card`] (what a cloud
//! shows, as plain data), [`words`] (how a line is written and read), [`recording`] (what the real one did)
//! and [`replay`] (what we make of that), [`explore`] (every world that can be reached).

pub mod card;
pub mod chart;
pub mod event;
pub mod explore;
pub mod few;
pub mod film;
pub mod host;
pub mod ids;
pub mod journal;
pub mod log;
pub mod order;
pub mod pool;
pub mod present;
pub mod recording;
pub mod refusal;
pub mod replay;
pub mod session;
pub mod system;
pub mod text;
pub mod time;
pub mod tree;
pub mod trie;
pub mod turn;
pub mod words;

pub use event::{Event, Transition};
pub use ids::{ImageId, MachineId, as_id};
pub use refusal::{Misread, Refusal};
pub use system::{Reply, State, System, Value};
pub use time::SimTime;
pub use turn::Turn;
