//! The user's lock on an image, which is not the LOCKED state: `LockCommonAPI`, `src/rm/api/SharedAPI.cc`.

use super::Here;
use super::answer::{self, Answer, Method};
use super::authorize;
use super::change::Edit;
use super::fixture::User;
use super::image_state::edit;
use super::kinds::{LockLevel, Right};
use super::world::{Image, Lock};
use crate::engine::{ImageId, Refusal};

const LOCK: Method = Method("[one.image.lock] ");
const UNLOCK: Method = Method("[one.image.unlock] ");

/// The epoch second at which a session begins.
const EPOCH: u64 = 1_795_000_000;

/// `oneimage lock`. With `test` a lock that is there already is answered with its time.
pub(super) fn lock(turn: &mut Here<'_>, by: &User, id: i64, level: i64, test: bool) -> Answer {
    let (id, image) = subject(turn, LOCK, by, id)?;
    let level = LockLevel::read(level).ok_or_else(|| LOCK.action("Wrong lock level specified"))?;
    if let Some(lock) = image.extras.lock {
        if test {
            return Err(LOCK.action((EPOCH + turn.now().0 / 1000).to_string()));
        }
        if lock.owner != by.id && !by.is_admin() {
            return Err(LOCK.action("Error trying to lock the resource."));
        }
    }
    edit(turn, id, Edit::Locked(Some(Lock { level, owner: by.id })));
    Ok(answer::id(id.0))
}

/// `oneimage unlock`. An image that is not locked is owned by nobody, so only administrators unlock it.
pub(super) fn unlock(turn: &mut Here<'_>, by: &User, id: i64) -> Answer {
    let (id, image) = subject(turn, UNLOCK, by, id)?;
    let owns = image.extras.lock.is_some_and(|lock| lock.owner == by.id);
    if !owns && !by.is_admin() {
        return Err(UNLOCK.action("Cannot unlock: Lock is owned by another user"));
    }
    edit(turn, id, if image.extras.lock.is_some() { Edit::Locked(None) } else { Edit::Touched });
    Ok(answer::id(id.0))
}

/// Needs MANAGE, whatever the lock: who may manage an image may also lock it.
fn subject<'a>(
    turn: &'a Here<'_>,
    method: Method,
    by: &User,
    id: i64,
) -> Result<(ImageId, &'a Image), Refusal> {
    let (found, image) = authorize::existing(turn.world(), method, id)?;
    authorize::despite_lock(method, by, found, image, Right::Manage)?;
    Ok((found, image))
}
