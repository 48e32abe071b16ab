//! Lines that a person may mistype: each gets an answer that says what was expected, and changes nothing.
//! And words that a person may well choose: a line and its action stay inverse whatever they are.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use lab::engine::session::Session;
use lab::engine::{Misread, SimTime};
use lab::systems;
use lab::systems::{glance, opennebula};
use miniserde::json;

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
fn an_option_without_its_value_is_not_passed_over() {
    assert_eq!(misread("opennebula", "oneimage clone 0 x -d"), "“-d” needs a value.");
    assert_eq!(misread("opennebula", "oneimage clone 0 x --datastore"), "“--datastore” needs a value.");
    assert_eq!(misread("glance", "openstack image create x --file"), "“--file” needs a value.");
}

#[test]
fn more_than_one_line_is_no_action() {
    for (system, line) in
        [("opennebula", "oneimage rename 0 'a\nb'"), ("glance", "openstack image show 'a\nb'")]
    {
        assert_eq!(misread(system, line), "Expected one line, without a line break in it.");
    }
}

/// Words that have a meaning of their own in a shell, in a path, in JSON or in a client.
const HOSTILE: [&str; 16] = [
    "", "-", "--", "-x", "-d", "--name", "--all=1", "-1", "a b", "x'y", "a\"b", "a;b", "a/b?c%2F", "a\\nb",
    "#a", "é",
];

/// Lines of each cloud with a word that is free.
const OPENNEBULA: [&str; 12] = [
    "oneimage clone 0 -d 1 -- {}",
    "oneimage rename 0 -- {}",
    "oneimage create --name {} --path {} --template {} -d 1",
    "oneimage update 0 --append -- {}",
    "onevm create --disk 0 --name {} --template {}",
    "onevm disk-saveas 0 0 --type OS -- {}",
    "onevm disk-snapshot-create 0 0 -- {}",
    "onevm backup 0 -d 108 --moment {}",
    "onedatastore rename 100 -- {}",
    "driver ds CP fail {}",
    "driver ds CP 0 ok {}",
    "release ds CP 0 success {}",
];
const GLANCE: [&str; 20] = [
    "openstack image create --tag {} --id {} -- {}",
    "openstack image set --name {} --property a={} -- {}",
    "openstack image show -- {}",
    "openstack image add project -- {} {}",
    "openstack image delete --store {} -- {}",
    "openstack image import --method {} --uri {} --store {} -- {}",
    "openstack server create --image {} -- {}",
    "openstack server image create --name {} -- {}",
    "openstack image task show -- {}",
    "glance member-update -- {} {} {}",
    "glance image-tag-update -- {} {}",
    "glance image-upload --store {} --size {} --content-type {} -- {}",
    "glance location-add --url {} -- {}",
    "glance add-location --url {} -- {}",
    "http PATCH /v2/images/x -- {}",
    "http POST /v2/images -- {}",
    "http GET '/v2/images?'{}",
    "config -- {} {}",
    "web-source -- {} fails {}",
    "hold-stage -- {} 7.raw; worker",
];

/// Fills in the word; a line that is an action then is the same action when it was written.
fn assert_inverse<A: FromStr<Err = Misread> + Display + PartialEq + Debug>(line: &str, word: &str) {
    let line = line.replace("{}", word);
    let Ok(action) = line.parse::<A>() else { panic!("“{line}” is no action") };
    let written = action.to_string();
    assert_eq!(written.parse(), Ok(action), "“{line}” is written as “{written}”");
}

#[test]
fn a_line_and_its_action_are_inverse_whatever_the_words_are() {
    for word in HOSTILE {
        let quoted = shlex::try_quote(word).expect("it has no NUL");
        for line in OPENNEBULA {
            assert_inverse::<opennebula::Action>(line, &quoted);
        }
        for line in GLANCE {
            assert_inverse::<glance::Action>(line, &quoted);
        }
    }
}

/// Requests of Glance with a body that names something.
const BODIES: [(&str, &str); 5] = [
    ("POST /v2/images", r#"{"container_format":"bare","disk_format":"raw","name":{},"tags":[{}]}"#),
    ("POST /v2/images", r#"{"container_format":"bare","disk_format":"raw","name":{},"tags":[]}"#),
    ("PATCH /v2/images/a%2Fb", r#"[{"op":"replace","path":"/name","value":{}}]"#),
    ("PATCH /v2/images/a%2Fb", r#"[{"op":"add","path":"/note","value":{}}]"#),
    ("POST /v2/images/a%3Fb/locations", r#"{"url":{}}"#),
];

#[test]
fn what_a_body_names_is_read_back_too() {
    for word in HOSTILE.into_iter().chain(["a\nb", "\0"]) {
        for (request, body) in BODIES {
            let body = body.replace("{}", &json::to_string(word));
            let body = shlex::try_quote(&body).expect("JSON has no NUL");
            assert_inverse::<glance::Action>(&format!("http {request} {body}"), "");
        }
    }
}

/// Objects that no cloud here has, and numbers that no real system gives.
const NOT_OURS: [(&str, &str); 7] = [
    ("opennebula", r#"{"put":{"hosts":[{"id":7}]}}"#),
    ("opennebula", r#"{"put":{"images":[{"id":4294967295}],"vms":[{"id":2147483648}]}}"#),
    ("opennebula", r#"{"take":{"hosts":[0],"images":["none"]}}"#),
    ("glance", r#"{"put":{"stores":[{"id":"fast-1"}]}}"#),
    ("glance", r#"{"put":{"images":[{"id":"img-a"},{"id":"img-b"},{"id":"img-4294967295"}]}}"#),
    ("glance", r#"{"put":{"tasks":[{"id":"task-2147483648"}]}}"#),
    ("glance", r#"{"take":{"stores":["fast-1"],"images":["none"]}}"#),
];

#[test]
fn recorded_objects_that_are_not_ours_are_left_out() {
    for (name, objects) in NOT_OURS {
        let mut session = Session::new(systems::clouds(SimTime::START));
        let before = session.beside(0, 0);
        let system = systems::names().iter().position(|own| *own == name).expect("a cloud of the catalogue");
        session.perform(system, &format!("recorded {objects}")).expect("it is an action");
        assert!(session.cloud(system).same_world(&*before[system]), "{name}: {objects}");
    }
}

#[test]
fn the_largest_numbers_are_taken_as_they_are_or_refused() {
    let mut session = Session::new(systems::clouds(SimTime::START));
    for (system, line) in [
        (0, r#"recorded {"put":{"images":[{"id":2147483647,"name":"a","size":9223372036854775807}]}}"#),
        (0, r#"recorded {"put":{"vms":[{"id":2147483647,"disks":[{"disk_id":2147483647}]}]}}"#),
        (0, "oneimage create --name b --size 18446744073709551615 --type DATABLOCK -d 100"),
        (0, "onevm create --disk 0"),
        (1, "config delayed_delete=True scrub_time=18446744073709552"),
        (1, "openstack image create a --file small.raw"),
        (1, "openstack image delete a"),
        (1, "scrubber"),
        (
            1,
            "rows +2147483647; rows +2147483647; rows +2147483647; openstack image create b --file small.raw",
        ),
        (1, "image 2147483647; task 2147483647; openstack image create c --file small.raw"),
        (1, "image 2147483647; openstack image create d --file small.raw"),
        (1, "glance add-location d --url http://127.0.0.1:8080/small.raw"),
        (1, "driver pace 18446744073709551615"),
        (1, "openstack image create e --file small.raw"),
        (1, "sleep 18446744073709551615"),
    ] {
        session.perform(system, line).unwrap_or_else(|problem| panic!("{line}: {problem}"));
        session.cloud(system).images(0, 9).iter().for_each(|row| drop(session.cloud(system).details(row.id)));
        session.cloud(system).jobs(&|_| true);
    }
    for line in ["image 2147483648; poll", "task 2147483648; poll", "rows +2147483648; poll"] {
        assert!(misread("glance", line).ends_with("is nothing that chance does."));
    }
    let steps = format!("poll{}", "; worker".repeat(256));
    assert_eq!(misread("glance", &steps), "The worker makes at most 255 steps after an answer.");
}

#[test]
fn a_number_that_is_taken_is_not_given_again() {
    let mut session = Session::new(systems::clouds(SimTime::START));
    for line in [
        "openstack image create a",
        "image 3; openstack image create b",
        "image 1; openstack image create c",
        "image 3; openstack image create d",
    ] {
        session.perform(1, line).expect("it is an action");
    }
    let images: Vec<_> = session.cloud(1).images(0, 9).into_iter().map(|row| (row.id.0, row.name)).collect();
    let named = [(1, "a"), (2, "c"), (3, "b"), (4, "d")].map(|(id, name)| (id, name.to_owned()));
    assert_eq!(images, named);
}

#[test]
fn an_image_may_be_called_like_an_option() {
    let mut session = Session::new(systems::clouds(SimTime::START));
    session.perform(0, "oneimage create --name -x --path /images/x.qcow2 -d 100").expect("it is an action");
    let image = session.cloud(0).images(0, 1)[0].id;
    for offer in session.cloud(0).offers(Some(image)) {
        let position =
            session.perform(0, &offer.line).unwrap_or_else(|problem| panic!("{}: {problem}", offer.line));
        let (cloud, record) = session.entry(position).expect("it was just written");
        assert_eq!(cloud.line(record), offer.line);
    }
}

#[test]
fn a_quote_that_is_not_closed_is_no_action() {
    for system in systems::names() {
        assert!(!misread(system, "oneimage create --name \"a").is_empty());
    }
}
