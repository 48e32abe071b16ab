//! Lines asked of every cloud in pools of several sizes, snapshots, and a long journal. Each figure is
//! the median of a number of rounds.
//!
//! The floor beside each pool is the same work without a cloud: as many lines parsed into words and
//! put into a vector.

use std::hint::black_box;
use std::time::{Duration, Instant};

use lab::engine::host::Cloud;
use lab::engine::journal::Position;
use lab::engine::present::Verb;
use lab::engine::session::Session;
use lab::engine::{ImageId, SimTime};
use lab::systems;

const ROUNDS: usize = 9;
const STEPS: u16 = 1_000;
const POOLS: [usize; 3] = [10, 1_000, 100_000];

pub(crate) fn run() {
    for begin in systems::CATALOG {
        for size in POOLS {
            pool(begin(SimTime::START), size);
        }
    }
    journal();
}

/// Sets a pool of images up, withholds and releases images of it, and remembers its world.
fn pool(mut cloud: Box<dyn Cloud>, size: usize) {
    println!("{}, a pool of {size} images:", cloud.title());
    let names: Vec<String> = (0..size).map(|number| format!("image-{number}")).collect();
    let create = |cloud: &dyn Cloud, name: &str| {
        cloud.verb(Verb::Create { name, persistent: false }).expect("every cloud creates images")
    };
    let lines: Vec<String> = names.iter().map(|name| create(&*cloud, name)).collect();
    let set_up = timed(&mut || lines.iter().for_each(|line| ask(&mut *cloud, line)));
    println!("{:>12.3} ms  set it up", set_up.as_secs_f64() * 1e3);
    let rows = cloud.images(0, size);
    let chosen: Vec<ImageId> = rows.iter().step_by((size / 10).max(1)).map(|row| row.id).collect();
    let verb = |verb| cloud.verb(verb).expect("every cloud withholds and releases");
    let lines: Vec<String> =
        chosen.iter().flat_map(|&id| [verb(Verb::Withhold(id)), verb(Verb::Release(id))]).collect();
    let asked = usize::from(STEPS) * ROUNDS;
    let acting = measure(&mut || {
        for step in 0..STEPS {
            ask(&mut *cloud, &lines[usize::from(step) % lines.len()]);
        }
    });
    let floor = measure(&mut || {
        let words =
            |step: u16| lines[usize::from(step) % lines.len()].split(' ').map(str::to_owned).collect();
        black_box((0..STEPS).map(words).collect::<Vec<Vec<String>>>());
    });
    let each = |time: Duration| time.as_secs_f64() * 1e6 / f64::from(STEPS);
    println!("{:>12.3} µs  an action, its line read and its record kept ({asked} asked)", each(acting));
    println!("{:>12.3} µs  the floor: a line split into words and kept", each(floor));
    let mut position = 0;
    let snapshot = measure(&mut || {
        for _ in 0..STEPS {
            position += 1;
            cloud.checkpoint(Position(position));
        }
    });
    println!("{:>12.3} µs  a snapshot of its world", each(snapshot));
}

fn ask(cloud: &mut dyn Cloud, line: &str) {
    let record = cloud.perform(line, SimTime::START).expect("the line of a verb is an action");
    assert!(cloud.outcome(record).is_ok(), "{line} is refused");
}

/// Reads, seeks and steps a long journal of both clouds.
fn journal() {
    let mut session = long_session();
    let text = session.to_text();
    let tip = session.journal().trunk().len() - 1;
    println!("a journal of {tip} steps:");
    let report = |what: &str, work: &mut dyn FnMut()| {
        println!("{:>12.3} ms  {what}", measure(work).as_secs_f64() * 1e3);
    };
    report("read it and perform every step", &mut || {
        black_box(Session::read(systems::clouds(SimTime::START), &text).is_ok());
    });
    report("go to its start and back to its tip", &mut || {
        session.seek(0);
        session.seek(tip);
    });
    report("step back once", &mut || {
        session.seek(tip);
        session.seek(tip - tip.min(1));
    });
}

/// A session in which each cloud takes what it offers, in turn, while time passes.
fn long_session() -> Session {
    let mut session = Session::new(systems::clouds(SimTime::START));
    for step in 0..STEPS {
        session.advance(session.now() + SimTime(100));
        for system in 0..session.clouds().len() {
            let offers = session.cloud(system).actions();
            if let Some(line) = offers.get(usize::from(step) % offers.len().max(1)) {
                let _ = session.perform(system, line);
            }
        }
    }
    session
}

fn measure(work: &mut dyn FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..ROUNDS).map(|_| timed(work)).collect();
    times.sort();
    times[ROUNDS / 2]
}

#[expect(clippy::disallowed_methods, reason = "a measurement is about wall time")]
fn timed(work: &mut dyn FnMut()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}
