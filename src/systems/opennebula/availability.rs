//! Enable and disable: `ImageEnableAPI`, `ImageManager::enable_image`, `disable_image`.

use super::Here;
use super::answer::{self, Answer, Method};
use super::authorize;
use super::change::Edit;
use super::fixture::User;
use super::image_state::{edit, enter, printed, unlock};
use super::kinds::{ImageType, Right};
use super::state::ImageState;
use crate::engine::refusal::Text;
use crate::engine::{ImageId, Refusal};

/// Disabling goes through the same method.
const METHOD: Method = Method("[one.image.enable] ");

/// `oneimage enable`. A DISABLED image becomes READY whatever uses it; one in ERROR comes back
/// together with the VMs that wait for it.
pub(super) fn enable(turn: &mut Here<'_>, by: &User, id: i64) -> Answer {
    let (id, state) = subject(turn, by, id, "enable")?;
    match state {
        ImageState::Disabled => enter(turn, id, ImageState::Ready),
        ImageState::Error => unlock(turn, id),
        ImageState::Ready => edit(turn, id, Edit::Touched),
        state @ (ImageState::Init
        | ImageState::Used
        | ImageState::Locked
        | ImageState::Clone
        | ImageState::Delete
        | ImageState::UsedPers
        | ImageState::LockedUsed
        | ImageState::LockedUsedPers) => return Err(wrong_state(state, "enable")),
    }
    Ok(answer::id(id.0))
}

/// `oneimage disable`.
pub(super) fn disable(turn: &mut Here<'_>, by: &User, id: i64) -> Answer {
    let (id, state) = subject(turn, by, id, "disable")?;
    match state {
        ImageState::Ready | ImageState::Error => enter(turn, id, ImageState::Disabled),
        ImageState::Disabled => edit(turn, id, Edit::Touched),
        state @ (ImageState::Init
        | ImageState::Used
        | ImageState::Locked
        | ImageState::Clone
        | ImageState::Delete
        | ImageState::UsedPers
        | ImageState::LockedUsed
        | ImageState::LockedUsedPers) => return Err(wrong_state(state, "disable")),
    }
    Ok(answer::id(id.0))
}

/// An image that can be withheld, and its state.
fn subject(turn: &Here<'_>, by: &User, id: i64, verb: &str) -> Result<(ImageId, ImageState), Refusal> {
    let (found, image) = authorize::image(turn.world(), METHOD, by, id, Right::Manage)?;
    if image.kind == ImageType::Backup {
        let text = format_args!("Could not {verb} image: Backup images cannot be enabled or disabled.");
        return Err(METHOD.internal(text));
    }
    Ok((found, image.state))
}

fn wrong_state(state: ImageState, verb: &'static str) -> Refusal {
    let fills = [verb.into(), printed(state).into()];
    let text = Text::new("Could not {} image: Image cannot be in state {}.", fills);
    METHOD.internal(text).hint("Only READY, DISABLED and ERROR images can be enabled or disabled.")
}
