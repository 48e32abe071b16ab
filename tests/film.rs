//! The opening on film says what the rules say: the page shows it until they are here.
//! `UPDATE=1 cargo test --test film` films it anew.

use lab::app::{App, Effect, Msg, PairedVerb, Rules, Settings, View};

const FILM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/app/opening.film");

#[test]
fn the_film_is_of_todays_rules() {
    let film = lab::app::film(Rules::all());
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(FILM, &film).expect("the film can be written");
        return;
    }
    let kept = std::fs::read_to_string(FILM).expect("the film can be read");
    assert!(kept == film, "src/app/opening.film is of other rules: UPDATE=1 cargo test --test film");
}

fn on_film() -> App {
    App::new(None, Settings::default(), None, None)
}

fn with_rules() -> App {
    App::new(Some(Rules::all()), Settings::default(), None, None)
}

fn shown(view: &View) -> String {
    format!("{:#?}", (&view.stages, &view.transport, &view.journal))
}

#[test]
fn every_moment_of_the_opening_is_shown_as_with_the_rules() {
    let (mut film, mut real) = (on_film(), with_rules());
    for depth in 0..=film.view().transport.steps {
        film.update(Msg::Sought(depth));
        real.update(Msg::Sought(depth));
        assert_eq!(shown(&film.view()), shown(&real.view()), "at {depth}");
    }
}

#[test]
fn the_rules_take_over_where_the_film_stands() {
    let (mut film, mut real) = (on_film(), with_rules());
    for app in [&mut film, &mut real] {
        app.update(Msg::Sought(9));
    }
    film.update(Msg::RulesArrived(Rules::all()));
    assert_eq!(shown(&film.view()), shown(&real.view()));
    assert_eq!(film.session().to_text(), real.session().to_text());
}

#[test]
fn the_first_thing_that_a_person_does_fetches_the_rules_once() {
    let mut app = on_film();
    assert_eq!(app.opened(), None);
    assert!(app.update(Msg::TimePassed(16.0)).is_empty());
    assert!(app.update(Msg::SteppedForward).contains(&Effect::FetchRules));
    assert!(!app.update(Msg::SteppedForward).contains(&Effect::FetchRules));
}

#[test]
fn what_needs_the_rules_is_done_as_soon_as_they_are_here() {
    let mut app = on_film();
    app.update(Msg::NameTyped { number: 0, name: "later".to_owned() });
    app.update(Msg::VerbAsked { verb: PairedVerb::Create, only: None });
    assert!(app.view().announcement.starts_with("Fetching"));
    app.update(Msg::RulesArrived(Rules::all()));
    for stage in app.view().stages {
        assert!(stage.list.rows.iter().any(|row| row.name == "later"), "{}", stage.title);
    }
}

#[test]
fn rules_that_do_not_come_are_told_and_asked_for_again() {
    let mut app = on_film();
    app.update(Msg::StartedAnew);
    app.update(Msg::RulesFailed);
    assert!(app.view().notice.is_some_and(|notice| notice.contains("try again")));
    assert!(app.update(Msg::StartedAnew).contains(&Effect::FetchRules));
}

#[test]
fn the_session_of_the_last_visit_waits_for_the_rules_untouched() {
    let mut before = with_rules();
    before.update(Msg::VerbAsked { verb: PairedVerb::Create, only: None });
    let kept = before.session().to_text();
    let mut app = App::new(None, Settings::default(), Some(kept.clone()), None);
    assert_eq!(app.opened(), Some(Effect::FetchRules));
    assert!(app.update(Msg::SteppedBack).is_empty(), "nothing is written over the kept journal");
    app.update(Msg::RulesFailed);
    assert_eq!(app.opened(), Some(Effect::FetchRules));
    app.update(Msg::RulesArrived(Rules::all()));
    assert_eq!(app.session().to_text(), kept);
}
