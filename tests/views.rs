//! The page rendered to text, without a browser: what stands on it and what it is called.

use lab::app::Settings;
use lab::ui::{Parts, Root, RootProps};
use yew::{Callback, ServerRenderer};

fn page(settings: Settings, kept: Option<&str>) -> String {
    Parts::all().equip();
    let kept = (kept.map(str::to_owned), None);
    let renderer = ServerRenderer::<Root>::with_props(move || RootProps {
        places: None,
        rules: Some(lab::app::Rules::all()),
        settings,
        kept,
        effects: Callback::noop(),
        read_file: Callback::noop(),
        next_frame: Callback::noop(),
        now: Callback::from(|()| 0.0),
        next_task: Callback::noop(),
        at_rest: Callback::noop(),
    });
    pollster::block_on(renderer.hydratable(false).render())
}

#[track_caller]
fn assert_has(page: &str, expected: &[&str]) {
    for part in expected {
        assert!(page.contains(part), "the page lacks {part}\n{page}");
    }
}

#[test]
fn both_clouds_are_drawn_with_all_their_states() {
    let page = page(Settings::default(), None);
    for cloud in lab::systems::clouds(lab::engine::SimTime::START) {
        for state in cloud.states() {
            assert_has(&page, &[&format!("data-state=\"{state}\"")]);
        }
        assert_has(&page, &[&format!("<h2>{}</h2>", cloud.title())]);
    }
}

#[test]
fn every_part_has_a_name_and_a_role() {
    let page = page(Settings::default(), None);
    assert_has(
        &page,
        &[
            "role=\"graphics-document document\" aria-roledescription=\"state diagram\"",
            "role=\"graphics-object\" aria-label=\"READY: 1 image.",
            "aria-label=\"Time\"",
            "aria-label=\"Place in the journal\"",
            "aria-label=\"Journal\"",
            "aria-label=\"Branches\"",
            "aria-label=\"Breakpoints\"",
            "aria-label=\"Keys\"",
            "aria-label=\"Name of the branch that is shown\"",
            "role=\"status\"",
        ],
    );
}

#[test]
fn the_page_opens_on_a_life_that_can_be_played_and_stepped() {
    let page = page(Settings::default(), None);
    assert_has(&page, &["ubuntu", "Play", "One step back", "One step forward", "New VM"]);
}

#[test]
fn the_first_minute_is_offered_again_only_where_both_clouds_are() {
    let offer = "Show the first minute again";
    assert_has(&page(Settings::default(), None), &[offer]);
    assert!(!page(Settings { only: Some(1), ..Settings::default() }, None).contains(offer));
}

#[test]
fn an_embed_shows_one_stage_without_furniture() {
    let settings = Settings { embed: true, only: Some(0), ..Settings::default() };
    let page = page(settings, None);
    assert_eq!(page.matches("class=\"stage\"").count(), 1);
    assert!(!page.contains("<h1>") && !page.contains("aria-label=\"Journal\""));
}

#[test]
fn an_embed_with_a_bad_value_says_so_and_still_shows_a_stage() {
    let query = |name: &str| match name {
        "embed" => Some("1".to_owned()),
        "system" => Some("nova".to_owned()),
        _ => None,
    };
    let page = page(Settings::from_query(query), None);
    assert_has(&page, &["There is no system “nova”", "class=\"stage\""]);
}

#[test]
fn a_journal_that_cannot_be_read_is_named_and_the_page_still_opens() {
    let page = page(Settings::default(), Some("image-lifecycle journal 1\n0 eucalyptus boom"));
    assert_has(&page, &["could not be read", "Line 2: there is no system “eucalyptus”.", "ubuntu"]);
}

#[test]
fn markup_in_a_name_stays_text() {
    let mut session = lab::engine::session::Session::new(lab::systems::clouds(lab::engine::SimTime::START));
    let name = "<img src=x onerror=alert(1)>";
    for system in 0..session.clouds().len() {
        let create = lab::engine::present::Verb::Create { name, persistent: false };
        let line = session.cloud(system).verb(create).expect("every cloud creates images");
        session.perform(system, &line).expect("the line of a verb is an action");
    }
    let page = page(Settings::default(), Some(&session.to_text()));
    assert!(page.contains("&lt;img"), "the name is shown");
    assert!(!page.contains("<img"), "the name is no markup");
}

#[test]
fn a_name_that_turns_lines_round_turns_nothing_else_round() {
    let mut session = lab::engine::session::Session::new(lab::systems::clouds(lab::engine::SimTime::START));
    let create = lab::engine::present::Verb::Create { name: "a\u{202E}b", persistent: false };
    for system in 0..session.clouds().len() {
        let line = session.cloud(system).verb(create).expect("every cloud creates images");
        session.perform(system, &line).expect("the line of a verb is an action");
    }
    let page = page(Settings::default(), Some(&session.to_text()));
    assert_has(&page, &["openstack image create 'a\\u{202e}b' ", "<td dir=\"auto\">a\u{202E}b</td>"]);
    let named = "<bdi title=\"a\u{202E}b\"><span>a\u{202E}b</span></bdi>";
    let cell = "<td dir=\"auto\">a\u{202E}b</td>";
    let rest = page.replace("<bdi>a\u{202E}b</bdi>", "").replace(cell, "").replace(named, "");
    let around: Vec<&str> = rest.split('<').filter(|part| part.contains('\u{202E}')).collect();
    assert!(around.is_empty(), "{around:#?}");
}

#[test]
fn a_mode_is_switched_where_its_cloud_is_and_its_part_of_the_diagram_is_marked() {
    let off = page(Settings::default(), None);
    let switch = "role=\"switch\" aria-checked=\"false\"";
    assert_has(&off, &[switch, "Glance v1", "Rocky (2018)", "edge--mode is-off"]);
    let killed = |page: &str| {
        let before = page.split("data-state=\"killed\"").next().expect("there is one");
        before.rsplit("<g class=").next().expect("it is a group").to_owned()
    };
    assert!(killed(&off).contains("is-off"), "{}", killed(&off));
}

#[test]
fn every_state_can_be_asked_for_and_every_edge_can_be_paused_at() {
    let page = page(Settings::default(), None);
    assert_has(
        &page,
        &["Can it get to", "<option value=\"0 3\">DISABLED</option>", "READY → DISABLED", "saving → active"],
    );
}

#[test]
fn each_verb_says_with_which_image_and_where_its_lines_are_shown() {
    let page = page(Settings::default(), None);
    assert_has(
        &page,
        &[
            "aria-describedby=\"cause-0 cause-1\"",
            "id=\"cause-1\"",
            "with <bdi title=\"ubuntu\"><span>ubuntu</span></bdi>",
            "Finish transfer",
            "Fail transfer",
            "href=\"correspondences.html\"",
        ],
    );
}

#[test]
fn a_journal_with_two_branches_shows_them_as_a_tree_of_buttons() {
    let mut session = lab::engine::session::Session::new(lab::systems::clouds(lab::engine::SimTime::START));
    for name in ["first", "second"] {
        let create = lab::engine::present::Verb::Create { name, persistent: false };
        let line = session.cloud(0).verb(create).expect("every cloud creates images");
        session.seek(0);
        session.perform(0, &line).expect("the line of a verb is an action");
    }
    session.rename_branch(1, "what if");
    let page = page(Settings::default(), Some(&session.to_text()));
    assert_has(
        &page,
        &[
            "aria-label=\"Name of the branch that is shown\"",
            ">main</button>",
            "Delete “what if”",
            "Show “main” beside",
        ],
    );
}

#[test]
fn every_diagram_is_one_stop_of_the_tab_key_and_lists_its_states_as_buttons() {
    let page = page(Settings::default(), None);
    assert_eq!(page.matches("role=\"grid\" tabindex=\"0\"").count(), 2, "the two lists");
    let stops = page.matches("data-state=").count();
    assert_eq!(page.matches("tabindex=\"-1\"").count(), stops - 2);
    assert_eq!(page.matches("<summary>Every ").count(), 2);
}
