//! Which names are allowed, and which are taken: `src/pool/PoolObjectSQL.cc`.

use super::world::World;
use crate::engine::ImageId;

const MAX_LENGTH: usize = 128;

/// Characters that would break the daemon's own files: `PoolObjectSQL::name_is_valid`.
const FORBIDDEN: &[char] = &['&', '|', ':', '\\', '"', ';', '/', '\'', '#', '{', '}', '$', '<', '>'];

/// Whether a name can be given at all.
pub(super) fn check(name: &str) -> Result<(), String> {
    if name.is_empty() {
        return Err("Invalid NAME, it cannot be empty".to_owned());
    }
    if let Some(forbidden) = name.chars().find(|c| FORBIDDEN.contains(c)) {
        return Err(format!("Invalid NAME, char '{forbidden}' is not allowed"));
    }
    if name.len() > MAX_LENGTH {
        return Err(format!("Invalid NAME, max length is {MAX_LENGTH} chars"));
    }
    Ok(())
}

/// The image of this owner with this name.
pub(super) fn taken(world: &World, name: &str, owner: u32) -> Option<ImageId> {
    let found = world.images.iter().find(|(_, image)| image.owner == owner && *image.name == *name);
    found.map(|(id, _)| id)
}
