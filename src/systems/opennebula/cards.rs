//! What is told about each state: who may, by which command, and where the daemon says so.

use super::ImageState;
use crate::engine::card::{Card, Source};

/// A place in the daemon's sources.
pub const fn source(place: &'static str) -> Source {
    Source { root: "https://github.com/OpenNebula/one/blob/master/", place }
}

/// What is told about a state. Rights: `src/rm/api/ImageAPI.cc`, `src/acl/AclManager.cc`.
pub(super) fn card(state: ImageState) -> Card {
    let (who, command, place) = match state {
        ImageState::Init => (
            "Nobody: it is over when the call that creates the image answers.",
            "oneimage create",
            "src/image/ImagePool.cc, allocate",
        ),
        ImageState::Ready => (
            "USE lets VMs and clones take it, MANAGE disables, changes and deletes it.",
            "oneimage enable ID",
            "src/image/Image.cc, set_state_unlock",
        ),
        ImageState::Used | ImageState::UsedPers => {
            ("USE on the image.", "onevm create --disk ID", "src/image/ImageManagerActions.cc, acquire_image")
        }
        ImageState::Disabled => {
            ("MANAGE on the image.", "oneimage disable ID", "src/image/ImageManagerActions.cc, disable_image")
        }
        ImageState::Locked => (
            "CREATE for images and USE on the datastore; deleting takes ADMIN and --force.",
            "oneimage create -d DATASTORE",
            "src/image/ImageManagerActions.cc, register_image",
        ),
        ImageState::Error => (
            "A driver's failure leads here; MANAGE leads out.",
            "",
            "src/image/ImageManagerProtocol.cc, ImageManager::_cp",
        ),
        ImageState::Clone => (
            "USE on the image, CREATE for images.",
            "oneimage clone ID NAME",
            "src/image/ImageManagerActions.cc, set_clone_state",
        ),
        ImageState::Delete => {
            ("MANAGE on the image.", "oneimage delete ID", "src/image/ImageManagerActions.cc, delete_image")
        }
        ImageState::LockedUsed | ImageState::LockedUsedPers => (
            "USE on the image; no one can delete it until the VMs are gone.",
            "onevm create --disk ID",
            "src/image/ImageManagerActions.cc, acquire_image",
        ),
    };
    Card { number: Some(state as u8), who, command, source: source(place) }
}
