//! Upload: `PUT /v2/images/ID/file`, `glance/api/v2/image_data.py`, and how data gets into a store.

use std::sync::Arc;

use crate::engine::{ImageId, Refusal, SimTime, Turn};

use super::super::action::{Fault, Upload};
use super::super::domain::may_enter;
use super::super::fixture::{Content, Payload};
use super::super::image::Image;
use super::super::persona::{Persona, Rule, enforce};
use super::super::world::{IMAGE_SIZE_CAP, Store, Transfer, World};
use super::super::{Change, Glance, ImageStatus};
use super::{Answer, bad_request, copy, delete, enter, history, internal_error, ok, printed, seen, write};

/// `ImageDataController.upload`. With a pace the body takes its time and the answer is that of the
/// beginning; a job ends it.
pub(super) fn upload(turn: &mut Turn<'_, Glance>, by: Persona, image: &str, upload: &Upload) -> Answer {
    if let Some(kind) = &upload.content_type {
        return Err(unsupported(kind, &format!("Invalid content type {kind}")));
    }
    let announced = announced(upload.size.as_deref())?;
    let id = begin(turn, by, image, upload.file, upload.store.as_deref(), announced)?;
    if turn.world().settings.pace > 0 {
        return ok(204);
    }
    finish(turn, id, None)
}

fn announced(size: Option<&str>) -> Result<Option<i64>, Refusal> {
    let invalid = |_| bad_request("Invalid or missing image size in request headers.");
    size.map(|size| size.parse().map_err(invalid)).transpose()
}

/// The part of an upload before its body: finds the store and the image, asks policy and lets the
/// image be `saving`.
///
/// A refusal by policy restores the image to `queued`, even while somebody else's upload or
/// import works on it, if the database lets the caller write: `ImageDataController._restore`.
pub(super) fn begin(
    turn: &mut Turn<'_, Glance>,
    by: Persona,
    image: &str,
    file: Payload,
    store: Option<&str>,
    announced: Option<i64>,
) -> Result<ImageId, Refusal> {
    let store = match store {
        None => Store::Fast,
        Some(name) => {
            Store::named(name).ok_or_else(|| bad_request(format!("Store for identifier {name} not found")))?
        }
    };
    let (id, image) = seen(turn, by, image)?;
    if let Err(refusal) = enforce("upload_image", Rule::ProjectMember, &image, by) {
        if image.owner.as_deref() == Some(by.project()) {
            restore(turn, id);
        }
        return Err(refusal);
    }
    may_enter(&image, ImageStatus::Saving)?;
    if image.is_filling(store) {
        // Another upload's file is open under this id: `glance_store.Duplicate`.
        return Err(internal_error());
    }
    enter(turn, id, ImageStatus::Saving);
    hold(turn, id, by, file, store, announced, false);
    Ok(id)
}

/// Notes that a body is under way.
pub(super) fn hold(
    turn: &mut Turn<'_, Glance>,
    id: ImageId,
    by: Persona,
    file: Payload,
    store: Store,
    announced: Option<i64>,
    staging: bool,
) {
    let Some(mut image) = copy(turn, id) else { return };
    let pace = turn.world().settings.pace;
    let started = turn.now();
    let due = (pace > 0).then(|| started + SimTime(pace));
    let removes = false;
    let transfer = Transfer {
        staging,
        by,
        payload: file,
        store,
        removes,
        announced,
        copy: Arc::new(Image { transfer: None, older: Vec::new(), ..(*image).clone() }),
        started,
        due,
    };
    image.begin_transfer(transfer);
    if staging {
        image.staged = Some((file.content, 0));
    }
    write(turn, id, image);
}

/// The openstack client deletes the image that it made when its upload fails:
/// `openstackclient/image/v2/image.py`, `CreateImage`, by `openstack/image/v2/_proxy.py`.
pub(super) fn remove_when_it_fails(turn: &mut Turn<'_, Glance>, id: ImageId) {
    if let Some((mut image, transfer)) = under_way(turn, id, false) {
        image.end_transfer(false);
        image.begin_transfer(Transfer { removes: true, ..(*transfer).clone() });
        write(turn, id, image);
    }
}

/// `ImageDataController._restore`: back to `queued` where the domain allows it.
fn restore(turn: &mut Turn<'_, Glance>, id: ImageId) {
    let status = turn.world().image(id).map(|image| image.status);
    if status.is_some_and(|status| status.may_become(ImageStatus::Queued)) {
        enter(turn, id, ImageStatus::Queued);
    }
}

/// `ImageDataController._restore` when a transfer fails: what it read when it began is written back as
/// `queued`, whatever the image has become meanwhile. Only an admin can write a record that is deleted.
pub(super) fn put_back(turn: &mut Turn<'_, Glance>, id: ImageId, mut image: Box<Image>, transfer: &Transfer) {
    if may_write(&image, transfer) {
        image.write_back(&transfer.copy);
        image.size = None;
        write(turn, id, image);
        enter(turn, id, ImageStatus::Queued);
    } else {
        write(turn, id, image);
    }
}

pub(super) fn may_write(image: &Image, transfer: &Transfer) -> bool {
    let owns = image.owner.as_deref() == Some(transfer.by.project());
    transfer.by.is_admin() || owns && !image.deleted
}

/// The end of an upload: the body has arrived, or a driver lets it fail.
pub(super) fn finish(turn: &mut Turn<'_, Glance>, id: ImageId, fault: Option<Fault>) -> Answer {
    let Some((mut image, transfer)) = under_way(turn, id, false) else { return ok(204) };
    image.end_transfer(false);
    let mut saved = image.clone();
    saved.write_back(&transfer.copy);
    let row = turn.world().next_row;
    let filled =
        fill(turn.world(), &mut saved, transfer.payload, transfer.store, transfer.announced, fault, row);
    saved.keep_locations(&transfer.copy, row);
    let format = saved.disk_format.unwrap_or_default();
    let v1 = turn.world().settings.v1;
    // v1 did not look at formats.
    let filled = filled.or_else(|problem| if v1 { problem.unless_format() } else { Err(problem) });
    let theirs = !image.deleted && !may_write(&image, &transfer);
    let lost = image.deleted || image.status != ImageStatus::Saving;
    match filled {
        // The image has another owner meanwhile, or was protected when the upload began and cannot be cleaned up. The
        // file stays.
        Ok(()) if theirs || lost && transfer.copy.protected => {
            image.files = saved.files;
            write(turn, id, image);
            let name = turn.world().printed(id);
            Err(Refusal::new(403, format!("Not allowed to upload image data for image {name}")))
        }
        Ok(()) if lost => {
            write(turn, id, image);
            let text = format!(
                "Image {} could not be found after upload. The image may have been deleted during the \
                 upload, cleaning up the chunks uploaded.",
                turn.world().printed(id)
            );
            Err(Refusal::new(410, text).hint("Somebody deleted the image while its data was on the way."))
        }
        Ok(()) => {
            settle_rows(turn, &saved);
            saved.size = Some(transfer.payload.bytes);
            write(turn, id, saved);
            enter(turn, id, ImageStatus::Active);
            ok(204)
        }
        Err(problem) => {
            let refusal = if v1 && !lost {
                write(turn, id, saved);
                history::fail(turn, id, &problem)
            } else {
                if may_write(&image, &transfer) {
                    settle_rows(turn, &saved);
                    image = saved;
                    image.size = None;
                    write(turn, id, image);
                    enter(turn, id, ImageStatus::Queued);
                } else {
                    image.files = saved.files;
                    write(turn, id, image);
                }
                problem.refusal(format)
            };
            if transfer.removes {
                let name = turn.world().printed(id);
                let _ = delete::delete(turn, transfer.by, &name);
            }
            Err(refusal)
        }
    }
}

/// The image, and the staging or the upload that is under way for it.
pub(super) fn under_way(
    turn: &Turn<'_, Glance>,
    id: ImageId,
    staging: bool,
) -> Option<(Box<Image>, Arc<Transfer>)> {
    let image = copy(turn, id)?;
    let transfer = image.under_way(staging)?.clone();
    Some((image, transfer))
}

/// The connection of an upload breaks.
pub(super) fn abort(turn: &mut Turn<'_, Glance>, id: ImageId) {
    let Some((mut image, transfer)) = under_way(turn, id, false) else { return };
    image.end_transfer(false);
    if turn.world().settings.v1 && image.status == ImageStatus::Saving {
        image.write_back(&transfer.copy);
        write(turn, id, image);
        enter(turn, id, ImageStatus::Killed);
    } else {
        put_back(turn, id, image, &transfer);
    }
}

/// Why data did not get into a store.
pub(super) enum Problem {
    /// The store holds a file under this id already.
    Duplicate,
    /// No space left.
    Full,
    /// Over `image_size_cap`.
    TooLarge,
    /// Adding to the store is disabled: it only reads.
    Disabled,
    /// Fewer bytes than announced.
    Size(i64, u64),
    /// More bytes than announced, so many when the store noticed.
    Exceeds(i64, u64),
    /// The record has a checksum already, of other data.
    Checksum,
    /// The content is not what `disk_format` says.
    Format(Content),
    /// The content is dangerous.
    Unsafe,
    /// The web source did not answer.
    Source,
}

impl Problem {
    /// Nothing, where all data arrived and only its format is wrong.
    pub(super) fn unless_format(self) -> Result<(), Self> {
        if matches!(self, Self::Format(_) | Self::Unsafe) { Ok(()) } else { Err(self) }
    }

    pub(super) fn refusal(&self, format: &str) -> Refusal {
        match self {
            Self::Duplicate | Self::Checksum | Self::Source => internal_error()
                .hint("Data of a refused upload is still in the store; delete the image and begin anew."),
            Self::Full => Refusal::new(
                413,
                "Image storage media is full: There is not enough disk space on the image storage media.",
            ),
            Self::TooLarge => too_large(),
            Self::Disabled => {
                Refusal::new(410, "Error in store configuration. Adding images to store is disabled.")
            }
            Self::Exceeds(announced, got) => {
                bad_request(format!("Size exceeds: expected {announced} bytes, got {got} bytes"))
            }
            Self::Size(announced, got) => {
                bad_request(format!("Size mismatch: expected {announced} bytes, got {got} bytes"))
            }
            Self::Format(content) => {
                let detected = if *content == Content::Raw { "raw" } else { "qcow2" };
                let text = format!("Image disk_format {format} does not match stream data {detected}");
                unsupported("application/octet-stream", &text)
                    .hint("The data stays in the store although the image is queued again.")
            }
            Self::Unsafe => unsupported("application/octet-stream", "Image failed safety checks"),
        }
    }
}

/// Over `image_size_cap`.
pub(super) fn too_large() -> Refusal {
    Refusal::new(413, "The incoming image is too large: The provided image is too large.")
}

fn unsupported(kind: &str, text: &str) -> Refusal {
    Refusal::new(415, format!("The request media type {kind} is not supported by this server. {text}"))
}

/// Puts data into a store and notes it in the record, which the caller saves or not:
/// `glance/location.py`, `ImageProxy.set_data`. The format is checked last, when file, location and
/// checksum are there already.
pub(super) fn fill(
    world: &World,
    image: &mut Image,
    file: Payload,
    store: Store,
    announced: Option<i64>,
    fault: Option<Fault>,
    row: u32,
) -> Result<(), Problem> {
    if store == Store::Web {
        return Err(Problem::Disabled);
    }
    // The file of an upload that is under way is there too.
    if image.has_file(store) || image.is_filling(store) {
        return Err(Problem::Duplicate);
    }
    let full = world.settings.full && store == Store::Fast;
    let room = store.capacity().map(|capacity| capacity.saturating_sub(world.used(store)));
    if full || fault == Some(Fault::StoreFull) || room.is_some_and(|room| file.bytes > room) {
        return Err(Problem::Full);
    }
    let announced = announced.map_or(Ok(()), |announced| announced_size(announced, file.bytes));
    // Chunk by chunk, so that what is noticed first counts.
    let noticed_before = matches!(announced, Err(Problem::Exceeds(_, got)) if got <= IMAGE_SIZE_CAP);
    if !noticed_before && (file.bytes > IMAGE_SIZE_CAP || fault == Some(Fault::TooLarge)) {
        return Err(Problem::TooLarge);
    }
    announced?;
    match fault {
        Some(Fault::SizeMismatch) => {
            return Err(Problem::Size(i64::try_from(file.bytes).unwrap_or(i64::MAX), file.bytes / 2));
        }
        Some(Fault::Source) => return Err(Problem::Source),
        Some(Fault::StoreFull | Fault::TooLarge | Fault::BadFormat) | None => {}
    }
    image.files.push((store, file.bytes));
    let checksum = (file.content, file.bytes);
    if image.checksum.is_some_and(|known| known != checksum) {
        return Err(Problem::Checksum);
    }
    image.add_location(row, None, store);
    image.checksum = Some(checksum);
    if fault == Some(Fault::BadFormat) { Err(Problem::Format(file.content)) } else { inspect(image, file) }
}

/// `glance_store/_drivers/filesystem.py`, `Store.add`: 0 announces nothing, and too much is noticed
/// after the chunk of 64 KiB that brings it.
fn announced_size(announced: i64, bytes: u64) -> Result<(), Problem> {
    const CHUNK: u64 = 65_536;
    let Ok(size) = u64::try_from(announced) else {
        return Err(if bytes > 0 {
            Problem::Exceeds(announced, bytes.min(CHUNK))
        } else {
            Problem::Size(announced, bytes)
        });
    };
    match bytes.cmp(&size) {
        _ if size == 0 => Ok(()),
        std::cmp::Ordering::Equal => Ok(()),
        std::cmp::Ordering::Less => Err(Problem::Size(announced, bytes)),
        std::cmp::Ordering::Greater => {
            Err(Problem::Exceeds(announced, bytes.min((size / CHUNK + 1) * CHUNK)))
        }
    }
}

/// `require_image_format_match` and the safety checks of `oslo_utils.imageutils.format_inspector`:
/// only for container bare. Anything passes for raw, if it is safe, and what nobody recognizes for a
/// format without an inspector.
fn inspect(image: &Image, file: Payload) -> Result<(), Problem> {
    const INSPECTED: [&str; 6] = ["qcow2", "vmdk", "iso", "vhd", "vhdx", "vdi"];
    if image.container_format != Some("bare") {
        return Ok(());
    }
    let format = image.disk_format.unwrap_or_default();
    let (recognized, safe) = match file.content {
        Content::Raw => (!INSPECTED.contains(&format), true),
        Content::Qcow2 => (format == "qcow2", true),
        Content::Backing => (format == "qcow2", false),
    };
    if !recognized && format != "raw" {
        Err(Problem::Format(file.content))
    } else if safe {
        Ok(())
    } else {
        Err(Problem::Unsafe)
    }
}

/// Keeps the count of the database's rows ahead of every row in use.
pub(super) fn settle_rows(turn: &mut Turn<'_, Glance>, image: &Image) {
    let world = turn.world();
    let next = image.locations.iter().map(|location| location.row + 1).max().unwrap_or_default();
    if next > world.next_row {
        let (image, task) = (world.next_image, world.next_task);
        turn.change(Change::Numbers { image, task, row: next });
    }
}

/// The image's id in the driver's words.
pub(super) fn no_transfer(turn: &Turn<'_, Glance>, image: &str) -> Refusal {
    Refusal::new(0, format!("Nothing is under way for image {}.", printed(turn, image)))
}
