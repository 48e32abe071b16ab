//! How the page looks: pictures of every screen, barriers that axe-core knows, labels that touch nothing, phases
//! without their colour.

use super::axe;
use super::screens::{SCREENS, THEMES};
use super::server::Site;
use super::visitor::Visitor;
use super::{GLANCE, OPENNEBULA, visit};

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
fn in_colours_that_are_forced_the_edge_that_was_taken_stands_out_in_every_theme() {
    let (visitor, origin) = visit();
    visitor.prefer(&[("forced-colors", "active"), ("prefers-color-scheme", "dark")]);
    for theme in ["light", "dark", "projector"] {
        visitor.open(&format!("{origin}?theme={theme}"));
        visitor.wait_until_started();
        while visitor.count(".is-taken .edge__line") == 0 {
            visitor.click("[aria-label='One step forward']");
            visitor.rest();
        }
        let line = "const edge = document.querySelector('.is-taken .edge__line'); \
            return [getComputedStyle(edge).stroke, getComputedStyle(document.body).backgroundColor].join(' on ')";
        assert_eq!(visitor.run(line), "rgb(255, 255, 255) on rgb(0, 0, 0)", "{theme}");
    }
}

#[test]
fn what_a_verb_would_do_is_read_whole_and_moves_nothing() {
    let (visitor, origin) = visit();
    for (look, width, height) in [("", 1280, 800), ("?theme=projector", 1920, 1080)] {
        visitor.size(width, height);
        visitor.open(&format!("{origin}{look}"));
        visitor.wait_until_started();
        let place =
            "return document.querySelector('.stage[data-system=\"1\"] .diagram').getBoundingClientRect().top";
        let before = visitor.run(place);
        for verb in ["Create in both", "Clone"] {
            let focus = "[...document.querySelectorAll('.verbs button')].find(one => one.innerText === arguments[0]).focus()";
            visitor.run_with(focus, &serde_json::json!([verb]));
            let whole = "const ahead = [...document.querySelectorAll('.cause--ahead > *')]; \
                return ahead.length === 4 && ahead.every(part => part.scrollWidth <= part.clientWidth)";
            visitor.wait(&format!("all of what {verb} would do"), || visitor.run(whole) == true);
            assert_eq!(visitor.run(place), before);
            visitor.run("document.activeElement.blur()");
        }
    }
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
