//! Exports to a marketplace, which hold an image like copies do: `MarketPlaceAppAPI`.

use super::Here;
use super::acquire::release_source;
use super::answer::{self, Answer, Method};
use super::authorize::{self, Request};
use super::change::Edit;
use super::clone::cloning_state;
use super::driver::{self, Kind, change_site};
use super::fixture::User;
use super::image_state::{edit, enter};
use super::kinds::ImageType;
use super::names;
use super::state::ImageState;
use super::template::trimmed;
use super::world::{App, Site};
use crate::engine::{ImageId, Refusal};

/// The first id of a marketplace that a user makes.
const FIRST_MARKET: u32 = 100;

/// `onemarket create`: `MarketPlacePool::allocate`. A name is taken for everybody.
pub(super) fn create(turn: &mut Here<'_>, by: &User, name: &str) -> Answer {
    let method = Method("[one.market.allocate] ");
    Request::new(turn.world(), method, by).create("MARKETPLACE").check()?;
    let name = trimmed(name);
    names::check(name).map_err(|problem| method.allocate_market(problem))?;
    let markets = &turn.world().site.markets;
    let id = |place: usize| FIRST_MARKET.saturating_add(u32::try_from(place).unwrap_or(u32::MAX));
    if let Some(place) = markets.iter().position(|other| **other == *name) {
        let text = format_args!("NAME is already taken by MARKETPLACE {}", id(place));
        return Err(method.allocate_market(text));
    }
    let id = id(markets.len());
    change_site(turn, &mut |site| site.markets.push(name.into()));
    Ok(answer::id(id))
}

/// `onemarketapp create`: `MarketPlaceAppAllocateAPI`, `MarketPlaceManager::import_app`. No right on the image is
/// asked for, so no lock stops it; an app whose image is refused stays behind, with the id and the name that it got.
pub(super) fn export(turn: &mut Here<'_>, by: &User, name: &str, image: i64, market: i64) -> Answer {
    let method = Method("[one.marketapp.allocate] ");
    Request::new(turn.world(), method, by).create("MARKETPLACEAPP").check()?;
    let site = &turn.world().site;
    let place = u32::try_from(market).ok().and_then(|id| id.checked_sub(FIRST_MARKET));
    if place.is_none_or(|place| place as usize >= site.markets.len()) {
        return Err(method.internal(format_args!("Cannot find associated MARKETPLACE ID = {market}")));
    }
    let name = trimmed(name);
    check_name(site, method, by, name)?;
    let app = site.next_app;
    let source = authorize::find(turn.world(), image);
    change_site(turn, &mut |site| {
        site.next_app += 1;
        site.apps.push(App { id: app, name: name.into(), owner: by.id, origin: source });
    });
    let source = source.ok_or_else(|| method.internal("Image does not exist."))?;
    take(turn, source, app).map_err(|problem| method.internal(problem))?;
    driver::call(turn, Kind::Import, app);
    Ok(answer::id(app))
}

/// Each user has a name of an app only once: `MarketPlaceAppPool::allocate`.
fn check_name(site: &Site, method: Method, by: &User, name: &str) -> Result<(), Refusal> {
    names::check(name).map_err(|problem| method.allocate_app(problem))?;
    match site.apps.iter().find(|app| app.owner == by.id && *app.name == *name) {
        Some(App { id, .. }) => {
            Err(method.allocate_app(format_args!("NAME is already taken by MARKETPLACEAPP {id}")))
        }
        None => Ok(()),
    }
}

/// The image is being copied into the app: `ImageManager::set_app_clone_state`.
fn take(turn: &mut Here<'_>, id: ImageId, app: u32) -> Result<(), &'static str> {
    let Some(image) = turn.world().find_image(id) else { return Ok(()) };
    if image.kind == ImageType::Backup {
        return Err("Cannoe clone backup images");
    }
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
            return Err("Cannot clone image in current state");
        }
    }
    let (from, to) = (image.state, cloning_state(image));
    edit(turn, id, Edit::AppAdded(app));
    if to != from {
        enter(turn, id, to);
    }
    Ok(())
}

/// IMPORT was answered, well or not: `MarketPlaceManager::_import`.
pub(super) fn imported(turn: &mut Here<'_>, app: u32) {
    free(turn, app);
}

/// `onemarketapp delete`.
pub(super) fn delete(turn: &mut Here<'_>, by: &User, app: i64) -> Answer {
    let method = Method("[one.marketapp.delete] ");
    let known = |id: &u32| turn.world().site.apps.iter().any(|own| own.id == *id);
    let id = u32::try_from(app).ok().filter(known);
    let id = id.ok_or_else(|| method.missing("marketplaceapp", app))?;
    Request::new(turn.world(), method, by).administrate("MANAGE MARKETPLACEAPP", id).check()?;
    free(turn, id);
    change_site(turn, &mut |site| site.apps.retain(|own| own.id != id));
    driver::call(turn, Kind::DeleteApp, id);
    Ok(answer::id(id))
}

fn free(turn: &mut Here<'_>, app: u32) {
    let origin = turn.world().site.apps.iter().find(|own| own.id == app).and_then(|own| own.origin);
    if let Some(origin) = origin {
        release_source(turn, origin, Edit::AppRemoved(app));
    }
}
