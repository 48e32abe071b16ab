//! What OpenNebula's requests leave in an image or a VM, in the terms of the recordings: fields that no transcript shows.

use lab::engine::SimTime;
use lab::engine::host::{Cloud, Host};
use lab::engine::recording::Recorded;
use lab::systems::opennebula::OpenNebula;
use serde_json::{Value, json};

/// A cloud after these lines, refused ones among them.
fn after(lines: &[&str]) -> Host<OpenNebula> {
    let mut cloud = Host::<OpenNebula>::default();
    for line in lines {
        cloud.perform(line, SimTime::START).unwrap_or_else(|problem| panic!("{line}: {problem}"));
    }
    cloud
}

/// One field of an image.
fn field(cloud: &Host<OpenNebula>, image: u32, name: &str) -> Value {
    field_of(cloud, ("images", image), name)
}

/// One field of an object.
fn field_of(cloud: &Host<OpenNebula>, (kind, id): (&str, u32), name: &str) -> Value {
    let objects = OpenNebula::observe(cloud.world());
    let object = objects.get(&(kind.to_owned(), id.to_string())).expect("the object is there");
    let object: Value = serde_json::from_str(&miniserde::json::to_string(object)).expect("it is JSON");
    object[name].clone()
}

const HELD: [&str; 2] = ["driver ds CP hold", "oneimage create --name os --path /images/os.raw -d img"];

#[test]
fn renaming_a_datastore_updates_its_images() {
    let cloud = after(&HELD);
    assert_eq!(field(&cloud, 0, "prev_state"), json!(0));
    let renamed = after(&[&HELD[..], &["onedatastore rename 100 fast"]].concat());
    assert_eq!(field(&renamed, 0, "prev_state"), json!(4));
    let other = after(&[&HELD[..], &["onedatastore rename 101 fast"]].concat());
    assert_eq!(field(&other, 0, "prev_state"), json!(0));
}

#[test]
fn a_template_keeps_what_the_database_keeps() {
    let updated = |text: &str, more: &str| {
        let update = format!("oneimage update 0 '{text}' {more}");
        field(&after(&[&HELD[..], &[&update]].concat()), 0, "template")
    };
    assert_eq!(updated(r#"1ST="a""#, "--append"), json!({"DEV_PREFIX": "sd", "ONE_1ST": "a"}));
    assert_eq!(updated("DEV_PREFIX=[]", "--append"), json!({}));
    assert_eq!(updated("<T><x>1</x><EMPTY/></T>", ""), json!({"X": "1"}));
}

#[test]
fn an_empty_prefix_or_target_is_none() {
    let created =
        "oneimage create --name os --path /images/os.raw -d img --template 'DEV_PREFIX=\"\"\\nTARGET=\"\"'";
    let cloud = after(&[created, "onevm create --disk 0", "onevm deploy 0 0", "onevm disk-saveas 0 0 copy"]);
    assert_eq!(field(&cloud, 0, "template"), json!({"DEV_PREFIX": "sd", "TARGET": ""}));
    let copy = json!({"DEV_PREFIX": "sd", "SAVED_DISK_ID": "0", "SAVED_IMAGE_ID": "0", "SAVED_VM_ID": "0"});
    assert_eq!(field(&cloud, 1, "template"), copy);
}

#[test]
fn a_size_may_be_below_zero() {
    let created = "oneimage create --name less --type DATABLOCK --size -5 -d img";
    let cloud = after(&[created, "oneimage clone 0 lesser"]);
    assert_eq!(field(&cloud, 0, "size"), json!(-5));
    assert_eq!(field(&cloud, 1, "size"), json!(-5));
    let cells = cloud.images(0, 1).remove(0).cells;
    assert!(cells.contains(&"-5M".to_owned()), "{cells:?}");
}

#[test]
fn the_name_of_a_vm_loses_the_blanks_at_its_end() {
    let cloud = after(&["onevm create --name 'web '", "onevm create --name ' '"]);
    assert_eq!(field_of(&cloud, ("vms", 0), "name"), json!("web"));
    assert_eq!(field_of(&cloud, ("vms", 1), "name"), json!("one-1"));
}
