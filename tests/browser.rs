//! The built page in a real browser: it starts wherever it is hosted, below any path, in a sandboxed
//! frame and under a strict policy, and says why where it cannot.
//!
//! `make test` builds the page and finds the browser; alone:
//! `make build && cargo test --features browser --test browser`.

#[path = "browser/axe.rs"]
mod axe;
#[path = "browser/compare.rs"]
mod compare;
#[path = "browser/screens.rs"]
mod screens;
#[path = "browser/server.rs"]
mod server;
#[path = "browser/visitor.rs"]
mod visitor;
#[path = "browser/webdriver.rs"]
mod webdriver;

use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use screens::{SCREENS, THEMES};
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
    let (visitor, origin) = visit();
    visitor.run(NOTE_PICTURES);
    visitor.wait("index.html", || visitor.run("return window.first").is_string());
    let first = visitor.run("return first");
    assert!(first.as_str().is_some_and(|picture| picture.contains("LOCKED_USED_PERS")));
    assert_eq!(first, visitor.run("return drawn"));
    assert_eq!(visitor.run("return shifted < 0.001"), true, "{}", visitor.run("return shifted"));
    visitor.assert_content(&origin);
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

#[test]
fn axe_finds_no_barrier_on_any_screen_in_any_theme() {
    let Some(axe) = axe::source() else { return };
    let origin = Site::page("/").serve();
    let visitor = Visitor::new();
    let mut found = Vec::new();
    for screen in SCREENS {
        for theme in THEMES {
            screen.show(&visitor, &origin, &theme);
            let barriers = axe::barriers(&visitor, &axe).into_iter();
            found.extend(barriers.map(|barrier| format!("{}, {}: {barrier}", screen.name, theme.name)));
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
#[ignore = "`make screenshots` takes them"]
fn every_screen_has_its_picture_taken_in_every_theme_and_width() {
    let origin = Site::page("/").serve();
    let visitor = Visitor::new();
    for screen in SCREENS {
        for theme in THEMES {
            for (width, height) in [(390, 844), (1280, 800), (1920, 1080)] {
                visitor.size(width, height);
                screen.show(&visitor, &origin, &theme);
                let name = format!("{}-{}-{width}", screen.name, theme.name);
                visitor.screenshot(&name);
                visitor.whole_page(&format!("{name}-whole"));
            }
        }
    }
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
    assert!(visitor.busy() > 0.0);
    visitor.pick_file("[type=file]", &server::dist().join("index.html"));
    visitor.wait_for_text("#out", "index.html");
    visitor.assert_content(&origin);
}

const OPENNEBULA: &str = ".stage[data-system='0']";
const GLANCE: &str = ".stage[data-system='1']";

/// From now on every state that holds an image is noted, however short the moment.
const COLLECT_OCCUPIED: &str = "window.occupied = new Set(); \
    const note = () => document.querySelectorAll('.node.is-occupied').forEach(n => occupied.add(n.dataset.state)); \
    new MutationObserver(note).observe(document.body, { subtree: true, attributes: true, childList: true }); note()";

/// A visitor on the freshly opened page.
fn visit() -> (Visitor, String) {
    let origin = Site::page("/").serve();
    let visitor = Visitor::new();
    visitor.open(&origin);
    visitor.wait_until_started();
    (visitor, origin)
}

/// Waits until the summary above a diagram says this.
fn wait_for_summary(visitor: &Visitor, stage: &str, text: &str) {
    visitor.wait_for_text(&format!("{stage} .stage__head p"), text);
    visitor.rest();
}

fn occupied(visitor: &Visitor, stage: &str, name: &str) -> bool {
    visitor.count(&format!("{stage} .node.is-occupied[data-state='{name}']")) == 1
}

#[test]
fn an_image_is_created_in_both_clouds_used_by_a_vm_and_seen_to_change_its_state() {
    let (visitor, origin) = visit();
    visitor.click(".verbs input[type=text]");
    visitor.press("db");
    visitor.click_text(".verbs button", "Create in both");
    wait_for_summary(&visitor, OPENNEBULA, "2 images: 1 READY, 1 LOCKED");
    wait_for_summary(&visitor, GLANCE, "1 saving, 1 active");
    visitor.wait_for(".token__ring");
    keep_picture(&visitor.screenshot("picture"));
    visitor.click_text(".work button", "Succeed");
    wait_for_summary(&visitor, OPENNEBULA, "2 images: 2 READY");
    visitor.click_text(&format!("{OPENNEBULA} .chosen button"), "New VM");
    wait_for_summary(&visitor, OPENNEBULA, "1 READY, 1 USED");
    assert!(occupied(&visitor, OPENNEBULA, "USED"));
    visitor.wait_for_text(&format!("{OPENNEBULA} .machine"), "pend");
    visitor.click("[aria-label='One step back']");
    wait_for_summary(&visitor, OPENNEBULA, "2 images: 2 READY");
    assert!(!occupied(&visitor, OPENNEBULA, "USED"));
    let changed = format!("{OPENNEBULA} .list .is-changed");
    visitor.rest();
    assert_eq!(visitor.count(&changed), 0, "a step back changes nothing, it shows what was");
    visitor.click("[aria-label='One step forward']");
    wait_for_summary(&visitor, OPENNEBULA, "1 READY, 1 USED");
    visitor.wait_for_text(&format!("{OPENNEBULA} .cause"), "onevm create");
    visitor.wait_for_text(&format!("{OPENNEBULA} .cause"), "READY → USED");
    visitor.wait("its state and its count of VMs are marked", || visitor.count(&changed) == 2);
    visitor.assert_content(&origin);
}

#[test]
fn a_whole_life_is_seen_within_two_clicks() {
    let (visitor, origin) = visit();
    visitor.run("const s = document.querySelector('[aria-label=Speed]'); s.value = '16×'; s.dispatchEvent(new Event('change', {bubbles: true}))");
    visitor.click("[aria-label='Back to the beginning']");
    wait_for_summary(&visitor, OPENNEBULA, "no image");
    visitor.run(COLLECT_OCCUPIED);
    let forward =
        "return document.querySelector(\"[aria-label='One step forward']\").getBoundingClientRect().left";
    let before = visitor.run(forward);
    visitor.click(".transport__play");
    visitor.wait_for_text(".transport__play", "Pause");
    assert_eq!(visitor.run(forward), before, "the buttons stay where they are");
    wait_for_summary(&visitor, GLANCE, "1 deleted");
    wait_for_summary(&visitor, OPENNEBULA, "no image");
    let seen = visitor.run("return [...occupied].join(' ')");
    for state in ["LOCKED", "READY", "USED", "DISABLED", "DELETE", "saving", "active", "deactivated"] {
        let states = seen.as_str().unwrap_or_default();
        assert!(states.split(' ').any(|seen| seen == state), "{state} was never shown: {states}");
    }
    visitor.assert_content(&origin);
}

#[test]
fn a_failed_copy_says_why_and_a_refusal_stands_in_the_clouds_own_words() {
    let (visitor, origin) = visit();
    visitor.click_text(".verbs button", "only in OpenNebula");
    visitor.click_text(&format!("{OPENNEBULA} .work summary"), "Fail");
    visitor.click_text(&format!("{OPENNEBULA} .work .menu button"), "no space");
    wait_for_summary(&visitor, OPENNEBULA, "1 READY, 1 ERROR");
    let diagram = format!(
        "return document.querySelector(\"{OPENNEBULA} .diagram\").getBoundingClientRect().top + scrollY"
    );
    let before = visitor.run(&diagram);
    visitor.click_text(".verbs button", "Clone");
    visitor.wait_for_text(&format!("{OPENNEBULA} .said--refusal"), "Cannot clone image in state: ERROR");
    visitor.click(".masthead h1");
    let command = "const line = document.querySelector('.cause--refused code'); \
        return line.innerText.startsWith('oneimage clone') && line.scrollWidth <= line.clientWidth";
    visitor.wait("the whole command beside the refusal", || visitor.run(command) == true);
    assert_eq!(visitor.run(&diagram), before, "the diagram stays where it is");
    for width in [390, 1280] {
        visitor.size(width, 800);
        let whole = "const said = document.querySelector('.cause--refused span'); \
            return said?.innerText.includes('state: ERROR') && said.scrollWidth <= said.clientWidth && said.scrollHeight <= said.clientHeight";
        visitor.wait("the whole refusal above the diagram", || visitor.run(whole) == true);
    }
    visitor.wait_for_text(&format!("{GLANCE} .said--remark"), "Glance has no clone call");
    visitor.assert_content(&origin);
}

#[test]
fn recordings_of_the_real_systems_are_watched_step_by_step() {
    let (visitor, origin) = visit();
    visitor.click(".masthead .menu summary");
    visitor.click_text(".recording button", "A recording of a real OpenNebula");
    visitor.wait_for_text(".recording", "our rules answer every step as the real system did");
    assert_eq!(visitor.count(".stage:not([hidden])"), 1);
    visitor.click("[aria-label='One step forward']");
    visitor.click("[aria-label='One step forward']");
    wait_for_summary(&visitor, OPENNEBULA, "1 image: 1 LOCKED");
    visitor.wait_for_text(".transport__caption", "image.allocate");
    visitor.screenshot("recording");
    visitor.click_text(".recording button", "Close the recording");
    wait_for_summary(&visitor, GLANCE, "1 active");
    visitor.click(".masthead .menu summary");
    visitor.click_text(".recording button", "A recording of a real Glance");
    visitor.wait_for_text(".recording", "50_delayed.jsonl");
    visitor.assert_content(&origin);
}

#[test]
fn a_recorded_step_that_our_rules_answer_differently_is_marked() {
    let (visitor, origin) = visit();
    let recorded = std::fs::read_to_string(
        PathBuf::from(env!("CARGO_MANIFEST_DIR"))
            .join("tests/conformance/opennebula/traces/create_path_ok.jsonl"),
    );
    let altered = recorded.expect("a recording").replace("\"state\":1,", "\"state\":5,");
    visitor.pick_file("input[type=file]", &written("altered.jsonl", &altered));
    visitor.wait_for_text(".recording", "our rules answer 1 step differently; it is marked");
    visitor.wait_for_text(".differences", "images 0 state");
    visitor.assert_content(&origin);
}

#[test]
fn a_file_that_is_no_recording_is_refused_with_words_and_the_session_stays() {
    let (visitor, origin) = visit();
    visitor.pick_file("input[type=file]", &server::dist().join("index.html"));
    visitor.wait_for_text(
        ".notice",
        "“index.html” was not opened. It is neither a saved session nor a recording",
    );
    let torn = "{\"step\":0,\"op\":\"note\",\"ok\":true,\"errcode\":null}\n{\"step\":1,";
    visitor.pick_file("input[type=file]", &written("torn.jsonl", torn));
    visitor.wait_for_text(".notice", "Line 2: expected one JSON object");
    visitor.run(
        "const files = new DataTransfer(); files.items.add(new File(['neither'], 'dropped.txt')); \
         document.querySelector('.stage').dispatchEvent(new DragEvent('drop', \
         { bubbles: true, cancelable: true, dataTransfer: files }))",
    );
    visitor.wait_for_text(
        ".notice",
        "“dropped.txt” was not opened. It is neither a saved session nor a recording",
    );
    let unknown = "{\"step\":0,\"op\":\"image.teleport\",\"args\":{},\"ok\":true,\"errcode\":null}";
    wait_for_summary(&visitor, OPENNEBULA, "1 image: 1 READY");
    visitor.pick_file("input[type=file]", &written("unknown.jsonl", unknown));
    visitor.wait_for_text(".recording", "our rules answer 1 step differently; it is marked");
    visitor.wait_for_text(".differences", "image.teleport");
    visitor.click_text(".recording button", "Close the recording");
    wait_for_summary(&visitor, OPENNEBULA, "1 image: 1 READY");
    visitor.assert_content(&origin);
}

#[test]
fn a_name_that_is_too_long_or_holds_markup_gets_the_clouds_answer_and_breaks_nothing() {
    let (visitor, origin) = visit();
    let name = "const i = document.querySelector('.verbs input[type=text]'); i.value = NAME; \
        i.dispatchEvent(new InputEvent('input', {bubbles: true}))";
    visitor.run(&name.replace("NAME", "'x'.repeat(10000)"));
    visitor.click_text(".verbs button", "Create in both");
    visitor.wait_for_text(&format!("{OPENNEBULA} .said--refusal"), "Invalid NAME, max length is 128 chars");
    visitor.wait_for_text(&format!("{GLANCE} .said--refusal"), "too long");
    wait_for_summary(&visitor, OPENNEBULA, "1 image: 1 READY");
    visitor.run(&name.replace("NAME", "'<img src=x onerror=alert(1)>'"));
    visitor.click_text(".verbs button", "only in Glance");
    wait_for_summary(&visitor, GLANCE, "2 images");
    assert_eq!(visitor.count("img"), 0);
    visitor.assert_content(&origin);
}

/// The images that the verbs are for, in words.
fn targets(visitor: &Visitor) -> String {
    let words = visitor.run("return document.querySelector('.verbs__target').textContent.trim()");
    words.as_str().unwrap_or_default().to_owned()
}

#[test]
fn both_images_that_a_verb_means_are_named_whole_and_the_verbs_stay_where_they_are() {
    let (visitor, origin) = visit();
    let place =
        "return document.querySelector('.verbs__target + .buttons button').getBoundingClientRect().toJSON()";
    let before = visitor.run(place);
    for (cloud, name) in [("OpenNebula", "ubuntu-24.04-minimal"), ("Glance", "debian-13-cloudimage")] {
        visitor.click(".verbs input[type=text]");
        visitor.press(name);
        visitor.click_text(".verbs button", &format!("only in {cloud}"));
        visitor.wait("the name beside the verbs", || targets(&visitor).contains(name));
    }
    assert_eq!(targets(&visitor), "with ubuntu-24.04-minimal and debian-13-cloudimage");
    visitor.run("scrollTo(0, 0)");
    visitor.screenshot("targets");
    let cut = "return [...document.querySelectorAll('.verbs__target bdi')].filter(name => name.scrollWidth > name.clientWidth).length";
    assert_eq!(visitor.run(cut), 0);
    assert_eq!(visitor.run(place), before);
    visitor.run("document.documentElement.dataset.theme = 'projector'");
    visitor.size(1920, 1080);
    let ends = "return [...document.querySelectorAll('.verbs__target span + span')].every(end => \
        end.getBoundingClientRect().right <= end.parentElement.getBoundingClientRect().right)";
    assert_eq!(visitor.run(ends), true, "where a name is cut its end is seen");
    visitor.screenshot("targets-projector");
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

#[test]
fn a_reload_finds_the_session_again_and_a_new_one_keeps_the_one_before() {
    let (visitor, origin) = visit();
    visitor.click_text(".verbs button", "only in OpenNebula");
    visitor.click_text(&format!("{OPENNEBULA} .work button"), "Succeed");
    wait_for_summary(&visitor, OPENNEBULA, "2 images: 2 READY");
    visitor.open(&origin);
    visitor.wait_until_started();
    wait_for_summary(&visitor, OPENNEBULA, "2 images: 2 READY");
    visitor.wait_for_text(&format!("{OPENNEBULA} .chosen h3"), "image-1");
    visitor.click("#row-0-0");
    visitor.wait_for_text(&format!("{OPENNEBULA} .chosen h3"), "ubuntu");
    visitor.open(&origin);
    visitor.wait_until_started();
    wait_for_summary(&visitor, OPENNEBULA, "2 images: 2 READY");
    visitor.wait_for_text(&format!("{OPENNEBULA} .chosen h3"), "ubuntu");
    visitor.click_text(".recording button", "New session");
    wait_for_summary(&visitor, OPENNEBULA, "1 image: 1 READY");
    visitor.click_text(".recording button", "Previous session");
    wait_for_summary(&visitor, OPENNEBULA, "2 images: 2 READY");
    visitor.assert_content(&origin);
}

#[test]
fn the_first_minute_makes_uses_and_deletes_an_image_and_is_not_shown_twice() {
    let (visitor, origin) = visit();
    visitor.wait_for_text(".guide", "1 of 4");
    visitor.click_text(".guide button", "Create it in both");
    visitor.wait_for_text(".guide", "2 of 4");
    visitor.click_text(".guide button", "Use it in a VM");
    visitor.wait_for_text(".guide", "3 of 4");
    visitor.wait_for_text(GLANCE, "Refused");
    visitor.screenshot("guide");
    visitor.click_text(".guide button", "Delete it in both");
    visitor.click_text(".guide button", "Done");
    visitor.rest();
    assert_eq!(visitor.count(".guide"), 0);
    visitor.open(&origin);
    assert_eq!(visitor.count(".guide"), 0, "it is not in the picture either");
    visitor.wait_until_started();
    assert_eq!(visitor.count(".guide"), 0);
    visitor.assert_content(&origin);
}

#[test]
fn a_look_is_chosen_and_found_again() {
    let (visitor, origin) = visit();
    visitor.click_text(".themes option", "Theme: projector");
    visitor.wait("the projector's look", || {
        visitor.run("return getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    });
    visitor.open(&origin);
    visitor.wait_until_started();
    assert_eq!(visitor.run("return document.documentElement.dataset.theme"), "projector");
    assert_eq!(visitor.run("return document.querySelector('.themes').value"), "projector");
    visitor.size(1920, 1080);
    visitor.screenshot("projector");
    visitor.assert_content(&origin);
}

#[test]
fn the_keyboard_is_enough() {
    let (visitor, origin) = visit();
    let focused = |text: &str| {
        for _ in 0..40 {
            visitor.press("Tab");
            if visitor.run("return document.activeElement.innerText ?? ''") == text {
                return true;
            }
        }
        false
    };
    assert!(focused("only in OpenNebula"), "the button is reached by Tab");
    visitor.press("Enter");
    wait_for_summary(&visitor, OPENNEBULA, "1 READY, 1 LOCKED");
    assert!(focused("Succeed"), "the ending is reached by Tab");
    visitor.press("Enter");
    wait_for_summary(&visitor, OPENNEBULA, "2 images: 2 READY");
    visitor.assert_content(&origin);
}

#[test]
fn going_along_the_line_of_time_by_keyboard_leaves_the_diagrams_in_sight() {
    let (visitor, origin) = visit();
    visitor.click_text(".verbs button", "Create in both");
    visitor.wait_for(".callout");
    visitor.rest();
    for (width, height) in [(1280, 800), (390, 844)] {
        visitor.size(width, height);
        visitor.run("scrollTo(0, 0); document.querySelector('.skips a[href=\"#dock\"]').focus()");
        visitor.press("Enter");
        visitor.press("Tab");
        let mut passed = 0;
        while visitor.run("return document.activeElement.closest('.dock') !== null") == true {
            let seen = "const box = e => e?.getBoundingClientRect(); const here = box(document.activeElement); \
                const around = box(document.activeElement.closest('.callout')) ?? { top: 0, bottom: innerHeight }; \
                return scrollY === 0 && here.top >= around.top && here.bottom <= around.bottom";
            visitor.wait("what has the focus, and the diagrams", || visitor.run(seen) == true);
            visitor.press("Tab");
            passed += 1;
        }
        assert!(passed > 5, "{passed} places in the line of time");
    }
    visitor.assert_content(&origin);
}

#[test]
fn a_pressed_button_that_goes_leaves_the_focus_beside_it_and_never_becomes_another_one() {
    let (visitor, origin) = visit();
    visitor.click_text(".verbs button", "only in OpenNebula");
    visitor.wait_for_text(&format!("{OPENNEBULA} .work"), "under way");
    visitor.rest();
    visitor
        .run("[...document.querySelectorAll('.work button')].find(end => end.innerText === 'Hang').focus()");
    visitor.press("Enter");
    visitor.wait_for_text(&format!("{OPENNEBULA} .work"), "hangs");
    let focused = || visitor.run("return document.activeElement.closest('.chosen') !== null") == true;
    visitor.wait("the focus beside the button", focused);
    visitor.press("Enter");
    visitor.rest();
    wait_for_summary(&visitor, OPENNEBULA, "1 READY, 1 LOCKED");
    visitor.click("[aria-label='Back to the beginning']");
    visitor.rest();
    let label = visitor.run("return document.activeElement.getAttribute('aria-label')");
    assert_eq!(label, "Back to the beginning", "what does nothing now keeps the focus");
    visitor.assert_content(&origin);
}

#[test]
fn what_keys_do_in_a_diagram_they_do_not_do_to_the_page_as_well() {
    let (visitor, origin) = visit();
    visitor.click_text(".verbs button", "only in OpenNebula");
    visitor.wait_for(".token__ring");
    let framed = "return getComputedStyle(document.activeElement).outlineStyle !== 'none'";
    visitor.click(&format!("{OPENNEBULA} .node[data-state='DISABLED'] text"));
    assert_eq!(visitor.run("return document.activeElement.matches('.node')"), true);
    assert_eq!(visitor.run(framed), false, "what was clicked has no frame");
    visitor.run("document.querySelector('.diagram').focus()");
    visitor.press("+");
    assert_eq!(visitor.run(framed), true, "what the keys are for has one");
    visitor.wait_for(".diagram.is-zoomed");
    assert_eq!(visitor.run("return document.querySelector('[aria-label=Speed]').value"), "1×");
    visitor.click(".masthead .menu summary");
    visitor.wait_for(".menu[open]");
    visitor.press("Escape");
    visitor.wait("the menu to close", || visitor.count(".menu[open]") == 0);
    visitor.assert_content(&origin);
}

#[test]
fn what_a_menu_holds_is_within_reach_on_a_phone_too() {
    let (visitor, origin) = visit();
    visitor.click_text(".verbs button", "only in OpenNebula");
    visitor.wait_for(".work .menu");
    for width in [390, 320] {
        visitor.size(width, 700);
        for menu in [".masthead", ".work"] {
            visitor.click(&format!("{menu} .menu summary"));
            visitor.wait_for(&format!("{menu} .menu[open]"));
            let within = "const box = document.querySelector('.menu[open] .menu__body').getBoundingClientRect(); \
                return box.left >= 0 && box.right <= innerWidth";
            assert!(visitor.run(within) == true, "{menu} at {width} px");
            visitor.press("Escape");
            visitor.wait("the menu to close", || visitor.count(".menu[open]") == 0);
        }
    }
    visitor.assert_content(&origin);
}

#[test]
fn a_long_list_is_filtered_ordered_and_gone_through_by_keys() {
    let (visitor, origin) = visit();
    screens::fill_pool(&visitor);
    let at = |row: &str| {
        let script = "return document.querySelector('.list table').getAttribute('aria-activedescendant')";
        visitor.wait(row, || visitor.run(script) == row);
    };
    at("row-0-13");
    visitor.run("document.querySelector('.list table').focus()");
    visitor.press("End");
    at("row-0-1");
    visitor.press("ArrowUp");
    at("row-0-2");
    assert_eq!(visitor.count(".list [aria-selected='true'][aria-rowindex='13']"), 1);
    visitor.click_text(".list thead button", "ID");
    visitor.wait_for(".list [aria-selected='true'][aria-rowindex='3']");
    visitor.press("Home");
    visitor.assert_content(&origin);
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

#[test]
fn a_branch_is_named_while_time_passes() {
    let (visitor, origin) = visit();
    visitor.click_text(".verbs button", "only in OpenNebula");
    wait_for_summary(&visitor, OPENNEBULA, "2 images");
    let field = "[aria-label='Name of the branch that is shown']";
    let named = format!("return document.querySelector(\"{field}\").value");
    visitor.run(&format!("document.querySelector(\"{field}\").select()"));
    visitor.press("half a na");
    wait_for_summary(&visitor, OPENNEBULA, "2 images: 2 READY");
    assert_eq!(visitor.run(&named), "half a na", "the copy that ended has not put the old name back");
    visitor.press("me");
    visitor.press("Enter");
    visitor.run(&format!(
        "const i = document.querySelector(\"{field}\"); i.value = ' '; \
        i.dispatchEvent(new Event('change', {{ bubbles: true }}))"
    ));
    visitor.wait("the name again", || visitor.run(&named) == "half a name");
    visitor.assert_content(&origin);
}

#[test]
fn a_way_is_found_shown_as_a_branch_and_its_world_stands_beside_the_other() {
    let (visitor, origin) = visit();
    choose(&visitor, &format!("{OPENNEBULA} .offering select"), "CLONE");
    visitor.wait_for_text(&format!("{OPENNEBULA} .way"), "Can image 0 get to CLONE? Yes, in 2 steps");
    visitor.screenshot("way");
    visitor.click_text(".way button", "Show it");
    visitor.wait_for_text(".transport__said", "The way that was asked for ends here.");
    assert!(occupied(&visitor, OPENNEBULA, "CLONE"));
    visitor.wait_for_text(".tree", "one image’s life");
    visitor.click_text(".tree button", "Beside");
    visitor.wait_for_text(".beside__differences", "Image 0 (ubuntu): CLONE in “");
    let seen = "return [...document.querySelectorAll('.stage[data-system=\"0\"] .diagram')] \
        .every(part => part.getBoundingClientRect().top >= 0 && part.getBoundingClientRect().top < innerHeight / 2)";
    visitor.wait("both worlds in sight", || visitor.run(seen) == true);
    visitor.screenshot("beside");
    let reached =
        visitor.count(".diagram--other [tabindex]") + visitor.count(".diagram--other [role=button]");
    assert_eq!(reached, 0, "there is nothing to do in it");
    visitor.size(390, 844);
    let both = "const [one, other] = document.querySelectorAll('.stage[data-system=\"0\"] .diagram'); \
        const [a, b] = [one, other].map(part => part.getBoundingClientRect()); \
        return a.width === b.width && a.width > 300 && a.bottom <= b.top";
    visitor.wait("one below the other on a phone", || visitor.run(both) == true);
    visitor.screenshot("beside-phone");
    visitor.size(1280, 800);
    visitor.click("[aria-label='Back to the beginning']");
    visitor.wait_for_text(".beside__differences", "Nothing differs.");
    visitor.click(".transport__play");
    visitor.wait_for(".diagram--other .token.is-moving");
    visitor.wait_for_text(".beside__differences", "Image 0 (ubuntu): CLONE in “");
    visitor.click_text(".beside__name button", "Stop comparing");
    visitor.wait("one world", || visitor.count(".diagram--other") == 0);
    visitor.click("[aria-label='Delete “to CLONE”']");
    visitor.wait_for_text(".transport__said", "“to CLONE” is deleted. You are on “one image’s life” now");
    visitor.click_text(".tree button", "Bring “to CLONE” back");
    visitor.wait_for_text(".transport__said", "“to CLONE” is back.");
    visitor.assert_content(&origin);
}

/// The boxes of a diagram that may not touch: node against label, label against label.
const TOUCHING: &str = r"
    const found = [];
    for (const diagram of document.querySelectorAll('.diagram')) {
        const box = e => ({ name: e.textContent.trim(), ...e.getBoundingClientRect().toJSON() });
        // Digits have nothing above and below them where letters may have.
        const number = box => ({ ...box, top: box.top + box.height * 0.15, bottom: box.bottom - box.height * 0.15 });
        const isNumber = e => e.firstElementChild && getComputedStyle(e.firstElementChild).display === 'none'
            || /^\d+$/.test(e.textContent);
        const labels = [...diagram.querySelectorAll('.edge-label, .row text')].map(e => isNumber(e) ? number(box(e)) : box(e));
        const fixed = [...diagram.querySelectorAll('.node__box, .mark')].map(box);
        const touch = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 0.5
            && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.5;
        labels.forEach((a, i) => [...fixed, ...labels.slice(i + 1)].forEach(b => {
            if (touch(a, b)) found.push(`${a.name} and ${b.name || 'a node or mark'}`);
        }));
        const few = diagram.querySelector('.words') ? 2 : 20;
        if (labels.length < few) found.push(`only ${labels.length} labels`);
    }
    return found.join('; ')";

#[test]
fn no_label_touches_a_node_a_mark_or_another_label_in_either_layout() {
    let origin = Site::page("/").serve();
    let visitor = Visitor::new();
    visitor.prefer(&[("prefers-reduced-motion", "reduce")]);
    for (name, width, text) in [
        ("360", 360, 100),
        ("768", 768, 100),
        ("1280", 1280, 100),
        ("1920", 1920, 100),
        ("200-percent", 1280, 200),
        ("projector", 1920, 150),
    ] {
        visitor.size(width, if width > 1280 { 1080 } else { 800 });
        let look = if name == "projector" { "?theme=projector" } else { "" };
        visitor.open(&format!("{origin}{look}"));
        visitor.wait_until_started();
        visitor.run(&format!(
            "const sheet = new CSSStyleSheet(); sheet.replaceSync('html {{ font-size: {text}% }}');\
             document.adoptedStyleSheets = [sheet]"
        ));
        for layout in ["As documented", "Phases aligned"] {
            visitor.click_text(".look button", layout);
            visitor.screenshot(&format!("{}-{name}", layout.replace(' ', "-").to_lowercase()));
            assert_eq!(visitor.run(TOUCHING), "", "{layout} at {name}");
            for state in ["READY", "LOCKED", "ERROR", "active", "queued", "importing", "deleted"] {
                visitor.run(&format!(
                    "document.querySelector(\".node[data-state='{state}']\").dispatchEvent(new MouseEvent('click', {{ bubbles: true }}))"
                ));
                let marked = format!(".node[data-state='{state}'] .likeness");
                visitor.wait_for_text(&marked, "chosen");
                assert_eq!(visitor.run(TOUCHING), "", "{layout} at {name} with {state} chosen");
            }
            visitor.screenshot(&format!("words-{name}"));
            visitor.press("Escape");
            visitor.wait("the numbers", || visitor.count(".words") == 0);
        }
    }
}

#[test]
fn the_edges_of_a_chosen_state_have_words_where_the_others_carry_numbers() {
    let (visitor, origin) = visit();
    let read = "return [...document.querySelectorAll('.stage[data-system=\"0\"] .edge-label')] \
        .filter(label => label.getBBox().width > 0).map(label => [...label.querySelectorAll('tspan')] \
        .filter(line => getComputedStyle(line).display !== 'none').map(line => line.textContent).join(' ')).sort().join('; ')";
    assert!(visitor.run(read).as_str().is_some_and(|read| read.starts_with("1; 10; 11")));
    visitor.click(&format!("{OPENNEBULA} .node[data-state='CLONE'] text"));
    visitor.wait("the words of two edges", || visitor.run(read) == "clone; copied");
    visitor.click_text(".look button", "How often taken");
    visitor.wait("how often edges were taken", || visitor.count(".heat--1") > 0);
    assert_eq!(visitor.run(read), "clone; copied");
    visitor.click_text(".look button", "How often taken");
    visitor.click(&format!("{OPENNEBULA} .node[data-state='USED_PERS'] text"));
    visitor.wait("the words of five edges", || {
        visitor.run(read) == "copied; enable, VMs wait; failed clean-up; instantiate; terminate"
    });
    visitor.press("Escape");
    visitor
        .wait("the numbers", || visitor.run(read).as_str().is_some_and(|read| read.starts_with("1; 10; 11")));
    visitor.assert_content(&origin);
}

#[test]
fn phases_stand_at_the_same_height_in_both_clouds_when_they_are_aligned() {
    let (visitor, origin) = visit();
    visitor.click_text(".look button", "Phases aligned");
    let row = |stage: &str, state: &str| {
        let script = format!(
            "return Math.round(document.querySelector(\"{stage} [data-state='{state}'] .node__box\").getBoundingClientRect().y)"
        );
        visitor.run(&script)
    };
    visitor.wait("READY beside active", || row(OPENNEBULA, "READY") == row(GLANCE, "active"));
    for (ours, theirs) in
        [("INIT", "queued"), ("LOCKED", "saving"), ("DISABLED", "deactivated"), ("ERROR", "killed")]
    {
        assert_eq!(row(OPENNEBULA, ours), row(GLANCE, theirs), "{ours} beside {theirs}");
    }
    visitor.click_text(".look button", "As documented");
    visitor.wait("READY elsewhere", || row(OPENNEBULA, "READY") != row(GLANCE, "active"));
    visitor.assert_content(&origin);
}

#[test]
fn work_is_ended_at_its_token_and_playing_pauses_at_a_breakpoint_by_keyboard_alone() {
    let (visitor, origin) = visit();
    choose(&visitor, "[aria-label=Breakpoints] select", "USED");
    visitor.wait_for_text(".transport__said", "Playing will pause at OpenNebula: USED.");
    visitor.click("h1");
    visitor.press("p");
    visitor.wait_for_text(".transport__said", "Paused: image 0 arrived in USED (OpenNebula).");
    visitor.click_text(".verbs button", "only in OpenNebula");
    visitor.wait_for("g.token[role=button]");
    visitor.run("document.querySelector('g.token[role=button]').focus()");
    visitor.press("Enter");
    visitor.wait_for_text(".card", "copying to the datastore");
    visitor.screenshot("card");
    visitor.size(390, 844);
    visitor.screenshot("card-phone");
    visitor.size(1280, 800);
    visitor.click_text(".card summary", "Fail");
    visitor.screenshot("card-failures");
    visitor.click_text(".card .menu button", "no space");
    wait_for_summary(&visitor, OPENNEBULA, "1 ERROR");
    visitor.assert_content(&origin);
}

/// Chooses an entry of a list by its text.
fn choose(visitor: &Visitor, list: &str, text: &str) {
    visitor.run(&format!(
        "const list = document.querySelector(\"{list}\"); \
         list.selectedIndex = [...list.options].findIndex(option => option.text === '{text}'); \
         list.dispatchEvent(new Event('change', {{ bubbles: true }}))"
    ));
}

#[test]
fn a_pointer_that_passes_over_a_diagram_fetches_nothing_and_finds_breakpoints_once_something_was_done() {
    let (visitor, origin) = visit();
    let pass = || {
        visitor.run(
            "for (let step = 0; step < 3; step++) document.querySelector('.diagram').dispatchEvent( \
                new PointerEvent('pointermove', { bubbles: true, pointerType: 'mouse' })); \
             return new Promise(done => setTimeout(done, 300))",
        );
    };
    pass();
    let fetched =
        "return performance.getEntriesByType('resource').some(entry => entry.name.includes('/rules-'))";
    assert_eq!(visitor.run(fetched), false, "a passing pointer asks for nothing");
    assert_eq!(visitor.count(".stop"), 0);
    visitor.click_text(".verbs button", "only in OpenNebula");
    visitor.wait_for(".token__ring");
    assert_eq!(visitor.run(fetched), true);
    pass();
    visitor.wait("places for breakpoints", || visitor.count(".stop") > 40);
    visitor.assert_content(&origin);
}

#[test]
fn phases_are_told_apart_by_pattern_and_by_sign_without_their_colour() {
    let (visitor, _) = visit();
    let patterns = "const of = name => [...document.querySelectorAll('.node')].map(n => \
        n.getAttribute('class').split(' ').find(c => c.startsWith('phase--')) + ' ' + name(n)); \
        const count = name => new Set(of(name)).size + ' ' + new Set(of(name).map(t => t.replace(/^\\S+ /, ''))).size; \
        return count(n => getComputedStyle(n.querySelector('.node__band')).strokeDasharray) + ', ' \
            + count(n => n.querySelector('.node__sign path').getAttribute('d'))";
    assert_eq!(visitor.run(patterns), "8 8, 8 8", "phases and their patterns, phases and their signs");
}

#[test]
fn a_diagram_is_zoomed_and_moved_by_buttons_and_keys_and_the_page_scrolls_on() {
    let (visitor, origin) = visit();
    let seen = || visitor.run("return document.querySelector('.diagram').getAttribute('viewBox')");
    let whole = seen();
    visitor.click("[aria-label='Zoom in']");
    visitor.wait_for(".minimap");
    let closer = seen();
    assert_ne!(whole, closer);
    visitor.run("document.querySelector('.diagram').focus()");
    visitor.press("ArrowRight");
    visitor.wait("the picture to move", || seen() != closer);
    visitor.press("0");
    visitor.wait("all of it", || seen() == whole && visitor.count(".minimap") == 0);
    visitor.press("+");
    visitor.wait("a closer look", || seen() == closer);
    let wheel = "return document.querySelector('.diagram').dispatchEvent(new WheelEvent('wheel', \
        { deltaY: -100, bubbles: true, cancelable: true, ctrlKey: arguments[0] ?? false }))";
    assert_eq!(visitor.run(wheel), true, "without Ctrl the wheel is the page's");
    assert_eq!(seen(), closer);
    visitor.assert_content(&origin);
}

#[test]
fn a_cut_leaves_out_states_and_a_switch_the_undocumented_edges() {
    let (visitor, origin) = visit();
    let states = || visitor.count(&format!("{OPENNEBULA} .node"));
    let labels = || visitor.count(&format!("{OPENNEBULA} .edge-label"));
    let (all_states, all_labels) = (states(), labels());
    visitor.click_text(&format!("{OPENNEBULA} .zoom option"), "non-persistent");
    visitor.wait("three states fewer", || states() + 3 == all_states);
    visitor.click_text(&format!("{OPENNEBULA} .zoom option"), "all states");
    visitor.wait("all states", || states() == all_states);
    visitor.click_text(".look button", "Undocumented edges");
    visitor.wait("fewer edges", || labels() < all_labels);
    visitor.click_text(".look button", "How often taken");
    visitor.wait_for_text(&format!("{OPENNEBULA} .edge-label.heat--1"), "1×");
    visitor.assert_content(&origin);
}

/// A file for the visitor to pick.
fn written(name: &str, text: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).expect("the file is written");
    path
}

/// The picture in the README is one that this test took: `UPDATE=1` takes it anew.
fn keep_picture(taken: &Path) {
    if std::env::var_os("UPDATE").is_some() {
        let kept = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/picture.png");
        std::fs::copy(taken, kept).expect("the picture is kept");
    }
}

/// Somebody's page that embeds ours with no more rights than the embed asks for.
fn sandboxed(origin: &str) -> String {
    format!(
        "<!DOCTYPE html><title>Somebody's documentation</title><link rel=icon href=data:,>\
         <iframe sandbox=allow-scripts width=900 height=600 src=\"{origin}/?embed=1&system=opennebula\"></iframe>"
    )
}
