//! A copy of an image: `ImageCloneAPI`, `ImageManager::clone_image`.

use std::sync::Arc;

use super::Here;
use super::answer::{self, Answer, Method};
use super::authorize::{self, Request};
use super::change::Edit;
use super::create::{
    DEFAULT_PERMISSIONS, TAKEN_OUT, can_be_born_persistent, check_name, register, shared_if, with_prefix,
};
use super::datastores::check_quota;
use super::driver::{self, Kind};
use super::fixture::{Datastore, Holds, User};
use super::image_state::{edit, enter, printed};
use super::kinds::{ImageType, Right};
use super::shared::{self, shared};
use super::state::ImageState;
use super::world::{Facts, Image, World};
use crate::engine::refusal::Text;
use crate::engine::{ImageId, Refusal};

const METHOD: Method = Method("[one.image.clone] ");

/// How a copy is to be made.
pub(super) struct Copy<'a> {
    pub(super) method: Method,
    pub(super) name: &'a Arc<str>,
    pub(super) datastore: Option<i64>,
    /// Always persistent: `instantiate --persistent`.
    pub(super) persistent: bool,
}

/// `oneimage clone`.
pub(super) fn clone(
    turn: &mut Here<'_>,
    by: &User,
    id: i64,
    name: &Arc<str>,
    datastore: Option<i64>,
) -> Answer {
    let copy = Copy { method: METHOD, name, datastore, persistent: false };
    copy_image(turn, by, id, &copy).map(|id| answer::id(id.0))
}

/// Registers a copy and lets the driver make it.
pub(super) fn copy_image(
    turn: &mut Here<'_>,
    by: &User,
    source: i64,
    copy: &Copy<'_>,
) -> Result<ImageId, Refusal> {
    let method = copy.method;
    let world = turn.world();
    let (source_id, source) = authorize::existing(world, method, source)?;
    check_source(method, source)?;
    let datastore = target(world, method, source, copy.datastore)?;
    Request::new(world, method, by).create("IMAGE").image(source_id, Right::Use).check()?;
    check_quota(world, method, by, (datastore.id, source.size))?;
    check_name(world, method, by, copy.name, source.kind, datastore)?;
    check_state(method, source.state)?;
    let new = describe(world, by, source_id, source, datastore, copy);
    let format = if source.is_saving() { "save_as" } else { &*source.place.format };
    let place = shared::place(source.template.get("SOURCE").unwrap_or_default(), format);
    let (from, to) = (source.state, cloning_state(source));
    let error = source.extras.error.clone();
    let id = register(turn, new, place, error);
    edit(turn, source_id, Edit::CloneAdded(id));
    if to != from {
        enter(turn, source_id, to);
    }
    driver::call_for_image(turn, Kind::Clone, id);
    Ok(id)
}

fn check_source(method: Method, source: &Image) -> Result<(), Refusal> {
    match source.kind {
        ImageType::Os | ImageType::Datablock | ImageType::Cdrom => {}
        kind @ (ImageType::Kernel
        | ImageType::Ramdisk
        | ImageType::Context
        | ImageType::Backup
        | ImageType::Filesystem) => {
            return Err(method.action(format_args!("{} images cannot be cloned.", kind.name())));
        }
    }
    if source.has_snapshots() {
        let hint = "Flatten or delete the snapshots first.";
        return Err(method.action("Cannot clone images with snapshots").hint(hint));
    }
    Ok(())
}

/// The datastore of the copy: `ImageCloneAPI::request_execute`.
fn target(
    world: &World,
    method: Method,
    source: &Image,
    wanted: Option<i64>,
) -> Result<&'static Datastore, Refusal> {
    let own = world.datastore(source.datastore);
    let target = match wanted {
        None | Some(-1) => own.ok_or_else(|| method.missing("datastore", source.datastore))?,
        Some(id) => u32::try_from(id)
            .ok()
            .and_then(|id| world.datastore(id))
            .ok_or_else(|| method.missing("datastore", id))?,
    };
    if target.holds != Holds::Images {
        return Err(method.action("Clone only supported for IMAGE_DS Datastores"));
    }
    if own.is_some_and(|own| own.ds_mad != target.ds_mad) {
        return Err(method.action("Clone only supported to same DS_MAD Datastores"));
    }
    if source.size > target.free_mb {
        return Err(method.action("Not enough space in datastore"));
    }
    Ok(target)
}

/// `ImageManager::can_clone_image`.
fn check_state(method: Method, state: ImageState) -> Result<(), Refusal> {
    match state {
        ImageState::Ready | ImageState::Used | ImageState::Clone => Ok(()),
        state @ (ImageState::Init
        | ImageState::Disabled
        | ImageState::Locked
        | ImageState::Error
        | ImageState::Delete
        | ImageState::UsedPers
        | ImageState::LockedUsed
        | ImageState::LockedUsedPers) => {
            let text = Text::new("Cannot clone image in state: {}", [printed(state).into()]);
            Err(method.allocate_image(text).hint("Only READY, USED and CLONE images can be cloned."))
        }
    }
}

/// The state of an image that is being copied: `ImageManager::set_clone_state`.
pub(super) fn cloning_state(source: &Image) -> ImageState {
    match source.state {
        ImageState::Ready if source.persistent => ImageState::Clone,
        ImageState::Ready => ImageState::Used,
        state @ (ImageState::Init
        | ImageState::Used
        | ImageState::Disabled
        | ImageState::Locked
        | ImageState::Error
        | ImageState::Clone
        | ImageState::Delete
        | ImageState::UsedPers
        | ImageState::LockedUsed
        | ImageState::LockedUsedPers) => state,
    }
}

/// The record of the copy: `Image::clone_template`, `Image::insert`. What somebody wrote into the template of the
/// source as SOURCE or FS becomes that of the copy.
fn describe(
    world: &World,
    by: &User,
    source_id: ImageId,
    source: &Image,
    datastore: &Datastore,
    copy: &Copy<'_>,
) -> Facts {
    let preferred = world.preferences(by.id).persistent_copies;
    let wanted = copy.persistent || preferred.unwrap_or(source.persistent);
    let template = source.template.without_any(TAKEN_OUT);
    Facts {
        name: Arc::clone(copy.name),
        owner: by.id,
        group: by.group,
        persistent: wanted && can_be_born_persistent(source.kind),
        permissions: DEFAULT_PERMISSIONS,
        datastore: datastore.id,
        path: Arc::clone(&source.place.source),
        fs: shared(source.template.get("FS").unwrap_or_default()),
        copy_of: Some(source_id),
        template: shared_if(with_prefix(template, source.kind), wanted),
        kind: source.kind,
        size: source.size,
    }
}
