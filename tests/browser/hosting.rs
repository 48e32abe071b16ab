//! The built page where it is hosted: below any path, in a sandboxed frame, under a strict policy; and what it
//! says where it cannot start.

use super::server::{self, Site};
use super::visit;
use super::visitor::Visitor;

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
    let (visitor, origin) = visit_in_a_sandboxed_frame();
    assert_eq!(visitor.run("return origin"), "null");
    visitor.screenshot("embedded");
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
fn a_page_that_breaks_says_so_and_goes_on_after_a_reload() {
    let (visitor, _) = visit();
    visitor.click("[aria-label='One step forward']");
    visitor.wait_for_text(".transport__place", "step 5");
    visitor.run(
        "dispatchEvent(new ErrorEvent('error', { error: new WebAssembly.RuntimeError('unreachable') }))",
    );
    visitor.wait_for_text(".failure", "The lab broke at this step. Your session is kept.");
    visitor.click(".failure a");
    visitor.wait_until_started();
    visitor.wait_for_text(".transport__place", "step 5");
}

/// A visitor in the page, which another site has in a sandboxed frame; and where the page is.
pub(super) fn visit_in_a_sandboxed_frame() -> (Visitor, String) {
    let origin = Site::page("/").serve();
    let host = Site::html(sandboxed(&origin)).serve();
    let visitor = Visitor::new();
    visitor.open(&host);
    visitor.enter_frame("iframe");
    visitor.wait_until_started();
    (visitor, origin)
}

/// Somebody's page that embeds ours with no more rights than the embed asks for.
fn sandboxed(origin: &str) -> String {
    format!(
        "<!DOCTYPE html><title>Somebody's documentation</title><link rel=icon href=data:,>\
         <iframe sandbox=allow-scripts width=900 height=600 src=\"{origin}/?embed=1&system=opennebula\"></iframe>"
    )
}
