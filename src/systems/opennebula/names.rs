//! Which names are allowed, and which are taken: `src/pool/PoolObjectSQL.cc`.

use std::sync::Arc;

use super::world::World;
use crate::engine::ImageId;
use crate::engine::few::Few;
use crate::engine::trie::Trie;

/// Where to look for an image by its name and owner, by [`key`]: as a rule there is one there, or none.
pub(super) type Names = Trie<Few<Named>>;

/// An image's name and owner, with the image.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Named {
    name: Arc<str>,
    owner: u32,
    id: ImageId,
}

const MAX_LENGTH: usize = 128;

/// Characters that would break the daemon's own files: `PoolObjectSQL::name_is_valid`.
const FORBIDDEN: &[u8] = b"&|:\\\";/'#{}$<>";

/// Whether a character is forbidden, by its number: every name that is given is looked through.
const IS_FORBIDDEN: [bool; 256] = {
    let (mut is_forbidden, mut place) = ([false; 256], 0);
    while place < FORBIDDEN.len() {
        is_forbidden[FORBIDDEN[place] as usize] = true;
        place += 1;
    }
    is_forbidden
};

/// Whether a name can be given at all.
pub(super) fn check(name: &str) -> Result<(), String> {
    if name.is_empty() {
        return Err("Invalid NAME, it cannot be empty".to_owned());
    }
    if let Some(forbidden) = name.bytes().find(|byte| IS_FORBIDDEN[usize::from(*byte)]).map(char::from) {
        return Err(format!("Invalid NAME, char '{forbidden}' is not allowed"));
    }
    if name.len() > MAX_LENGTH {
        return Err(format!("Invalid NAME, max length is {MAX_LENGTH} chars"));
    }
    Ok(())
}

/// The image of this owner with this name.
pub(super) fn taken(world: &World, name: &str, owner: u32) -> Option<ImageId> {
    let has_name = |named: &&Named| named.owner == owner && *named.name == *name;
    world.names.get(key(name, owner))?.iter().find(has_name).map(|named| named.id)
}

/// From now on an image is found by the name and the owner that it has.
pub(super) fn enter(world: &mut World, id: ImageId) {
    let Some(image) = world.images.get(id) else { return };
    let named = Named { name: Arc::clone(&image.name), owner: image.owner, id };
    let key = key(&named.name, named.owner);
    world.names.get_or_default(key).push(named);
}

/// From now on an image is not found by the name and the owner that it has.
pub(super) fn leave(world: &mut World, id: ImageId) {
    let Some(image) = world.images.get(id) else { return };
    let key = key(&image.name, image.owner);
    let Some(others) = world.names.get_mut(key) else { return };
    others.retain(|named| named.id != id);
    if others.is_empty() {
        world.names.remove(key);
    }
}

/// A number for a name and its owner: FNV-1, so that it is the same on every machine and names that
/// differ in their last letter lie side by side, folded to sixteen bits, so that the pool stays dense.
fn key(name: &str, owner: u32) -> u32 {
    let mix = |hash: u32, byte: u8| hash.wrapping_mul(0x0100_0193) ^ u32::from(byte);
    let hash = name.bytes().fold(0x811C_9DC5 ^ owner, mix);
    (hash ^ hash >> 16) & 0xFFFF
}
