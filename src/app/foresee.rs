//! What a verb would do in a cloud, before it is asked.

use super::moves::end_name;
use crate::compare::{Answered, Came, PairedVerb, cause};
use crate::engine::chart::{End, Phase};
use crate::engine::host::{Cloud, Move, Preview};
use crate::engine::present::Verb;
use crate::engine::{ImageId, Misread, Refusal, SimTime};

/// What a paired verb would do in one cloud.
#[derive(Clone, Debug)]
pub struct Foreseen {
    /// The line to type, or why there is none.
    pub line: Result<String, &'static str>,
    /// The refusal, if it would be refused.
    pub refusal: Option<Refusal>,
    /// The cloud's short name.
    cloud: &'static str,
    /// The phase of the image that is meant, before.
    from: Option<Phase>,
    /// What would come of it.
    came: Came,
    /// The state that the image would be in after it.
    pub state: Option<usize>,
    /// Which images would move.
    pub moves: Vec<Move>,
}

impl Foreseen {
    /// The same as an answer to compare. What refusals are about is known only with the rules.
    pub fn answered(&self) -> Answered {
        let Self { cloud, from, came, state, .. } = *self;
        let refused = self.refusal.as_ref().map(|refusal| cause(cloud, refusal));
        Answered { cloud, from, came, refused, state }
    }
}

/// Foresees what `verb` does at the moment `now` to `image`, or to a new image of this name.
pub fn foresee(
    cloud: &dyn Cloud,
    verb: PairedVerb,
    image: Option<ImageId>,
    (name, persistent): (&str, bool),
    now: SimTime,
) -> Foreseen {
    let line = asked(verb, image, name, persistent).and_then(|verb| cloud.verb(verb));
    let preview = line.as_ref().ok().map(|line| cloud.preview(line, now).unwrap_or_else(unread));
    let own = image.filter(|_| verb != PairedVerb::Create);
    let from = own.and_then(|image| cloud.image(image)).and_then(|row| phase(cloud, End::State(row.state)));
    let (moves, refusal) =
        preview.map_or_else(Default::default, |preview| (preview.moves, preview.outcome.err()));
    let last = last_move(&moves, own).map(|step| step.to);
    let came = match last.and_then(|end| phase(cloud, end)) {
        // What a cloud refuses half way may have moved the image: an upload that fails is an error, too.
        Some(phase) => Came::Led(phase),
        None if refusal.is_some() => Came::Refused,
        None if line.is_ok() => Came::Stayed,
        None => Came::Nothing,
    };
    let state = match last {
        Some(End::State(state)) => Some(state),
        Some(End::Outside) | None => None,
    };
    Foreseen { line, refusal, cloud: cloud.name(), from, came, state, moves }
}

/// What comes of a line that is no action: it is refused in our words.
fn unread(Misread(problem): Misread) -> Preview {
    Preview { outcome: Err(Refusal::new(0, problem)), moves: Vec::new(), is_told: false }
}

/// The last move of `image`, or of the one that appears.
fn last_move(moves: &[Move], image: Option<ImageId>) -> Option<&Move> {
    let meant = image.or_else(|| moves.first().map(|step| step.image))?;
    moves.iter().rfind(|step| step.image == meant)
}

fn asked(
    verb: PairedVerb,
    image: Option<ImageId>,
    name: &str,
    persistent: bool,
) -> Result<Verb<'_>, &'static str> {
    let image = image.ok_or("Choose an image first: there is none here.");
    Ok(match verb {
        PairedVerb::Create => Verb::Create { name, persistent },
        PairedVerb::Use => Verb::Use(image?),
        PairedVerb::Clone => Verb::Clone(image?, name),
        PairedVerb::Withhold => Verb::Withhold(image?),
        PairedVerb::Release => Verb::Release(image?),
        PairedVerb::Delete => Verb::Delete(image?),
        PairedVerb::Finish => Verb::FinishTransfer(image?),
        PairedVerb::Fail => Verb::FailTransfer(image?),
    })
}

pub(super) fn phase(cloud: &dyn Cloud, end: End) -> Option<Phase> {
    match end {
        End::State(state) => cloud.chart().node(state).map(|node| node.phase),
        End::Outside => Some(Phase::Gone),
    }
}

/// What would come of a verb, in words.
pub(super) fn words(cloud: &dyn Cloud, foreseen: &Foreseen) -> String {
    match (&foreseen.line, &foreseen.refusal) {
        (Err(sentence), _) => (*sentence).to_owned(),
        (_, Some(refusal)) => ["✕ Refused: ", &refusal.to_string()].concat(),
        (Ok(_), None) => match foreseen.came {
            Came::Led(_) => {
                let to = foreseen.state.map_or(End::Outside, End::State);
                ["→ ", end_name(cloud, to)].concat()
            }
            Came::Nothing | Came::Refused | Came::Stayed => {
                ["Accepted; no ", cloud.state_word(), " changes."].concat()
            }
        },
    }
}
