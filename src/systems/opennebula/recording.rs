//! Recordings of the real `oned`: their steps as actions, and the world in their terms.

use miniserde::json::Value as Json;

use super::action::{Action, Command};
use super::answer;
use super::change::{Change, What};
use super::driver::{self, Kind, Mode};
use super::fixture::{self, ONEADMIN};
use super::read::{read_command, read_driver};
use super::world::{Waiting, World};
use super::{Here, OpenNebula, adoption, observation};
use crate::engine::recording::{Adoption, Objects, Recorded, Step, as_number, as_text};
use crate::engine::words::Words;
use crate::engine::{ImageId, MachineId, Misread, Refusal, Reply, as_id};

impl Recorded for OpenNebula {
    const CODE_FIELD: &'static str = "errcode";
    const ACTOR_FIELD: &'static str = "user";
    const EXAMPLE: &'static str = "vm_two_locked.jsonl";

    fn action(world: &World, step: &Step) -> Result<Option<Action>, String> {
        if step.op == "note" {
            return Ok(remark(step).map(|command| Action { by: ONEADMIN, command }));
        }
        let name = step.actor.as_deref().unwrap_or(ONEADMIN.name);
        let by = fixture::user_named(name).ok_or_else(|| format!("There is no user “{name}”."))?;
        let command = match step.op.split_once('.') {
            Some(("driver", verb)) => driver(world, verb, step)?,
            _ => Some(command(step)?),
        };
        Ok(command.map(|command| Action { by, command }))
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

/// Steps as the commands that ask the same: the step, the command, and where its words come from.
///
/// A word is an argument's value: `ARG#` must be a number, `ARG?` is left out where the step has none,
/// `ARG+` also where it is -1, `ARG:DEFAULT` is then the default. `--option=` stands before the value; `--option!ARG` is given when
/// the argument is true, `--option~ARG` when it is false.
const COMMANDS: &[(&str, &str, &str)] = &[
    (
        "image.allocate",
        "oneimage create",
        "--name=name? --type=type? --persistent!persistent --no-persistent~persistent --path=path? \
         --source=source? --format=format? --size=size? -d=datastore:100 --template=extra? --template=template?",
    ),
    ("image.info", "oneimage show", "image#"),
    ("image.clone", "oneimage clone", "image# name: -d=datastore+"),
    ("image.delete", "oneimage delete", "image# --force!force"),
    ("image.enable", "oneimage enable", "image#"),
    ("image.disable", "oneimage disable", "image#"),
    ("image.persistent", "oneimage persistent", "image#"),
    ("image.nonpersistent", "oneimage nonpersistent", "image#"),
    ("image.chtype", "oneimage chtype", "image# type:"),
    ("image.update", "oneimage update", "image# template: --mode=append? --mode=type?"),
    ("image.rename", "oneimage rename", "image# name:"),
    ("image.snapshotdelete", "oneimage snapshot-delete", "image# snapshot#"),
    ("image.snapshotrevert", "oneimage snapshot-revert", "image# snapshot#"),
    ("image.snapshotflatten", "oneimage snapshot-flatten", "image# snapshot#"),
    ("image.lock", "oneimage lock", "image# --level=level# --test!test"),
    ("image.unlock", "oneimage unlock", "image#"),
    ("image.chmod", "oneimage chmod", "image# octet:"),
    ("image.chown", "oneimage chown", "image# uid:-1 gid:-1"),
    ("image.restore", "oneimage restore", "image# -d=datastore#"),
    ("vm.allocate", "onevm create", "--disk=images? --name=name? --hold!hold --template=extra?"),
    ("vm.deploy", "onevm deploy", "vm# host:0 system_ds?"),
    ("vm.terminate", "onevm terminate", "vm#"),
    ("vm.terminate-hard", "onevm terminate", "vm# --hard"),
    ("vm.poweroff", "onevm poweroff", "vm#"),
    ("vm.poweroff-hard", "onevm poweroff", "vm# --hard"),
    ("vm.suspend", "onevm suspend", "vm#"),
    ("vm.stop", "onevm stop", "vm#"),
    ("vm.undeploy", "onevm undeploy", "vm#"),
    ("vm.undeploy-hard", "onevm undeploy", "vm# --hard"),
    ("vm.resume", "onevm resume", "vm#"),
    ("vm.reboot", "onevm reboot", "vm#"),
    ("vm.reboot-hard", "onevm reboot", "vm# --hard"),
    ("vm.hold", "onevm hold", "vm#"),
    ("vm.release", "onevm release", "vm#"),
    ("vm.recover-success", "onevm recover", "vm# --success"),
    ("vm.recover-failure", "onevm recover", "vm# --failure"),
    ("vm.recover-retry", "onevm recover", "vm# --retry"),
    ("vm.recover-delete", "onevm recover", "vm# --delete"),
    ("vm.recover-delete-recreate", "onevm recover", "vm# --recreate"),
    ("vm.recover-recreate", "onevm recover", "vm# --recreate"),
    ("vm.recover-delete-db", "onevm recover", "vm# --delete-db"),
    ("vm.attach", "onevm disk-attach", "vm# --image=image? --template=extra?"),
    ("vm.detach", "onevm disk-detach", "vm# disk#"),
    ("vm.disksaveas", "onevm disk-saveas", "vm# disk# name: --type=type? --snapshot=snap?"),
    ("vm.disksnapshotcreate", "onevm disk-snapshot-create", "vm# disk# name:"),
    ("vm.disksnapshotrevert", "onevm disk-snapshot-revert", "vm# disk# snap#"),
    ("vm.disksnapshotdelete", "onevm disk-snapshot-delete", "vm# disk# snap#"),
    ("vm.diskresize", "onevm disk-resize", "vm# disk# size:"),
    ("vm.backup", "onevm backup", "vm# -d=ds# --moment=moment?"),
    ("vm.updateconf", "onevm updateconf", "vm#"),
    ("template.allocate", "onetemplate create", "--name=template_name? --disk=images?"),
    ("template.instantiate", "onetemplate instantiate", "template# --name=vm_name? --persistent!persistent"),
    ("market.allocate", "onemarket create", "--name=name?"),
    ("marketapp.allocate", "onemarketapp create", "--name=name? --image=image# --marketplace=market#"),
    ("marketapp.delete", "onemarketapp delete", "app#"),
    ("datastore.delete", "onedatastore delete", "datastore#"),
    ("datastore.rename", "onedatastore rename", "datastore# name:"),
    ("user.quota images", "oneuser quota", "user# --images=images? --of=datastore?"),
    (
        "user.quota",
        "oneuser quota",
        "user# --rvms=rvms? --rvms=running_vms? --rvms=vms? --rvms=limit:1 --of=image? --of=image_id?",
    ),
    // The recordings keep only that it was asked, not what was written.
    (
        "user.update",
        "oneuser update",
        "user# template:DEFAULT_IMAGE_PERSISTENT=\"NO\"\nDEFAULT_IMAGE_PERSISTENT_NEW=\"YES\"",
    ),
];

/// The command that asks the same as a step.
fn command(step: &Step) -> Result<Command, String> {
    let op = match (step.op.as_str(), step.number("images")) {
        (op, Some(_)) if op.starts_with("user.quota") => "user.quota images",
        (op, None) if op.starts_with("user.quota") => "user.quota",
        (op, _) => op,
    };
    let found = COMMANDS.iter().find(|row| row.0 == op);
    let (_, command, sources) = found.ok_or_else(|| format!("“{op}” is not known here."))?;
    let mut words = Words::default();
    for source in sources.split(' ') {
        add(&mut words, step, source);
    }
    let (tool, verb) = command.split_once(' ').unwrap_or((command, ""));
    let command = read_command(tool, verb, &mut words);
    words.check().map_err(|Misread(problem)| problem)?;
    Ok(command)
}

/// Adds the word that a source of [`COMMANDS`] stands for.
fn add(words: &mut Words, step: &Step, source: &str) {
    if let Some((option, argument)) = source.split_once(['!', '~']) {
        if step.flag(argument) == Some(source.contains('!')) {
            words.push_option(option, None);
        }
        return;
    }
    let (option, source) = match source.split_once('=') {
        Some((option, source)) if option.starts_with('-') => (Some(option), source),
        _ => (None, source),
    };
    let Some(end) = source.find(['#', '?', '+', ':']) else { return words.push_option(source, None) };
    let (argument, rest) = source.split_at(end);
    let value = value(step, argument).or_else(|| rest.strip_prefix(':').map(str::to_owned));
    let value = value.filter(|value| rest != "+" || value != "-1");
    match (value, option) {
        (None, _) if rest == "#" => {
            words.fail(format!("“{}” lacks the number “{argument}”.", step.op));
        }
        (None, _) => {}
        (Some(value), Some(option)) => words.push_option(option, Some(value)),
        (Some(value), None) => words.push(value),
    }
}

/// An argument as it is written on a line.
fn value(step: &Step, argument: &str) -> Option<String> {
    match step.args.get(argument) {
        _ if argument == "moment" => Some(moment(step)),
        _ if argument == "template_name" => Some(template_name(step)),
        _ if argument == "vm_name" => vm_name(step),
        Some(Json::String(text)) => Some(text.clone()),
        Some(Json::Bool(flag)) => Some(u8::from(*flag).to_string()),
        Some(Json::Array(list)) => {
            let numbers: Vec<String> =
                list.iter().filter_map(as_number).map(|number| number.to_string()).collect();
            Some(numbers.join(","))
        }
        Some(number) => as_number(number).map(|number| number.to_string()),
        None => None,
    }
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

/// What a new template is called, which the recordings may leave out.
fn template_name(step: &Step) -> String {
    let id = || step.result.as_ref().and_then(as_number).unwrap_or(0);
    step.text("name").map_or_else(|| format!("template-{}", id()), str::to_owned)
}

/// What a VM made from a template is called. One that was given no name is named after the template, whose name the
/// recordings may leave out.
fn vm_name(step: &Step) -> Option<String> {
    let given = step.text("name").filter(|name| !name.is_empty());
    let is_copied = step.flag("persistent") == Some(true);
    let mut vms = step.changed.iter().filter(|((kind, _), _)| !is_copied && kind == "vms");
    let made = || vms.find_map(|(_, vm)| vm.get("name").and_then(as_text));
    given.or_else(made).map(str::to_owned)
}

/// How a driver answers, in the words of the lines that say the same. A call was held when it is answered; if not by
/// us, a step before differed.
fn driver(world: &World, verb: &str, step: &Step) -> Result<Option<Command>, String> {
    let (tool, said) = match verb {
        "mode" => ("driver", "mode"),
        "reply" => ("release", "reply"),
        _ => return Err(format!("“{}” is not known here.", step.op)),
    };
    let text = |name: &str| step.text(name).unwrap_or_default().to_owned();
    let (name, action) = (text("driver"), text("action"));
    // How calls answer that our rules never make is of no interest.
    let kind = Kind::read(&name, &action);
    if kind.is_none() && action != "*" {
        return Ok(None);
    }
    let object = step.number("oid").and_then(|id| u32::try_from(id).ok());
    let is_waiting = |kind: Kind| object.is_some_and(|id| driver::is_waiting(world, kind, id));
    let tool = if tool == "release" && !kind.is_some_and(is_waiting) { "answer" } else { tool };
    let mut words = vec![name, action];
    words.extend(step.number("oid").map(|id| id.to_string()));
    let said = text(said);
    match (verb, said.strip_prefix("ok")) {
        ("reply", Some(payload)) => words.push(format!("success{payload}")),
        _ => words.push(said),
    }
    let words: Vec<String> = words.iter().flat_map(|word| word.split(' ')).map(str::to_owned).collect();
    read_driver(tool, &words).map(Some).map_err(|Misread(problem)| problem)
}

fn read_id(text: &str) -> Option<u32> {
    text.parse().ok().and_then(as_id)
}

/// Recorded objects take the place of ours; calls about images that went are forgotten. What is neither an
/// image nor a VM, or has no number, is left out.
pub(super) fn take_over(turn: &mut Here<'_>, adoption: &Adoption) -> Reply {
    for ((kind, id), object) in adoption.put() {
        let Some(id) = read_id(&id) else { continue };
        let what = match kind.as_str() {
            "images" => {
                let before = turn.world().find_image(ImageId(id)).cloned();
                What::ImageAdopted(ImageId(id), Some(adoption::image(&object, before.as_ref()).into()))
            }
            "vms" => {
                let before = turn.world().find_vm(MachineId(id)).cloned();
                let vm = adoption::vm(turn.world(), &object, before.as_ref());
                What::VmAdopted(MachineId(id), Some(vm.into()))
            }
            _ => continue,
        };
        turn.change(Change(what));
    }
    for (kind, id) in adoption.take() {
        let Some(id) = read_id(&id) else { continue };
        match kind.as_str() {
            "images" => {
                forget_calls(turn, ImageId(id));
                turn.change(Change(What::ImageAdopted(ImageId(id), None)));
            }
            "vms" => turn.change(Change(What::VmAdopted(MachineId(id), None))),
            _ => {}
        }
    }
    answer::nothing()
}

fn forget_calls(turn: &mut Here<'_>, image: ImageId) {
    for Waiting { number, call } in turn.world().calls_about(image.0).to_vec() {
        if call.kind.image(call.object).is_some() {
            turn.change(Change(What::CallEnded { number, object: call.object }));
        }
    }
}
