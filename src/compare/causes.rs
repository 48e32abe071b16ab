//! What a refusal is about, in whichever cloud: read here, and nowhere else, from its code and from
//! the words that the daemon always says.

use crate::engine::Refusal;

/// What a refusal is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Cause {
    /// The form of a name.
    Name,
    /// Another image has the name.
    Taken,
    /// A quota is reached.
    Quota,
    /// No room where data is stored.
    Full,
    /// Data that is not as it has to be, or of which nobody knows the size.
    Data,
    /// Data that is there already.
    Filled,
    /// The image is protected.
    Protected,
    /// A user locked the image, which is not its state.
    Locked,
    /// Whoever asks is shown no such image.
    Missing,
    /// Whoever asks lacks the right.
    Rights,
    /// Machines or copies use the image.
    Used,
    /// The state of the image.
    State,
    /// The type of the image.
    Kind,
    /// The image has snapshots.
    Snapshots,
    /// The service failed inside.
    Fault,
    /// Something else.
    Other,
}

/// How a refusal is known: its code, and the words that it begins with, `{}` standing for any words.
struct Sign(u32, &'static str, Cause);

/// The signs of every cloud, by its short name.
static SIGNS: &[(&str, &[Sign])] = &[("opennebula", OPENNEBULA), ("glance", GLANCE)];

/// `src/rm/Request.cc` begins with the method in brackets.
const OPENNEBULA: &[Sign] = &[
    Sign(512, "[{}] User [{}] : IMAGE is locked.", Cause::Locked),
    Sign(512, "[{}] User [{}] : Not authorized to perform ", Cause::Rights),
    Sign(512, "[{}] User [{}] : user [{}] limit of {} reached for ", Cause::Quota),
    Sign(2048, "[{}] Not enough space in datastore", Cause::Full),
    Sign(2048, "[{}] Cannot delete image. There are ", Cause::Used),
    Sign(2048, "[{}] Cannot clone images with snapshots", Cause::Snapshots),
    Sign(2048, "[{}] {} images cannot be cloned.", Cause::Kind),
    Sign(8192, "[{}] Cannot parse image SIZE: ", Cause::Data),
    Sign(8192, "[{}] Image locked, use --force flag to remove the image.", Cause::State),
    Sign(8192, "[{}] Could not {} image: Image cannot be in state ", Cause::State),
    Sign(8192, "[{}] Could not {} image: Backup images cannot be ", Cause::Kind),
    Sign(8192, "[{}] DISK {}: Cannot acquire image {}, it is in state: ", Cause::State),
    Sign(8192, "[{}] DISK {}: Cannot acquire image {}, it is persistent and already in use", Cause::Used),
    Sign(8192, "[{}] DISK {}: Image {} of type {} cannot be used as DISK.", Cause::Kind),
    Sign(16384, "[{}] Error allocating a new image. Invalid NAME, ", Cause::Name),
    Sign(16384, "[{}] Error allocating a new image. NAME is already taken by ", Cause::Taken),
    Sign(16384, "[{}] Error allocating a new image. Cannot clone image in state: ", Cause::State),
];

/// `glance/common/exception.py` and the controllers of `glance/api/v2`; v1 and Nova among them.
const GLANCE: &[Sign] = &[
    Sign(400, "Image {} is not active.", Cause::State),
    Sign(400, "Image status transition from ", Cause::State),
    Sign(400, "Provided object does not match schema 'image': {} On instance['name']: ", Cause::Name),
    Sign(403, "Image {} is protected and cannot be deleted.", Cause::Protected),
    Sign(403, "Not allowed to deactivate image in status ", Cause::State),
    Sign(403, "Not allowed to reactivate image in status ", Cause::State),
    Sign(403, "You are not authorized to complete ", Cause::Rights),
    Sign(404, "", Cause::Missing),
    Sign(409, "Attempt to upload duplicate image: ", Cause::Filled),
    Sign(410, "Image {} could not be found after upload.", Cause::Missing),
    Sign(413, "Image storage media is full: ", Cause::Full),
    Sign(413, "The incoming image is too large: ", Cause::Data),
    Sign(415, "", Cause::Data),
    Sign(500, "", Cause::Fault),
];

/// What a refusal of the cloud with this short name is about.
pub fn cause(cloud: &str, refusal: &Refusal) -> Cause {
    let text = refusal.to_string();
    let signs = SIGNS.iter().filter(|(name, _)| *name == cloud).flat_map(|(_, signs)| *signs);
    let mut known = signs.filter(|Sign(code, words, _)| *code == refusal.code && begins(&text, words));
    known.next().map_or(Cause::Other, |Sign(_, _, cause)| *cause)
}

/// Whether a text begins with these words, every `{}` among them standing for any words.
fn begins(text: &str, words: &str) -> bool {
    let mut fixed = words.split("{}");
    let begin = text.strip_prefix(fixed.next().unwrap_or_default());
    let rest = begin.and_then(|rest| fixed.try_fold(rest, |rest, piece| Some(rest.split_once(piece)?.1)));
    rest.is_some()
}
