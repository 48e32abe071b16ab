//! Sessions as text, as an earlier visit would have kept them.

use lab::engine::host::Cloud;
use lab::engine::present::Verb;
use lab::engine::session::Session;
use lab::engine::{ImageId, SimTime};
use lab::systems;

/// How long a copy takes: as in the page.
const PACE: SimTime = SimTime(4_000);

/// Half of `count` images in each cloud, whose copies all end at the same moment; it stands before that.
pub(super) fn about_to_end(count: usize) -> String {
    let mut session = Session::new(systems::clouds(PACE));
    let clouds = session.clouds().len();
    for number in 0..count {
        create(&mut session, number % clouds, number);
    }
    session.advance(PACE);
    session.seek(count);
    session.to_text()
}

/// So many images of the first cloud, their copies ended; each seventh is withheld.
pub(super) fn pool(count: usize) -> String {
    let mut session = Session::new(systems::clouds(PACE));
    (0..count).for_each(|number| create(&mut session, 0, number));
    session.advance(PACE);
    let images = session.cloud(0).images(0, count);
    for image in images.iter().step_by(7) {
        let line = session.cloud(0).verb(Verb::Withhold(image.id)).expect("images can be withheld");
        session.perform(0, &line).expect("the line of a verb is an action");
    }
    session.to_text()
}

/// So many steps: an image of the first cloud, whose lines are the shorter ones, is withheld and released
/// again and again. A browser keeps five million characters, so there cannot be many more steps.
pub(super) fn long(steps: usize) -> String {
    let mut session = Session::new(systems::clouds(PACE));
    (0..session.clouds().len()).for_each(|system| create(&mut session, system, 0));
    session.advance(PACE);
    let mut text = session.to_text();
    text.truncate(text.find("branch ").expect("a journal names its branches"));
    let lines = there_and_back(session.cloud(0));
    for step in session.journal().entries().len()..steps {
        let moment = PACE.0 + step as u64 * 100;
        text = text + &moment.to_string() + " " + &lines[step % lines.len()] + "\n";
    }
    text + &format!("branch {steps} main\nat 0 {steps}\n")
}

fn there_and_back(cloud: &dyn Cloud) -> [String; 2] {
    let image = cloud.images(0, 1).first().map_or(ImageId(0), |row| row.id);
    [Verb::Withhold(image), Verb::Release(image)].map(|verb| {
        let line = cloud.verb(verb).expect("images can be withheld and released");
        format!("{} {line}", cloud.name())
    })
}

fn create(session: &mut Session, system: usize, number: usize) {
    let name = format!("image-{number}");
    let verb = Verb::Create { name: &name, persistent: false };
    let line = session.cloud(system).verb(verb).expect("every cloud creates images");
    session.perform(system, &line).expect("the line of a verb is an action");
}
