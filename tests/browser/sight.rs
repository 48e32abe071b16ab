//! What is in sight: where tokens arrive, the verbs, the row of a new image.

use super::server::Site;
use super::visitor::Visitor;
use super::{GLANCE, OPENNEBULA, visit, wait_for_summary};

/// A visitor of a window of this size, past the first minute.
fn visit_at(query: &str, width: u32, height: u32) -> Visitor {
    let visitor = Visitor::new();
    visitor.size(width, height);
    visitor.open(&format!("{}{query}", Site::page("/").serve()));
    visitor.wait_until_started();
    visitor.click_text(".guide button", "Skip");
    visitor.wait("the first minute to go", || visitor.count(".guide") == 0);
    visitor
}

/// Presses a verb where it is, without scrolling to it.
fn press(visitor: &Visitor, verb: &str) {
    visitor.run(&format!(
        "[...document.querySelectorAll('.verbs__chosen button')].find(one => one.innerText === '{verb}').click()"
    ));
    visitor.wait_for(".callout");
}

/// Whether whoever clicks in the middle of any of these hits it.
fn is_at_hand(visitor: &Visitor, selector: &str) -> bool {
    let hit = "const { left, top, width, height } = one.getBoundingClientRect(); \
        return one.contains(document.elementFromPoint(left + width / 2, top + height / 2))";
    let all = format!("return [...document.querySelectorAll('{selector}')].every(one => {{ {hit} }})");
    visitor.run(&all) == true
}

/// Waits until the boxes of these states lie between what stands at the window's edges.
fn wait_to_see(visitor: &Visitor, states: [&str; 2]) {
    let seen = format!(
        "const box = selector => document.querySelector(selector).getBoundingClientRect(); \
         const verbs = box('.verbs__chosen'), dock = box('.dock'); \
         return '{}'.split(' ').every(state => {{ const state_ = box(`[data-state='${{state}}']`); \
            return state_.top >= verbs.bottom && state_.bottom < dock.top }})",
        states.join(" ")
    );
    visitor.wait(&format!("{} in sight", states.join(" and ")), || visitor.run(&seen) == true);
}

#[test]
fn on_a_projector_both_arrivals_are_seen_and_the_verbs_stay_where_they_can_be_pressed() {
    let visitor = visit_at("?theme=projector", 1920, 1080);
    press(&visitor, "Delete");
    wait_to_see(&visitor, ["DELETE", "deleted"]);
    assert!(visitor.count(".verbs__chosen button") > 5 && is_at_hand(&visitor, ".verbs__chosen button"));
    visitor.screenshot("arrival-projector");
    visitor.click("[aria-label='One step back']");
    visitor.click("[aria-label='One step back']");
    wait_to_see(&visitor, ["READY", "active"]);
}

#[test]
fn on_a_projector_the_switches_go_out_of_the_window_below_the_verbs() {
    let visitor = visit_at("?theme=projector", 1920, 1080);
    assert!(is_at_hand(&visitor, ".look button"));
    visitor.click_text(".look button", "Whole");
    visitor.wait("the diagrams to be shown", || visitor.run("return scrollY > 100") == true);
    visitor.wait("the switches to go", || {
        visitor.run("return !document.elementFromPoint(1800, 20).closest('.look')") == true
    });
}

#[test]
fn in_a_low_window_both_arrivals_are_seen_too() {
    let visitor = visit_at("", 1366, 650);
    press(&visitor, "Delete");
    wait_to_see(&visitor, ["DELETE", "deleted"]);
}

#[test]
fn the_first_minute_stays_at_hand_where_the_page_follows_what_it_does() {
    let visitor = Visitor::new();
    visitor.size(1366, 650);
    visitor.open(&Site::page("/").serve());
    visitor.wait_until_started();
    for step in ["2 of 4", "3 of 4", "4 of 4"] {
        visitor.click(".guide .primary");
        visitor.wait(step, || visitor.text(".guide").starts_with(step));
    }
    visitor.wait("the page to follow", || visitor.run("return scrollY > 0") == true);
    visitor.rest();
    assert!(is_at_hand(&visitor, ".guide button"));
}

#[test]
fn a_state_that_is_in_sight_already_scrolls_nothing_and_neither_does_a_phone() {
    for (width, height) in [(1280, 800), (390, 844)] {
        let visitor = visit_at("", width, height);
        press(&visitor, "Delete");
        visitor.run("return new Promise(done => setTimeout(done, 1500))");
        assert_eq!(visitor.run("return scrollY"), 0, "at {width} pixels");
    }
}

#[test]
fn a_step_that_comes_by_itself_is_followed_by_a_page_that_nobody_scrolled_meanwhile() {
    for scrolled in [false, true] {
        let visitor = visit_at("?theme=projector", 1920, 1080);
        visitor.click_text(".verbs button", "Create in both");
        visitor.wait_for(".callout");
        visitor.rest();
        if scrolled {
            visitor.run("scrollTo({ top: 900, behavior: 'instant' })");
        }
        wait_for_summary(&visitor, OPENNEBULA, "2 READY");
        if scrolled {
            visitor.run("return new Promise(done => setTimeout(done, 1500))");
            assert_eq!(visitor.run("return scrollY"), 900);
        } else {
            wait_to_see(&visitor, ["READY", "active"]);
        }
    }
}

#[test]
fn what_has_the_focus_is_not_hidden_behind_the_verbs_that_stay() {
    let visitor = visit_at("?theme=projector", 1920, 1080);
    let hidden = "const verbs = document.querySelector('.verbs__chosen'), hidden = []; let reached = 0; \
        for (const part of document.querySelectorAll('.page :is(a, button, input, select, summary, .node)')) { \
            if (!part.checkVisibility() || part.closest('.verbs__chosen, .dock, .skips')) continue; \
            scrollTo({ top: document.body.scrollHeight, behavior: 'instant' }); part.focus(); \
            if (document.activeElement !== part) continue; reached++; \
            if (part.getBoundingClientRect().top < verbs.getBoundingClientRect().bottom && scrollY > 0) \
                hidden.push(part.textContent); } \
        return reached > 40 ? hidden.join(', ') : `only ${reached}`";
    assert_eq!(visitor.run(hidden), "");
    for verb in ["Use in a VM", "Fail transfer"] {
        visitor.run("scrollTo({ top: 700, behavior: 'instant' })");
        let focus = "[...document.querySelectorAll('.verbs__chosen button')].find(one => one.innerText === arguments[0]).focus()";
        visitor.run_with(focus, &serde_json::json!([verb]));
        assert_eq!(visitor.run("return scrollY"), 700, "{verb} is in sight already");
    }
}

#[test]
fn the_row_of_a_new_image_comes_into_sight_in_its_list_and_nothing_else_moves() {
    let (visitor, _) = visit();
    for cloud in ["OpenNebula", "Glance"] {
        let stage = if cloud == "Glance" { GLANCE } else { OPENNEBULA };
        for _ in 0..20 {
            visitor.click_text(".verbs button", &format!("only in {cloud}"));
        }
        wait_for_summary(&visitor, stage, "21 images");
        let seen = format!(
            "const box = part => document.querySelector(`{stage} ${{part}}`).getBoundingClientRect(); \
             const row = box('.list tbody .is-chosen'), list = box('.list__rows'), head = box('.list thead'); \
             return row.top >= head.bottom - 1 && row.bottom <= list.bottom + 1 && scrollY === 0"
        );
        visitor.wait("the row of the last image", || visitor.run(&seen) == true);
        visitor.run(&format!("document.querySelector(\"{stage} .list__rows\").scrollTop = 200"));
        visitor.click_text(".verbs button", &format!("only in {cloud}"));
        wait_for_summary(&visitor, stage, "22 images");
        visitor.wait("the row of a new image", || visitor.run(&seen) == true);
    }
}

#[test]
fn a_refusal_of_what_was_asked_in_a_panel_is_seen_whole() {
    for (width, height) in [(1920, 1080), (1280, 800), (390, 844)] {
        let visitor = visit_at("", width, height);
        visitor.click_text(".verbs button", "only in OpenNebula");
        visitor.wait_for(".token__ring");
        visitor.click(&format!("{OPENNEBULA} details:has(.refusals) summary"));
        visitor.click_text(&format!("{OPENNEBULA} .refusals button"), "Clone");
        let seen = "const said = document.querySelector('.said--refusal')?.getBoundingClientRect(); \
            return said?.top >= 0 && said.bottom <= document.querySelector('.dock').getBoundingClientRect().top";
        visitor.wait("the whole refusal", || visitor.run(seen) == true);
    }
}

#[test]
fn the_names_in_a_low_embed_can_be_read_and_the_state_that_is_reached_is_in_sight() {
    let visitor = Visitor::new();
    visitor.size(700, 360);
    visitor.open(&format!("{}?embed=1&system=opennebula", Site::page("/").serve()));
    visitor.wait_until_started();
    let size = "const name = document.querySelector('.node__name'); \
        return parseFloat(getComputedStyle(name).fontSize) * name.ownerSVGElement.getScreenCTM().a";
    let size = visitor.run(size).as_f64().unwrap_or_default();
    assert!(size >= 8.0, "letters of {size} pixels");
    let seen = "const state = document.querySelector('.is-occupied').getBoundingClientRect(); \
        return state.top >= 0 && state.bottom <= document.querySelector('.dock').getBoundingClientRect().top && state.height > 0";
    for state in ["USED", "READY", "DISABLED", "READY", "DELETE"] {
        while visitor.count(&format!(".is-occupied[data-state='{state}']")) == 0 {
            visitor.click("[aria-label='One step forward']");
        }
        visitor.wait(&format!("{state} in sight"), || visitor.run(seen) == true);
    }
}
