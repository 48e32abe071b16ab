//! A pool of 10,000 images: opened, scrolled, filtered and sorted, and the longest task of each.

use super::{Visitor, journals, row, visit};

const IMAGES: usize = 10_000;

/// What is done after the page has started, one after the other.
const DEEDS: [(&str, &str); 5] = [
    (
        "scroll it to its middle and its end",
        "const list = document.querySelector('.list__rows'); \
        list.scrollTop = list.scrollHeight / 2; await rest(300); list.scrollTop = list.scrollHeight",
    ),
    ("sort it by name", "document.querySelectorAll('.list thead button')[3].click()"),
    (
        "sort it by state, downwards",
        "const state = document.querySelectorAll('.list thead button')[8]; \
        state.click(); await rest(300); document.querySelectorAll('.list thead button')[8].click()",
    ),
    ("filter it by a name", "type('image-99')"),
    ("filter it by a state", "type('disabled')"),
];

/// Runs a deed, waits until all is calm and says how long its longest task was; 0 for none above 50.
const PERFORM: &str = "const rest = time => new Promise(done => setTimeout(done, time)); \
    const type = text => { const filter = document.querySelector('.list__filter'); filter.value = text; \
        filter.dispatchEvent(new InputEvent('input', { bubbles: true })) }; \
    return (async () => { const tasks = []; \
        new PerformanceObserver(list => list.getEntries().forEach(task => tasks.push(task.duration))).observe({ type: 'longtask' }); \
        DEED; await rest(1500); return Math.max(0, ...tasks) })()";

/// The longest task from the beginning of the load until a while after it.
fn opened(visitor: &Visitor) -> f64 {
    visitor.run("return new Promise(done => setTimeout(done, 3000))");
    let longest = visitor.run("return Math.max(0, ...tasks.map(([, time]) => time))");
    longest.as_f64().unwrap_or(f64::NAN)
}

/// The longest task of each deed.
pub(super) fn measure() {
    println!("\nA pool of {IMAGES} images: the longest task (0: none above 50)");
    let floor = opened(&visit(&journals::pool(1)));
    let visitor = visit(&journals::pool(IMAGES));
    let longest = |script: &str| format!("{:.0}", visitor.run(script).as_f64().unwrap_or(f64::NAN));
    row("open it · a pool of one image", &format!("{:.0} · {floor:.0}", opened(&visitor)), "at most 50");
    for (what, deed) in DEEDS {
        row(what, &longest(&PERFORM.replace("DEED", deed)), "at most 50");
    }
    let rows = visitor.count(".list tbody tr");
    let nodes = visitor.run("return document.querySelectorAll('*').length").as_u64().unwrap_or(0);
    row("rows in the document · elements", &format!("{rows} · {nodes}"), "");
}
