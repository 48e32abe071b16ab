//! How clouds correspond: which state of one is like which of another, what one verb does in each,
//! and why their answers part. The only place that knows two clouds by name.
//!
//! A pair of clouds is a [`Pairing`], one line of [`PAIRINGS`]; a cloud without one is shown without
//! counterparts.

mod causes;
mod divergences;
mod links;
mod masks;
pub mod verbs;

use crate::engine::card::Source;
use crate::engine::chart::Phase;
pub use causes::{Cause, cause};
pub use verbs::{Came, PairedVerb};

/// How alike two states are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Likeness {
    /// An operator may treat them alike.
    Same,
    /// They share a phase, and differ in something that matters.
    Near,
    /// One stands for several of the other cloud's, this one among them.
    Many,
    /// They have nothing in common.
    None,
}

impl Likeness {
    /// Every class, the closest first.
    pub const ALL: [Self; 4] = [Self::Same, Self::Near, Self::Many, Self::None];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Near => "near",
            Self::Many => "many",
            Self::None => "none",
        }
    }

    /// The sign for it.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Same => "=",
            Self::Near => "≈",
            Self::Many => "⊂",
            Self::None => "–",
        }
    }
}

/// How two states correspond.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link {
    /// How alike they are.
    pub likeness: Likeness,
    /// Why, in one sentence.
    pub why: String,
    /// Where that stands; none for a pair with nothing in common, whose states' own cards say it.
    pub source: Option<Source>,
}

/// A correspondence that is more than none, as a pairing's table keeps it.
#[derive(Clone, Copy, Debug)]
struct Row {
    states: [usize; 2],
    likeness: Likeness,
    why: &'static str,
    source: Source,
}

/// Two clouds and what is known of them side by side.
struct Pairing {
    /// Their short names.
    clouds: [&'static str; 2],
    /// The states that have something in common.
    links: &'static [Row],
    /// What each state is, as one half of the sentence for a pair that has nothing in common.
    halves: [&'static [&'static str]; 2],
    /// Where answers to the same verb part.
    divergences: &'static [Divergence],
    /// What holds wherever none of these does: it claims no reason.
    general: &'static [Divergence],
}

/// Why two clouds answer the same verb differently.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Divergence {
    /// The verbs, as bits.
    verbs: u8,
    /// The phases of the first cloud's image before, as bits; [`masks::ANY`] for all of them.
    from: u32,
    /// What came of it in the first cloud and in the second, and what they refused it for, as bits.
    came: [u32; 2],
    /// What differs.
    pub what: &'static str,
    /// Why.
    pub why: &'static str,
    /// What that means to an operator.
    pub means: &'static str,
    /// Where it stands.
    pub source: Source,
}

impl Divergence {
    /// Whether it tells why these answers to `verb` part.
    fn fits(&self, verb: PairedVerb, first: &Answered, second: &Answered) -> bool {
        let within = |mask: u32, bits: u32| mask & bits == bits;
        self.verbs & masks::verb(verb) != 0
            && first.from.is_none_or(|phase| within(self.from, masks::led(phase)))
            && within(self.came[0], masks::of(first))
            && within(self.came[1], masks::of(second))
    }
}

static PAIRINGS: &[Pairing] = &[Pairing {
    clouds: ["opennebula", "glance"],
    links: links::LINKS,
    halves: [links::OPENNEBULA, links::GLANCE],
    divergences: divergences::DIVERGENCES,
    general: divergences::GENERAL,
}];

/// The pairing of two clouds, and whether they stand in it the other way round.
fn pairing(one: &str, other: &str) -> Option<(&'static Pairing, bool)> {
    let stands = |pairing: &&Pairing| pairing.clouds == [one, other] || pairing.clouds == [other, one];
    PAIRINGS.iter().find(stands).map(|pairing| (pairing, pairing.clouds[0] != one))
}

/// How a state of `one` cloud and a state of an `other` correspond, each given by the cloud's short
/// name and its place in `State::ALL`; `None` for clouds or states that nobody has compared.
pub fn link(one: (&str, usize), other: (&str, usize)) -> Option<Link> {
    let (pairing, swapped) = pairing(one.0, other.0)?;
    let states = if swapped { [other.1, one.1] } else { [one.1, other.1] };
    if let Some(row) = pairing.links.iter().find(|row| row.states == states) {
        return Some(Link { likeness: row.likeness, why: row.why.to_owned(), source: Some(row.source) });
    }
    let [first, second] = [0, 1].map(|side| pairing.halves[side].get(states[side]));
    Some(Link { likeness: Likeness::None, why: [first?, "; ", second?, "."].concat(), source: None })
}

/// One cloud's answer to a paired verb.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Answered {
    /// The cloud's short name.
    pub cloud: &'static str,
    /// The phase of the image that was meant, before.
    pub from: Option<Phase>,
    /// What came of it.
    pub came: Came,
    /// What a refusal is about. What is refused half way has led somewhere, too.
    pub refused: Option<Cause>,
    /// The state that the image is in after it, by its place in `State::ALL`.
    pub state: Option<usize>,
}

/// Whether two answers part: in what came of them, in the phase, or in states that are not the same.
pub fn parts(one: &Answered, other: &Answered) -> bool {
    let moved = matches!(one.came, Came::Led(_));
    let same = || match (one.state, other.state) {
        (Some(here), Some(there)) => {
            link((one.cloud, here), (other.cloud, there)).is_none_or(|link| link.likeness == Likeness::Same)
        }
        (None, None) => true,
        _ => false,
    };
    one.came != other.came || (moved && !same())
}

/// Why two answers to `verb` part; `None` when they do not.
pub fn divergence(verb: PairedVerb, one: &Answered, other: &Answered) -> Option<&'static Divergence> {
    let (pairing, swapped) = pairing(one.cloud, other.cloud).filter(|_| parts(one, other))?;
    let [first, second] = if swapped { [other, one] } else { [one, other] };
    let mut entries = pairing.divergences.iter().chain(pairing.general);
    entries.find(|entry| entry.fits(verb, first, second))
}

/// Everything that explains why answers part, but for what is said where nothing explains it.
pub fn divergences() -> impl Iterator<Item = &'static Divergence> {
    PAIRINGS.iter().flat_map(|pairing| pairing.divergences)
}

/// The id of the row of two states on the page of correspondences, `ready-active`: each given by the
/// cloud's short name and its own; the pairing's first cloud comes first.
pub fn row_id(one: (&str, &str), other: (&str, &str)) -> String {
    let swapped = pairing(one.0, other.0).is_some_and(|(_, swapped)| swapped);
    let [first, second] = if swapped { [other.1, one.1] } else { [one.1, other.1] };
    [first, "-", second].concat().to_ascii_lowercase()
}
