//! The words of one state's edges, where the picture is so small that edges carry numbers: there is room for
//! these few, found by the chart alone, so that they stand the same on every screen.

use super::pose::Pose;
use super::track::{Point, Track, mix};
use crate::engine::order::in_order;

/// The height of a line of words, in chart units.
pub const LINE: f32 = 15.0;

/// Words that are longer are set in two lines.
const LONGEST: f32 = 82.0;

/// So far apart are the places on an edge where its words may stand.
const PACE: f32 = 3.0;

/// What is further left than this belongs to the names of the rows.
const MARGIN: f32 = 18.0;

/// The length of an arrow's head.
const HEAD: f32 = 8.0;

/// Words keep so much room around them, and twice that above and below where there are other words.
const AROUND: f32 = 1.0;

/// The words of an edge.
#[derive(Clone, PartialEq, Debug)]
pub struct Words {
    /// The edge, by its place in the chart.
    pub edge: usize,
    /// Their centre, in chart units.
    pub at: Point,
    /// Their lines and how wide each is drawn, in whatever font; or the edge's number, where there is no room.
    pub lines: Vec<(String, f32)>,
}

/// What is taken: left, top, right, bottom.
#[derive(Clone, Copy, Debug)]
struct Area(f32, f32, f32, f32);

impl Area {
    fn around((x, y): Point, (width, height): Point) -> Self {
        Self(x - width / 2.0, y - height / 2.0, x + width / 2.0, y + height / 2.0)
    }

    fn touches(self, other: Self) -> bool {
        self.0 < other.2 && other.0 < self.2 && self.1 < other.3 && other.1 < self.3
    }

    fn has(self, (x, y): Point) -> bool {
        self.0 < x && x < self.2 && self.1 < y && y < self.3
    }
}

/// The words of those of `edges` that leave or enter a state. On the way between two layouts they go along.
pub fn words(pose: Pose, edges: &[usize], state: usize) -> Vec<Words> {
    let own: Vec<usize> = edges.iter().copied().filter(|&edge| pose.chart.edges[edge].is_at(state)).collect();
    let place = |blend: f32| places(Pose { blend, ..pose }, &own, state);
    let places = match pose.blend {
        blend if blend <= 0.0 || blend >= 1.0 => place(blend),
        blend => place(0.0)
            .into_iter()
            .zip(place(1.0))
            .map(|(here, there)| Some(mix(here?, there?, blend)))
            .collect(),
    };
    let words = own.into_iter().zip(places).map(|(edge, place)| {
        let lines = if place.is_some() { lines(pose, edge) } else { vec![number(edge)] };
        Words { edge, at: place.unwrap_or_else(|| pose.number(edge)), lines }
    });
    words.collect()
}

/// An edge's label in one line, or in two that are about as long.
fn lines(pose: Pose, edge: usize) -> Vec<(String, f32)> {
    let label = pose.chart.edges[edge].label;
    let lines = |parts: &[&str]| parts.iter().map(|part| ((*part).to_owned(), width(part))).collect();
    let longer = |at: usize| label[..at].len().max(label[at..].len());
    let blank = label.match_indices(' ').map(|(at, _)| at).min_by_key(|&at| longer(at));
    match blank.filter(|_| width(label) > LONGEST) {
        Some(at) => lines(&[&label[..at], &label[at + 1..]]),
        None => lines(&[label]),
    }
}

fn number(edge: usize) -> (String, f32) {
    let number = (edge + 1).to_string();
    let width = width(&number);
    (number, width)
}

/// How wide words are drawn.
fn width(words: &str) -> f32 {
    let width = |letter| {
        if matches!(letter, 'f' | 'i' | 'j' | 'l' | 'r' | 't' | ' ' | ',' | '-') { 4.6 } else { 7.6 }
    };
    words.chars().map(width).sum()
}

/// Where the words of each of these edges stand in one layout, if there is room. What has least choice comes
/// first; an edge without room keeps its number, and then the others are placed anew around that.
fn places(pose: Pose, own: &[usize], state: usize) -> Vec<Option<Point>> {
    let tracks: Vec<Track> = own.iter().map(|&edge| Track::along(&pose.path(edge))).collect();
    let fixed = fixed(pose, state);
    let choices: Vec<Vec<Choice>> =
        own.iter().enumerate().map(|(at, &edge)| choices(pose, edge, (&tracks, at), &fixed)).collect();
    let order = in_order(0..own.len(), |&at| choices[at].len());
    let mut numbered: Vec<usize> = Vec::new();
    loop {
        let number = |&at: &usize| Area::around(pose.number(own[at]), (number(own[at]).1 + 2.0, LINE));
        let mut taken: Vec<Area> = numbered.iter().map(number).collect();
        let mut found = vec![None; own.len()];
        for &at in order.iter().filter(|at| !numbered.contains(at)) {
            let is_free = |choice: &&Choice| !taken.iter().any(|other| choice.area.touches(*other));
            if let Some(Choice { at: place, area, .. }) = choices[at].iter().find(is_free) {
                found[at] = Some(*place);
                taken.push(Area(area.0, area.1 - AROUND, area.2, area.3 + AROUND));
            }
        }
        match (0..own.len()).find(|at| found[*at].is_none() && !numbered.contains(at)) {
            Some(at) => numbered.push(at),
            None => return found,
        }
    }
}

/// What stands in the picture anyway: the states with their tokens, the mark of the chosen one, and where
/// images come from and go.
fn fixed(pose: Pose, chosen: usize) -> Vec<Area> {
    let (width, height) = pose.chart.node_size;
    let mut fixed: Vec<Area> = [pose.entry(), pose.exit()].map(|at| Area::around(at, (14.0, 14.0))).into();
    for (place, node) in pose.chart.nodes.iter().enumerate() {
        let (x, y) = pose.node(place);
        fixed.push(Area::around((x, y), (width + 1.0, height + 1.0)));
        fixed.push(Area::around((x, y + height / 2.0), (40.0, 26.0)));
        if node.state == chosen {
            fixed.push(Area::around((x, y - height / 2.0), (62.0, 18.0)));
        }
    }
    fixed
}

/// A place where an edge's words may stand.
#[derive(Clone, Copy)]
struct Choice {
    at: Point,
    area: Area,
    cost: f32,
}

/// The places where an edge's words are clear of what is fixed, the best first: on its line or at it, near
/// its middle, where they hide no arrow's head and cannot be taken for another edge's.
#[expect(clippy::cast_precision_loss, reason = "an edge has some hundred places")]
fn choices(pose: Pose, edge: usize, (tracks, at): (&[Track], usize), fixed: &[Area]) -> Vec<Choice> {
    let lines = lines(pose, edge);
    let width = lines.iter().map(|(_, width)| *width).fold(0.0, f32::max);
    let height = LINE * lines.len() as f32;
    let (right, bottom) = pose.size();
    let (own, length) = (&tracks[at], tracks[at].length());
    // Their middle is one of them.
    let steps = 2 * pieces(own, 2.0 * PACE);
    let mut choices: Vec<Choice> = Vec::new();
    for (step, side) in (1..steps).flat_map(|step| (0..9_u8).map(move |side| (step, side))) {
        let fraction = step as f32 / steps as f32;
        let (x, y) = own.at(fraction);
        // On the line, or with a side or a corner at it.
        let (aside, down) = (f32::from(side % 3) - 1.0, f32::from(side / 3) - 1.0);
        let at_place = (x + aside * (width / 2.0 + 3.0), y + down * (height / 2.0 + 2.0));
        let area = Area::around(at_place, (width + 2.0 * AROUND, height + 2.0 * AROUND));
        let is_inside = area.0 > MARGIN && area.1 > 0.0 && area.2 < right && area.3 < bottom;
        if !is_inside || fixed.iter().any(|other| area.touches(*other)) {
            continue;
        }
        let mut cost = (fraction - 0.5).abs() * length.min(160.0) * 0.4;
        if side != 4 {
            cost += 10.0;
        }
        for (other, track) in tracks.iter().enumerate() {
            if [track.at(1.0), track.at(1.0 - HEAD / track.length())].into_iter().any(|tip| area.has(tip)) {
                cost += 60.0;
            }
            let pieces = pieces(track, 2.0 * PACE);
            let mut points = (0..=pieces).map(|piece| track.at(piece as f32 / pieces as f32));
            if other != at && points.any(|point| area.has(point)) {
                cost += 30.0;
            }
        }
        choices.push(Choice { at: at_place, area, cost });
    }
    in_order(choices, |choice| choice.cost)
}

/// In how many pieces of about this length a track is looked at.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "no edge is longer than a chart")]
fn pieces(track: &Track, length: f32) -> usize {
    (track.length() / length) as usize + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::chart::Chart;
    use crate::systems::{glance, opennebula};

    const CHARTS: [&Chart; 2] = [&opennebula::CHART, &glance::CHART];

    /// The words of the edges of every state, in one layout.
    fn all(chart: &'static Chart, blend: f32) -> Vec<(usize, Vec<Words>)> {
        let edges: Vec<usize> = (0..chart.edges.len()).collect();
        let states = chart.nodes.iter().map(|node| node.state);
        states.map(|state| (state, words(Pose { chart, blend }, &edges, state))).collect()
    }

    fn area(words: &Words) -> Area {
        let width = words.lines.iter().map(|(_, width)| *width).fold(0.0, f32::max);
        Area::around(words.at, (width, LINE * f32::from(u8::try_from(words.lines.len()).expect("two lines"))))
    }

    #[test]
    fn words_stand_clear_of_states_of_tokens_and_of_each_other() {
        for (chart, blend) in CHARTS.into_iter().flat_map(|chart| [(chart, 0.0), (chart, 1.0)]) {
            for (state, words) in all(chart, blend) {
                let fixed = fixed(Pose { chart, blend }, state);
                for (at, one) in words.iter().enumerate() {
                    let is_number = one.lines[0].0.starts_with(|first: char| first.is_ascii_digit());
                    assert!(is_number || fixed.iter().all(|other| !area(one).touches(*other)), "{one:?}");
                    assert!(words[at + 1..].iter().all(|other| !area(one).touches(area(other))), "{one:?}");
                }
            }
        }
    }

    #[test]
    fn every_edge_has_its_words_as_documented_and_few_keep_their_number_where_phases_are_rows() {
        let numbered = |blend: f32| {
            let words = CHARTS.into_iter().flat_map(|chart| all(chart, blend)).flat_map(|(_, words)| words);
            words.filter(|words| words.lines[0].0 == (words.edge + 1).to_string()).count()
        };
        assert_eq!((numbered(0.0), numbered(1.0)), (0, 3));
    }
}
