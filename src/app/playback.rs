//! A recording of a real system on the stage, in the place of the person's own session.

use super::{Marks, Rules};
use crate::engine::SimTime;
use crate::engine::replay::{self, Replay, Replayed};
use crate::engine::text::shortened;

/// A recording that is being shown.
pub struct Playback {
    /// The file's name.
    pub name: String,
    /// The recording as our rules replay it.
    pub replay: Replay,
    /// What was marked in it.
    pub(super) marks: Marks,
}

/// Replays up to so many steps more of a recording, and gives it when those were the last.
pub(super) type Replaying = Box<dyn FnMut(usize) -> Option<Playback>>;

/// Reads a recording of any cloud of the catalogue, which is then still to be replayed.
///
/// # Errors
/// The text is no recording: what was expected, and where it went wrong.
pub(super) fn open(rules: Rules, name: &str, text: &str) -> Result<Replaying, String> {
    let named = |problem: &dyn std::fmt::Display| format!("“{}” was not opened. {problem}", shown_name(name));
    for cloud in rules.clouds(SimTime::START) {
        match cloud.read_recording(text) {
            None => {}
            Some(Ok(recording)) => {
                let (name, mut replaying) = (shown_name(name), replay::Replaying::new(cloud, recording));
                return Ok(Box::new(move |most| {
                    let replay = replaying.go_on(most)?;
                    Some(Playback { name: name.clone(), replay, marks: Marks::default() })
                }));
            }
            Some(Err(problem)) => return Err(named(&problem)),
        }
    }
    Err(named(
        &"It is neither a saved session nor a recording. A recording has one JSON object on each line, with “step”, \
          “op”, “args”, “ok”, “changed”, and “errcode” (OpenNebula) or “http” (Glance).",
    ))
}

impl Playback {
    /// The recorded steps that led to the place after `depth` steps of the journal.
    pub fn steps_at(&self, depth: usize) -> impl Iterator<Item = &Replayed> {
        self.replay.steps.iter().filter(move |step| step.depth == depth)
    }

    /// How many recorded steps our rules answer differently.
    pub fn different(&self) -> usize {
        self.replay.steps.iter().filter(|step| !step.differences.is_empty()).count()
    }
}

/// A file's name as it is shown.
pub(super) fn shown_name(name: &str) -> String {
    const LONGEST: usize = 60;
    shortened(name, LONGEST)
}
