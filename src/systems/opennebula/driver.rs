//! Calls to the drivers: how they answer, and what becomes of the answers.

use std::sync::Arc;

use super::answer::{self, Answer};
use super::change::{Change, What};
use super::world::{Site, Waiting, World};
use super::{Here, backup, image_answers, market, vm_answers};
use crate::engine::refusal::Text;
use crate::engine::{ImageId, MachineId, Refusal, Reply, SimTime};

/// What a driver is asked to do.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum Kind {
    Stat,
    Copy,
    Make,
    Clone,
    Remove,
    SnapshotDelete,
    SnapshotRevert,
    SnapshotFlatten,
    Restore,
    Transfer,
    TransferCancel,
    Deploy,
    Shutdown,
    Cancel,
    Save,
    RestoreVm,
    Cleanup,
    DriverCancel,
    AttachDisk,
    DetachDisk,
    SnapshotCreate,
    ResizeDisk,
    Backup,
    Import,
    DeleteApp,
}

/// The words of the drivers' protocol.
const WORDS: &[(Kind, &str, &str)] = &[
    (Kind::Stat, "ds", "STAT"),
    (Kind::Copy, "ds", "CP"),
    (Kind::Make, "ds", "MKFS"),
    (Kind::Clone, "ds", "CLONE"),
    (Kind::Remove, "ds", "RM"),
    (Kind::SnapshotDelete, "ds", "SNAP_DELETE"),
    (Kind::SnapshotRevert, "ds", "SNAP_REVERT"),
    (Kind::SnapshotFlatten, "ds", "SNAP_FLATTEN"),
    (Kind::Restore, "ds", "RESTORE"),
    (Kind::Transfer, "tm", "TRANSFER"),
    (Kind::TransferCancel, "tm", "DRIVER_CANCEL"),
    (Kind::Deploy, "vm", "DEPLOY"),
    (Kind::Shutdown, "vm", "SHUTDOWN"),
    (Kind::Cancel, "vm", "CANCEL"),
    (Kind::Save, "vm", "SAVE"),
    (Kind::RestoreVm, "vm", "RESTORE"),
    (Kind::Cleanup, "vm", "CLEANUP"),
    (Kind::DriverCancel, "vm", "DRIVER_CANCEL"),
    (Kind::AttachDisk, "vm", "ATTACHDISK"),
    (Kind::DetachDisk, "vm", "DETACHDISK"),
    (Kind::SnapshotCreate, "vm", "DISKSNAPSHOTCREATE"),
    (Kind::ResizeDisk, "vm", "RESIZEDISK"),
    (Kind::Backup, "vm", "BACKUP"),
    (Kind::Import, "market", "IMPORT"),
    (Kind::DeleteApp, "market", "DELETE"),
];

impl Kind {
    /// The driver and the action.
    pub(super) fn words(self) -> (&'static str, &'static str) {
        let row = &WORDS[self as usize];
        (row.1, row.2)
    }

    pub(super) fn read(driver: &str, action: &str) -> Option<Self> {
        WORDS.iter().find(|row| row.1 == driver && row.2 == action).map(|row| row.0)
    }

    /// The driver with this name.
    pub(super) fn driver(name: &str) -> Option<&'static str> {
        WORDS.iter().find(|row| row.1 == name).map(|row| row.1)
    }

    /// Asked and answered within one request, so that it cannot be held.
    fn is_question(self) -> bool {
        matches!(self, Self::Stat | Self::Restore)
    }

    /// The image that a call with this object id is about.
    pub(super) fn image(self, id: u32) -> Option<ImageId> {
        (self.words().0 == "ds").then_some(ImageId(id))
    }

    /// How long it takes at this pace: VM drivers need a quarter of what data needs.
    fn length(self, pace: u64) -> u64 {
        match self.words().0 {
            "vm" => pace / 4,
            _ => pace,
        }
    }
}

/// What a driver says.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum Answered {
    /// With the payload given, or the one that the driver gives by itself.
    Success(Option<Arc<str>>),
    Failure(Arc<str>),
}

impl Answered {
    pub(super) fn is_success(&self) -> bool {
        matches!(self, Self::Success(_))
    }

    /// A failure's text behind `: `, unless it says nothing: `ImageManagerProtocol.cc`.
    pub(super) fn reason(&self) -> String {
        match self {
            Self::Failure(text) if !text.is_empty() && !text.starts_with('-') => format!(": {text}"),
            Self::Failure(_) | Self::Success(_) => String::new(),
        }
    }
}

/// How calls of a kind answer.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum Mode {
    /// With success, each at its pace.
    Auto,
    Answer(Answered),
    /// Only when somebody releases it.
    Hold,
    /// Never.
    Drop,
}

/// What will become of a call.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum Fate {
    AtOnce(Answered),
    Due(SimTime, Answered),
    Held,
}

impl Fate {
    /// When the call ends by itself.
    pub(super) fn due(&self) -> Option<SimTime> {
        match self {
            Self::Due(at, _) => Some(*at),
            Self::AtOnce(_) | Self::Held => None,
        }
    }
}

/// A call that no driver has answered yet.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct Call {
    pub(super) kind: Kind,
    /// The image, VM or app that it is about.
    pub(super) object: u32,
    pub(super) started: SimTime,
    pub(super) fate: Fate,
}

/// How a call of `kind` about `object` answers; a mode for the object beats one for all.
pub(super) fn mode(site: &Site, kind: Kind, object: u32) -> Mode {
    let mut found = None;
    for ((_, about), mode) in site.modes.iter().filter(|((own, _), _)| *own == kind) {
        match about {
            Some(about) if *about == object => return mode.clone(),
            Some(_) => {}
            None => found = Some(mode),
        }
    }
    found.cloned().unwrap_or(Mode::Auto)
}

/// Calls a driver.
pub(super) fn call(turn: &mut Here<'_>, kind: Kind, object: u32) {
    let world = turn.world();
    let answered = match mode(&world.site, kind, object) {
        Mode::Auto => Some(Answered::Success(None)),
        Mode::Answer(answered) => Some(answered),
        Mode::Hold => None,
        Mode::Drop => return,
    };
    let length = kind.length(world.site.pace);
    let fate = match answered {
        None => Fate::Held,
        Some(answered) if length == 0 => Fate::AtOnce(answered),
        Some(answered) => Fate::Due(turn.now() + SimTime(length), answered),
    };
    let number = world.next_call;
    let call = Call { kind, object, started: turn.now(), fate };
    turn.change(Change(What::Called(number, Arc::new(call))));
}

pub(super) fn call_for_image(turn: &mut Here<'_>, kind: Kind, image: ImageId) {
    call(turn, kind, image.0);
}

pub(super) fn call_for_vm(turn: &mut Here<'_>, kind: Kind, vm: MachineId) {
    call(turn, kind, vm.0);
}

/// Lets every call answer that takes no time, and those that follow from the answers.
pub(super) fn settle(turn: &mut Here<'_>) {
    while let Some((number, call)) = turn.world().ready.first().cloned() {
        turn.change(Change(What::CallEnded { number, object: call.object }));
        if let Fate::AtOnce(answered) = &call.fate {
            take(turn, call.kind, call.object, answered);
        }
    }
}

/// The oldest waiting call of `kind` about `object` is answered now.
pub(super) fn release(turn: &mut Here<'_>, kind: Kind, object: u32, answered: &Answered) -> Answer {
    let number = waiting(turn.world(), kind, object, |_| true)?.number;
    turn.change(Change(What::CallEnded { number, object }));
    take(turn, kind, object, answered);
    Ok(answer::nothing())
}

/// Whether a call of `kind` about `object` waits for its answer.
pub(super) fn is_waiting(world: &World, kind: Kind, object: u32) -> bool {
    waiting(world, kind, object, |_| true).is_ok()
}

/// An answer that no call of ours waits for: the daemon takes what a driver says of any object.
pub(super) fn answer(turn: &mut Here<'_>, kind: Kind, object: u32, answered: &Answered) -> Reply {
    take(turn, kind, object, answered);
    answer::nothing()
}

/// The oldest call of `kind` about `object` that would end by itself never does.
pub(super) fn hang(turn: &mut Here<'_>, kind: Kind, object: u32) -> Answer {
    postpone(turn, kind, object, |_, _| None)
}

/// The same takes longer than it would.
pub(super) fn slow(turn: &mut Here<'_>, kind: Kind, object: u32) -> Answer {
    postpone(turn, kind, object, |due, now| Some(due.slowed(now)))
}

fn postpone(
    turn: &mut Here<'_>,
    kind: Kind,
    object: u32,
    later: fn(SimTime, SimTime) -> Option<SimTime>,
) -> Answer {
    let Waiting { number, call } = waiting(turn.world(), kind, object, |fate| fate.due().is_some())?;
    let due = call.fate.due().and_then(|due| later(due, turn.now())).map(Box::new);
    turn.change(Change(What::Postponed { number: *number, object, due }));
    Ok(answer::nothing())
}

fn waiting(world: &World, kind: Kind, object: u32, fits: fn(&Fate) -> bool) -> Result<&Waiting, Refusal> {
    let matches = |waiting: &&Waiting| waiting.call.kind == kind && fits(&waiting.call.fate);
    let found = world.calls_about(object).iter().find(matches);
    let (driver, action) = kind.words();
    found.ok_or_else(|| {
        let fills = [driver.into(), action.into(), object.into()];
        Refusal::new(0, Text::new("No call {} {} {} is waiting.", fills))
    })
}

/// From now on calls of `kind` answer like this; those already held stay held.
pub(super) fn set_mode(turn: &mut Here<'_>, kind: Kind, object: Option<u32>, mode: &Mode) -> Reply {
    change_site(turn, &mut |site| {
        site.modes.retain(|(own, _)| *own != (kind, object));
        if *mode != Mode::Auto || object.is_some() {
            site.modes.push(((kind, object), mode.clone()));
        }
    });
    answer::nothing()
}

/// The same for every action of a driver that works on data.
pub(super) fn set_modes(turn: &mut Here<'_>, driver: &str, mode: &Mode) -> Reply {
    let of_driver = |row: &&(Kind, &str, &str)| row.1 == driver && !row.0.is_question();
    for (kind, ..) in WORDS.iter().filter(of_driver) {
        set_mode(turn, *kind, None, mode);
    }
    answer::nothing()
}

/// From now on drivers take so long to move data.
pub(super) fn set_pace(turn: &mut Here<'_>, pace: u64) -> Reply {
    change_site(turn, &mut |site| site.pace = pace);
    answer::nothing()
}

/// Changes what seldom changes.
pub(super) fn change_site(turn: &mut Here<'_>, change: &mut dyn FnMut(&mut Site)) {
    let mut site = Site::clone(&turn.world().site);
    change(&mut site);
    turn.change(Change(What::SiteChanged(Arc::new(site))));
}

/// Takes an answer to who asked for it.
fn take(turn: &mut Here<'_>, kind: Kind, object: u32, answered: &Answered) {
    let image = ImageId(object);
    let vm = MachineId(object);
    match kind {
        Kind::Copy => image_answers::copied(turn, image, answered),
        Kind::Make => image_answers::made(turn, image, answered),
        Kind::Clone => image_answers::cloned(turn, image, answered),
        Kind::Remove => image_answers::removed(turn, image, answered),
        Kind::SnapshotDelete => image_answers::snapshot_deleted(turn, image, answered),
        Kind::SnapshotRevert => image_answers::reverted(turn, image, answered),
        Kind::SnapshotFlatten => image_answers::flattened(turn, image, answered),
        Kind::Transfer => vm_answers::transferred(turn, vm, answered.is_success()),
        Kind::Deploy | Kind::RestoreVm => vm_answers::booted(turn, vm, answered.is_success()),
        Kind::Shutdown | Kind::Cancel => vm_answers::shut_down(turn, vm, answered.is_success()),
        Kind::Save => vm_answers::saved(turn, vm, answered.is_success()),
        Kind::Cleanup => vm_answers::cleaned_up(turn, vm),
        Kind::AttachDisk => vm_answers::attached(turn, vm, answered.is_success()),
        Kind::DetachDisk => vm_answers::detached(turn, vm, answered.is_success()),
        Kind::SnapshotCreate => vm_answers::snapshot_taken(turn, vm, answered.is_success()),
        Kind::ResizeDisk => vm_answers::resized(turn, vm, answered.is_success()),
        Kind::Backup => backup::backed_up(turn, vm, answered),
        Kind::Import => market::imported(turn, object),
        Kind::Stat | Kind::Restore | Kind::TransferCancel | Kind::DriverCancel | Kind::DeleteApp => {}
    }
}

/// When the job that ends first falls due, and which call it is.
pub(super) fn due(world: &World) -> Option<(SimTime, &Call, &Answered)> {
    let (at, number, object) = *world.due.front()?;
    let Waiting { call, .. } = world.calls_about(object).iter().find(|waiting| waiting.number == number)?;
    match &call.fate {
        Fate::Due(_, answered) => Some((at, call, answered)),
        Fate::AtOnce(_) | Fate::Held => None,
    }
}
