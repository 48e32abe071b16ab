//! Writes the page's first picture into index.html: it is there before the program is, and without
//! scripts. `scripts/finish.sh` runs this natively when the page is built.

use std::error::Error;
use std::{env, fs};

use lab::app::Settings;
use lab::ui::{Root, RootProps};
use yew::{Callback, ServerRenderer};

/// Where the picture goes in index.html.
const PLACE: &str = "<!-- scripts/finish.sh puts the first picture here -->";

fn main() -> Result<(), Box<dyn Error>> {
    let path = env::args().nth(1).ok_or("Say which index.html: prerender PATH")?;
    let page = fs::read_to_string(&path)?;
    let (before, after) = page.split_once(PLACE).ok_or_else(|| format!("{path} has no “{PLACE}”"))?;
    Ok(fs::write(&path, format!("{before}{}{after}", picture()))?)
}

/// The page as the program draws it first: the opening, without motion.
fn picture() -> String {
    let renderer = ServerRenderer::<Root>::with_props(|| RootProps {
        places: None,
        rules: None,
        settings: Settings::default(),
        kept: (None, None),
        effects: Callback::noop(),
        read_file: Callback::noop(),
        next_frame: Callback::noop(),
        now: Callback::from(|()| 0.0),
        next_task: Callback::noop(),
        at_rest: Callback::noop(),
    });
    pollster::block_on(renderer.hydratable(false).render())
}
