//! What the real service did: recorded steps as actions, and our world in the recordings' terms.

use miniserde::json::{Array, Number, Object, Value};

use crate::engine::log::Log;
use crate::engine::recording::{Adoption, Objects, Recorded, Step, compare_answer, compare_worlds};
use crate::engine::{Refusal, Reply, State, System, Turn};

use super::action::{Action, Ask, Chance};
use super::ids::IdStyle;
use super::image::{Image, LocationState};
use super::persona::Persona;
use super::steps::{actor, asks, handed_out};
use super::task::{Task, Work};
use super::{Glance, World};

impl Recorded for Glance {
    const CODE_FIELD: &'static str = "http";
    const ACTOR_FIELD: &'static str = "as";
    const EXAMPLE: &'static str = "50_delayed.jsonl";

    /// A step leaves open what chance did: when the background worker ran, which numbers the
    /// database handed out, what an unnamed file held. The recording is one of the service's
    /// possible ways, so the first way of ours that agrees is taken, and the plain one if none does.
    fn action(world: &World, step: &Step) -> Result<Option<Action>, String> {
        let Some(asks) = asks(world, step)? else { return Ok(None) };
        let by = actor(step)?;
        let numbers = handed_out(world, step);
        let mut ways = Vec::new();
        for ask in asks {
            ways.push(Action { by, before: numbers.clone(), ask, after: 0 });
        }
        if let Some(at) = ways.iter().position(|action| agrees(world, action, step)) {
            return Ok(Some(ways.swap_remove(at)));
        }
        let open = world.tasks.iter().filter(|task| !task.status.is_final()).count();
        let started = usize::from(matches!(step.code, None | Some(Some(202))));
        let most = (open + started).min(2) * STEPS_OF_A_TASK;
        for at in 0..ways.len() {
            let action = &mut ways[at];
            if let Some((before, after)) = worker_steps(world, action, step, most) {
                action.before.extend(std::iter::repeat_n(Chance::Worker, before));
                action.after = after;
                return Ok(Some(ways.swap_remove(at)));
            }
        }
        let open = |task: &Task| task.work == Work::Unknown && !task.status.is_final();
        if matches!(step.op.as_str(), "wait" | "poll") && world.tasks.iter().any(open) {
            return Ok(Some(Self::adopt(Adoption::between(&expected(world, step), &Self::observe(world)))));
        }
        let mut ways = ways.into_iter();
        let Some(mut first) = ways.next() else { return Ok(None) };
        if step.op == "scrubber.run" {
            first.before.push(Chance::Seconds(SLOW_SCRUBBER));
            if !agrees(world, &first, step) {
                first.before.pop();
            }
        }
        Ok(Some(first))
    }

    fn observe(world: &World) -> Objects {
        let ids = world.settings.ids;
        let mut objects = Objects::new();
        for (id, image) in world.images.iter() {
            objects.insert(("images".to_owned(), IdStyle::Short.image(id)), observe_image(world, image));
        }
        for task in world.tasks.iter() {
            objects.insert(("tasks".to_owned(), ids.task(task.id)), observe_task(task));
        }
        objects
    }

    fn adopt(adoption: Adoption) -> Action {
        Action::new(Persona::Owner, Ask::Adopt(adoption))
    }

    fn recorded_code(answer: &Result<Reply, Refusal>) -> Option<i64> {
        let code = answer.as_ref().map_or_else(|refusal| refusal.code, |reply| reply.code);
        (code != 0).then_some(i64::from(code))
    }
}

/// How many seconds more a slow start of the scrubber may take.
const SLOW_SCRUBBER: u32 = 6;

/// How many steps the worker makes on one task.
const STEPS_OF_A_TASK: usize = 5;

/// How often the worker ran before and after the answer, if that explains what `step` recorded.
fn worker_steps(world: &World, action: &mut Action, step: &Step, most: usize) -> Option<(usize, u8)> {
    let plain = action.before.len();
    for steps in 1..=most {
        for before in 0..=steps {
            action.before.extend(std::iter::repeat_n(Chance::Worker, before));
            action.after = u8::try_from(steps - before).unwrap_or(u8::MAX);
            let explains = agrees(world, action, step);
            action.before.truncate(plain);
            let after = std::mem::take(&mut action.after);
            if explains {
                return Some((before, after));
            }
        }
    }
    None
}

/// Whether `action` leads to exactly what `step` recorded.
fn agrees(world: &World, action: &Action, step: &Step) -> bool {
    let mut after = world.clone();
    let answer = Glance::decide(
        &mut Turn::new(&mut after, crate::engine::SimTime::START, &mut Log::default()),
        action,
    );
    if !compare_answer::<Glance>(step, &answer).is_empty() {
        return false;
    }
    compare_worlds(&expected(world, step), &Glance::observe(&after)).is_empty()
}

/// Our world with what `step` changed.
fn expected(world: &World, step: &Step) -> Objects {
    let mut expected = Glance::observe(world);
    expected.extend(step.changed.iter().map(|(key, object)| (key.clone(), object.clone())));
    expected.retain(|key, _| !step.gone.contains(key));
    expected
}

fn string(text: &str) -> Value {
    Value::String(text.to_owned())
}

fn optional(text: Option<&str>) -> Value {
    text.map_or(Value::Null, string)
}

/// `null` where the recordings leave an empty field out.
fn unless_empty(object: Object) -> Value {
    if object.is_empty() { Value::Null } else { Value::Object(object) }
}

fn observe_image(world: &World, image: &Image) -> Object {
    let visible = if image.deleted { 0 } else { image.live_count() };
    let state = |state: LocationState| string(state.name());
    let states: Array = image.locations.iter().map(|location| state(location.state)).collect();
    let tags: Array = image.tags.iter().map(|tag| string(tag)).collect();
    let mut members = Object::new();
    for (project, status) in &image.members {
        members.insert(project.to_string(), string(status.name()));
    }
    let mut properties = Object::new();
    for (name, value) in &image.properties {
        properties.insert(name.to_string(), string(value));
    }
    if let Some(task) = image.lock {
        properties.insert("os_glance_import_task".to_owned(), Value::String(world.settings.ids.task(task)));
    }
    let number = |number: u64| Value::Number(Number::U64(number));
    let mut object = Object::new();
    let mut put = |name: &str, value: Value| drop(object.insert(name.to_owned(), value));
    put("name", optional(image.name.as_deref()));
    put("status", string(image.status.name()));
    put("size", image.size.map_or(Value::Null, number));
    put("visibility", string(image.visibility.name()));
    put("protected", Value::Bool(image.protected));
    put("locations", number(visible as u64));
    put("location_states", Value::Array(states));
    put("disk_format", optional(image.disk_format));
    put("container_format", optional(image.container_format));
    put("owner", optional(image.owner.as_deref()));
    put("tags", if tags.is_empty() { Value::Null } else { Value::Array(tags) });
    put("members", unless_empty(members));
    put("props", unless_empty(properties));
    put("os_hidden", if image.hidden { Value::Bool(true) } else { Value::Null });
    put("deleted", Value::Bool(image.deleted));
    object
}

fn observe_task(task: &Task) -> Object {
    fields_of(vec![
        ("type", string(task.kind)),
        ("status", string(task.status.name())),
        ("message", string(&task.message)),
        ("owner", string(&task.owner)),
    ])
}

/// An object with these fields. Collecting them would bring a sort into the page for it.
pub(super) fn fields_of(fields: Vec<(&str, Value)>) -> Object {
    let mut object = Object::new();
    for (name, value) in fields {
        object.insert(name.to_owned(), value);
    }
    object
}
