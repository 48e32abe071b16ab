//! What the page shows, as plain data: made when something happened, not for every frame.

use std::rc::Rc;

use super::list::ListView;
use super::{
    BesideView, BranchView, BreakpointView, CalloutView, CardView, GuideView, LinkView, ReachView, Speed,
    Stage, Stop, Theme, Way,
};
use crate::engine::chart::Chart;
use crate::engine::host::Cloud;
use crate::engine::present::{ImageRow, JobRow, MachineRow, Mode, Offer};
use crate::engine::recording::Difference;
use crate::engine::{ImageId, Refusal, SimTime};

/// The whole page.
#[derive(Clone, Debug)]
pub struct View {
    /// One for each cloud that is shown.
    pub stages: Vec<Rc<StageView>>,
    /// Where the session stands.
    pub transport: Rc<TransportView>,
    /// The worlds of two branches beside each other, if that was asked for.
    pub beside: Option<Rc<BesideView>>,
    /// The journal around that place, oldest first.
    pub journal: Rc<Vec<JournalLine>>,
    /// What the page has to say by itself.
    pub notice: Option<String>,
    /// The step of the first minute that is shown.
    pub guide: Option<GuideView>,
    /// How the page looks.
    pub theme: Theme,
    /// Whether there is a session before this one.
    pub before: bool,
    /// Why the answers to the last verb parted.
    pub callout: Option<CalloutView>,
    /// What just happened, in one sentence, for those who do not see it.
    pub announcement: String,
}

/// What is being written for the next image.
#[derive(Clone, Debug)]
pub struct DraftView {
    /// Counts the drafts: each begins with no name.
    pub number: u32,
    /// The name as it was typed so far.
    pub name: String,
    /// The name that the image gets.
    pub next_name: String,
    /// The clouds that are shown, by their places in the session.
    pub clouds: Vec<(usize, &'static str)>,
    /// What the verbs for an image are about: its name, or one for each cloud.
    pub targets: Vec<String>,
}

/// One cloud.
#[derive(Clone, PartialEq, Debug)]
pub struct StageView {
    /// Whether something can be done with it; a world that is shown beside is only to be looked at.
    pub is_live: bool,
    /// Its place in the session.
    pub system: usize,
    /// Its short name, as in an address.
    pub name: &'static str,
    /// Its name.
    pub title: &'static str,
    /// `state` or `status`.
    pub state_word: &'static str,
    /// `VM` or `instance`.
    pub machine_word: &'static str,
    /// The columns of the list.
    pub columns: &'static [&'static str],
    /// The diagram.
    pub chart: &'static Chart,
    /// The other ways to be that the cloud can be switched to.
    pub modes: Vec<Mode>,
    /// The names of the states.
    pub states: Vec<&'static str>,
    /// How many images each state holds.
    pub occupancy: Vec<usize>,
    /// The list of its images.
    pub list: ListView,
    /// The cells of it that the last step changed, by image and column: whoever shows one view after the other
    /// finds them by [`StageView::changed_since`].
    pub changed: Vec<(ImageId, usize)>,
    /// How many steps were shown one after the other; 0 where a place was gone to.
    pub steps: u32,
    /// How many images there are in all.
    pub total: usize,
    /// What can be asked of the cloud itself.
    pub offers: Vec<Offer>,
    /// The chosen image.
    pub chosen: Option<ChosenView>,
    /// The machines.
    pub machines: Vec<MachineRow>,
    /// The work that the drawn images wait for.
    pub jobs: Vec<JobRow>,
    /// The edges of the last step.
    pub edges: Vec<usize>,
    /// How often each edge was taken on the way here, by its place in the chart; empty unless that
    /// is wanted.
    pub heat: Vec<usize>,
    /// The answer to what was asked of this cloud last, if that is not long ago.
    pub answer: Option<Answer>,
    /// The refusal of that, or else of what a person asked last.
    pub refused: Option<Answer>,
    /// The chosen state, if it is one of these.
    pub card: Option<CardView>,
    /// How each state corresponds to the chosen one of another cloud, the closest first; empty while
    /// there is none.
    pub links: Vec<LinkView>,
    /// Where the verb that is pointed at would lead.
    pub way: Option<Way>,
    /// Why the last verb has no counterpart here.
    pub remark: Option<&'static str>,
    /// Whether the card of the chosen image is open at its token.
    pub token_card: bool,
    /// Where playing pauses.
    pub stops: Vec<Stop>,
    /// What was asked of the chosen image's ways, and the answer.
    pub reach: Option<ReachView>,
}

impl StageView {
    /// A cloud as its stage shows it, without anything to do.
    pub(super) fn at_rest(system: usize, cloud: &dyn Cloud, stage: &Stage) -> Self {
        let states = cloud.states();
        Self {
            is_live: false,
            system,
            name: cloud.name(),
            title: cloud.title(),
            state_word: cloud.state_word(),
            machine_word: cloud.machine_word(),
            columns: cloud.columns(),
            chart: cloud.chart(),
            modes: cloud.modes(),
            machines: cloud.machines(),
            jobs: stage.jobs().to_vec(),
            total: cloud.image_count(),
            list: stage.list.view(cloud),
            changed: Vec::new(),
            steps: stage.steps(),
            occupancy: (0..states.len()).map(|state| stage.count(state)).collect(),
            states,
            offers: Vec::new(),
            chosen: None,
            edges: Vec::new(),
            heat: Vec::new(),
            answer: None,
            refused: None,
            remark: None,
            card: None,
            links: Vec::new(),
            way: None,
            token_card: false,
            stops: Vec::new(),
            reach: None,
        }
    }
}

/// The chosen image and what can be done with it.
#[derive(Clone, PartialEq, Debug)]
pub struct ChosenView {
    /// Its row of the list.
    pub row: ImageRow,
    /// What else there is to know at a glance.
    pub flags: Vec<String>,
    /// Everything worth knowing, as label and value.
    pub details: Vec<(&'static str, String)>,
    /// What can be asked for it; refused ones are here too.
    pub offers: Vec<OfferView>,
    /// The work that it waits for.
    pub work: Vec<WorkView>,
}

/// Work in progress, and how it can be made to end.
#[derive(Clone, PartialEq, Debug)]
pub struct WorkView {
    /// What is being done.
    pub label: String,
    /// Whether it hangs.
    pub hangs: bool,
    /// Success, each failure, delays.
    pub endings: Vec<Offer>,
}

/// Something that can be asked.
#[derive(Clone, PartialEq, Debug)]
pub struct OfferView {
    /// What.
    pub offer: Offer,
    /// Why it is of no use now: the refusal, in the cloud's words, or that nothing would change.
    pub drawback: Option<String>,
}

/// What a cloud answered.
#[derive(Clone, PartialEq, Debug)]
pub struct Answer {
    /// The line that was asked.
    pub line: String,
    /// What came of it, in sentences.
    pub sentences: Vec<String>,
    /// The refusal, if it was one.
    pub refusal: Option<Refusal>,
}

/// One entry of the journal.
#[derive(Clone, PartialEq, Debug)]
pub struct JournalLine {
    /// The place after it.
    pub depth: usize,
    /// The cloud.
    pub title: &'static str,
    /// When.
    pub at: SimTime,
    /// What was asked and what came of it.
    pub answer: Answer,
    /// Whether the session stands here.
    pub current: bool,
    /// Whether it lies in the future.
    pub ahead: bool,
    /// Where the recording differs from our rules.
    pub differences: Vec<Difference>,
}

/// A recording on the stage.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shown {
    /// The file's name.
    pub name: String,
    /// How many steps were recorded.
    pub steps: usize,
    /// How many of them our rules answer differently.
    pub different: usize,
}

/// Where the session stands.
#[derive(Clone, PartialEq, Debug)]
pub struct TransportView {
    /// How many steps lie behind.
    pub depth: usize,
    /// How many steps the branch has.
    pub steps: usize,
    /// Whether time passes.
    pub playing: bool,
    /// How fast.
    pub speed: Speed,
    /// The branches as a tree, parents before their children.
    pub branches: Vec<BranchView>,
    /// The names of those that were deleted and can be brought back.
    pub deleted: Vec<String>,
    /// The breakpoints.
    pub breakpoints: Vec<BreakpointView>,
    /// What there is to say about time.
    pub said: Option<String>,
    /// Whether single keys do something.
    pub keys: bool,
    /// The recording on the stage.
    pub recording: Option<Shown>,
    /// What was recorded for the step where the session stands.
    pub captions: Vec<String>,
}

impl StageView {
    /// Whether what stays of the diagram between two steps, and its title, are drawn as those of `other`.
    pub fn has_diagram_of(&self, other: &Self) -> bool {
        let chosen = |view: &Self| view.chosen.as_ref().map(|chosen| chosen.row.state);
        (self.system, self.total, &self.occupancy, &self.modes)
            == (other.system, other.total, &other.occupancy, &other.modes)
            && (&self.edges, &self.heat, &self.way, &self.stops)
                == (&other.edges, &other.heat, &other.way, &other.stops)
            && (&self.card, &self.links, chosen(self)) == (&other.card, &other.links, chosen(other))
            && self.answer == other.answer
            && std::ptr::eq(self.chart, other.chart)
    }

    /// The cells of the list that are not what they were in `before`, by image and column.
    pub fn changed_since(&self, before: &Self) -> Vec<(ImageId, usize)> {
        let mut changed = Vec::new();
        for row in &self.list.rows {
            let known = before.list.rows.iter().find(|known| known.id == row.id);
            let cells = known.into_iter().flat_map(|known| row.cells.iter().zip(&known.cells).enumerate());
            changed.extend(cells.filter(|(_, (now, then))| now != then).map(|(column, _)| (row.id, column)));
        }
        changed
    }

    /// Whether the mode at this place is on.
    pub fn is_on(&self, mode: usize) -> bool {
        self.modes.get(mode).is_some_and(|mode| mode.on)
    }
}
