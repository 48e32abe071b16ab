//! What is told about each status: who may, by which command, and where the service says so.

use super::ImageStatus;
use crate::engine::card::{Card, Source};

/// A place in the service's sources.
pub const fn source(place: &'static str) -> Source {
    Source { root: "https://opendev.org/openstack/glance/src/branch/master/", place }
}

/// A place in the sources of the compute service.
pub const fn nova(place: &'static str) -> Source {
    Source { root: "https://opendev.org/openstack/nova/src/branch/master/", place }
}

/// A page of the service's documentation.
pub const fn page(place: &'static str) -> Source {
    Source { root: "https://docs.openstack.org/glance/latest/", place }
}

const OWNERS: &str = "Members of the owning project, and admins.";

/// What is told about a status. Rights: `glance/api/v2/policy.py` and the default policy.
pub(super) fn card(status: ImageStatus) -> Card {
    let (who, command, source) = match status {
        ImageStatus::Queued => (
            OWNERS,
            "openstack image create NAME",
            source("glance/domain/__init__.py, ImageFactory.new_image"),
        ),
        ImageStatus::Saving => (
            OWNERS,
            "glance image-upload --file FILE ID",
            source("glance/api/v2/image_data.py, ImageDataController.upload"),
        ),
        ImageStatus::Uploading => (
            OWNERS,
            "glance image-stage --file FILE ID",
            source("glance/api/v2/image_data.py, ImageDataController.stage"),
        ),
        ImageStatus::Importing => (
            OWNERS,
            "openstack image import ID",
            source("glance/api/v2/images.py, ImagesController.import_image"),
        ),
        ImageStatus::Active => (
            "Whoever sees the image may boot from it; its project changes and deletes it.",
            "openstack image set --activate ID",
            page("user/statuses.html"),
        ),
        ImageStatus::Deactivated => (
            "Members of the owning project, and admins; then only admins download.",
            "openstack image set --deactivate ID",
            source("glance/api/v2/image_actions.py, ImageActionsController.deactivate"),
        ),
        ImageStatus::Killed => (
            "Nobody today; members of the owning project may delete it.",
            "",
            source("glance/domain/__init__.py, Image.valid_state_targets"),
        ),
        ImageStatus::PendingDelete => (
            "Members of the owning project, with delayed_delete; then only operators, by glance-scrubber.",
            "openstack image delete ID",
            source("glance/scrubber.py, Scrubber"),
        ),
        ImageStatus::Deleted => {
            (OWNERS, "openstack image delete ID", source("glance/domain/__init__.py, Image.delete"))
        }
    };
    Card { number: None, who, command, source }
}
