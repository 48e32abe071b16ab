//! The installation that every session starts from: users, groups and datastores.

use super::kinds::Orphans;
use super::world::Data;

/// Somebody who can ask.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct User {
    pub(super) id: u32,
    pub(super) name: &'static str,
    pub(super) group: u32,
}

impl User {
    /// Members of `oneadmin` may do anything: `AclManager::authorize`.
    pub(super) fn is_admin(&self) -> bool {
        self.group == ONEADMIN_GROUP
    }

    /// Only the ACL rule `@1 IMAGE+VM+TEMPLATE/* CREATE` of the group `users` lets somebody create.
    pub(super) fn may_create(&self, kind: &str) -> bool {
        self.is_admin() || self.group == USERS_GROUP && ["IMAGE", "VM", "TEMPLATE"].contains(&kind)
    }
}

const ONEADMIN_GROUP: u32 = 0;
const USERS_GROUP: u32 = 1;

/// Who asks when a line names nobody.
pub(super) const ONEADMIN: &User = &User { id: 0, name: "oneadmin", group: ONEADMIN_GROUP };

const USERS: &[User] = &[
    *ONEADMIN,
    User { id: 1, name: "serveradmin", group: ONEADMIN_GROUP },
    User { id: 2, name: "alice", group: USERS_GROUP },
    User { id: 3, name: "bob", group: USERS_GROUP },
    User { id: 4, name: "carol", group: 100 },
];

const GROUPS: &[(u32, &str)] = &[(0, "oneadmin"), (1, "users"), (100, "othergroup")];

pub(super) fn user(id: u32) -> Option<&'static User> {
    USERS.iter().find(|user| user.id == id)
}

pub(super) fn user_named(name: &str) -> Option<&'static User> {
    USERS.iter().find(|user| user.name == name)
}

pub(super) fn user_name(id: u32) -> &'static str {
    user(id).map_or("", |user| user.name)
}

pub(super) fn group_name(id: u32) -> Option<&'static str> {
    GROUPS.iter().find(|(group, _)| *group == id).map(|(_, name)| *name)
}

pub(super) fn group_named(name: &str) -> Option<u32> {
    GROUPS.iter().find(|(_, group)| *group == name).map(|(id, _)| *id)
}

/// What a datastore holds: `Datastore::DatastoreType`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Holds {
    Images,
    Files,
    Machines,
    Backups,
}

/// How the mode of snapshots follows from the TM: `ALLOW_ORPHANS` of `TM_MAD_CONF`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum OrphansOf {
    Always(Orphans),
    /// `raw` allows orphans, any other format does not.
    Format,
}

/// Where the data of a disk goes: the values of `LN_TARGET` and `CLONE_TARGET` in `TM_MAD_CONF`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Target {
    /// `NONE`: the disk is the image itself.
    Nowhere,
    /// `SYSTEM`.
    Machines,
    /// `SELF`: to the image's datastore.
    Images,
}

/// A datastore, with the attributes of its drivers that rules look at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Datastore {
    pub(super) id: u32,
    pub(super) name: &'static str,
    pub(super) holds: Holds,
    pub(super) ds_mad: &'static str,
    pub(super) tm_mad: &'static str,
    pub(super) orphans: OrphansOf,
    /// `LN_TARGET=NONE`: a persistent disk is the image itself. A simplification: the TM of the system datastore has no say.
    pub(super) links: bool,
    /// `PERSISTENT_SNAPSHOTS` is not `NO`.
    pub(super) keeps_snapshots: bool,
    pub(super) persistent_only: bool,
    pub(super) disk_type: &'static str,
    /// `DRIVER` of the datastore: the format of empty images.
    pub(super) driver: Option<&'static str>,
    pub(super) free_mb: i64,
}

const FREE_MB: i64 = 1_999_000;

const BASE: Datastore = Datastore {
    id: 0,
    name: "",
    holds: Holds::Images,
    ds_mad: "dummy",
    tm_mad: "dummy",
    orphans: OrphansOf::Always(Orphans::No),
    links: true,
    keeps_snapshots: true,
    persistent_only: false,
    disk_type: "FILE",
    driver: None,
    free_mb: FREE_MB,
};

const fn machines(id: u32, name: &'static str, tm_mad: &'static str) -> Datastore {
    Datastore { id, name, holds: Holds::Machines, ds_mad: "-", tm_mad, ..BASE }
}

const LOCAL: Datastore =
    Datastore { ds_mad: "fs", tm_mad: "local", orphans: OrphansOf::Format, links: false, free_mb: 0, ..BASE };

/// Every datastore. The first three were never monitored, so they have no free space.
pub(super) const DATASTORES: &[Datastore] = &[
    machines(0, "system", "local"),
    Datastore { id: 1, name: "default", ..LOCAL },
    Datastore { id: 2, name: "files", holds: Holds::Files, ..LOCAL },
    Datastore { id: 100, name: "img", ..BASE },
    Datastore { id: 101, name: "fil", holds: Holds::Files, ..BASE },
    Datastore {
        id: 102,
        name: "img_ssh",
        tm_mad: "ssh",
        orphans: OrphansOf::Always(Orphans::Yes),
        links: false,
        ..BASE
    },
    Datastore {
        id: 103,
        name: "img_ceph",
        tm_mad: "ceph",
        orphans: OrphansOf::Always(Orphans::Mixed),
        driver: Some("raw"),
        ..BASE
    },
    Datastore {
        id: 104,
        name: "img_netapp",
        tm_mad: "netapp",
        orphans: OrphansOf::Always(Orphans::Linear),
        disk_type: "BLOCK",
        driver: Some("raw"),
        ..BASE
    },
    Datastore {
        id: 105,
        name: "img_dev",
        ds_mad: "dev",
        tm_mad: "dev",
        persistent_only: true,
        disk_type: "BLOCK",
        driver: Some("raw"),
        ..BASE
    },
    Datastore {
        id: 106,
        name: "img_lvm",
        ds_mad: "lvm",
        tm_mad: "lvm",
        orphans: OrphansOf::Always(Orphans::Yes),
        disk_type: "BLOCK",
        driver: Some("raw"),
        ..BASE
    },
    Datastore {
        id: 107,
        name: "img_virtiofs",
        ds_mad: "virtiofs",
        tm_mad: "virtiofs",
        disk_type: "FILESYSTEM",
        ..BASE
    },
    Datastore { id: 108, name: "backup", holds: Holds::Backups, ds_mad: "rsync", tm_mad: "-", ..BASE },
    Datastore { id: 109, name: "img2", ..BASE },
    Datastore { id: 110, name: "img_fs", ds_mad: "fs", ..BASE },
    machines(111, "sys", "dummy"),
    machines(112, "sys_ssh", "ssh"),
    machines(113, "sys_ceph", "ceph"),
    machines(114, "sys_netapp", "netapp"),
    machines(115, "sys_lvm", "lvm"),
    Datastore { id: 116, name: "img_shared", tm_mad: "shared", orphans: OrphansOf::Format, ..BASE },
    machines(117, "sys_shared", "shared"),
    Datastore {
        id: 118,
        name: "img_fslvmssh",
        tm_mad: "fs_lvm_ssh",
        orphans: OrphansOf::Always(Orphans::Yes),
        links: false,
        keeps_snapshots: false,
        disk_type: "BLOCK",
        driver: Some("raw"),
        ..BASE
    },
    machines(119, "sys_fslvmssh", "fs_lvm_ssh"),
];

/// The datastore that `deploy` takes when the line names none. A simplification: the daemon takes the first of the
/// cluster (`VirtualMachineDeployAPI`), which cannot read most of these image datastores.
pub(super) const DEFAULT_SYSTEM: u32 = 111;

impl Datastore {
    /// How snapshots of a disk in `format` hang together: `VirtualMachineDisk::create_snapshot`.
    pub(super) fn orphans(&self, format: &str) -> Orphans {
        match self.orphans {
            OrphansOf::Always(mode) => mode,
            OrphansOf::Format if format.eq_ignore_ascii_case("raw") => Orphans::Yes,
            OrphansOf::Format => Orphans::No,
        }
    }

    /// Where the data of a disk goes: `VirtualMachineDisk::get_tm_target`.
    pub(super) fn target(&self, data: Data) -> Target {
        match (data, self.tm_mad) {
            (Data::Copied, "dev") => Target::Nowhere,
            (Data::Copied, "ceph" | "lvm" | "netapp") => Target::Images,
            (Data::Saved | Data::Fixed, _) if self.links => Target::Nowhere,
            _ => Target::Machines,
        }
    }

    /// Whether what a disk of its images grows counts for the owner of the image:
    /// `VirtualMachineDisk::resize_quotas`.
    pub(super) fn charges_owner(&self, data: Data) -> bool {
        data == Data::Saved || self.target(data) == Target::Nowhere
    }

    /// Whether its disks can be brought to a host by the TM of a system datastore:
    /// `VirtualMachine::check_tm_mad_disks` and `TM_MAD_SYSTEM` of `oned.conf`.
    pub(super) fn can_transfer(&self, system: &str) -> bool {
        let also: &[&str] = match self.tm_mad {
            "ceph" | "dev" | "lvm" | "local" => &["ssh", "shared"],
            "shared" => &["ssh"],
            _ => &[],
        };
        self.tm_mad == system || also.contains(&system)
    }
}
