//! Actions as lines: the words that a learner could type.

use std::fmt;

use super::action::{Action, Command, ImageRequest, NewImage, VmRequest};
use super::driver::{Answered, Kind, Mode};
use super::fixture::ONEADMIN;
use super::options::escape;
use super::syntax::RECOVERIES;
use super::world::Limited;

/// A line under construction.
struct Line(String);

impl Line {
    /// One more word, quoted where it must be.
    fn word(mut self, word: &str) -> Self {
        if !self.0.is_empty() {
            self.0.push(' ');
        }
        let word = escape(word);
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./,:=@%+*".contains(c);
        if !word.is_empty() && word.chars().all(is_plain) {
            self.0.push_str(&word);
        } else {
            self.0.push_str(&shlex::try_quote(&word).unwrap_or_default());
        }
        self
    }

    fn number(self, number: i64) -> Self {
        self.word(&number.to_string())
    }

    fn option(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.word(name).word(value),
            None => self,
        }
    }

    fn option_number(self, name: &str, value: Option<i64>) -> Self {
        match value {
            Some(value) => self.word(name).number(value),
            None => self,
        }
    }

    fn flag(self, name: &str, given: bool) -> Self {
        if given { self.word(name) } else { self }
    }

    /// An option that is left out when it is empty.
    fn text(self, name: &str, value: &str) -> Self {
        self.option(name, Some(value).filter(|value| !value.is_empty()))
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.by != ONEADMIN {
            write!(f, "[{}] ", self.by.name)?;
        }
        if let Command::Adopt(adoption) = &self.command {
            return write!(f, "recorded {adoption}");
        }
        f.write_str(&write_command(&self.command, Line(String::new())).0)
    }
}

fn write_command(command: &Command, line: Line) -> Line {
    match command {
        Command::Image(image, request) => write_image_request(*image, request, line.word("oneimage")),
        Command::Vm(vm, request) => write_vm_request(*vm, request, line.word("onevm")),
        Command::CreateImage(new) => write_new_image(new, line.word("oneimage").word("create")),
        Command::CreateVm(new) => line
            .word("onevm")
            .word("create")
            .text("--disk", &new.images.join(","))
            .text("--name", &new.name)
            .flag("--hold", new.on_hold)
            .text("--template", &new.template),
        Command::CreateTemplate { name, images } => {
            let images = images.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
            line.word("onetemplate").word("create").text("--name", name).text("--disk", &images)
        }
        Command::Instantiate { template, name, persistent } => line
            .word("onetemplate")
            .word("instantiate")
            .number(*template)
            .text("--name", name)
            .flag("--persistent", *persistent),
        Command::CreateMarket(name) => line.word("onemarket").word("create").text("--name", name),
        Command::CreateApp { name, image, market } => line
            .word("onemarketapp")
            .word("create")
            .text("--name", name)
            .option_number("--image", Some(*image))
            .option_number("--marketplace", Some(*market)),
        Command::DeleteApp(app) => line.word("onemarketapp").word("delete").number(*app),
        Command::DeleteDatastore(id) => line.word("onedatastore").word("delete").number(*id),
        Command::RenameDatastore(id, name) => line.word("onedatastore").word("rename").number(*id).word(name),
        Command::SetQuota { user, of, limit } => {
            let (option, object) = match of {
                Limited::ImagesIn(datastore) => ("--images", *datastore),
                Limited::VmsOf(image) => ("--rvms", image.0),
            };
            let line = line.word("oneuser").word("quota").number(*user);
            line.option_number(option, Some((*limit).into())).option_number("--of", Some(object.into()))
        }
        Command::UpdateUser(user, text) => line.word("oneuser").word("update").number(*user).word(text),
        Command::SetMode(kind, id, mode) => {
            let line = write_kind(*kind, line.word("driver"));
            let line = match id {
                Some(id) => line.number((*id).into()),
                None => line,
            };
            write_mode(mode, line)
        }
        Command::SetModes(driver, mode) => write_mode(mode, line.word("driver").word(driver).word("*")),
        Command::Release(kind, id, answered) => {
            let line = write_kind(*kind, line.word("release")).number((*id).into());
            match answered {
                Answered::Success(payload) => line.word("success").maybe(payload.as_deref()),
                Answered::Failure(text) => line.word("fail").word(text),
            }
        }
        Command::Hang(kind, id) => write_kind(*kind, line.word("hang")).number((*id).into()),
        Command::SetPace(length) => line.word("driver").word("pace").word(&length.to_string()),
        Command::Adopt(_) => line,
    }
}

impl Line {
    fn maybe(self, word: Option<&str>) -> Self {
        match word {
            Some(word) => self.word(word),
            None => self,
        }
    }
}

fn write_kind(kind: Kind, line: Line) -> Line {
    let (driver, action) = kind.words();
    line.word(driver).word(action)
}

fn write_mode(mode: &Mode, line: Line) -> Line {
    match mode {
        Mode::Auto => line.word("auto"),
        Mode::Hold => line.word("hold"),
        Mode::Drop => line.word("drop"),
        Mode::Answer(Answered::Success(payload)) => line.word("ok").maybe(payload.as_deref()),
        Mode::Answer(Answered::Failure(text)) => line.word("fail").word(text),
    }
}

fn write_new_image(new: &NewImage, line: Line) -> Line {
    line.option("--name", new.name.as_deref())
        .option("--type", new.kind.as_deref())
        .flag("--persistent", new.persistent == Some(true))
        .flag("--no-persistent", new.persistent == Some(false))
        .option("--path", new.path.as_deref())
        .option("--source", new.source.as_deref())
        .option("--format", new.format.as_deref())
        .option("--size", new.size.as_deref())
        .option("--template", new.template.as_deref())
        .option_number("-d", Some(new.datastore))
}

fn write_image_request(image: i64, request: &ImageRequest, line: Line) -> Line {
    let verb = |verb: &str, line: Line| line.word(verb).number(image);
    match request {
        ImageRequest::Show => verb("show", line),
        ImageRequest::Clone { name, datastore } => {
            verb("clone", line).word(name).option_number("-d", *datastore)
        }
        ImageRequest::Delete { force } => verb("delete", line).flag("--force", *force),
        ImageRequest::Enable => verb("enable", line),
        ImageRequest::Disable => verb("disable", line),
        ImageRequest::Persistent => verb("persistent", line),
        ImageRequest::Nonpersistent => verb("nonpersistent", line),
        ImageRequest::ChangeType(kind) => verb("chtype", line).word(kind),
        ImageRequest::Update { text, mode } => {
            let line = verb("update", line).word(text).flag("--append", *mode == 1);
            line.option_number("--mode", Some(*mode).filter(|mode| !(0..=1).contains(mode)))
        }
        ImageRequest::Rename(name) => verb("rename", line).word(name),
        ImageRequest::SnapshotDelete(snapshot) => verb("snapshot-delete", line).number(*snapshot),
        ImageRequest::SnapshotRevert(snapshot) => verb("snapshot-revert", line).number(*snapshot),
        ImageRequest::SnapshotFlatten(snapshot) => verb("snapshot-flatten", line).number(*snapshot),
        ImageRequest::Lock { level, test } => {
            let line = verb("lock", line);
            let line = match level {
                1 => line.word("--use"),
                2 => line.word("--manage"),
                3 => line.word("--admin"),
                4 => line.word("--all"),
                level => line.option_number("--level", Some(*level)),
            };
            line.flag("--test", *test)
        }
        ImageRequest::Unlock => verb("unlock", line),
        ImageRequest::Chmod(octet) => verb("chmod", line).word(&format!("{octet:03o}")),
        ImageRequest::Chown { user, group } => verb("chown", line).number(*user).number(*group),
        ImageRequest::Restore { datastore } => verb("restore", line).option_number("-d", Some(*datastore)),
    }
}

fn write_vm_request(vm: i64, request: &VmRequest, line: Line) -> Line {
    let verb = |verb: &str, line: Line| line.word(verb).number(vm);
    match request {
        VmRequest::Deploy { host, datastore } => {
            let line = verb("deploy", line).number(*host);
            match datastore {
                Some(datastore) => line.number(*datastore),
                None => line,
            }
        }
        VmRequest::Terminate { hard } => verb("terminate", line).flag("--hard", *hard),
        VmRequest::Poweroff { hard } => verb("poweroff", line).flag("--hard", *hard),
        VmRequest::Suspend => verb("suspend", line),
        VmRequest::Stop => verb("stop", line),
        VmRequest::Undeploy { hard } => verb("undeploy", line).flag("--hard", *hard),
        VmRequest::Resume => verb("resume", line),
        VmRequest::Hold => verb("hold", line),
        VmRequest::Release => verb("release", line),
        VmRequest::Recover(recovery) => {
            let flag = RECOVERIES.iter().find(|(_, own)| own == recovery).map_or("", |(flag, _)| *flag);
            verb("recover", line).word(flag)
        }
        VmRequest::Attach { image, template } => {
            verb("disk-attach", line).option_number("--image", Some(*image)).text("--template", template)
        }
        VmRequest::Detach(disk) => verb("disk-detach", line).number(*disk),
        VmRequest::SaveAs { disk, name, kind, snapshot } => verb("disk-saveas", line)
            .number(*disk)
            .word(name)
            .text("--type", kind)
            .option_number("--snapshot", Some(*snapshot).filter(|&snapshot| snapshot != -1)),
        VmRequest::SnapshotCreate { disk, name } => {
            verb("disk-snapshot-create", line).number(*disk).word(name)
        }
        VmRequest::SnapshotRevert { disk, snapshot } => {
            verb("disk-snapshot-revert", line).number(*disk).number(*snapshot)
        }
        VmRequest::SnapshotDelete { disk, snapshot } => {
            verb("disk-snapshot-delete", line).number(*disk).number(*snapshot)
        }
        VmRequest::Resize { disk, size } => verb("disk-resize", line).number(*disk).number(*size),
        VmRequest::Backup { datastore, moment } => {
            verb("backup", line).option_number("-d", Some(*datastore)).text("--moment", moment)
        }
        VmRequest::UpdateConf => verb("updateconf", line),
    }
}
