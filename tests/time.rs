//! Time in the person's hands: ways, breakpoints, branches, keys. The app without a browser.

use lab::app::{App, Breakpoint, Effect, LookMsg, Msg, PairedVerb, ReachView, Settings, Speed, Stop};
use lab::engine::chart::End;
use lab::engine::present::Verb;
use lab::engine::session::Session;
use lab::engine::{ImageId, MachineId, SimTime};
use lab::systems;

const OPENNEBULA: usize = 0;
const GLANCE: usize = 1;

/// How long work takes in the page that moves data.
const PACE: SimTime = SimTime(4_000);

fn app() -> App {
    App::new(Some(lab::app::Rules::all()), Settings::default(), None, None)
}

/// An app in an empty lab with one image created in every cloud, and with nothing left to come.
fn app_with_one_image() -> App {
    let mut app = app();
    app.update(Msg::Sought(0));
    app.update(Msg::VerbAsked { verb: PairedVerb::Create, only: None });
    app
}

fn state(app: &App, system: usize, name: &str) -> End {
    let states = app.session().cloud(system).states();
    End::State(states.iter().position(|state| *state == name).expect("a state of that name"))
}

fn frames(app: &mut App, most: usize, mut go_on: impl FnMut(&App) -> bool) {
    for _ in 0..most {
        if !go_on(app) {
            return;
        }
        app.update(Msg::TimePassed(16.0));
    }
}

fn frames_of(app: &mut App, milliseconds: f32) {
    for _ in 0..2_000 {
        app.update(Msg::TimePassed(milliseconds));
    }
}

fn play_to_the_end(app: &mut App) {
    frames(app, 20_000, App::is_animating);
    assert!(!app.is_animating(), "playing came to an end");
}

fn reach(app: &mut App, system: usize, goal: End) -> ReachView {
    app.update(Msg::WayAsked(system, goal));
    let answer = |app: &App| app.view().stages[system].reach.clone().expect("an answer");
    frames(app, 20_000, |app| answer(app).answer == "Looking…");
    answer(app)
}

fn said(app: &App) -> String {
    app.view().transport.said.clone().unwrap_or_default()
}

fn image_state(app: &App, system: usize) -> Option<&'static str> {
    let cloud = app.session().cloud(system);
    cloud.images(0, 1).first().map(|row| cloud.states()[row.state])
}

/// How many steps it takes an image that was just created to each state and out of the cloud, by the
/// shortest way; `-` where there is none.
fn steps_to_every_state(system: usize) -> Vec<String> {
    let states = app().session().cloud(system).states();
    let goals = (0..states.len()).map(End::State).chain([End::Outside]);
    let steps = |(goal, name): (End, &str)| {
        let ReachView { way, answer, .. } = reach(&mut app_with_one_image(), system, goal);
        let is_there = answer.starts_with("It is in");
        if way.is_empty() && !is_there {
            assert!(answer.starts_with("No"), "{name}: {answer}");
            return format!("{name} -");
        }
        format!("{name} {}", way.len())
    };
    goals.zip(states.into_iter().chain(["gone"])).map(steps).collect()
}

#[test]
fn every_state_is_as_many_steps_away_as_the_shortest_way_has() {
    assert_eq!(
        steps_to_every_state(OPENNEBULA),
        [
            "INIT -",
            "READY 1",
            "USED 2",
            "DISABLED 2",
            "LOCKED 0",
            "ERROR 1",
            "CLONE 3",
            "DELETE 2",
            "USED_PERS 3",
            "LOCKED_USED 1",
            "LOCKED_USED_PERS 2",
            "gone 1"
        ]
    );
    assert_eq!(
        steps_to_every_state(GLANCE),
        [
            "queued 1",
            "saving 0",
            "uploading 2",
            "importing 3",
            "active 1",
            "deactivated 2",
            "killed 2",
            "pending_delete 3",
            "deleted 1",
            "gone 2"
        ]
    );
}

#[test]
fn a_way_that_was_found_really_leads_there_when_its_lines_are_asked() {
    let mut app = app_with_one_image();
    let goal = state(&app, OPENNEBULA, "USED_PERS");
    let way = reach(&mut app, OPENNEBULA, goal).way;
    assert!(!way.is_empty());
    for step in &way {
        app.update(Msg::Asked { system: OPENNEBULA, line: step.line.clone() });
    }
    assert_eq!(image_state(&app, OPENNEBULA), Some("USED_PERS"));
}

#[test]
fn a_failed_state_is_reached_by_a_failure_of_the_driver() {
    let mut app = app_with_one_image();
    let goal = state(&app, OPENNEBULA, "ERROR");
    let way = reach(&mut app, OPENNEBULA, goal).way;
    assert_eq!(way.len(), 1);
    assert!(way[0].line.contains("No space left on device"), "{}", way[0].line);
}

#[test]
fn a_state_that_nothing_leads_to_is_named_with_its_reason() {
    let mut app = app();
    let goal = state(&app, GLANCE, "killed");
    let view = reach(&mut app, GLANCE, goal);
    assert!(view.way.is_empty());
    assert!(view.answer.contains("No action of Glance today leads to killed."), "{}", view.answer);
}

#[test]
fn a_way_is_shown_as_a_branch_of_its_own_that_plays_up_to_its_end() {
    let mut app = app_with_one_image();
    let stood = app.session().journal().head();
    let goal = state(&app, OPENNEBULA, "DELETE");
    let way = reach(&mut app, OPENNEBULA, goal).way;
    app.update(Msg::WayShown);
    let branches = app.view().transport.branches.clone();
    let shown = branches.iter().find(|branch| branch.current).expect("a branch is shown");
    assert_eq!(shown.name, "to DELETE");
    assert_eq!(app.session().journal().head(), stood, "it is played from where the question was asked");
    play_to_the_end(&mut app);
    assert_eq!(app.session().journal().depth(), shown.depth + way.len());
    assert_eq!(image_state(&app, OPENNEBULA), Some("DELETE"));
    app.update(Msg::WayShown);
    assert_eq!(app.view().transport.branches.len(), branches.len(), "shown again, it is the same branch");
}

#[test]
fn a_search_finds_the_same_however_its_frames_fall() {
    let found = |frame: f32| {
        let mut app = app_with_one_image();
        app.update(Msg::Paused);
        let goal = state(&app, GLANCE, "deactivated");
        app.update(Msg::WayAsked(GLANCE, goal));
        frames_of(&mut app, frame);
        app.view().stages[GLANCE].reach.clone().expect("an answer")
    };
    assert_eq!(found(8.0), found(200.0));
    assert!(!found(8.0).way.is_empty());
}

#[test]
fn the_answer_comes_without_a_long_frame_and_says_so_until_then() {
    let mut app = app_with_one_image();
    let goal = state(&app, OPENNEBULA, "CLONE");
    app.update(Msg::WayAsked(OPENNEBULA, goal));
    let answer = |app: &App| app.view().stages[OPENNEBULA].reach.clone().expect("an answer").answer;
    assert_eq!(answer(&app), "Looking…");
    app.update(Msg::TimePassed(200.0));
    assert_eq!(answer(&app), "Looking…", "a frame that was long makes the next slice short");
}

#[test]
fn playing_pauses_when_an_image_arrives_at_a_breakpoint_and_says_so() {
    let mut app = app();
    let used = state(&app, OPENNEBULA, "USED");
    app.update(Msg::Sought(0));
    app.update(Msg::BreakpointToggled(Breakpoint { system: OPENNEBULA, stop: Stop::State(used) }));
    assert_eq!(said(&app), "Playing will pause at OpenNebula: USED.");
    app.update(Msg::Played);
    play_to_the_end(&mut app);
    assert_eq!(image_state(&app, OPENNEBULA), Some("USED"));
    assert_eq!(said(&app), "Paused: image 0 arrived in USED (OpenNebula).");
    app.update(Msg::Played);
    assert!(app.is_animating(), "playing goes on from there");
}

#[test]
fn playing_pauses_when_an_image_takes_the_edge_of_a_breakpoint() {
    let mut app = app();
    app.update(Msg::Sought(0));
    let (from, to) = (state(&app, GLANCE, "active"), state(&app, GLANCE, "deactivated"));
    let edge = app.session().cloud(GLANCE).chart().edge(from, to).expect("an edge");
    app.update(Msg::BreakpointToggled(Breakpoint { system: GLANCE, stop: Stop::Edge(edge) }));
    app.update(Msg::Played);
    play_to_the_end(&mut app);
    assert_eq!(said(&app), "Paused: image 1 took active → deactivated (Glance).");
}

#[test]
fn a_breakpoint_that_nothing_can_meet_is_told_at_once() {
    let mut app = app();
    let killed = state(&app, GLANCE, "killed");
    app.update(Msg::BreakpointToggled(Breakpoint { system: GLANCE, stop: Stop::State(killed) }));
    assert!(said(&app).starts_with("This breakpoint will not pause anything. No action of Glance today"));
    let problem = |app: &App| app.view().transport.breakpoints[0].problem.clone();
    assert!(
        problem(&app).is_some_and(|why| why.starts_with("No action of Glance today")),
        "the list says so too"
    );
}

#[test]
fn a_branch_that_is_deleted_while_shown_leaves_the_session_at_the_fork_and_can_be_brought_back() {
    let mut app = app();
    app.update(Msg::Sought(2));
    app.update(Msg::VerbAsked { verb: PairedVerb::Create, only: Some(OPENNEBULA) });
    assert_eq!(app.session().journal().current_branch(), 1);
    app.update(Msg::BranchRenamed(1, "what if".to_owned()));
    app.update(Msg::BranchDeleted(1));
    assert_eq!(app.session().journal().depth(), 2);
    let words = "“what if” is deleted. You are on “one image’s life” now, at step 2, where it parted.";
    assert!(said(&app).starts_with(words), "{}", said(&app));
    assert_eq!(app.view().transport.branches.len(), 1);
    app.update(Msg::BranchRestored(0));
    app.update(Msg::BranchChosen(1));
    app.update(Msg::Sought(3));
    assert_eq!(app.session().cloud(OPENNEBULA).image_count(), 2);
}

#[test]
fn the_only_branch_is_not_deleted() {
    let mut app = app();
    app.update(Msg::BranchDeleted(0));
    assert_eq!(said(&app), "This is the only branch, so it stays.");
}

#[test]
fn branches_names_and_deletions_survive_a_reload() {
    let mut app = app_with_one_image();
    let goal = state(&app, OPENNEBULA, "ERROR");
    reach(&mut app, OPENNEBULA, goal);
    app.update(Msg::WayShown);
    app.update(Msg::BranchDeleted(0));
    let text = app.session().to_text();
    let again = App::new(Some(lab::app::Rules::all()), Settings::default(), Some(text.clone()), None);
    assert_eq!(again.session().to_text(), text);
    let names = |app: &App| -> Vec<String> {
        app.view().transport.branches.iter().map(|branch| branch.name.clone()).collect()
    };
    assert_eq!(names(&again), names(&app));
    assert_eq!(again.session().journal().depth(), app.session().journal().depth());
}

#[test]
fn a_branch_that_ends_nowhere_is_named_when_a_journal_is_read() {
    let text = "image-lifecycle journal 1\nbranch 7 main\nat 0 0\n";
    let problem = Session::read(systems::clouds(SimTime::START), text).err().expect("it is refused");
    assert_eq!(problem.to_string(), "Line 3: a branch ends at an entry that there is not.");
}

#[test]
fn two_branches_are_seen_side_by_side_after_the_same_number_of_steps() {
    let mut app = app();
    app.update(Msg::Sought(2));
    app.update(Msg::VerbAsked { verb: PairedVerb::Create, only: Some(OPENNEBULA) });
    app.update(Msg::BranchCompared(0));
    let view = app.view();
    let beside = view.beside.as_ref().expect("the other world");
    assert_eq!(beside.names, ["branch 2", "one image’s life"]);
    assert_eq!(beside.depths, [3, 3]);
    let [cloud, _] = &beside.clouds[..] else { panic!("both clouds are compared") };
    assert!(
        cloud
            .differences
            .iter()
            .any(|told| told == "Image 1 (image-1): LOCKED in “branch 2”, not in “one image’s life”.")
    );
    assert!(!cloud.states.is_empty(), "the diagrams mark it");
    app.update(Msg::Sought(2));
    let view = app.view();
    let clouds = &view.beside.as_ref().expect("the other world").clouds;
    assert!(clouds.iter().all(|cloud| cloud.differences.is_empty()), "they agree before they part");
    app.update(Msg::BranchCompared(0));
    assert!(app.view().beside.is_none());
}

#[test]
fn the_other_branch_moves_along_when_the_one_that_is_shown_is_played() {
    let mut app = app();
    app.update(Msg::Sought(2));
    app.update(Msg::VerbAsked { verb: PairedVerb::Create, only: Some(OPENNEBULA) });
    app.update(Msg::Sought(0));
    app.update(Msg::BranchCompared(0));
    assert_eq!(app.other_scenes().iter().map(|scene| scene.tokens.len()).sum::<usize>(), 0);
    app.update(Msg::Played);
    let moving = |app: &App| app.other_scenes()[OPENNEBULA].tokens.iter().any(|token| token.moving);
    frames(&mut app, 2_000, |app| !moving(app));
    assert!(moving(&app), "it is seen on its way");
    play_to_the_end(&mut app);
    let beside = app.view().beside.clone().expect("it is still there");
    assert_eq!(beside.depths[0], app.view().transport.depth);
    assert_eq!(app.other_scenes()[OPENNEBULA].tokens.len(), 1);
}

#[test]
fn what_moves_at_once_is_seen_on_its_way_in_the_other_branch_too() {
    let mut app = app();
    app.update(Msg::Sought(2));
    for _ in 0..9 {
        app.update(Msg::VerbAsked { verb: PairedVerb::Create, only: Some(OPENNEBULA) });
    }
    app.update(Msg::Played);
    play_to_the_end(&mut app);
    app.update(Msg::Sought(11));
    app.update(Msg::Asked { system: OPENNEBULA, line: "oneimage chmod 1 600".to_owned() });
    app.update(Msg::Played);
    play_to_the_end(&mut app);
    app.update(Msg::Sought(11));
    app.update(Msg::BranchCompared(1));
    app.update(Msg::Played);
    let on_the_way = |app: &App| {
        let scene = &app.other_scenes()[OPENNEBULA];
        let crowds = scene.crowds.iter().map(|crowd| crowd.at.len() + crowd.named.len()).sum::<usize>();
        crowds + scene.tokens.iter().filter(|token| token.moving).count()
    };
    frames(&mut app, 2_000, |app| on_the_way(app) < 7);
    assert!(on_the_way(&app) > 6, "more than there are tokens for");
    app.update(Msg::Sought(11));
    assert_eq!(on_the_way(&app), 0, "who goes to a place sees nothing on its way");
}

#[test]
fn undo_and_redo_are_steps_and_single_keys_can_be_turned_off() {
    let mut app = app();
    let press = |app: &mut App, key: &str, command: bool, shift: bool| {
        app.update(Msg::KeyPressed { key: key.to_owned(), command, shift });
        app.session().journal().depth()
    };
    let here = app.session().journal().depth();
    assert_eq!(press(&mut app, "z", true, false), here - 1);
    assert_eq!(press(&mut app, "z", true, true), here);
    assert_eq!(press(&mut app, "y", true, false), here + 1);
    assert_eq!(press(&mut app, "b", false, false), here);
    app.update(Msg::KeysTurned(false));
    assert_eq!(press(&mut app, "f", false, false), here);
    assert_eq!(press(&mut app, "z", true, false), here - 1);
}

#[test]
fn at_instant_speed_a_whole_life_is_over_within_a_few_frames() {
    let mut app = app();
    app.update(Msg::Sought(0));
    app.update(Msg::SpeedChosen(Speed::Instant));
    app.update(Msg::Played);
    frames(&mut app, 4, App::is_animating);
    let journal = app.session().journal();
    assert_eq!(journal.depth() + 1, journal.trunk().len());
}

#[test]
fn an_image_that_is_dropped_on_a_machine_is_attached_to_it() {
    let mut app = app();
    app.update(Msg::VerbAsked { verb: PairedVerb::Use, only: None });
    app.update(Msg::VerbAsked { verb: PairedVerb::Create, only: Some(OPENNEBULA) });
    let cloud = app.session().cloud(OPENNEBULA);
    let (image, machine) = (cloud.images(0, 1)[0].id, cloud.machines()[0].id);
    app.update(Msg::ImageDragged { system: OPENNEBULA, image });
    app.update(Msg::DroppedOn { system: OPENNEBULA, machine });
    let answer = app.view().stages[OPENNEBULA].answer.clone().expect("an answer");
    assert_eq!(answer.line, format!("onevm disk-attach {machine} --image {image}"));
    app.update(Msg::ImageDragged { system: OPENNEBULA, image });
    app.update(Msg::DroppedOn { system: GLANCE, machine });
    assert!(said(&app).contains("its own cloud"));
}

#[test]
fn the_card_at_a_token_is_closed_as_everything_is_that_lies_over_the_diagrams() {
    let mut app = app_with_one_image();
    app.update(Msg::TokenChosen { system: OPENNEBULA, image: ImageId(0) });
    assert!(app.view().stages[OPENNEBULA].token_card);
    app.update(Msg::Dismissed);
    assert!(!app.view().stages[OPENNEBULA].token_card);
}

#[test]
fn whoever_wants_the_diagrams_whole_is_shown_them() {
    let mut app = app();
    let shown = |effect: &Effect| matches!(effect, Effect::ShowDiagrams { .. });
    assert!(app.update(Msg::Looked(LookMsg::Whole(true))).iter().any(shown));
    assert!(!app.update(Msg::Looked(LookMsg::Whole(false))).iter().any(shown));
}

#[test]
fn a_comparison_of_branches_begins_with_nothing_over_what_differs() {
    let mut app = app();
    app.update(Msg::Sought(2));
    app.update(Msg::VerbAsked { verb: PairedVerb::Create, only: None });
    assert!(app.view().callout.is_some());
    app.update(Msg::BranchCompared(0));
    assert!(app.view().callout.is_none());
    app.update(Msg::VerbAsked { verb: PairedVerb::Create, only: None });
    assert!(app.view().callout.is_some(), "what is done while comparing is explained");
}

#[test]
fn work_of_more_images_than_a_frame_has_time_for_ends_in_one_movement() {
    const IMAGES: usize = 150;
    let mut session = Session::new(systems::clouds(PACE));
    for number in 0..IMAGES {
        let name = format!("image-{number}");
        let line = session.cloud(OPENNEBULA).verb(Verb::Create { name: &name, persistent: false });
        session.perform(OPENNEBULA, &line.expect("images can be created")).expect("a line is an action");
    }
    session.advance(PACE);
    session.seek(IMAGES);
    let kept = Some(session.to_text());
    let mut app = App::new(Some(lab::app::Rules::all()), Settings::default(), kept, None);
    frames(&mut app, 1_000, App::is_animating);
    app.update(Msg::Played);
    let moving = |app: &App| {
        let scene = app.scene(&app.view().stages[OPENNEBULA]);
        scene.crowds.iter().map(|crowd| crowd.at.len() + crowd.named.len()).sum::<usize>()
    };
    frames(&mut app, 1_000, |app| moving(app) == 0);
    assert_eq!(moving(&app), IMAGES);
}

#[test]
fn work_that_is_made_to_take_longer_ends_later_in_every_cloud() {
    let mut session = Session::new(systems::clouds(PACE));
    for system in 0..session.clouds().len() {
        let create = Verb::Create { name: "slow", persistent: false };
        let line = session.cloud(system).verb(create).expect("every cloud creates images");
        session.perform(system, &line).expect("the line of a verb is an action");
        session.advance(session.now() + SimTime(1_000));
        let job = session.cloud(system).jobs(&|_| true).pop().expect("data is on its way");
        let slow = job.endings.iter().find(|ending| ending.label.to_lowercase().contains("longer"));
        let slow = slow.expect("it can be made to take longer").line.clone();
        let (now, due) = (session.now().0, job.due.expect("it ends by itself").0);
        session.perform(system, &slow).expect("an ending is an action");
        let due_now = session.cloud(system).jobs(&|_| true).pop().and_then(|job| job.due);
        assert_eq!(due_now, Some(SimTime(now + 4 * (due - now))), "{slow}");
        session.advance(due_now.unwrap_or_default());
        assert!(session.cloud(system).jobs(&|_| true).is_empty(), "{slow}: it ends then");
    }
}

#[test]
fn a_recording_is_shown_whichever_cloud_the_page_was_opened_for_but_not_in_an_embed() {
    let path =
        concat!(env!("CARGO_MANIFEST_DIR"), "/tests/conformance/opennebula/traces/create_path_ok.jsonl");
    let text = std::fs::read_to_string(path).expect("a recording");
    let shown = |embed| {
        let settings = Settings { embed, only: Some(1), ..Settings::default() };
        let mut app = App::new(Some(lab::app::Rules::all()), settings, None, None);
        app.update(Msg::FileOpened { name: "recording.jsonl".to_owned(), text: text.clone() });
        frames(&mut app, 100, App::is_animating);
        let view = app.view();
        let clouds: Vec<_> = view.stages.iter().map(|stage| stage.title).collect();
        (clouds, view.transport.recording.is_some())
    };
    assert_eq!(shown(false), (vec!["OpenNebula"], true));
    assert_eq!(shown(true), (vec!["Glance"], false));
}

/// A recording with one cloud, as somebody opens it.
fn a_recording() -> Msg {
    let text = "{\"step\":0,\"op\":\"note\",\"ok\":true,\"errcode\":null}".to_owned();
    Msg::FileOpened { name: "one.jsonl".to_owned(), text }
}

#[test]
fn what_waited_for_the_rules_does_nothing_to_a_cloud_that_a_recording_took_off_the_stage() {
    let waiting = [
        Msg::StateChosen { system: GLANCE, state: 4 },
        Msg::Asked { system: GLANCE, line: "openstack image list".to_owned() },
        Msg::ImageDragged { system: GLANCE, image: ImageId(0) },
        Msg::DroppedOn { system: GLANCE, machine: MachineId(0) },
        Msg::WayAsked(GLANCE, End::Outside),
        Msg::BreakpointToggled(Breakpoint { system: GLANCE, stop: Stop::State(End::Outside) }),
    ];
    let mut app = App::new(None, Settings::default(), None, None);
    app.update(Msg::StateChosen { system: GLANCE, state: 4 });
    app.update(a_recording());
    for message in waiting {
        app.update(message);
    }
    app.update(Msg::RulesArrived(lab::app::Rules::all()));
    let view = app.view();
    assert_eq!(view.stages.len(), 1);
    assert_eq!((view.transport.steps, &*view.stages[0].links), (0, &[][..]));
}

#[test]
fn a_recording_leaves_the_breakpoints_and_the_deleted_branches_of_the_session_as_they_were() {
    let mut app = app();
    let stop = Stop::State(state(&app, OPENNEBULA, "READY"));
    app.update(Msg::BreakpointToggled(Breakpoint { system: OPENNEBULA, stop }));
    app.update(Msg::Sought(1));
    app.update(Msg::Asked { system: OPENNEBULA, line: "oneimage disable 0".to_owned() });
    app.update(Msg::BranchDeleted(0));
    app.update(a_recording());
    let shown = app.view().transport;
    assert!(shown.breakpoints.is_empty() && shown.deleted.is_empty());
    app.update(Msg::RecordingClosed);
    let shown = app.view().transport;
    assert_eq!((shown.breakpoints.len(), shown.deleted.len()), (1, 1));
}

#[test]
fn after_a_recording_the_images_are_chosen_that_were_before() {
    let chosen = |app: &App| {
        let ids =
            app.view().stages.iter().map(|stage| stage.chosen.as_ref().map(|chosen| chosen.row.id)).collect();
        let ids: Vec<Option<ImageId>> = ids;
        ids
    };
    let mut app = app_with_one_image();
    app.update(Msg::VerbAsked { verb: PairedVerb::Create, only: None });
    app.update(Msg::ImageChosen { system: OPENNEBULA, image: ImageId(0) });
    let before = chosen(&app);
    assert_eq!(before[OPENNEBULA], Some(ImageId(0)), "not the one that moved last");
    app.update(a_recording());
    frames(&mut app, 100, |app| app.view().transport.recording.is_none());
    assert_ne!(chosen(&app), before);
    app.update(Msg::RecordingClosed);
    assert_eq!(chosen(&app), before);
}

#[test]
fn where_one_cloud_is_shown_a_verb_is_for_it_alone() {
    let settings = Settings { only: Some(GLANCE), ..Settings::default() };
    let mut app = App::new(Some(lab::app::Rules::all()), settings, None, None);
    assert_eq!(app.draft().clouds, [(GLANCE, "Glance")]);
    let before = app.session().cloud(OPENNEBULA).image_count();
    app.update(Msg::VerbAsked { verb: PairedVerb::Create, only: None });
    assert_eq!(app.session().cloud(OPENNEBULA).image_count(), before);
    assert_eq!(
        app.session().entry(app.session().journal().head()).map(|entry| entry.0.title()),
        Some("Glance")
    );
}

#[test]
fn a_session_for_which_the_browser_has_no_room_is_told_once() {
    let mut app = app();
    app.update(Msg::NotKept);
    assert!(app.view().notice.is_some_and(|notice| notice.contains("too long for the browser to keep")));
    app.update(Msg::NoticeDismissed);
    app.update(Msg::NotKept);
    assert_eq!(app.view().notice, None);
}

#[test]
fn what_was_asked_at_one_moment_is_seen_one_cause_after_the_other() {
    let mut app = app_with_one_image();
    for line in ["oneimage chmod 0 600", "oneimage delete 0"] {
        app.update(Msg::Asked { system: OPENNEBULA, line: line.to_owned() });
    }
    let places = |app: &App| (app.session().journal().depth(), app.view().stages[OPENNEBULA].edges.len());
    app.update(Msg::Sought(0));
    app.update(Msg::Played);
    let mut seen = Vec::new();
    frames(&mut app, 1_000, |app| {
        if seen.last() != Some(&places(app)) {
            seen.push(places(app));
        }
        app.is_animating()
    });
    assert_eq!(seen, [(0, 0), (2, 1), (3, 0), (4, 0), (6, 1)], "a verb in both clouds is one cause");
}

#[test]
fn a_refusal_stands_until_the_person_asks_for_something_else_or_goes_elsewhere() {
    let mut app = app_with_one_image();
    let refused =
        |app: &App, system: usize| app.view().stages[system].refused.clone().map(|answer| answer.line);
    app.update(Msg::VerbAsked { verb: PairedVerb::Delete, only: Some(OPENNEBULA) });
    assert_eq!(refused(&app, OPENNEBULA).as_deref(), Some("oneimage delete 0"));
    app.update(Msg::Played);
    play_to_the_end(&mut app);
    assert_eq!(image_state(&app, OPENNEBULA), Some("READY"), "its work ended meanwhile");
    assert_eq!(refused(&app, OPENNEBULA).as_deref(), Some("oneimage delete 0"));
    app.update(Msg::SteppedBack);
    assert_eq!(refused(&app, OPENNEBULA), None);
    app.update(Msg::SteppedForward);

    app.update(Msg::VerbAsked { verb: PairedVerb::Clone, only: None });
    assert!(app.view().stages[GLANCE].remark.is_some());
    app.update(Msg::Asked { system: GLANCE, line: "openstack image show nothing".to_owned() });
    assert_eq!(app.view().stages[GLANCE].remark, None, "a remark makes way for the next answer");
    assert_eq!(refused(&app, GLANCE).as_deref(), Some("openstack image show nothing"));
    assert_eq!(refused(&app, OPENNEBULA), None);
}

#[test]
fn a_session_that_was_saved_is_opened_again_and_the_one_before_it_is_kept() {
    let mut app = app_with_one_image();
    let saved = app.update(Msg::SaveAsked);
    let [Effect::Save(text)] = &saved[..] else { unreachable!("a file is asked for: {saved:?}") };
    let open = |text: &str| Msg::FileOpened { name: "mine.txt".to_owned(), text: text.to_owned() };
    app.update(Msg::StartedAnew);
    app.update(open(text));
    frames(&mut app, 100, App::is_animating);
    assert_eq!(app.session().to_text(), *text);
    assert!(app.view().before, "the new session can be brought back");
    app.update(open("image-lifecycle journal 1\n0 opennebula oneimage teleport 0\n"));
    let notice = app.view().notice.unwrap_or_default();
    assert_eq!(notice, "“mine.txt” was not opened. Line 2: There is no command “oneimage teleport”.");
    assert_eq!(app.session().to_text(), *text, "the session stays");
}

#[test]
fn a_lock_and_a_protection_are_seen_beside_the_state() {
    let mut app = app_with_one_image();
    app.update(Msg::Asked { system: OPENNEBULA, line: "oneimage lock 0".to_owned() });
    let flags = app.view().stages[OPENNEBULA].chosen.as_ref().map(|chosen| chosen.flags.clone());
    assert_eq!(flags, Some(vec!["locked by a user: Use".to_owned()]));
}

/// What can be pressed for each work of an image of Glance, a line each.
fn endings(app: &App, image: u32) -> Vec<String> {
    let jobs = app.session().cloud(GLANCE).jobs(&|of| of == Some(ImageId(image)));
    let ending = |offer: lab::engine::present::Offer| offer.line.split(' ').take(1).collect::<String>();
    jobs.into_iter().flat_map(|job| job.endings.into_iter().map(ending)).collect()
}

#[test]
fn every_held_request_can_be_ended_whatever_else_is_under_way_and_when_it_is_refused_too() {
    let mut app = app();
    let id = "00000000-0000-0000-0000-000000000002";
    let ask = |app: &mut App, line: &str| {
        app.update(Msg::Asked { system: GLANCE, line: line.replace("ID", id) });
    };
    ask(&mut app, "openstack image create x --container-format bare --disk-format raw");
    ask(&mut app, "hold-stage ID");
    ask(&mut app, "hold-upload ID");
    let has = |app: &App, line: &str| endings(app, 2).iter().any(|ending| ending == line);
    assert!(has(&app, "finish-stage") && has(&app, "abort-stage"));
    assert!(has(&app, "finish-upload") && has(&app, "abort-upload"), "{:?}", endings(&app, 2));
    ask(&mut app, "finish-upload ID");
    let refused = app.view().stages[GLANCE].answer.as_ref().is_some_and(|answer| answer.refusal.is_some());
    assert!(refused && !has(&app, "finish-upload") && has(&app, "finish-stage"));
    ask(&mut app, "finish-stage ID");
    assert_eq!(endings(&app, 2), [""; 0]);
}
