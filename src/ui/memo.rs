//! A part of the page that is drawn again only when something happened, not for every frame.

use yew::prelude::*;

/// What a part of the page needs.
#[derive(Clone, Properties)]
pub(super) struct MemoProps {
    /// Changes whenever the part would show something else than before: with the app's revision, or with
    /// the second that the clock shows.
    pub(super) revision: (u32, u64),
    /// Draws the part.
    pub(super) draw: Callback<(), Html>,
}

impl PartialEq for MemoProps {
    fn eq(&self, other: &Self) -> bool {
        self.revision == other.revision
    }
}

/// A part of the page.
pub(super) struct Memo;

impl Component for Memo {
    type Message = ();
    type Properties = MemoProps;

    fn create(_: &Context<Self>) -> Self {
        Self
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        ctx.props().draw.emit(())
    }
}
