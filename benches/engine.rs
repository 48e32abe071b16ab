//! How fast the engine is, natively: `make bench`. Each line is the median of a number of rounds.

use std::hint::black_box;
use std::time::{Duration, Instant};

use lab::engine::SimTime;
use lab::engine::session::Session;
use lab::systems;

const ROUNDS: usize = 15;
const STEPS: usize = 1_000;

fn main() {
    let mut session = long_session();
    let text = session.to_text();
    let tip = session.journal().trunk().len() - 1;
    println!("a journal of {tip} steps:");
    measure("read it and perform every step", || {
        black_box(Session::read(systems::clouds(SimTime::START), &text).is_ok());
    });
    measure("go to its start and back to its tip", || {
        session.seek(0);
        session.seek(tip);
    });
    measure("step back once", || {
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
            if let Some(line) = offers.get(step % offers.len().max(1)) {
                let _ = session.perform(system, line);
            }
        }
    }
    session
}

fn measure(what: &str, mut work: impl FnMut()) {
    let mut times: Vec<Duration> = (0..ROUNDS).map(|_| timed(&mut work)).collect();
    times.sort();
    println!("{:>12.3} ms  {what}", times[ROUNDS / 2].as_secs_f64() * 1000.0);
}

#[expect(clippy::disallowed_methods, reason = "a measurement is about wall time")]
fn timed(work: &mut impl FnMut()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}
