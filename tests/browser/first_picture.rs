//! The picture that is there before the program, and what is done until the program has taken it over.

use std::thread;
use std::time::Duration;

use super::server::Site;
use super::visitor::Visitor;
use super::{OPENNEBULA, targets};

/// Notes what the program draws and what index.html holds, without what only one of them writes down,
/// and how much the page has shifted.
const NOTE_PICTURES: &str = "const shape = page => [...page.querySelectorAll('#app *')].map(node => \
    [node.tagName, node.getAttribute('class'), node.getAttribute('d'), node.getAttribute('aria-label'), \
     node.childElementCount ? '' : node.textContent].join('|')).join('\\n'); \
    window.shifted = 0; window.drawn = shape(document); \
    new PerformanceObserver(list => list.getEntries().forEach(shift => shifted += shift.value)) \
        .observe({ type: 'layout-shift', buffered: true }); \
    const request = new XMLHttpRequest(); request.open('GET', location.href); request.responseType = 'document'; \
    request.onload = () => window.first = shape(request.response); request.send()";

#[test]
fn the_first_picture_is_the_programs_own_and_nothing_shifts_when_it_takes_over() {
    for (width, height) in [(1280, 800), (1280, 1024), (820, 1180), (390, 844)] {
        let visitor = Visitor::new();
        visitor.size(width, height);
        let origin = Site::page("/").serve();
        visitor.open(&origin);
        visitor.wait_until_started();
        visitor.run(NOTE_PICTURES);
        visitor.wait("index.html", || visitor.run("return window.first").is_string());
        let first = visitor.run("return first");
        assert!(first.as_str().is_some_and(|picture| picture.contains("LOCKED_USED_PERS")));
        assert_eq!(first, visitor.run("return drawn"));
        let shifted = visitor.run("return shifted");
        assert!(shifted.as_f64().is_some_and(|shifted| shifted < 0.001), "{shifted} at {width} × {height}");
        let branch = visitor.run("return document.querySelector('.tools input').value");
        assert_eq!(branch, "one image’s life", "the branch has its name before the rules come");
        visitor.assert_content(&origin);
    }
}

/// What an impatient person does: as soon as the page is there, before its program can be.
const IMPATIENT: &str = "addEventListener('DOMContentLoaded', () => { \
    const name = document.querySelector('.verbs input'); name.focus(); name.value = 'early'; \
    name.dispatchEvent(new InputEvent('input', { bubbles: true })); \
    document.querySelector('.key summary').click(); \
    document.querySelector('[aria-label=\"One step forward\"]').click() })";

#[test]
fn what_is_done_before_the_program_is_there_is_done_when_it_is() {
    let origin = Site::page("/").serve();
    let visitor = Visitor::new();
    visitor.run_early(IMPATIENT);
    visitor.open(&origin);
    visitor.wait_until_started();
    visitor.wait_for_text(".transport__place", "step 5 of");
    visitor.wait("the name that was typed", || {
        visitor.run("return document.activeElement.matches('.verbs input') && document.activeElement.value")
            == "early"
    });
    visitor.wait_for_text("#cause-0", "oneimage create --name early");
    assert_eq!(visitor.count(".key[open]"), 1);
    visitor.assert_content(&origin);
}

/// The page, which has started, where the rules take their time.
fn visit_before_the_rules() -> (Visitor, String) {
    let origin = Site::page("/").slow("/rules-", Duration::from_millis(1500)).serve();
    let visitor = Visitor::new();
    visitor.open(&origin);
    visitor.wait_until_started();
    (visitor, origin)
}

#[test]
fn keys_are_not_lost_while_the_rules_are_on_their_way() {
    let (visitor, origin) = visit_before_the_rules();
    let field = ".verbs input[type=text]";
    let typed = format!("return document.querySelector('{field}').value");
    visitor.click(field);
    for part in ["ubuntu", "-24.04", "-minimal"] {
        visitor.press(part);
        thread::sleep(Duration::from_millis(300));
    }
    assert_eq!(visitor.run(&typed), "ubuntu-24.04-minimal");
    visitor.click_text(".verbs button", "only in OpenNebula");
    visitor.wait("the name beside the verbs", || targets(&visitor).contains("ubuntu-24.04-minimal"));
    assert_eq!(visitor.run(&typed), "", "the next one has no name yet");
    visitor.click(field);
    visitor.press("ubuntu-24.04-minimal");
    visitor.click_text(".verbs button", "only in OpenNebula");
    visitor.wait_for_text(&format!("{OPENNEBULA} .said--refusal"), "NAME is already taken");
    visitor.rest();
    assert_eq!(visitor.run(&typed), "ubuntu-24.04-minimal", "a name that was refused can be mended");
    visitor.assert_content(&origin);
}

#[test]
fn what_was_checked_stays_so_while_the_rules_are_on_their_way() {
    let (visitor, origin) = visit_before_the_rules();
    visitor.click(".verbs input[type=checkbox]");
    visitor.run(
        "window.lost = 0; (function look() { \
         lost += !document.querySelector('.verbs input[type=checkbox]').checked; requestAnimationFrame(look) })()",
    );
    visitor.click_text(".verbs button", "only in OpenNebula");
    visitor.wait_for_text(&format!("{OPENNEBULA} .list tbody"), "image-1");
    assert_eq!(
        visitor.run("return document.querySelectorAll('.list tbody tr')[0].cells[7].textContent"),
        "Yes"
    );
    visitor.rest();
    assert_eq!(visitor.run("return lost"), 0);
    visitor.assert_content(&origin);
}
