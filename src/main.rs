//! Starts the page.

/// Starts the page; natively there is none to start.
fn main() {
    #[cfg(target_arch = "wasm32")]
    start();
}

#[cfg(target_arch = "wasm32")]
fn start() {
    use lab::app::{App, Settings, Slot};
    use lab::{platform, ui};
    use yew::Callback;

    let settings: Settings = platform::settings();
    let kept = |slot| App::keeps(&settings).then(|| platform::kept_journal(slot)).flatten();
    let kept = (kept(Slot::Current), kept(Slot::Before));
    let props = ui::RootProps {
        places: Some(platform::places()),
        rules: None,
        settings,
        kept,
        effects: Callback::from(|(effect, send)| platform::carry_out(effect, send)),
        read_file: Callback::from(|(file, send)| platform::read_file(file, send)),
        next_frame: platform::frames(),
        now: platform::now(),
        next_task: platform::tasks(),
        at_rest: platform::rest(),
    };
    // The page itself stands in its places: what is around them stays as `index.html` has it.
    if let Some(nowhere) = platform::nowhere() {
        yew::Renderer::<ui::Root>::with_root_and_props(nowhere, props).render();
    }
}
