//! Exports to a marketplace, which hold an image like copies do: `MarketPlaceAppAPI`.

use super::Here;
use super::acquire::release_source;
use super::answer::{self, Answer, Method};
use super::authorize;
use super::change::Edit;
use super::clone::cloning_state;
use super::driver::{self, Kind, change_site};
use super::fixture::User;
use super::image_state::{edit, enter};
use super::kinds::Right;
use super::state::ImageState;
use super::world::App;
use crate::engine::Reply;

/// The first id of a marketplace that a user makes.
const FIRST_MARKET: u32 = 100;

/// `onemarket create`.
pub(super) fn create(turn: &mut Here<'_>) -> Reply {
    let id = FIRST_MARKET + turn.world().site.markets;
    change_site(turn, &mut |site| site.markets += 1);
    answer::id(id)
}

/// `onemarketapp create`: `MarketPlaceManager::import_app`, `ImageManager::set_app_clone_state`.
pub(super) fn export(turn: &mut Here<'_>, by: &User, image: i64) -> Answer {
    let method = Method("marketapp.allocate");
    let (image_id, image) = authorize::image(turn.world(), method, by, image, Right::Use)?;
    match image.state {
        ImageState::Ready | ImageState::Used | ImageState::Clone => {}
        ImageState::Init
        | ImageState::Disabled
        | ImageState::Locked
        | ImageState::Error
        | ImageState::Delete
        | ImageState::UsedPers
        | ImageState::LockedUsed
        | ImageState::LockedUsedPers => {
            return Err(method.internal("Cannot clone image in current state"));
        }
    }
    let (from, to) = (image.state, cloning_state(image));
    let id = turn.world().site.next_app;
    change_site(turn, &mut |site| {
        site.next_app += 1;
        site.apps.push(App { id, origin: image_id });
    });
    edit(turn, image_id, Edit::AppAdded(id));
    if to != from {
        enter(turn, image_id, to);
    }
    driver::call(turn, Kind::Import, id);
    Ok(answer::id(id))
}

/// IMPORT was answered, well or not: `MarketPlaceManager::_import`.
pub(super) fn imported(turn: &mut Here<'_>, app: u32) {
    free(turn, app);
}

/// `onemarketapp delete`.
pub(super) fn delete(turn: &mut Here<'_>, app: i64) -> Answer {
    let method = Method("marketapp.delete");
    let known = |id: &u32| turn.world().site.apps.iter().any(|own| own.id == *id);
    let id = u32::try_from(app).ok().filter(known);
    let id = id.ok_or_else(|| method.missing("marketplaceapp", app))?;
    free(turn, id);
    change_site(turn, &mut |site| site.apps.retain(|own| own.id != id));
    driver::call(turn, Kind::DeleteApp, id);
    Ok(answer::id(id))
}

fn free(turn: &mut Here<'_>, app: u32) {
    let origin = turn.world().site.apps.iter().find(|own| own.id == app).map(|own| own.origin);
    if let Some(origin) = origin {
        release_source(turn, origin, Edit::AppRemoved(app));
    }
}
