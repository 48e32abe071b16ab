//! What holds for every cloud of the catalogue, tried on walks that chance chooses: a cloud that is
//! new in the catalogue is tested before it has a test of its own.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use lab::engine::chart::End;
use lab::engine::host::{Cloud, Move};
use lab::engine::session::Session;
use lab::engine::{Misread, SimTime};
use lab::systems;

/// Walks are long enough to meet checkpoints, and many enough to meet most actions.
const STEPS: usize = 150;
const SEEDS: std::ops::Range<u64> = 0..8;

/// Work that moves data takes so long, so that walks meet it under way.
const PACE: SimTime = SimTime(2_000);

/// What the real systems keep of something that they refuse: system, word of the line, reason.
const TRACES_OF_REFUSALS: &[(&str, &str, &str)] = &[
    ("opennebula", "--force", "FORCE_DELETE is written before anything is checked: `ImageDelete`"),
    ("opennebula", "-d 105", "the quota counts what is then not persistent: `ImageAllocateAPI::allocate`"),
    ("opennebula", "onevm create", "the very first number is used up: `PoolSQL::allocate`"),
    (
        "glance",
        "--file",
        "an upload that fails was begun, and may leave its data: `ImageDataController.upload`",
    ),
    ("glance", "finish-", "the same, when a driver lets it fail"),
    ("glance", "server image create", "the same, when Nova uploads a snapshot"),
];

#[test]
fn the_same_questions_give_the_same_worlds() {
    for seed in SEEDS {
        let (once, again) = (walk(seed), walk(seed));
        assert_eq!(once.to_text(), again.to_text(), "seed {seed}");
        assert_same_worlds(&once, &again, &format!("seed {seed}"));
    }
}

#[test]
fn a_journal_survives_being_written_and_read() {
    for seed in SEEDS {
        let session = walk(seed);
        let text = session.to_text();
        let again = read(&text);
        assert_eq!(again.to_text(), text, "seed {seed}");
        assert_eq!(again.journal(), session.journal(), "seed {seed}");
        assert_same_worlds(&session, &again, &format!("seed {seed}"));
    }
}

#[test]
fn stepping_anywhere_gives_the_world_of_a_replay() {
    for seed in SEEDS {
        let mut session = walk(seed);
        let mut dice = Dice(seed);
        for _ in 0..20 {
            let depth = dice.below(session.journal().trunk().len());
            session.seek(depth);
            let replayed = read(&trunk_text(&session, depth));
            assert_same_worlds(&session, &replayed, &format!("seed {seed}, depth {depth}"));
        }
    }
}

#[test]
fn every_offered_line_and_its_action_are_inverse() {
    let mut session = walk(1);
    for depth in (0..session.journal().trunk().len()).step_by(10) {
        for system in 0..session.clouds().len() {
            session.seek(depth);
            for line in offered(session.cloud(system)) {
                session.seek(depth);
                let position = session.perform(system, &line).unwrap_or_else(|Misread(problem)| {
                    panic!("“{line}” is offered, but it is no action: {problem}")
                });
                let (cloud, record) = session.entry(position).expect("it was just written");
                assert_eq!(cloud.line(record), line);
            }
        }
    }
}

#[test]
fn a_refusal_has_words_and_changes_nothing() {
    for seed in SEEDS {
        let walked = walk(seed);
        let mut session = new_session();
        let mut twin = new_session();
        for position in &walked.journal().trunk()[1..] {
            let (cloud, record) = walked.entry(*position).expect("it is in the journal");
            let (name, line) = (cloud.name(), cloud.line(record));
            let system = walked.journal().entry(*position).map_or(0, |entry| entry.system);
            session.perform(system, &line).expect("it was read before");
            let Err(refusal) = cloud.outcome(record) else {
                twin.perform(system, &line).expect("it was read before");
                continue;
            };
            assert!(!refusal.to_string().is_empty(), "{name} refuses “{line}” without a word");
            if TRACES_OF_REFUSALS.iter().any(|(of, word, _)| *of == name && line.contains(word)) {
                twin.perform(system, &line).expect("it was read before");
            }
            let what = format!("seed {seed}: {name} refused “{line}” ({refusal})");
            assert_same_worlds(&session, &twin, &what);
        }
    }
}

#[test]
fn acting_in_the_past_keeps_the_old_future() {
    for seed in SEEDS {
        let mut session = walk(seed);
        let (branch, branches) = (session.journal().current_branch(), session.journal().branches().to_vec());
        session.seek(usize::MAX);
        let before = read(&session.to_text());
        session.seek(session.journal().depth() / 2);
        for system in 0..session.clouds().len() {
            let lines = offered(session.cloud(system));
            if let Some(line) = lines.first() {
                session.perform(system, line).expect("it is offered");
            }
        }
        assert_eq!(session.journal().branches()[..branches.len()], branches, "seed {seed}");
        session.switch(branch);
        session.seek(usize::MAX);
        assert_same_worlds(&session, &before, &format!("seed {seed}"));
    }
}

#[test]
fn time_passes_alike_in_one_leap_and_in_small_steps() {
    for seed in SEEDS {
        let text = walk(seed).to_text();
        let (mut leap, mut steps) = (read(&text), read(&text));
        leap.seek(usize::MAX);
        steps.seek(usize::MAX);
        let start = leap.now();
        leap.advance(start + SimTime(60_000));
        (1..=600).for_each(|step| steps.advance(start + SimTime(step * 100)));
        assert_same_worlds(&leap, &steps, &format!("seed {seed}"));
        assert_eq!(leap.to_text(), steps.to_text(), "seed {seed}");
    }
}

#[test]
fn whatever_falls_due_changes_something_and_all_of_it_ends() {
    for seed in SEEDS {
        let mut session = walk(seed);
        let mut ended = 0;
        while let Some(next) = session.next_due() {
            assert!(session.end_next_job(next.0), "seed {seed}: {next:?} changes nothing");
            ended += 1;
            assert!(ended < 1_000, "seed {seed}: there is no end");
        }
    }
}

#[test]
fn every_change_of_state_on_a_walk_is_an_edge_of_the_chart() {
    let mut missing = BTreeMap::new();
    for seed in SEEDS {
        let session = walk(seed);
        for position in &session.journal().trunk()[1..] {
            let (cloud, record) = session.entry(*position).expect("it is in the journal");
            let strays = cloud
                .moves(record)
                .into_iter()
                .filter(|step| step.from != step.to && cloud.chart().edge(step.from, step.to).is_none());
            for Move { from, to, .. } in strays {
                let way = format!("{}: {} → {}", cloud.name(), place(cloud, from), place(cloud, to));
                missing.entry(way).or_insert_with(|| cloud.line(record));
            }
        }
    }
    assert!(missing.is_empty(), "the charts lack these edges (and what led along them): {missing:#?}");
}

fn place(cloud: &dyn Cloud, end: End) -> &'static str {
    match end {
        End::State(state) => cloud.states()[state],
        End::Outside => "outside",
    }
}

/// A walk through every cloud at once: offered lines, jobs that fall due, steps back.
fn walk(seed: u64) -> Session {
    let mut session = new_session();
    let mut dice = Dice(seed);
    for _ in 0..STEPS {
        match dice.below(20) {
            0 => session.seek(dice.below(session.journal().trunk().len())),
            1..=5 => {
                let moment = session.next_due().map_or(session.now() + SimTime(500), |(moment, ..)| moment);
                session.advance(moment);
            }
            _ if session.clouds().is_empty() => {}
            _ => {
                let system = dice.below(session.clouds().len());
                let lines = offered(session.cloud(system));
                if !lines.is_empty() {
                    let line = &lines[dice.below(lines.len())];
                    session.perform(system, line).unwrap_or_else(|problem| panic!("“{line}”: {problem}"));
                }
            }
        }
    }
    session
}

/// Every line that a cloud offers anywhere: for itself, for an image, a machine or a job.
fn offered(cloud: &dyn Cloud) -> Vec<String> {
    let mut lines = cloud.actions();
    let images = cloud.images(0, 3);
    let for_images = images.iter().flat_map(|image| cloud.offers(Some(image.id)));
    let for_machines = cloud.machines().into_iter().flat_map(|machine| machine.offers);
    let for_jobs = cloud.jobs(&|_| true).into_iter().flat_map(|job| job.endings);
    let offers = cloud.offers(None).into_iter().chain(for_images).chain(for_machines).chain(for_jobs);
    lines.extend(offers.map(|offer| offer.line));
    lines
}

fn new_session() -> Session {
    Session::new(systems::clouds(PACE))
}

fn read(text: &str) -> Session {
    Session::read(systems::clouds(PACE), text).unwrap_or_else(|problem| panic!("{problem}\n{text}"))
}

/// The text of a journal that has only the first `depth` steps of the current branch.
fn trunk_text(session: &Session, depth: usize) -> String {
    let text = new_session().to_text();
    let mut trunk = text.lines().next().expect("the header").to_owned();
    for position in &session.journal().trunk()[1..=depth] {
        let (cloud, record) = session.entry(*position).expect("it is in the journal");
        let SimTime(moment) = session.journal().time(*position);
        let _ = write!(trunk, "\n{moment} {} {}", cloud.name(), cloud.line(record));
    }
    trunk
}

fn assert_same_worlds(a: &Session, b: &Session, what: &str) {
    for (a, b) in a.clouds().iter().zip(b.clouds()) {
        assert!(a.same_world(&**b), "the worlds of {} differ: {what}", a.name());
    }
}

/// Chance from a seed: Knuth's linear congruential generator (MMIX).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % limit
    }
}
