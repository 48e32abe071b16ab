//! How fast the built page is in a browser whose processor is four times slower: `make measure`.
//!
//! Every figure stands beside a floor of the same run: an empty page, a bare Yew page of the same
//! tools, the same picture as a static page. Nothing is asserted; the bars are in the table.

#[path = "page/frames.rs"]
mod frames;
#[path = "page/journals.rs"]
mod journals;
#[path = "page/list.rs"]
mod list;
#[path = "page/seeking.rs"]
mod seeking;
#[path = "../tests/browser/server.rs"]
#[expect(dead_code, reason = "the tests need more of it")]
mod server;
#[path = "page/start.rs"]
mod start;
#[path = "../tests/browser/visitor.rs"]
#[expect(dead_code, reason = "the tests need more of it")]
mod visitor;
#[path = "../tests/browser/webdriver.rs"]
mod webdriver;

use serde_json::{Value, json};
use server::Site;
use visitor::Visitor;

/// So many times slower than this machine is the one that is measured.
const SLOWER: u32 = 4;

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let parts: [(&str, fn()); 4] = [
        ("start", start::measure),
        ("frames", frames::measure),
        ("list", list::measure),
        ("seeking", seeking::measure),
    ];
    println!("The page with the processor {SLOWER} times slower; milliseconds unless it says otherwise.");
    for (name, measure) in parts {
        if wanted.is_empty() || wanted.iter().any(|word| word == name) {
            measure();
        }
    }
}

/// Somebody at a slow machine, on the page with this journal kept from an earlier visit.
fn visit(journal: &str) -> Visitor {
    let origin = Site::page("/").serve();
    let visitor = Visitor::new();
    visitor.open(&origin);
    visitor.wait_until_started();
    visitor.run_with("localStorage.setItem('image-lifecycle-lab journal', arguments[0])", &json!([journal]));
    visitor.slow_down(SLOWER);
    visitor.open(&origin);
    visitor.wait_until_started();
    let steps = journal.lines().last().and_then(|line| line.split(' ').nth(2)).unwrap_or_default();
    visitor.wait_for_text(".transport__place", &format!("step {steps} of"));
    visitor
}

/// The middle one.
fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The figures that a script returned.
fn figures(value: &Value) -> Vec<f64> {
    value.as_array().into_iter().flatten().filter_map(Value::as_f64).collect()
}

/// One line of the table.
fn row(what: &str, figures: &str, bar: &str) {
    println!("  {what:<46} {figures:>34}  {bar}");
}
