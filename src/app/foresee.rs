//! What a verb would do in a cloud, before it is asked.

use super::moves::end_name;
use crate::compare::{Answered, Came, PairedVerb};
use crate::engine::chart::{End, Phase};
use crate::engine::host::{Cloud, Move};
use crate::engine::present::Verb;
use crate::engine::{ImageId, Misread, SimTime};

/// What a paired verb would do in one cloud.
#[derive(Clone, Debug)]
pub struct Foreseen {
    /// The line to type, or why there is none.
    pub line: Result<String, &'static str>,
    /// The cloud's words, if it would refuse.
    pub refusal: Option<String>,
    /// What would come of it.
    pub answered: Answered,
    /// Which images would move.
    pub moves: Vec<Move>,
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
    let preview = line.as_ref().ok().map(|line| cloud.preview(line, now));
    let own = image.filter(|_| verb != PairedVerb::Create);
    let from = own.and_then(|image| cloud.image(image)).and_then(|row| phase(cloud, End::State(row.state)));
    let mut moves = Vec::new();
    let mut refusal = None;
    let came = match preview {
        None => Came::Nothing,
        Some(Err(Misread(problem))) => {
            refusal = Some(problem);
            Came::Refused
        }
        Some(Ok(preview)) => {
            moves = preview.moves;
            refusal = preview.outcome.err().map(|refusal| refusal.to_string());
            let led = last_move(&moves, own).and_then(|step| phase(cloud, step.to));
            // What a cloud refuses half way may have moved the image: an upload that fails is an error, too.
            led.map_or(if refusal.is_some() { Came::Refused } else { Came::Stayed }, Came::Led)
        }
    };
    let state = match last_move(&moves, own).map(|step| step.to) {
        Some(End::State(state)) => Some(state),
        Some(End::Outside) | None => None,
    };
    Foreseen { line, refusal, answered: Answered { cloud: cloud.name(), from, came, state }, moves }
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
        (_, Some(refusal)) => ["✕ Refused: ", refusal].concat(),
        (Ok(_), None) => match foreseen.answered.came {
            Came::Led(_) => {
                let to = foreseen.answered.state.map_or(End::Outside, End::State);
                ["→ ", end_name(cloud, to)].concat()
            }
            Came::Nothing | Came::Refused | Came::Stayed => {
                ["Accepted; no ", cloud.state_word(), " changes."].concat()
            }
        },
    }
}
