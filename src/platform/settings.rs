//! How the page was opened: what its address says, and what the person prefers.

use gloo::utils::window;
use web_sys::UrlSearchParams;

use crate::app::Settings;
use crate::systems;

/// Reads the address and the preferences. What is not understood becomes a note on the page.
pub(super) fn read() -> Settings {
    let query = window().location().search().unwrap_or_default();
    let mut settings = Settings { still: prefers_stillness(), ..Settings::default() };
    let Ok(query) = UrlSearchParams::new_with_str(&query) else { return settings };
    settings.embed = query.get("embed").is_some_and(|embed| embed != "0");
    if let Some(system) = query.get("system").filter(|system| system != "both") {
        let names: Vec<&str> = systems::names();
        settings.only = names.iter().position(|name| *name == system);
        if settings.only.is_none() {
            settings.problem = Some(format!(
                "There is no system “{}”; both are shown. The address may say system={} or system=both.",
                system.chars().take(40).collect::<String>(),
                names.join(", system=")
            ));
        }
    }
    settings
}

fn prefers_stillness() -> bool {
    let query = window().match_media("(prefers-reduced-motion: reduce)");
    query.ok().flatten().is_some_and(|query| query.matches())
}
