//! Recordings, files and sessions that are opened, and what is said of those that cannot be.

use std::path::PathBuf;

use super::server;
use super::{GLANCE, OPENNEBULA, visit, wait_for_summary};

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

/// A file for the visitor to pick.
fn written(name: &str, text: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).expect("the file is written");
    path
}
