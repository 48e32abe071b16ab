//! The picture as data: a chart and a world give a scene, a step of the journal gives a motion.
//!
//! Everything here is a function of (journal position, fraction): nothing is accumulated, so a
//! frame that is sought is the frame that was played.

mod motion;
mod pose;
mod scene;
mod track;
mod words;

pub use motion::{Motion, motion};
pub use pose::Pose;
pub use scene::{Crowd, Placement, Ring, Scene, TOKENS_PER_STATE, Token, place, scene};
pub use track::{Track, arrow_head, hundredths, path_data};
pub use words::{LINE, Words, words};
