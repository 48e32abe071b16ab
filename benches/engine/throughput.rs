//! Actions per second, the actions read before: the rules, the journal and its checkpoints.

use std::time::{Duration, Instant};

use lab::engine::host::Host;
use lab::engine::session::Session;
use lab::systems::opennebula::OpenNebula;

use crate::workload::{Workload, perform};

const ROUNDS: usize = 5;
const BATCHES: u32 = 20;
const BATCH: u32 = 10_000;

pub(crate) fn run() {
    println!("OpenNebula, {} actions by chance (the fastest of {ROUNDS} rounds):", BATCHES * BATCH);
    for size in [10, 1_000, 100_000] {
        let rounds: Vec<(Duration, Duration)> = (0..ROUNDS).map(|_| round(size)).collect();
        let set_up = rounds.iter().map(|round| round.0).min().unwrap_or_default();
        let acting = rounds.iter().map(|round| round.1).min().unwrap_or_default();
        let each = acting.as_secs_f64() * 1e6 / f64::from(BATCHES * BATCH);
        println!("{each:>12.3} µs  an action in a pool of {size}: {:.2} M a second", 1.0 / each);
        println!("{:>12.1} ms  set it up", set_up.as_secs_f64() * 1e3);
    }
}

/// How long the pool takes to be set up, and the actions.
fn round(size: u32) -> (Duration, Duration) {
    let mut workload = Workload::new(size);
    let mut session = Session::new(vec![Box::new(Host::<OpenNebula>::default())]);
    let creation = workload.creation().collect();
    let set_up = timed(|| perform(&mut session, creation));
    perform(&mut session, vec![Workload::hold()]);
    let mut acting = Duration::ZERO;
    for _ in 0..BATCHES {
        let actions = workload.events(BATCH);
        acting += timed(|| perform(&mut session, actions));
    }
    assert_eq!(workload.histogram(&session), workload.expected(), "the rules and their reduction agree");
    (set_up, acting)
}

#[expect(clippy::disallowed_methods, reason = "a measurement is about wall time")]
fn timed(work: impl FnOnce() -> usize) -> Duration {
    let start = Instant::now();
    assert_ne!(work(), 0, "something was done");
    start.elapsed()
}
