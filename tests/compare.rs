//! The correspondences of the clouds: every pair of states is classed, with a sentence and a source;
//! wherever the answers to one verb part, somebody explains it.

use std::collections::BTreeMap;
use std::fs;
use std::iter;
use std::path::Path;
use std::sync::LazyLock;

use lab::app::foresee;
use lab::compare::{
    Answered, Came, Cause, Divergence, Likeness, PairedVerb, cause, divergence, divergences, link, parts,
};
use lab::engine::chart::Phase;
use lab::engine::host::Cloud;
use lab::engine::{ImageId, SimTime};

const ONE: &str = "opennebula";
const OTHER: &str = "glance";

/// Two states by name and phase, and their places in `State::ALL`.
type Pair = ([(&'static str, Phase); 2], [usize; 2]);

/// Every pair of states.
fn pairs() -> Vec<Pair> {
    let clouds = lab::systems::clouds(SimTime::START);
    let [one, other] = [ONE, OTHER].map(|name| clouds.iter().find(|cloud| cloud.name() == name).expect(name));
    let states = |cloud: &dyn Cloud| {
        let phase = |state| cloud.chart().nodes.iter().find(|node| node.state == state).expect("drawn").phase;
        cloud.states().into_iter().enumerate().map(|(at, name)| (name, phase(at))).collect::<Vec<_>>()
    };
    let (rows, columns) = (states(&**one), states(&**other));
    let pair = |row: usize, column: usize| ([rows[row], columns[column]], [row, column]);
    (0..rows.len())
        .flat_map(|row| (0..columns.len()).map(move |column| (row, column)))
        .map(|(row, column)| pair(row, column))
        .collect()
}

fn likeness([row, column]: [usize; 2]) -> Likeness {
    link((ONE, row), (OTHER, column)).expect("they are compared").likeness
}

#[test]
fn every_pair_of_states_has_a_class_a_sentence_and_a_source() {
    let clouds = lab::systems::clouds(SimTime::START);
    assert_eq!(pairs().len(), 11 * 9);
    for (names, [row, column]) in pairs() {
        let link = link((ONE, row), (OTHER, column)).expect("they are compared");
        assert!(link.why.ends_with('.') && link.why.len() > 40, "{names:?}: {}", link.why);
        assert!(link.why.len() <= 180, "{names:?}: a sentence is short: {}", link.why);
        let cards = [clouds[0].card(row), clouds[1].card(column)].map(|card| card.expect("a card").source);
        for source in link.source.into_iter().chain(cards) {
            assert!(source.address().starts_with("https://") && !source.place.is_empty(), "{names:?}");
        }
        assert!(link.source.is_some() || link.likeness == Likeness::None, "{names:?}");
    }
}

#[test]
fn a_pair_reads_the_same_from_either_side() {
    for (_, [row, column]) in pairs() {
        assert_eq!(link((ONE, row), (OTHER, column)), link((OTHER, column), (ONE, row)));
    }
    assert_eq!(link((ONE, 11), (OTHER, 0)), None);
    assert_eq!(link((ONE, 0), ("eucalyptus", 0)), None);
}

#[test]
fn the_classes_agree_with_the_phases() {
    for ([(row, here), (column, there)], at) in pairs() {
        match likeness(at) {
            Likeness::Same | Likeness::Near => assert_eq!(here, there, "{row}, {column}"),
            Likeness::None => assert_ne!(here, there, "{row}, {column}"),
            Likeness::Many => {
                let alike = |other: [usize; 2]| likeness(other) != Likeness::None;
                let several = |side: usize| {
                    pairs().iter().filter(|(_, other)| other[side] == at[side] && alike(*other)).count() > 1
                };
                assert!(several(0) || several(1), "{row}, {column} are many, and stand alone");
            }
        }
    }
}

#[test]
fn a_sentence_names_no_state_but_its_own() {
    let own = |names: [(&str, Phase); 2], word: &str| {
        let general = ["READY", "LOCKED", "ERROR", "queued", "importing"];
        names.iter().any(|(name, _)| *name == word) || general.contains(&word)
    };
    let all: Vec<&str> = pairs().iter().flat_map(|(names, _)| names.map(|(name, _)| name)).collect();
    for (names, [row, column]) in pairs() {
        let why = link((ONE, row), (OTHER, column)).expect("they are compared").why;
        for word in why.split(|c: char| !c.is_alphabetic() && c != '_') {
            let ours = all.contains(&word) && !["active", "deleted"].contains(&word);
            assert!(!ours || own(names, word), "{names:?}: {why}");
        }
    }
}

/// A cause, with words of refusals that have it, and words of callouts that speak of it.
struct About(Cause, &'static [&'static str], &'static [&'static str]);

const ABOUT: &[About] = &[
    About(Cause::Name, &["Invalid NAME", "instance['name']"], &["the form of"]),
    About(Cause::Taken, &["NAME is already taken"], &["of this name already"]),
    About(Cause::Quota, &["quota in"], &["quota"]),
    About(Cause::Full, &["Not enough space", "media is full"], &["is full"]),
    About(Cause::Data, &["parse image SIZE", "stream data"], &["does not tell the size", "refuses the data"]),
    About(Cause::Filled, &["duplicate image"], &["has data already"]),
    About(Cause::Protected, &["is protected"], &["protected"]),
    About(Cause::Locked, &["IMAGE is locked"], &["locked the image"]),
    About(Cause::Missing, &["No image found", "to find image", "No Image found", "found after"], &["404"]),
    About(Cause::Rights, &["ot authorized to"], &["lacks the right", "no right"]),
    About(
        Cause::Used,
        &["VMs using it", "active clone", "already in use"],
        &["or clones use", "another VM,"],
    ),
    About(
        Cause::State,
        &["in state", "in status", "is not active", "status transition", "use --force"],
        &["in this stat", "disable takes READY", "enable takes READY", "active images only", "--force and"],
    ),
    About(Cause::Kind, &["of type", "images cannot be"], &["of a type", "of this type", "a backup"]),
    About(Cause::Snapshots, &["with snapshots"], &["with snapshots"]),
    About(Cause::Fault, &["has either erred"], &["500"]),
];

/// What a refusal in these words is about.
fn refused_for(words: &str) -> Cause {
    let has = |About(_, refusals, _): &&About| refusals.iter().any(|part| words.contains(part));
    let mut causes = ABOUT.iter().filter(has).map(|about| about.0);
    let first = causes.next();
    assert_eq!(causes.next(), None, "{words}");
    first.unwrap_or(Cause::Other)
}

/// What a callout speaks of.
fn spoken_of(entry: &Divergence) -> Vec<Cause> {
    let text = [entry.what, entry.why, entry.means].join(" ");
    let speaks = |About(_, _, callouts): &&About| callouts.iter().any(|part| text.contains(part));
    ABOUT.iter().filter(speaks).map(|about| about.0).collect()
}

/// What can come of the verb and of the name at these places of their lists, the first answer of each
/// kind with the place where it was met.
type Answers = BTreeMap<(usize, usize), Vec<(Answered, String)>>;

/// Work that moves data takes so long in a walk, so that it is met under way.
const PACE: SimTime = SimTime(2_000);
const SEEDS: std::ops::Range<u64> = 0..24;
const STEPS: usize = 120;

/// Worlds that neither a transcript nor every walk leads to: how long work takes, and a line after the other.
const MORE: &[(&str, SimTime, &[&str])] = &[
    (ONE, SimTime::START, &["driver ds STAT ok 999999999"]),
    (
        OTHER,
        SimTime::START,
        &[
            "[admin] openstack image create theirs --file small.raw",
            "[admin] openstack image set --public theirs",
            "[admin] openstack image set --private theirs",
        ],
    ),
    (
        OTHER,
        PACE,
        &[
            "openstack image create twice --disk-format qcow2",
            "glance image-upload twice --file small.raw",
            "finish-upload twice",
            "config v1=True",
            "glance image-upload twice --file small.raw",
        ],
    ),
];

/// Everything that came of each verb in the transcripts, in [`MORE`] worlds, and on walks that chance
/// chooses.
fn answers(name: &str) -> Answers {
    let mut found = Answers::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transcripts").join(name);
    for entry in fs::read_dir(folder).expect("a folder of transcripts") {
        let path = entry.expect("an entry").path();
        let text = fs::read_to_string(&path).expect("a transcript");
        let lines = text.lines().filter_map(|line| line.split_once("$ "));
        let lines = lines.map(|(by, line)| [by, line].join(" "));
        follow(&mut found, (name, SimTime::START), &path.display().to_string(), lines);
    }
    for (_, pace, lines) in MORE.iter().filter(|(cloud, ..)| *cloud == name) {
        follow(&mut found, (name, *pace), "more", lines.iter().map(|line| (*line).to_owned()));
    }
    for seed in SEEDS {
        walk(&mut found, name, seed);
    }
    found
}

/// Does what the lines say, and notes the answers after each.
fn follow(
    found: &mut Answers,
    (name, takes): (&str, SimTime),
    place: &str,
    lines: impl Iterator<Item = String>,
) {
    let mut clouds = lab::systems::clouds(takes);
    let cloud = clouds.iter_mut().find(|cloud| cloud.name() == name).expect(name);
    for line in lines {
        if cloud.perform(&line, SimTime::START).is_ok() {
            note(found, &**cloud, &USERS, &format!("{place}, after {line:?}"));
        }
    }
}

/// Does what chance chooses among what is offered, and notes the answers before each step.
fn walk(found: &mut Answers, name: &str, seed: u64) {
    let mut clouds = lab::systems::clouds(PACE);
    let cloud = clouds.iter_mut().find(|cloud| cloud.name() == name).expect(name);
    let mut chance = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut last = String::new();
    for step in 0..STEPS {
        note(found, &**cloud, &[], &format!("seed {seed}, step {step}, after {last:?}"));
        let lines = cloud.actions();
        chance ^= chance << 13;
        chance ^= chance >> 7;
        chance ^= chance << 17;
        let pick = usize::try_from(chance % lines.len() as u64).expect("few lines");
        last.clone_from(&lines[pick]);
        cloud.perform(&last, SimTime(step as u64)).expect("an offered line is an action");
    }
}

/// Users who may do less than the one for whom the page asks; each cloud knows its own.
const USERS: [&str; 5] = ["[alice] ", "[bob] ", "[carol] ", "[reader] ", "[other] "];

/// Notes what would come of every verb in this world, and how the cloud refuses it to other users.
fn note(found: &mut Answers, cloud: &dyn Cloud, users: &[&str], place: &str) {
    let rows = cloud.images(0, 12);
    let taken = rows.first().map_or("new", |row| row.name.as_str());
    for (at, verb) in PairedVerb::ALL.into_iter().enumerate() {
        let own = || rows.iter().map(|row| Some(row.id)).collect();
        let images: Vec<Option<ImageId>> = if verb == PairedVerb::Create { vec![None] } else { own() };
        for (number, name) in names(verb, taken).into_iter().enumerate() {
            let known = found.entry((at, number)).or_default();
            for (answered, words) in images.iter().flat_map(|image| asked(cloud, verb, *image, &name, users))
            {
                assert_eq!(answered.refused, words.as_deref().map(refused_for), "{words:?}");
                if known.iter().all(|(known, _)| *known != answered) {
                    known.push((answered, format!("{name:?}, {words:?}: {place}")));
                }
            }
        }
    }
}

/// The names to ask with; only a new image needs more than one.
fn names(verb: PairedVerb, taken: &str) -> Vec<String> {
    let mut names = vec!["another".to_owned()];
    if matches!(verb, PairedVerb::Create | PairedVerb::Clone) {
        names.extend([taken, "a<b", "", &"x".repeat(300)].map(str::to_owned));
    }
    names
}

/// What would come of a verb as the page asks, and how the cloud refuses it to `users`; with its words.
fn asked(
    cloud: &dyn Cloud,
    verb: PairedVerb,
    image: Option<ImageId>,
    name: &str,
    users: &[&str],
) -> Vec<(Answered, Option<String>)> {
    let now = SimTime(STEPS as u64);
    let foreseen = foresee(cloud, verb, image, (name, false), now);
    let answered = foreseen.answered();
    let to_others = users.iter().filter_map(|by| {
        let preview = cloud.preview(&[by, foreseen.line.as_ref().ok()?.as_str()].concat(), now).ok()?;
        let refusal = preview.outcome.err().filter(|_| preview.moves.is_empty())?;
        let refused = Some(cause(cloud.name(), &refusal));
        Some((Answered { came: Came::Refused, refused, state: None, ..answered }, Some(refusal.to_string())))
    });
    let words = foreseen.refusal.as_ref().map(ToString::to_string);
    iter::once((answered, words)).chain(to_others).collect()
}

/// A verb, and two answers to it with the places where they were met.
type Parting<'a> = (PairedVerb, &'a (Answered, String), &'a (Answered, String));

/// Every two answers to the same verb that part.
fn partings() -> impl Iterator<Item = Parting<'static>> {
    static MET: LazyLock<[Answers; 2]> = LazyLock::new(|| [ONE, OTHER].map(answers));
    let both = MET[0].iter().filter_map(|(key, ours)| Some((key.0, ours, MET[1].get(key)?)));
    let pairs = both.flat_map(|(verb, ours, theirs)| {
        let pair = move |one| theirs.iter().map(move |other| (PairedVerb::ALL[verb], one, other));
        ours.iter().flat_map(pair)
    });
    pairs.filter(|(_, one, other)| parts(&one.0, &other.0))
}

#[test]
fn wherever_two_answers_part_the_page_says_why_and_every_reason_is_needed() {
    let mut told: Vec<&'static str> = Vec::new();
    let mut wrong = BTreeMap::new();
    for (verb, (here, place), (there, elsewhere)) in partings() {
        let refused: Vec<Cause> = [here.refused, there.refused].into_iter().flatten().collect();
        let entry = divergence(verb, here, there).filter(|entry| divergences().any(|known| known == *entry));
        let is_right = match (entry.map(spoken_of), &refused[..]) {
            // Nothing particular is told of what nobody knows, nor of two refusals at once.
            (None, causes) => causes.len() == 2 || causes == [Cause::Other],
            (Some(spoken), [_, _]) => spoken.iter().all(|cause| refused.contains(cause)),
            (Some(spoken), causes) => spoken == causes,
        };
        if !is_right {
            let what = format!("{verb:?} {:?} {here:?} | {there:?}", entry.map(|entry| entry.what));
            wrong.entry(what).or_insert_with(|| format!("{place} | {elsewhere}"));
        }
        told.extend(entry.map(|entry| entry.what));
        assert_eq!(divergence(verb, here, there), divergence(verb, there, here));
    }
    assert!(wrong.is_empty(), "nobody explains, or with another reason: {wrong:#?}");
    let idle: Vec<_> = divergences().filter(|entry| !told.contains(&entry.what)).collect();
    assert!(idle.is_empty(), "these explain nothing that was met: {idle:#?}");
}

#[test]
fn what_is_told_of_one_refusal_is_not_told_of_another() {
    let causes = || ABOUT.iter().map(|about| about.0).chain([Cause::Other]);
    for (verb, (here, _), (there, _)) in partings() {
        for cause in causes().filter(|cause| ![here.refused, there.refused].contains(&Some(*cause))) {
            let [one, other] = [here, there]
                .map(|answered| Answered { refused: answered.refused.and(Some(cause)), ..*answered });
            let spoken = divergence(verb, &one, &other).map(spoken_of).unwrap_or_default();
            assert!(spoken.iter().all(|spoken| *spoken == cause), "{verb:?} {one:?} {other:?}: {spoken:?}");
        }
    }
}
