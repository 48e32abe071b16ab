//! What is told about a state besides its place in the drawing: who may, by which command, and
//! where all this stands.

/// Where a sentence comes from: a file and a function of the real system, or an official page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Source {
    /// The address below which the file or the page lies, with a slash at its end.
    pub root: &'static str,
    /// The file, then a comma and the function; or the page.
    pub place: &'static str,
}

impl Source {
    /// The address of the file or the page.
    pub fn address(&self) -> String {
        let (file, _) = self.place.split_once(',').unwrap_or((self.place, ""));
        [self.root, file].concat()
    }
}

/// What is told about a state.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Card {
    /// The number by which the real system keeps it, if it has one.
    pub number: Option<u8>,
    /// Who may bring an image here or use it here.
    pub who: &'static str,
    /// The real command that leads here; empty when none does.
    pub command: &'static str,
    /// Where the rule stands.
    pub source: Source,
}
