//! Changes in words, for the journal.

use super::change::{Change, Edit, What};
use super::driver::Fate;
use super::vm_state::VmState;

/// What the journal says of a change, if anything.
pub(super) fn narrate(Change(what): &Change) -> Option<String> {
    match what {
        What::VmCreated(id, vm) => Some(format!("VM {id}: new → {}", vm.state.name())),
        What::VmMoved(id, from, to) => Some(moved(&format!("VM {id}"), *from, *to)),
        What::Called(_, call) => {
            let (driver, action) = call.kind.words();
            let held = if call.fate == Fate::Held { ", which is held" } else { "" };
            Some(format!("call {driver} {action} {}{held}", call.object))
        }
        What::Postponed { due: None, .. } => Some("the driver hangs".to_owned()),
        What::Postponed { due: Some(_), .. } => Some("the driver takes longer".to_owned()),
        What::Edited(id, edit) => edited(edit).map(|words| format!("image {id}: {words}")),
        What::Registered(..)
        | What::ImageIdBurnt
        | What::VmIdBurnt
        | What::VmEdited(..)
        | What::CallEnded { .. }
        | What::SiteChanged(_)
        | What::ImageAdopted(..)
        | What::VmAdopted(..) => None,
    }
}

fn moved(what: &str, from: VmState, to: VmState) -> String {
    format!("{what}: {} → {}", from.name(), to.name())
}

fn edited(edit: &Edit) -> Option<String> {
    match edit {
        Edit::Name(name) => Some(format!("is called {name}")),
        Edit::Locked(Some(lock)) => Some(format!("locked by a user, level {}", lock.level.word())),
        Edit::Locked(None) => Some("the user's lock is gone".to_owned()),
        Edit::Error(Some(error)) => Some(format!("ERROR=\"{error}\"")),
        Edit::Kind(kind) => Some(format!("type {}", kind.name())),
        Edit::Persistent(true) => Some("persistent".to_owned()),
        Edit::Persistent(false) => Some("non-persistent".to_owned()),
        Edit::Size(size) => Some(format!("{size} MB")),
        Edit::Snapshots(own) if own.list.is_empty() => None,
        Edit::Snapshots(own) => {
            let names: Vec<&str> = own.list.iter().map(|snapshot| &*snapshot.name).collect();
            Some(format!("snapshots {}", names.join(", ")))
        }
        Edit::Touched
        | Edit::Error(None)
        | Edit::Owner(_)
        | Edit::Group(_)
        | Edit::Permissions(_)
        | Edit::Template(_)
        | Edit::Placed(_)
        | Edit::TargetSnapshot(_)
        | Edit::CloningEnded
        | Edit::VmAdded(_)
        | Edit::VmRemoved(_)
        | Edit::CloneAdded(_)
        | Edit::CloneRemoved(_)
        | Edit::AppAdded(_)
        | Edit::AppRemoved(_) => None,
    }
}
