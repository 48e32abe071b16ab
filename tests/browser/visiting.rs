//! That the visitor of the other tests does what a person does, and notices what goes wrong.

use super::hosting::visit_in_a_sandboxed_frame;
use super::server::{self, Site};
use super::visitor::Visitor;

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
    assert!(visitor.busy() > 0.0);
    visitor.pick_file("[type=file]", &server::dist().join("index.html"));
    visitor.wait_for_text("#out", "index.html");
    visitor.assert_content(&origin);
}

#[test]
fn a_visitor_notices_what_goes_wrong_in_a_sandboxed_frame_too() {
    let (visitor, _) = visit_in_a_sandboxed_frame();
    visitor.run("document.body.setAttribute('style', 'color: red'); console.error('planted')");
    assert!(visitor.violations().iter().any(|violation| violation.contains("style")));
    assert!(visitor.errors().iter().any(|error| error.contains("planted")));
}
