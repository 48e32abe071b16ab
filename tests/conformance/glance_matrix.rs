//! The matrices of the real Glance: one call in every status by every persona, and the rules of the
//! domain without any call.

use lab::engine::SimTime;
use lab::engine::host::{Cloud, Host};
use lab::engine::recording::Difference;
use lab::engine::{Refusal, Reply, State};
use lab::systems::glance::image::Image;
use lab::systems::glance::task::TaskStatus;
use lab::systems::glance::{Glance, ImageStatus, domain};
use serde_json::{Value, json};

use super::matrices::Cell;

/// Answers a cell of `matrix.json`, `matrix-delayed.json` or `domain-matrix.json`.
pub(crate) fn answer(cell: &Cell<'_>) -> Vec<Difference> {
    match (cell.file, &cell.path[..]) {
        ("domain-matrix.json", path) => answer_domain(path, cell.recorded),
        (file, [row, operation]) => answer_call(file.contains("delayed"), row, operation, cell.recorded),
        (_, path) => vec![difference("cell", &"a row and an operation", &path.join(" / "))],
    }
}

fn difference(field: &str, expected: &impl ToString, got: &impl ToString) -> Difference {
    Difference { field: field.to_owned(), expected: expected.to_string(), got: got.to_string() }
}

/// One call in one status: by the owner, and by everybody else below `by`.
fn answer_call(delayed: bool, row: &str, operation: &str, recorded: &Value) -> Vec<Difference> {
    let second = delayed || recorded.get("server").is_some();
    let mut differences = replay(row, operation, "owner", recorded, second);
    let by = recorded.get("by").and_then(Value::as_object);
    for (persona, recorded) in by.into_iter().flatten() {
        differences.extend(replay(row, operation, persona, recorded, second));
    }
    differences
}

const IMAGE: &str = "img-1";

struct Service(Host<Glance>);

impl Service {
    fn ask(&mut self, line: &str) -> Result<Reply, Refusal> {
        let record =
            self.0.perform(line, SimTime::START).unwrap_or_else(|problem| panic!("{line}: {problem}"));
        self.0.outcome(record).clone()
    }

    fn prepare(&mut self, line: &str) {
        if let Err(refusal) = self.ask(line) {
            panic!("{line}: {refusal}");
        }
    }

    fn image(&self) -> Option<Image> {
        let world = self.0.world();
        world.find(IMAGE).and_then(|id| world.image(id)).cloned()
    }

    fn status(&self) -> Value {
        self.image().map_or(Value::Null, |image| image.status.name().into())
    }

    fn locations(&self) -> usize {
        self.image().map_or(0, |image| if image.deleted { 0 } else { image.live().count() })
    }
}

fn replay(row: &str, operation: &str, persona: &str, recorded: &Value, second: bool) -> Vec<Difference> {
    let mut service = Service(Host::default());
    prepare(&mut service, row, operation, persona, second);
    let mut line = line(operation, recorded, &service);
    match persona {
        "owner" => {}
        "other_public" => line.insert_str(0, "[other] "),
        persona => line.insert_str(0, &format!("[{persona}] ")),
    }
    let before = service.locations();
    let answer = service.ask(&line);
    let mut differences = Vec::new();
    let mut compare = |field: &str, got: Value| {
        if let Some(expected) = recorded.get(field).filter(|expected| **expected != got) {
            differences.push(difference(&format!("by {persona} {field}"), expected, &got));
        }
    };
    let code = answer.as_ref().map_or_else(|refusal| refusal.code, |reply| reply.code);
    compare("http", code.into());
    compare("ok", answer.is_ok().into());
    compare(
        "error",
        answer.err().map_or(Value::Null, |refusal| refusal.to_string().replace(IMAGE, "<id>").into()),
    );
    compare("next_status", service.status());
    service.prepare("finish-tasks");
    compare("final_status", service.status());
    let newest = service.0.world().tasks.iter().last();
    let task = newest.map(|task| json!({"status": task.status.name(), "message": &*task.message}));
    compare("task", task.unwrap_or_default());
    compare("locations", json!([before, service.locations()]));
    differences
}

fn prepare(service: &mut Service, row: &str, operation: &str, persona: &str, second: bool) {
    let word = if second { "True" } else { "False" };
    let other = if second { "False" } else { "True" };
    service.prepare(&format!("config ids=short delayed_delete={word} show_multiple_locations={other}"));
    if row == "absent" {
        return;
    }
    let formats =
        if row == "queued (no formats)" { "" } else { r#""container_format":"bare","disk_format":"raw","# };
    service.prepare(&format!(r#"http POST /v2/images '{{{formats}"name":"cell"}}'"#));
    let status = row.split(' ').next().unwrap_or(row);
    service.prepare(&format!("setup {IMAGE} {status}"));
    if ["deleted", "pending_delete"].contains(&status) {
        return;
    }
    match persona {
        "member" => {
            service.prepare(&format!("openstack image add project {IMAGE} proj-m"));
            service.prepare(&format!("[member] glance member-update {IMAGE} proj-m accepted"));
        }
        "other_public" => service.prepare(&format!("[admin] openstack image set --public {IMAGE}")),
        _ => {}
    }
    match operation {
        "image.delete (protected)" => service.prepare(&format!("openstack image set --protected {IMAGE}")),
        "tag.delete" => service.prepare(&format!("glance image-tag-update {IMAGE} t")),
        _ => {}
    }
}

fn line(operation: &str, recorded: &Value, service: &Service) -> String {
    let patch = |changes: &str| format!("http PATCH /v2/images/{IMAGE} '[{changes}]'");
    let replace =
        |name: &str, value: &str| patch(&format!(r#"{{"op":"replace","path":"/{name}","value":{value}}}"#));
    let location = |n: u32| format!(r#"{{"url":"http://127.0.0.1:18088/raw/{n}","metadata":{{}}}}"#);
    let copy = "glance image-import img-1 --import-method copy-image --store cheap";
    let web = "glance image-import img-1 --import-method web-download --uri http://127.0.0.1:18088/raw/3000";
    match operation {
        "image.show" => format!("openstack image show {IMAGE}"),
        "image.list" => "openstack image list".to_owned(),
        "image.upload" => format!("glance image-upload {IMAGE} --file 2000.raw"),
        "image.stage" => format!("glance image-stage {IMAGE} --file 2000.raw"),
        "image.import.glance-direct" => format!("glance image-import {IMAGE} --import-method glance-direct"),
        "image.import.web-download" => web.to_owned(),
        "image.import.copy-image" => copy.to_owned(),
        "location.add (PATCH)" => {
            patch(&format!(r#"{{"op":"add","path":"/locations/-","value":{}}}"#, location(100)))
        }
        "location.replace (PATCH)" => {
            let rows = rows(recorded, service);
            rows + &replace("locations", &format!("[{}]", location(100)))
        }
        "location.remove (PATCH)" => patch(r#"{"op":"remove","path":"/locations/0"}"#),
        "location.add (POST)" => {
            format!(r#"http POST /v2/images/{IMAGE}/locations '{{"url":"http://127.0.0.1:18088/raw/3000"}}'"#)
        }
        "location.list (GET)" => format!("http GET /v2/images/{IMAGE}/locations"),
        "image.deactivate" => format!("openstack image set --deactivate {IMAGE}"),
        "image.reactivate" => format!("openstack image set --activate {IMAGE}"),
        "image.delete" | "image.delete (protected)" => format!("openstack image delete {IMAGE}"),
        "image.download" => format!("openstack image save {IMAGE}"),
        "image.set name" => replace("name", r#""n2""#),
        "image.set disk_format" => replace("disk_format", r#""qcow2""#),
        "image.set container_format" => replace("container_format", r#""ovf""#),
        "image.set size 0" => replace("size", "0"),
        "image.set status" => replace("status", r#""active""#),
        "image.set protected" => replace("protected", "true"),
        "image.set property" => patch(r#"{"op":"add","path":"/p","value":"1"}"#),
        "image.set owner" => replace("owner", r#""proj-b""#),
        "member.add" => format!("openstack image add project {IMAGE} proj-c"),
        "member.list" => format!("openstack image member list {IMAGE}"),
        "tag.add" => format!("glance image-tag-update {IMAGE} t"),
        "tag.delete" => format!("glance image-tag-delete {IMAGE} t"),
        "store.delete" => format!("openstack image delete {IMAGE} --store fast"),
        "image.tasks" => format!("glance image-tasks {IMAGE}"),
        operation => match operation.strip_prefix("visibility ") {
            Some(visibility) => replace("visibility", &format!("\"{visibility}\"")),
            None => panic!("the matrix has an unknown operation: {operation}"),
        },
    }
}

/// The database counts its rows over all cells; the text names the number.
fn rows(recorded: &Value, service: &Service) -> String {
    let text = recorded["error"].as_str().unwrap_or_default();
    let row = text.split_once("'id': ").and_then(|(_, rest)| rest.split(',').next()?.parse::<u32>().ok());
    let ours = service.image().and_then(|image| image.live().next().map(|location| location.row));
    match (row, ours) {
        (Some(row), Some(ours)) => format!("rows +{}; ", row - ours),
        _ => String::new(),
    }
}

/// A rule of the domain without any call.
fn answer_domain(path: &[&str], recorded: &Value) -> Vec<Difference> {
    match path {
        ["assign_status", from, to] => assign(from, to, true, recorded),
        ["assign_status_without_formats", from, to] => assign(from, to, false, recorded),
        ["methods", method, from] => {
            let mut image = image(from, true);
            let answer = call(method, &mut image);
            settle(from, recorded, &mut image, answer)
        }
        ["task_assign", from, to] => settle_task(from, task_status(to), recorded),
        ["task_methods", "begin_processing", from] => settle_task(from, TaskStatus::Processing, recorded),
        ["task_methods", "succeed", from] => settle_task(from, TaskStatus::Success, recorded),
        ["task_methods", "fail", from] => settle_task(from, TaskStatus::Failure, recorded),
        ["task_types", kind] => verdict(recorded, &domain::task_type(kind).map(|_| ())),
        ["member_status", word] => verdict(recorded, &domain::membership(word).map(|_| ())),
        path => vec![difference("cell", &"a table of the domain", &path.join(" / "))],
    }
}

fn assign(from: &str, to: &str, formats: bool, recorded: &Value) -> Vec<Difference> {
    let mut image = image(from, formats);
    let answer = domain::may_enter(&image, status(to)).map(|()| status(to));
    settle(from, recorded, &mut image, answer)
}

fn status(name: &str) -> ImageStatus {
    let mut all = ImageStatus::ALL.iter().copied();
    all.find(|status| status.name() == name).expect("a status")
}

fn task_status(name: &str) -> TaskStatus {
    TaskStatus::named(name).expect("a status of a task")
}

fn image(from: &str, formats: bool) -> Image {
    Image {
        status: status(from),
        size: Some(100),
        disk_format: formats.then_some("raw"),
        container_format: formats.then_some("bare"),
        ..Image::default()
    }
}

fn call(method: &str, image: &mut Image) -> Result<ImageStatus, Refusal> {
    match method {
        "deactivate" => domain::deactivate(image.status),
        "reactivate" => domain::reactivate(image.status),
        "set disk_format" | "set container_format" => {
            let name = method.trim_start_matches("set ");
            domain::may_set_format(image.status, name).map(|()| image.status)
        }
        method => {
            image.protected = method.contains("protected=True");
            let delayed = method.contains("delayed_delete=True") && method.contains("locations=True");
            domain::delete(image, IMAGE, delayed)
        }
    }
}

fn settle(
    from: &str,
    recorded: &Value,
    image: &mut Image,
    answer: Result<ImageStatus, Refusal>,
) -> Vec<Difference> {
    if let Ok(to) = answer {
        image.status = to;
        if to == ImageStatus::Queued && from != "queued" {
            image.size = None;
        }
    }
    let mut differences = verdict(recorded, &answer.map(|_| ()));
    differences.extend(differ(recorded, "next_status", &image.status.name().into()));
    differences.extend(differ(recorded, "size", &image.size.map_or(Value::Null, Value::from)));
    differences
}

fn settle_task(from: &str, to: TaskStatus, recorded: &Value) -> Vec<Difference> {
    let answer = domain::task_status(task_status(from), to);
    let next = Value::from(answer.as_ref().map_or(from, |status| status.name()));
    let mut differences = verdict(recorded, &answer.map(|_| ()));
    differences.extend(differ(recorded, "next_status", &next));
    differences
}

fn verdict(recorded: &Value, answer: &Result<(), Refusal>) -> Vec<Difference> {
    let error = answer.as_ref().err().map_or(Value::Null, |refusal| refusal.to_string().into());
    let ok = differ(recorded, "ok", &answer.is_ok().into());
    ok.into_iter().chain(differ(recorded, "error", &error)).collect()
}

fn differ(recorded: &Value, field: &str, got: &Value) -> Option<Difference> {
    let expected = recorded.get(field).filter(|expected| *expected != got)?;
    Some(difference(field, expected, got))
}
