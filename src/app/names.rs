//! The name that the next image gets.

use super::App;
use crate::engine::journal::Position;

/// Which worlds are shown: after how many entries, at which place, and whether of a recording.
pub(super) type Worlds = (usize, Position, bool);

impl App {
    /// The name that the next image gets: what was typed, else the first of `image-1`, `image-2` …
    /// that no cloud has.
    pub fn next_name(&self) -> String {
        if !self.name.is_empty() {
            return self.name.clone();
        }
        let journal = self.session().journal();
        let worlds: Worlds = (journal.entries().len(), journal.head(), self.playback.is_some());
        let known = self.free_name.take().filter(|(known, _)| *known == worlds);
        let name = known.map_or_else(|| self.free_name(), |(_, name)| name);
        self.free_name.set(Some((worlds, name.clone())));
        name
    }

    /// The first of `image-1`, `image-2` … that no cloud has.
    fn free_name(&self) -> String {
        let mut taken = vec![true];
        for cloud in self.session().clouds() {
            taken.resize(taken.len().max(cloud.image_count() + 1), false);
            cloud.each_image(&mut |_, _, name| {
                let number = name.strip_prefix("image-").and_then(|number| number.parse().ok());
                if let Some(taken) = number.and_then(|number: usize| taken.get_mut(number)) {
                    *taken = true;
                }
            });
        }
        let free = taken.iter().position(|taken| !taken).unwrap_or(taken.len());
        format!("image-{free}")
    }
}
