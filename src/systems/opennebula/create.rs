//! A new image: `ImageAllocateAPI::allocate`, `ImagePool::allocate`, `Image::insert`.

use std::fmt::Display;
use std::sync::Arc;

use super::Here;
use super::action::NewImage;
use super::answer::{self, Answer, Method};
use super::authorize::Request;
use super::change::{Change, Edit, What};
use super::datastores::{check_quota, miscount};
use super::driver::{self, Answered, Kind, Mode};
use super::fixture::{Datastore, Holds, User};
use super::image_state::{edit, unlock};
use super::kinds::ImageType;
use super::names;
use super::shared::{self, shared};
use super::state::ImageState;
use super::template::{self, Attribute, Template};
use super::world::{Facts, Place, World};
use crate::engine::refusal::Text;
use crate::engine::{ImageId, Refusal};

const METHOD: Method = Method("[one.image.allocate] ");

/// `DEFAULT_UMASK` 177.
pub(super) const DEFAULT_PERMISSIONS: u16 = 0o600;

/// What STAT answers by itself, in MB.
const STAT_MB: i64 = 10;

const WRONG_SIZE: &str = "Wrong number or missing SIZE attribute.";

/// Attributes that the daemon takes out of the template of a new image: `Image::insert`.
pub(super) const TAKEN_OUT: &[&str] =
    &["NAME", "TYPE", "PERSISTENT", "PATH", "SOURCE", "FORMAT", "SIZE", "FS", "ERROR", "DRIVER", "TM_MAD"];

/// What the template of a new image says, read.
struct Wish<'a> {
    name: &'a str,
    kind: Option<&'a str>,
    persistent: Option<bool>,
    path: &'a str,
    /// SOURCE, which may be written and empty.
    written_source: Option<&'a str>,
    format: &'a str,
    size: Option<&'a str>,
    /// Whether the size was given as an option, which may have a unit; the API takes only a number.
    size_has_unit: bool,
    fs: &'a str,
    rest: &'a [Attribute],
}

impl<'a> Wish<'a> {
    fn source(&self) -> &'a str {
        self.written_source.unwrap_or_default()
    }
}

/// `oneimage create`.
pub(super) fn create(turn: &mut Here<'_>, by: &User, new: &NewImage) -> Answer {
    let attributes = template::read(new.template.as_deref().unwrap_or_default());
    let attributes = attributes.map_err(|problem| METHOD.internal(problem))?;
    let wish = read(new, &attributes);
    let world = turn.world();
    let datastore = check_datastore(world, new.datastore)?;
    let (size, is_number) = size(world, &wish).map_err(unreadable)?;
    if size > datastore.free_mb {
        return Err(METHOD.action("Not enough space in datastore"));
    }
    if !by.is_admin() && wish.written_source.is_some() {
        return Err(METHOD.unauthorized(by, "Template includes a restricted attribute SOURCE"));
    }
    Request::new(world, METHOD, by).create("IMAGE").check()?;
    // What is no number cannot be counted either.
    check_quota(world, METHOD, by, (datastore.id, if is_number { size } else { -1 }))?;
    let persistent = wish.persistent.or(world.preferences(by.id).persistent_new).unwrap_or(false);
    if datastore.persistent_only && !persistent {
        miscount(turn, by, datastore.id);
        return Err(METHOD.allocate_image("This Datastore only accepts persistent images."));
    }
    check_name(world, METHOD, by, wish.name, kind(&wish), datastore)?;
    let kind = insertable(&wish).map_err(|problem| {
        burn_first_id(turn);
        METHOD.allocate_image(problem)
    })?;
    let (facts, place) = describe(by, new, &wish, datastore, (kind, persistent, size));
    let error = Attribute::single(wish.rest, "ERROR").map(Arc::from);
    let id = register(turn, facts, place, error);
    if !wish.source().is_empty() {
        unlock(turn, id);
    } else if wish.path.is_empty() {
        driver::call_for_image(turn, Kind::Make, id);
    } else {
        driver::call_for_image(turn, Kind::Copy, id);
    }
    Ok(answer::id(id.0))
}

fn read<'a>(new: &'a NewImage, attributes: &'a [Attribute]) -> Wish<'a> {
    let text = |given: Option<&'a str>, name: &str| given.or_else(|| Attribute::single(attributes, name));
    let yes = |word: &str| word.eq_ignore_ascii_case("YES");
    Wish {
        name: template::trimmed(text(new.name.as_deref(), "NAME").unwrap_or_default()),
        kind: text(new.kind.as_deref(), "TYPE"),
        persistent: new.persistent.or_else(|| Attribute::single(attributes, "PERSISTENT").map(yes)),
        path: text(new.path.as_deref(), "PATH").unwrap_or_default(),
        written_source: text(new.source.as_deref(), "SOURCE"),
        format: text(new.format.as_deref(), "FORMAT").unwrap_or_default(),
        size: text(new.size.as_deref(), "SIZE"),
        size_has_unit: new.size.is_some(),
        fs: text(None, "FS").unwrap_or_default(),
        rest: attributes,
    }
}

/// A text for the record, shared with the action that gave it.
fn kept_once(given: Option<&Arc<str>>, text: &str) -> Arc<str> {
    given.map_or_else(|| text.into(), Arc::clone)
}

/// The attributes that stay in the template of a new image.
fn kept(attributes: &[Attribute]) -> Template {
    let mut template = Template::default();
    for attribute in attributes {
        if let Attribute::Single(name, value) = attribute
            && !TAKEN_OUT.contains(&name.as_str())
        {
            template = template.with(name, value);
        }
    }
    template
}

fn check_datastore(world: &World, id: i64) -> Result<&'static Datastore, Refusal> {
    let datastore = u32::try_from(id).ok().and_then(|id| world.datastore(id));
    let datastore = datastore.ok_or_else(|| METHOD.missing("datastore", id))?;
    match datastore.holds {
        Holds::Images | Holds::Files => Ok(datastore),
        Holds::Machines | Holds::Backups => {
            Err(METHOD.allocate_image("New images can only be allocated in a files or image datastore."))
        }
    }
}

fn unreadable(problem: impl Display) -> Refusal {
    METHOD.internal(format_args!("Cannot parse image SIZE: {problem}"))
}

/// A size in MB, and whether the text that said so is a number and nothing else.
type Size = (i64, bool);

/// The size: what STAT says of the PATH, or SIZE (`ImageManager::stat_image`, `ImageAllocateAPI::allocate`).
/// BACKUP is never asked for a PATH.
fn size(world: &World, wish: &Wish<'_>) -> Result<Size, String> {
    let given = || {
        let read =
            if wish.size_has_unit { read_megabytes } else { |text: &str| text.trim_start().parse().ok() };
        wish.size.and_then(read).map(|size| (size, true)).ok_or_else(|| WRONG_SIZE.to_owned())
    };
    let said =
        |text: &str| leading_number(text).map(|size| (size, is_number(text))).ok_or_else(|| text.to_owned());
    if kind(wish) == ImageType::Backup {
        return said(wish.size.unwrap_or_default());
    }
    if !wish.source().is_empty() {
        return given();
    }
    if wish.path.is_empty() {
        return match kind(wish) {
            kind @ (ImageType::Cdrom | ImageType::Kernel | ImageType::Ramdisk | ImageType::Context) => {
                Err(format!("Either PATH or SOURCE are required for {}", kind.name()))
            }
            ImageType::Os | ImageType::Datablock | ImageType::Backup | ImageType::Filesystem => given(),
        };
    }
    match driver::mode(&world.site, Kind::Stat, world.next_image) {
        Mode::Answer(Answered::Failure(text)) => Err(text.to_string()),
        Mode::Answer(Answered::Success(Some(text))) if text.is_empty() => {
            Err("Cannot get size from STAT".to_owned())
        }
        Mode::Answer(Answered::Success(Some(text))) => said(&text),
        Mode::Answer(Answered::Success(None)) | Mode::Auto | Mode::Hold | Mode::Drop => Ok((STAT_MB, true)),
    }
}

/// Whether a text is a decimal number and nothing more, with an exponent or without.
fn is_number(text: &str) -> bool {
    let unsigned = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let signed = |text: &str| unsigned(text.strip_prefix(['+', '-']).unwrap_or(text));
    let (number, exponent) = text.trim_start().split_once(['e', 'E']).unwrap_or((text.trim_start(), "0"));
    signed(exponent) && signed(&number.replacen('.', "", 1))
}

/// The number that a text begins with, as a stream of C++ reads it.
fn leading_number(text: &str) -> Option<i64> {
    let text = text.trim_start();
    let sign = usize::from(text.starts_with(['+', '-']));
    let digits = text[sign..].bytes().take_while(u8::is_ascii_digit).count();
    text[..sign + digits].parse().ok()
}

/// Megabytes, or with a suffix gigabytes: `oneimage create --size`.
fn read_megabytes(text: &str) -> Option<i64> {
    let (number, unit) = match text.as_bytes().last()? {
        b'g' | b'G' => (&text[..text.len() - 1], 1024),
        b'm' | b'M' => (&text[..text.len() - 1], 1),
        _ => (text, 1),
    };
    number.parse::<i64>().ok()?.checked_mul(unit)
}

/// The type; an unknown one counts as OS until it is refused (`Image::str_to_type`).
fn kind(wish: &Wish<'_>) -> ImageType {
    wish.kind.and_then(ImageType::read).unwrap_or(ImageType::Os)
}

/// The record of the new image, still INIT: `Image::insert`.
fn describe(
    by: &User,
    new: &NewImage,
    wish: &Wish<'_>,
    datastore: &Datastore,
    (kind, persistent, size): (ImageType, bool, i64),
) -> (Facts, Arc<Place>) {
    let is_empty = wish.path.is_empty() && wish.source().is_empty();
    let mut template = shared_if(with_prefix(kept(wish.rest), kind), persistent);
    if is_empty && let Some(driver) = datastore.driver {
        template = template.with("DRIVER", driver);
    }
    let format = if template.is_saving() {
        "save_as"
    } else if is_empty {
        datastore.driver.or(Some(wish.format).filter(|format| !format.is_empty())).unwrap_or("raw")
    } else if wish.source().is_empty() {
        ""
    } else {
        wish.format
    };
    let facts = Facts {
        name: kept_once(new.name.as_ref().filter(|name| ***name == *wish.name), wish.name),
        owner: by.id,
        group: by.group,
        kind,
        persistent: persistent && can_be_born_persistent(kind),
        permissions: DEFAULT_PERMISSIONS,
        datastore: datastore.id,
        size,
        path: kept_once(new.path.as_ref(), wish.path),
        fs: shared(wish.fs),
        copy_of: None,
        template,
    };
    (facts, shared::place(wish.source(), format))
}

/// Only OS and DATABLOCK images have a prefix for the targets of their disks: `Image::insert`.
pub(super) fn with_prefix(template: Template, kind: ImageType) -> Template {
    match (kind.has_snapshots(), template.filled("DEV_PREFIX")) {
        (true, Some(_)) => template,
        (true, None) if template.is_empty() => shared::with_prefix(),
        (true, None) => template.with("DEV_PREFIX", "sd"),
        (false, _) => template.without("DEV_PREFIX"),
    }
}

/// Only a persistent image can be shared by VMs: `Image::test_set_persistent`.
pub(super) fn shared_if(template: Template, persistent: bool) -> Template {
    let shareable =
        template.get("PERSISTENT_TYPE").is_some_and(|kind| kind.eq_ignore_ascii_case("SHAREABLE"));
    if shareable && !persistent { template.without("PERSISTENT_TYPE") } else { template }
}

/// CDROMs and files are always born non-persistent: `Image::insert`.
pub(super) fn can_be_born_persistent(kind: ImageType) -> bool {
    match kind {
        ImageType::Os | ImageType::Datablock | ImageType::Backup | ImageType::Filesystem => true,
        ImageType::Cdrom | ImageType::Kernel | ImageType::Ramdisk | ImageType::Context => false,
    }
}

/// The checks of `ImagePool::allocate`: the name, the kind of datastore, the name again.
pub(super) fn check_name(
    world: &World,
    method: Method,
    by: &User,
    name: &str,
    kind: ImageType,
    datastore: &Datastore,
) -> Result<(), Refusal> {
    names::check(name).map_err(|problem| method.allocate_image(problem))?;
    let problem = match (datastore.holds, kind) {
        (Holds::Files, ImageType::Kernel | ImageType::Ramdisk | ImageType::Context) => None,
        (Holds::Files, _) => {
            Some("Only IMAGES of type KERNEL, RAMDISK and CONTEXT can be registered in a FILE_DS datastore")
        }
        (Holds::Images, kind) if kind.is_file() => {
            Some("IMAGES of type KERNEL, RAMDISK and CONTEXT cannot be registered in an IMAGE_DS datastore")
        }
        (Holds::Images, ImageType::Backup) => {
            Some("IMAGES of type BACKUP can only be registered in an BACKUP_DS datastore")
        }
        (Holds::Images | Holds::Machines | Holds::Backups, _) => None,
    };
    if let Some(problem) = problem {
        return Err(method.allocate_image(problem));
    }
    match names::taken(world, name, by.id) {
        Some(other) => {
            Err(method.allocate_image(Text::new("NAME is already taken by IMAGE {}.", [other.0.into()])))
        }
        None => Ok(()),
    }
}

/// The checks of `Image::insert`; gives the type. Where the data of the target of a disk save-as comes from is not
/// looked at.
fn insertable(wish: &Wish<'_>) -> Result<ImageType, &'static str> {
    let kind = match wish.kind {
        None | Some("") => ImageType::Os,
        Some(text) => ImageType::read(text).ok_or("Unknown type ")?,
    };
    if kept(wish.rest).is_saving() {
        return Ok(kind);
    }
    if !wish.path.is_empty() && !wish.source().is_empty() {
        return Err("PATH and SOURCE cannot be both set.");
    }
    if !wish.source().is_empty() && wish.format.is_empty() {
        return Err("SOURCE needs FORMAT to be set.");
    }
    if wish.path.is_empty() && wish.source().is_empty() && !kind.has_snapshots() {
        return Err("No PATH nor SOURCE in template.");
    }
    Ok(kind)
}

/// The very first allocation that fails in the database uses its id up: `PoolSQL::allocate`.
pub(super) fn burn_first_id(turn: &mut Here<'_>) {
    if turn.world().next_image == 0 {
        turn.change(Change(What::ImageIdBurnt));
    }
}

/// Puts a new image into the pool, LOCKED; its template may come with an `ERROR`.
pub(super) fn register(
    turn: &mut Here<'_>,
    facts: Facts,
    place: Arc<Place>,
    error: Option<Arc<str>>,
) -> ImageId {
    let id = ImageId(turn.world().next_image);
    turn.change(Change(What::Registered(id, Arc::new(facts), place)));
    if error.is_some() {
        edit(turn, id, Edit::Error(error));
    }
    turn.transition(id, None, Some(ImageState::Locked));
    id
}
