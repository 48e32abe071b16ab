//! The first load: until something is seen, until the page can be used, and how long it was blocked.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

use super::{SLOWER, Site, Visitor, median, row, server};

const LOADS: usize = 9;

/// How long a page is left alone: being asked whether it is usable would take its time.
const ALONE: Duration = Duration::from_millis(2_500);

/// Keeps when the first frame with the whole of the last diagram had been drawn, as the browser's own clock has
/// it: a script that asks after the frame comes to its turn only after other work; runs before the page's own
/// scripts.
const WATCH: &str = "const diagrams = document.getElementsByClassName('diagram'); \
    const drawn = new IntersectionObserver(([frame]) => { drawn.disconnect(); window.pictured = frame.time }); \
    const see = () => { const last = diagrams[1]; \
        if (last && (last.parentNode.nextElementSibling || document.readyState !== 'loading')) { \
            watch.disconnect(); document.removeEventListener('readystatechange', see); drawn.observe(last) } }; \
    const watch = new MutationObserver(see); document.addEventListener('readystatechange', see); \
    watch.observe(document, { childList: true, subtree: true });";

/// One of the pages that are compared.
struct Page {
    name: &'static str,
    folder: PathBuf,
    origin: String,
    loads: Vec<[f64; FIGURES.len()]>,
}

/// What is measured of a load, as the page's scripts say it: the first paint of anything, the first with both
/// diagrams, when it was usable, and what each task until a while after that took longer than 50.
const FIGURES: [&str; 4] = [
    "performance.getEntriesByName('first-contentful-paint')[0]?.startTime",
    "window.pictured",
    "window.usable",
    "tasks.reduce((sum, [, time]) => sum + time - 50, 0)",
];
const DIAGRAMS: usize = 1;
const USABLE: usize = 2;
const BLOCKED: usize = 3;

/// The lab, the floor of its tools, the limit: the same picture without a program, and both of these together:
/// the least page that shows the picture first and has a program.
pub(super) fn measure() {
    println!("\nStart, the median of {LOADS} loads: first paint · both diagrams · usable · blocked");
    let measured = server::dist().with_file_name("target").join("measure");
    let hello = measured.join("hello");
    let least = measured.join("least");
    let visitor = Visitor::new();
    let lab = Site::page("/").serve();
    visitor.open(&lab);
    visitor.wait_until_started();
    let picture = picture(&visitor);
    add_to(&hello, &least, &picture);
    let page = |name, folder, origin| Page { name, folder, origin, loads: Vec::new() };
    let mut pages = [
        page("the lab", server::dist(), lab),
        page("a bare Yew page", hello.clone(), Site::folder(hello, "/").serve()),
        page("both diagrams as a static page", PathBuf::new(), Site::html(html("", &picture)).serve()),
        page("both diagrams and the bare program", least.clone(), Site::folder(least, "/").serve()),
    ];
    for _ in 0..LOADS {
        for page in &mut pages {
            // Nothing is remembered of the load before, and the browser itself has warmed up.
            let visitor = Visitor::new();
            visitor.run_early(WATCH);
            visitor.open("data:text/html,<svg><text>An empty page</text></svg>");
            visitor.slow_down(SLOWER);
            page.loads.push(load(&visitor, &page.origin));
        }
    }
    let middle = |page: &Page, figure: usize| median(page.loads.iter().map(|load| load[figure]).collect());
    for page in &pages {
        let figures = [0, 1, 2, 3].map(|figure| middle(page, figure));
        let figures =
            figures.map(|figure| if figure.is_nan() { "–".to_owned() } else { format!("{figure:.0}") });
        row(page.name, &figures.join(" · "), "");
    }
    let [lab, floor, limit, least] = &pages;
    let beside = |page, floor, figure| format!("{:.2}", middle(page, figure) / middle(floor, figure));
    row("both diagrams beside the static page", &beside(lab, limit, DIAGRAMS), "at most 1.5 times");
    row("usable beside the bare Yew page", &beside(lab, floor, USABLE), "at most 1.3 times");
    row("… and of the least page with both diagrams", &beside(least, floor, USABLE), "");
    row("blocked", &format!("{:.0}", middle(lab, BLOCKED)), "below 200");
    for (page, bar) in [(lab, "at most 6 · 190"), (floor, "")] {
        let (requests, size) = weight(&visitor, page);
        row(&format!("requests · kB of brotli: {}", page.name), &format!("{requests} · {size:.1}"), bar);
    }
}

/// The [`FIGURES`] of one load.
fn load(visitor: &Visitor, origin: &str) -> [f64; FIGURES.len()] {
    visitor.open("about:blank");
    visitor.open(origin);
    thread::sleep(ALONE);
    visitor.wait("the page to be usable", || visitor.run("return !!window.usable") == true);
    FIGURES.map(|figure| visitor.run(&format!("return {figure}")).as_f64().unwrap_or(f64::NAN))
}

/// What the lab shows as its diagrams.
fn picture(visitor: &Visitor) -> String {
    let script = "return [...document.querySelectorAll('svg.diagram')].map(svg => svg.outerHTML).join('')";
    let diagrams = visitor.run(script).as_str().unwrap_or_default().to_owned();
    format!("<main class=stages>{diagrams}</main>")
}

/// A page with the lab's style that shows the picture.
fn html(head: &str, picture: &str) -> String {
    let style = fs::read_to_string(server::dist().with_file_name("static").join("style.css"));
    let style = style.unwrap_or_default();
    format!(
        "<!DOCTYPE html><html lang=en><title>Static</title><link rel=icon href=data:,><style>{style}</style>\
         {head}{picture}"
    )
}

/// Adds the picture to a copy of the bare page; the program is there when the last line is gone.
fn add_to(hello: &Path, copy: &Path, picture: &str) {
    fs::create_dir_all(copy).expect("a folder for the copy");
    for file in fs::read_dir(hello).expect("the bare page is built").flatten() {
        fs::copy(file.path(), copy.join(file.file_name())).expect("its files are copied");
    }
    let page = fs::read_to_string(hello.join("index.html")).expect("it has a page");
    let head = page.split_once("<head>").and_then(|(_, rest)| rest.split_once("</head>"));
    let (head, _) = head.expect("it has a head");
    let end = "<div id=hello></div><p id=boot><script>addEventListener('TrunkApplicationStarted', \
        () => document.getElementById('boot').remove())</script>";
    fs::write(copy.join("index.html"), html(head, picture) + end).expect("the page is written");
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

fn compressed(file: &Path) -> f64 {
    let script = "source scripts/brotli.sh && compressed \"$0\"";
    let output = Command::new("bash").arg("-c").arg(script).arg(file).output().expect("bash runs");
    String::from_utf8_lossy(&output.stdout).trim().parse().unwrap_or(f64::NAN)
}
