//! `known-gaps.txt`: the differences that we know of, each with its reason.
//!
//! A line is `system file place field : reason`. The place is a step's number, a matrix cell's words
//! or `*` for every one; the field may be `*` too. Words with blanks stand in quotes.

use super::report::{Found, Report};

/// A difference, or a family of them, that is known.
#[derive(Debug)]
pub(crate) struct Gap {
    /// Its line in the file, counted from 1.
    pub(crate) line: usize,
    /// The line itself.
    pub(crate) text: String,
    system: String,
    file: String,
    place: String,
    field: String,
}

impl Gap {
    fn knows(&self, system: &str, found: &Found) -> bool {
        self.system == system
            && self.file == found.file
            && (self.place == "*" || self.place == found.place.text())
            && (self.field == "*" || self.field == found.difference.field)
    }

    /// The line that would name this difference, without a reason.
    pub(crate) fn line_of(system: &str, found: &Found) -> String {
        let words = [system, &found.file, &found.place.text(), &found.difference.field];
        shlex::try_join(words).unwrap_or_else(|_| words.join(" ")) + " :"
    }
}

/// Reads the file; `#` begins a comment.
pub(crate) fn read(text: &str) -> Result<Vec<Gap>, String> {
    let lines =
        text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
    lines.map(|(index, line)| read_line(index + 1, line)).collect()
}

fn read_line(line: usize, text: &str) -> Result<Gap, String> {
    let problem = || format!("line {line}: expected `system file place field : reason`, found `{text}`");
    let (words, reason) = text.split_once(" : ").ok_or_else(problem)?;
    let words = shlex::split(words).ok_or_else(problem)?;
    let [system, file, place, field] = <[String; 4]>::try_from(words).map_err(|_| problem())?;
    if reason.trim().is_empty() {
        return Err(problem());
    }
    Ok(Gap { line, text: text.to_owned(), system, file, place, field })
}

/// The differences that no gap knows.
pub(crate) fn unlisted<'a>(gaps: &[Gap], report: &'a Report) -> Vec<(&'a str, &'a Found)> {
    differences(report).filter(|(system, found)| !gaps.iter().any(|gap| gap.knows(system, found))).collect()
}

/// The gaps that know no difference any more.
pub(crate) fn closed<'a>(gaps: &'a [Gap], report: &Report) -> Vec<&'a Gap> {
    let open = |gap: &Gap| differences(report).any(|(system, found)| gap.knows(system, found));
    gaps.iter().filter(|gap| !open(gap)).collect()
}

fn differences(report: &Report) -> impl Iterator<Item = (&str, &Found)> {
    report.systems.iter().flat_map(|(name, system)| system.differences.iter().map(|found| (*name, found)))
}

#[cfg(test)]
mod tests {
    use lab::engine::recording::Difference;

    use super::*;
    use crate::report::{Place, SystemReport};

    fn report_of(fields: &[&str]) -> Report {
        let mut system = SystemReport::default();
        for field in fields {
            let difference =
                Difference { field: (*field).to_owned(), expected: String::new(), got: String::new() };
            system.found("traces/a.jsonl", &Place::Step(3), vec![difference]);
        }
        let mut report = Report::default();
        report.systems.insert("glance", system);
        report
    }

    #[test]
    fn a_gap_excuses_what_it_names_and_nothing_else() {
        let report = report_of(&["error", "images 0 size"]);
        let gaps = read("# ours\nglance traces/a.jsonl 3 'images 0 size' : not yet").expect("a gap");
        let unlisted: Vec<_> =
            unlisted(&gaps, &report).iter().map(|(_, f)| f.difference.field.clone()).collect();
        assert_eq!(unlisted, ["error"]);
        let gaps = read("glance traces/a.jsonl * * : not yet").expect("a gap");
        assert!(super::unlisted(&gaps, &report).is_empty());
    }

    #[test]
    fn a_gap_that_has_closed_is_told() {
        let gaps =
            read("glance traces/a.jsonl 3 error : a\nglance traces/a.jsonl 4 error : b").expect("gaps");
        let closed: Vec<_> = closed(&gaps, &report_of(&["error"])).iter().map(|gap| gap.line).collect();
        assert_eq!(closed, [2]);
    }

    #[test]
    fn a_gap_without_a_reason_is_refused() {
        assert!(read("glance traces/a.jsonl 3 error :").is_err());
        assert!(read("glance traces/a.jsonl 3 : why").is_err());
    }
}
