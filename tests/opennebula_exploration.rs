//! Every world of OpenNebula that a few images and VMs can reach, with every outcome of every driver:
//! what always holds, what does not though one would think so, and the shortest way there.

#[path = "exploration/model.rs"]
mod model;

use lab::engine::State;
use lab::engine::explore::{Exploration, explore};
use lab::engine::recording::{Objects, Recorded, as_number, as_text};

use lab::systems::opennebula::ImageState::{
    self, Clone, Delete, Disabled, Error, Init, Locked, LockedUsed, LockedUsedPers, Ready, Used, UsedPers,
};
use lab::systems::opennebula::{OpenNebula, World};
use miniserde::json::{Object, Value as Json};
use model::{Bounds, LOCKED, WIDE, actions, start};

/// One image, which may also become persistent.
const DEEP: Bounds =
    Bounds { images: 1, vms: 2, verbs: &["enable", "disable", "delete", "persistent", "nonpersistent"] };

fn explored(bounds: &Bounds) -> Exploration<OpenNebula> {
    explore(start(), |world| actions(world, bounds), World::abridged)
}

/// What an image of an explored world is like.
struct Seen<'a> {
    image: &'a Object,
    world: &'a Objects,
}

impl Seen<'_> {
    fn number(&self, field: &str) -> i64 {
        self.image.get(field).and_then(as_number).unwrap_or(-1)
    }

    fn state(&self) -> ImageState {
        let index = usize::try_from(self.number("state")).expect("states count from 0");
        ImageState::ALL[index]
    }

    fn is_persistent(&self) -> bool {
        matches!(self.image.get("persistent"), Some(Json::Bool(true)))
    }

    fn has_source(&self) -> bool {
        self.image.get("source").and_then(as_text).is_some_and(|source| !source.is_empty())
    }

    fn count(&self, list: &str) -> i64 {
        let Some(Json::Array(list)) = self.image.get(list) else { return 0 };
        i64::try_from(list.len()).expect("there are few")
    }

    fn is_copy(&self) -> bool {
        self.number("cloning_id") >= 0
    }

    /// Whether one of its VMs has ended.
    fn has_dead_vm(&self) -> bool {
        let Some(Json::Array(vms)) = self.image.get("vms") else { return false };
        vms.iter().filter_map(as_number).any(|vm| {
            let vm = self.world.get(&("vms".to_owned(), vm.to_string()));
            vm.and_then(|vm| vm.get("state")).and_then(as_number) == Some(DONE)
        })
    }
}

/// The number of a VM's state DONE.
const DONE: i64 = 6;

/// Something that an image can be like.
type Like = fn(&Seen<'_>) -> bool;

/// For each of `likes` the first world in which some image is so, as the lines of a shortest way there.
fn ways_to(found: &Exploration<OpenNebula>, likes: &[Like]) -> Vec<Option<Vec<String>>> {
    let mut ways = vec![None; likes.len()];
    for (number, world) in found.worlds.iter().enumerate() {
        let objects = OpenNebula::observe(world);
        for (_, image) in objects.iter().filter(|((kind, _), _)| kind == "images") {
            let seen = Seen { image, world: &objects };
            for (way, like) in ways.iter_mut().zip(likes) {
                if way.is_none() && like(&seen) {
                    *way = Some(found.trace(number).iter().map(ToString::to_string).collect());
                }
            }
        }
    }
    ways
}

/// What held in every world that was recorded, said as what an image must not be like.
const NEVER: &[(&str, Like)] = &[
    ("INIT is never seen", |seen| seen.state() == Init),
    ("USED and LOCKED_USED are not persistent, USED_PERS, LOCKED_USED_PERS and CLONE are", |seen| match seen
        .state()
    {
        Used | LockedUsed => seen.is_persistent(),
        UsedPers | LockedUsedPers | Clone => !seen.is_persistent(),
        Init | Ready | Disabled | Locked | Error | Delete => false,
    }),
    ("the counters are the sizes of their sets", |seen| {
        let copies = seen.count("clones") + seen.count("app_clones");
        (seen.number("running_vms"), seen.number("cloning_ops")) != (seen.count("vms"), copies)
    }),
    ("who is in use has VMs or copies", |seen| match seen.state() {
        Used => seen.number("running_vms") + seen.number("cloning_ops") == 0,
        UsedPers | LockedUsed | LockedUsedPers => seen.number("running_vms") == 0,
        Init | Ready | Disabled | Locked | Error | Delete | Clone => false,
    }),
    ("only USED and CLONE are being copied", |seen| {
        !matches!(seen.state(), Used | Clone) && seen.number("cloning_ops") > 0
    }),
    ("a copy is being made only while it is LOCKED", |seen| {
        seen.is_copy() && !LOCKED.contains(&seen.state())
    }),
];

#[test]
fn what_was_always_so_is_so_in_every_world_of_two_images_and_two_vms() {
    let found = explored(&WIDE);
    assert_eq!((found.worlds.len(), found.tried), (26_158, 212_767));
    assert_eq!(edges(&found), EDGES);
    let mut likes: Vec<Like> = NEVER.iter().map(|(_, like)| *like).collect();
    likes.push(|seen| seen.state() == Clone && seen.number("cloning_ops") == 0);
    let mut ways = ways_to(&found, &likes);
    // CLONE for ever, though nothing is being copied: the copy ended, but a VM that waited once counts.
    let stuck = ways.pop().flatten().unwrap_or_default();
    assert_eq!(
        stuck,
        [
            "oneimage create --name i0 --persistent --path /a -d 100",
            "onevm create --disk 0",
            FAIL,
            "oneimage disable 0",
            "oneimage enable 0",
            "oneimage clone 0 i1",
            "oneimage delete 1 --force",
        ]
    );
    for ((claim, _), way) in NEVER.iter().zip(ways) {
        assert_eq!(way, None, "{claim}");
    }
}

/// Every change of state that the exploration meets. The real daemon was seen in each of them.
const EDGES: &[&str] = &[
    "outside -> LOCKED",
    "READY -> outside",
    "READY -> USED",
    "READY -> DISABLED",
    "READY -> CLONE",
    "READY -> DELETE",
    "READY -> USED_PERS",
    "USED -> READY",
    "DISABLED -> outside",
    "DISABLED -> READY",
    "DISABLED -> DELETE",
    "LOCKED -> outside",
    "LOCKED -> READY",
    "LOCKED -> ERROR",
    "LOCKED -> LOCKED_USED",
    "LOCKED -> LOCKED_USED_PERS",
    "ERROR -> outside",
    "ERROR -> READY",
    "ERROR -> USED",
    "ERROR -> DISABLED",
    "ERROR -> DELETE",
    "ERROR -> USED_PERS",
    "CLONE -> READY",
    "DELETE -> outside",
    "DELETE -> ERROR",
    "USED_PERS -> READY",
    "USED_PERS -> ERROR",
    "LOCKED_USED -> USED",
    "LOCKED_USED -> LOCKED",
    "LOCKED_USED -> ERROR",
    "LOCKED_USED_PERS -> LOCKED",
    "LOCKED_USED_PERS -> ERROR",
    "LOCKED_USED_PERS -> USED_PERS",
];

fn edges(found: &Exploration<OpenNebula>) -> Vec<String> {
    let name = |state: Option<ImageState>| state.map_or("outside", State::name);
    found.edges.keys().map(|(from, to)| format!("{} -> {}", name(*from), name(*to))).collect()
}

/// What one would think never happens, and the shortest way there.
const HAPPENS: &[(&str, Like, &[&str])] = &[
    (
        "READY, without any data",
        |seen| seen.state() == Ready && !seen.has_source(),
        &[CREATE, FAIL, "oneimage enable 0"],
    ),
    (
        "kept back, with a VM",
        |seen| matches!(seen.state(), Ready | Disabled) && seen.number("running_vms") > 0,
        &[CREATE, "onevm create --disk 0", FAIL, "oneimage disable 0"],
    ),
    (
        "a VM that has ended still counts",
        |seen| seen.has_dead_vm(),
        &[CREATE, "onevm create --disk 0", FAIL, "onevm terminate 0 --hard"],
    ),
    (
        "two VMs on one persistent image",
        |seen| seen.state() == UsedPers && seen.number("running_vms") > 1,
        &[
            CREATE,
            "onevm create --disk 0",
            "onevm create --disk 0",
            FAIL,
            "oneimage persistent 0",
            "oneimage enable 0",
        ],
    ),
];

const CREATE: &str = "oneimage create --name i0 --path /a -d 100";
const FAIL: &str = "release ds CP 0 fail 'No space left on device'";

#[test]
fn what_one_would_think_never_happens_does() {
    let found = explored(&DEEP);
    assert_eq!((found.worlds.len(), found.tried), (512, 3_524));
    let likes: Vec<Like> = HAPPENS.iter().map(|(_, like, _)| *like).collect();
    for ((what, _, expected), way) in HAPPENS.iter().zip(ways_to(&found, &likes)) {
        assert_eq!(way.unwrap_or_default(), *expected, "{what}");
    }
}
