//! Which names are allowed, and which are taken: `src/pool/PoolObjectSQL.cc`.

use std::sync::Arc;

use super::world::World;
use crate::engine::ImageId;
use crate::engine::few::Few;

const MAX_LENGTH: usize = 128;

/// Characters that would break the daemon's own files: `PoolObjectSQL::name_is_valid`.
fn is_forbidden(byte: u8) -> bool {
    matches!(
        byte,
        b'&' | b'|' | b':' | b'\\' | b'"' | b';' | b'/' | b'\'' | b'#' | b'{' | b'}' | b'$' | b'<' | b'>'
    )
}

/// Whether a name can be given at all.
pub(super) fn check(name: &str) -> Result<(), String> {
    if name.is_empty() {
        return Err("Invalid NAME, it cannot be empty".to_owned());
    }
    if let Some(forbidden) = name.bytes().find(|byte| is_forbidden(*byte)).map(char::from) {
        return Err(format!("Invalid NAME, char '{forbidden}' is not allowed"));
    }
    if name.len() > MAX_LENGTH {
        return Err(format!("Invalid NAME, max length is {MAX_LENGTH} chars"));
    }
    Ok(())
}

/// The image of this owner with this name.
pub(super) fn taken(world: &World, name: &str, owner: u32) -> Option<ImageId> {
    let has_name = |id: &ImageId| {
        world.find_image(*id).is_some_and(|image| image.owner == owner && *image.name == *name)
    };
    world.names.get(key(name, owner))?.iter().copied().find(has_name)
}

/// From now on an image is found by the name and the owner that it has.
pub(super) fn enter(world: &mut World, id: ImageId) {
    let Some(image) = world.images.get(id) else { return };
    let key = key(&image.name, image.owner);
    match world.names.get_mut(key) {
        Some(ids) => ids.push(id),
        None => world.names.insert(key, Arc::new(Few::One(id))),
    }
}

/// From now on an image is not found by the name and the owner that it has.
pub(super) fn leave(world: &mut World, id: ImageId) {
    let Some(image) = world.images.get(id) else { return };
    let key = key(&image.name, image.owner);
    if world.names.get(key).is_some_and(|ids| *ids == Few::One(id)) {
        world.names.remove(key);
    } else if let Some(ids) = world.names.get_mut(key) {
        ids.remove(id);
    }
}

/// A number for a name and its owner: FNV-1, so that it is the same on every machine and names that
/// differ in their last letter lie side by side, folded to sixteen bits, so that the pool stays dense.
fn key(name: &str, owner: u32) -> u32 {
    let mix = |hash: u32, byte: u8| hash.wrapping_mul(0x0100_0193) ^ u32::from(byte);
    let hash = name.bytes().fold(0x811C_9DC5 ^ owner, mix);
    (hash ^ hash >> 16) & 0xFFFF
}
