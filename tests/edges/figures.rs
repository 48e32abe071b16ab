//! The official figures as data: which edges the clouds' own documentation draws.

/// What a figure calls the world outside: before the creation, after the end.
pub(crate) const OUTSIDE: &str = "outside";

/// An edge of a figure: from, to, and its label there.
pub(crate) type Drawn = (&'static str, &'static str, &'static str);

/// One official figure.
pub(crate) struct Figure {
    /// The heading of its table.
    pub(crate) title: &'static str,
    /// Where it is from.
    pub(crate) source: &'static str,
    /// Its edges, in our order of reading.
    pub(crate) edges: &'static [Drawn],
    /// States that the figure draws as parts of another node, with that node.
    pub(crate) merged: &'static [(&'static str, &'static str)],
}

impl Figure {
    /// The node in which the figure draws a state.
    pub(crate) fn node(&self, state: &'static str) -> &'static str {
        let merged = self.merged.iter().find(|(own, _)| *own == state);
        merged.map_or(state, |(_, node)| node)
    }

    /// The labels under which the figure draws a way from one state to another.
    pub(crate) fn labels(&self, from: &'static str, to: &'static str) -> Vec<&'static str> {
        let (exact, nodes) = ((from, to), (self.node(from), self.node(to)));
        let is_it = |ends| ends == exact || (ends == nodes && nodes.0 != nodes.1);
        self.edges.iter().filter(|(a, b, _)| is_it((*a, *b))).map(|(_, _, label)| *label).collect()
    }
}

/// OpenNebula, images that are not persistent. The figure has one node for LOCKED and `LOCKED_USED`;
/// that VMs join and wait is told by the table of states beside it.
pub(crate) const NONPERSISTENT: Figure = Figure {
    title: "OpenNebula, a non-persistent image",
    source: "`share/doc/states/*.dot`, in the documentation `images/image-nonpersistent.png`",
    edges: &[
        (OUTSIDE, "LOCKED", "create"),
        ("LOCKED", "READY", "success"),
        ("LOCKED", "LOCKED_USED", "VMs wait (table of states)"),
        ("LOCKED", "USED", "success"),
        ("LOCKED", "DELETE", "delete"),
        ("LOCKED", "ERROR", "failure"),
        ("READY", "DISABLED", "disable"),
        ("DISABLED", "READY", "enable"),
        ("READY", "USED", "instantiate"),
        ("READY", "USED", "clone"),
        ("USED", "USED", "instantiate"),
        ("USED", "USED", "clone"),
        ("USED", "READY", "terminate"),
        ("USED", "READY", "success"),
        ("READY", "DELETE", "delete"),
        ("READY", "ERROR", "failure"),
        ("DISABLED", "DELETE", "delete"),
        ("ERROR", "READY", "enable"),
        ("ERROR", "DISABLED", "disable"),
        ("ERROR", "DELETE", "delete"),
        ("DELETE", OUTSIDE, "success"),
    ],
    merged: &[("LOCKED_USED", "LOCKED")],
};

/// OpenNebula, persistent images.
pub(crate) const PERSISTENT: Figure = Figure {
    title: "OpenNebula, a persistent image",
    source: "`share/doc/states/*.dot`, in the documentation `images/image-persistent.png`",
    edges: &[
        (OUTSIDE, "LOCKED", "create"),
        ("LOCKED", "READY", "success"),
        ("LOCKED", "LOCKED_USED_PERS", "VMs wait (table of states)"),
        ("LOCKED", "USED_PERS", "success"),
        ("LOCKED", "DELETE", "delete"),
        ("LOCKED", "ERROR", "failure"),
        ("READY", "DISABLED", "disable"),
        ("DISABLED", "READY", "enable"),
        ("READY", "USED_PERS", "instantiate"),
        ("USED_PERS", "READY", "terminate"),
        ("READY", "CLONE", "clone"),
        ("CLONE", "READY", "success"),
        ("READY", "DELETE", "delete"),
        ("READY", "ERROR", "failure"),
        ("DISABLED", "DELETE", "delete"),
        ("ERROR", "READY", "enable"),
        ("ERROR", "DISABLED", "disable"),
        ("ERROR", "DELETE", "delete"),
        ("DELETE", OUTSIDE, "success"),
    ],
    merged: &[("LOCKED_USED_PERS", "LOCKED")],
};

const GLANCE_EDGES: &[Drawn] = &[
    (OUTSIDE, "queued", "create image"),
    ("queued", "active", "add location*"),
    ("queued", "saving", "upload"),
    ("queued", "uploading", "stage upload"),
    ("queued", "deleted", "delete"),
    ("saving", "active", "upload succeed"),
    ("saving", "killed", "[v1] upload fail"),
    ("saving", "queued", "[v2] upload fail"),
    ("saving", "deleted", "delete"),
    ("uploading", "importing", "import"),
    ("uploading", "queued", "stage upload fail"),
    ("uploading", "deleted", "delete"),
    ("importing", "active", "import succeed"),
    ("importing", "queued", "import fail"),
    ("importing", "deleted", "delete"),
    ("active", "pending_delete", "delayed delete"),
    ("active", "deleted", "delete"),
    ("active", "deactivated", "deactivate"),
    ("deactivated", "active", "reactivate"),
    ("deactivated", "deleted", "delete"),
    ("killed", "deleted", "delete"),
    ("pending_delete", "deleted", "after scrub time"),
];

const GLANCE_SOURCE: &str = "`doc/source/images_src/image_status_transition.dot`";

/// Glance as it is.
pub(crate) const TODAY: Figure =
    Figure { title: "Glance today (v2)", source: GLANCE_SOURCE, edges: GLANCE_EDGES, merged: &[] };

/// Glance while it still had its first API.
pub(crate) const V1: Figure = Figure {
    title: "Glance in v1 mode (history: v1 was removed in Rocky, 2018)",
    source: GLANCE_SOURCE,
    edges: GLANCE_EDGES,
    merged: &[],
};
