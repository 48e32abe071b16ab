//! The built page in a real browser: it starts wherever it is hosted, below any path, in a sandboxed
//! frame and under a strict policy, and says why where it cannot.
//!
//! `make test` builds the page and finds the browser; alone:
//! `make build && cargo test --features browser --test browser`.

#[path = "browser/server.rs"]
mod server;
#[path = "browser/visitor.rs"]
mod visitor;
#[path = "browser/webdriver.rs"]
mod webdriver;

use server::Site;
use visitor::Visitor;

#[test]
fn the_page_starts_and_asks_no_other_host() {
    let origin = Site::page("/").serve();
    let visitor = Visitor::new();
    visitor.open(&origin);
    visitor.wait_until_started();
    assert_eq!(visitor.run("return isSecureContext && typeof WebAssembly"), "object");
    visitor.assert_content(&origin);
}

#[test]
fn the_page_works_below_any_path() {
    let origin = Site::page("/some/sub/path/").serve();
    let visitor = Visitor::new();
    visitor.open(&format!("{origin}/some/sub/path/"));
    visitor.wait_until_started();
    visitor.assert_content(&format!("{origin}/some/sub/path/"));
}

#[test]
fn the_page_works_in_a_sandboxed_frame_of_another_site() {
    let origin = Site::page("/").serve();
    let host = Site::html(sandboxed(&origin)).serve();
    let visitor = Visitor::new();
    visitor.open(&host);
    visitor.enter_frame("iframe");
    visitor.wait_until_started();
    assert_eq!(visitor.run("return origin"), "null");
    visitor.screenshot("embedded");
    visitor.assert_content(&origin);
}

#[test]
fn pictures_are_taken_in_light_in_dark_and_on_a_phone() {
    let origin = Site::page("/").serve();
    let visitor = Visitor::new();
    for (name, width, height, scheme) in
        [("light", 1280, 800, "light"), ("dark", 1280, 800, "dark"), ("phone", 390, 844, "light")]
    {
        visitor.size(width, height);
        visitor.prefer(&[("prefers-color-scheme", scheme), ("prefers-reduced-motion", "reduce")]);
        visitor.open(&origin);
        visitor.wait_until_started();
        visitor.screenshot(name);
        assert!(
            visitor.run("return document.documentElement.scrollWidth <= innerWidth") == true,
            "at {width} pixels the page is wider than its window"
        );
    }
    visitor.assert_content(&origin);
}

#[test]
fn a_page_that_cannot_start_says_why() {
    let visitor = Visitor::new();
    let explanation = |address: &str| {
        visitor.open(address);
        visitor.wait_for_text("[role=alert]", "could not start");
        visitor.text("[role=alert]")
    };
    let incomplete = Site::page("/").without(".wasm").serve();
    assert!(explanation(&incomplete).contains("could not be loaded"));
    let forbidden = Site::page("/").with_policy("script-src 'self'").serve();
    assert!(explanation(&forbidden).contains("wasm-unsafe-eval"));
    let file = format!("file://{}", server::dist().join("index.html").display());
    assert!(explanation(&file).contains("opened as a file"));
}

#[test]
fn a_visitor_notices_what_goes_wrong_in_a_sandboxed_frame_too() {
    let origin = Site::page("/").serve();
    let host = Site::html(sandboxed(&origin)).serve();
    let visitor = Visitor::new();
    visitor.open(&host);
    visitor.enter_frame("iframe");
    visitor.wait_until_started();
    visitor.run("document.body.setAttribute('style', 'color: red'); console.error('planted')");
    assert!(visitor.violations().iter().any(|violation| violation.contains("style")));
    assert!(visitor.errors().iter().any(|error| error.contains("planted")));
}

#[test]
fn a_visitor_clicks_types_and_picks_files() {
    let page = "<!DOCTYPE html><title>Tried out</title><link rel=icon href=data:,>\
        <button onclick=\"out.textContent = 'first'\">One</button>\
        <button onclick=\"out.textContent = 'second'\">Two</button>\
        <input oninput=\"out.textContent = value\" onkeydown=\"if (key == 'Enter') out.textContent += '!'\">\
        <input type=file onchange=\"out.textContent = files[0].name\"><p id=out></p>";
    let origin = Site::html(page.replace("if (key", "if (event.key")).serve();
    let visitor = Visitor::new();
    visitor.slow_down(2);
    visitor.throttle(20, 1000);
    visitor.open(&origin);
    visitor.click("button");
    visitor.wait_for_text("#out", "first");
    visitor.click_text("button", "Two");
    visitor.wait_for_text("#out", "second");
    visitor.press("Tab");
    visitor.press("typed");
    visitor.press("Enter");
    visitor.wait_for_text("#out", "typed!");
    visitor.pick_file("[type=file]", &server::dist().join("index.html"));
    visitor.wait_for_text("#out", "index.html");
    visitor.assert_content(&origin);
}

/// Somebody's page that embeds ours with no more rights than the embed asks for.
fn sandboxed(origin: &str) -> String {
    format!(
        "<!DOCTYPE html><title>Somebody's documentation</title><link rel=icon href=data:,>\
         <iframe sandbox=allow-scripts width=900 height=600 src=\"{origin}/?embed=1&system=opennebula\"></iframe>"
    )
}
