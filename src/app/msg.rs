//! What goes into the app and what comes out of it: messages and effects.

use super::{Breakpoint, LookMsg, Rules, Theme};
use crate::compare::PairedVerb;
use crate::engine::chart::End;
use crate::engine::{ImageId, MachineId};

/// What a component tells the app: past tense, from the person's side.
#[derive(Clone, PartialEq, Debug)]
pub enum Msg {
    /// An action was asked for, by its text.
    Asked {
        /// The cloud.
        system: usize,
        /// The action's text.
        line: String,
    },
    /// The same was asked for in some clouds.
    VerbAsked {
        /// What.
        verb: PairedVerb,
        /// Only in this cloud; `None` for all.
        only: Option<usize>,
    },
    /// The pointer or the focus came to a verb, or left it.
    VerbPointed(Option<PairedVerb>),
    /// A state was chosen, to see what corresponds to it; chosen again, it is let go.
    StateChosen {
        /// The cloud.
        system: usize,
        /// The state's place in `State::ALL`.
        state: usize,
    },
    /// What lies above the page was closed: the card of a state, the callout, a preview.
    Dismissed,
    /// The name for an image was typed.
    NameTyped {
        /// Which one: see [`DraftView::number`](super::DraftView::number).
        number: u32,
        /// The name so far.
        name: String,
    },
    /// It was chosen whether the next image is persistent.
    PersistenceChosen(bool),
    /// An image was chosen.
    ImageChosen {
        /// The cloud.
        system: usize,
        /// The image.
        image: ImageId,
    },
    /// Words were typed that the rows of a list must have.
    ListFiltered {
        /// The cloud.
        system: usize,
        /// The words.
        text: String,
    },
    /// A list shall be ordered by a column, or the other way round.
    ListOrdered {
        /// The cloud.
        system: usize,
        /// The column.
        column: usize,
    },
    /// A list was scrolled: its rows are needed from this one on.
    ListScrolled {
        /// The cloud.
        system: usize,
        /// The row.
        first: usize,
    },
    /// A key asked for an image that stands further down in a list, or further up.
    ListMoved {
        /// The cloud.
        system: usize,
        /// So many rows down.
        rows: isize,
    },
    /// Play was pressed.
    Played,
    /// Pause was pressed.
    Paused,
    /// One step forward.
    SteppedForward,
    /// One step back.
    SteppedBack,
    /// A place on the time line was chosen.
    Sought(usize),
    /// A branch was chosen.
    BranchChosen(usize),
    /// A branch was given a name.
    BranchRenamed(usize, String),
    /// A branch was deleted.
    BranchDeleted(usize),
    /// A branch was brought back, by its place among those that were deleted.
    BranchRestored(usize),
    /// A branch was chosen to be shown beside, or no longer to be.
    BranchCompared(usize),
    /// A breakpoint was set, or taken away where there was one.
    BreakpointToggled(Breakpoint),
    /// It was asked whether the chosen image of a cloud can get there.
    WayAsked(usize, End),
    /// The way that was found shall be shown.
    WayShown,
    /// The question was closed.
    WayClosed,
    /// The card of an image at its token was opened, or closed where it was open.
    TokenChosen {
        /// The cloud.
        system: usize,
        /// The image.
        image: ImageId,
    },
    /// An image is being dragged.
    ImageDragged {
        /// The cloud.
        system: usize,
        /// The image.
        image: ImageId,
    },
    /// What is being dragged was dropped on a machine.
    DroppedOn {
        /// The machine's cloud.
        system: usize,
        /// The machine.
        machine: MachineId,
    },
    /// A key was pressed that does something.
    KeyPressed {
        /// The key as the browser names it.
        key: String,
        /// Whether Ctrl (or Cmd) was held.
        command: bool,
        /// Whether Shift was held.
        shift: bool,
    },
    /// Single keys were turned on or off.
    KeysTurned(bool),
    /// A speed was chosen.
    SpeedChosen(Speed),
    /// The diagrams are looked at in another way.
    Looked(LookMsg),
    /// Wall time passed: milliseconds since the last frame.
    TimePassed(f32),
    /// A frame has time for one more slice of the work that there is: see [`App::has_work`](super::App::has_work).
    WorkedOn,
    /// An example recording was asked for, by its cloud.
    ExampleChosen(usize),
    /// A file was opened or dropped.
    FileOpened {
        /// The file's name.
        name: String,
        /// What it holds.
        text: String,
    },
    /// A file could not be read at all; why, in words.
    FileFailed(String),
    /// Somebody reached for a part of the page that waits for the rules.
    Wanted,
    /// The recording was closed.
    RecordingClosed,
    /// The person's own session was asked for as a file.
    SaveAsked,
    /// A new session was asked for.
    StartedAnew,
    /// The session before this one was asked for.
    BroughtBack,
    /// A notice was read.
    NoticeDismissed,
    /// Another look was chosen.
    ThemeChosen(Theme),
    /// The next step of the first minute was asked for.
    GuideFollowed,
    /// The first minute was asked for again.
    GuideAsked,
    /// The first minute was skipped.
    GuideSkipped,
    /// The rules of the clouds are here.
    RulesArrived(Rules),
    /// The rules of the clouds could not be fetched.
    RulesFailed,
    /// The browser has no room to keep the session.
    NotKept,
}

impl Msg {
    /// Whether a person did it, and not the browser by itself.
    pub(super) fn is_a_persons(&self) -> bool {
        !matches!(
            self,
            Self::TimePassed(_) | Self::WorkedOn | Self::RulesArrived(_) | Self::RulesFailed | Self::NotKept
        )
    }

    /// The cloud that it is about, if it is about one.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the others are about the page, or about time")]
    pub(super) fn system(&self) -> Option<usize> {
        match self {
            Self::Asked { system, .. }
            | Self::StateChosen { system, .. }
            | Self::ImageChosen { system, .. }
            | Self::ListFiltered { system, .. }
            | Self::ListOrdered { system, .. }
            | Self::ListScrolled { system, .. }
            | Self::ListMoved { system, .. }
            | Self::WayAsked(system, _)
            | Self::TokenChosen { system, .. }
            | Self::ImageDragged { system, .. }
            | Self::DroppedOn { system, .. }
            | Self::BreakpointToggled(Breakpoint { system, .. }) => Some(*system),
            Self::VerbAsked { only, .. } => *only,
            _ => None,
        }
    }

    /// Whether a session on film can do it, without the rules of the clouds.
    pub(super) fn is_on_film(&self) -> bool {
        matches!(
            self,
            Self::Played
                | Self::Paused
                | Self::SteppedForward
                | Self::SteppedBack
                | Self::Sought(_)
                | Self::SpeedChosen(_)
                | Self::NoticeDismissed
                | Self::ThemeChosen(_)
                | Self::VerbPointed(_)
                | Self::Dismissed
                | Self::KeyPressed { .. }
                | Self::GuideSkipped
                | Self::FileFailed(_)
                | Self::Wanted
        )
    }
}

/// How fast simulated time passes beside wall time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Speed {
    /// A tenth.
    Tenth,
    /// Half.
    Half,
    /// As it is.
    #[default]
    Once,
    /// Twice as fast.
    Twice,
    /// Four times as fast.
    Fourfold,
    /// Sixteen times as fast.
    Sixteenfold,
    /// Without waiting: motions and work are over at once.
    Instant,
}

impl Speed {
    /// Every speed, slowest first.
    pub const ALL: [Self; 7] =
        [Self::Tenth, Self::Half, Self::Once, Self::Twice, Self::Fourfold, Self::Sixteenfold, Self::Instant];

    /// What the page calls it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Tenth => "0.1×",
            Self::Half => "0.5×",
            Self::Once => "1×",
            Self::Twice => "2×",
            Self::Fourfold => "4×",
            Self::Sixteenfold => "16×",
            Self::Instant => "instant",
        }
    }

    pub(super) fn factor(self) -> f32 {
        match self {
            Self::Tenth => 0.1,
            Self::Half => 0.5,
            Self::Once => 1.0,
            Self::Twice => 2.0,
            Self::Fourfold => 4.0,
            Self::Sixteenfold => 16.0,
            // Longer than any motion, within one frame.
            Self::Instant => 10_000.0,
        }
    }
}

/// Where a journal is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Slot {
    /// The session that is open.
    Current,
    /// The session before it.
    Before,
}

/// What brings states up that are to be seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cause {
    /// A person chose one.
    Chosen,
    /// A person asked for a step, at the verbs or on the line of time.
    Asked,
    /// A step that came by itself: it is followed only by a page that stands where it was left, and under no hand.
    Time,
}

/// What the app asks of the browser.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Effect {
    /// Remember this journal, so that a reload finds it again.
    KeepJournal {
        /// In the place of which earlier one.
        slot: Slot,
        /// The journal as text.
        text: String,
    },
    /// Look like this, also on the next visit.
    ShowTheme(Theme),
    /// Remember that the first minute was taken or skipped.
    KeepGuided,
    /// Fetch the rules of the clouds and send them as [`Msg::RulesArrived`].
    FetchRules,
    /// Remember whether single keys do something.
    KeepKeys(bool),
    /// From now on listen to the whole page: send the keys that do something, as [`Msg::KeyPressed`], what is
    /// in dropped files, and that somebody reaches for what waits for the rules.
    Listen,
    /// Remember this place in the journal that was kept last.
    KeepPlace(String),
    /// Scroll the page to its diagrams.
    ShowDiagrams {
        /// Without motion.
        still: bool,
    },
    /// Scroll the page as little as is needed to see some states.
    Show {
        /// Each by its cloud and its name. Where they have no room together it is the first.
        states: Vec<(usize, &'static str)>,
        /// What brought them up.
        cause: Cause,
        /// Without motion.
        still: bool,
    },
    /// Scroll the page as little as is needed to see what is said in the panel of this cloud.
    ShowSaid {
        /// The cloud.
        system: usize,
        /// Without motion.
        still: bool,
    },
    /// Scroll a list so that this row of it is seen.
    ShowRow {
        /// The cloud.
        system: usize,
        /// The row.
        row: usize,
        /// So many rows the list has.
        of: usize,
    },
    /// Give the person this text as a file.
    Save(String),
    /// Fetch the example recording with this file name and send it as [`Msg::FileOpened`].
    FetchExample(&'static str),
}
