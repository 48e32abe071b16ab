//! Lines as actions: the words of `oneimage`, `onevm` and their kin, and of the drivers.

use std::str::FromStr;

use super::action::{Action, Command, ImageRequest, NewCopy, NewImage, NewVm, Recovery, VmRequest};
use super::driver::{Answered, Kind, Mode};
use super::fixture::{self, ONEADMIN};
use super::world::Limited;
use crate::engine::words::{self, Options, Words};
use crate::engine::{ImageId, Misread};

const DEFAULT_IMAGES: i64 = 1;

impl FromStr for Action {
    type Err = Misread;

    fn from_str(line: &str) -> Result<Self, Misread> {
        let (name, line) = words::asked(line)?;
        let by = name.map_or(Ok(ONEADMIN), read_user)?;
        if let Some(json) = line.strip_prefix("recorded ") {
            return Ok(Self { by, command: Command::Adopt(json.parse()?) });
        }
        let mut words = words::split(line)?;
        for word in &mut words {
            *word = words::unescape(word);
        }
        Ok(Self { by, command: read_words(words)? })
    }
}

fn misread(problem: &str) -> Misread {
    Misread(problem.to_owned())
}

fn read_user(name: &str) -> Result<&'static fixture::User, Misread> {
    fixture::user_named(name).ok_or_else(|| misread(&format!("There is no user “{name}”.")))
}

/// What `oneimage` and its kin know.
const OPTIONS: Options = Options {
    with_value: &[
        "--name",
        "--type",
        "--path",
        "--source",
        "--format",
        "--size",
        "-d",
        "--template",
        "--disk",
        "--image",
        "--images",
        "--rvms",
        "--of",
        "--marketplace",
        "--snapshot",
        "--level",
        "--moment",
        "--mode",
    ],
    aliases: &[("--datastore", "-d"), ("--market", "--marketplace"), ("-n", "--name")],
};

fn read_words(words: Vec<String>) -> Result<Command, Misread> {
    if let [tool, rest @ ..] = &words[..]
        && matches!(tool.as_str(), "driver" | "release" | "answer" | "hang" | "slow")
    {
        return read_driver(tool, rest);
    }
    let mut words = Words::read(words, &OPTIONS);
    let (tool, verb) = (words.text::<String>("a command like oneimage"), words.take().unwrap_or_default());
    let command = read_command(&tool, &verb, &mut words);
    words.finish()?;
    Ok(command)
}

/// The command of a tool and its verb, with what is wrong kept in `words`.
pub(super) fn read_command(tool: &str, verb: &str, words: &mut Words) -> Command {
    match (tool, verb) {
        ("oneimage", "create") => read_new_image(words),
        ("oneimage", verb) => Command::Image(words.number("an image id"), read_image_request(verb, words)),
        ("onevm", "create") => Command::CreateVm(Box::new(NewVm {
            images: read_list(words, "--disk").into_iter().collect(),
            name: words.option_text("--name"),
            on_hold: words.flag("--hold"),
            template: words.option_text("--template"),
        })),
        ("onevm", verb) => Command::Vm(words.number("a VM id"), read_vm_request(verb, words)),
        ("onetemplate", "create") => {
            let name = words.option_text("--name");
            let images = read_list(words, "--disk");
            let images = images.iter().map(|id| words.as_number(id, "an image id")).collect();
            Command::CreateTemplate { name, images }
        }
        ("onetemplate", "instantiate") => Command::Instantiate {
            template: words.number("a template id"),
            name: words.option_text("--name"),
            persistent: words.flag("--persistent"),
        },
        ("onemarket", "create") => Command::CreateMarket(words.option_text("--name")),
        ("onemarketapp", "create") => Command::CreateApp {
            name: words.option_text("--name"),
            image: read_id(words, "--image"),
            market: read_id(words, "--marketplace"),
        },
        ("onemarketapp", "delete") => Command::DeleteApp(words.number("an app id")),
        ("onedatastore", "delete") => Command::DeleteDatastore(words.number("a datastore id")),
        ("onedatastore", "rename") => {
            Command::RenameDatastore(words.number("a datastore id"), words.text("a name"))
        }
        ("oneuser", "quota") => read_quota(words),
        ("oneuser", "update") => Command::UpdateUser(read_user_id(words), words.text("a template")),
        _ => {
            words.fail(format!("There is no command “{tool} {verb}”."));
            NOTHING
        }
    }
}

/// The number after an option, -1 for none.
fn read_id(words: &mut Words, name: &str) -> i64 {
    words.option_number(name).unwrap_or(-1)
}

/// The values of an option that takes a list: `0,1`.
fn read_list(words: &mut Words, name: &str) -> Vec<String> {
    let text = words.option_text(name);
    text.split(',').filter(|item| !item.is_empty()).map(str::to_owned).collect()
}

/// What a line that cannot be read is read as: nobody gets to see it.
const NOTHING: Command = Command::SetPace(0);

fn read_new_image(words: &mut Words) -> Command {
    let persistent = words.flag("--persistent").then_some(true);
    let nonpersistent = words.flag("--no-persistent").then_some(false);
    Command::CreateImage(Box::new(NewImage {
        name: words.option("--name"),
        kind: words.option("--type"),
        path: words.option("--path"),
        source: words.option("--source"),
        format: words.option("--format"),
        size: words.option("--size"),
        template: words.option("--template"),
        persistent: persistent.or(nonpersistent),
        datastore: read_datastore(words).unwrap_or(DEFAULT_IMAGES),
    }))
}

/// The datastore of `-d`, by id or name.
fn read_datastore(words: &mut Words) -> Option<i64> {
    let word: String = words.option("-d")?;
    Some(datastore_id(words, &word))
}

fn datastore_id(words: &mut Words, word: &str) -> i64 {
    let named = fixture::DATASTORES.iter().find(|datastore| datastore.name == word);
    named.map_or_else(|| words.as_number(word, "a datastore"), |datastore| datastore.id.into())
}

fn read_user_id(words: &mut Words) -> i64 {
    let word: String = words.text("a user");
    fixture::user_named(&word).map_or_else(|| words.as_number(&word, "a user"), |user| user.id.into())
}

fn read_group_id(words: &mut Words) -> i64 {
    let Some(word) = words.take() else { return -1 };
    fixture::group_named(&word).map_or_else(|| words.as_number(&word, "a group"), i64::from)
}

fn read_quota(words: &mut Words) -> Command {
    let user = read_user_id(words);
    let images = words.option_number::<i64>("--images");
    let vms = words.option_number::<i64>("--rvms");
    let object = words.option_number::<i64>("--of").and_then(|id| u32::try_from(id).ok());
    if images.or(vms).is_none() {
        words.fail("“oneuser quota” needs --images or --rvms.".to_owned());
    }
    let of = match images {
        Some(_) => Limited::ImagesIn(object.unwrap_or(100)),
        None => Limited::VmsOf(ImageId(object.unwrap_or(0))),
    };
    let limit = images.or(vms).and_then(|limit| u32::try_from(limit).ok());
    Command::SetQuota { user, of, limit: limit.unwrap_or(u32::MAX) }
}

fn read_image_request(verb: &str, words: &mut Words) -> ImageRequest {
    match verb {
        "show" => ImageRequest::Show,
        "clone" => ImageRequest::Clone { name: words.text("a name"), datastore: read_datastore(words) },
        "delete" => ImageRequest::Delete { force: words.flag("--force") },
        "enable" => ImageRequest::Enable,
        "disable" => ImageRequest::Disable,
        "persistent" => ImageRequest::Persistent,
        "nonpersistent" => ImageRequest::Nonpersistent,
        "chtype" => ImageRequest::ChangeType(words.text("a type")),
        "update" => {
            let mode = words.option_number("--mode").unwrap_or(0);
            let mode = if words.flag("--append") { 1 } else { mode };
            ImageRequest::Update { text: words.text("a template"), mode }
        }
        "rename" => ImageRequest::Rename(words.text("a name")),
        "snapshot-delete" => ImageRequest::SnapshotDelete(words.number("a snapshot id")),
        "snapshot-revert" => ImageRequest::SnapshotRevert(words.number("a snapshot id")),
        "snapshot-flatten" => ImageRequest::SnapshotFlatten(words.number("a snapshot id")),
        "lock" => read_lock(words),
        "unlock" => ImageRequest::Unlock,
        "chmod" => {
            let octet: String = words.text("an octet");
            if !octet.starts_with(|first: char| first.is_ascii_digit()) {
                words.fail("Expected an octet like 640.".to_owned());
            }
            ImageRequest::Chmod(read_octet(&octet))
        }
        "chown" => ImageRequest::Chown { user: read_user_id(words), group: read_group_id(words) },
        "chgrp" => ImageRequest::Chown { user: -1, group: read_group_id(words) },
        "restore" => ImageRequest::Restore { datastore: read_datastore(words).unwrap_or(DEFAULT_IMAGES) },
        _ => {
            words.fail(format!("There is no command “oneimage {verb}”."));
            ImageRequest::Show
        }
    }
}

/// Three digits, of which the last three bits count; a missing one is 0: `PoolElement::chmod_octet` of the clients.
fn read_octet(text: &str) -> u16 {
    let digit = |place: usize| text.as_bytes().get(place).filter(|byte| byte.is_ascii_digit());
    (0..3)
        .map(|place| digit(place).map_or(0, |byte| u16::from(byte & 7)))
        .fold(0, |octet, bits| octet << 3 | bits)
}

/// The options of `oneimage lock`.
const LEVELS: &[(&str, i64)] = &[("--all", 4), ("--admin", 3), ("--manage", 2), ("--use", 1)];

fn read_lock(words: &mut Words) -> ImageRequest {
    let mut level = words.option_number("--level");
    for (flag, named) in LEVELS {
        if words.flag(flag) {
            level = level.or(Some(*named));
        }
    }
    ImageRequest::Lock { level: level.unwrap_or(1), test: words.flag("--test") }
}

fn read_vm_request(verb: &str, words: &mut Words) -> VmRequest {
    match verb {
        "deploy" => VmRequest::Deploy {
            host: words.number("a host id"),
            datastore: words.take().map(|word| datastore_id(words, &word)),
        },
        "terminate" => VmRequest::Terminate { hard: words.flag("--hard") },
        "poweroff" => VmRequest::Poweroff { hard: words.flag("--hard") },
        "suspend" => VmRequest::Suspend,
        "stop" => VmRequest::Stop,
        "undeploy" => VmRequest::Undeploy { hard: words.flag("--hard") },
        "resume" => VmRequest::Resume,
        "reboot" => VmRequest::Reboot { hard: words.flag("--hard") },
        "hold" => VmRequest::Hold,
        "release" => VmRequest::Release,
        "recover" => VmRequest::Recover(read_recovery(words)),
        "disk-attach" => {
            VmRequest::Attach { image: read_id(words, "--image"), template: words.option_text("--template") }
        }
        "disk-detach" => VmRequest::Detach(words.number("a disk id")),
        "disk-saveas" => VmRequest::SaveAs(Box::new(NewCopy {
            disk: words.number("a disk id"),
            name: words.text("a name"),
            kind: words.option_text("--type"),
            snapshot: read_id(words, "--snapshot"),
        })),
        "disk-snapshot-create" => {
            VmRequest::SnapshotCreate { disk: words.number("a disk id"), name: words.text("a name") }
        }
        "disk-snapshot-revert" => VmRequest::SnapshotRevert {
            disk: words.number("a disk id"),
            snapshot: words.number("a snapshot id"),
        },
        "disk-snapshot-delete" => VmRequest::SnapshotDelete {
            disk: words.number("a disk id"),
            snapshot: words.number("a snapshot id"),
        },
        "disk-resize" => {
            VmRequest::Resize { disk: words.number("a disk id"), size: words.text("a size in MB") }
        }
        "backup" => VmRequest::Backup {
            datastore: read_datastore(words).unwrap_or(108),
            moment: words.option_text("--moment"),
        },
        "updateconf" => VmRequest::UpdateConf,
        _ => {
            words.fail(format!("There is no command “onevm {verb}”."));
            VmRequest::UpdateConf
        }
    }
}

/// The options of `onevm recover`.
pub(super) const RECOVERIES: &[(&str, Recovery)] = &[
    ("--success", Recovery::Success),
    ("--failure", Recovery::Failure),
    ("--retry", Recovery::Retry),
    ("--delete", Recovery::Delete),
    ("--recreate", Recovery::Recreate),
    ("--delete-db", Recovery::DeleteDb),
];

fn read_recovery(words: &mut Words) -> Recovery {
    if let Some((_, recovery)) = RECOVERIES.iter().find(|(flag, _)| words.flag(flag)) {
        return *recovery;
    }
    words.fail(
        "“onevm recover” needs --success, --failure, --retry, --delete, --recreate or --delete-db."
            .to_owned(),
    );
    Recovery::Success
}

pub(super) fn read_driver(tool: &str, words: &[String]) -> Result<Command, Misread> {
    if let [pace, length] = words
        && tool == "driver"
        && pace == "pace"
    {
        return Ok(Command::SetPace(length.parse().map_err(|_| misread("Expected a length in ms."))?));
    }
    let [driver, action, rest @ ..] = words else {
        return Err(misread(&format!("“{tool}” is followed by a driver and its action: {tool} ds CP …")));
    };
    let unknown = || misread(&format!("There is no driver action “{driver} {action}”."));
    if tool == "driver" && action == "*" {
        let driver = Kind::driver(driver).ok_or_else(unknown)?;
        return Ok(Command::SetModes(driver, read_mode(rest)?));
    }
    let kind = Kind::read(driver, action).ok_or_else(unknown)?;
    let id = rest.first().and_then(|word| word.parse().ok());
    let rest = if id.is_some() { &rest[1..] } else { rest };
    match (tool, id) {
        ("driver", id) => Ok(Command::SetMode(kind, id, read_mode(rest)?)),
        ("release", Some(id)) => Ok(Command::Release(kind, id, read_answer(rest)?)),
        ("answer", Some(id)) => Ok(Command::Answer(kind, id, read_answer(rest)?)),
        ("hang", Some(id)) => Ok(Command::Hang(kind, id)),
        ("slow", Some(id)) => Ok(Command::Slow(kind, id)),
        _ => Err(misread(&format!("Expected the id of an object: {tool} {driver} {action} 0 …"))),
    }
}

fn read_mode(words: &[String]) -> Result<Mode, Misread> {
    let (word, rest) = words.split_first().ok_or_else(|| misread(MODES))?;
    let text = || rest.join(" ").into();
    match word.as_str() {
        "auto" => Ok(Mode::Auto),
        "ok" => Ok(Mode::Answer(Answered::Success((!rest.is_empty()).then(text)))),
        "fail" => Ok(Mode::Answer(Answered::Failure(text()))),
        "hold" => Ok(Mode::Hold),
        "drop" => Ok(Mode::Drop),
        _ => Err(misread(MODES)),
    }
}

const MODES: &str = "Expected how the driver answers: auto, hold, drop, fail TEXT or ok PAYLOAD.";

fn read_answer(words: &[String]) -> Result<Answered, Misread> {
    let (word, rest) = words.split_first().ok_or_else(|| misread(ANSWERS))?;
    let text = || rest.join(" ").into();
    match word.as_str() {
        "success" => Ok(Answered::Success((!rest.is_empty()).then(text))),
        "fail" => Ok(Answered::Failure(text())),
        _ => Err(misread(ANSWERS)),
    }
}

const ANSWERS: &str = "Expected what the driver answers: success, or fail TEXT.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_and_its_action_are_inverse() {
        for line in [
            "oneimage create --name db --persistent --path /images/db.qcow2 -d 100",
            "oneimage create --name 'a b' --type DATABLOCK --no-persistent --size 10 --template \"X=1\\\\nY=2\" -d 1",
            "oneimage clone 0 '' -d 109",
            "oneimage delete 0 --force",
            "oneimage update 0 'NOTE=\"x' --append",
            "oneimage lock 0 --manage --test",
            "oneimage lock 0 --level 7",
            "oneimage chmod 0 640",
            "oneimage chown 0 2 -1",
            "[alice] oneimage snapshot-revert 0 1",
            "answer ds CP 0 success '/ds/0 raw'",
            "onevm create --disk 0,1 --hold",
            "onevm deploy 0 0 111",
            "onevm terminate 0 --hard",
            "onevm recover 0 --delete-db",
            "onevm disk-attach 0 --image 1",
            "onevm disk-saveas 0 0 saved --type OS --snapshot 2",
            "onevm disk-resize 0 0 20",
            "onevm backup 0 -d 108 --moment '20-Nov 17.41.24'",
            "onetemplate instantiate 0 --name vm --persistent",
            "onemarketapp create --name app --image 0 --marketplace 100",
            "oneuser quota 2 --rvms 1 --of 0",
            "driver ds CP hold",
            "driver ds CP 3 fail 'No space left on device'",
            "driver ds * hold",
            "driver ds CP ok '/ds/src raw'",
            "driver pace 4000",
            "release ds CP 0 success",
            "release ds CP 0 fail ''",
            "hang ds CP 0",
            "recorded {\"put\":{},\"take\":{}}",
        ] {
            let action: Action = line.parse().expect(line);
            assert_eq!(action.to_string(), line);
        }
    }

    #[test]
    fn a_line_that_is_no_action_says_what_was_expected() {
        let problem = |line: &str| line.parse::<Action>().expect_err(line).to_string();
        assert_eq!(problem("oneimage frobnicate 0"), "There is no command “oneimage frobnicate”.");
        assert_eq!(problem("oneimage delete db"), "Expected an image id, found “db”.");
        assert_eq!(problem("oneimage enable 0 --now"), "“--now” is not expected here.");
        assert_eq!(problem("[mallory] oneimage enable 0"), "There is no user “mallory”.");
        assert_eq!(problem("driver ds COPY hold"), "There is no driver action “ds COPY”.");
    }
}
