//! A failed upload while the v1 API was there: `glance/api/v1/upload_utils.py`, `upload_data_to_store`,
//! as it was until Queens (2018).
//!
//! v1 looked at sizes and not at formats, and killed the image whatever went wrong, but for one case.
//! A simplification: nothing else of v1 is here.

use crate::engine::{ImageId, Refusal, Turn};

use super::super::world::IMAGE_SIZE_CAP;
use super::super::{Glance, ImageStatus};
use super::upload::Problem;
use super::{bad_request, conflict, enter};

/// What becomes of the image, and what the client reads. A file that is there already may come from
/// another upload that will go well, so that the image is left alone.
pub(super) fn fail(turn: &mut Turn<'_, Glance>, id: ImageId, problem: &Problem) -> Refusal {
    let image = turn.world().printed(id);
    if matches!(problem, Problem::Duplicate) {
        return conflict(format!("Attempt to upload duplicate image: Image {image} already exists"));
    }
    enter(turn, id, ImageStatus::Killed);
    match problem {
        Problem::TooLarge => {
            let text = format!("Denying attempt to upload image larger than {IMAGE_SIZE_CAP} bytes.");
            Refusal::new(413, text)
        }
        Problem::Size(announced, got) | Problem::Exceeds(announced, got) => bad_request(format!(
            "Supplied size ({announced}) and size generated from uploaded image ({got}) did not match. \
             Setting image status to 'killed'."
        )),
        Problem::Full | Problem::Disabled => problem.refusal(""),
        Problem::Duplicate | Problem::Checksum | Problem::Format(_) | Problem::Unsafe | Problem::Source => {
            Refusal::new(500, format!("Failed to upload image {image}"))
        }
    }
}
