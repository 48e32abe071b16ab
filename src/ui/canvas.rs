//! Paints crowds: a canvas for each, over the diagram. Painting one touches no element, so the page is
//! neither laid out nor painted anew, which costs more than a thousand points do.

use std::rc::Rc;

use web_sys::wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, window};

use super::later::Painter;
use crate::app::{Look, Sight, StageView};
use crate::diagram::{Crowd, Pose, Scene};

/// The side of an image's square that has no token of its own, in chart units. At this size a square is
/// seen as a point, and a thousand of them are painted in two thirds of the time of discs.
const POINT: f64 = 3.2;

/// The diameter of a token, and the width of the line around it.
const TOKEN: f64 = 18.0;
const RIM: f64 = 1.5;

/// What is seen of a diagram, in chart units: left, top, width, height.
type Window = [f32; 4];

/// Paints one crowd.
struct Pen {
    context: CanvasRenderingContext2d,
    window: [f64; 4],
    ink: String,
    paper: String,
}

/// What paints the crowds that are on the page, a pen for each; `scenes` are those that were drawn last: one for
/// each stage, and then those of the world that is shown beside.
pub(super) fn painter(stages: &[Rc<StageView>], look: &Look, scenes: &[Scene]) -> Painter {
    let count = stages.len();
    let window = |(at, scene): (usize, &Scene)| {
        let view = &stages[at % count];
        let pose = Pose { chart: view.chart, blend: look.blend() };
        let sight = if at < count { look.sights[view.system] } else { Sight::WHOLE };
        vec![sight.window(pose.size()); scene.crowds.len()]
    };
    let pens = pens(as_on_the_page(scenes, count).flat_map(window));
    Box::new(move |scenes| {
        let crowds = as_on_the_page(scenes, count).flat_map(|(_, scene)| &scene.crowds);
        pens.iter().zip(crowds).for_each(|(pen, crowd)| pen.paint(crowd));
    })
}

/// The scenes and their places, each of the other world after that of its stage.
fn as_on_the_page(scenes: &[Scene], stages: usize) -> impl Iterator<Item = (usize, &Scene)> {
    let places = (0..stages).flat_map(move |at| [at, at + stages]);
    places.filter_map(|at| Some((at, scenes.get(at)?)))
}

/// A pen for each crowd on the page, in the page's order; `windows` says what is seen around each.
fn pens(windows: impl Iterator<Item = Window>) -> Vec<Pen> {
    let found = window().and_then(|window| window.document()?.query_selector_all("canvas.crowd").ok());
    let Some(found) = found else { return Vec::new() };
    let canvas = |index: u32| found.get(index)?.dyn_into::<HtmlCanvasElement>().ok();
    (0..).zip(windows).filter_map(|(index, window)| Pen::new(&canvas(index)?, window)).collect()
}

impl Pen {
    /// A pen for a canvas, which gets as many pixels as it is seen with. Its colours are those that the
    /// style sheet gives it.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a size in pixels")]
    fn new(canvas: &HtmlCanvasElement, seen: Window) -> Option<Self> {
        let seen = seen.map(f64::from);
        let [left, top, width, height] = seen;
        let (wide, high) = (f64::from(canvas.client_width()), f64::from(canvas.client_height()));
        let scale = (wide / width).min(high / height) * window()?.device_pixel_ratio();
        canvas.set_width((width * scale) as u32);
        canvas.set_height((height * scale) as u32);
        let context = canvas.get_context("2d").ok()??.dyn_into::<CanvasRenderingContext2d>().ok()?;
        context.set_transform(scale, 0.0, 0.0, scale, -left * scale, -top * scale).ok()?;
        let style = window()?.get_computed_style(canvas).ok()??;
        let colour = |name| style.get_property_value(name).ok();
        context.set_line_cap("round");
        context.set_font(&format!("700 10px {}", colour("font-family")?));
        context.set_text_align("center");
        context.set_text_baseline("middle");
        Some(Self { context, window: seen, ink: colour("color")?, paper: colour("outline-color")? })
    }

    /// Paints the crowd as it stands in this frame.
    fn paint(&self, crowd: &Crowd) {
        let [left, top, width, height] = self.window;
        self.context.clear_rect(left, top, width, height);
        self.context.begin_path();
        for (x, y) in &crowd.at {
            self.context.rect(f64::from(*x) - POINT / 2.0, f64::from(*y) - POINT / 2.0, POINT, POINT);
        }
        self.context.set_fill_style_str(&self.ink);
        self.context.fill();
        self.discs(crowd, TOKEN + RIM, &self.paper);
        self.discs(crowd, TOKEN - RIM, &self.ink);
        self.context.set_fill_style_str(&self.paper);
        for (image, (x, y)) in &crowd.named {
            // A number that is not drawn is in the list all the same.
            let _ = self.context.fill_text(&image.to_string(), f64::from(*x), f64::from(*y));
        }
    }

    /// Discs are lines almost without length that have round ends.
    fn discs(&self, crowd: &Crowd, diameter: f64, colour: &str) {
        self.context.set_stroke_style_str(colour);
        self.context.set_line_width(diameter);
        self.context.begin_path();
        for (_, (x, y)) in &crowd.named {
            let (x, y) = (f64::from(*x), f64::from(*y));
            self.context.move_to(x, y);
            self.context.line_to(x + 0.01, y);
        }
        self.context.stroke();
    }
}
