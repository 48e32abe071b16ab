//! The clouds side by side: what a verb would do in each, why two answers part, and what corresponds
//! to the chosen state.

use super::foresee::{Foreseen, foresee, words};
use super::{App, Cause, Msg};
use crate::compare::{self, Answered, Divergence, Likeness, PairedVerb};
use crate::engine::card::{Card, Source};
use crate::engine::chart::{Edge, End, Node, Standing};
use crate::engine::host::{Cloud, Move};

/// What is pointed at, chosen and explained.
#[derive(Default, Debug)]
pub(super) struct Comparison {
    pointed: Option<PairedVerb>,
    /// The cloud and the state.
    chosen: Option<(usize, usize)>,
    callout: Option<(PairedVerb, &'static Divergence)>,
}

impl Comparison {
    pub(super) fn point(&mut self, verb: Option<PairedVerb>) {
        self.pointed = verb;
    }

    pub(super) fn choose(&mut self, system: usize, state: usize) {
        let chosen = Some((system, state));
        self.chosen = chosen.filter(|_| self.chosen != chosen);
    }

    /// What differs, in a sentence, if something is explained.
    pub(super) fn told(&self) -> Option<&'static str> {
        self.callout.map(|(_, divergence)| divergence.what)
    }

    pub(super) fn dismiss(&mut self) {
        *self = Self::default();
    }

    /// Lets go of what no longer holds once `msg` is taken: a callout tells of the last verb only, and not of two
    /// branches.
    pub(super) fn outdate(&mut self, msg: &Msg) {
        if matches!(
            msg,
            Msg::Asked { .. }
                | Msg::VerbAsked { .. }
                | Msg::DroppedOn { .. }
                | Msg::BranchCompared(_)
                | Msg::SteppedForward
                | Msg::SteppedBack
                | Msg::Sought(_)
                | Msg::BranchChosen(_)
                | Msg::BranchDeleted(_)
        ) {
            self.forget();
        }
    }

    /// Forgets the last verb: another place of the session is shown.
    pub(super) fn forget(&mut self) {
        self.callout = None;
        self.pointed = None;
    }
}

/// Where a verb would lead, on the diagram.
#[derive(Clone, PartialEq, Debug)]
pub struct Way {
    /// What will be typed; empty where there is nothing to type.
    pub line: String,
    /// The edges, by their place in the chart.
    pub edges: Vec<usize>,
    /// The state.
    pub state: Option<usize>,
    /// In words.
    pub words: String,
}

/// Why two answers parted.
#[derive(Clone, PartialEq, Debug)]
pub struct CalloutView {
    /// The verb.
    pub verb: &'static str,
    /// What differs, why, what it means, and where it stands.
    pub divergence: &'static Divergence,
}

/// The chosen state: what it is, how images come and go, and who may.
#[derive(Clone, PartialEq, Debug)]
pub struct CardView {
    /// Its place in `State::ALL`.
    pub state: usize,
    /// Its place in the drawing, with its phase, its alias and its meaning.
    pub node: &'static Node,
    /// Who may, by which command.
    pub card: Card,
    /// The ways in: the other end, and how.
    pub enters: Vec<(&'static str, String)>,
    /// The ways out.
    pub leaves: Vec<(&'static str, String)>,
}

/// How one state corresponds to the chosen one of another cloud.
#[derive(Clone, PartialEq, Debug)]
pub struct LinkView {
    /// The state's place in `State::ALL`.
    pub state: usize,
    /// How alike they are.
    pub likeness: Likeness,
    /// Why.
    pub why: String,
    /// Where that stands.
    pub source: Option<Source>,
    /// The row on the page of correspondences.
    pub row: String,
}

impl App {
    pub(super) fn ask_verb(&mut self, verb: PairedVerb, only: Option<usize>) {
        let name = self.next_name();
        let clock = self.clock();
        self.session_mut().advance(clock);
        let mut answers: Vec<Answered> = Vec::new();
        for system in self.shown().filter(|&system| only.is_none_or(|only| only == system)) {
            let foreseen = self.foresee(verb, system, &name);
            answers.push(foreseen.answered());
            match foreseen.line {
                Ok(line) => {
                    self.ask(system, &line);
                    self.tell(system, Cause::Asked);
                }
                Err(sentence) => self.stages[system].asked = Some(Err(sentence)),
            }
        }
        if let [one, other] = &answers[..] {
            self.comparison.callout = compare::divergence(verb, one, other).map(|why| (verb, why));
        }
        if verb == PairedVerb::Create && answers.iter().any(|answer| answer.refused.is_none()) {
            self.name.clear();
            self.drafts += 1;
        }
    }

    fn foresee(&self, verb: PairedVerb, system: usize, name: &str) -> Foreseen {
        let cloud = self.session().cloud(system);
        foresee(cloud, verb, self.stages[system].chosen, (name, self.persistent), self.clock())
    }

    /// Where the verb that is pointed at would lead in one cloud.
    pub(super) fn way(&self, system: usize) -> Option<Way> {
        let cloud = self.session().cloud(system);
        let foreseen = self.foresee(self.comparison.pointed?, system, &self.next_name());
        let edge = |step: &Move| cloud.chart().edge(step.from, step.to);
        Some(Way {
            edges: foreseen.moves.iter().filter_map(edge).collect(),
            state: foreseen.state,
            words: words(cloud, &foreseen),
            line: foreseen.line.unwrap_or_default(),
        })
    }

    pub(super) fn callout_view(&self) -> Option<CalloutView> {
        let (verb, divergence) = self.comparison.callout?;
        Some(CalloutView { verb: verb.label(), divergence })
    }

    /// The chosen state, if it is one of this cloud's.
    fn chosen_state(&self, system: usize) -> Option<usize> {
        self.comparison.chosen.filter(|(chosen, _)| *chosen == system).map(|(_, state)| state)
    }

    /// The card of the chosen state, if it is one of this cloud's.
    pub(super) fn card_view(&self, system: usize) -> Option<CardView> {
        let state = self.chosen_state(system)?;
        let cloud = self.session().cloud(system);
        let end = End::State(state);
        let edges = cloud.chart().edges.iter();
        let enters =
            edges.clone().filter(|edge| edge.to == end).map(|edge| way(cloud, edge.from, edge, "new"));
        let leaves = edges.filter(|edge| edge.from == end).map(|edge| way(cloud, edge.to, edge, "gone"));
        Some(CardView {
            state,
            node: cloud.chart().node(state)?,
            card: cloud.card(state)?,
            enters: enters.collect(),
            leaves: leaves.collect(),
        })
    }

    /// How each state of this cloud corresponds to the chosen one of another, the closest first.
    pub(super) fn links(&self, system: usize) -> Vec<LinkView> {
        let Some((chosen, state)) = self.comparison.chosen.filter(|(chosen, _)| *chosen != system) else {
            return Vec::new();
        };
        let [cloud, other] = [chosen, system].map(|system| self.session().cloud(system));
        let name = cloud.states()[state];
        let mut links = Vec::new();
        for likeness in Likeness::ALL {
            for (at, own) in other.states().into_iter().enumerate() {
                let link = compare::link((cloud.name(), state), (other.name(), at));
                if let Some(link) = link.filter(|link| link.likeness == likeness) {
                    let row = compare::row_id((cloud.name(), name), (other.name(), own));
                    links.push(LinkView { state: at, likeness, why: link.why, source: link.source, row });
                }
            }
        }
        links
    }
}

/// The other end of an edge, and how it is taken.
fn way(cloud: &dyn Cloud, end: End, edge: &Edge, outside: &'static str) -> (&'static str, String) {
    let name = match end {
        End::State(state) => cloud.states()[state],
        End::Outside => outside,
    };
    let remark = match edge.standing {
        Standing::Documented => "",
        Standing::Undocumented => " (the figure does not draw it)",
        Standing::Unreachable => " (in the figure only)",
        Standing::Mode(_) => " (history)",
    };
    (name, [edge.label, remark].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{Settings, View};

    fn app_after(messages: &[Msg]) -> App {
        let mut app = App::new(Some(crate::app::Rules::all()), Settings::default(), None, None);
        for message in messages {
            app.update(message.clone());
        }
        app
    }

    fn after(messages: &[Msg]) -> View {
        app_after(messages).view()
    }

    fn asked(verb: PairedVerb) -> Msg {
        Msg::VerbAsked { verb, only: None }
    }

    #[test]
    fn a_callout_tells_of_the_last_verb_only_and_is_announced() {
        let told = after(&[asked(PairedVerb::Use)]);
        let what = told.callout.expect("the answers part").divergence.what;
        assert!(what.contains("in use now") && told.announcement == what, "{what}");
        let later = [Msg::SteppedBack, Msg::SteppedForward, Msg::Dismissed, Msg::Sought(1)];
        for message in later {
            assert!(after(&[asked(PairedVerb::Use), message]).callout.is_none());
        }
    }

    #[test]
    fn a_callout_gives_the_reason_of_the_refusal_beside_it() {
        let line = |system, line: &str| Msg::Asked { system, line: line.to_owned() };
        let cases = [
            (
                vec![Msg::NameTyped { number: 0, name: "a<b".to_owned() }],
                PairedVerb::Create,
                "the form of this name",
            ),
            (vec![line(0, "oneimage lock 0 --all")], PairedVerb::Delete, "a user locked the image"),
            (vec![line(1, "openstack image set --protected ubuntu")], PairedVerb::Delete, "is protected"),
            (vec![asked(PairedVerb::Create), asked(PairedVerb::Delete)], PairedVerb::Fail, "store is full"),
        ];
        for (mut messages, verb, reason) in cases {
            messages.push(asked(verb));
            let what = after(&messages).callout.expect("the answers part").divergence.what;
            assert!(what.contains(reason), "{verb:?}: {what}");
        }
    }

    #[test]
    fn answers_that_agree_call_nobody_out() {
        let view = after(&[asked(PairedVerb::Withhold), asked(PairedVerb::Release)]);
        assert!(view.callout.is_none());
        let one = after(&[Msg::VerbAsked { verb: PairedVerb::Use, only: Some(0) }]);
        assert!(one.callout.is_none(), "one answer alone has nothing to part from");
    }

    #[test]
    fn a_chosen_state_has_a_card_in_its_cloud_and_counterparts_in_the_other() {
        let chosen = Msg::StateChosen { system: 1, state: 4 };
        let view = after(std::slice::from_ref(&chosen));
        let [one, other] = &view.stages[..] else { unreachable!("two clouds") };
        assert!(one.card.is_none() && other.links.is_empty());
        assert!(other.card.as_ref().is_some_and(|card| card.enters.len() >= 4 && card.leaves.len() >= 3));
        assert_eq!(one.links.len(), one.states.len());
        assert_eq!((one.links[0].likeness, &*one.links[0].row), (Likeness::Same, "ready-active"));
        let view = after(&[chosen.clone(), chosen]);
        assert!(view.stages.iter().all(|stage| stage.card.is_none() && stage.links.is_empty()));
    }

    #[test]
    fn a_verb_that_is_pointed_at_changes_nothing_and_shows_its_way_in_every_cloud() {
        let view = after(&[Msg::VerbPointed(Some(PairedVerb::Delete))]);
        let ways: Vec<&str> =
            view.stages.iter().filter_map(|stage| stage.way.as_ref().map(|way| &*way.words)).collect();
        assert_eq!(ways, ["→ DELETE", "→ deleted"]);
        assert_eq!(view.transport.depth, after(&[]).transport.depth);
        assert!(
            after(&[Msg::VerbPointed(Some(PairedVerb::Delete)), asked(PairedVerb::Delete)])
                .stages
                .iter()
                .all(|stage| stage.way.is_none())
        );
    }

    #[test]
    fn each_verb_says_what_will_be_typed_or_why_nothing_can_be() {
        for verb in PairedVerb::ALL {
            for stage in after(&[Msg::VerbPointed(Some(verb))]).stages {
                let way = stage.way.as_ref().expect("a verb is pointed at");
                assert!(!way.words.is_empty(), "{way:?}");
            }
        }
    }
}
