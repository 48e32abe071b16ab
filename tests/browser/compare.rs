//! One action in two clouds, as a person meets it: counterparts, previews, callouts, the table.

use super::server::Site;
use super::visitor::Visitor;
use super::{GLANCE, OPENNEBULA, visit, wait_for_summary};

fn node(stage: &str, name: &str) -> String {
    format!("{stage} .node[data-state='{name}']")
}

/// The focus reaches a verb.
fn reach(visitor: &Visitor, label: &str) {
    visitor.run(&format!(
        "const verb = [...document.querySelectorAll('.verbs button')].find(v => v.innerText.trim() === '{label}');\
         verb.dispatchEvent(new FocusEvent('focusin', {{ bubbles: true }}))"
    ));
}

#[test]
fn a_chosen_state_lights_its_counterparts_by_shape_and_word_and_says_why() {
    let (visitor, origin) = visit();
    visitor.click(&format!("{} text", node(OPENNEBULA, "DISABLED")));
    visitor.wait_for_text(&format!("{} .likeness", node(GLANCE, "deactivated")), "≈ near");
    visitor.wait_for(&format!("{}.is-near", node(GLANCE, "deactivated")));
    assert_eq!(visitor.count(&format!("{GLANCE} .node.is-unlike")), 8);
    let why = "DISABLED stops new VMs, deactivated stops downloads, and admins still can.";
    visitor.wait_for_text(&format!("{GLANCE} .card"), why);
    let card = visitor.text(".card");
    for part in [
        "State number 3, listed as disa.",
        "MANAGE on the image.",
        "oneimage disable ID",
        "READY disable",
        "src/image/ImageManagerActions.cc, disable_image",
    ] {
        assert!(card.contains(part), "the card lacks “{part}”: {card}");
    }
    let row = visitor
        .run("return [...document.querySelectorAll('.card a')].map(a => a.getAttribute('href')).join(' ')");
    assert!(row.as_str().unwrap_or_default().contains("correspondences.html#disabled-deactivated"));
    visitor.screenshot("linked");
    visitor.size(390, 844);
    visitor.prefer(&[("prefers-color-scheme", "dark")]);
    visitor.run(&format!("document.querySelector(\"{GLANCE} .diagram\").scrollIntoView()"));
    visitor.screenshot("linked-phone");
    visitor.size(1280, 800);
    visitor.press("Escape");
    visitor.wait("the card to close", || visitor.count(".card") == 0 && visitor.count(".likeness") == 0);
    visitor.assert_content(&origin);
}

#[test]
fn a_state_is_chosen_by_keyboard_on_the_diagram_and_in_the_list() {
    let (visitor, origin) = visit();
    visitor.run(&format!("document.querySelector(\"{GLANCE} .node[tabindex='0']\").focus()"));
    visitor.press("Enter");
    visitor.wait_for_text(".card h3", "active");
    assert_eq!(visitor.count(&format!("{OPENNEBULA} .node.is-many")), 4);
    visitor.wait_for_text(&format!("{} .likeness", node(OPENNEBULA, "READY")), "= same");
    visitor.press("ArrowRight");
    visitor.press(" ");
    visitor.wait_for_text(".card h3", "importing");
    visitor.press("ArrowUp");
    visitor.press(" ");
    visitor.wait_for_text(".card h3", "uploading");
    visitor.press("Escape");
    visitor.wait("the card to close", || visitor.count(".card") == 0);
    visitor.click(&format!("{OPENNEBULA} .states summary"));
    visitor.click_text(&format!("{OPENNEBULA} .states button"), "ERROR");
    visitor.wait_for_text(".card h3", "ERROR");
    visitor.assert_content(&origin);
}

#[test]
fn where_the_card_of_a_state_has_no_room_beside_the_diagram_it_is_a_sheet_that_leaves_the_state_in_sight() {
    let (visitor, origin) = visit();
    let sizes = [(390, 844, ""), (320, 568, ""), (1000, 700, ""), (1920, 1080, "?theme=projector")];
    for (width, height, look) in sizes {
        visitor.size(width, height);
        visitor.open(&format!("{origin}{look}"));
        visitor.wait_until_started();
        let states =
            [(OPENNEBULA, "DELETE"), (GLANCE, "deleted"), (OPENNEBULA, "LOCKED"), (GLANCE, "active")];
        for (stage, state) in states {
            if state == "active" {
                visitor.click_text(".verbs button", "Create in both");
                visitor.wait_for(".callout");
            }
            visitor.click(&format!("{} text", node(stage, state)));
            let sheet = ".sheet .card h3";
            visitor.wait_for_text(sheet, state);
            let seen = format!(
                "const box = e => document.querySelector(e).getBoundingClientRect(); \
                 const [node, sheet, close] = [box(\"{}\"), box('.sheet'), box('.sheet h3 button')]; \
                 const covered = document.querySelector('.callout') ? box('.callout') : sheet; \
                 return node.top >= 0 && node.bottom <= covered.top && sheet.bottom <= innerHeight && \
                     close.top >= sheet.top && close.bottom <= sheet.bottom && \
                     document.querySelector('.panel > .card')?.getClientRects().length === 0",
                node(stage, state)
            );
            visitor.wait(&format!("{state} above its card at {width} px"), || visitor.run(&seen) == true);
        }
        visitor.screenshot(&format!("sheet-{width}"));
        let stays = "return document.activeElement.closest('.sheet') === null";
        assert_eq!(visitor.run(stays), true, "the focus stays where it was");
        visitor.click_text(".sheet button", "Close");
        visitor.wait("the sheet to close", || visitor.count(".sheet") == 0);
        visitor.click(&format!("{} text", node(GLANCE, "queued")));
        visitor.wait_for(".sheet");
        visitor.press("Escape");
        visitor.wait("the sheet to close", || visitor.count(".sheet") == 0);
    }
    visitor.assert_content(&origin);
}

#[test]
fn a_verb_shows_both_commands_and_where_it_would_lead_before_it_is_asked() {
    let (visitor, origin) = visit();
    visitor.click(".verbs input[type=text]");
    visitor.wait_for_text("#cause-0", "oneimage create");
    reach(&visitor, "Withhold");
    visitor.wait_for_text("#cause-0", "oneimage disable 0");
    visitor.wait_for_text("#cause-1", "openstack image set --deactivate");
    visitor.wait_for(&format!("{}.is-target", node(OPENNEBULA, "DISABLED")));
    visitor.wait_for(&format!("{}.is-target", node(GLANCE, "deactivated")));
    visitor.wait_for_text("#cause-0.cause--ahead", "→ DISABLED");
    assert_eq!(visitor.count("g.edge.is-lit"), 2);
    wait_for_summary(&visitor, OPENNEBULA, "1 READY");
    visitor.screenshot("preview");
    reach(&visitor, "Finish transfer");
    visitor.wait_for_text("#cause-1", "Nothing is under way for this image.");
    visitor.assert_content(&origin);
}

#[test]
fn where_the_answers_part_the_page_says_what_why_and_what_it_means() {
    let (visitor, origin) = visit();
    visitor.click_text(".verbs button", "Use in a VM");
    visitor.wait_for_text(".callout", "OpenNebula's image is in use now; Glance's stays active.");
    for part in ["Why", "Nova copies the data", "For operators", "Only OpenNebula keeps you", "acquire_image"]
    {
        visitor.wait_for_text(".callout", part);
    }
    visitor.screenshot("callout");
    visitor.size(390, 844);
    visitor.screenshot("callout-phone");
    visitor.size(1280, 800);
    visitor.click_text(".verbs button", "Delete");
    visitor.wait_for_text(
        ".callout",
        "OpenNebula refuses while VMs or clones use the image; Glance deletes it.",
    );
    visitor.click("[aria-label='One step back']");
    visitor.wait("the callout to go", || visitor.count(".callout") == 0);
    visitor.assert_content(&origin);
}

#[test]
fn a_failed_transfer_parts_the_clouds() {
    let (visitor, origin) = visit();
    visitor.click_text(".verbs button", "Create in both");
    wait_for_summary(&visitor, GLANCE, "1 saving");
    visitor.click_text(".verbs button", "Fail transfer");
    visitor.wait_for_text(".callout", "OpenNebula keeps the failed image in ERROR; Glance's is gone.");
    visitor.assert_content(&origin);
}

#[test]
fn the_table_is_a_page_of_its_own_that_needs_no_script() {
    let origin = Site::page("/").serve();
    let visitor = Visitor::new();
    for (name, width, scheme) in
        [("table", 1280, "light"), ("table-dark", 1280, "dark"), ("table-phone", 390, "light")]
    {
        visitor.size(width, 844);
        visitor.prefer(&[("prefers-color-scheme", scheme)]);
        visitor.open(&format!("{origin}/correspondences.html#disabled-deactivated"));
        assert_eq!(visitor.count("script"), 0);
        assert_eq!(visitor.count(".pairs tbody tr"), 99);
        assert_eq!(visitor.count("tr:target"), 1);
        visitor.screenshot(name);
        assert!(
            visitor.run("return document.documentElement.scrollWidth <= innerWidth") == true,
            "at {width} pixels the table is wider than its window"
        );
        let seen = "const [list, name, last] = ['.list', '.matrix tbody th', '.matrix thead th:last-child'] \
                .map(part => document.querySelector(part)); list.scrollLeft = list.scrollWidth; \
            const within = part => [part, list].map(part => part.getBoundingClientRect()) \
                .reduce((part, list) => part.left >= list.left - 1 && part.right <= list.right + 1); \
            return within(name) && within(last)";
        assert_eq!(visitor.run(seen), true, "at {width} pixels a column is out of reach, or the rows' names");
    }
    visitor.size(1280, 844);
    visitor.open(&format!("{origin}/correspondences.html"));
    visitor.screenshot("table-top");
    assert_eq!(visitor.violations(), [""; 0]);
    assert!(visitor.requests().iter().all(|request| request.starts_with(&origin)));
}

#[test]
fn in_a_small_window_a_callout_says_all_that_differs_and_leaves_room_for_the_diagram() {
    let (visitor, _) = visit();
    for (width, height) in [(320, 640), (390, 844), (844, 390)] {
        visitor.size(width, height);
        visitor.click_text(".verbs button", "Create in both");
        visitor.wait_for(".callout");
        let fits = "const [callout, what] = ['.callout', '.callout strong'] \
                .map(part => document.querySelector(part).getBoundingClientRect()); \
            return what.top >= callout.top && what.bottom <= callout.bottom && callout.height <= 7 * 16";
        visitor.wait(&format!("a low callout at {width} × {height}"), || visitor.run(fits) == true);
        visitor.click_text(".callout button", "Close");
        visitor.wait("the callout to go", || visitor.count(".callout") == 0);
    }
}
