//! Glance as the page meets it: time, jobs, verbs and lines.

use lab::engine::host::{Cloud, Host};
use lab::engine::present::Verb;
use lab::engine::recording::Recording;
use lab::engine::session::Session;
use lab::engine::{ImageId, MachineId, SimTime};
use lab::systems::glance::{Glance, World};

const PACE: SimTime = SimTime(4_000);

fn session() -> Session {
    Session::new(vec![Box::new(Host::<Glance>::new(World::paced(PACE)))])
}

fn ask(session: &mut Session, line: &str) {
    let position = session.perform(0, line).unwrap_or_else(|problem| panic!("{line}: {problem}"));
    let (cloud, record) = session.entry(position).expect("it was just written");
    if let Err(refusal) = cloud.outcome(record) {
        panic!("{line}: {refusal}");
    }
}

fn status(session: &Session, image: u32) -> String {
    let row = session.cloud(0).image(ImageId(image)).expect("the image is there");
    session.cloud(0).states()[row.state].to_owned()
}

#[test]
fn creating_takes_an_image_from_queued_over_saving_to_active() {
    let mut session = session();
    let line = session.cloud(0).verb(Verb::Create { name: "demo", persistent: true }).expect("it can");
    ask(&mut session, &line);
    assert_eq!(status(&session, 1), "saving");
    assert_eq!(session.cloud(0).jobs(&|_| true).len(), 1);
    session.advance(SimTime(3_999));
    assert_eq!(status(&session, 1), "saving");
    session.advance(PACE);
    assert_eq!(status(&session, 1), "active");
    assert!(session.cloud(0).jobs(&|_| true).is_empty());
}

#[test]
fn an_upload_that_hangs_ends_only_when_somebody_ends_it() {
    let mut session = session();
    ask(&mut session, "openstack image create demo");
    ask(&mut session, "glance image-upload demo --file small.raw");
    ask(&mut session, "hang demo");
    session.advance(SimTime(1_000_000));
    assert_eq!(status(&session, 1), "saving");
    let line = session.cloud(0).verb(Verb::FinishTransfer(ImageId(1))).expect("something is under way");
    ask(&mut session, &line);
    assert_eq!(status(&session, 1), "active");
}

#[test]
fn every_ending_of_an_upload_is_an_action_and_ends_it() {
    let mut session = session();
    ask(&mut session, "openstack image create demo");
    ask(&mut session, "glance image-upload demo --file small.raw");
    let endings = session.cloud(0).jobs(&|_| true)[0].endings.clone();
    let statuses: Vec<String> = endings
        .iter()
        .map(|ending| {
            session.seek(2);
            session.perform(0, &ending.line).expect("it is an action");
            status(&session, 1)
        })
        .collect();
    assert_eq!(statuses, ["active", "queued", "queued", "queued", "queued", "queued", "saving", "saving"]);
}

#[test]
fn an_import_is_a_task_with_steps_of_its_own() {
    let mut session = session();
    ask(&mut session, "openstack image create demo");
    ask(
        &mut session,
        "glance image-import demo --import-method web-download --uri http://127.0.0.1:8080/small.raw",
    );
    assert_eq!(status(&session, 1), "queued");
    session.advance(SimTime(2_000));
    assert_eq!(status(&session, 1), "importing");
    session.advance(SimTime(3_000));
    assert_eq!(status(&session, 1), "active");
    assert!(session.cloud(0).jobs(&|_| true).is_empty());
}

#[test]
fn a_source_that_stalls_is_a_job_without_an_end() {
    let mut session = session();
    ask(&mut session, "web-source small.raw stalls");
    ask(&mut session, "openstack image create demo");
    ask(
        &mut session,
        "glance image-import demo --import-method web-download --uri http://127.0.0.1:8080/small.raw",
    );
    session.advance(SimTime(60_000));
    assert_eq!(status(&session, 1), "importing");
    assert_eq!(session.cloud(0).jobs(&|_| true)[0].due, None);
    let line = session.cloud(0).verb(Verb::FailTransfer(ImageId(1))).expect("something is under way");
    ask(&mut session, &line);
    assert_eq!(status(&session, 1), "queued");
}

#[test]
fn the_scrubber_comes_by_itself() {
    let mut session = session();
    ask(&mut session, "config delayed_delete=True");
    ask(&mut session, "openstack image create demo --file small.raw");
    session.advance(PACE);
    ask(&mut session, "openstack image delete demo");
    assert_eq!(status(&session, 1), "pending_delete");
    session.advance(SimTime(8_000));
    assert_eq!(status(&session, 1), "deleted");
}

#[test]
fn the_scrubber_comes_once_for_an_image_that_lies_on_the_web_too() {
    let mut session = session();
    ask(&mut session, "config delayed_delete=True");
    ask(&mut session, "openstack image create demo --file small.raw");
    session.advance(PACE);
    ask(&mut session, "glance location-add demo --url http://127.0.0.1:8080/small.raw");
    ask(&mut session, "openstack image delete demo");
    let before = session.journal().entries().len();
    session.advance(SimTime(60_000));
    assert_eq!(status(&session, 1), "pending_delete");
    assert_eq!(session.journal().entries().len(), before + 1);
    assert_eq!(session.cloud(0).jobs(&|_| true)[0].due, None);
}

#[test]
fn an_id_that_a_user_chose_is_not_given_to_another_image() {
    let mut session = session();
    let chosen = "00000000-0000-0000-0000-000000000002";
    ask(&mut session, &format!("openstack image create chosen --id {chosen} --file small.raw"));
    for name in ["first", "third"] {
        ask(&mut session, &format!("openstack image create {name}"));
    }
    session.advance(SimTime(60_000));
    assert_eq!([1, 2, 3].map(|image| status(&session, image)), ["queued", "active", "queued"]);
    assert_eq!(session.cloud(0).image(ImageId(2)).expect("it is there").name, "chosen");
}

#[test]
fn time_that_was_slept_is_not_waited_for_again() {
    let mut session = session();
    ask(&mut session, "config delayed_delete=True");
    ask(&mut session, "openstack image create demo --file small.raw");
    session.advance(PACE);
    ask(&mut session, "sleep 100");
    ask(&mut session, "openstack image delete demo");
    let job = &session.cloud(0).jobs(&|_| true)[0];
    assert_eq!((job.started, job.due), (session.now(), Some(session.now() + PACE)));
    session.advance(SimTime(8_000));
    assert_eq!(status(&session, 1), "deleted");
}

#[test]
fn an_instance_uses_an_image_and_the_status_stays() {
    let mut session = session();
    ask(&mut session, "openstack image create demo --file small.raw");
    session.advance(PACE);
    let line = session.cloud(0).verb(Verb::Use(ImageId(1))).expect("it can");
    ask(&mut session, &line);
    let machine = session.cloud(0).machines()[0].id;
    assert_eq!(session.cloud(0).image(ImageId(1)).expect("it is there").machines, [machine]);
    assert_eq!(status(&session, 1), "active");
    ask(&mut session, "openstack server image create server-1 --name snapshot");
    assert_eq!(status(&session, 2), "saving");
    session.advance(SimTime(8_000));
    assert_eq!(status(&session, 2), "active");
    let line = session.cloud(0).verb(Verb::Terminate(machine)).expect("it can");
    ask(&mut session, &line);
    assert!(session.cloud(0).machines().is_empty());
}

#[test]
fn what_glance_does_not_know_it_says_in_a_sentence() {
    let session = session();
    for verb in [
        Verb::Attach(ImageId(1), MachineId(1)),
        Verb::Detach(ImageId(1), MachineId(1)),
        Verb::Clone(ImageId(1), "copy"),
        Verb::FinishTransfer(ImageId(1)),
    ] {
        let sentence = session.cloud(0).verb(verb).expect_err("Glance knows nothing of the kind");
        assert!(sentence.ends_with('.') && sentence.len() > 40, "{sentence}");
    }
}

#[test]
fn an_upload_that_lost_its_image_cannot_clean_up_where_it_was_protected() {
    let mut cloud = Host::<Glance>::default();
    let mut answer = |line: &str| {
        let record = cloud.perform(line, SimTime::START).expect("it is an action");
        cloud.outcome(record).as_ref().err().map(|refusal| (refusal.code, refusal.to_string()))
    };
    for line in [
        "openstack image create demo --protected",
        "hold-upload demo",
        "[reader] glance image-upload demo --file small.raw",
    ] {
        answer(line);
    }
    let words = "Not allowed to upload image data for image 00000000-0000-0000-0000-000000000001";
    assert_eq!(answer("finish-upload demo"), Some((403, words.to_owned())));
    let left = answer("glance image-upload demo --file small.raw").map(|(code, _)| code);
    assert_eq!(left, Some(500), "the file is in the way");
}

#[test]
fn a_body_that_no_client_sends_is_a_request() {
    let mut cloud = Host::<Glance>::default();
    for (line, client) in [
        (
            r#"http POST /v2/images/demo/import '{"method":{"name":"glance-direct"},"stores":["fast"]}'"#,
            "glance image-import demo --import-method glance-direct --store fast",
        ),
        (
            r#"http POST /v2/images/demo/import '{"method":{"name":"glance-direct"},"stores":[]}'"#,
            r#"http POST /v2/images/demo/import '{"method":{"name":"glance-direct"},"stores":[]}'"#,
        ),
    ] {
        let record = cloud.perform(line, SimTime::START).expect("it is an action");
        assert_eq!(cloud.line(record), client);
    }
}

#[test]
fn a_line_and_its_action_are_inverse() {
    let mut cloud = Host::<Glance>::default();
    for line in [
        "openstack image create 'my image' --container-format bare --disk-format raw --tag a --public --file 7.qcow2",
        "openstack image set --name 'it is' --hidden --property 'os=a b' demo",
        "[reader] openstack image add project demo proj-b",
        "openstack image import demo --method copy-image --all-stores --store cheap",
        "http POST /v2/images/demo/import '{\"method\":{}}'",
        "http PATCH /v2/images/demo '[{\"op\":\"remove\",\"path\":\"/p\"}]'",
        r#"http POST /v2/images "{\"name\":\"a;b\",\"p\":\"it's; so\"}""#,
        "[admin] worker; task 7; image 9; rows +12; openstack image delete 'a;b'; worker; worker",
        "glance location-add demo --url http://127.0.0.1:8080/small.raw",
        "glance add-location demo --url http://127.0.0.1:8080/small.raw",
        "config ids=short delayed_delete=True",
        "setup demo pending_delete",
        "wait demo active killed",
        "driver pace 4000",
    ] {
        let record =
            cloud.perform(line, SimTime::START).unwrap_or_else(|problem| panic!("{line}: {problem}"));
        assert_eq!(cloud.line(record), line);
    }
}

#[test]
fn a_line_that_cannot_be_read_says_what_was_expected() {
    let cloud = Host::<Glance>::default();
    let problem = |line| cloud.preview(line, SimTime::START).expect_err("it is no action").to_string();
    assert_eq!(problem("openstack image paint x"), "openstack image has no command “paint” here.");
    assert_eq!(problem("openstack image delete"), "Expected an image.");
    assert_eq!(
        problem("openstack image create x --file y"),
        "There is no file “y”; “5000.raw” is a file of 5000 bytes."
    );
    assert!(problem("[eve] openstack image list").starts_with("There is no “eve” here; there are owner,"));
}

#[test]
fn a_recorded_step_that_cannot_be_read_says_what_it_lacks() {
    let cloud = Host::<Glance>::default();
    let problem = |step: &str| {
        let recording = Recording::read(step, "http", "as").expect("it is a recording");
        cloud.recorded_line(&recording.steps[0]).expect_err("it lacks something")
    };
    assert_eq!(
        problem(r#"{"step":0,"op":"store.delete","as":"admin","args":{"image":"img-1"}}"#),
        "“store.delete” lacks the argument “store”."
    );
    assert_eq!(
        problem(r#"{"step":0,"op":"image.show","as":"eve","args":{"image":"img-1"}}"#),
        "Expected a persona of the fixture, found “eve”."
    );
    assert_eq!(
        problem(r#"{"step":0,"op":"setup","as":"owner","args":{"image":"img-1","status":"lost"}}"#),
        "Expected a status, found “lost”."
    );
}

#[test]
fn a_recorded_task_that_is_open_where_ours_has_ended_can_be_finished() {
    let mut session = Session::new(vec![Box::new(Host::<Glance>::default())]);
    ask(&mut session, "openstack image create demo");
    ask(
        &mut session,
        "glance image-import demo --import-method web-download --uri http://127.0.0.1:8080/small.raw",
    );
    ask(&mut session, "finish-tasks");
    ask(&mut session, r#"recorded {"put":{"tasks":[{"id":"task-1","status":"pending"}]}}"#);
    ask(&mut session, "finish-tasks");
    ask(&mut session, "wait demo deleted");
}
