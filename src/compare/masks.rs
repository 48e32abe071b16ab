//! What an entry of the table fits, as bits: verbs, what came of them, and what refusals are about.
//!
//! What came of a verb and what it was refused for share a number: `REFUSED & BY_LOCK` fits a refusal
//! because of a lock, `REFUSED` any, `BY_LOCK` also what was done half way, `GONE & AGREED` what nobody
//! refused.

use super::Answered;
use super::causes::Cause;
use super::verbs::{Came, PairedVerb};
use crate::engine::chart::Phase;

pub(super) const CREATE: u8 = verb(PairedVerb::Create);
pub(super) const USE: u8 = verb(PairedVerb::Use);
pub(super) const CLONE: u8 = verb(PairedVerb::Clone);
pub(super) const WITHHOLD: u8 = verb(PairedVerb::Withhold);
pub(super) const RELEASE: u8 = verb(PairedVerb::Release);
pub(super) const DELETE: u8 = verb(PairedVerb::Delete);
pub(super) const FINISH: u8 = verb(PairedVerb::Finish);
pub(super) const FAIL: u8 = verb(PairedVerb::Fail);
/// Whichever verb.
pub(super) const ALL: u8 = u8::MAX;

/// The bit of a verb.
pub(super) const fn verb(verb: PairedVerb) -> u8 {
    1 << verb as u8
}

/// The bits for what came of a verb: nothing, refused, stayed, and eight phases.
const CAMES: u32 = (1 << 11) - 1;
/// The bits for what it was refused for; the first says that it was not refused.
const CAUSES: u32 = !CAMES;
const NO_CAUSE: u32 = 1 << 11;

pub(super) const NOTHING: u32 = CAUSES | 1;
pub(super) const REFUSED: u32 = CAUSES | 2;
pub(super) const STAYED: u32 = CAUSES | 4;
pub(super) const RESERVED: u32 = led(Phase::Reserved);
pub(super) const TRANSFERRING: u32 = led(Phase::Transferring);
pub(super) const AVAILABLE: u32 = led(Phase::Available);
pub(super) const IN_USE: u32 = led(Phase::InUse);
pub(super) const WITHHELD: u32 = led(Phase::Withheld);
pub(super) const FAILED: u32 = led(Phase::Failed);
pub(super) const REMOVING: u32 = led(Phase::Removing);
pub(super) const GONE: u32 = led(Phase::Gone);
/// Whatever comes of it; every phase.
pub(super) const ANY: u32 = u32::MAX;
/// It was done, at least half way.
pub(super) const DONE: u32 = ANY ^ 1 ^ 2;

/// What led to this phase.
pub(super) const fn led(phase: Phase) -> u32 {
    CAUSES | 8 << phase as u32
}

/// The cloud agreed.
pub(super) const AGREED: u32 = CAMES | NO_CAUSE;
/// It refused, at once or half way, for whatever reason.
pub(super) const BY_ANYTHING: u32 = ANY ^ NO_CAUSE;
pub(super) const BY_NAME: u32 = by(Cause::Name);
pub(super) const BY_TAKEN: u32 = by(Cause::Taken);
pub(super) const BY_QUOTA: u32 = by(Cause::Quota);
pub(super) const BY_FULL: u32 = by(Cause::Full);
pub(super) const BY_DATA: u32 = by(Cause::Data);
pub(super) const BY_FILLED: u32 = by(Cause::Filled);
pub(super) const BY_PROTECTION: u32 = by(Cause::Protected);
pub(super) const BY_LOCK: u32 = by(Cause::Locked);
pub(super) const BY_MISSING: u32 = by(Cause::Missing);
pub(super) const BY_RIGHTS: u32 = by(Cause::Rights);
pub(super) const BY_USERS: u32 = by(Cause::Used);
pub(super) const BY_STATE: u32 = by(Cause::State);
pub(super) const BY_KIND: u32 = by(Cause::Kind);
pub(super) const BY_SNAPSHOTS: u32 = by(Cause::Snapshots);
pub(super) const BY_FAULT: u32 = by(Cause::Fault);

/// What was refused for this cause.
const fn by(cause: Cause) -> u32 {
    CAMES | NO_CAUSE << 1 << cause as u32
}

/// The two bits of an answer.
pub(super) fn of(answered: &Answered) -> u32 {
    let came = match answered.came {
        Came::Nothing => NOTHING,
        Came::Refused => REFUSED,
        Came::Stayed => STAYED,
        Came::Led(phase) => led(phase),
    };
    came & answered.refused.map_or(AGREED, by)
}
