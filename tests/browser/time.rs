//! Time in the person's hands: branches, ways and breakpoints.

use super::{OPENNEBULA, choose, occupied, visit, wait_for_summary};

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
