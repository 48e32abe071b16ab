//! The recordings of the real Glance agree with the rules at every step.

use lab::engine::host::{Cloud, Host};
use lab::engine::session::Replay;
use lab::systems::glance::Glance;

fn cloud() -> Box<dyn Cloud> {
    Box::new(Host::<Glance>::default())
}

#[test]
fn every_recorded_step_agrees() {
    let folder = std::env::var("GLANCE_TRACES").unwrap_or_else(|_| {
        concat!(env!("CARGO_MANIFEST_DIR"), "/tests/conformance/glance/traces").to_owned()
    });
    let mut files: Vec<_> =
        std::fs::read_dir(folder).expect("the recordings are there").flatten().map(|f| f.path()).collect();
    files.sort();
    let (mut steps, mut agree, mut differing) = (0, 0, Vec::new());
    for file in &files {
        let text = std::fs::read_to_string(file).expect("the recording is readable");
        let recording = cloud().read_recording(&text).expect("it is Glance's").expect("it is a recording");
        let replay = Replay::run(cloud(), &recording);
        for step in &replay.steps {
            steps += 1;
            if step.differences.is_empty() {
                agree += 1;
            } else {
                let name = file.file_name().unwrap_or_default().to_string_lossy();
                differing.push(format!("{name} step {} {}: {:#?}", step.number, step.op, step.differences));
            }
        }
    }
    println!("{} traces, {agree} of {steps} steps agree", files.len());
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}
