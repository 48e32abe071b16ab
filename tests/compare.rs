//! The correspondences of the clouds: every pair of states is classed, with a sentence and a source;
//! wherever the answers to one verb part, somebody explains it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use lab::app::foresee;
use lab::compare::{Answered, Came, Likeness, PairedVerb, divergence, link, parts};
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

/// What can come of a verb in a cloud, with a world in which it does.
type Answers = BTreeMap<(usize, Option<Phase>, Came, Option<usize>), String>;

/// Work that moves data takes so long in a walk, so that it is met under way.
const PACE: SimTime = SimTime(2_000);
const SEEDS: std::ops::Range<u64> = 0..24;
const STEPS: usize = 120;

/// Everything that came of each verb in the transcripts, and on walks that chance chooses.
fn answers(name: &str) -> Answers {
    let mut found = Answers::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transcripts").join(name);
    for entry in fs::read_dir(folder).expect("a folder of transcripts") {
        let path = entry.expect("an entry").path();
        let mut clouds = lab::systems::clouds(SimTime::START);
        let cloud = clouds.iter_mut().find(|cloud| cloud.name() == name).expect(name);
        let text = fs::read_to_string(&path).expect("a transcript");
        for line in text.lines().filter_map(|line| line.strip_prefix("$ ")) {
            if cloud.perform(line, SimTime::START).is_ok() {
                note(&mut found, &**cloud, &format!("{}, after {line:?}", path.display()));
            }
        }
    }
    for seed in SEEDS {
        let mut clouds = lab::systems::clouds(PACE);
        let cloud = clouds.iter_mut().find(|cloud| cloud.name() == name).expect(name);
        let mut chance = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let mut last = String::new();
        for step in 0..STEPS {
            note(&mut found, &**cloud, &format!("seed {seed}, step {step}, after {last:?}"));
            let lines = cloud.actions();
            chance ^= chance << 13;
            chance ^= chance >> 7;
            chance ^= chance << 17;
            let pick = usize::try_from(chance % lines.len() as u64).expect("few lines");
            last.clone_from(&lines[pick]);
            cloud.perform(&last, SimTime(step as u64)).expect("an offered line is an action");
        }
    }
    found
}

fn note(found: &mut Answers, cloud: &dyn Cloud, place: &str) {
    let rows = cloud.images(0, 12);
    let taken = rows.first().map_or("new", |row| row.name.as_str());
    for (index, verb) in PairedVerb::ALL.into_iter().enumerate() {
        let mut ask = |image: Option<ImageId>, name: &str| {
            let answered = foresee(cloud, verb, image, (name, false), SimTime(STEPS as u64)).answered();
            let key = (index, answered.from, answered.came, answered.state);
            found.entry(key).or_insert_with(|| format!("{name}: {place}"));
        };
        if verb == PairedVerb::Create {
            ask(None, "another");
            ask(None, taken);
        } else {
            for row in &rows {
                ask(Some(row.id), "another");
            }
        }
    }
}

#[test]
fn wherever_two_answers_part_the_page_says_why_and_every_reason_is_needed() {
    let (ours, theirs) = (answers(ONE), answers(OTHER));
    let mut told: Vec<&'static str> = Vec::new();
    let mut missing = BTreeMap::new();
    let answered = |cloud, (_, from, came, state): (usize, _, _, _)| Answered {
        cloud,
        from,
        came,
        refused: None,
        state,
    };
    for (one, place) in &ours {
        for (other, elsewhere) in theirs.iter().filter(|(other, _)| other.0 == one.0) {
            let verb = PairedVerb::ALL[one.0];
            let (here, there) = (answered(ONE, *one), answered(OTHER, *other));
            match divergence(verb, &here, &there) {
                Some(divergence) => told.push(divergence.what),
                None if parts(&here, &there) => {
                    let what = format!("{verb:?} {:?} {:?} | {:?} {:?}", one.1, one.2, other.1, other.2);
                    missing.entry(what).or_insert_with(|| format!("{place} | {elsewhere}"));
                }
                None => {}
            }
            assert_eq!(divergence(verb, &here, &there), divergence(verb, &there, &here));
        }
    }
    assert!(missing.is_empty(), "nobody explains {missing:#?}");
    let idle: Vec<_> = lab::compare::divergences().filter(|entry| !told.contains(&entry.what)).collect();
    assert!(idle.is_empty(), "these explain nothing that was met: {idle:#?}");
}
