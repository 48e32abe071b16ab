//! Asking for asynchronous work: `POST /import` and `POST /locations`.

use miniserde::json::{self, Object, Value};

use crate::engine::recording::as_text;
use crate::engine::{ImageId, Refusal, SimTime, State, Turn};

use super::super::fixture::passes_filter;
use super::super::image::Image;
use super::super::persona::{Persona, Rule, enforce};
use super::super::task::{Method, Phase, Task, TaskStatus, Work};
use super::super::world::Store;
use super::super::{Change, Glance, ImageStatus};
use super::location_schema::check_new_location;
use super::python::str;
use super::stores::{FAILED, IMPORTING, change_stores};
use super::{Answer, bad_request, conflict, copy, internal_error, list_or_object, ok, seen, write};

/// What a request for an import asks for, as far as it is read before the image is looked up.
struct Request {
    body: Object,
    method: Method,
    all_stores: bool,
    all_must_succeed: bool,
}

impl Request {
    /// `RequestDeserializer.import_image` and `_validate_import_body`.
    fn read(body: &str) -> Result<Self, Refusal> {
        let Value::Object(body) = list_or_object(body)? else { return Err(internal_error()) };
        let lacks = |name: &str| bad_request(format!("Import request requires a '{name}' field."));
        let Value::Object(method) = body.get("method").ok_or_else(|| lacks("method"))? else {
            return Err(internal_error());
        };
        let name = method.get("name").ok_or_else(|| lacks("name"))?;
        let method = match as_text(name) {
            Some("glance-direct") => Method::GlanceDirect,
            Some("web-download") => {
                Method::WebDownload(method.get("uri").map_or_else(|| "None".to_owned(), str).into())
            }
            Some("copy-image") => Method::CopyImage,
            Some(_) | None => {
                return Err(bad_request(format!("Unknown import method name '{}'.", str(name))));
            }
        };
        let truth = |name: &str, otherwise: bool| match body.get(name) {
            None => Ok(otherwise),
            Some(Value::Bool(truth)) => Ok(*truth),
            Some(_) => Err(bad_request(format!("'{name}' must be boolean value only"))),
        };
        let all_must_succeed = truth("all_stores_must_succeed", true)?;
        let all_stores = truth("all_stores", false)?;
        Ok(Self { body, method, all_stores, all_must_succeed })
    }

    /// `get_stores_from_request`, `glance/common/utils.py`.
    fn stores(&self) -> Result<Vec<Store>, Refusal> {
        let given = self.body.get("stores");
        if self.all_stores {
            return match given {
                Some(_) => Err(bad_request(
                    "All_stores parameter can't be used with x-image-meta-store header or stores parameter",
                )),
                None => Ok(Store::WRITABLE.to_vec()),
            };
        }
        let unknown = |name: &str| conflict(format!("Store for identifier {name} not found"));
        match given {
            None => Ok(vec![Store::Fast]),
            Some(Value::Array(names)) => {
                let mut stores = Vec::new();
                for name in names {
                    if matches!(name, Value::Array(_) | Value::Object(_)) {
                        return Err(internal_error());
                    }
                    stores.push(Store::named(&str(name)).ok_or_else(|| unknown(&str(name)))?);
                }
                Ok(stores)
            }
            // Python goes through a text letter by letter.
            Some(Value::String(name)) => Err(unknown(&name.chars().take(1).collect::<String>())),
            Some(_) => Err(internal_error()),
        }
    }

    /// Whether the address of a download passes the filter, which breaks at what is no text.
    fn check_uri(&self) -> Result<(), Refusal> {
        let Method::WebDownload(uri) = &self.method else { return Ok(()) };
        let given = match self.body.get("method") {
            Some(Value::Object(method)) => method.get("uri"),
            _ => None,
        };
        match given {
            Some(Value::String(uri)) if passes_filter(uri) => Ok(()),
            None | Some(Value::String(_) | Value::Null | Value::Bool(false)) => {
                Err(bad_request(format!("URI for web-download does not pass filtering: {uri}")))
            }
            Some(_) => Err(internal_error()),
        }
    }
}

/// `ImagesController.import_image`: status and formats come before policy.
pub(super) fn import(turn: &mut Turn<'_, Glance>, by: Persona, image: &str, body: &str) -> Answer {
    let request = Request::read(body)?;
    let (id, image) = seen(turn, by, image)?;
    importable(&image, &request.method)?;
    match request.method {
        Method::CopyImage => enforce("copy_image", Rule::Admin, &image, by)?,
        Method::GlanceDirect | Method::WebDownload(_) => {
            enforce("modify_image", Rule::ProjectMember, &image, by)?;
        }
    }
    unlocked(turn, id, &image)?;
    let mut stores = request.stores()?;
    if request.method == Method::CopyImage {
        let present = |store: &Store| image.live().any(|location| location.store == *store);
        if request.all_stores {
            stores.retain(|store| !present(store));
            if stores.is_empty() {
                return ok(202);
            }
        } else if let Some(location) = image.live().find(|location| stores.contains(&location.store)) {
            let store = location.store.name();
            return Err(bad_request(format!("Image is already present at store '{store}'")));
        }
    }
    request.check_uri()?;
    let Request { method, all_must_succeed, .. } = request;
    let work = Work::Import { method, stores, all_must_succeed };
    submit(turn, by, "api_image_import", Some(id), work);
    ok(202)
}

/// The status that each method wants, then the formats.
fn importable(image: &Image, method: &Method) -> Result<(), Refusal> {
    let (status, copies) = (image.status, *method == Method::CopyImage);
    if status == ImageStatus::Active && !copies {
        return Err(conflict("Image with status active cannot be target for import"));
    }
    match method {
        Method::CopyImage if status != ImageStatus::Active => {
            return Err(conflict("Only images with status active can be targeted for copying"));
        }
        Method::WebDownload(_) if status != ImageStatus::Queued => {
            return Err(conflict("Image needs to be in 'queued' state to use 'web-download' method"));
        }
        Method::GlanceDirect if status != ImageStatus::Uploading => {
            return Err(conflict("Image needs to be staged before 'glance-direct' method can be used"));
        }
        Method::CopyImage | Method::WebDownload(_) | Method::GlanceDirect => {}
    }
    for (name, format) in [("container_format", image.container_format), ("disk_format", image.disk_format)] {
        if format.is_none() {
            return Err(conflict(format!("'{name}' needs to be set before import")));
        }
    }
    Ok(())
}

/// `ImagesController._enforce_import_lock`: the lock of a task that has shown no sign of life for an
/// hour, or for two while it is pending, is taken away, and the task fails.
fn unlocked(turn: &mut Turn<'_, Glance>, id: ImageId, image: &Image) -> Result<(), Refusal> {
    const HOUR: u64 = 3_600_000;
    let Some(lock) = image.lock else { return Ok(()) };
    let now = turn.world().clock(turn.now());
    let mut image = Box::new(image.clone());
    if let Some(mut task) = turn.world().task(lock).cloned() {
        let hours = if task.status == TaskStatus::Pending { 2 } else { 1 };
        if now < task.updated + SimTime(hours * HOUR) {
            return Err(conflict("Image has active task").hint("Wait until the task is over."));
        }
        if let Work::Import { stores, .. } = &task.work {
            change_stores(&mut image, IMPORTING, &[], stores);
            change_stores(&mut image, FAILED, &[], stores);
        }
        if !task.status.is_final() {
            task.close(TaskStatus::Failure, "Expired lock preempted".into(), now);
            turn.change(Change::Task(task));
        }
    }
    image.lock = None;
    write(turn, id, image);
    Ok(())
}

/// `ImagesController.add_location`: status before policy, as for imports.
pub(super) fn add_location(turn: &mut Turn<'_, Glance>, by: Persona, image: &str, body: &str) -> Answer {
    let body: Object = json::from_str(body).map_err(|_| bad_request("Malformed JSON in request body."))?;
    check_new_location(&body)?;
    let (id, image) = seen(turn, by, image)?;
    if image.status != ImageStatus::Queued {
        let text = format!("It's not allowed to add locations if image status is {}.", image.status.name());
        return Err(conflict(text));
    }
    let url = body.get("url").and_then(as_text).unwrap_or_default();
    if by != Persona::Service {
        enforce("add_image_location", Rule::ProjectMember, &image, by)?;
        if !url.starts_with("http") {
            return Err(Refusal::new(403, "http store must be enabled to use location API by normal user."));
        }
    }
    let hash = match body.get("validation_data") {
        Some(Value::Object(data)) => data.get("os_hash_value").and_then(as_text),
        _ => None,
    };
    if let (Some(hash), Some(Value::Object(data))) = (hash, body.get("validation_data")) {
        check_hash(hash, data.get("os_hash_algo").and_then(as_text).unwrap_or_default())?;
    }
    if url.starts_with("http") && !passes_filter(url) {
        return Err(bad_request(format!("URI for add location does not pass filtering: {url}")));
    }
    unlocked(turn, id, &image)?;
    let hash = hash.map(Into::into);
    submit(turn, by, "location_import", Some(id), Work::Location { url: url.into(), hash });
    ok(202)
}

/// `ImagesController._validate_hashing_data`: hexadecimal digits, as many as the algorithm gives.
fn check_hash(hash: &str, algorithm: &str) -> Result<(), Refusal> {
    if hash.len() % 2 == 1 || !hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(bad_request(format!("os_hash_value ({hash}) is not a valid hexadecimal value")));
    }
    let bytes = match algorithm {
        "md5" => 16,
        "sha1" => 20,
        "sha256" => 32,
        _ => 64,
    };
    if hash.len() == 2 * bytes {
        return Ok(());
    }
    Err(bad_request(format!(
        "os_hash_value: ({hash}) is not the correct size for ({algorithm}) (should be ({bytes}) bytes)"
    )))
}

/// Adds a task, and locks its image.
pub(super) fn submit(
    turn: &mut Turn<'_, Glance>,
    by: Persona,
    kind: &'static str,
    image: Option<ImageId>,
    work: Work,
) {
    let world = turn.world();
    let (id, pace, started) = (world.free_task(), world.settings.pace, turn.now());
    let numbers = Change::Numbers { image: world.next_image, task: id.0 + 1, row: world.next_row };
    let task = Task {
        id,
        kind,
        status: TaskStatus::Pending,
        owner: by.project().into(),
        message: "".into(),
        image,
        work,
        phase: Phase::Queued,
        outcome: None,
        copy: None,
        expires: None,
        updated: world.clock(started),
        started,
        due: (pace > 0).then(|| started + SimTime(pace / 4)),
    };
    if let Some((id, mut locked)) = image.and_then(|id| Some((id, copy(turn, id)?))) {
        locked.lock = Some(task.id);
        write(turn, id, locked);
    }
    turn.change(numbers);
    turn.change(Change::Task(task));
}
