//! Frames while many images move at once: how far they lie apart, and how long each keeps the page busy.

use super::{SLOWER, Site, Visitor, journals, median, row, visit};

/// Plays until images move, slows time down so that they go on moving, and lets that begin.
const SET_MOVING: &str = "const choose = value => { const speed = document.querySelector('[aria-label=Speed]'); \
    speed.value = value; speed.dispatchEvent(new Event('change', { bubbles: true })) }; \
    const play = () => document.querySelector('.transport__play').click(); \
    return new Promise(done => { const watch = () => { \
        if (!document.querySelector('.token.is-moving, .crowd')) return requestAnimationFrame(watch); \
        choose('0.1×'); setTimeout(done, 500) }; play(); watch() })";

/// Three seconds of frames: the time between each two.
const WATCH_FRAMES: &str = "return new Promise(done => { const frames = []; let first, last; \
    const frame = now => { if (last) frames.push(now - last); first ??= now; last = now; \
        if (now - first < 3000) requestAnimationFrame(frame); else done(frames) }; \
    requestAnimationFrame(frame) })";

/// How many images are drawn on their way in one frame: tokens, and in crowds squares and numbers.
const COUNT_MOVING: &str = "const pen = CanvasRenderingContext2D.prototype, { rect, fillText } = pen; let drawn = 0; \
    pen.rect = function (...box) { drawn += 1; rect.apply(this, box) }; \
    pen.fillText = function (...text) { drawn += 1; fillText.apply(this, text) }; \
    const tokens = () => document.querySelectorAll('.token.is-moving').length; \
    return new Promise(done => requestAnimationFrame(() => { drawn = 0; requestAnimationFrame(() => { \
        Object.assign(pen, { rect, fillText }); done(drawn + tokens()) }) }))";

const ROUNDS: usize = 3;

/// Frames of an empty page, and with 200 and 1,000 images on their way.
pub(super) fn measure() {
    println!("\nFrames: 95th percentile of the time between two · main thread per frame");
    let empty = || {
        let origin = Site::html("<!DOCTYPE html><title>Empty</title><link rel=icon href=data:,>".to_owned());
        let visitor = Visitor::new();
        visitor.open(&origin.serve());
        visitor.slow_down(SLOWER);
        (visitor, 0)
    };
    report("an empty page", "", empty);
    for (count, bar) in [(200, "at most 17 · 6"), (1_000, "at most 34 · 10")] {
        let journal = journals::about_to_end(count);
        report(&format!("{count} images that move"), bar, || {
            let visitor = visit(&journal);
            visitor.run(SET_MOVING);
            let moving = visitor.run(COUNT_MOVING).as_u64().unwrap_or(0);
            (visitor, moving)
        });
    }
}

fn report(what: &str, bar: &str, set_up: impl Fn() -> (Visitor, u64)) {
    let (mut late, mut busy, mut seen) = (Vec::new(), Vec::new(), 0);
    for _ in 0..ROUNDS {
        let (visitor, moving) = set_up();
        let before = visitor.busy();
        let mut frames = super::figures(&visitor.run(WATCH_FRAMES));
        busy.push((visitor.busy() - before) / frames.iter().map(|_| 1.0).sum::<f64>());
        frames.sort_by(f64::total_cmp);
        late.push(frames.get(frames.len() * 95 / 100).copied().unwrap_or(f64::NAN));
        seen = moving;
    }
    let seen = if seen > 0 { format!(" ({seen} drawn)") } else { String::new() };
    row(&format!("{what}{seen}"), &format!("{:.1} · {:.1}", median(late), median(busy)), bar);
}
