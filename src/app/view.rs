//! What the page shows, as plain data: made when something happened, not for every frame.

use std::rc::Rc;

use super::list::ListView;
use super::moves::end_name;
use super::{
    App, BesideView, BranchView, Breakpoint, CalloutView, CardView, Clock, GuideView, LinkView, ReachView,
    Speed, Stage, Stop, Theme, Way,
};
use crate::diagram::{Pose, Scene};
use crate::engine::chart::Chart;
use crate::engine::host::Cloud;
use crate::engine::present::{ImageRow, JobRow, MachineRow, Mode, Offer, Verb};
use crate::engine::recording::Difference;
use crate::engine::session::Replayed;
use crate::engine::{ImageId, MachineId, Refusal, Reply, SimTime};

/// So many entries of the journal are listed around the place where the session stands.
const JOURNAL_LINES: usize = 40;

/// An answer that lies further back than this is not shown any more.
const LAST_ASKED: usize = 4_096;

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
    /// The name as it was typed so far.
    pub name: String,
    /// The name that the image gets.
    pub next_name: String,
    /// Whether it will be persistent.
    pub persistent: bool,
    /// The clouds that are shown, by their places in the session.
    pub clouds: Vec<(usize, &'static str)>,
    /// What the verbs for an image are about: its name, or one for each cloud.
    pub target: String,
}

/// One cloud.
#[derive(Clone, PartialEq, Debug)]
pub struct StageView {
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
            chosen: None,
            edges: Vec::new(),
            heat: Vec::new(),
            answer: None,
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
    pub marks: Vec<String>,
    /// Everything worth knowing, as label and value.
    pub details: Vec<(&'static str, String)>,
    /// What can be asked for it; refused ones are here too.
    pub offers: Vec<OfferView>,
    /// The work that it waits for.
    pub work: Vec<WorkView>,
    /// The machines that it could be attached to, by name, and how.
    pub attachments: Vec<(MachineId, OfferView)>,
}

/// Work in progress, and how it can be made to end.
#[derive(Clone, PartialEq, Debug)]
pub struct WorkView {
    /// What is being done.
    pub label: String,
    /// Whether it hangs.
    pub hangs: bool,
    /// Success, each failure, hanging.
    pub endings: Vec<Offer>,
}

/// Something that can be asked, and what would be answered.
#[derive(Clone, PartialEq, Debug)]
pub struct OfferView {
    /// The line to type.
    pub line: String,
    /// What its button says.
    pub label: &'static str,
    /// Why it would be refused, in the cloud's words.
    pub refusal: Option<String>,
    /// The state that the image would go to.
    pub leads_to: Option<&'static str>,
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
    /// The breakpoints and what the list calls them.
    pub breakpoints: Vec<(Breakpoint, String)>,
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

impl App {
    /// The picture of one cloud at this moment; `view` is what [`App::view`] gave for it.
    pub fn scene(&self, view: &StageView) -> Scene {
        let pose = Pose { chart: view.chart, blend: self.look.blend() };
        self.stages[view.system].scene(pose, self.clock())
    }

    /// What the page shows now.
    pub fn view(&self) -> View {
        let stages = self.shown().map(|system| Rc::new(self.stage_view(system))).collect();
        let journal = self.journal_lines();
        let mut view = View {
            announcement: self.announcer.said.clone(),
            stages,
            beside: None,
            transport: Rc::new(self.transport_view()),
            journal: Rc::new(journal),
            notice: self.notice.clone(),
            guide: self.guide_view(),
            theme: self.settings.theme,
            before: self.before.is_some(),
            callout: None,
        };
        if let Some(rules) = self.rules {
            (rules.table().complete)(self, &mut view);
        }
        view
    }

    /// What is being written for the next image, and what the verbs are about.
    pub fn draft(&self) -> DraftView {
        DraftView {
            name: self.name.clone(),
            next_name: self.next_name(),
            persistent: self.persistent,
            clouds: self.shown().map(|system| (system, self.session().cloud(system).title())).collect(),
            target: self.target(),
        }
    }

    /// The chosen image's name, or each one where they differ: `ubuntu · image-1`.
    fn target(&self) -> String {
        let mut names: Vec<String> = Vec::new();
        for system in self.shown() {
            let row = self.stages[system].chosen.and_then(|image| self.session().cloud(system).image(image));
            let name = row.map_or_else(|| "no image".to_owned(), |row| row.name);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names.join(" · ")
    }

    /// Adds what there can be only with the rules.
    pub(super) fn complete(&self, view: &mut View) {
        view.beside = self.beside_view().map(Rc::new);
        view.callout = self.callout_view();
        for stage in view.stages.iter_mut().filter_map(Rc::get_mut) {
            self.complete_stage(stage);
        }
        if let Some(transport) = Rc::get_mut(&mut view.transport) {
            transport.deleted = self.deleted_names();
            transport.breakpoints = self.breakpoint_views();
            if let Some(playback) = &self.playback {
                let (steps, different) = (playback.replay.steps.len(), playback.different());
                transport.recording = Some(Shown { name: playback.name.clone(), steps, different });
                transport.captions = playback.steps_at(transport.depth).map(caption).collect();
            }
        }
        for (playback, line) in self.playback.iter().zip(Rc::get_mut(&mut view.journal)) {
            for line in line {
                let replayed = playback.steps_at(line.depth);
                line.differences = replayed.flat_map(|step| step.differences.clone()).collect();
            }
        }
    }

    fn complete_stage(&self, view: &mut StageView) {
        let system = view.system;
        let (cloud, stage) = (self.session().cloud(system), &self.stages[system]);
        let search = self.search.as_ref().filter(|search| search.system == system);
        view.token_card =
            self.token_card.is_some_and(|card| card.0 == system && Some(card.1) == stage.chosen);
        view.card = self.card_view(system);
        view.links = self.links(system);
        view.stops = self.stops(system);
        view.reach = search.map(|search| search.view(cloud));
        if self.look.heat {
            view.heat = self.heat(system);
        }
    }

    fn stage_view(&self, system: usize) -> StageView {
        let cloud = self.session().cloud(system);
        let stage = &self.stages[system];
        let chosen = self.chosen_view(cloud, stage);
        let journal = self.session().journal();
        let behind = journal.trunk()[..=journal.depth()].iter().rev().filter_map(|at| journal.entry(*at));
        let last = behind.take(LAST_ASKED).find(|entry| entry.system == system);
        StageView {
            chosen,
            edges: stage.edges().to_vec(),
            answer: last.map(|entry| answer(cloud, entry.record)),
            remark: stage.remark,
            way: self.way(system),
            ..StageView::at_rest(system, cloud, stage)
        }
    }

    /// How often each edge of a cloud was taken on the way to where the session stands.
    fn heat(&self, system: usize) -> Vec<usize> {
        let (cloud, journal) = (self.session().cloud(system), self.session().journal());
        let mut taken = vec![0; cloud.chart().edges.len()];
        let entries = journal.trunk()[..=journal.depth()].iter().filter_map(|at| journal.entry(*at));
        for step in entries.filter(|entry| entry.system == system).flat_map(|entry| cloud.moves(entry.record))
        {
            if let Some(edge) = cloud.chart().edge(step.from, step.to) {
                taken[edge] += 1;
            }
        }
        taken
    }

    fn chosen_view(&self, cloud: &dyn Cloud, stage: &Stage) -> Option<ChosenView> {
        let row = cloud.image(stage.chosen?)?;
        let id = row.id;
        let work =
            |job: JobRow| WorkView { label: job.label, hangs: job.due.is_none(), endings: job.endings };
        let attachment = |machine: MachineRow| {
            let line = cloud.verb(Verb::Attach(id, machine.id)).ok()?;
            Some((machine.id, self.offer_view(cloud, Offer { line, label: "Attach" })))
        };
        Some(ChosenView {
            details: cloud.details(id),
            marks: cloud.marks(id),
            offers: self.offer_views(cloud, cloud.offers(Some(id))),
            work: cloud.jobs(&|image| image == Some(id)).into_iter().map(work).collect(),
            attachments: cloud.machines().into_iter().filter_map(attachment).collect(),
            row,
        })
    }

    fn offer_views(&self, cloud: &dyn Cloud, offers: Vec<Offer>) -> Vec<OfferView> {
        offers.into_iter().map(|offer| self.offer_view(cloud, offer)).collect()
    }

    fn offer_view(&self, cloud: &dyn Cloud, Offer { line, label }: Offer) -> OfferView {
        let preview = cloud.preview(&line, self.clock());
        let (refusal, leads_to) = match preview {
            Ok(preview) => (
                preview.outcome.err().map(|refusal| refusal.to_string()),
                preview.moves.last().map(|step| end_name(cloud, step.to)),
            ),
            Err(problem) => (Some(problem.to_string()), None),
        };
        OfferView { line, label, refusal, leads_to }
    }

    fn journal_lines(&self) -> Vec<JournalLine> {
        let session = self.session();
        let journal = session.journal();
        let here = journal.depth();
        let first = here.saturating_sub(JOURNAL_LINES * 2 / 3).max(1);
        let last = (first + JOURNAL_LINES).min(journal.trunk().len());
        let line = |depth: usize| {
            let position = journal.trunk()[depth];
            let (cloud, record) = session.entry(position)?;
            Some(JournalLine {
                depth,
                title: cloud.title(),
                at: journal.time(position),
                answer: answer(cloud, record),
                current: depth == here,
                ahead: depth > here,
                differences: Vec::new(),
            })
        };
        (first..last).filter_map(line).collect()
    }

    fn transport_view(&self) -> TransportView {
        let journal = self.session().journal();
        TransportView {
            depth: journal.depth(),
            steps: journal.trunk().len() - 1,
            playing: self.running == Clock::Running,
            speed: self.speed,
            branches: self.branch_views(),
            deleted: Vec::new(),
            breakpoints: Vec::new(),
            said: self.said.clone(),
            keys: self.settings.keys,
            recording: None,
            captions: Vec::new(),
        }
    }
}

/// What was recorded for a step.
fn caption(step: &Replayed) -> String {
    format!("{}: {}", step.number, step.remark.as_ref().unwrap_or(&step.op))
}

pub(super) fn answer(cloud: &dyn Cloud, record: u32) -> Answer {
    Answer {
        line: cloud.line(record),
        sentences: cloud.narrate(record),
        refusal: cloud
            .outcome(record)
            .as_ref()
            .map_or_else(|refusal| Some(refusal.clone()), |_: &Reply| None),
    }
}
