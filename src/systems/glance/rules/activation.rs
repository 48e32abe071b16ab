//! Deactivate and reactivate: `glance/api/v2/image_actions.py`.

use crate::engine::Turn;

use super::super::persona::Persona;
use super::super::{Glance, domain};
use super::{Answer, enter, ok, owned};

/// `ImageActionsController.deactivate`: the owner may, not only an admin.
pub(super) fn deactivate(turn: &mut Turn<'_, Glance>, by: Persona, image: &str) -> Answer {
    let (id, image) = owned(turn, by, image, "deactivate")?;
    enter(turn, id, domain::deactivate(image.status)?);
    ok(204)
}

/// `ImageActionsController.reactivate`.
pub(super) fn reactivate(turn: &mut Turn<'_, Glance>, by: Persona, image: &str) -> Answer {
    let (id, image) = owned(turn, by, image, "reactivate")?;
    enter(turn, id, domain::reactivate(image.status)?);
    ok(204)
}
