//! A driver's line as an action: what happens outside the service.

use crate::engine::words::Words;

use super::ImageStatus;
use super::action::{Ask, Call, Drive, Fault};
use super::fixture::Payload;
use super::options::read_payload;
use super::task::TaskId;

pub(super) fn read_drive(word: &str, words: &mut Words) -> Ask {
    let drive = match word {
        "worker" => Drive::Worker(words.take().map(|task| TaskId(words.as_number(&task, "a task")))),
        "finish-task" => Drive::FinishTask(read_task(words), read_fault(words)),
        "finish-tasks" => Drive::FinishTasks(words.flag("--held")),
        "hang-task" => Drive::HangTask(read_task(words)),
        "slow-task" => Drive::SlowTask(read_task(words)),
        "store-full" => Drive::StoreFull(true),
        "store-free" => Drive::StoreFull(false),
        "web-source" => {
            let (name, mode) = (words.text("a source"), words.rest());
            if mode.is_empty() {
                words.fail("Expected fails CODE, short, stalls or works.".to_owned());
            }
            Drive::WebSource(name, mode.into())
        }
        "scrubber" => Drive::Scrubber,
        "glance-manage" => {
            words.text::<String>("db");
            words.text::<String>("purge");
            Drive::Purge
        }
        "config" => Drive::Config(words.rest().into()),
        "sleep" => Drive::Sleep(words.number("a number of seconds")),
        "poll" => Drive::Poll,
        word => return read_driven_call(word, words),
    };
    Ask::Drive(drive)
}

fn read_task(words: &mut Words) -> TaskId {
    TaskId(words.number("a task"))
}

fn read_fault(words: &mut Words) -> Option<Fault> {
    let name: String = words.option("--fails")?;
    let fault = Fault::named(&name);
    if fault.is_none() {
        words.fail(format!("--fails takes one of {}.", Fault::ALL.map(Fault::name).join(", ")));
    }
    fault
}

fn read_driven_call(word: &str, words: &mut Words) -> Ask {
    const WORDS: [&str; 11] = [
        "hold-upload",
        "hold-stage",
        "finish-upload",
        "finish-stage",
        "abort-upload",
        "abort-stage",
        "hang",
        "slow",
        "setup",
        "wait",
        "scrubber-restore",
    ];
    if !WORDS.contains(&word) {
        words.fail(format!("“{word}” is no command here."));
        return Ask::Drive(Drive::Poll);
    }
    let image = words.text("an image");
    let staging = word.ends_with("-stage");
    let call = match word {
        "hold-upload" | "hold-stage" => {
            let file = words.take().and_then(|name| read_payload(words, &name));
            Call::Hold(staging, file.unwrap_or(Payload::raw(5_000)))
        }
        "finish-upload" | "finish-stage" => Call::Finish(staging, read_fault(words)),
        "abort-upload" | "abort-stage" => Call::Abort(staging),
        "hang" => Call::Hang,
        "slow" => Call::Slow,
        "setup" => {
            let name: String = words.text("a status");
            Call::Setup(read_status(words, &name))
        }
        "wait" => {
            let mut statuses = Vec::new();
            while let Some(name) = words.take() {
                statuses.push(read_status(words, &name));
            }
            Call::WaitFor(statuses)
        }
        _ => Call::Restore,
    };
    Ask::Image(image, call)
}

fn read_status(words: &mut Words, name: &str) -> ImageStatus {
    let found = ImageStatus::named(name);
    if found.is_none() {
        words.fail(format!("“{name}” is no status."));
    }
    found.unwrap_or(ImageStatus::Queued)
}
