//! Makes a film of a session: only natively, where the rules are at hand.

use super::super::chart::End;
use super::super::host::{Cloud, Move};
use super::super::present::{ImageRow, MachineRow, Offer, Verb};
use super::super::session::Session;
use super::super::{ImageId, Refusal, Reply, SimTime, Value};
use super::named;

/// Films the current branch of `session`, which must have no other. The verbs that make an image are
/// filmed with the name `new`, which the page proposes. The session stands afterwards where it stood.
pub fn shoot(session: &mut Session, new: &str) -> String {
    let stands = session.journal().depth();
    let mut film = Film::default();
    let text = session.to_text();
    film.many(&text.lines().collect::<Vec<_>>(), |film, line| film.field(&line));
    for system in 0..session.clouds().len() {
        shoot_cloud(&mut film, session, system, new);
    }
    session.seek(stands);
    film.0
}

fn shoot_cloud(film: &mut Film, session: &mut Session, system: usize, new: &str) {
    let journal = session.journal();
    let entries =
        journal.trunk().iter().enumerate().filter_map(|(depth, at)| Some((depth, *journal.entry(*at)?)));
    let own: Vec<(usize, u32)> = entries
        .filter(|(_, entry)| entry.system == system)
        .map(|(depth, entry)| (depth, entry.record))
        .collect();
    film.many(&own, |film, (_, record)| film.take(session.cloud(system), *record));
    film.field(&(own.len() + 1));
    for depth in std::iter::once(0).chain(own.into_iter().map(|(depth, _)| depth)) {
        session.seek(depth);
        film.frame(session.cloud(system), session.now(), new);
    }
}

/// The fields of a film.
#[derive(Default)]
struct Film(String);

impl Film {
    /// Writes one field. A field is one line, so breaks in it become spaces.
    fn field<T: ToString + ?Sized>(&mut self, field: &T) {
        self.0.push_str(&field.to_string().replace('\n', " "));
        self.0.push('\n');
    }

    fn many<T>(&mut self, all: &[T], write: impl Fn(&mut Self, &T)) {
        self.field(&all.len());
        for one in all {
            write(self, one);
        }
    }

    fn outcome(&mut self, outcome: &Result<Reply, Refusal>) {
        match outcome {
            Err(refusal) => {
                self.field(&refusal.code);
                self.field(&1);
                self.field(refusal);
                self.field(&refusal.hint);
            }
            Ok(Reply { code, value }) => {
                self.field(&code);
                self.field(&0);
                self.value(value);
            }
        }
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::None => self.field(&"none"),
            Value::Number(number) => {
                self.field(&"number");
                self.field(&number);
            }
            Value::Text(text) => {
                self.field(&"text");
                self.field(&text);
            }
        }
    }

    fn step(&mut self, step: &Move) {
        self.field(&step.image);
        for end in [step.from, step.to] {
            let state = match end {
                End::State(state) => vec![state],
                End::Outside => Vec::new(),
            };
            self.many(&state, |film, state| film.field(&state));
        }
    }

    fn take(&mut self, cloud: &dyn Cloud, record: u32) {
        self.field(&cloud.line(record));
        self.outcome(cloud.outcome(record));
        self.many(&cloud.moves(record), Self::step);
        self.many(&cloud.narrate(record), |film, sentence| film.field(&sentence));
    }

    fn row(&mut self, row: &ImageRow) {
        self.field(&row.id);
        self.field(&row.name);
        self.field(&row.state);
        self.many(&row.cells, |film, cell| film.field(&cell));
        self.many(&row.machines, |film, machine| film.field(&machine));
    }

    fn machine(&mut self, row: &MachineRow) {
        self.field(&row.id);
        self.field(&row.name);
        self.field(&row.state);
        self.field(&u8::from(row.waiting));
        self.many(&row.disks, |film, (disk, image)| {
            film.field(&disk);
            film.field(&image);
        });
        self.many(&row.offers, Self::offer);
    }

    fn offer(&mut self, offer: &Offer) {
        self.field(&offer.line);
        self.field(&offer.label);
        self.field(&(offer.purpose as u8));
    }

    fn offers(&mut self, cloud: &dyn Cloud, image: Option<ImageId>) {
        self.many(image.as_slice(), |film, image| film.field(&image));
        self.many(&cloud.offers(image), Self::offer);
    }

    fn frame(&mut self, cloud: &dyn Cloud, now: SimTime, new: &str) {
        let rows = cloud.images(0, usize::MAX);
        let machines = cloud.machines();
        self.many(&cloud.modes(), |film, mode| {
            film.field(mode.label);
            film.field(mode.meaning);
            film.field(&u8::from(mode.on));
            film.field(mode.line);
        });
        self.many(&rows, Self::row);
        self.many(&rows, |film, row| {
            film.field(&row.id);
            film.many(&cloud.details(row.id), |film, (label, value)| {
                film.field(&label);
                film.field(&value);
            });
        });
        self.many(&machines, Self::machine);
        self.many(&cloud.jobs(&|_| true), |film, job| {
            film.many(job.image.as_slice(), |film, image| film.field(&image));
            film.field(&job.label);
            film.field(&job.started.0);
            film.many(job.due.as_slice(), |film, due| film.field(&due.0));
            film.many(&job.endings, Self::offer);
        });
        let images: Vec<Option<ImageId>> =
            std::iter::once(None).chain(rows.iter().map(|row| Some(row.id))).collect();
        self.many(&images, |film, image| film.offers(cloud, *image));
        let verbs = verbs(&rows, &machines, new);
        self.many(&verbs, |film, verb| film.verb(cloud, *verb));
        let mut lines: Vec<String> =
            images.iter().flat_map(|image| cloud.offers(*image)).map(|offer| offer.line).collect();
        lines.extend(verbs.iter().filter_map(|verb| cloud.verb(*verb).ok()));
        self.many(&lines, |film, line| film.preview(cloud, line, now));
    }

    fn verb(&mut self, cloud: &dyn Cloud, verb: Verb<'_>) {
        self.field(&named(verb));
        match cloud.verb(verb) {
            Ok(line) => self.many(&[line], |film, line| film.field(&line)),
            Err(sentence) => {
                self.field(&0);
                self.field(&sentence);
            }
        }
    }

    fn preview(&mut self, cloud: &dyn Cloud, line: &str, now: SimTime) {
        self.field(&line);
        if let Ok(preview) = cloud.preview(line, now) {
            self.outcome(&preview.outcome);
            self.many(&preview.moves, Self::step);
            self.field(&u8::from(preview.is_told));
        }
    }
}

/// Everything that could be wanted of these images and machines.
fn verbs<'a>(rows: &[ImageRow], machines: &[MachineRow], new: &'a str) -> Vec<Verb<'a>> {
    let create = [false, true].map(|persistent| Verb::Create { name: new, persistent });
    let of_image = |id: ImageId| {
        let attach = machines.iter().map(move |machine| Verb::Attach(id, machine.id));
        let rest = [
            Verb::Use(id),
            Verb::Clone(id, new),
            Verb::Withhold(id),
            Verb::Release(id),
            Verb::Delete(id),
            Verb::FinishTransfer(id),
            Verb::FailTransfer(id),
        ];
        rest.into_iter().chain(attach)
    };
    create.into_iter().chain(rows.iter().flat_map(|row| of_image(row.id))).collect()
}
