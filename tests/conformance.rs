//! The judge of fidelity: recordings of the real daemons, replayed by our rules.
//!
//! Replays `tests/conformance/<system>/`, or the folder that `CONFORMANCE_DIR` names, which has the
//! same layout and may lack parts. With `CONFORMANCE_REPORT=FILE` it writes what agreed and what
//! did not as JSON. Differences that are known stand in `tests/conformance/known-gaps.txt`, each
//! with its reason.
//!
//! Recordings whose names begin with `own_` are ours: of the code of Glance 33.0.0, run in one process with the
//! stores, personas and settings of the others.

#[path = "conformance/gaps.rs"]
mod gaps;
#[path = "conformance/glance_matrix.rs"]
mod glance_matrix;
#[path = "conformance/matrices.rs"]
mod matrices;
#[path = "conformance/opennebula_matrix.rs"]
mod opennebula_matrix;
#[path = "conformance/report.rs"]
mod report;
#[path = "conformance/sessions.rs"]
mod sessions;
#[path = "conformance/traces.rs"]
mod traces;

use std::cell::RefCell;
use std::fs;
use std::io::Write as _;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::thread;

use lab::engine::SimTime;
use lab::systems;
use report::{Report, SystemReport};

/// What a recording of any kind came to: a part of one system's report.
type Judge<'a> = Box<dyn Fn() -> SystemReport + Sync + 'a>;

#[test]
fn our_rules_answer_as_the_real_systems_did() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance");
    let chosen = std::env::var_os("CONFORMANCE_DIR").map(PathBuf::from);
    keep_panics_of_judges();
    let report = replay(chosen.as_deref().unwrap_or(&own));
    if let Some(file) = std::env::var_os("CONFORMANCE_REPORT") {
        fs::write(&file, report.to_json()).expect("CONFORMANCE_REPORT names a file that can be written");
    }
    // Not with `print!`, which a test that passes keeps to itself.
    let _ = write!(std::io::stderr(), "{}", report.counts());
    let known = fs::read_to_string(own.join("known-gaps.txt")).unwrap_or_default();
    let known = gaps::read(&known).unwrap_or_else(|problem| panic!("known-gaps.txt: {problem}"));
    let unknown = gaps::unlisted(&known, &report);
    let closed = if chosen.is_none() { gaps::closed(&known, &report) } else { Vec::new() };
    assert!(unknown.is_empty() && closed.is_empty(), "{}", report::verdict(&unknown, &closed));
}

/// Replays everything below `root`, on all processors.
fn replay(root: &Path) -> Report {
    let mut report = Report::default();
    for system in 0..systems::CATALOG.len() {
        let name = systems::CATALOG[system](SimTime::START).name();
        report.systems.insert(name, SystemReport::default());
        let judges: Vec<Judge<'_>> = traces::judges(root, system, name)
            .into_iter()
            .chain(matrices::judges(root, name))
            .chain(sessions::judges(root, name))
            .collect();
        for part in in_parallel(&judges) {
            report.systems.entry(name).or_default().add(part);
        }
    }
    report
}

/// The results in the order of the judges. Each judge makes its own worlds, so nothing is shared.
fn in_parallel(judges: &[Judge<'_>]) -> Vec<SystemReport> {
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let hand = |worker: usize| {
        let mine = (worker..judges.len()).step_by(workers);
        mine.map(|index| (index, judges[index]())).collect::<Vec<_>>()
    };
    let mut results: Vec<(usize, SystemReport)> = thread::scope(|scope| {
        let hands: Vec<_> = (0..workers).map(|worker| scope.spawn(move || hand(worker))).collect();
        hands.into_iter().flat_map(|hand| hand.join().expect("a judge catches its panics")).collect()
    });
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, part)| part).collect()
}

/// The files of `folder` with this extension, sorted by name; none when there is no such folder.
fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.map(|entry| entry.expect("an entry of the folder").path());
    let mut files: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|e| e == extension)).collect();
    files.sort();
    files
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

thread_local! {
    /// Whether this thread runs a judge, and what it said when it panicked.
    static JUDGING: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Lets a judge's panic be a difference like any other, instead of pages of backtrace.
fn keep_panics_of_judges() {
    let otherwise = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        let is_judging = JUDGING.with_borrow_mut(|judging| {
            judging.as_mut().map(|words| *words = panic.to_string().replace('\n', " ")).is_some()
        });
        if !is_judging {
            otherwise(panic);
        }
    }));
}

/// What `judge` finds, or the words of its panic.
fn or_panic<T>(judge: impl FnOnce() -> T) -> Result<T, String> {
    JUDGING.set(Some(String::new()));
    let found = panic::catch_unwind(AssertUnwindSafe(judge));
    let words = JUDGING.take().unwrap_or_default();
    found.map_err(|_| words)
}
