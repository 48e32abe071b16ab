//! The whole page: holds the app, hands messages in and effects out, and asks for frames while
//! something moves.

use std::rc::Rc;

use yew::prelude::*;

use super::click;
use super::event::{self, File};
use super::guide::guide;
use super::journal::journal;
use super::later::{Painter, Part, later, painter};
use super::look::switches;
use super::masthead::masthead;
use super::memo::Memo;
use super::stage::{stage, summary};
use super::tools::tools;
use super::transport::transport;
use super::verbs::verbs;
use crate::app::{App, Effect, Look, Msg, Rules, Settings, View};
use crate::diagram::Scene;

/// What the page needs from whoever starts it.
#[derive(Clone, PartialEq, Properties)]
pub struct RootProps {
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
}

/// The whole page.
pub struct Root {
    app: App,
    view: View,
    shown: u32,
    /// The picture of each stage, and what paints the crowds in them.
    scenes: Vec<Scene>,
    painter: Option<Painter>,
    frame_asked: bool,
}

impl Component for Root {
    type Message = Msg;
    type Properties = RootProps;

    fn create(ctx: &Context<Self>) -> Self {
        let RootProps { rules, settings, kept, .. } = ctx.props();
        let (current, before) = kept.clone();
        let mut app = App::new(*rules, settings.clone(), current, before);
        app.opened().into_iter().for_each(|effect| carry_out(ctx, effect));
        carry_out(ctx, Effect::WatchKeys);
        let view = app.view();
        let scenes = view.stages.iter().map(|stage| app.scene(stage)).collect();
        Self { view, shown: app.revision(), app, scenes, painter: None, frame_asked: false }
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        if matches!(msg, Msg::TimePassed(_)) {
            self.frame_asked = false;
        }
        let second = self.app.clock().0 / 1000;
        self.app.update(msg).into_iter().for_each(|effect| carry_out(ctx, effect));
        let happened = self.shown != self.app.revision();
        if happened {
            self.shown = self.app.revision();
            self.view = self.app.view();
        }
        self.ask_for_frame(ctx);
        let moved = self.look_again();
        let drawn = happened || moved || self.app.look().is_morphing() || second != self.app.clock().0 / 1000;
        if !drawn {
            self.paint();
        }
        drawn
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        if first {
            self.ask_for_frame(ctx);
        }
        self.painter = painter(&self.view.stages, self.app.look(), &self.scenes);
        self.paint();
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let send = ctx.link().callback(|msg| msg);
        let stages = self
            .view
            .stages
            .iter()
            .zip(&self.scenes)
            .map(|(view, scene)| stage(view, self.app.look(), scene, self.shown, &send));
        let stages = html! {
            <>
                if !self.app.settings().embed {
                    { switches(self.app.look(), &send) }
                }
                <div class="stages">{ for stages }</div>
            </>
        };
        let transport = {
            let (view, clock, send) = (Rc::clone(&self.view.transport), self.app.clock(), send.clone());
            let draw = Callback::from(move |()| transport(&view, clock, &send));
            html! { <Memo revision={(self.shown, clock.0 / 1000)} {draw} /> }
        };
        if self.app.settings().embed {
            let notice = notice(&self.view, &send);
            return html! {
                <div class="page page--embed"><h1 class="unseen">{ "Image Lifecycle Lab" }</h1>{ notice }{ stages }{ transport }{ self.announcement() }</div>
            };
        }
        let read_file = {
            let (read_file, send) = (ctx.props().read_file.clone(), send.clone());
            Callback::from(move |file: File| read_file.emit((file, send.clone())))
        };
        let ondrop = {
            let read_file = read_file.clone();
            Callback::from(move |drag: DragEvent| {
                drag.prevent_default();
                if let Some(file) = event::dropped(&drag) {
                    read_file.emit(file);
                }
            })
        };
        let ondragover = Callback::from(|drag: DragEvent| drag.prevent_default());
        let top = {
            let (view, send) = (self.view.clone(), send.clone());
            Callback::from(move |()| top(&view, &read_file, &send))
        };
        let bottom = {
            let (view, look, send) = (self.view.clone(), self.app.look().clone(), send.clone());
            Callback::from(move |()| bottom(&view, &look, &send))
        };
        let above = {
            let (view, send) = (self.view.callout.clone(), send.clone());
            Callback::from(move |()| view.iter().map(|view| later(&Part::Callout(view), &send)).collect())
        };
        let onkeydown = {
            let send = send.clone();
            Callback::from(move |key: KeyboardEvent| {
                if key.key() == "Escape" {
                    send.emit(Msg::Dismissed);
                }
            })
        };
        html! {
            <div class="page" {ondrop} {ondragover} {onkeydown}>
                <Memo revision={(self.shown, 0)} draw={top} />
                { stages }
                <div class="dock">
                    <Memo revision={(self.shown, 0)} draw={above} />
                    { transport }
                </div>
                <Memo revision={(self.shown, 0)} draw={bottom} />
                { self.announcement() }
            </div>
        }
    }
}

fn carry_out(ctx: &Context<Root>, effect: Effect) {
    ctx.props().effects.emit((effect, ctx.link().callback(|msg| msg)));
}

/// Everything above the stages.
fn top(view: &View, read_file: &Callback<File>, send: &Callback<Msg>) -> Html {
    let recording = view.transport.recording.as_ref();
    html! {
        <>
            { masthead(view, recording, read_file, send) }
            <p class="unseen">{ screen_summary(view) }</p>
            { notice(view, send) }
            { for view.guide.map(|step| guide(step, send)) }
            { verbs(&view.draft, send) }
        </>
    }
}

/// The page in a few words, for those who do not see it: what there is and what can be done next.
fn screen_summary(view: &View) -> String {
    let clouds = view.stages.iter().map(|stage| format!("{}: {}.", stage.title, summary(stage)));
    let clouds: Vec<String> = clouds.collect();
    let next = match view.transport.steps - view.transport.depth {
        0 => "The journal ends here: ask for something.",
        _ => "The journal goes on: play it, or ask for something else.",
    };
    format!("{} {next}", clouds.join(" "))
}

/// Everything below the transport.
fn bottom(view: &View, look: &Look, send: &Callback<Msg>) -> Html {
    html! {
        <>
            { tools(&view.transport, &view.stages, send) }
            { view.beside.as_ref().map(|view| later(&Part::Beside(view, look), send)) }
            { journal(&view.journal, send) }
        </>
    }
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
    fn ask_for_frame(&mut self, ctx: &Context<Self>) {
        if self.app.is_animating() && !self.frame_asked {
            self.frame_asked = true;
            ctx.props().next_frame.emit(ctx.link().callback(Msg::TimePassed));
        }
    }

    /// Takes the picture of this moment; says whether other elements show it than showed the last one.
    fn look_again(&mut self) -> bool {
        let scenes: Vec<Scene> = self.view.stages.iter().map(|stage| self.app.scene(stage)).collect();
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

    /// One polite message for those who do not see what moved.
    fn announcement(&self) -> Html {
        let said = self.view.transport.said.as_ref().unwrap_or(&self.view.announcement);
        html! { <p class="unseen" role="status">{ said }</p> }
    }
}
