//! Seeking in a long journal: from the input to the right frame.

use serde_json::json;

use super::{figures, journals, row, visit};

/// Goes to each place of the arguments and waits until it is shown: the time from the input until the
/// frame that shows it was handed over.
const SEEK: &str = "const line = document.querySelector('.transport__line'); \
    const shown = place => document.querySelector('.transport__place').textContent.startsWith(`step ${place} of`); \
    const seek = place => new Promise(done => { const begun = performance.now(); line.value = place; \
        line.dispatchEvent(new InputEvent('input', { bubbles: true })); \
        const look = () => shown(place) ? setTimeout(() => done(performance.now() - begun)) : requestAnimationFrame(look); \
        requestAnimationFrame(look) }); \
    return (async () => { const times = []; for (const place of arguments[0]) times.push(await seek(place)); return times })()";

/// Journals of 10,000 and 100,000 steps.
pub(super) fn measure() {
    println!("\nSeeking: from the input to the frame, the median and the longest of nine places");
    for (steps, bar) in [(10_000, "at most 50"), (100_000, "at most 100")] {
        let visitor = visit(&journals::long(steps));
        // What is still drawn of the load is no part of a seek.
        visitor.run("return new Promise(done => setTimeout(done, 1500))");
        let places = [1, steps - 1, steps / 2, 7, steps * 9 / 10 + 63, steps / 3, steps / 3 + 64, 0, steps];
        let mut times = figures(&visitor.run_with(SEEK, &json!([places])));
        times.sort_by(f64::total_cmp);
        let longest = times.last().copied().unwrap_or(f64::NAN);
        row(
            &format!("a journal of {steps} steps"),
            &format!("{:.1} · {longest:.1}", super::median(times)),
            bar,
        );
    }
}
