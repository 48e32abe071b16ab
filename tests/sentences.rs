//! The official descriptions of Glance's statuses (`doc/source/user/statuses.rst`), sentence by
//! sentence, in our own words: a test shows that one is true here, or `docs/SIMPLIFICATIONS.md` and
//! `docs/EDGES.md` say where it is not.

use lab::engine::host::{Cloud, Host};
use lab::engine::recording::{Recorded, as_text};
use lab::engine::{Refusal, SimTime};
use lab::systems::glance::Glance;
use miniserde::json::{self, Value};

/// A service that is asked line by line.
struct Service(Host<Glance>);

const ID: &str = "00000000-0000-0000-0000-000000000001";

impl Service {
    /// One that was asked these lines, each of which it accepted.
    fn after(lines: &[&str]) -> Self {
        let mut service = Self(Host::default());
        for line in lines {
            assert_eq!(service.ask(line), Ok(()), "{line}");
        }
        service
    }

    fn ask(&mut self, line: &str) -> Result<(), (u32, String)> {
        let record = self.0.perform(line, SimTime::START).expect("it is an action");
        let said = |refusal: &Refusal| (refusal.code, refusal.to_string());
        self.0.outcome(record).as_ref().map(|_| ()).map_err(said)
    }

    /// The code of the refusal, or 0.
    fn refusal(&mut self, line: &str) -> u32 {
        self.ask(line).err().map_or(0, |(code, _)| code)
    }

    /// Whether the image is served when this one asks: 200, and not an empty 204.
    fn serves(&mut self, line: &str) -> bool {
        let record = self.0.perform(line, SimTime::START).expect("it is an action");
        self.0.outcome(record).as_ref().is_ok_and(|reply| reply.code == 200)
    }

    /// What is recorded of the first object of a kind.
    fn field(&self, kind: &str, field: &str) -> Value {
        let objects = Glance::observe(self.0.world());
        let object = objects.into_iter().find(|((own, _), _)| own == kind).map(|(_, object)| object);
        object.and_then(|object| object.get(field).cloned()).unwrap_or(Value::Null)
    }

    fn status(&self) -> String {
        as_text(&self.field("images", "status")).unwrap_or_default().to_owned()
    }

    fn task(&self, field: &str) -> String {
        as_text(&self.field("tasks", field)).unwrap_or_default().to_owned()
    }

    fn text(&self, field: &str) -> String {
        json::to_string(&self.field("images", field))
    }

    /// Every status that the image had while these lines were asked.
    fn way(&mut self, lines: &[&str]) -> Vec<String> {
        let mut way = Vec::new();
        for line in lines {
            let record = self.0.perform(line, SimTime::START).expect("it is an action");
            let states = (self.0.profile().states)();
            for step in self.0.moves(record) {
                if let lab::engine::chart::End::State(state) = step.to {
                    way.push(states[state].to_owned());
                }
            }
        }
        way
    }
}

const CREATE: &str = "openstack image create a";
const UPLOADED: &str = "openstack image create a --file small.raw";
const LOCATION: &str = "glance add-location a --url http://127.0.0.1:8080/small.raw";
const STAGE: &str = "glance image-stage a --file small.raw";
const IMPORT: &str = "glance image-import a --import-method glance-direct";
const WEB: &str = "glance image-import a --import-method web-download --uri http://127.0.0.1:8080/small.raw";

#[test]
fn queued_has_an_id_and_no_data() {
    // The identifier is reserved; no data has been uploaded.
    let mut service = Service::after(&[CREATE]);
    assert_eq!((service.status().as_str(), service.text("locations").as_str()), ("queued", "0"));
    assert_eq!(service.refusal(&format!("openstack image create b --id {ID}")), 409);
    assert!(!service.serves("openstack image save a"));
}

#[test]
fn saving_is_while_data_is_uploaded() {
    // The image's data is being uploaded at this moment.
    let mut service = Service::after(&[CREATE, "hold-upload a"]);
    assert_eq!(service.status(), "saving");
    assert_eq!(service.ask("finish-upload a"), Ok(()));
    assert_eq!(service.status(), "active");
}

#[test]
fn an_image_with_a_location_is_never_saving() {
    // Data that lies elsewhere already is not uploaded, so the status is left out.
    let way = Service::after(&[]).way(&[CREATE, LOCATION, "finish-tasks"]);
    assert_eq!(way, ["queued", "active"]);
}

#[test]
fn active_is_fully_available() {
    // It is fully available, once its data is uploaded.
    let mut service = Service::after(&[UPLOADED]);
    assert_eq!(service.status(), "active");
    assert!(service.serves("openstack image save a"));
    assert_eq!(service.ask("openstack server create --image a web"), Ok(()));
}

#[test]
fn deactivated_is_closed_to_all_but_admins() {
    // Nobody who is no admin may get at the data.
    let mut service = Service::after(&[UPLOADED, "openstack image set --community a"]);
    assert_eq!(service.ask("openstack image set --deactivate a"), Ok(()));
    for user in ["owner", "reader", "other", "third", "member"] {
        assert_eq!(service.refusal(&format!("[{user}] openstack image save {ID}")), 403, "{user}");
    }
    assert!(service.serves("[admin] openstack image save a"));
}

#[test]
fn deactivated_also_forbids_what_needs_the_data() {
    // Exporting, cloning and whatever else needs the data is forbidden with the download.
    let mut service = Service::after(&[UPLOADED, "openstack image set --deactivate a"]);
    let copy = "[admin] glance image-import a --import-method copy-image --store cheap";
    assert_eq!(
        service.ask(copy),
        Err((409, "Only images with status active can be targeted for copying".to_owned()))
    );
    assert_eq!(service.refusal("openstack server create --image a web"), 400);
}

#[test]
fn killed_is_an_upload_that_failed_and_cannot_be_read() {
    // An error occurred during the upload: so it was in v1, and so it is in v1 mode.
    let mut service = Service::after(&["config v1=True", CREATE, "hold-upload a"]);
    assert_eq!(service.refusal("finish-upload a --fails store-full"), 413);
    assert_eq!(service.status(), "killed");
    assert!(!service.serves("openstack image save a"));
    // Today the image is queued again.
    let mut service = Service::after(&[CREATE, "hold-upload a"]);
    assert_eq!(service.refusal("finish-upload a --fails store-full"), 413);
    assert_eq!(service.status(), "queued");
}

#[test]
fn deleted_is_remembered_and_of_no_use() {
    // The service still knows about it, but nobody can use it.
    let mut service = Service::after(&[UPLOADED, "openstack image delete a"]);
    assert_eq!(service.status(), "deleted");
    for line in ["show", "save", "set --activate", "delete"] {
        assert_eq!(service.refusal(&format!("[admin] openstack image {line} {ID}")), 404, "{line}");
    }
    assert_eq!(service.refusal(&format!("openstack image create b --id {ID}")), 409);
}

#[test]
fn pending_delete_is_deleted_with_its_data_still_there() {
    // It is like deleted, but the data has not been removed yet.
    let mut service = Service::after(&["config delayed_delete=True", UPLOADED, "openstack image delete a"]);
    assert_eq!(service.status(), "pending_delete");
    assert_eq!(service.text("location_states"), "[\"pending_delete\"]");
    assert_eq!(service.refusal(&format!("[admin] openstack image show {ID}")), 404);
}

#[test]
fn a_location_is_added_where_there_was_none() {
    // The figure's footnote: “add location” means the first one.
    let mut service = Service::after(&[CREATE]);
    assert_eq!(service.text("locations"), "0");
    assert_eq!(service.way(&[LOCATION, "finish-tasks"]), ["active"]);
    assert_eq!(service.text("locations"), "1");
    assert_eq!(service.refusal(LOCATION), 409);
}

#[test]
fn a_pending_task_is_only_a_number() {
    // Its identifier is reserved, and nothing has been done for it.
    let service = Service::after(&[CREATE, STAGE, IMPORT]);
    assert_eq!((service.task("status").as_str(), service.status().as_str()), ("pending", "uploading"));
}

#[test]
fn a_task_is_processing_once_it_was_picked_up() {
    // The executor has picked it up and runs it.
    let service = Service::after(&[CREATE, STAGE, IMPORT, "worker"]);
    assert_eq!(service.task("status"), "processing");
}

#[test]
fn a_task_that_ran_well_is_a_success() {
    // It ran to a good end.
    let service = Service::after(&[CREATE, STAGE, IMPORT, "finish-tasks"]);
    assert_eq!((service.task("status").as_str(), service.status().as_str()), ("success", "active"));
}

#[test]
fn a_task_that_failed_goes_no_further_and_says_so() {
    // An error occurred while it ran, it cannot go on, and its message tells of it.
    let mut service = Service::after(&[CREATE, "web-source small.raw fails 404", WEB, "finish-tasks"]);
    assert_eq!(service.task("status"), "failure");
    assert_eq!(service.task("message"), "Task failed due to Internal Error");
    assert_eq!(service.way(&["worker", "finish-tasks"]), [""; 0]);
}

/// What of the descriptions is not true today, by the words under which the list has it.
const DIFFERS: &[&str] = &[
    // queued, active: a size of zero at the creation stands for data.
    "size is set to zero at its creation",
    // saving: the header that names a location.
    "With `x-image-meta-location`",
    // killed: as a whole.
    "Nothing sets `killed` today",
    "It is not readable",
    // deleted: removed by itself later.
    "removed automatically at a later date",
    // pending_delete: not recoverable.
    "not recoverable",
    // Tasks: what result and message say.
    "the result shows more details",
    "the message says what the error was",
];

#[test]
fn what_is_not_true_stands_on_the_list() {
    let list = include_str!("../docs/SIMPLIFICATIONS.md");
    let (_, list) = list.split_once("## Where the documentation differs").expect("the list is there");
    for words in DIFFERS {
        assert!(list.contains(words), "“{words}” is not on the list");
    }
}

/// The changes that the figure's description names, with what the table of today says of each.
const FIGURE: &[(&str, &str, &str)] = &[
    ("outside", "queued", "documented"),
    ("queued", "active", "documented"),
    ("queued", "saving", "documented"),
    ("queued", "deleted", "documented"),
    ("saving", "active", "documented"),
    ("saving", "deleted", "documented"),
    ("saving", "killed", "documented, not reachable"),
    ("saving", "queued", "documented"),
    ("active", "deleted", "documented"),
    ("active", "pending_delete", "documented"),
    ("active", "deactivated", "documented"),
    ("killed", "deleted", "documented, not reachable"),
    ("pending_delete", "deleted", "documented"),
    ("deactivated", "deleted", "documented"),
    ("deactivated", "active", "documented"),
];

#[test]
fn what_the_figure_says_stands_in_the_table_of_edges() {
    let table = include_str!("../docs/EDGES.md");
    let (_, table) = table.split_once("## Glance today").expect("the table is there");
    let (table, v1) = table.split_once("## Glance in v1 mode").expect("the table is there");
    let has = |table: &str, from: &str, to: &str, class: &str| {
        let row = |line: &str| line.starts_with(&format!("| {from} | {to} |"));
        table.lines().any(|line| row(line) && line.ends_with(&format!("| {class} |")))
    };
    for (from, to, class) in FIGURE {
        assert!(has(table, from, to, class), "{from} -> {to} is not {class}");
    }
    assert!(has(v1, "saving", "killed", "documented") && has(v1, "killed", "deleted", "documented"));
    // Nothing leads from deleted to another status; what is purged has none.
    let out: Vec<&str> = table.lines().filter(|line| line.starts_with("| deleted |")).collect();
    assert!(out.iter().all(|line| line.starts_with("| deleted | outside |")), "{out:?}");
}

#[test]
fn the_size_is_not_for_users_to_set() {
    // The way to `active` by a size of zero is closed; only an upload of no bytes leads there.
    let mut service = Service::after(&[]);
    let create = "http POST /v2/images '{\"name\":\"a\",\"size\":0}'";
    assert_eq!(service.ask(create), Err((403, "Attribute 'size' is read-only.".to_owned())));
    assert_eq!(service.ask(CREATE), Ok(()));
    assert_eq!(service.ask("glance image-upload a --file 0.raw"), Ok(()));
    assert_eq!((service.status().as_str(), service.text("size").as_str()), ("active", "0"));
}
