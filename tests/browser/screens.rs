//! Every theme and every screen of the page, in one place: for pictures, for axe-core, for measurements.

use super::visitor::Visitor;

/// A look of the page.
pub(crate) struct Theme {
    /// Its name, in pictures' names.
    pub(crate) name: &'static str,
    /// What a person who sees it prefers.
    preferences: &'static [(&'static str, &'static str)],
    /// What the address asks for.
    query: &'static str,
}

/// Every look of the page.
pub(crate) const THEMES: [Theme; 3] = [
    Theme { name: "light", preferences: &[("prefers-color-scheme", "light")], query: "" },
    Theme { name: "dark", preferences: &[("prefers-color-scheme", "dark")], query: "" },
    Theme { name: "projector", preferences: &[("prefers-color-scheme", "light")], query: "theme=projector" },
];

/// Something that the page can show.
pub(crate) struct Screen {
    /// Its name, in pictures' names.
    pub(crate) name: &'static str,
    /// What follows the page's address.
    query: &'static str,
    /// How to get there once the page has started.
    prepare: fn(&Visitor),
}

/// Every screen of the page, in the order in which a visitor may meet them.
pub(crate) const SCREENS: [Screen; 13] = [
    Screen { name: "opening", query: "", prepare: |_| {} },
    Screen { name: "work", query: "", prepare: start_work },
    Screen { name: "moving", query: "", prepare: stop_mid_way },
    Screen { name: "refusal", query: "", prepare: be_refused },
    Screen { name: "pool", query: "", prepare: fill_pool },
    Screen { name: "aligned", query: "", prepare: align },
    Screen { name: "state", query: "", prepare: choose_state },
    Screen { name: "way", query: "", prepare: find_way },
    Screen { name: "beside", query: "", prepare: stand_beside },
    Screen { name: "recording", query: "", prepare: open_recording },
    Screen { name: "notice", query: "?system=nova", prepare: |_| {} },
    Screen { name: "embed", query: "?embed=1&system=glance", prepare: |_| {} },
    Screen { name: "correspondences", query: "correspondences.html", prepare: |_| {} },
];

impl Screen {
    /// Shows this screen of the page at `origin` in a theme, as a person without a session of their own.
    pub(crate) fn show(&self, visitor: &Visitor, origin: &str, theme: &Theme) {
        visitor.prefer(theme.preferences);
        visitor.open(origin);
        visitor.run("localStorage.clear()");
        let joint = if self.query.contains('?') { "&" } else { "?" };
        visitor.open(&format!("{origin}/{}{joint}{}", self.query, theme.query));
        visitor.wait_until_started();
        (self.prepare)(visitor);
    }
}

fn start_work(visitor: &Visitor) {
    visitor.click_text(".verbs button", "Create in both");
    visitor.wait_for(".token__ring");
}

/// Time passes at a tenth, so that whoever looks finds the images between two states.
fn stop_mid_way(visitor: &Visitor) {
    visitor.run(
        "const speed = document.querySelector('[aria-label=Speed]'); speed.value = '0.1×'; \
         speed.dispatchEvent(new Event('change', { bubbles: true }))",
    );
    visitor.click_text(".verbs button", "Withhold");
    visitor.wait_for(".token.is-moving");
    visitor.run("return new Promise(done => setTimeout(done, 3000))");
}

/// So many images that their list has a filter, and a filter that some of them pass.
pub(crate) fn fill_pool(visitor: &Visitor) {
    for _ in 0..13 {
        visitor.click_text(".verbs button", "only in OpenNebula");
    }
    visitor.run("document.querySelector('.list__filter').focus()");
    visitor.press("locked");
    visitor.wait_for_text(".list__tools", "13 of 14");
}

fn be_refused(visitor: &Visitor) {
    visitor.click_text(".verbs button", "only in OpenNebula");
    visitor.wait_for(".token__ring");
    visitor.click_text(".verbs button", "Clone");
    visitor.wait_for(".said--refusal");
}

fn open_recording(visitor: &Visitor) {
    visitor.click(".masthead .menu summary");
    visitor.click_text(".recording button", "A recording of a real OpenNebula");
    visitor.wait_for_text(".recording", "our rules answer every step as the real system did");
    for _ in 0..4 {
        visitor.click("[aria-label='One step forward']");
    }
}

fn align(visitor: &Visitor) {
    visitor.click_text(".look button", "Phases aligned");
    visitor.wait("the rows of the phases", || visitor.count(".row") > 0);
    visitor.run("return new Promise(done => setTimeout(done, 1000))");
}

fn choose_state(visitor: &Visitor) {
    visitor.click(".node[data-state='DISABLED'] text");
    visitor.wait_for(".node.is-near");
}

fn find_way(visitor: &Visitor) {
    visitor.run(
        "const list = document.querySelector('.offering select'); \
         list.selectedIndex = [...list.options].findIndex(option => option.text === 'CLONE'); \
         list.dispatchEvent(new Event('change', { bubbles: true }))",
    );
    visitor.wait_for_text(".way", "Yes, in 2 steps");
}

fn stand_beside(visitor: &Visitor) {
    find_way(visitor);
    visitor.click_text(".way button", "Show it");
    visitor.wait_for_text(".transport__said", "The way that was asked for ends here.");
    visitor.click_text(".tree button", "Beside");
    visitor.wait_for_text(".beside__differences", "CLONE in “");
}
