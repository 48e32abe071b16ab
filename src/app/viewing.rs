//! What the page shows of the app, made anew when something happened.

use std::rc::Rc;

use super::view::{
    Answer, ChosenView, DraftView, JournalLine, OfferView, Shown, StageView, TransportView, View, WorkView,
};
use super::{App, Clock, Stage};
use crate::diagram::{Pose, Scene};
use crate::engine::host::{Cloud, Preview};
use crate::engine::present::{JobRow, MachineRow, Offer, Purpose, Verb};
use crate::engine::replay::Replayed;
use crate::engine::text::reveal;
use crate::engine::{Refusal, Reply};

/// So many entries of the journal are listed around the place where the session stands.
const JOURNAL_LINES: usize = 40;

/// An answer that lies further back than this is not shown any more.
const LAST_ASKED: usize = 4_096;

impl App {
    /// The picture of one cloud at this moment; `view` is what [`App::view`] gave for it.
    pub fn scene(&self, view: &StageView) -> Scene {
        let pose = Pose { chart: view.chart, blend: self.look.blend() };
        self.stages[view.system].scene(pose, self.clock())
    }

    /// The pictures of the world that is shown beside at this moment, one for each stage; none if there is none.
    pub fn other_scenes(&self) -> Vec<Scene> {
        self.rules.map_or_else(Vec::new, |rules| (rules.table().other_scenes)(self))
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
            number: self.drafts,
            name: self.name.clone(),
            next_name: self.next_name(),
            clouds: self.shown().map(|system| (system, self.session().cloud(system).title())).collect(),
            targets: self.targets(),
        }
    }

    /// The chosen image's name, or each one where they differ.
    fn targets(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for system in self.shown() {
            let row = self.stages[system].chosen.and_then(|image| self.session().cloud(system).image(image));
            let name = row.map_or_else(|| "no image".to_owned(), |row| row.name);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// Adds what there can be only with the rules.
    pub(super) fn complete(&self, view: &mut View) {
        view.beside = self.beside_view().map(Rc::new);
        view.callout = self.callout_view();
        for stage in view.stages.iter_mut().filter_map(Rc::get_mut) {
            self.complete_stage(stage);
        }
        if let Some(transport) = Rc::get_mut(&mut view.transport) {
            transport.said.iter_mut().for_each(reveal);
            transport.deleted = self.deleted_names();
            transport.breakpoints = self.breakpoint_views();
            if let Some(playback) = &self.playback {
                let (steps, different) = (playback.replay.steps.len(), playback.different());
                transport.recording = Some(Shown { name: playback.name.clone(), steps, different });
                transport.captions = playback.steps_at(transport.depth).map(caption).collect();
            }
        }
        for line in Rc::get_mut(&mut view.journal).into_iter().flatten() {
            line.answer.reveal();
            if let Some(playback) = &self.playback {
                let replayed = playback.steps_at(line.depth);
                line.differences = replayed.flat_map(|step| step.differences.clone()).collect();
            }
        }
    }

    /// Whether what a person asked of a cloud last was refused.
    pub(super) fn is_refused(&self, system: usize) -> bool {
        let asked = self.stages[system].asked.and_then(Result::ok);
        asked.is_some_and(|record| self.session().cloud(system).outcome(record).is_err())
    }

    fn complete_stage(&self, view: &mut StageView) {
        let system = view.system;
        let (cloud, stage) = (self.session().cloud(system), &self.stages[system]);
        let search = self.search.as_ref().filter(|search| search.system == system);
        // What a person asked and was refused still stands while work ends by itself.
        let asked = stage.asked.and_then(Result::ok).map(|record| answer(cloud, record));
        view.refused = view.answer.iter().chain(&asked).find(|answer| answer.refusal.is_some()).cloned();
        view.answer.iter_mut().chain(&mut view.refused).for_each(Answer::reveal);
        if let Some(way) = &mut view.way {
            [&mut way.line, &mut way.words].into_iter().for_each(reveal);
        }
        if let Some(chosen) = &mut view.chosen {
            let drawbacks = chosen.offers.iter_mut().filter_map(|offer| offer.drawback.as_mut());
            chosen.details.iter_mut().map(|(_, value)| value).chain(drawbacks).for_each(reveal);
        }
        view.token_card =
            self.token_card.is_some_and(|card| card.0 == system && Some(card.1) == stage.chosen);
        view.card = self.card_view(system);
        view.links = self.links(system);
        view.stops = self.stops(system);
        view.reach = search.map(|search| search.view(cloud));
        view.reach.iter_mut().flat_map(|reach| &mut reach.way).for_each(|step| reveal(&mut step.line));
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
            is_live: true,
            offers: cloud.offers(None),
            chosen,
            edges: stage.edges().to_vec(),
            answer: last.map(|entry| answer(cloud, entry.record)),
            remark: stage.remark(),
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
            let label = format!("Attach to {} {}", cloud.machine_word(), machine.id).into();
            Some(Offer { line, label, purpose: Purpose::Use })
        };
        let attachments = cloud.machines().into_iter().filter_map(attachment);
        let offers = attachments.chain(cloud.offers(Some(id)));
        Some(ChosenView {
            details: cloud.details(id),
            flags: cloud.flags(id),
            offers: offers.map(|offer| self.offer_view(cloud, offer)).collect(),
            work: cloud.jobs(&|image| image == Some(id)).into_iter().map(work).collect(),
            row,
        })
    }

    fn offer_view(&self, cloud: &dyn Cloud, offer: Offer) -> OfferView {
        let drawback = match cloud.preview(&offer.line, self.clock()) {
            Ok(Preview { outcome: Err(refusal), .. }) => Some(refusal.to_string()),
            Ok(Preview { is_told: false, .. }) => Some("Granted, but nothing changes.".to_owned()),
            Ok(_) => None,
            Err(problem) => Some(problem.to_string()),
        };
        OfferView { offer, drawback }
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

impl Answer {
    /// Writes out what is not seen in the names that it holds.
    fn reveal(&mut self) {
        self.sentences.iter_mut().chain([&mut self.line]).for_each(reveal);
        if let Some(refusal) = &mut self.refusal {
            let mut words = refusal.to_string();
            reveal(&mut words);
            *refusal = Refusal::new(refusal.code, words).hint(refusal.hint);
        }
    }
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
