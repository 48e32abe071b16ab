//! What a cloud shows, as plain data: a view asks here and decides nothing.

use std::borrow::Cow;

use super::card::Card;
use super::chart::Chart;
use super::{ImageId, MachineId, SimTime, System};

/// How a cloud shows itself. Everything is plain data, so that no view knows which cloud it shows.
pub trait Present: System {
    /// The short name used in links, journals and folders: `opennebula`.
    const NAME: &'static str;
    /// The name that a person reads: OpenNebula.
    const TITLE: &'static str;
    /// What this cloud calls a state: `state` or `status`.
    const STATE_WORD: &'static str;
    /// What this cloud calls a machine: `VM` or `instance`.
    const MACHINE_WORD: &'static str;
    /// The columns of the real command's image list, in its order; [`ImageRow::cells`] fill them.
    const COLUMNS: &'static [&'static str];

    /// The diagram.
    fn chart() -> &'static Chart;

    /// The other ways to be that this cloud can be switched to, in the order in which the chart's
    /// edges name them; most clouds have none.
    fn modes(_world: &Self::World) -> Vec<Mode> {
        Vec::new()
    }

    /// What is told about a state: who may, by which command, and the source.
    fn card(state: Self::State) -> Card;

    /// How many images there are.
    fn image_count(world: &Self::World) -> usize;

    /// Up to `limit` images in the order of the real command's list, after skipping `skip`.
    fn images(world: &Self::World, skip: usize, limit: usize) -> Vec<ImageRow>;

    /// Every image in the same order: its id, the place of its state in `State::ALL`, its name.
    fn each_image(world: &Self::World, see: &mut dyn FnMut(ImageId, usize, &str));

    /// One image.
    fn image(world: &Self::World, id: ImageId) -> Option<ImageRow>;

    /// The cell of an image in a column of the real command's list.
    fn cell(world: &Self::World, id: ImageId, column: usize) -> Cell<'_>;

    /// Everything worth knowing about one image, as label and value, in the real command's order.
    fn details(world: &Self::World, id: ImageId) -> Vec<(&'static str, String)>;

    /// The machines, oldest first; those that have ended are left out.
    fn machines(world: &Self::World) -> Vec<MachineRow>;

    /// The work in progress of those images that `of` wants (`None`: of no image), in the order in which
    /// it started.
    fn jobs(world: &Self::World, of: &dyn Fn(Option<ImageId>) -> bool) -> Vec<JobRow>;

    /// The actions worth offering for one image (or, for `None`, without any), those for the same purpose
    /// beside each other.
    /// The line is an action's text; refused ones are offered too.
    fn offers(world: &Self::World, image: Option<ImageId>) -> Vec<Offer>;

    /// What else there is to know at a glance about an image, besides its state: that it is locked, protected …
    fn flags(world: &Self::World, id: ImageId) -> Vec<String>;

    /// The line by which this cloud does what `verb` means, with `image` where it needs one;
    /// `Err` says in a sentence why the cloud has no such thing, and what comes nearest.
    ///
    /// # Errors
    /// The cloud has nothing of the kind; the sentence says what comes nearest.
    fn verb(world: &Self::World, verb: Verb<'_>) -> Result<String, &'static str>;

    /// A change in words (`VM 0: PENDING`), or `None` when it is not worth a line of the journal. The
    /// journal is read long after, in other worlds, so the words come from the change alone.
    fn narrate(change: &Self::Change) -> Option<String>;
}

/// Another way for a cloud to be, which can be switched on and off: an older API, a newer release.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mode {
    /// What the switch says: `Glance v1 (history)`.
    pub label: &'static str,
    /// What it is, in a sentence.
    pub meaning: &'static str,
    /// Whether it is on.
    pub on: bool,
    /// The line that switches it to the other side.
    pub line: &'static str,
}

/// A cell of a list: what it is ordered by, and what is read.
#[derive(Clone, Debug)]
pub enum Cell<'a> {
    /// So many, and how that is written.
    Amount(u64, fn(u64) -> String),
    /// A word.
    Word(Cow<'a, str>),
}

impl Cell<'_> {
    /// What is read.
    pub fn text(self) -> String {
        match self {
            Self::Amount(amount, written) => written(amount),
            Self::Word(word) => word.into_owned(),
        }
    }
}

impl<'a> From<&'a str> for Cell<'a> {
    fn from(word: &'a str) -> Self {
        Self::Word(Cow::Borrowed(word))
    }
}

impl From<String> for Cell<'_> {
    fn from(word: String) -> Self {
        Self::Word(Cow::Owned(word))
    }
}

/// One image in a list and on the diagram.
#[derive(Clone, PartialEq, Debug)]
pub struct ImageRow {
    /// Its id.
    pub id: ImageId,
    /// Its name.
    pub name: String,
    /// Its state's place in `State::ALL`.
    pub state: usize,
    /// The cells of the real command's list, in the order of [`Present::COLUMNS`].
    pub cells: Vec<String>,
    /// The machines that count as using it.
    pub machines: Vec<MachineId>,
}

/// One mock machine.
#[derive(Clone, PartialEq, Debug)]
pub struct MachineRow {
    /// Its id.
    pub id: MachineId,
    /// Its name.
    pub name: String,
    /// Its state as the real command prints it.
    pub state: &'static str,
    /// Whether it waits for an image.
    pub waiting: bool,
    /// The images on its disks, by disk number.
    pub disks: Vec<(u32, ImageId)>,
    /// What can be asked of it.
    pub offers: Vec<Offer>,
}

/// Work in progress that a driver will end.
#[derive(Clone, PartialEq, Debug)]
pub struct JobRow {
    /// The image that waits for it, if one does.
    pub image: Option<ImageId>,
    /// What is being done, in a few words: `copying to the datastore`.
    pub label: String,
    /// When it started.
    pub started: SimTime,
    /// When it ends by itself; `None` while it hangs.
    pub due: Option<SimTime>,
    /// How it can be made to end: success first, then each of the real drivers’ failures, then what makes
    /// it take longer and what makes it hang, each with its purpose.
    pub endings: Vec<Offer>,
}

/// An action that somebody could ask for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Offer {
    /// The action's text: the line to type.
    pub line: String,
    /// What a button says: `Disable`. For a failure what is said to be wrong: `no space`.
    pub label: Cow<'static, str>,
    /// What it is for.
    pub purpose: Purpose,
}

impl Offer {
    /// What it says where it stands alone.
    pub fn words(self) -> Cow<'static, str> {
        if self.purpose == Purpose::Failure { ["Fail: ", &self.label].concat().into() } else { self.label }
    }
}

/// What an action is for. Actions for the same stand beside each other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Purpose {
    /// Somebody uses it.
    Use,
    /// Its data come, change or are copied.
    Data,
    /// It is in another condition: withheld, locked, running.
    Condition,
    /// It goes.
    Removal,
    /// Work ends well.
    Success,
    /// Work fails.
    Failure,
    /// Work ends later, never, or because of something else.
    Delay,
}

impl Purpose {
    /// Every purpose, in the order in which a page shows them.
    pub const ALL: &[Self] =
        &[Self::Use, Self::Data, Self::Condition, Self::Removal, Self::Success, Self::Failure, Self::Delay];

    /// What a group of such actions is called.
    pub fn title(self) -> &'static str {
        match self {
            Self::Use => "Use",
            Self::Data => "Data",
            Self::Condition => "Condition",
            Self::Removal => "Remove",
            Self::Success => "Succeed",
            Self::Failure => "Fail",
            Self::Delay => "Delay",
        }
    }
}

/// What a person wants to do, in whichever cloud.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verb<'a> {
    /// A new image with data on its way, under this name; persistent where the cloud knows that.
    Create {
        /// The new image's name.
        name: &'a str,
        /// Whether changes made by a machine shall be kept.
        persistent: bool,
    },
    /// A new machine with this image as its disk.
    Use(ImageId),
    /// Another disk for a machine that exists.
    Attach(ImageId, MachineId),
    /// The machine lets go of this image.
    Detach(ImageId, MachineId),
    /// The machine comes to its end.
    Terminate(MachineId),
    /// A copy of the image under this name.
    Clone(ImageId, &'a str),
    /// The image is kept back.
    Withhold(ImageId),
    /// The image is given free again.
    Release(ImageId),
    /// The image goes.
    Delete(ImageId),
    /// The transfer that is under way ends well.
    FinishTransfer(ImageId),
    /// The transfer that is under way fails.
    FailTransfer(ImageId),
}
