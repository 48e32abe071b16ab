//! The whole page: holds the app, hands messages in and effects out, and asks for frames while
//! something moves.

use std::rc::Rc;

use yew::prelude::*;

use super::click;
use super::event::File;
use super::guide::guide;
use super::journal::journal;
use super::later::{Painter, Part, are_here, changed, compared, later, painter};
use super::look::{key, switches};
use super::masthead::masthead;
use super::memo::Memo;
use super::panel::panel;
use super::places::{Place, TURNS, TakenPlace, frame};
use super::stage::{figure, head, summary};
use super::tools::tools;
use super::transport::transport;
use super::verbs::verbs;
use crate::app::{App, DraftView, Effect, Msg, Rules, Settings, View};
use crate::diagram::Scene;

/// What the page needs from whoever starts it.
#[derive(Clone, PartialEq, Properties)]
pub struct RootProps {
    /// The places to draw in, as `index.html` has them; without them the page is drawn as a whole.
    pub places: Option<Vec<TakenPlace>>,
    /// The rules of the clouds, if they are at hand; otherwise the app asks for them.
    pub rules: Option<Rules>,
    /// How the page was opened.
    pub settings: Settings,
    /// The journal that an earlier visit kept, and that of the session before it.
    pub kept: (Option<String>, Option<String>),
    /// Carries out an effect; a message may come of it.
    pub effects: Callback<(Effect, Callback<Msg>)>,
    /// Reads a file and sends what it holds.
    pub read_file: Callback<(File, Callback<Msg>)>,
    /// Calls back before the next frame with the wall time since the frame before, in milliseconds.
    pub next_frame: Callback<Callback<f32>>,
    /// The wall time in milliseconds since whenever.
    pub now: Callback<(), f64>,
    /// Calls back in a task of its own.
    pub next_task: Callback<Callback<()>>,
    /// Calls back after so many milliseconds, when what was just drawn has been seen and the browser is at rest.
    pub at_rest: Callback<(i32, Callback<()>)>,
}

/// Work in slices takes so many milliseconds of a frame, and the rest of the slice that is under way then.
const SLICES: f64 = 12.0;

/// A hand on the line of time is still when it has not moved for so many milliseconds.
const STILL: i32 = 120;

/// While it moves on and on, words follow the picture after so many moves.
const MOVES: u32 = 24;

/// What the page is told.
pub enum RootMsg {
    /// Something happened.
    Happened(Msg),
    /// It is time to take over the places that are next.
    TakeOver,
    /// The browser is at rest: time for the words around the picture.
    AtRest,
    /// It is time for the words that are next.
    Words,
}

/// The whole page.
pub struct Root {
    app: App,
    view: Rc<View>,
    draft: Rc<DraftView>,
    /// The revision that the diagrams and the transport show. Words follow the picture a frame later, so that it
    /// is there at once: first those above the stages, then those of each stage, then those below, each in a task
    /// of its own.
    shown: u32,
    /// The revision that the words above the stages show, and that of those below.
    top_shown: u32,
    bottom_shown: u32,
    /// The revision whose words are there or on their way, and which part of them is next.
    words: u32,
    next_words: Option<usize>,
    /// The same for each stage, of which only what changed is drawn.
    revisions: Vec<Revisions>,
    /// What is to be seen when the words are there: until then a list may be shorter.
    to_show: Vec<Effect>,
    /// The picture of each stage, then of each in the world that is shown beside; what paints the crowds in them.
    scenes: Vec<Scene>,
    painter: Option<Painter>,
    frame_asked: bool,
    /// How often the words wait for rest: they follow the last time.
    rests: u32,
    /// How often the hand on the line of time has moved since they followed.
    moves: u32,
    /// Whether what is shown was drawn with all its parts at hand.
    is_equipped: bool,
    /// The places whose turn is before this are taken over.
    turn: u32,
}

/// The revisions since which a stage looks as it does.
#[derive(Clone, Copy)]
struct Revisions {
    diagram: u32,
    words: u32,
    /// Those of the words that are drawn.
    words_shown: u32,
}

impl Revisions {
    fn new(revision: u32) -> Self {
        Self { diagram: revision, words: revision, words_shown: revision }
    }
}

impl Component for Root {
    type Message = RootMsg;
    type Properties = RootProps;

    fn create(ctx: &Context<Self>) -> Self {
        let RootProps { rules, settings, kept, .. } = ctx.props();
        let (current, before) = kept.clone();
        let mut app = App::new(*rules, settings.clone(), current, before);
        app.opened().into_iter().for_each(|effect| carry_out(ctx, effect));
        carry_out(ctx, Effect::Listen);
        let view = app.view();
        let scenes: Vec<Scene> = view.stages.iter().map(|stage| app.scene(stage)).collect();
        Self {
            view: Rc::new(view),
            draft: Rc::new(app.draft()),
            shown: app.revision(),
            top_shown: app.revision(),
            bottom_shown: app.revision(),
            words: app.revision(),
            next_words: None,
            revisions: vec![Revisions::new(app.revision()); scenes.len()],
            to_show: Vec::new(),
            app,
            scenes,
            painter: None,
            frame_asked: false,
            rests: 0,
            moves: 0,
            is_equipped: are_here(),
            turn: 0,
        }
    }

    fn update(&mut self, ctx: &Context<Self>, msg: RootMsg) -> bool {
        match msg {
            RootMsg::Happened(msg) => self.take(ctx, msg),
            RootMsg::TakeOver => self.take_over(ctx),
            RootMsg::AtRest => {
                self.rests -= 1;
                if self.words == self.shown || self.rests > 0 && self.moves < MOVES {
                    return false;
                }
                self.moves = 0;
                self.words = self.shown;
                // What is on its way begins anew.
                let is_on_its_way = self.next_words.replace(0).is_some();
                !is_on_its_way && self.bring_words(ctx)
            }
            RootMsg::Words => self.bring_words(ctx),
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        if first {
            self.ask_for_frame(ctx);
            ask_for_turn(ctx);
        }
        if self.next_words.is_none() && self.words == self.shown {
            self.to_show.drain(..).for_each(|effect| carry_out(ctx, effect));
        }
        self.painter = painter(&self.view.stages, self.app.look(), &self.scenes);
        self.paint();
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let places = ctx.props().places.as_deref();
        // The page's own program has its places, so it is spared the code for the whole.
        if cfg!(not(target_arch = "wasm32")) && places.is_none() {
            return frame(&self.view, self.app.settings().embed, &|place| {
                if let Place::Key(at) = place {
                    key(&self.view.stages[at], self.app.look())
                } else if place == Place::Tools {
                    tools(&self.view.transport, &self.view.stages, &Callback::noop())
                } else {
                    self.draw(ctx, place)
                }
            });
        }
        let draw = |place: &TakenPlace| {
            let taken = place.place.turn() < self.turn;
            taken.then(|| create_portal(self.draw(ctx, place.place), place.element.clone()))
        };
        places.unwrap_or_default().iter().map(|place| draw(place).unwrap_or_default()).collect()
    }
}

/// A part that changes only with a revision.
fn memo(revision: u32, draw: impl Fn() -> Html + 'static) -> Html {
    let draw = Callback::from(move |()| draw());
    html! { <Memo revision={(revision, 0)} {draw} /> }
}

fn carry_out(ctx: &Context<Root>, effect: Effect) {
    ctx.props().effects.emit((effect, ctx.link().callback(RootMsg::Happened)));
}

fn ask_for_turn(ctx: &Context<Root>) {
    ctx.props().next_task.emit(ctx.link().callback(|()| RootMsg::TakeOver));
}

/// Everything above the stages.
fn top(
    view: &View,
    draft: &DraftView,
    read_file: &Callback<(File, Callback<Msg>)>,
    send: &Callback<Msg>,
) -> Html {
    let read_file = {
        let (read_file, send) = (read_file.clone(), send.clone());
        Callback::from(move |file: File| read_file.emit((file, send.clone())))
    };
    let recording = view.transport.recording.as_ref();
    html! {
        <>
            { masthead(view, &draft.clouds, recording, &read_file, send) }
            <p class="unseen">{ screen_summary(view) }</p>
            { notice(view, send) }
            { for view.guide.map(|step| guide(step, send)) }
            { verbs(draft, send) }
        </>
    }
}

/// The page in a few words, for those who do not see it: what there is and what can be done next.
fn screen_summary(view: &View) -> String {
    let clouds = view.stages.iter().map(|stage| format!("{}: {}.", stage.title, summary(stage)));
    let clouds: Vec<String> = clouds.collect();
    let next = match view.transport.steps - view.transport.depth {
        0 => "This is the last step: try an action.",
        _ => "There are more steps: press Play, or try an action.",
    };
    format!("{} {next}", clouds.join(" "))
}

/// What the page has to say by itself.
fn notice(view: &View, send: &Callback<Msg>) -> Html {
    let Some(notice) = &view.notice else { return Html::default() };
    html! {
        <div class="notice" role="alert">
            <p>{ notice }</p>
            <button type="button" onclick={click(send, Msg::NoticeDismissed)}>{ "Close" }</button>
        </div>
    }
}

impl Root {
    fn take(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        let wait = if matches!(msg, Msg::Sought(_)) { STILL } else { 0 };
        let second = self.app.clock().0 / 1000;
        let looked = matches!(msg, Msg::Looked(_)) || self.app.look().is_morphing();
        let is_frame = matches!(msg, Msg::TimePassed(_));
        for effect in self.app.update(msg) {
            if matches!(effect, Effect::ShowRow { .. } | Effect::ShowSaid { .. }) {
                self.to_show.push(effect);
            } else {
                carry_out(ctx, effect);
            }
        }
        if is_frame {
            self.frame_asked = false;
            self.work(ctx);
        }
        let happened = self.shown != self.app.revision();
        if happened {
            if self.rests == 0 || wait > 0 {
                self.rests += 1;
                self.moves += u32::from(wait > 0);
                ctx.props().at_rest.emit((wait, ctx.link().callback(|()| RootMsg::AtRest)));
            }
            let is_equipped = std::mem::replace(&mut self.is_equipped, are_here());
            self.show(ctx, looked || is_equipped != self.is_equipped);
            if are_here() && self.turn == TURNS {
                ask_for_turn(ctx);
            }
        }
        self.ask_for_frame(ctx);
        let moved = self.look_again();
        let drawn = happened || moved || self.app.look().is_morphing() || second != self.app.clock().0 / 1000;
        if !drawn {
            self.paint();
        }
        drawn
    }

    /// Does as much of the work in slices as a frame has time for.
    fn work(&mut self, ctx: &Context<Self>) {
        let now = &ctx.props().now;
        let end = now.emit(()) + SLICES;
        while self.app.has_work() && now.emit(()) < end {
            self.app.update(Msg::WorkedOn).into_iter().for_each(|effect| carry_out(ctx, effect));
        }
    }

    /// Shows the app as it is now; what looks as before is not drawn again, unless it is looked at otherwise.
    /// What a step changed is marked until the next one.
    fn show(&mut self, ctx: &Context<Self>, looked: bool) {
        let mut view = self.app.view();
        for (stage, before) in view.stages.iter_mut().filter_map(Rc::get_mut).zip(&self.view.stages) {
            if stage.steps == before.steps {
                stage.changed.clone_from(&before.changed);
            } else if stage.steps > before.steps {
                stage.changed = changed(stage, before);
            }
        }
        let before = std::mem::replace(&mut self.view, Rc::new(view));
        self.shown = self.app.revision();
        let clouds =
            |view: &View| -> Vec<_> { view.stages.iter().map(|stage| (stage.system, stage.name)).collect() };
        if clouds(&before) != clouds(&self.view) {
            ctx.props().places.iter().flatten().for_each(|place| place.name(&self.view.stages));
        }
        self.revisions.resize(self.view.stages.len(), Revisions::new(self.words));
        for (at, stage) in self.view.stages.iter().enumerate() {
            let before = before.stages.get(at).filter(|_| !looked);
            let (diagram, all) = before.map_or((false, false), |before| compared(stage, before));
            let Revisions { diagram: shown, words, .. } = &mut self.revisions[at];
            if !diagram {
                *shown = self.shown;
            }
            if !all {
                *words = self.shown;
            }
        }
    }

    /// Brings the words that are next; says whether there are any that changed.
    fn bring_words(&mut self, ctx: &Context<Self>) -> bool {
        let Some(part) = self.next_words else { return false };
        self.next_words = (part <= self.revisions.len()).then_some(part + 1);
        if self.next_words.is_some() {
            ctx.props().next_task.emit(ctx.link().callback(|()| RootMsg::Words));
        }
        if part == 0 {
            self.top_shown = self.words;
            self.draft = Rc::new(self.app.draft());
        } else if let Some(stage) = self.revisions.get_mut(part - 1) {
            let before = std::mem::replace(&mut stage.words_shown, stage.words);
            return before != stage.words;
        } else {
            self.bottom_shown = self.words;
        }
        true
    }

    /// Makes room for what is drawn in the places that are next.
    fn take_over(&mut self, ctx: &Context<Self>) -> bool {
        let next = |place: &&TakenPlace| place.place.turn() == self.turn;
        ctx.props().places.iter().flatten().filter(next).for_each(TakenPlace::clear);
        self.turn += 1;
        if self.turn < TURNS || self.turn == TURNS && are_here() {
            ask_for_turn(ctx);
        }
        true
    }

    fn ask_for_frame(&mut self, ctx: &Context<Self>) {
        if self.app.is_animating() && !self.frame_asked {
            self.frame_asked = true;
            let passed = |milliseconds| RootMsg::Happened(Msg::TimePassed(milliseconds));
            ctx.props().next_frame.emit(ctx.link().callback(passed));
        }
    }

    /// Takes the picture of this moment; says whether other elements show it than showed the last one.
    fn look_again(&mut self) -> bool {
        let mut scenes: Vec<Scene> = self.view.stages.iter().map(|stage| self.app.scene(stage)).collect();
        scenes.extend(self.app.other_scenes());
        let same = scenes.len() == self.scenes.len()
            && scenes.iter().zip(&self.scenes).all(|(now, before)| now.has_elements_of(before));
        self.scenes = scenes;
        !same
    }

    fn paint(&self) {
        if let Some(paint) = &self.painter {
            paint(&self.scenes);
        }
    }

    /// Draws what belongs in a place.
    fn draw(&self, ctx: &Context<Self>, place: Place) -> Html {
        let send = ctx.link().callback(RootMsg::Happened);
        let (view, look, embed) = (Rc::clone(&self.view), self.app.look(), self.app.settings().embed);
        let on_stage = |at: usize| self.view.stages.get(at).map(Rc::clone);
        match place {
            Place::Top if embed => {
                html! { <><h1 class="unseen">{ "Image Lifecycle Lab" }</h1>{ notice(&view, &send) }</> }
            }
            Place::Top => {
                let (draft, read_file) = (Rc::clone(&self.draft), ctx.props().read_file.clone());
                memo(self.top_shown, move || top(&view, &draft, &read_file, &send))
            }
            Place::Look => switches(look, &send),
            Place::Head(at) => on_stage(at).map_or_else(Html::default, |stage| {
                let look = look.clone();
                memo(self.revisions[at].diagram, move || head(&stage, &look, &send))
            }),
            Place::Figure(at) => on_stage(at).map_or_else(Html::default, |stage| {
                let beside = Part::Beside(&view, at, &self.scenes, (look, self.shown));
                let figure = figure(&stage, look, &self.scenes[at], self.revisions[at].diagram, &send);
                html! { <>{ figure }{ later(&beside, &send) }</> }
            }),
            Place::Key(at) => on_stage(at).map_or_else(Html::default, |stage| {
                let look = look.clone();
                memo(self.revisions[at].words_shown, move || later(&Part::Key(&stage, &look), &send))
            }),
            Place::Facts(at) => on_stage(at).map_or_else(Html::default, |stage| {
                memo(self.revisions[at].words_shown, move || panel(&stage, &send))
            }),
            Place::Dock => self.dock(view, send),
            Place::Tools => memo(self.bottom_shown, move || later(&Part::Tools(&view), &send)),
            Place::Bottom => memo(self.bottom_shown, move || journal(&view.journal, &send)),
            Place::Said => {
                let said = view.transport.said.as_ref().unwrap_or(&view.announcement);
                html! { said }
            }
        }
    }

    /// What stays in sight.
    fn dock(&self, view: Rc<View>, send: Callback<Msg>) -> Html {
        let clock = self.app.clock();
        let above = {
            let (view, send) = (Rc::clone(&view), send.clone());
            move || {
                let callout = view.callout.iter().map(|view| later(&Part::Callout(view), &send));
                html! { <>{ for callout }{ later(&Part::Sheet(&view), &send) }</> }
            }
        };
        let draw = Callback::from(move |()| transport(&view.transport, clock, &send));
        html! { <>{ memo(self.shown, above) }<Memo revision={(self.shown, clock.0 / 1000)} {draw} /></> }
    }
}
