//! A driver's line as an action: what happens outside the service.

use std::fmt::Write as _;
use std::sync::Arc;

use crate::engine::{Misread, State};

use super::ImageStatus;
use super::action::{Ask, Call, Drive, Fault};
use super::names::Payload;
use super::options::{Words, read_file};
use super::task::TaskId;

pub(super) fn read_drive(word: &str, words: &mut Words) -> Result<Ask, Misread> {
    let drive = match word {
        "worker" if words.plain.is_empty() => Drive::Worker(None),
        "worker" => Drive::Worker(Some(TaskId(words.number("a task")?))),
        "finish-task" => Drive::FinishTask(TaskId(words.number("a task")?), read_fault(words)?),
        "finish-tasks" => Drive::FinishTasks(words.flag("--held")),
        "hang-task" => Drive::HangTask(TaskId(words.number("a task")?)),
        "store-full" => Drive::StoreFull(true),
        "store-free" => Drive::StoreFull(false),
        "web-source" => {
            let name = words.next("a source")?;
            let mut mode = words.next("fails CODE, short, stalls or works")?.to_string();
            if let Some(code) = words.plain.pop_front() {
                let _ = write!(mode, " {code}");
            }
            Drive::WebSource(name, mode.into())
        }
        "scrubber" => Drive::Scrubber,
        "glance-manage" => {
            words.next("db")?;
            words.next("purge")?;
            Drive::Purge
        }
        "config" => {
            let options: Vec<String> = words.plain.drain(..).collect();
            Drive::Config(options.join(" ").into())
        }
        "sleep" => Drive::Sleep(words.number("a number of seconds")?),
        "poll" => Drive::Poll,
        word => return read_driven_call(word, words),
    };
    Ok(Ask::Drive(drive))
}

fn read_fault(words: &mut Words) -> Result<Option<Fault>, Misread> {
    let read = |name: Arc<str>| {
        let names = || Fault::ALL.map(Fault::name).join(", ");
        Fault::named(&name).ok_or_else(|| Misread(format!("--fails takes one of {}.", names())))
    };
    words.option("--fails").map(read).transpose()
}

fn read_driven_call(word: &str, words: &mut Words) -> Result<Ask, Misread> {
    const WORDS: [&str; 10] = [
        "hold-upload",
        "hold-stage",
        "finish-upload",
        "finish-stage",
        "abort-upload",
        "abort-stage",
        "hang",
        "setup",
        "wait",
        "scrubber-restore",
    ];
    if !WORDS.contains(&word) {
        return Err(Misread(format!("“{word}” is no command here.")));
    }
    let image = words.next("an image")?;
    let staging = word.ends_with("-stage");
    let call = match word {
        "hold-upload" | "hold-stage" => {
            let file = words.plain.pop_front().map(|name| read_file(&name)).transpose()?;
            Call::Hold(staging, file.unwrap_or(Payload::raw(5_000)))
        }
        "finish-upload" | "finish-stage" => Call::Finish(staging, read_fault(words)?),
        "abort-upload" | "abort-stage" => Call::Abort(staging),
        "hang" => Call::Hang,
        "setup" => {
            let name = words.next("a status")?;
            Call::Setup(read_status(&name)?)
        }
        "wait" => Call::WaitFor(
            std::mem::take(&mut words.plain)
                .iter()
                .map(|name| read_status(name))
                .collect::<Result<_, _>>()?,
        ),
        _ => Call::Restore,
    };
    Ok(Ask::Image(image, call))
}

fn read_status(name: &str) -> Result<ImageStatus, Misread> {
    let found = ImageStatus::ALL.iter().copied().find(|status| status.name() == name);
    found.ok_or_else(|| Misread(format!("“{name}” is no status.")))
}
