//! The clouds: one folder each, one line of the catalogue each.

pub mod glance;
pub mod opennebula;

use crate::engine::SimTime;
use crate::engine::host::{Cloud, Host, Profile};

/// How to begin with a cloud at a pace: how long work takes that moves data. At zero it is done at
/// once, as in the recordings.
pub type Begin = fn(SimTime) -> Box<dyn Cloud>;

/// Makes the catalogue: each cloud's type, and its world.
macro_rules! catalog {
    ($($system:ty, $world:ty;)*) => {
        /// The clouds in the order in which the page shows them.
        pub const CATALOG: &[Begin] = &[$(|pace| Box::new(Host::<$system>::new(<$world>::paced(pace)))),*];

        /// Their profiles, in the same order; none of their rules is needed for that.
        pub const PROFILES: &[Profile] = &[$(Profile::of::<$system>()),*];
    };
}

catalog! {
    opennebula::OpenNebula, opennebula::World;
    glance::Glance, glance::World;
}

/// Every cloud of the catalogue, just begun, at this pace.
pub fn clouds(pace: SimTime) -> Vec<Box<dyn Cloud>> {
    CATALOG.iter().map(|begin| begin(pace)).collect()
}

/// The short names of the catalogue's clouds.
pub fn names() -> Vec<&'static str> {
    PROFILES.iter().map(|profile| profile.name).collect()
}
