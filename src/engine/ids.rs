//! Identifiers as types, so that an image number cannot be taken for a machine's.

use std::fmt;

/// An image of one cloud: the number that OpenNebula gives it, or for a cloud that names images by
/// UUID its place in the order of appearance (the world keeps the UUID).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ImageId(pub u32);

/// A virtual machine of one cloud, numbered like [`ImageId`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct MachineId(pub u32);

/// A number as an id. The databases of the real systems count in 32 bits, one of which is the sign, so
/// that what claims to be higher is no id, and there is always a next one.
pub fn as_id(number: i64) -> Option<u32> {
    i32::try_from(number).ok().and_then(|number| u32::try_from(number).ok())
}

impl fmt::Display for ImageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Display for MachineId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
