//! The first load: until something is seen, until the page can be used, and how long it was blocked.

use std::path::PathBuf;
use std::process::Command;

use super::{SLOWER, Site, Visitor, median, row, server};

const LOADS: usize = 5;

/// One of the pages that are compared.
struct Page {
    name: &'static str,
    folder: PathBuf,
    origin: String,
    loads: Vec<[f64; 3]>,
}

/// The lab, the floor of its tools, and the limit: the same picture without a program.
pub(super) fn measure() {
    println!("\nStart, the median of {LOADS} loads: first paint · usable · blocked");
    let target = server::dist().with_file_name("target").join("measure");
    let hello = target.join("hello");
    let visitor = Visitor::new();
    let lab = Site::page("/").serve();
    visitor.open(&lab);
    visitor.wait_until_started();
    let picture = picture(&visitor);
    let page = |name, folder, origin| Page { name, folder, origin, loads: Vec::new() };
    let mut pages = [
        page("the lab", server::dist(), lab),
        page("a bare Yew page", hello.clone(), Site::folder(hello, "/").serve()),
        page("both diagrams as a static page", PathBuf::new(), Site::html(picture).serve()),
    ];
    for _ in 0..LOADS {
        for page in &mut pages {
            // Nothing is remembered of the load before, and the browser itself has warmed up.
            let visitor = Visitor::new();
            visitor.open("data:text/html,<svg><text>An empty page</text></svg>");
            visitor.slow_down(SLOWER);
            page.loads.push(load(&visitor, &page.origin));
        }
    }
    let middle = |page: &Page, figure: usize| median(page.loads.iter().map(|load| load[figure]).collect());
    for page in &pages {
        let figures = [0, 1, 2].map(|figure| format!("{:.0}", middle(page, figure)));
        row(page.name, &figures.join(" · "), "");
    }
    let [lab, floor, limit] = &pages;
    row("first paint beside the static page", &ratio(middle(lab, 0), middle(limit, 0)), "at most 1.5 times");
    row("usable beside the bare Yew page", &ratio(middle(lab, 1), middle(floor, 1)), "at most 1.3 times");
    row("blocked", &format!("{:.0}", middle(lab, 2)), "below 200");
    for (page, bar) in [(lab, "at most 6 · 190"), (floor, "")] {
        let (requests, size) = weight(&visitor, page);
        row(&format!("requests · kB of brotli: {}", page.name), &format!("{requests} · {size:.1}"), bar);
    }
}

fn ratio(figure: f64, floor: f64) -> String {
    format!("{:.2}", figure / floor)
}

/// First paint, usable, blocked: the time above 50 of each task until a while after it was usable.
fn load(visitor: &Visitor, origin: &str) -> [f64; 3] {
    visitor.open("about:blank");
    visitor.open(origin);
    visitor.wait("the page to be usable", || visitor.run("return !!window.usable") == true);
    visitor.run("return new Promise(done => setTimeout(done, 700))");
    let number = |script: &str| visitor.run(script).as_f64().unwrap_or(f64::NAN);
    [
        number("return performance.getEntriesByName('first-contentful-paint')[0]?.startTime"),
        number("return usable"),
        number("return tasks.reduce((sum, [, time]) => sum + time - 50, 0)"),
    ]
}

/// What the lab shows as its diagrams, in a page that is nothing else.
fn picture(visitor: &Visitor) -> String {
    let script = "return [...document.querySelectorAll('svg.diagram')].map(svg => svg.outerHTML).join('')";
    let diagrams = visitor.run(script).as_str().unwrap_or_default().to_owned();
    let style = std::fs::read_to_string(server::dist().with_file_name("static").join("style.css"));
    format!(
        "<!DOCTYPE html><html lang=en><title>Static</title><link rel=icon href=data:,><style>{}</style>\
         <main class=stages>{diagrams}</main>",
        style.unwrap_or_default()
    )
}

/// How much a first visit asks for: requests, and kilobytes of brotli.
fn weight(visitor: &Visitor, page: &Page) -> (usize, f64) {
    load(visitor, &page.origin);
    let requests = visitor.requests();
    let own = requests.iter().filter_map(|address| address.strip_prefix(&page.origin));
    let bytes = own.map(|path| {
        let name = path.trim_start_matches('/').split('?').next().unwrap_or_default();
        compressed(&page.folder.join(if name.is_empty() { "index.html" } else { name }))
    });
    let bytes: Vec<f64> = bytes.collect();
    (bytes.len(), bytes.iter().sum::<f64>() / 1e3)
}

fn compressed(file: &std::path::Path) -> f64 {
    let script = "source scripts/brotli.sh && compressed \"$0\"";
    let output = Command::new("bash").arg("-c").arg(script).arg(file).output().expect("bash runs");
    String::from_utf8_lossy(&output.stdout).trim().parse().unwrap_or(f64::NAN)
}
