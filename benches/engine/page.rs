//! The same workload in wasm, for `peers/compare.mjs` to run and to time.

use lab::engine::host::Host;
use lab::engine::session::Session;
use lab::systems::opennebula::{Action, OpenNebula};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::workload::{Workload, perform};

/// A session under way, and the actions that are to be timed next.
#[wasm_bindgen]
pub struct Bench {
    session: Session,
    workload: Workload,
    next: Vec<Action>,
}

#[wasm_bindgen]
impl Bench {
    /// Before the pool is set up.
    #[wasm_bindgen(constructor)]
    pub fn new(size: u32) -> Self {
        let session = Session::new(vec![Box::new(Host::<OpenNebula>::default())]);
        let workload = Workload::new(size);
        let next = workload.creation();
        Self { session, workload, next }
    }

    /// Reads the next events.
    pub fn prepare(&mut self, count: u32) {
        self.next = self.workload.events(count);
    }

    /// From now on drivers wait.
    pub fn hold(&mut self) {
        self.next = vec![Workload::hold()];
    }

    /// Performs what is next; gives how many were written.
    pub fn run(&mut self) -> usize {
        perform(&mut self.session, std::mem::take(&mut self.next))
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
