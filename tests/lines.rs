//! Lines that a person may mistype: each gets an answer that says what was expected, and changes nothing.

use lab::engine::SimTime;
use lab::engine::session::Session;
use lab::systems;

/// Asks one cloud for a line that is no action, and gives what the person is told.
fn misread(system: &str, line: &str) -> String {
    let mut session = Session::new(systems::clouds(SimTime::START));
    let system = systems::names().iter().position(|name| *name == system).expect("a cloud of the catalogue");
    let problem = session.perform(system, line).expect_err("the line is no action");
    assert_eq!(session.journal().entries().len(), 0, "nothing was written");
    problem.to_string()
}

#[test]
fn an_unknown_command_is_named() {
    assert_eq!(misread("opennebula", "oneimage teleport 0"), "There is no command “oneimage teleport”.");
}

#[test]
fn a_word_in_the_place_of_a_number_is_shown_back() {
    assert_eq!(misread("opennebula", "onevm deploy 0 0 nosuch"), "Expected a datastore, found “nosuch”.");
}

#[test]
fn a_quote_that_is_not_closed_is_no_action() {
    for system in systems::names() {
        assert!(!misread(system, "oneimage create --name \"a").is_empty());
    }
}
