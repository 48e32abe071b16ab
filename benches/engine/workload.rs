//! The workload that our rules and a peer's actors both get: the life of a pool of images, in events
//! that a generator throws at slots by chance.
//!
//! [`Slot`] is what a state machine library is given to run: a reduction of the OpenNebula image to its
//! states and four facts, with the real rules' outcomes for these events. Our own side does not run it
//! but the rules themselves, so it is told in the real commands; [`Workload`] knows for them which
//! image, VM or copy an event is about. An event that the reduction refuses is aimed at something that
//! the rules refuse too. In the end both histograms must be the same.

use lab::engine::session::Session;
use lab::engine::{ImageId, State};
use lab::systems::opennebula::{Action, ImageState, OpenNebula};

/// An event of the reduction, in the order of `STATES` in `peers/machine.mjs`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Happening {
    Create,
    CopyOk,
    CopyFail,
    Acquire,
    Release,
    CloneStart,
    CloneOk,
    CloneFail,
    Enable,
    Disable,
    Delete,
    RemoveOk,
    RemoveFail,
}

/// How often each happens, in 32nds.
const WEIGHTS: [(Happening, usize); 13] = [
    (Happening::Create, 4),
    (Happening::CopyOk, 3),
    (Happening::CopyFail, 1),
    (Happening::Acquire, 4),
    (Happening::Release, 7),
    (Happening::CloneStart, 2),
    (Happening::CloneOk, 2),
    (Happening::CloneFail, 1),
    (Happening::Enable, 2),
    (Happening::Disable, 2),
    (Happening::Delete, 1),
    (Happening::RemoveOk, 2),
    (Happening::RemoveFail, 1),
];

/// One image of the reduction; `state` is `None` while there is none.
#[derive(Clone, Default)]
struct Slot {
    state: Option<ImageState>,
    persistent: bool,
    has_source: bool,
    /// Removals that the driver has not answered.
    removing: u32,
    running: u32,
    cloning: u32,
    /// The image's number, once there was one.
    id: Option<u32>,
    /// Its VMs, the oldest first.
    vms: Vec<u32>,
    /// Copies of it that are being made.
    copies: Vec<u32>,
}

impl Slot {
    /// Lets an event happen; says whether the image accepts it.
    fn step(&mut self, happening: Happening, persistent: bool) -> bool {
        use Happening as H;
        use ImageState as S;
        let Some(state) = self.state else { return happening == H::Create && self.create(persistent) };
        let used = if self.persistent { S::UsedPers } else { S::Used };
        match (state, happening) {
            (_, H::RemoveOk) if self.removing > 0 => self.vanish(),
            (_, H::RemoveFail) if self.removing > 0 => {
                self.removing -= 1;
                self.enter(S::Error)
            }
            (S::Locked, H::CopyOk) => self.arrive(S::Ready),
            (S::LockedUsed, H::CopyOk) => self.arrive(S::Used),
            (S::LockedUsedPers, H::CopyOk) => self.arrive(S::UsedPers),
            (S::Locked | S::LockedUsed | S::LockedUsedPers, H::CopyFail) => self.enter(S::Error),
            (S::Locked, H::Acquire) if self.persistent => self.acquire(S::LockedUsedPers),
            (S::Locked | S::LockedUsed, H::Acquire) => self.acquire(S::LockedUsed),
            (S::Ready, H::Acquire) => self.acquire(used),
            (S::Used, H::Acquire) => self.acquire(S::Used),
            (S::LockedUsed | S::LockedUsedPers, H::Release) => self.release(S::Locked, true),
            (S::Used, H::Release) => self.running > 0 && self.release(S::Ready, self.cloning == 0),
            (S::UsedPers, H::Release) => self.running > 0 && self.release(S::Ready, true),
            (S::Ready, H::CloneStart) if self.persistent => self.start_clone(S::Clone),
            (S::Ready | S::Used, H::CloneStart) => self.start_clone(S::Used),
            (S::Clone, H::CloneStart) => self.start_clone(S::Clone),
            (S::Used | S::Clone, H::CloneOk | H::CloneFail) => self.cloning > 0 && self.end_clone(),
            (S::Ready, H::Enable) | (S::Disabled, H::Disable) => true,
            (S::Disabled, H::Enable) => self.enter(S::Ready),
            (S::Error, H::Enable) => self.enter(if self.running == 0 { S::Ready } else { used }),
            (S::Ready | S::Error, H::Disable) => self.running == 0 && self.enter(S::Disabled),
            (S::Ready, H::Delete) => self.running == 0 && self.delete(),
            (S::Disabled | S::Error | S::Delete, H::Delete) => self.delete(),
            _ => false,
        }
    }

    fn create(&mut self, persistent: bool) -> bool {
        self.persistent = persistent;
        self.enter(ImageState::Locked)
    }

    fn enter(&mut self, state: ImageState) -> bool {
        self.state = Some(state);
        true
    }

    fn arrive(&mut self, state: ImageState) -> bool {
        self.has_source = true;
        self.enter(state)
    }

    fn acquire(&mut self, state: ImageState) -> bool {
        self.running += 1;
        self.enter(state)
    }

    fn release(&mut self, to: ImageState, is_free: bool) -> bool {
        self.running -= 1;
        if self.running == 0 && is_free {
            self.state = Some(to);
        }
        true
    }

    fn start_clone(&mut self, state: ImageState) -> bool {
        self.cloning += 1;
        self.enter(state)
    }

    fn end_clone(&mut self) -> bool {
        self.cloning -= 1;
        if self.cloning == 0 && self.running == 0 {
            self.state = Some(ImageState::Ready);
        }
        true
    }

    fn delete(&mut self) -> bool {
        if !self.has_source {
            return self.vanish();
        }
        self.removing += 1;
        self.enter(ImageState::Delete)
    }

    fn vanish(&mut self) -> bool {
        *self = Self { id: self.id, ..Self::default() };
        true
    }
}

/// A pool of slots, and the commands that throw events at the images in them.
pub(crate) struct Workload {
    slots: Vec<Slot>,
    chance: u32,
    next_image: u32,
    next_vm: u32,
    pub(crate) refused: u32,
}

/// Nothing has this number.
const NOTHING: u32 = 4_000_000_000;

impl Workload {
    /// A pool of images that are READY.
    pub(crate) fn new(size: u32) -> Self {
        let slot =
            |id| Slot { state: Some(ImageState::Ready), has_source: true, id: Some(id), ..Slot::default() };
        Self {
            slots: (0..size).map(slot).collect(),
            chance: 12_345,
            next_image: size,
            next_vm: 0,
            refused: 0,
        }
    }

    /// What makes the pool, from nothing.
    pub(crate) fn creation(&self) -> impl Iterator<Item = Action> {
        let create = |slot| read(&format!("oneimage create --name image-{slot} --path /image -d 100"));
        (0..self.slots.len()).map(create)
    }

    /// From now on drivers answer when an event says so.
    pub(crate) fn hold() -> Action {
        read("driver ds * hold")
    }

    /// The next events.
    pub(crate) fn events(&mut self, count: u32) -> Vec<Action> {
        (0..count).map(|_| self.event()).collect()
    }

    fn event(&mut self) -> Action {
        let place = (self.draw() >> 8) as usize % self.slots.len();
        let drawn = self.draw();
        let happening = TABLE[(drawn >> 27) as usize];
        let persistent = drawn >> 26 & 1 == 1;
        let is_accepted = self.slots[place].step(happening, persistent);
        self.refused += u32::from(!is_accepted);
        read(&self.line(place, happening, persistent, is_accepted))
    }

    /// Knuth and Lewis' generator.
    fn draw(&mut self) -> u32 {
        self.chance = self.chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        self.chance
    }

    /// The command for an event at a slot that has just taken it, or refused it.
    fn line(&mut self, place: usize, happening: Happening, persistent: bool, is_accepted: bool) -> String {
        let slot = &mut self.slots[place];
        let id = slot.id.unwrap_or(NOTHING);
        match happening {
            Happening::Create => {
                if is_accepted {
                    slot.id = Some(self.next_image);
                    self.next_image += 1;
                }
                let persistent = if persistent { " --persistent" } else { "" };
                format!("oneimage create --name image-{place} --path /image -d 100{persistent}")
            }
            Happening::CopyOk => format!("release ds CP {id} success"),
            Happening::CopyFail => format!("release ds CP {id} fail"),
            Happening::Acquire => {
                if is_accepted {
                    slot.vms.push(self.next_vm);
                    self.next_vm += 1;
                }
                format!("onevm create --disk {id}")
            }
            Happening::Release => {
                let vm = slot.vms.pop_if(|_| is_accepted).unwrap_or(NOTHING);
                format!("onevm terminate {vm} --hard")
            }
            Happening::CloneStart => {
                let copy = self.next_image;
                if is_accepted {
                    slot.copies.push(copy);
                    self.next_image += 1;
                }
                format!("oneimage clone {id} copy-{copy}")
            }
            Happening::CloneOk | Happening::CloneFail => {
                let copy = slot.copies.pop_if(|_| is_accepted).unwrap_or(NOTHING);
                let answer = if happening == Happening::CloneOk { "success" } else { "fail" };
                format!("release ds CLONE {copy} {answer}")
            }
            Happening::Enable => format!("oneimage enable {id}"),
            Happening::Disable => {
                format!("oneimage disable {}", if is_accepted { id } else { NOTHING })
            }
            Happening::Delete => format!("oneimage delete {id}"),
            Happening::RemoveOk => format!("release ds RM {id} success"),
            Happening::RemoveFail => format!("release ds RM {id} fail"),
        }
    }

    /// How many slots are in each state, as the reduction has it; the first are empty.
    pub(crate) fn expected(&self) -> [u32; 11] {
        histogram(self.slots.iter().map(|slot| slot.state.map(State::index)))
    }

    /// The same as the rules have it.
    pub(crate) fn histogram(&self, session: &Session) -> [u32; 11] {
        let state = |slot: &Slot| session.cloud(0).image(ImageId(slot.id?)).map(|image| image.state);
        histogram(self.slots.iter().map(state))
    }
}

/// INIT, where no image ever is, counts those that are not.
fn histogram(states: impl Iterator<Item = Option<usize>>) -> [u32; 11] {
    let mut counts = [0; 11];
    states.for_each(|state| counts[state.unwrap_or_default()] += 1);
    counts
}

const TABLE: [Happening; 32] = table();

const fn table() -> [Happening; 32] {
    let mut table = [Happening::Create; 32];
    let (mut kind, mut place) = (0, 0);
    while kind < WEIGHTS.len() {
        let end = place + WEIGHTS[kind].1;
        while place < end {
            table[place] = WEIGHTS[kind].0;
            place += 1;
        }
        kind += 1;
    }
    table
}

fn read(line: &str) -> Action {
    line.parse().expect("it is an action of OpenNebula")
}

/// Our side: the rules in a session, with its journal and its checkpoints.
pub(crate) fn perform(session: &mut Session, actions: Vec<Action>) -> usize {
    let mut written = 0;
    for action in actions {
        written += usize::from(session.act::<OpenNebula>(0, action).is_some());
    }
    written
}
