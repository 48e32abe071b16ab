//! Deactivate and reactivate: `glance/api/v2/image_actions.py`, `glance/domain/__init__.py`.

use crate::engine::{Refusal, State, Turn};

use super::super::persona::Persona;
use super::super::{Glance, ImageStatus};
use super::{Answer, enter, ok, owned};

/// `Image.deactivate`: active images only; a deactivated one stays as it is, silently.
pub(super) fn deactivate(turn: &mut Turn<'_, Glance>, by: Persona, image: &str) -> Answer {
    use ImageStatus::{
        Active, Deactivated, Deleted, Importing, Killed, PendingDelete, Queued, Saving, Uploading,
    };
    let (id, image) = owned(turn, by, image, "deactivate")?;
    match image.status {
        Active => enter(turn, id, Deactivated),
        Deactivated => {}
        status @ (Queued | Saving | Uploading | Importing | Killed | PendingDelete | Deleted) => {
            return Err(refused("deactivate", status));
        }
    }
    ok(204)
}

/// `Image.reactivate`: deactivated images only; an active one stays as it is, silently.
pub(super) fn reactivate(turn: &mut Turn<'_, Glance>, by: Persona, image: &str) -> Answer {
    use ImageStatus::{
        Active, Deactivated, Deleted, Importing, Killed, PendingDelete, Queued, Saving, Uploading,
    };
    let (id, image) = owned(turn, by, image, "reactivate")?;
    match image.status {
        Deactivated => enter(turn, id, Active),
        Active => {}
        status @ (Queued | Saving | Uploading | Importing | Killed | PendingDelete | Deleted) => {
            return Err(refused("reactivate", status));
        }
    }
    ok(204)
}

fn refused(verb: &str, status: ImageStatus) -> Refusal {
    Refusal::new(403, format!("Not allowed to {verb} image in status '{}'", status.name()))
        .hint("Only an active image can be deactivated, and only a deactivated one reactivated.")
}
