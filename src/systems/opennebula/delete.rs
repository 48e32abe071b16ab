//! The end of an image: `ImageDeleteAPI::del_image`, `ImageManager::delete_image`.

use super::Here;
use super::acquire::release_source;
use super::answer::{self, Answer, Method};
use super::authorize::{self, Request};
use super::change::Edit;
use super::driver::{Kind, call_for_image};
use super::fixture::User;
use super::image_state::{edit, enter, find, is_locked};
use super::kinds::{ImageType, Right};
use super::save_as;
use super::state::ImageState;
use super::world::Image;
use crate::engine::ImageId;
use crate::engine::refusal::Text;

const METHOD: Method = Method("[one.image.delete] ");

/// `oneimage delete`. A forced one writes `FORCE_DELETE` before anything is checked.
pub(super) fn delete(turn: &mut Here<'_>, by: &User, id: i64, force: bool) -> Answer {
    let (id, image) = authorize::existing(turn.world(), METHOD, id)?;
    if is_locked(image.state) && !force {
        let text = "Image locked, use --force flag to remove the image. Force delete may leave some files on Datastore";
        let hint = "Wait until the driver answers, or use --force, which needs ADMIN.";
        return Err(METHOD.internal(text).hint(hint));
    }
    let (state, has_data, allowed) = (image.state, !image.place.source.is_empty(), check(image));
    if force {
        let template = image.template.with("FORCE_DELETE", "YES");
        edit(turn, id, Edit::Template(template));
    }
    let right = if is_locked(state) { Right::Admin } else { Right::Manage };
    Request::new(turn.world(), METHOD, by).image(id, right).check()?;
    allowed.map_err(|problem| METHOD.action(problem.after("Cannot delete image. ", [])).hint(IN_USE))?;
    if state == ImageState::Locked
        && let Some(image) = find(turn, id)
    {
        abandon(turn, id, &image);
    }
    if has_data {
        enter(turn, id, ImageState::Delete);
        call_for_image(turn, Kind::Remove, id);
    } else {
        turn.transition(id, Some(state), None);
    }
    Ok(answer::id(id.0))
}

const IN_USE: &str = "Terminate the VMs, or wait until the copies are made.";

/// Whether the state lets the image go.
fn check(image: &Image) -> Result<(), Text> {
    let refuse =
        |pattern, count: usize| Err(Text::new(pattern, [u32::try_from(count).unwrap_or(u32::MAX).into()]));
    let used = || refuse("There are {} VMs using it.", image.running_vms());
    match image.state {
        ImageState::Ready if image.running_vms() > 0 && image.kind != ImageType::Backup => used(),
        ImageState::Clone => refuse("There are {} active clone operations.", image.cloning_ops()),
        ImageState::Used | ImageState::UsedPers | ImageState::LockedUsed | ImageState::LockedUsedPers => {
            used()
        }
        ImageState::Init
        | ImageState::Ready
        | ImageState::Disabled
        | ImageState::Error
        | ImageState::Delete
        | ImageState::Locked => Ok(()),
    }
}

/// Who waits for a LOCKED image is told: the source of a copy, the VM of a save-as.
fn abandon(turn: &mut Here<'_>, id: ImageId, image: &Image) {
    if let Some(source) = image.cloning_from() {
        edit(turn, id, Edit::CloningEnded);
        release_source(turn, source, Edit::CloneRemoved(id));
    }
    if image.is_saving() {
        save_as::give_up(turn, image);
    }
}
