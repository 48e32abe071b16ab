//! OpenNebula: images of `oned` 7.5, its VMs, datastores, users and drivers.
//!
//! Reading order: [`state`] and `vm_state`, `world`, `action` (and how it is a line: `read`, `write`), `image_state`
//! (the two functions that do all state work), then one module for each topic of the API.

mod acquire;
mod action;
mod adoption;
mod answer;
mod authorize;
mod availability;
mod backup;
pub mod cards;
mod change;
mod chart;
mod clone;
mod create;
mod datastores;
mod delete;
mod disk_rights;
mod disk_snapshots;
mod disks;
mod driver;
mod fixture;
mod hotplug;
mod image_answers;
mod image_snapshots;
mod image_state;
mod instantiate;
mod kinds;
mod layouts;
mod locks;
mod market;
mod metadata;
mod names;
mod observation;
mod offers;
mod persistence;
mod present;
mod read;
mod recording;
mod recover;
mod save_as;
mod shared;
mod snapshots;
mod state;
mod template;
mod template_xml;
mod vm_answers;
mod vm_create;
mod vm_end;
mod vm_life;
mod vm_state;
mod words;
mod world;
mod write;

pub use action::Action;
pub use change::Change;
pub use chart::CHART;
pub use state::ImageState;
pub use world::{Abridged, World};

use action::{Command, ImageRequest, VmRequest};
use answer::Answer;
use fixture::User;

use crate::engine::{Event, Refusal, Reply, SimTime, System, Turn};

/// One installation of OpenNebula.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OpenNebula;

/// A turn of this cloud.
type Here<'a> = Turn<'a, OpenNebula>;

impl System for OpenNebula {
    type State = ImageState;
    type World = World;
    type Action = Action;
    type Change = Change;

    fn decide(turn: &mut Turn<'_, Self>, action: &Action) -> Result<Reply, Refusal> {
        let answer = perform(turn, action.by, &action.command);
        driver::settle(turn);
        answer
    }

    fn evolve(world: &mut World, event: &Event<Self>) {
        change::evolve(world, event);
    }

    fn actions(world: &World) -> Vec<Action> {
        offers::actions(world)
    }

    fn due(world: &World) -> Option<(SimTime, Action)> {
        driver::due(world).map(|(at, call, answered)| {
            let command = Command::Release(call.kind, call.object, answered.clone());
            (at, Action { by: fixture::ONEADMIN, command })
        })
    }
}

fn perform(turn: &mut Here<'_>, by: &User, command: &Command) -> Answer {
    match command {
        Command::Image(image, request) => perform_on_image(turn, by, *image, request),
        Command::Vm(vm, request) => perform_on_vm(turn, by, *vm, request),
        Command::CreateImage(new) => create::create(turn, by, new),
        Command::CreateVm(new) => vm_create::create(turn, by, new),
        Command::CreateTemplate { name, images } => instantiate::create(turn, by, name, images),
        Command::Instantiate { template, name, persistent } => {
            instantiate::instantiate(turn, by, *template, name, *persistent)
        }
        Command::CreateMarket(name) => market::create(turn, by, name),
        Command::CreateApp { name, image, market } => market::export(turn, by, name, *image, *market),
        Command::DeleteApp(app) => market::delete(turn, by, *app),
        Command::DeleteDatastore(id) => datastores::delete(turn, by, *id),
        Command::RenameDatastore(id, name) => datastores::rename(turn, by, *id, name),
        Command::SetQuota { user, of, limit } => datastores::set_quota(turn, by, *user, *of, *limit),
        Command::UpdateUser(user, text) => datastores::update_user(turn, by, *user, text),
        Command::SetMode(kind, object, mode) => Ok(driver::set_mode(turn, *kind, *object, mode)),
        Command::SetModes(driver, mode) => Ok(driver::set_modes(turn, driver, mode)),
        Command::Release(kind, object, answered) => driver::release(turn, *kind, *object, answered),
        Command::Answer(kind, object, answered) => Ok(driver::answer(turn, *kind, *object, answered)),
        Command::Hang(kind, object) => driver::hang(turn, *kind, *object),
        Command::Slow(kind, object) => driver::slow(turn, *kind, *object),
        Command::SetPace(pace) => Ok(driver::set_pace(turn, *pace)),
        Command::Adopt(adoption) => Ok(recording::take_over(turn, adoption)),
    }
}

fn perform_on_image(turn: &mut Here<'_>, by: &User, image: i64, request: &ImageRequest) -> Answer {
    match request {
        ImageRequest::Show => metadata::show(turn, by, image),
        ImageRequest::Clone { name, datastore } => clone::clone(turn, by, image, name, *datastore),
        ImageRequest::Delete { force } => delete::delete(turn, by, image, *force),
        ImageRequest::Enable => availability::enable(turn, by, image),
        ImageRequest::Disable => availability::disable(turn, by, image),
        ImageRequest::Persistent => persistence::persistent(turn, by, image),
        ImageRequest::Nonpersistent => persistence::nonpersistent(turn, by, image),
        ImageRequest::ChangeType(kind) => persistence::change_type(turn, by, image, kind),
        ImageRequest::Update { text, mode } => metadata::update(turn, by, image, text, *mode),
        ImageRequest::Rename(name) => metadata::rename(turn, by, image, name),
        ImageRequest::SnapshotDelete(snapshot) => image_snapshots::delete(turn, by, image, *snapshot),
        ImageRequest::SnapshotRevert(snapshot) => image_snapshots::revert(turn, by, image, *snapshot),
        ImageRequest::SnapshotFlatten(snapshot) => image_snapshots::flatten(turn, by, image, *snapshot),
        ImageRequest::Lock { level, test } => locks::lock(turn, by, image, *level, *test),
        ImageRequest::Unlock => locks::unlock(turn, by, image),
        ImageRequest::Chmod(octet) => metadata::chmod(turn, by, image, *octet),
        ImageRequest::Chown { user, group } => metadata::chown(turn, by, image, *user, *group),
        ImageRequest::Restore { datastore } => backup::restore(turn, by, image, *datastore),
    }
}

fn perform_on_vm(turn: &mut Here<'_>, by: &User, vm: i64, request: &VmRequest) -> Answer {
    match request {
        VmRequest::Deploy { host, datastore } => vm_life::deploy(turn, by, vm, *host, *datastore),
        VmRequest::Terminate { hard } => vm_life::terminate(turn, by, vm, *hard),
        VmRequest::Poweroff { hard } => vm_life::poweroff(turn, by, vm, *hard),
        VmRequest::Suspend => vm_life::suspend(turn, by, vm),
        VmRequest::Stop => vm_life::stop(turn, by, vm),
        VmRequest::Undeploy { hard } => vm_life::undeploy(turn, by, vm, *hard),
        VmRequest::Resume => vm_life::resume(turn, by, vm),
        VmRequest::Reboot { hard } => vm_life::reboot(turn, by, vm, *hard),
        VmRequest::Hold => vm_life::hold(turn, by, vm),
        VmRequest::Release => vm_life::release(turn, by, vm),
        VmRequest::Recover(recovery) => recover::recover(turn, by, vm, *recovery),
        VmRequest::Attach { image, template } => hotplug::attach(turn, by, vm, *image, template),
        VmRequest::Detach(disk) => hotplug::detach(turn, by, vm, *disk),
        VmRequest::SaveAs(new) => save_as::save_as(turn, by, vm, new),
        VmRequest::SnapshotCreate { disk, name } => disk_snapshots::create(turn, by, vm, *disk, name),
        VmRequest::SnapshotRevert { disk, snapshot } => {
            disk_snapshots::revert(turn, by, vm, *disk, *snapshot)
        }
        VmRequest::SnapshotDelete { disk, snapshot } => {
            disk_snapshots::delete(turn, by, vm, *disk, *snapshot)
        }
        VmRequest::Resize { disk, size } => disk_snapshots::resize(turn, by, vm, *disk, size),
        VmRequest::Backup { datastore, moment } => backup::backup(turn, by, vm, *datastore, moment),
        VmRequest::UpdateConf => backup::configure(turn, by, vm),
    }
}
