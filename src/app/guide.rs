//! The first minute: four steps that make an image in both clouds, use it, delete it, and come upon
//! the first place where the clouds part. Each step is asked for by the very verb that its button names.

use super::{App, Effect, PairedVerb};

/// One step of the first minute.
#[derive(Debug)]
pub(super) struct Step {
    text: &'static str,
    button: &'static str,
    verb: Option<PairedVerb>,
}

const STEPS: [Step; 4] = [
    Step {
        text: "New here? Both clouds keep disk images. Make the same one in both, and watch where its token goes.",
        button: "Create it in both",
        verb: Some(PairedVerb::Create),
    },
    Step {
        text: "Its data is still on the way: a ring shows how far. Start a VM from it anyway.",
        button: "Use it in a VM",
        verb: Some(PairedVerb::Use),
    },
    Step {
        text: "Here the clouds part: one lets the VM wait and counts its use, the other turns it away. Delete the \
               image.",
        button: "Delete it in both",
        verb: Some(PairedVerb::Delete),
    },
    Step {
        text: "What is refused stands in the cloud's own words. Step back and do something else: both futures \
               are kept.",
        button: "Done",
        verb: None,
    },
];

/// What the page shows of the first minute.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct GuideView {
    /// The number of the step, from 1.
    pub number: usize,
    /// How many there are.
    pub of: usize,
    /// What it says.
    pub text: &'static str,
    /// What its button says.
    pub button: &'static str,
}

impl App {
    /// The step of the first minute that is shown.
    pub(super) fn guide_view(&self) -> Option<GuideView> {
        let at = self.guide.filter(|_| self.playback.is_none())?;
        let Step { text, button, .. } = STEPS.get(at)?;
        Some(GuideView { number: at + 1, of: STEPS.len(), text, button })
    }

    /// Whether the step that is shown asks for this verb: by which button it comes makes no difference.
    pub(super) fn guide_asks(&self, verb: PairedVerb) -> bool {
        self.playback.is_none() && self.guide.is_some_and(|at| STEPS[at].verb == Some(verb))
    }

    /// Does what the step says and goes on to the next.
    pub(super) fn follow_guide(&mut self) -> Option<Effect> {
        let at = self.guide?;
        if let Some(verb) = STEPS.get(at).and_then(|step| step.verb) {
            self.ask_verb(verb, None);
            // The next step is about this very moment, however long it is read.
            self.pause();
        } else {
            self.play();
        }
        self.guide = Some(at + 1).filter(|next| *next < STEPS.len());
        (at == 0 || self.guide.is_none()).then_some(Effect::KeepGuided)
    }

    /// Ends the first minute for this visit and the next ones.
    pub(super) fn skip_guide(&mut self) -> Effect {
        self.guide = None;
        Effect::KeepGuided
    }
}

#[cfg(test)]
mod tests {
    use crate::app::{App, Effect, Msg, PairedVerb, Rules, Settings, View};

    fn opened(settings: Settings) -> App {
        App::new(Some(Rules::all()), settings, None, None)
    }

    fn texts(view: &View) -> Vec<Option<String>> {
        let refusal =
            |stage: &crate::app::StageView| stage.answer.as_ref()?.refusal.as_ref().map(ToString::to_string);
        view.stages.iter().map(|stage| refusal(stage)).collect()
    }

    #[test]
    fn the_first_minute_comes_upon_a_place_where_the_clouds_part() {
        let mut app = opened(Settings::default());
        app.update(Msg::GuideFollowed);
        app.update(Msg::GuideFollowed);
        let refusals = texts(&app.view());
        assert_eq!(refusals.iter().filter(|refusal| refusal.is_some()).count(), 1, "{refusals:?}");
        app.update(Msg::GuideFollowed);
        app.update(Msg::GuideFollowed);
        assert_eq!(app.view().guide, None);
    }

    #[test]
    fn a_step_is_done_by_any_button_for_its_verb_in_both_clouds() {
        let mut app = opened(Settings::default());
        let mut step_after = |verb, only| {
            app.update(Msg::VerbAsked { verb, only });
            app.view().guide.map(|guide| guide.number)
        };
        assert_eq!(step_after(PairedVerb::Create, Some(0)), Some(1));
        assert_eq!(step_after(PairedVerb::Create, None), Some(2));
        assert_eq!(step_after(PairedVerb::Clone, None), Some(2));
        assert_eq!(step_after(PairedVerb::Use, None), Some(3));
    }

    #[test]
    fn whoever_asks_sees_it_once_more() {
        let mut app = opened(Settings { knows: true, ..Settings::default() });
        assert_eq!(app.view().guide, None);
        app.update(Msg::GuideAsked);
        assert_eq!(app.view().guide.map(|guide| guide.number), Some(1));
    }

    #[test]
    fn it_is_not_shown_again_to_whoever_skipped_or_began_it() {
        let mut app = opened(Settings::default());
        assert!(app.update(Msg::GuideSkipped).contains(&Effect::KeepGuided));
        assert_eq!(app.view().guide, None);
        assert!(opened(Settings::default()).update(Msg::GuideFollowed).contains(&Effect::KeepGuided));
        assert_eq!(opened(Settings { knows: true, ..Settings::default() }).view().guide, None);
    }
}
