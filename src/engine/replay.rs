//! A recording of a real system, replayed by our rules and compared with what they make of it.

use std::{mem, vec};

use super::Misread;
use super::host::Cloud;
use super::recording::{Difference, Objects, Recording, Step};
use super::session::Session;

/// A recording as our rules replayed it: a session to step through, and what differed on the way.
pub struct Replay {
    /// The session, standing at its beginning, with one cloud: the recorded one.
    pub session: Session,
    /// Every recorded step, in order.
    pub steps: Vec<Replayed>,
}

/// One recorded step as our rules answered it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Replayed {
    /// Its number in the recording.
    pub number: u32,
    /// What was asked in the recording.
    pub op: String,
    /// A remark of whoever recorded it, for steps that ask nothing.
    pub remark: Option<String>,
    /// How many steps of the session's branch are done when this one is.
    pub depth: usize,
    /// Where our answer or our world differed; then the recorded world took the place of ours.
    pub differences: Vec<Difference>,
}

/// A recording that is being replayed, some steps at a time.
pub struct Replaying {
    session: Session,
    steps: Vec<Replayed>,
    /// The steps that are still to be replayed.
    left: vec::IntoIter<Step>,
    /// The recorded world after the last step that was replayed.
    recorded: Objects,
}

impl Replaying {
    /// A recording of which nothing is replayed yet, on `cloud`, which must have just begun.
    pub fn new(cloud: Box<dyn Cloud>, recording: Recording) -> Self {
        let session = Session::new(vec![cloud]);
        Self { session, steps: Vec::new(), left: recording.steps.into_iter(), recorded: Objects::new() }
    }

    /// Replays up to so many steps more, and gives all of it when those were the last. After a step that differs
    /// the replay goes on from the recorded world.
    pub fn go_on(&mut self, most: usize) -> Option<Replay> {
        for step in self.left.by_ref().take(most) {
            self.steps.push(replay(&mut self.session, &mut self.recorded, &step));
        }
        (self.left.len() == 0).then(|| {
            let mut session = mem::replace(&mut self.session, Session::new(Vec::new()));
            session.seek(0);
            Replay { session, steps: mem::take(&mut self.steps) }
        })
    }
}

fn replay(session: &mut Session, recorded: &mut Objects, step: &Step) -> Replayed {
    recorded.extend(step.changed.iter().map(|(key, object)| (key.clone(), object.clone())));
    recorded.retain(|key, _| !step.gone.contains(key));
    let line = session.cloud(0).recorded_line(step);
    let remark = match &line {
        Ok(None) => step.text("text").or(step.text("title")).or(Some(&step.op)).map(str::to_owned),
        Ok(Some(_)) | Err(_) => None,
    };
    let asked = line.and_then(|line| match line {
        None => Ok(None),
        Some(line) => session.perform(0, &line).map(Some).map_err(|Misread(problem)| problem),
    });
    let mut differences = match asked {
        Ok(position) => {
            let record = position.and_then(|at| session.entry(at)).map(|(_, record)| record);
            session.cloud(0).compare(record, step, recorded)
        }
        Err(problem) => {
            vec![Difference { field: "op".to_owned(), expected: step.op.clone(), got: problem }]
        }
    };
    if !differences.is_empty() {
        let adoption = session.cloud(0).adoption(recorded);
        if let Err(Misread(problem)) = session.perform(0, &adoption) {
            let expected = "the recorded world".to_owned();
            differences.push(Difference { field: "world".to_owned(), expected, got: problem });
        }
    }
    let depth = session.journal().depth();
    Replayed { number: step.number, op: step.op.clone(), remark, depth, differences }
}
