//! The built page in a real browser. This file tells the main job, an image's life in both clouds; the others
//! have a topic each.
//!
//! `make test` builds the page and finds the browser; alone:
//! `make build && cargo test --features browser --test browser`.

#[path = "browser/axe.rs"]
mod axe;
#[path = "browser/compare.rs"]
mod compare;
#[path = "browser/first_picture.rs"]
mod first_picture;
#[path = "browser/hosting.rs"]
mod hosting;
#[path = "browser/keyboard.rs"]
mod keyboard;
#[path = "browser/looks.rs"]
mod looks;
#[path = "browser/recordings.rs"]
mod recordings;
#[path = "browser/screens.rs"]
mod screens;
#[path = "browser/server.rs"]
mod server;
#[path = "browser/sight.rs"]
mod sight;
#[path = "browser/time.rs"]
mod time;
#[path = "browser/visiting.rs"]
mod visiting;
#[path = "browser/visitor.rs"]
mod visitor;
#[path = "browser/webdriver.rs"]
mod webdriver;

use std::path::{Path, PathBuf};

use server::Site;
use visitor::Visitor;

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

/// Chooses an entry of a list by its text.
fn choose(visitor: &Visitor, list: &str, text: &str) {
    visitor.run(&format!(
        "const list = document.querySelector(\"{list}\"); \
         list.selectedIndex = [...list.options].findIndex(option => option.text === '{text}'); \
         list.dispatchEvent(new Event('change', {{ bubbles: true }}))"
    ));
}

/// The picture in the README is one that this test took: `UPDATE=1` takes it anew.
fn keep_picture(taken: &Path) {
    if std::env::var_os("UPDATE").is_some() {
        let kept = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/picture.png");
        std::fs::copy(taken, kept).expect("the picture is kept");
    }
}
