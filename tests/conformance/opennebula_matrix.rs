//! OpenNebula's matrix: an image in each state that can be reached, and every operation on it.
//!
//! A row says how the image got there; the operation is then asked once. Ids and generated names differ
//! from the recorded ones, so they count as equal.

use lab::engine::SimTime;
use lab::engine::host::{Cloud, Host};
use lab::engine::recording::{Difference, Recorded};
use lab::engine::{Refusal, Reply};
use lab::systems::opennebula::OpenNebula;
use serde_json::{Map, Value, json};

use super::matrices::Cell;

/// The fields of an image that a cell holds.
const FIELDS: &[&str] = &[
    "state",
    "persistent",
    "type",
    "running_vms",
    "cloning_ops",
    "cloning_id",
    "vms",
    "clones",
    "lock",
    "template_error",
    "source",
    "size",
    "target_snapshot",
    "snapshots",
];

/// Where our rules answer a cell differently, field by field.
pub(crate) fn answer(cell: &Cell<'_>) -> Vec<Difference> {
    let [row, operation] = cell.path[..] else {
        return vec![difference("cell", "a row and an operation", &cell.path.join(" / "))];
    };
    let mut stage = Stage::default();
    let mut differences = Vec::new();
    if let Err(problem) = stage.set(row).and_then(|()| stage.hold()) {
        return vec![difference("row", row, &problem)];
    }
    stage.compare("before", &cell.recorded["before"], &mut differences);
    match stage.operate(operation, cell.recorded) {
        Ok(outcome) => compare_outcome(cell.recorded, &outcome, &mut differences),
        Err(problem) => differences.push(difference("operation", operation, &problem)),
    }
    let next = stage.object("images", stage.image).map_or(json!(-1), |image| image["state"].clone());
    compare("next_state", &cell.recorded["next_state"], &next, &mut differences);
    stage.compare("after", &cell.recorded["after"], &mut differences);
    if let Some(expected) = cell.recorded.get("final_state") {
        stage.answer_newest_call();
        let last = stage.object("images", stage.image).map_or(json!(-1), |image| image["state"].clone());
        compare("final_state", expected, &last, &mut differences);
    }
    differences
}

fn difference(field: &str, expected: &str, got: &str) -> Difference {
    Difference { field: field.to_owned(), expected: expected.to_owned(), got: got.to_owned() }
}

fn compare(field: &str, expected: &Value, got: &Value, differences: &mut Vec<Difference>) {
    if expected != got {
        differences.push(difference(field, &expected.to_string(), &got.to_string()));
    }
}

fn compare_outcome(recorded: &Value, outcome: &Result<Reply, Refusal>, differences: &mut Vec<Difference>) {
    let error = outcome.as_ref().err().map(|refusal| without_ids(&refusal.to_string()));
    compare("ok", &recorded["ok"], &json!(outcome.is_ok()), differences);
    let expected = recorded["error"].as_str().map(without_ids);
    compare("error", &json!(expected), &json!(error), differences);
    compare("errcode", &recorded["errcode"], &json!(OpenNebula::recorded_code(outcome)), differences);
}

/// A message with every id and every generated name as N: a number after the name of a kind of object,
/// or in brackets.
fn without_ids(text: &str) -> String {
    let mut words = Vec::new();
    let mut after_kind = false;
    for word in text.split(' ') {
        let trimmed = word.trim_matches(|c: char| "[](),.;:'".contains(c));
        let is_number = !trimmed.is_empty() && trimmed.chars().all(|c| c.is_ascii_digit());
        let is_name = trimmed
            .strip_prefix('i')
            .is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit()));
        let is_id = is_name || is_number && (after_kind || word.starts_with('['));
        words.push(if is_id { word.replace(trimmed, "N") } else { word.to_owned() });
        after_kind = matches!(trimmed.to_ascii_lowercase().as_str(), "image" | "vm" | "user");
    }
    let text = words.join(" ");
    match (text.find(" ("), text.find(") ")) {
        (Some(open), Some(close)) if open < close => format!("{} (N{}", &text[..open], &text[close..]),
        _ => text,
    }
}

/// One image on its way into a row's state.
struct Stage {
    cloud: Host<OpenNebula>,
    image: i64,
    /// The source or the copy of a clone, or the image whose disk is saved.
    other: Option<i64>,
    vm: Option<i64>,
    vm2: Option<i64>,
    names: u32,
    /// The call that is held: `ds CP 0`.
    held: Option<String>,
}

impl Default for Stage {
    fn default() -> Self {
        let cloud = Host::default();
        Self { cloud, image: -1, other: None, vm: None, vm2: None, names: 0, held: None }
    }
}

type Done = Result<(), String>;

impl Stage {
    fn ask(&mut self, line: &str) -> Result<Result<Reply, Refusal>, String> {
        let record = self.cloud.perform(line, SimTime::START).map_err(|misread| misread.to_string())?;
        Ok(self.cloud.outcome(record).clone())
    }

    fn must(&mut self, line: &str) -> Result<i64, String> {
        let reply = self.ask(line)?.map_err(|refusal| format!("{line}: {refusal}"))?;
        Ok(match reply.value {
            lab::engine::Value::Number(number) => number.into(),
            lab::engine::Value::None | lab::engine::Value::Text(_) => -1,
        })
    }

    fn name(&mut self) -> String {
        self.names += 1;
        format!("i{}", self.names)
    }

    fn create(&mut self, options: &str) -> Result<i64, String> {
        let name = self.name();
        self.must(&format!("oneimage create --name {name} {options}"))
    }

    fn with_path(&mut self, options: &str) -> Result<i64, String> {
        self.create(&format!("--path /images/img.raw -d 100 {options}"))
    }

    fn new_vm(&mut self, image: i64) -> Result<i64, String> {
        self.must(&format!("onevm create --disk {image}"))
    }

    fn deploy(&mut self, vm: i64) -> Result<i64, String> {
        self.must(&format!("onevm deploy {vm} 0 111"))
    }

    fn clone(&mut self, source: i64) -> Result<i64, String> {
        let name = self.name();
        self.must("driver ds CLONE hold")?;
        self.must(&format!("oneimage clone {source} {name}"))
    }

    /// A persistent image with two snapshots, used by nobody any more.
    fn with_snapshots(&mut self) -> Done {
        self.image = self.with_path("--persistent")?;
        let vm = self.new_vm(self.image)?;
        self.deploy(vm)?;
        self.must(&format!("onevm disk-snapshot-create {vm} 0 s0"))?;
        self.must(&format!("onevm disk-snapshot-create {vm} 0 s1"))?;
        self.must(&format!("onevm terminate {vm} --hard")).map(|_| ())
    }

    /// The image whose copy is held, and with it `copy`.
    fn copying(&mut self, options: &str) -> Done {
        self.must("driver ds CP hold")?;
        self.image = self.with_path(options)?;
        self.held = Some(format!("ds CP {}", self.image));
        Ok(())
    }

    /// Brings a new image into the row's state.
    fn set(&mut self, row: &str) -> Done {
        // Used ids are not special: the first allocation that fails uses up an id 0.
        let first = self.with_path("")?;
        let first_vm = self.new_vm(first)?;
        self.must(&format!("onevm terminate {first_vm}"))?;
        if let Some(kind) = row.strip_prefix("TYPE_") {
            return self.set_type(kind);
        }
        if let Some(before) = waiting_row(row) {
            self.set(before)?;
            return self.wait(row);
        }
        match row {
            "READY" => self.image = self.with_path("")?,
            "READY_PERS" => self.image = self.with_path("--persistent")?,
            "READY_PERS_SNAPS" => self.with_snapshots()?,
            "USED_1VM" | "USED_2VM" | "USED_VM_CLONING" => {
                self.image = self.with_path("")?;
                self.vm = Some(self.new_vm(self.image)?);
                if row == "USED_2VM" {
                    self.new_vm(self.image)?;
                }
                if row == "USED_VM_CLONING" {
                    self.clone_as_other()?;
                }
            }
            "USED_PERS" => {
                self.image = self.with_path("--persistent")?;
                self.vm = Some(self.new_vm(self.image)?);
            }
            "USED_CLONING" => {
                self.image = self.with_path("")?;
                self.clone_as_other()?;
            }
            "CLONE" | "CLONE_2" => {
                self.image = self.with_path("--persistent")?;
                self.clone_as_other()?;
                if row == "CLONE_2" {
                    self.clone(self.image)?;
                }
            }
            "LOCKED_CP" => self.copying("")?,
            "LOCKED_CP_PERS" => self.copying("--persistent")?,
            "LOCKED_MKFS" => {
                self.must("driver ds MKFS hold")?;
                self.image = self.create("--type DATABLOCK --size 10 -d 100")?;
                self.held = Some(format!("ds MKFS {}", self.image));
            }
            "LOCKED_CLONE_TARGET" | "LOCKED_CLONE_TARGET_PERS" => {
                let options = if row.ends_with("PERS") { "--persistent" } else { "" };
                let source = self.with_path(options)?;
                self.other = Some(source);
                self.image = self.clone(source)?;
                self.held = Some(format!("ds CLONE {}", self.image));
            }
            "LOCKED_SNAPOP" => {
                self.with_snapshots()?;
                self.must("driver ds SNAP_REVERT hold")?;
                self.must(&format!("oneimage snapshot-revert {} 0", self.image))?;
                self.held = Some(format!("ds SNAP_REVERT {}", self.image));
            }
            "LOCKED_SAVEAS" => self.saving()?,
            _ => return self.set_withheld(row),
        }
        Ok(())
    }

    fn clone_as_other(&mut self) -> Done {
        let copy = self.clone(self.image)?;
        self.other = Some(copy);
        self.held = Some(format!("ds CLONE {copy}"));
        Ok(())
    }

    fn saving(&mut self) -> Done {
        let source = self.with_path("")?;
        self.other = Some(source);
        let vm = self.new_vm(source)?;
        self.vm2 = Some(vm);
        self.deploy(vm)?;
        self.must("driver tm TRANSFER hold")?;
        let name = self.name();
        self.image = self.must(&format!("onevm disk-saveas {vm} 0 {name}"))?;
        self.held = Some(format!("tm TRANSFER {vm}"));
        Ok(())
    }

    /// Rows that were disabled, that failed, or that are going.
    fn set_withheld(&mut self, row: &str) -> Done {
        match row {
            "DISABLED" | "DISABLED_PERS" | "DISABLED_PERS_SNAPS" => {
                self.set(&row.replace("DISABLED", "READY"))?;
                self.must(&format!("oneimage disable {}", self.image))?;
            }
            "ERROR_NOSOURCE" | "ERROR_NOSOURCE_PERS" => {
                self.must("driver ds CP fail boom")?;
                self.image = self.with_path(if row.ends_with("PERS") { "--persistent" } else { "" })?;
            }
            "ERROR_SOURCE" => {
                self.image = self.with_path("")?;
                self.must("driver ds RM fail boom")?;
                self.must(&format!("oneimage delete {}", self.image))?;
            }
            "ERROR_PERS_RELEASED" | "ERROR_PERS_SNAPS" => {
                let snapshots = row.ends_with("SNAPS");
                if snapshots {
                    self.with_snapshots()?;
                } else {
                    self.image = self.with_path("--persistent")?;
                }
                let vm = self.new_vm(self.image)?;
                self.deploy(vm)?;
                self.must(&format!("onevm recover {vm} --delete"))?;
            }
            "DELETE" | "DELETE_PERS_SNAPS" => {
                self.set(&row.replace("DELETE", "READY"))?;
                self.must("driver ds RM hold")?;
                self.must(&format!("oneimage delete {}", self.image))?;
                self.held = Some(format!("ds RM {}", self.image));
            }
            _ => return Err("this row is not known here".to_owned()),
        }
        Ok(())
    }

    fn set_type(&mut self, kind: &str) -> Done {
        self.image = match kind {
            "CDROM" | "DATABLOCK" => self.with_path(&format!("--type {kind}"))?,
            "KERNEL" | "RAMDISK" | "CONTEXT" => {
                self.create(&format!("--type {kind} --path /images/img.raw -d 101"))?
            }
            "FILESYSTEM" => self.create("--type FILESYSTEM --path /srv/share -d 107")?,
            "BACKUP" => {
                let root = self.with_path("")?;
                let vm = self.new_vm(root)?;
                self.vm2 = Some(vm);
                self.deploy(vm)?;
                self.must("driver vm BACKUP ok bck-1 33")?;
                self.must(&format!("onevm backup {vm} -d 108"))?;
                root + 1
            }
            _ => return Err("this type is not known here".to_owned()),
        };
        Ok(())
    }

    /// A VM waits for the image; then what the row says became of it.
    fn wait(&mut self, row: &str) -> Done {
        self.vm = Some(self.new_vm(self.image)?);
        if row == "LOCKED_USED_2VM" {
            self.new_vm(self.image)?;
        }
        if row.starts_with("LOCKED") {
            return Ok(());
        }
        self.must(&format!("release ds CP {} fail boom", self.image))?;
        if row != "ERROR_VM_WAITING" && row != "ERROR_VM_WAITING_PERS" {
            self.must(&format!("oneimage disable {}", self.image))?;
        }
        if row == "READY_VM_LEFT" {
            self.must(&format!("oneimage enable {}", self.image))?;
        }
        Ok(())
    }

    /// From now on some calls are held, and the others succeed.
    fn hold(&mut self) -> Done {
        for mode in ["CLONE", "RM", "SNAP_DELETE", "SNAP_REVERT", "SNAP_FLATTEN"] {
            self.must(&format!("driver ds {mode} hold"))?;
        }
        for call in ["ds CP", "ds MKFS", "tm TRANSFER"] {
            self.must(&format!("driver {call} auto"))?;
        }
        Ok(())
    }

    fn operate(&mut self, operation: &str, recorded: &Value) -> Result<Result<Reply, Refusal>, String> {
        let image = self.image;
        if let Some(kind) = operation.strip_prefix("chtype_") {
            return self.ask(&format!("oneimage chtype {image} {kind}"));
        }
        let name = self.name();
        let line = match operation {
            "acquire" => format!("onevm create --disk {image}"),
            "attach" => {
                let vm = self.must("onevm create")?;
                self.deploy(vm)?;
                format!("onevm disk-attach {vm} --image {image}")
            }
            "release" => format!("onevm terminate {} --hard", self.row_vm()?),
            "release_failed" => format!("onevm recover {} --delete", self.deployed()?),
            "vm_saveas" => format!("onevm disk-saveas {} 0 {name}", self.deployed()?),
            "vm_snapshot_create" => format!("onevm disk-snapshot-create {} 0 s", self.deployed()?),
            "vm_disk_resize" => {
                let size = recorded["after"]["image"]["size"].as_u64().filter(|size| *size > 10);
                format!("onevm disk-resize {} 0 {}", self.deployed()?, size.unwrap_or(20))
            }
            "clone" => format!("oneimage clone {image} {name}"),
            "clone_other_ds" => format!("oneimage clone {image} {name} -d 109"),
            "lock_use" => format!("oneimage lock {image} --use"),
            "lock_manage" => format!("oneimage lock {image} --manage"),
            "lock_admin" => format!("oneimage lock {image} --admin"),
            "lock_all" => format!("oneimage lock {image} --all"),
            "rename" => format!("oneimage rename {image} {name}"),
            "rename_taken" => {
                let other = self.name();
                self.must(&format!("oneimage create --name {other} --path /images/img.raw -d 100"))?;
                format!("oneimage rename {image} {other}")
            }
            "update" => format!("oneimage update {image} 'X=\"1\"' --append"),
            "chmod_640" => format!("oneimage chmod {image} 640"),
            "chown" => format!("oneimage chown {image} 2 1"),
            "restore" => format!("oneimage restore {image} -d 100"),
            "info" => format!("oneimage show {image}"),
            "delete_force" => format!("oneimage delete {image} --force"),
            "snapshot_delete_0" => format!("oneimage snapshot-delete {image} 0"),
            "snapshot_delete_1" => format!("oneimage snapshot-delete {image} 1"),
            "snapshot_revert_0" => format!("oneimage snapshot-revert {image} 0"),
            "snapshot_flatten_0" => format!("oneimage snapshot-flatten {image} 0"),
            "driver_success" => {
                let call = self.held_call()?;
                let payload =
                    LATE.iter().find(|(kind, _)| call.starts_with(kind)).map_or("", |(_, said)| said);
                format!("release {call} success {payload}")
            }
            "driver_failure" => format!("release {} fail 'driver said no'", self.held_call()?),
            "delete" | "enable" | "disable" | "persistent" | "nonpersistent" | "unlock" => {
                format!("oneimage {operation} {image}")
            }
            _ => return Err("this operation is not known here".to_owned()),
        };
        self.ask(&line)
    }

    fn row_vm(&self) -> Result<i64, String> {
        self.vm.or(self.vm2).ok_or_else(|| "the row has no VM".to_owned())
    }

    /// The row's VM, deployed if it waits for a host.
    fn deployed(&mut self) -> Result<i64, String> {
        let vm = self.row_vm()?;
        let state = self.object("vms", vm).map_or(json!(0), |vm| vm["state"].clone());
        if state == json!(PENDING) {
            self.deploy(vm)?;
        }
        Ok(vm)
    }

    fn held_call(&self) -> Result<&str, String> {
        self.held.as_deref().ok_or_else(|| "no call is held".to_owned())
    }

    /// The call that the operation made succeeds.
    fn answer_newest_call(&mut self) {
        let jobs = self.cloud.jobs(&|_| true);
        if let Some(ending) = jobs.last().and_then(|job| job.endings.first()) {
            let line = ending.line.clone();
            let _ = self.ask(&line);
        }
    }

    fn object(&self, kind: &str, id: i64) -> Option<Value> {
        let objects = OpenNebula::observe(self.cloud.world());
        let object = objects.get(&(kind.to_owned(), id.to_string()))?;
        serde_json::from_str(&miniserde::json::to_string(object)).ok()
    }

    fn compare(&self, when: &str, recorded: &Value, differences: &mut Vec<Difference>) {
        let Value::Object(recorded) = recorded else { return };
        for (name, expected) in recorded {
            let got = self.part(name);
            match expected {
                Value::Object(fields) => {
                    let got = got.unwrap_or_default();
                    for field in FIELDS {
                        let expected = fields.get(*field).cloned().unwrap_or_default();
                        let got = got.get(*field).cloned().unwrap_or_default();
                        let field_name = format!("{when} {name} {field}");
                        let (expected, got) = (comparable(field, &expected), comparable(field, &got));
                        compare(&field_name, &expected, &got, differences);
                    }
                }
                Value::Array(_) => {
                    let got = got.unwrap_or_default();
                    compare(&format!("{when} {name}"), &numbered(expected), &got, differences);
                }
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                    compare(&format!("{when} {name}"), expected, &got.unwrap_or_default(), differences);
                }
            }
        }
    }

    /// An image's fields, or a VM's two states.
    fn part(&self, name: &str) -> Option<Value> {
        let vm = |id: i64| {
            let vm = self.object("vms", id)?;
            Some(json!([vm["state"], vm["lcm_state"]]))
        };
        match name {
            "image" => self.object("images", self.image),
            "other" => self.object("images", self.other?),
            "vm" => vm(self.vm?),
            "vm2" => vm(self.vm2?),
            _ => vm(self.cloud.machines().last()?.id.0.into()),
        }
    }
}

const PENDING: i64 = 1;

/// What the driver said in the recordings when a held call succeeded.
const LATE: &[(&str, &str)] =
    &[("ds CP", "'/ds/late raw'"), ("ds CLONE", "'/ds/late raw'"), ("ds MKFS", "/ds/late")];

/// The row from which one with a waiting VM starts.
fn waiting_row(row: &str) -> Option<&'static str> {
    Some(match row {
        "LOCKED_USED" | "LOCKED_USED_2VM" | "ERROR_VM_WAITING" | "DISABLED_VM_WAITING" | "READY_VM_LEFT" => {
            "LOCKED_CP"
        }
        "LOCKED_USED_PERS" | "ERROR_VM_WAITING_PERS" => "LOCKED_CP_PERS",
        "LOCKED_USED_CLONE_TARGET" => "LOCKED_CLONE_TARGET",
        "LOCKED_USED_PERS_SNAPOP" => "LOCKED_SNAPOP",
        _ => return None,
    })
}

/// A VM's state, which is recorded by name, as its number.
fn numbered(state: &Value) -> Value {
    const NAMES: &[&str] = &[
        "INIT",
        "PENDING",
        "HOLD",
        "ACTIVE",
        "STOPPED",
        "SUSPENDED",
        "DONE",
        "FAILED",
        "POWEROFF",
        "UNDEPLOYED",
        "CLONING",
        "CLONING_FAILURE",
    ];
    let name = state.get(0).and_then(Value::as_str).unwrap_or_default();
    let number = NAMES.iter().position(|own| *own == name);
    json!([number, state[1]])
}

/// A field's value without ids: lists of ids by their length.
fn comparable(field: &str, value: &Value) -> Value {
    match (field, value) {
        ("vms" | "clones", Value::Array(ids)) => json!(ids.len()),
        ("cloning_id", Value::Number(id)) => json!(id.as_i64() >= Some(0)),
        ("source", Value::String(source)) => json!(source.trim_end_matches(|c: char| c.is_ascii_digit())),
        ("template_error", Value::String(error)) => json!(without_ids(error)),
        ("snapshots", Value::Array(list)) => list.iter().map(snapshot).collect(),
        (_, value) => value.clone(),
    }
}

/// A snapshot as a cell holds it: id, parent, active.
fn snapshot(snapshot: &Value) -> Value {
    let field = |fields: &Map<String, Value>, name: &str| fields.get(name).cloned().unwrap_or_default();
    match snapshot {
        Value::Object(fields) => {
            json!([field(fields, "id"), field(fields, "parent"), field(fields, "active")])
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            snapshot.clone()
        }
    }
}
