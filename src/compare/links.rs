//! Which OpenNebula state is like which Glance status, and why. Same and near stay within a phase;
//! a pair that is not listed has nothing in common, and its sentence is made of two halves.

use super::Likeness::{self, Many, Near, Same};
use super::Row;
use crate::engine::card::Source;
use crate::systems::glance::ImageStatus::{
    self, Active, Deactivated, Importing, Killed, PendingDelete, Queued, Saving, Uploading,
};
use crate::systems::glance::cards::{nova, source as glance};
use crate::systems::opennebula::ImageState::{
    self, Clone, Delete, Disabled, Error, Init, Locked, LockedUsed, LockedUsedPers, Ready, Used, UsedPers,
};
use crate::systems::opennebula::cards::source as one;

const NO_QUEUE: &str = "Data is on its way in both, but only OpenNebula lets VMs wait for it and says so; Nova \
     refuses an image that is not active.";

const VALIDATE: &str = "nova/compute/api.py, API._validate_flavor_image";
const UPLOAD: &str = "glance/api/v2/image_data.py, ImageDataController.upload";
const IMPORT: &str = "glance/async_/flows/api_image_import.py";

/// Every pair that has something in common.
#[rustfmt::skip]
pub(super) static LINKS: &[Row] = &[
    row(Init, Queued, Near, "Both are a record without data; INIT ends within the call that makes it, queued \
         lasts until somebody sends data.", one("src/image/ImagePool.cc, allocate")),
    row(Ready, Active, Same, "All data is there, and new machines may start from it.",
        one("src/image/Image.cc, set_state_unlock")),
    row(Used, Active, Many, "Glance does not track use: an image is active before, while and after instances \
         run from it.", nova(VALIDATE)),
    row(UsedPers, Active, Many, "An instance works on a copy of a Glance image, never on the image itself, so \
         active stands for READY and for every kind of use.", nova(VALIDATE)),
    row(Clone, Active, Many, "Reading an image to copy it leaves no mark in Glance: it stays active.",
        one("src/image/ImageManagerActions.cc, set_clone_state")),
    row(Locked, Active, Many, "A snapshot operation takes a READY image back to LOCKED; Glance works on an \
         active image, as copy-image does, and it stays active.",
        one("src/image/ImageManagerActions.cc, delete_snapshot")),
    row(Locked, Saving, Near, "Data is on its way in both; LOCKED is a driver's work and goes on alone, saving \
         lasts as long as the client's upload.", glance(UPLOAD)),
    row(Locked, Uploading, Near, "Data is on its way in both; LOCKED ends by itself, uploading waits for an \
         import call.", glance("glance/api/v2/image_data.py, ImageDataController.stage")),
    row(Locked, Importing, Near, "A worker in the background brings the data in both; a failed copy ends in \
         ERROR, a failed import in queued, or never.", glance(IMPORT)),
    row(LockedUsed, Saving, Many, NO_QUEUE, nova(VALIDATE)),
    row(LockedUsed, Uploading, Many, NO_QUEUE, nova(VALIDATE)),
    row(LockedUsed, Importing, Many, NO_QUEUE, nova(VALIDATE)),
    row(LockedUsedPers, Saving, Many, NO_QUEUE, nova(VALIDATE)),
    row(LockedUsedPers, Uploading, Many, NO_QUEUE, nova(VALIDATE)),
    row(LockedUsedPers, Importing, Many, NO_QUEUE, nova(VALIDATE)),
    row(Disabled, Deactivated, Near, "Both keep an image back on purpose; DISABLED stops new VMs, deactivated \
         stops downloads, and admins still can.",
        glance("glance/api/v2/image_data.py, ImageDataController.download")),
    row(Error, Queued, Many, "A failed upload leads back to queued, where a new image stands too; OpenNebula \
         keeps a failed one apart, in ERROR.", glance(UPLOAD)),
    row(Error, Importing, Many, "A failed glance-direct import may stay importing for ever; OpenNebula would \
         show ERROR.", glance(IMPORT)),
    row(Error, Killed, Near, "Both say that a transfer failed; ERROR can be enabled or deleted, killed only \
         deleted, and nothing has set it since 2018.",
        glance("glance/domain/__init__.py, Image.valid_state_targets")),
    row(Error, PendingDelete, Many, "A removal that fails leads to ERROR; in Glance the image stays \
         pending_delete, and the scrubber tries again.", glance("glance/scrubber.py, Scrubber._scrub_image")),
    row(Delete, PendingDelete, Near, "The data is about to go in both; DELETE is listed and ends with the \
         driver's answer, pending_delete is hidden and waits for the scrubber.",
        glance("glance/scrubber.py, Scrubber")),
];

/// The halves for OpenNebula's states, in their order.
pub(super) static OPENNEBULA: &[&str] = &[
    "INIT is over before any client sees the record",
    "READY has all its data, and nobody uses or changes it",
    "USED has all its data, for VMs and clones at work",
    "DISABLED has its data and is kept back on purpose",
    "In LOCKED a driver is at work on the data",
    "ERROR tells that an operation failed",
    "CLONE is being copied into another image",
    "In DELETE a driver removes the data",
    "USED_PERS is the disk of a VM that writes to it",
    "In LOCKED_USED VMs wait for the data",
    "In LOCKED_USED_PERS a VM waits for the data",
];

/// The halves for Glance's statuses, in their order.
pub(super) static GLANCE: &[&str] = &[
    "queued is a name without data",
    "saving is still receiving its data",
    "uploading has its data in the staging area only",
    "importing still moves its data into a store",
    "active serves its data to whoever may",
    "deactivated keeps complete data back",
    "killed was a failed upload of v1",
    "pending_delete is deleted already, its data still to be scrubbed",
    "deleted is only the record of what is gone",
];

const fn row(
    state: ImageState,
    status: ImageStatus,
    likeness: Likeness,
    why: &'static str,
    source: Source,
) -> Row {
    Row { states: [state as usize, status as usize], likeness, why, source }
}
