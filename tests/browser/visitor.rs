//! Somebody at a browser: opens the page, reads, clicks, types, and sees what the browser complains of.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::webdriver::Session;

/// How often and how long a visitor looks for something that is to come.
const LOOKS: u32 = 300;
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);

/// Keeps what a policy forbade where [`Visitor::violations`] finds it, what tasks were longer than 50
/// milliseconds, and when the page became usable; runs before the page's own scripts.
const WATCH: &str = "addEventListener('securitypolicyviolation', event => \
    (window.violations ??= []).push(event.violatedDirective + ' ' + event.blockedURI)); \
    window.tasks = []; new PerformanceObserver(list => list.getEntries().forEach(task => \
        tasks.push([task.startTime, task.duration]))).observe({ type: 'longtask', buffered: true }); \
    const isUsable = () => document.querySelector('.node') && document.readyState !== 'loading' && \
        !document.getElementById('boot') && !document.querySelector('[data-place=dock]'); \
    const look = () => { if (isUsable()) { observer.disconnect(); document.onreadystatechange = null; \
        requestAnimationFrame(() => setTimeout(() => window.usable = performance.now())) } }; \
    const observer = new MutationObserver(look); document.onreadystatechange = look; \
    observer.observe(document, { attributes: true, childList: true, subtree: true });";

/// A sandboxed frame runs in the page's process, or its console and violations would not be seen.
const ARGUMENTS: &str = "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run \
    --disable-background-networking --disable-component-update --disable-sync --disable-dev-shm-usage \
    --disable-features=IsolateSandboxedIframes --hide-scrollbars --window-size=1280,800 --lang=en";

/// A fresh browser with nothing remembered.
pub(crate) struct Visitor {
    session: Session,
    // Dropped after the session, when nobody writes to it any more.
    _profile: Profile,
}

/// A folder for what the browser remembers, as long as it runs.
struct Profile(PathBuf);

impl Drop for Profile {
    fn drop(&mut self) {
        // What cannot be removed goes with `make clean`.
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl Visitor {
    /// Starts a browser with a window of 1280 by 800.
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let profile = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("profile-{}-{number}", std::process::id()));
        let mut arguments: Vec<String> = ARGUMENTS.split_whitespace().map(str::to_owned).collect();
        arguments.push(format!("--user-data-dir={}", profile.display()));
        let visitor = Self { session: Session::start(&arguments), _profile: Profile(profile) };
        visitor.session.devtools("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": WATCH }));
        visitor.size(1280, 800);
        visitor
    }

    /// Runs this in every page that is opened from now on, before the page's own scripts.
    pub(crate) fn run_early(&self, script: &str) {
        self.session.devtools("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": script }));
    }

    /// Opens an address and waits until it has loaded.
    pub(crate) fn open(&self, address: &str) {
        self.session.command("url", &json!({ "url": address })).unwrap_or_else(|problem| panic!("{problem}"));
    }

    /// Waits until the program has started and has taken over all that `index.html` shows before.
    pub(crate) fn wait_until_started(&self) {
        self.wait("the program to start", || {
            self.run(
                "return document.readyState === 'complete' && !document.querySelector('#boot, [data-place]:not([data-place=tools], [data-place=key])')",
            ) == true
        });
    }

    /// Waits until something matches the selector.
    pub(crate) fn wait_for(&self, selector: &str) {
        self.wait(selector, || self.count(selector) > 0);
    }

    /// Waits until the first match of the selector reads so, or contains this.
    pub(crate) fn wait_for_text(&self, selector: &str, text: &str) {
        self.wait(&format!("“{text}” in {selector}"), || self.text(selector).contains(text));
    }

    /// How many elements match the selector.
    pub(crate) fn count(&self, selector: &str) -> u64 {
        self.run_with("return document.querySelectorAll(arguments[0]).length", &json!([selector]))
            .as_u64()
            .unwrap_or(0)
    }

    /// What the first match of the selector reads, as it is shown; nothing when there is none.
    pub(crate) fn text(&self, selector: &str) -> String {
        let script =
            "const e = document.querySelector(arguments[0]); return e ? (e.innerText ?? e.textContent) : ''";
        self.run_with(script, &json!([selector])).as_str().unwrap_or_default().to_owned()
    }

    /// Clicks on the first match of the selector, where a person's pointer would hit it; scrolls first to
    /// where nothing that stays in its place lies over it, until the page is still there.
    pub(crate) fn click(&self, selector: &str) {
        self.wait_for(selector);
        let scroll = "const part = document.querySelector(arguments[0]); let before, looks = 30; \
            return new Promise(done => (function look() { \
                part.scrollIntoView({ block: 'center' }); \
                if (scrollY === before || looks-- === 0) return done(); \
                before = scrollY; requestAnimationFrame(look); })())";
        self.run_with(scroll, &json!([selector]));
        let element = self.session.element(selector).unwrap_or_else(|problem| panic!("{problem}"));
        let click = self.session.command(&format!("element/{element}/click"), &json!({}));
        click.unwrap_or_else(|problem| panic!("{selector} cannot be clicked: {problem}"));
    }

    /// Waits until the words have followed the picture.
    pub(crate) fn rest(&self) {
        self.run("return new Promise(done => requestAnimationFrame(() => requestIdleCallback(() => setTimeout(done), { timeout: 1000 })))");
    }

    /// Clicks on the first match of the selector that reads exactly so, when it stays where it is.
    pub(crate) fn click_text(&self, selector: &str, text: &str) {
        let mark = "const found = [...document.querySelectorAll(arguments[0])]\
            .find(e => (e.innerText ?? e.textContent).trim() === arguments[1]);\
            document.querySelectorAll('[data-clicked]').forEach(e => e.removeAttribute('data-clicked'));\
            found?.setAttribute('data-clicked', ''); return !!found;";
        let arguments = json!([selector, text]);
        let what = format!("{selector} that reads “{text}”");
        let find = || self.wait(&what, || self.run_with(mark, &arguments) == true);
        find();
        self.rest();
        find();
        self.click("[data-clicked]");
    }

    /// Presses keys one after the other, wherever the focus is: `press("Tab")`, `press("a")`.
    pub(crate) fn press(&self, keys: &str) {
        let keys: Vec<char> = key_code(keys).map_or_else(|| keys.chars().collect(), |code| vec![code]);
        let strokes: Vec<Value> = keys
            .iter()
            .flat_map(|key| {
                ["keyDown", "keyUp"].map(|kind| json!({ "type": kind, "value": key.to_string() }))
            })
            .collect();
        let body = json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": strokes }] });
        self.session.command("actions", &body).unwrap_or_else(|problem| panic!("{problem}"));
    }

    /// Gives a file field these files, as if they had been picked.
    pub(crate) fn pick_file(&self, selector: &str, path: &std::path::Path) {
        let element = self.session.element(selector).unwrap_or_else(|problem| panic!("{problem}"));
        let body = json!({ "text": path.to_string_lossy() });
        let picked = self.session.command(&format!("element/{element}/value"), &body);
        picked.unwrap_or_else(|problem| panic!("{selector} takes no file: {problem}"));
    }

    /// Makes the page's area so many CSS pixels wide and high.
    pub(crate) fn size(&self, width: u32, height: u32) {
        let parameters = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.session.devtools("Emulation.setDeviceMetricsOverride", &parameters);
    }

    /// Prefers things, as a person's settings would: `[("prefers-color-scheme", "dark")]`.
    pub(crate) fn prefer(&self, preferences: &[(&str, &str)]) {
        let features: Vec<Value> =
            preferences.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
        self.session.devtools("Emulation.setEmulatedMedia", &json!({ "features": features }));
    }

    /// Makes the processor so many times slower.
    pub(crate) fn slow_down(&self, times: u32) {
        self.session.devtools("Emulation.setCPUThrottlingRate", &json!({ "rate": times }));
    }

    /// How long the page has kept its main thread busy so far, in milliseconds of processor time.
    pub(crate) fn busy(&self) -> f64 {
        self.session.devtools("Performance.enable", &json!({ "timeDomain": "threadTicks" }));
        let metrics = self.session.devtools("Performance.getMetrics", &json!({}));
        let metrics = metrics["metrics"].as_array().into_iter().flatten();
        let busy = metrics.filter(|metric| metric["name"] == "TaskDuration");
        busy.filter_map(|metric| metric["value"].as_f64()).sum::<f64>() * 1e3
    }

    /// Makes the network slow: milliseconds before an answer, kilobits a second after.
    pub(crate) fn throttle(&self, latency: u32, kilobits: u32) {
        let bytes = kilobits * 125;
        let parameters = json!({
            "offline": false, "latency": latency, "downloadThroughput": bytes, "uploadThroughput": bytes
        });
        self.session.devtools("Network.emulateNetworkConditions", &parameters);
    }

    /// Goes into the frame that the selector matches.
    pub(crate) fn enter_frame(&self, selector: &str) {
        self.wait_for(selector);
        let element = self.session.element(selector).unwrap_or_else(|problem| panic!("{problem}"));
        let body = json!({ "id": Session::reference(&element) });
        self.session.command("frame", &body).unwrap_or_else(|problem| panic!("{problem}"));
    }

    /// Runs a script in the page; what it returns is the answer.
    pub(crate) fn run(&self, script: &str) -> Value {
        self.run_with(script, &json!([]))
    }

    /// The same, with arguments.
    pub(crate) fn run_with(&self, script: &str, arguments: &Value) -> Value {
        let body = json!({ "script": script, "args": arguments });
        self.session.command("execute/sync", &body).unwrap_or_else(|problem| panic!("{script}: {problem}"))
    }

    /// What the console has shown as an error since the last time this was asked, in every frame.
    pub(crate) fn errors(&self) -> Vec<String> {
        let log = self.session.command("se/log", &json!({ "type": "browser" })).expect("a log");
        let errors = log.as_array().into_iter().flatten().filter(|entry| entry["level"] == "SEVERE");
        errors.map(|entry| entry["message"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// What a policy has forbidden on this page.
    pub(crate) fn violations(&self) -> Vec<String> {
        strings(&self.run("return window.violations ?? []"))
    }

    /// The address of everything that this page has asked for.
    pub(crate) fn requests(&self) -> Vec<String> {
        strings(&self.run("return performance.getEntries().filter(e => /resource|navigation/.test(e.entryType)).map(e => e.name)"))
    }

    /// Fails if the browser complained, or asked another host than `origin` for something.
    pub(crate) fn assert_content(&self, origin: &str) {
        let (errors, violations) = (self.errors(), self.violations());
        assert!(errors.is_empty(), "the console shows errors: {errors:#?}");
        assert!(violations.is_empty(), "the policy was violated: {violations:#?}");
        let own = |address: &&String| address.starts_with(origin) || address.starts_with("data:");
        let requests = self.requests();
        let strange: Vec<&String> = requests.iter().filter(|address| !own(address)).collect();
        assert!(strange.is_empty(), "another host was asked: {strange:#?}");
    }

    /// Keeps what is to be seen as `target/screenshots/<name>.png`.
    pub(crate) fn screenshot(&self, name: &str) -> PathBuf {
        keep_picture(name, &self.session.ask("screenshot").expect("a picture"))
    }

    /// The same of the whole page, also what lies below the window; what stays at the window's edge while
    /// the page is scrolled stands in its own place.
    pub(crate) fn whole_page(&self, name: &str) -> PathBuf {
        self.run("document.querySelector('.dock')?.style.setProperty('position', 'relative')");
        let parameters = json!({ "captureBeyondViewport": true });
        keep_picture(name, &self.session.devtools("Page.captureScreenshot", &parameters)["data"])
    }

    /// Looks until `there` says so; gives up with a picture and the console.
    pub(crate) fn wait(&self, what: &str, there: impl Fn() -> bool) {
        for _ in 0..LOOKS {
            if there() {
                return;
            }
            thread::sleep(BETWEEN_LOOKS);
        }
        let picture = self.screenshot("given-up");
        let text = self.text("body");
        panic!(
            "waited in vain for {what}; {}\nconsole: {:#?}\npage: {text}",
            picture.display(),
            self.errors()
        );
    }
}

/// Keeps a picture, base64 as browsers send it, and says where.
fn keep_picture(name: &str, picture: &Value) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).with_file_name("screenshots");
    fs::create_dir_all(&folder).expect("a folder for pictures");
    let path = folder.join(format!("{name}.png"));
    fs::write(&path, from_base64(picture.as_str().unwrap_or_default())).expect("the picture is kept");
    path
}

fn strings(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The code point that stands for a key that has a name.
fn key_code(name: &str) -> Option<char> {
    let codes = [
        ("Enter", '\u{E007}'),
        ("Tab", '\u{E004}'),
        ("Shift", '\u{E008}'),
        ("Escape", '\u{E00C}'),
        ("Space", ' '),
        ("Backspace", '\u{E003}'),
        ("Delete", '\u{E017}'),
        ("Home", '\u{E011}'),
        ("End", '\u{E010}'),
        ("PageUp", '\u{E00E}'),
        ("PageDown", '\u{E00F}'),
        ("ArrowLeft", '\u{E012}'),
        ("ArrowUp", '\u{E013}'),
        ("ArrowRight", '\u{E014}'),
        ("ArrowDown", '\u{E015}'),
    ];
    codes.iter().find(|(known, _)| *known == name).map(|(_, code)| *code)
}

fn from_base64(text: &str) -> Vec<u8> {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut bits, mut held) = (Vec::with_capacity(text.len() * 3 / 4), 0_u32, 0);
    for digit in text.bytes().filter_map(|byte| DIGITS.iter().position(|&digit| digit == byte)) {
        bits = bits << 6 | u32::try_from(digit).expect("below 64");
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xFF).expect("a byte"));
        }
    }
    bytes
}
