//! The same workload in wasm, for `peers/compare.mjs` to run and to time.

use lab::engine::host::Host;
use lab::engine::session::Session;
use lab::systems::opennebula::{Action, OpenNebula};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::workload::{Workload, perform};

/// How many actions lie in one list: its room is free again as soon as they are performed.
const BATCH: usize = 1_000;

/// A session under way, and the actions that are to be timed next.
#[wasm_bindgen]
pub struct Bench {
    session: Session,
    workload: Workload,
    next: Vec<Vec<Action>>,
}

#[wasm_bindgen]
impl Bench {
    /// Before the pool is set up.
    #[wasm_bindgen(constructor)]
    pub fn new(size: u32) -> Self {
        let session = Session::new(vec![Box::new(Host::<OpenNebula>::default())]);
        let workload = Workload::new(size);
        let next = batches(workload.creation());
        Self { session, workload, next }
    }

    /// Reads the next events.
    pub fn prepare(&mut self, count: u32) {
        self.next = batches(self.workload.events(count).into_iter());
    }

    /// From now on drivers wait.
    pub fn hold(&mut self) {
        self.next = vec![vec![Workload::hold()]];
    }

    /// Performs what is next; gives how many were written.
    pub fn run(&mut self) -> usize {
        let next = std::mem::take(&mut self.next);
        next.into_iter().map(|batch| perform(&mut self.session, batch)).sum()
    }

    /// How much memory the module has, in bytes.
    pub fn memory(&self) -> usize {
        core::arch::wasm32::memory_size(0) * 65_536
    }

    /// How many slots are in each state by our rules.
    pub fn histogram(&self) -> Vec<u32> {
        self.workload.histogram(&self.session).to_vec()
    }
}

fn batches(mut actions: impl Iterator<Item = Action>) -> Vec<Vec<Action>> {
    let batch =
        || Some(actions.by_ref().take(BATCH).collect()).filter(|batch: &Vec<Action>| !batch.is_empty());
    std::iter::from_fn(batch).collect()
}
