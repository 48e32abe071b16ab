//! Choosing an image, in a list or at its token.

use super::stage::Stage;
use super::{App, Cause, Effect};
use crate::engine::ImageId;
use crate::engine::host::Cloud;

impl App {
    /// Chooses an image, and in the other clouds the one of the same name: what is asked of both is then about
    /// the same thing.
    pub(super) fn choose_image(&mut self, system: usize, image: ImageId) {
        let name = self.session().cloud(system).image(image).map(|row| row.name);
        for other in 0..self.stages.len() {
            let twin = |cloud: &dyn Cloud| name.as_ref().and_then(|name| image_named(cloud, name));
            self.on_stage(other, |stage, cloud| {
                if let Some(image) = if other == system { Some(image) } else { twin(cloud) } {
                    stage.choose(cloud, image);
                }
            });
        }
    }

    /// Goes so many rows down in the list, and chooses the image there.
    pub(super) fn move_in_list(&mut self, system: usize, rows: isize) -> Option<Effect> {
        let (image, effect) = self.stages.get(system)?.row(system, rows)?;
        self.choose_image(system, image);
        Some(effect)
    }

    /// Shows a new image in its list; and where the chosen images stand to which something was just done.
    pub(super) fn show_news(&mut self) -> Vec<Effect> {
        let new = self.stages.iter_mut().enumerate().filter_map(|(system, stage)| {
            let (image, effect) = std::mem::take(&mut stage.appeared).then(|| stage.row(system, 0))??;
            (Some(image) == stage.chosen).then_some(effect)
        });
        let mut effects: Vec<Effect> = new.collect();
        if let Some((systems, cause)) = self.news.take() {
            let state = |system: usize| {
                let cloud = self.session().cloud(system);
                let row = cloud.image(self.stages[system].chosen?)?;
                Some((system, cloud.states()[row.state]))
            };
            effects.push(self.see(systems.into_iter().filter_map(state).collect(), cause));
        }
        effects
    }

    /// Asks for states to be seen.
    pub(super) fn see(&self, states: Vec<(usize, &'static str)>, cause: Cause) -> Effect {
        Effect::Show { states, cause, still: self.settings.still }
    }

    /// Chooses the image of a token and opens the card at it, or closes the card where it is open.
    pub(super) fn open_card(&mut self, system: usize, image: ImageId) {
        self.token_card = (self.token_card != Some((system, image))).then_some((system, image));
        self.choose_image(system, image);
    }
}

impl Stage {
    /// The image so many rows below the chosen one, and how its row is shown.
    fn row(&self, system: usize, rows: isize) -> Option<(ImageId, Effect)> {
        let (row, image) = self.list.step(self.chosen, rows)?;
        Some((image, Effect::ShowRow { system, row, of: self.list.len() }))
    }
}

/// The image of this name, if there is one and no other.
fn image_named(cloud: &dyn Cloud, name: &str) -> Option<ImageId> {
    let mut named = Vec::new();
    cloud.each_image(&mut |image, _, own| {
        if own == name {
            named.push(image);
        }
    });
    let [image] = named[..] else { return None };
    Some(image)
}
