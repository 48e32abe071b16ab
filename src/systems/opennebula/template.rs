//! Templates: attributes by name, and the text that they are written in.

use std::sync::Arc;

/// The free attributes of an image, in the order of their names.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub(super) struct Template(Arc<[(Arc<str>, Arc<str>)]>);

impl Template {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| &**own == name).map(|(_, value)| &**value)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (&**name, &**value))
    }

    /// The same template with this attribute.
    pub(super) fn with(&self, name: &str, value: &str) -> Self {
        let mut attributes = self.without(name).0.to_vec();
        let place = attributes.partition_point(|(own, _)| &**own < name);
        attributes.insert(place, (name.into(), value.into()));
        Self(attributes.into())
    }

    /// The same template without this attribute.
    pub(super) fn without(&self, name: &str) -> Self {
        if self.get(name).is_none() {
            return self.clone();
        }
        Self(self.0.iter().filter(|(own, _)| &**own != name).cloned().collect())
    }
}

/// The named values of a vector.
type Values = Vec<(String, String)>;

/// An attribute as it is written: one value, or a vector of named values.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Attribute {
    Single(String, String),
    Vector(String, Values),
}

impl Attribute {
    /// The single value of the attribute with this name; the last one wins.
    pub(super) fn single<'a>(attributes: &'a [Self], name: &str) -> Option<&'a str> {
        attributes.iter().rev().find_map(|attribute| match attribute {
            Self::Single(own, value) if own == name => Some(value.as_str()),
            Self::Single(..) | Self::Vector(..) => None,
        })
    }
}

/// Reads the text of a template: `src/template/template_parser.y`. Names become upper case; a value
/// is quoted, or goes on to the end of the line.
pub(super) fn read(text: &str) -> Result<Vec<Attribute>, String> {
    let mut attributes = Vec::new();
    let mut rest = text.trim_start();
    while let Some((name, after)) = rest.split_once('=') {
        let name = name.trim().to_ascii_uppercase();
        let after = after.trim_start_matches([' ', '\t']);
        if let Some(inside) = after.strip_prefix('[') {
            let (values, left) = read_vector(inside).map_err(|expected| unclosed(text, after, expected))?;
            attributes.push(Attribute::Vector(name, values));
            rest = left.trim_start();
        } else {
            let (value, left) = read_value(after, &['\n']);
            attributes.push(Attribute::Single(name, value));
            rest = left.trim_start();
        }
    }
    Ok(attributes)
}

/// The words of the real parser for a vector without an end. Its columns are those of the last word,
/// counted from 1 through the whole text.
fn unclosed(text: &str, vector: &str, expected: &str) -> String {
    let line = text.lines().count().max(1);
    let last = vector.rfind([',', '[', '"']).unwrap_or(0);
    let start = text.len() - vector.len() + last + 1;
    let end = text.len() + 1;
    format!(
        "Parse error: syntax error, unexpected $end, expecting {expected} at line {line}, columns {start}:{end}"
    )
}

/// The values up to the closing bracket, or what would have had to come instead of the end.
fn read_vector(text: &str) -> Result<(Values, &str), &'static str> {
    let mut values = Vec::new();
    let mut rest = text;
    loop {
        let is_after_comma = rest.trim_start().starts_with(',');
        rest = rest.trim_start_matches([' ', '\t', '\n', ',']);
        if let Some(left) = rest.strip_prefix(']') {
            return Ok((values, left));
        }
        let expected = match (values.is_empty(), is_after_comma) {
            (true, _) => "CBRACKET or VARIABLE",
            (false, true) => "VARIABLE",
            (false, false) => "COMMA or CBRACKET",
        };
        let (name, after) = rest.split_once('=').ok_or(expected)?;
        let (value, left) = read_value(after.trim_start_matches([' ', '\t']), &[',', ']', '\n']);
        values.push((name.trim().to_ascii_uppercase(), value));
        rest = left;
    }
}

/// A quoted value, or one that ends before any of `ends`.
fn read_value<'a>(text: &'a str, ends: &[char]) -> (String, &'a str) {
    if let Some((value, left)) = text.strip_prefix('"').and_then(quoted) {
        return (value, left);
    }
    let end = text.find(ends).unwrap_or(text.len());
    (text[..end].trim_end().to_owned(), &text[end..])
}

/// The value up to the closing quote; a backslash keeps a quote inside.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((value, &text[at + 1..])),
            '\\' if text[at + 1..].starts_with('"') => {
                value.push('"');
                chars.next();
            }
            c => value.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_read_as_the_real_parser_does() {
        let single = |name: &str, value: &str| Attribute::Single(name.into(), value.into());
        assert_eq!(read("X=\"1\"\ny = two words\n"), Ok(vec![single("X", "1"), single("Y", "two words")]));
        assert_eq!(read("NOTE=\"x"), Ok(vec![single("NOTE", "\"x")]));
        let values = vec![("IMAGE".to_owned(), "x".to_owned()), ("SIZE".to_owned(), "5".to_owned())];
        assert_eq!(
            read("DISK=[ IMAGE=\"x\", SIZE=5 ]\n"),
            Ok(vec![Attribute::Vector("DISK".into(), values)])
        );
        let problem = "Parse error: syntax error, unexpected $end, expecting CBRACKET or VARIABLE at line 1, columns 3:4";
        assert_eq!(read("X=["), Err(problem.to_owned()));
    }
}
