//! How the page was opened: by its address, and by what the person prefers.

use crate::engine::text::shortened;
use crate::systems;

/// So much of a bad value is shown back.
const LONGEST_SHOWN: usize = 40;

/// How the page looks.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Theme {
    /// Light or dark, as the system is.
    #[default]
    Auto,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
    /// For the last row of a room: large, and with the most contrast.
    Projector,
}

impl Theme {
    /// Every theme.
    pub const ALL: [Self; 4] = [Self::Auto, Self::Light, Self::Dark, Self::Projector];

    /// Its name, as the address and the style sheet spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Projector => "projector",
        }
    }

    /// The theme of this name; what is no name of one means the system's.
    pub fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.name() == name).unwrap_or_default()
    }
}

/// How the page was opened.
#[derive(Clone, PartialEq, Eq, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a preference of its own")]
pub struct Settings {
    /// Without the page's furniture, as part of somebody else's page.
    pub embed: bool,
    /// Only this cloud, by its place in the catalogue.
    pub only: Option<usize>,
    /// Without motion between the frames.
    pub still: bool,
    /// How the page looks.
    pub theme: Theme,
    /// Whether the first minute was taken or skipped on an earlier visit.
    pub knows: bool,
    /// Something in the address that was not understood, in words.
    pub problem: Option<String>,
    /// Whether single keys do something.
    pub keys: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            embed: false,
            only: None,
            still: false,
            theme: Theme::Auto,
            knows: false,
            keys: true,
            problem: None,
        }
    }
}

impl Settings {
    /// Whether the first minute is of use here: it speaks of both clouds.
    pub(super) fn is_for_beginners(&self) -> bool {
        !self.knows && !self.embed && self.only.is_none()
    }

    /// Reads the address: `get` gives the value of a query parameter. What is not understood
    /// becomes a problem to be shown, never a blank page.
    pub fn from_query(get: impl Fn(&str) -> Option<String>) -> Self {
        let mut settings = Self { embed: get("embed").is_some_and(|embed| embed != "0"), ..Self::default() };
        let Some(system) = get("system").filter(|system| system != "both") else { return settings };
        let names = systems::names();
        settings.only = names.iter().position(|name| *name == system);
        if settings.only.is_none() {
            settings.problem = Some(format!(
                "There is no system “{}”, so both are shown. The address may say system=both, system={}.",
                shortened(&system, LONGEST_SHOWN),
                names.join(", system=")
            ));
        }
        settings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_system_is_named_and_both_are_shown() {
        let settings = Settings::from_query(|name| (name == "system").then(|| "eucalyptus".to_owned()));
        assert_eq!(settings.only, None);
        assert!(settings.problem.is_some_and(|problem| problem.contains("no system “eucalyptus”")));
    }

    #[test]
    fn an_embed_shows_one_system() {
        let settings = Settings::from_query(|name| match name {
            "embed" => Some("1".to_owned()),
            "system" => systems::names().first().map(|&name| name.to_owned()),
            _ => None,
        });
        assert!(settings.embed && settings.problem.is_none());
    }
}
