//! One action run to completion (a statechart's macrostep).

use super::log::Log;
use super::{Event, ImageId, SimTime, System, Transition};

/// The world while one action is decided, and the events that it has caused so far.
///
/// An event changes the world as soon as it is emitted, so a rule reads what it has just done.
/// A refusal does not take emitted events back: the real daemons do leave traces of what they
/// refuse (a refused `delete --force` plants `FORCE_DELETE`), so a rule checks first and emits
/// after, and what it emits before refusing is what the daemon really keeps.
pub struct Turn<'a, S: System> {
    world: &'a mut S::World,
    now: SimTime,
    events: &'a mut Log<Event<S>>,
}

impl<'a, S: System> Turn<'a, S> {
    /// A turn on `world` at the simulated moment `now`; what happens is written behind what `events` has.
    pub fn new(world: &'a mut S::World, now: SimTime, events: &'a mut Log<Event<S>>) -> Self {
        Self { world, now, events }
    }

    /// The world as the events so far have made it.
    pub fn world(&self) -> &S::World {
        self.world
    }

    /// The simulated moment.
    pub fn now(&self) -> SimTime {
        self.now
    }

    /// Lets `event` happen.
    pub fn emit(&mut self, event: Event<S>) {
        S::evolve(self.world, &event);
        self.events.push(event);
    }

    /// Lets an image change its state.
    pub fn transition(&mut self, image: ImageId, from: Option<S::State>, to: Option<S::State>) {
        self.emit(Event::Transitioned(Transition { image, from, to }));
    }

    /// Lets something happen that is not a change of state.
    pub fn change(&mut self, change: S::Change) {
        self.emit(Event::Changed(change));
    }
}
