//! Recordings of the real `oned`: their steps as actions, and the world in their terms.

use std::sync::Arc;

use miniserde::json::Value as Json;

use super::action::{Action, Command, ImageRequest, NewImage, NewVm, Recovery, VmRequest};
use super::answer;
use super::change::{Change, What};
use super::driver::{Answered, Kind, Mode};
use super::fixture::{self, ONEADMIN};
use super::world::{Limited, World};
use super::{Here, OpenNebula, adoption, observation};
use crate::engine::recording::{Adoption, Objects, Recorded, Step, as_number, as_text};
use crate::engine::{ImageId, MachineId, Refusal, Reply};

/// What `user.update` wrote in the recordings, which keep only that it was asked.
const RECORDED_PREFERENCES: &str = "DEFAULT_IMAGE_PERSISTENT=\"NO\"\nDEFAULT_IMAGE_PERSISTENT_NEW=\"YES\"";

impl Recorded for OpenNebula {
    const CODE_FIELD: &'static str = "errcode";
    const ACTOR_FIELD: &'static str = "user";
    const EXAMPLE: &'static str = "vm_two_locked.jsonl";

    fn action(_: &World, step: &Step) -> Result<Option<Action>, String> {
        if step.op == "note" {
            return Ok(remark(step).map(|command| Action { by: ONEADMIN, command }));
        }
        let name = step.actor.as_deref().unwrap_or(ONEADMIN.name);
        let by = fixture::user_named(name).ok_or_else(|| format!("There is no user “{name}”."))?;
        let (object, verb) = step.op.split_once('.').unwrap_or((&step.op, ""));
        let command = match (object, verb) {
            // How calls answer that our rules never make is of no interest.
            ("driver", "mode") if kind(step).is_err() => return Ok(None),
            ("driver", _) => driver(verb, step)?,
            ("image", "allocate") => Command::CreateImage(new_image(step)),
            ("image", _) => Command::Image(number(step, "image")?, image_request(verb, step)?),
            ("vm", "allocate") => Command::CreateVm(new_vm(step)),
            ("vm", _) => Command::Vm(number(step, "vm")?, vm_request(verb, step)?),
            _ => other(&step.op, step)?,
        };
        Ok(Some(Action { by, command }))
    }

    fn observe(world: &World) -> Objects {
        let mut objects = Objects::new();
        for (id, image) in world.images.iter() {
            objects.insert(("images".to_owned(), id.to_string()), observation::image(id, image));
        }
        for (id, vm) in world.vms.iter() {
            objects.insert(("vms".to_owned(), id.to_string()), observation::vm(id, vm));
        }
        objects
    }

    fn adopt(adoption: Adoption) -> Action {
        Action { by: ONEADMIN, command: Command::Adopt(adoption) }
    }

    fn recorded_code(answer: &Result<Reply, Refusal>) -> Option<i64> {
        answer.as_ref().err().map(|refusal| refusal.code.into())
    }
}

/// What a remark says about the world that no step did: how the drivers were set up.
fn remark(step: &Step) -> Option<Command> {
    let is_set_up = step.text("text")?.starts_with("all ds driver actions are held");
    is_set_up.then_some(Command::SetModes("ds", Mode::Hold))
}

fn number(step: &Step, name: &str) -> Result<i64, String> {
    step.number(name).ok_or_else(|| format!("“{}” lacks the number “{name}”.", step.op))
}

fn text(step: &Step, name: &str) -> String {
    step.text(name).unwrap_or_default().to_owned()
}

fn flag(step: &Step, name: &str) -> bool {
    step.flag(name).unwrap_or(false)
}

fn numbers(step: &Step, name: &str) -> Vec<i64> {
    match step.args.get(name) {
        Some(Json::Array(list)) => list.iter().filter_map(as_number).collect(),
        _ => Vec::new(),
    }
}

fn new_image(step: &Step) -> NewImage {
    let size = step.number("size").map(|size| size.to_string());
    NewImage {
        name: step.text("name").map(str::to_owned),
        kind: step.text("type").map(str::to_owned),
        persistent: step.flag("persistent"),
        path: step.text("path").map(str::to_owned),
        source: step.text("source").map(str::to_owned),
        format: step.text("format").map(str::to_owned),
        size: size.or_else(|| step.text("size").map(str::to_owned)),
        datastore: step.number("datastore").unwrap_or(100),
        template: step.text("extra").or(step.text("template")).map(str::to_owned),
    }
}

fn new_vm(step: &Step) -> NewVm {
    NewVm {
        images: numbers(step, "images").iter().map(ToString::to_string).collect(),
        name: text(step, "name"),
        on_hold: flag(step, "hold"),
        template: text(step, "extra"),
    }
}

fn image_request(verb: &str, step: &Step) -> Result<ImageRequest, String> {
    let snapshot = || number(step, "snapshot");
    Ok(match verb {
        "info" => ImageRequest::Show,
        "clone" => {
            let datastore = step.number("datastore").filter(|datastore| *datastore != -1);
            ImageRequest::Clone { name: text(step, "name"), datastore }
        }
        "delete" => ImageRequest::Delete { force: flag(step, "force") },
        "enable" => ImageRequest::Enable,
        "disable" => ImageRequest::Disable,
        "persistent" => ImageRequest::Persistent,
        "nonpersistent" => ImageRequest::Nonpersistent,
        "chtype" => ImageRequest::ChangeType(text(step, "type")),
        "update" => {
            let mode = step.flag("append").map(i64::from).or(step.number("append")).or(step.number("type"));
            ImageRequest::Update { text: text(step, "template"), mode: mode.unwrap_or(0) }
        }
        "rename" => ImageRequest::Rename(text(step, "name")),
        "snapshotdelete" => ImageRequest::SnapshotDelete(snapshot()?),
        "snapshotrevert" => ImageRequest::SnapshotRevert(snapshot()?),
        "snapshotflatten" => ImageRequest::SnapshotFlatten(snapshot()?),
        "lock" => ImageRequest::Lock { level: number(step, "level")?, test: flag(step, "test") },
        "unlock" => ImageRequest::Unlock,
        "chmod" => {
            let octet = text(step, "octet");
            let octet = u16::from_str_radix(&octet, 8).map_err(|_| format!("“{octet}” is no octet."))?;
            ImageRequest::Chmod(octet)
        }
        "chown" => ImageRequest::Chown {
            user: step.number("uid").unwrap_or(-1),
            group: step.number("gid").unwrap_or(-1),
        },
        "restore" => ImageRequest::Restore { datastore: number(step, "datastore")? },
        _ => return Err(format!("“{}” is not known here.", step.op)),
    })
}

fn vm_request(verb: &str, step: &Step) -> Result<VmRequest, String> {
    let disk = || number(step, "disk");
    let snapshot = || number(step, "snap");
    Ok(match verb {
        "deploy" => {
            VmRequest::Deploy { host: step.number("host").unwrap_or(0), datastore: step.number("system_ds") }
        }
        "terminate" => VmRequest::Terminate { hard: false },
        "terminate-hard" => VmRequest::Terminate { hard: true },
        "poweroff" => VmRequest::Poweroff { hard: false },
        "poweroff-hard" => VmRequest::Poweroff { hard: true },
        "suspend" => VmRequest::Suspend,
        "stop" => VmRequest::Stop,
        "undeploy" => VmRequest::Undeploy { hard: false },
        "undeploy-hard" => VmRequest::Undeploy { hard: true },
        "resume" => VmRequest::Resume,
        "hold" => VmRequest::Hold,
        "release" => VmRequest::Release,
        "recover-success" => VmRequest::Recover(Recovery::Success),
        "recover-failure" => VmRequest::Recover(Recovery::Failure),
        "recover-retry" => VmRequest::Recover(Recovery::Retry),
        "recover-delete" => VmRequest::Recover(Recovery::Delete),
        "recover-delete-recreate" => VmRequest::Recover(Recovery::Recreate),
        "recover-delete-db" => VmRequest::Recover(Recovery::DeleteDb),
        "attach" => VmRequest::Attach { image: number(step, "image")?, template: text(step, "extra") },
        "detach" => VmRequest::Detach(disk()?),
        "disksaveas" => VmRequest::SaveAs {
            disk: disk()?,
            name: text(step, "name"),
            kind: text(step, "type"),
            snapshot: step.number("snap").unwrap_or(-1),
        },
        "disksnapshotcreate" => VmRequest::SnapshotCreate { disk: disk()?, name: text(step, "name") },
        "disksnapshotrevert" => VmRequest::SnapshotRevert { disk: disk()?, snapshot: snapshot()? },
        "disksnapshotdelete" => VmRequest::SnapshotDelete { disk: disk()?, snapshot: snapshot()? },
        "diskresize" => VmRequest::Resize { disk: disk()?, size: number(step, "size")? },
        "backup" => VmRequest::Backup { datastore: number(step, "ds")?, moment: moment(step) },
        "updateconf" => VmRequest::UpdateConf,
        _ => return Err(format!("“{}” is not known here.", step.op)),
    })
}

/// The moment of a backup, which the recording keeps only in the name of the image that it made.
fn moment(step: &Step) -> String {
    let names = step.changed.values().filter(|object| object.get("type").and_then(as_text) == Some("BACKUP"));
    let mut names = names.filter_map(|object| object.get("name").and_then(as_text));
    names
        .next()
        .and_then(|name| name.split_once(' '))
        .map_or_else(String::new, |(_, moment)| moment.to_owned())
}

fn other(op: &str, step: &Step) -> Result<Command, String> {
    Ok(match op {
        "template.allocate" => {
            Command::CreateTemplate { name: text(step, "name"), images: numbers(step, "images") }
        }
        "template.instantiate" => Command::Instantiate {
            template: number(step, "template")?,
            name: text(step, "name"),
            persistent: flag(step, "persistent"),
        },
        "market.allocate" => Command::CreateMarket(text(step, "name")),
        "marketapp.allocate" => Command::CreateApp {
            name: text(step, "name"),
            image: number(step, "image")?,
            market: number(step, "market")?,
        },
        "marketapp.delete" => Command::DeleteApp(number(step, "app")?),
        "datastore.delete" => Command::DeleteDatastore(number(step, "datastore")?),
        "datastore.rename" => Command::RenameDatastore(number(step, "datastore")?, text(step, "name")),
        "user.quota" => quota(step)?,
        "user.update" => {
            let given = step.text("template").unwrap_or(RECORDED_PREFERENCES);
            Command::UpdateUser(number(step, "user")?, given.to_owned())
        }
        _ => return Err(format!("“{op}” is not known here.")),
    })
}

fn quota(step: &Step) -> Result<Command, String> {
    let object = |name: &str| step.number(name).and_then(|id| u32::try_from(id).ok());
    let vms = ["rvms", "running_vms", "vms", "limit"].into_iter().find_map(|name| step.number(name));
    let (of, limit) = match (step.number("images"), vms) {
        (Some(limit), _) => (Limited::ImagesIn(object("datastore").unwrap_or(100)), limit),
        (None, Some(limit)) => (Limited::VmsOf(ImageId(object("image").unwrap_or(0))), limit),
        (None, None) => return Err("“user.quota” lacks its limit.".to_owned()),
    };
    let limit = u32::try_from(limit).unwrap_or(u32::MAX);
    Ok(Command::SetQuota { user: number(step, "user")?, of, limit })
}

fn kind(step: &Step) -> Result<Kind, String> {
    let (driver, action) = (text(step, "driver"), text(step, "action"));
    Kind::read(&driver, &action).ok_or_else(|| format!("There is no driver action “{driver} {action}”."))
}

fn driver(verb: &str, step: &Step) -> Result<Command, String> {
    let kind = kind(step)?;
    let object = step.number("oid").and_then(|id| u32::try_from(id).ok());
    let said = step.text(if verb == "mode" { "mode" } else { "reply" }).unwrap_or_default();
    let (word, rest) = said.split_once(' ').unwrap_or((said, ""));
    match (verb, word) {
        ("mode", "auto") => Ok(Command::SetMode(kind, object, Mode::Auto)),
        ("mode", "hold") => Ok(Command::SetMode(kind, object, Mode::Hold)),
        ("mode", "drop") => Ok(Command::SetMode(kind, object, Mode::Drop)),
        ("mode", _) => Ok(Command::SetMode(kind, object, Mode::Answer(answered(word, rest)?))),
        ("reply", _) => Ok(Command::Release(kind, object.unwrap_or(0), answered(word, rest)?)),
        _ => Err(format!("“{}” is not known here.", step.op)),
    }
}

fn answered(word: &str, rest: &str) -> Result<Answered, String> {
    match word {
        "ok" => Ok(Answered::Success(Some(rest).filter(|rest| !rest.is_empty()).map(Arc::from))),
        "fail" => Ok(Answered::Failure(rest.into())),
        _ => Err(format!("A driver cannot answer “{word}”.")),
    }
}

/// Recorded objects take the place of ours; calls about images that went are forgotten.
pub(super) fn take_over(turn: &mut Here<'_>, adoption: &Adoption) -> Reply {
    for ((kind, id), object) in adoption.put() {
        let Ok(id) = id.parse() else { continue };
        let what = if kind == "images" {
            let before = turn.world().find_image(ImageId(id)).cloned();
            What::ImageAdopted(ImageId(id), Some(adoption::image(&object, before.as_ref()).into()))
        } else {
            let before = turn.world().find_vm(MachineId(id)).cloned();
            let vm = adoption::vm(turn.world(), &object, before.as_ref());
            What::VmAdopted(MachineId(id), Some(vm.into()))
        };
        turn.change(Change(what));
    }
    for (kind, id) in adoption.take() {
        let Ok(id) = id.parse() else { continue };
        if kind == "images" {
            forget_calls(turn, ImageId(id));
            turn.change(Change(What::ImageAdopted(ImageId(id), None)));
        } else {
            turn.change(Change(What::VmAdopted(MachineId(id), None)));
        }
    }
    answer::nothing()
}

fn forget_calls(turn: &mut Here<'_>, image: ImageId) {
    let about = |(number, call): (u32, &super::driver::Call)| {
        (call.kind.image(call.object) == Some(image)).then_some(number)
    };
    let calls: Vec<u32> = turn.world().calls.iter().filter_map(about).collect();
    for number in calls {
        turn.change(Change(What::CallEnded(number)));
    }
}
