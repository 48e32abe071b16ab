//! Edges as lines: path text for the page, and a table of points by length for what travels on them.
//!
//! The table is our own because the browsers' path functions disagree by a quarter of a pixel.

use std::fmt::Write as _;

/// A point in chart units.
pub(super) type Point = (f32, f32);

/// Straight pieces that stand for one cubic segment.
const PIECES: u8 = 24;

/// A line that can be walked by length.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Track {
    points: Vec<Point>,
    /// The length of the way from the first point to each point.
    lengths: Vec<f32>,
}

impl Track {
    /// The track along `path`: the first point, then three control points for each cubic segment.
    pub fn along(path: &[Point]) -> Self {
        let mut track = Self::default();
        let Some((&start, rest)) = path.split_first() else { return track };
        track.go_to(start);
        let mut from = start;
        for segment in rest.chunks_exact(3) {
            for piece in 1..=PIECES {
                track.go_to(cubic(from, segment, f32::from(piece) / f32::from(PIECES)));
            }
            from = segment[2];
        }
        track
    }

    /// Goes on straight to `point`.
    pub fn go_to(&mut self, point: Point) {
        let length = match (self.points.last(), self.lengths.last()) {
            (Some(&last), Some(&length)) => length + distance(last, point),
            _ => 0.0,
        };
        self.points.push(point);
        self.lengths.push(length);
    }

    /// Goes on along `other`, straight from here to its first point.
    pub fn go_along(&mut self, other: &Self) {
        other.points.iter().for_each(|&point| self.go_to(point));
    }

    /// The whole length in chart units.
    pub fn length(&self) -> f32 {
        self.lengths.last().copied().unwrap_or_default()
    }

    /// The point of the line, of those it is made of, that is nearest to `place`.
    pub(super) fn nearest(&self, place: Point) -> Point {
        let nearer = |a: Point, b: Point| if distance(b, place) < distance(a, place) { b } else { a };
        self.points.iter().copied().reduce(nearer).unwrap_or(place)
    }

    /// The point at `fraction` of the length, from 0 to 1.
    pub fn at(&self, fraction: f32) -> Point {
        let wanted = self.length() * fraction.clamp(0.0, 1.0);
        let next = self.lengths.partition_point(|&length| length < wanted);
        let (Some(&to), Some(&end)) = (self.points.get(next), self.lengths.get(next)) else {
            return self.points.last().copied().unwrap_or_default();
        };
        let Some(before) = next.checked_sub(1) else { return to };
        let (from, start) = (self.points[before], self.lengths[before]);
        mix(from, to, (wanted - start) / (end - start))
    }
}

/// The point between `from` and `to`.
pub(super) fn mix(from: Point, to: Point, fraction: f32) -> Point {
    (from.0 + (to.0 - from.0) * fraction, from.1 + (to.1 - from.1) * fraction)
}

pub(super) fn distance(a: Point, b: Point) -> f32 {
    (a.0 - b.0).hypot(a.1 - b.1)
}

fn cubic(from: Point, segment: &[Point], t: f32) -> Point {
    let a = mix(from, segment[0], t);
    let b = mix(segment[0], segment[1], t);
    let c = mix(segment[1], segment[2], t);
    mix(mix(a, b, t), mix(b, c, t), t)
}

/// A path as SVG path data.
pub fn path_data(path: &[Point]) -> String {
    let mut data = String::new();
    for (index, (x, y)) in path.iter().enumerate() {
        let letter = match index {
            0 => "M",
            1 => "C",
            _ => " ",
        };
        let _ = write!(data, "{letter}{} {}", hundredths(*x), hundredths(*y));
    }
    data
}

/// The head of an arrow at the end of a path, as SVG path data.
pub fn arrow_head(path: &[Point]) -> String {
    const LENGTH: f32 = 8.0;
    const HALF_WIDTH: f32 = 3.5;
    let [.., before, tip] = path else { return String::new() };
    let distance = distance(*before, *tip).max(f32::EPSILON);
    let (dx, dy) = ((tip.0 - before.0) / distance, (tip.1 - before.1) / distance);
    let base = (tip.0 - dx * LENGTH, tip.1 - dy * LENGTH);
    let (left, right) = (
        (base.0 - dy * HALF_WIDTH, base.1 + dx * HALF_WIDTH),
        (base.0 + dy * HALF_WIDTH, base.1 - dx * HALF_WIDTH),
    );
    let point = |(x, y): Point| format!("{} {}", hundredths(x), hundredths(y));
    format!("M{}L{}L{}Z", point(*tip), point(left), point(right))
}

/// A number as text with at most two digits after the point: by integers, since the general way of
/// printing fractions costs the download five kilobytes.
#[expect(clippy::cast_possible_truncation, reason = "chart units are far below 2^24")]
pub fn hundredths(number: f32) -> String {
    let hundredths = (number * 100.0).round() as i32;
    let sign = if hundredths < 0 { "-" } else { "" };
    let (whole, rest) = (hundredths.unsigned_abs() / 100, hundredths.unsigned_abs() % 100);
    match rest {
        0 => format!("{sign}{whole}"),
        rest => format!("{sign}{whole}.{rest:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: [Point; 4] = [(0.0, 0.0), (10.0, 0.0), (20.0, 0.0), (30.0, 0.0)];

    #[test]
    fn a_track_is_walked_by_length_from_end_to_end() {
        let track = Track::along(&LINE);
        assert!((track.length() - 30.0).abs() < 0.001);
        assert_eq!(track.at(0.0), (0.0, 0.0));
        assert_eq!(track.at(1.0), (30.0, 0.0));
        assert!((track.at(0.5).0 - 15.0).abs() < 0.001);
    }

    #[test]
    fn a_track_of_one_point_stays_there() {
        let mut track = Track::default();
        track.go_to((3.0, 4.0));
        assert_eq!(track.at(0.7), (3.0, 4.0));
    }

    #[test]
    fn numbers_are_printed_to_the_hundredth() {
        assert_eq!([12.0, -0.5, 3.456, -7.0].map(hundredths), ["12", "-0.50", "3.46", "-7"]);
    }

    #[test]
    fn a_path_becomes_path_data() {
        assert_eq!(path_data(&LINE), "M0 0C10 0 20 0 30 0");
    }
}
