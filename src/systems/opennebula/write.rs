//! Actions as lines: the words that a learner could type.

use std::fmt;

use super::action::{Action, Command, ImageRequest, NewImage, VmRequest};
use super::driver::{Answered, Kind, Mode};
use super::fixture::ONEADMIN;
use super::read::RECOVERIES;
use super::world::Limited;
use crate::engine::words::Line;

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.by != ONEADMIN {
            write!(f, "[{}] ", self.by.name)?;
        }
        if let Command::Adopt(adoption) = &self.command {
            return write!(f, "recorded {adoption}");
        }
        let mut line = Line::escaping();
        write_command(&self.command, &mut line);
        f.write_str(&line.finish())
    }
}

/// The tool and its verb.
fn words(command: &Command) -> &'static str {
    match command {
        Command::Image(_, request) => image_words(request),
        Command::Vm(_, request) => vm_words(request),
        Command::CreateImage(_) => "oneimage create",
        Command::CreateVm(_) => "onevm create",
        Command::CreateTemplate { .. } => "onetemplate create",
        Command::Instantiate { .. } => "onetemplate instantiate",
        Command::CreateMarket(_) => "onemarket create",
        Command::CreateApp { .. } => "onemarketapp create",
        Command::DeleteApp(_) => "onemarketapp delete",
        Command::DeleteDatastore(_) => "onedatastore delete",
        Command::RenameDatastore(..) => "onedatastore rename",
        Command::SetQuota { .. } => "oneuser quota",
        Command::UpdateUser(..) => "oneuser update",
        Command::SetMode(..) | Command::SetModes(..) => "driver",
        Command::Release(..) => "release",
        Command::Answer(..) => "answer",
        Command::Hang(..) => "hang",
        Command::Slow(..) => "slow",
        Command::SetPace(_) => "driver pace",
        Command::Adopt(_) => "recorded",
    }
}

fn image_words(request: &ImageRequest) -> &'static str {
    match request {
        ImageRequest::Show => "oneimage show",
        ImageRequest::Clone { .. } => "oneimage clone",
        ImageRequest::Delete { .. } => "oneimage delete",
        ImageRequest::Enable => "oneimage enable",
        ImageRequest::Disable => "oneimage disable",
        ImageRequest::Persistent => "oneimage persistent",
        ImageRequest::Nonpersistent => "oneimage nonpersistent",
        ImageRequest::ChangeType(_) => "oneimage chtype",
        ImageRequest::Update { .. } => "oneimage update",
        ImageRequest::Rename(_) => "oneimage rename",
        ImageRequest::SnapshotDelete(_) => "oneimage snapshot-delete",
        ImageRequest::SnapshotRevert(_) => "oneimage snapshot-revert",
        ImageRequest::SnapshotFlatten(_) => "oneimage snapshot-flatten",
        ImageRequest::Lock { .. } => "oneimage lock",
        ImageRequest::Unlock => "oneimage unlock",
        ImageRequest::Chmod(_) => "oneimage chmod",
        ImageRequest::Chown { .. } => "oneimage chown",
        ImageRequest::Restore { .. } => "oneimage restore",
    }
}

fn vm_words(request: &VmRequest) -> &'static str {
    match request {
        VmRequest::Deploy { .. } => "onevm deploy",
        VmRequest::Terminate { .. } => "onevm terminate",
        VmRequest::Poweroff { .. } => "onevm poweroff",
        VmRequest::Suspend => "onevm suspend",
        VmRequest::Stop => "onevm stop",
        VmRequest::Undeploy { .. } => "onevm undeploy",
        VmRequest::Resume => "onevm resume",
        VmRequest::Reboot { .. } => "onevm reboot",
        VmRequest::Hold => "onevm hold",
        VmRequest::Release => "onevm release",
        VmRequest::Recover(_) => "onevm recover",
        VmRequest::Attach { .. } => "onevm disk-attach",
        VmRequest::Detach(_) => "onevm disk-detach",
        VmRequest::SaveAs(_) => "onevm disk-saveas",
        VmRequest::SnapshotCreate { .. } => "onevm disk-snapshot-create",
        VmRequest::SnapshotRevert { .. } => "onevm disk-snapshot-revert",
        VmRequest::SnapshotDelete { .. } => "onevm disk-snapshot-delete",
        VmRequest::Resize { .. } => "onevm disk-resize",
        VmRequest::Backup { .. } => "onevm backup",
        VmRequest::UpdateConf => "onevm updateconf",
    }
}

fn write_command<'a>(command: &Command, line: &'a mut Line) -> &'a mut Line {
    line.say(words(command));
    match command {
        Command::Image(image, request) => write_image_request(request, line.number(*image)),
        Command::Vm(vm, request) => write_vm_request(request, line.number(*vm)),
        Command::CreateImage(new) => write_new_image(new, line),
        Command::CreateVm(new) => line
            .text("--disk", &new.images.join(","))
            .text("--name", &new.name)
            .flag("--hold", new.on_hold)
            .text("--template", &new.template),
        Command::CreateTemplate { name, images } => {
            let images: Vec<String> = images.iter().map(i64::to_string).collect();
            line.text("--name", name).text("--disk", &images.join(","))
        }
        Command::Instantiate { template, name, persistent } => {
            line.number(*template).text("--name", name).flag("--persistent", *persistent)
        }
        Command::CreateMarket(name) => line.text("--name", name),
        Command::CreateApp { name, image, market } => line
            .text("--name", name)
            .option_number("--image", Some(*image))
            .option_number("--marketplace", Some(*market)),
        Command::DeleteApp(id) | Command::DeleteDatastore(id) => line.number(*id),
        Command::RenameDatastore(id, text) | Command::UpdateUser(id, text) => line.number(*id).word(text),
        Command::SetQuota { user, of, limit } => {
            let (option, object) = match of {
                Limited::ImagesIn(datastore) => ("--images", *datastore),
                Limited::VmsOf(image) => ("--rvms", image.0),
            };
            line.number(*user)
                .option_number(option, Some((*limit).into()))
                .option_number("--of", Some(object.into()))
        }
        Command::SetMode(kind, id, mode) => {
            write_kind(*kind, *id, line);
            write_mode(mode, line)
        }
        Command::SetModes(driver, mode) => write_mode(mode, line.say(driver).say("*")),
        Command::Release(kind, id, answered) | Command::Answer(kind, id, answered) => {
            write_answered(answered, "success", write_kind(*kind, Some(*id), line))
        }
        Command::Hang(kind, id) | Command::Slow(kind, id) => write_kind(*kind, Some(*id), line),
        Command::SetPace(length) => line.say(&length.to_string()),
        Command::Adopt(_) => line,
    }
}

/// A driver, its action and the object that it is about.
fn write_kind(kind: Kind, object: Option<u32>, line: &mut Line) -> &mut Line {
    let (driver, action) = kind.words();
    line.say(driver).say(action);
    match object {
        Some(id) => line.say(&id.to_string()),
        None => line,
    }
}

fn write_mode<'a>(mode: &Mode, line: &'a mut Line) -> &'a mut Line {
    match mode {
        Mode::Auto => line.say("auto"),
        Mode::Hold => line.say("hold"),
        Mode::Drop => line.say("drop"),
        Mode::Answer(answered) => write_answered(answered, "ok", line),
    }
}

fn write_answered<'a>(answered: &Answered, success: &str, line: &'a mut Line) -> &'a mut Line {
    match answered {
        Answered::Success(None) => line.say(success),
        Answered::Success(Some(payload)) => line.say(success).value(payload),
        Answered::Failure(text) => line.say("fail").value(text),
    }
}

fn write_new_image<'a>(new: &NewImage, line: &'a mut Line) -> &'a mut Line {
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

/// What follows the image.
fn write_image_request<'a>(request: &ImageRequest, line: &'a mut Line) -> &'a mut Line {
    match request {
        ImageRequest::Show
        | ImageRequest::Enable
        | ImageRequest::Disable
        | ImageRequest::Persistent
        | ImageRequest::Nonpersistent
        | ImageRequest::Unlock => line,
        ImageRequest::Clone { name, datastore } => line.word(name).option_number("-d", *datastore),
        ImageRequest::Delete { force } => line.flag("--force", *force),
        ImageRequest::ChangeType(text) | ImageRequest::Rename(text) => line.word(text),
        ImageRequest::Update { text, mode } => match mode {
            0 => line.word(text),
            1 => line.word(text).say("--append"),
            mode => line.word(text).option_number("--mode", Some(*mode)),
        },
        ImageRequest::SnapshotDelete(snapshot)
        | ImageRequest::SnapshotRevert(snapshot)
        | ImageRequest::SnapshotFlatten(snapshot) => line.number(*snapshot),
        ImageRequest::Lock { level, test } => {
            match level {
                1 => line.say("--use"),
                2 => line.say("--manage"),
                3 => line.say("--admin"),
                4 => line.say("--all"),
                level => line.option_number("--level", Some(*level)),
            };
            line.flag("--test", *test)
        }
        ImageRequest::Chmod(octet) => line.say(&format!("{octet:03o}")),
        ImageRequest::Chown { user, group } => line.number(*user).number(*group),
        ImageRequest::Restore { datastore } => line.option_number("-d", Some(*datastore)),
    }
}

/// What follows the VM.
fn write_vm_request<'a>(request: &VmRequest, line: &'a mut Line) -> &'a mut Line {
    match request {
        VmRequest::Suspend
        | VmRequest::Stop
        | VmRequest::Resume
        | VmRequest::Hold
        | VmRequest::Release
        | VmRequest::UpdateConf => line,
        VmRequest::Deploy { host, datastore } => {
            line.number(*host);
            match datastore {
                Some(datastore) => line.number(*datastore),
                None => line,
            }
        }
        VmRequest::Terminate { hard }
        | VmRequest::Poweroff { hard }
        | VmRequest::Undeploy { hard }
        | VmRequest::Reboot { hard } => line.flag("--hard", *hard),
        VmRequest::Recover(recovery) => {
            let flag = RECOVERIES.iter().find(|(_, own)| own == recovery).map_or("", |(flag, _)| *flag);
            line.say(flag)
        }
        VmRequest::Attach { image, template } => {
            line.option_number("--image", Some(*image)).text("--template", template)
        }
        VmRequest::Detach(disk) => line.number(*disk),
        VmRequest::SaveAs(new) => {
            line.number(new.disk).word(&new.name).text("--type", &new.kind);
            line.option_number("--snapshot", Some(new.snapshot).filter(|snapshot| *snapshot != -1))
        }
        VmRequest::SnapshotCreate { disk, name } => line.number(*disk).word(name),
        VmRequest::SnapshotRevert { disk, snapshot: number }
        | VmRequest::SnapshotDelete { disk, snapshot: number } => line.number(*disk).number(*number),
        VmRequest::Resize { disk, size } => line.number(*disk).word(size),
        VmRequest::Backup { datastore, moment } => {
            line.option_number("-d", Some(*datastore)).text("--moment", moment)
        }
    }
}
