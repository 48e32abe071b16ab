//! The scene that the page opens with: one image's whole life, ready to be played in both clouds.

use super::{PACE, Rules};
use crate::engine::host::Cloud;
use crate::engine::present::Verb;
use crate::engine::session::Session;
use crate::engine::{ImageId, MachineId, SimTime, film};
use crate::systems;

/// How long the opening rests between two chapters of the life.
const REST: SimTime = SimTime(6_000);

/// A session whose journal holds a whole life in every cloud. It stands where both images are
/// available, so that the past can be seen by stepping back and the future by playing on.
pub(super) fn session(rules: Rules) -> Session {
    let mut session = Session::new(rules.clouds(PACE));
    chapter(&mut session, |_| Some(Verb::Create { name: "ubuntu", persistent: false }));
    let standing = session.journal().depth();
    chapter(&mut session, |cloud| image(cloud).map(Verb::Use));
    chapter(&mut session, |cloud| machine(cloud).map(Verb::Terminate));
    chapter(&mut session, |cloud| image(cloud).map(Verb::Withhold));
    chapter(&mut session, |cloud| image(cloud).map(Verb::Release));
    chapter(&mut session, |cloud| image(cloud).map(Verb::Delete));
    session.rename_branch(0, "one image’s life");
    session.seek(standing);
    session
}

/// The same session on film, for as long as the rules are not here.
pub(super) fn filmed() -> Session {
    film::show(systems::PROFILES, include_str!("opening.film")).unwrap_or_else(|_| Session::new(Vec::new()))
}

/// The film of the opening, as `src/app/opening.film` holds it; `tests/film.rs` sees to that.
#[cfg(not(target_arch = "wasm32"))]
pub fn film(rules: Rules) -> String {
    film::shoot(&mut session(rules), "image-1")
}

/// Does what `verb` says in every cloud that has such a thing, and lets its work end.
fn chapter(session: &mut Session, verb: impl Fn(&dyn Cloud) -> Option<Verb<'static>>) {
    for system in 0..session.clouds().len() {
        let cloud = session.cloud(system);
        if let Some(Ok(line)) = verb(cloud).map(|verb| cloud.verb(verb)) {
            let performed = session.perform(system, &line);
            debug_assert!(performed.is_ok(), "the line of a verb is an action: {line}");
        }
    }
    session.advance(session.now() + REST);
}

fn image(cloud: &dyn Cloud) -> Option<ImageId> {
    cloud.images(0, 1).first().map(|row| row.id)
}

fn machine(cloud: &dyn Cloud) -> Option<MachineId> {
    cloud.machines().first().map(|row| row.id)
}
