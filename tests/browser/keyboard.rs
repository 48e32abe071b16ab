//! The page by keyboard: what the focus reaches, and where it goes when what had it is gone.

use super::screens;
use super::{OPENNEBULA, choose, visit, wait_for_summary};

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
