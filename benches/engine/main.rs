//! How fast the engine is: `make bench`. Natively this prints figures; compiled to wasm it is the
//! module that `../peers/compare.mjs` runs beside `XState`.

#[cfg(not(target_arch = "wasm32"))]
mod exploration;
#[cfg(not(target_arch = "wasm32"))]
#[path = "../../tests/exploration/model.rs"]
mod model;
#[cfg(target_arch = "wasm32")]
mod page;
#[cfg(not(target_arch = "wasm32"))]
mod pools;
#[cfg(not(target_arch = "wasm32"))]
mod throughput;
mod workload;

#[cfg(target_arch = "wasm32")]
fn main() {}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let parts: [(&str, fn()); 3] =
        [("throughput", throughput::run), ("exploration", exploration::run), ("pools", pools::run)];
    for (name, run) in parts {
        if wanted.is_empty() || wanted.iter().any(|word| word == name) {
            run();
        }
    }
}

/// The time that this process has computed, in seconds, all threads together; to the hundredth, so what
/// is measured must last.
#[cfg(not(target_arch = "wasm32"))]
#[expect(clippy::disallowed_methods, reason = "where the system does not count it, wall time must do")]
fn cpu_seconds() -> f64 {
    static START: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
    let start = *START;
    let counted = std::fs::read_to_string("/proc/self/stat").ok().and_then(|line| {
        let mut fields = line.rsplit_once(')')?.1.split_whitespace().skip(11);
        let (user, system): (f64, f64) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
        Some((user + system) / 100.0)
    });
    counted.unwrap_or_else(|| start.elapsed().as_secs_f64())
}
