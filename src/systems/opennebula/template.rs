//! Templates: attributes by name, and the text that they are written in.

use std::sync::Arc;

use super::template_xml;

/// The free attributes of an image, in the order of their names.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub(super) struct Template(Arc<[(Arc<str>, Arc<str>)]>);

impl Template {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| &**own == name).map(|(_, value)| &**value)
    }

    /// A value that is not empty.
    pub(super) fn filled(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }

    /// Whether it is that of the target of a disk save-as: `ImageTemplate::is_saving`.
    pub(super) fn is_saving(&self) -> bool {
        self.get("SAVE_AS_HOT").is_some_and(|saving| saving.eq_ignore_ascii_case("YES"))
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
        self.without_any(&[name])
    }

    /// The same template without any of these attributes.
    pub(super) fn without_any(&self, names: &[&str]) -> Self {
        let goes = |own: &str| names.contains(&own);
        if !self.0.iter().any(|(own, _)| goes(own)) {
            return self.clone();
        }
        Self(self.0.iter().filter(|(own, _)| !goes(own)).cloned().collect())
    }
}

/// The named values of a vector.
pub(super) type Values = Vec<(String, String)>;

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

/// The name of an attribute, in upper case. One that could not be that of an XML element gets a prefix, also where
/// it begins with `XML` (`Attribute::Attribute`).
pub(super) fn attribute_name(written: &str) -> String {
    let begins_well = written.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    let prefix = if begins_well && !written.starts_with("XML") { "" } else { "ONE_" };
    format!("{prefix}{}", written.to_ascii_uppercase())
}

/// A value without the blanks at its end: `Template::trim`.
pub(super) fn trimmed(value: &str) -> &str {
    value.trim_end_matches([' ', '\t', '\n', '\r', '\u{b}', '\u{c}'])
}

/// What the lexer finds, in the order of the grammar's `%token` lines.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Token {
    End,
    Equal,
    Comma,
    OpenBracket,
    CloseBracket,
    EqualEmpty,
    Cdata,
    Value,
    Variable,
}

use Token::{Cdata, CloseBracket, Comma, End, Equal, EqualEmpty, OpenBracket, Value, Variable};

/// The tokens as the parser's messages name them.
const NAMES: [&str; 9] =
    ["$end", "EQUAL", "COMMA", "OBRACKET", "CBRACKET", "EQUAL_EMPTY", "CCDATA", "STRING", "VARIABLE"];

/// What may come in each state of the parser, and the state that it leads to: `template_syntax.y`.
const GRAMMAR: [&[(Token, usize)]; 8] = [
    &[(End, BETWEEN), (Variable, 1)],
    &[(Equal, 2), (EqualEmpty, BETWEEN)],
    &[(OpenBracket, 3), (Cdata, BETWEEN), (Value, BETWEEN)],
    &[(CloseBracket, BETWEEN), (Variable, INSIDE)],
    &[(Equal, 5)],
    &[(Value, 6)],
    &[(Comma, 7), (CloseBracket, BETWEEN)],
    &[(Variable, INSIDE)],
];

/// Between two attributes.
const BETWEEN: usize = 0;

/// After a name inside a vector.
const INSIDE: usize = 4;

/// Reads a template as it is written, or in XML: `Template::parse_str_or_xml`. A NAME loses the blanks at its end.
pub(super) fn read(text: &str) -> Result<Vec<Attribute>, String> {
    let mut attributes = if text.starts_with('<') {
        template_xml::read(text).ok_or("Parse error: XML Template malformed.")?
    } else {
        parse(text)?
    };
    for attribute in &mut attributes {
        if let Attribute::Single(name, value) = attribute
            && name == "NAME"
        {
            value.truncate(trimmed(value).len());
        }
    }
    Ok(attributes)
}

/// Reads the text of a template: `Template::parse`, `src/parsers/template_syntax.y`.
fn parse(text: &str) -> Result<Vec<Attribute>, String> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let mut lexer = Lexer { text, last: (0, 0), in_value: false };
    let (mut attributes, mut state) = (Vec::new(), BETWEEN);
    let (mut name, mut values) = ((String::new(), String::new()), Values::new());
    loop {
        let (token, word) = lexer.next();
        let Some((_, next)) = GRAMMAR[state].iter().find(|(expected, _)| *expected == token) else {
            return Err(lexer.unexpected(token, state));
        };
        match (token, *next) {
            (End, _) => return Ok(attributes),
            (Cdata, _) => return Err("Parse error.".to_owned()),
            (Variable, INSIDE) => name.1 = word.to_ascii_uppercase(),
            (Variable, _) => name.0 = attribute_name(word),
            (Value, BETWEEN) => attributes.push(Attribute::Single(name.0.clone(), unescape(word))),
            (EqualEmpty, _) => attributes.push(Attribute::Single(name.0.clone(), String::new())),
            // The first value of a name stays.
            (Value, _) if values.iter().all(|(own, _)| *own != name.1) => {
                values.push((name.1.clone(), unescape(word)));
            }
            (CloseBracket, _) => {
                attributes.push(Attribute::Vector(name.0.clone(), std::mem::take(&mut values)));
            }
            (Value | Equal | Comma | OpenBracket, _) => {}
        }
        state = *next;
    }
}

/// A value without its quotes; a backslash keeps a quote inside.
fn unescape(word: &str) -> String {
    word.replace("\\\"", "\"")
}

/// The words of a template: `src/parsers/template_parser.l`. Of what fits the longest is taken, and a
/// character that nothing fits is left out.
struct Lexer<'a> {
    text: &'a str,
    /// Where the last thing found begins and ends.
    last: (usize, usize),
    /// Whether a value comes next.
    in_value: bool,
}

impl<'a> Lexer<'a> {
    fn next(&mut self) -> (Token, &'a str) {
        loop {
            let rest = &self.text[self.last.1..];
            let Some(first) = rest.chars().next() else { return (End, "") };
            let found = if self.in_value { value(rest) } else { structure(rest) };
            let length = found.map_or(first.len_utf8(), |(_, length)| length);
            self.last = (self.last.1, self.last.1 + length);
            let Some((token, length)) = found else { continue };
            let Some(token) = token else { continue };
            self.in_value = token == Equal;
            let word = &rest[..length];
            let is_quoted = token == Value && quoted(rest) == length;
            return (token, if is_quoted { &word[1..length - 1] } else { word });
        }
    }

    /// The parser's words; columns count from 1 through the whole text.
    fn unexpected(&self, token: Token, state: usize) -> String {
        let mut text = format!("Parse error: syntax error, unexpected {}, expecting ", NAMES[token as usize]);
        // Between attributes the parser has taken the template for complete before it complains.
        let expected = if state == BETWEEN { &GRAMMAR[state][..1] } else { GRAMMAR[state] };
        for (place, (token, _)) in expected.iter().enumerate() {
            text = text + if place > 0 { " or " } else { "" } + NAMES[*token as usize];
        }
        let line = 1 + self.text[..self.last.1].bytes().filter(|byte| *byte == b'\n').count();
        format!("{text} at line {line}, columns {}:{}", self.last.0 + 1, self.last.1 + 1)
    }
}

/// How many of the first bytes are among `these`.
fn run(text: &str, these: &[u8]) -> usize {
    text.bytes().take_while(|byte| these.contains(byte)).count()
}

/// Where the first of `these` is, or the end.
fn before(text: &str, these: &[u8]) -> usize {
    text.bytes().take_while(|byte| !these.contains(byte)).count()
}

const BLANKS: &[u8] = b" \t";
const SPACES: &[u8] = b" \t\n";

/// What stands outside of a value, and its length; `None` as token for what says nothing.
fn structure(text: &str) -> Option<(Option<Token>, usize)> {
    let bytes = text.as_bytes();
    let (blanks, spaces) = (run(text, BLANKS), run(text, SPACES));
    let through = |from: usize, these: &[u8]| from + 1 + run(&text[from + 1..], these);
    match (bytes.get(blanks), bytes.get(spaces)) {
        (Some(b'='), _) => {
            let end = through(blanks, BLANKS);
            let is_empty = bytes.get(end) == Some(&b'\n');
            Some(if is_empty { (Some(EqualEmpty), end + 1) } else { (Some(Equal), end) })
        }
        (_, Some(b',')) => Some((Some(Comma), through(spaces, SPACES))),
        (_, Some(b']')) => Some((Some(CloseBracket), through(spaces, SPACES))),
        (Some(b'#'), _) if before(text, b"\n") < text.len() => Some((None, before(text, b"\n") + 1)),
        _ if spaces > 0 => Some((None, spaces)),
        _ => {
            let is_of_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
            let length = text.bytes().take_while(is_of_name).count();
            (length > 0).then_some((Some(Variable), length))
        }
    }
}

/// A value or the beginning of a vector, and its length.
fn value(text: &str) -> Option<(Option<Token>, usize)> {
    let blanks = run(text, BLANKS);
    let line = &text[..before(text, b"\n")];
    let bracket = match text.as_bytes().get(blanks) {
        Some(b'[') => blanks + 1 + run(&text[blanks + 1..], SPACES),
        _ => 0,
    };
    let cdata = if line.contains("]]>") { line.len() } else { 0 };
    let mut longest = (OpenBracket, bracket);
    for other in [(Cdata, cdata), (Value, quoted(text).max(before(text, b"=# \t\n,[]")))] {
        longest = if other.1 > longest.1 { other } else { longest };
    }
    (longest.1 > 0).then_some((Some(longest.0), longest.1))
}

/// The length of a quoted value: up to the first quote that no backslash stands before, else up to
/// the last one that ends it all the same.
fn quoted(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut end = 0;
    for at in 1..bytes.len() {
        if bytes[0] == b'"' && bytes[at] == b'"' {
            end = at + 1;
            if bytes[at - 1] != b'\\' {
                break;
            }
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_read_as_the_real_parser_does() {
        let single = |name: &str, value: &str| Attribute::Single(name.into(), value.into());
        assert_eq!(
            read("X=\"1\"\ny = two\nZ=\n"),
            Ok(vec![single("X", "1"), single("Y", "two"), single("Z", "")])
        );
        assert_eq!(read("TEAM = = \"x\" # why\n"), Ok(vec![single("TEAM", "x")]));
        assert_eq!(read(r#"A="say \"hi\"""#), Ok(vec![single("A", "say \"hi\"")]));
        assert_eq!(read("NOTE=\"x"), Ok(vec![single("NOTE", "\"x")]));
        assert_eq!(
            read("NAME=\"x \"\n1st=\" a \"\nXMLNS=b\nxmlns=c\n"),
            Ok(vec![
                single("NAME", "x"),
                single("ONE_1ST", " a "),
                single("ONE_XMLNS", "b"),
                single("XMLNS", "c")
            ])
        );
        let values = vec![("IMAGE".to_owned(), "x".to_owned()), ("SIZE".to_owned(), "5".to_owned())];
        assert_eq!(
            read("DISK=[ IMAGE=\"x\", SIZE=5 ]\n"),
            Ok(vec![Attribute::Vector("DISK".into(), values)])
        );
    }

    #[test]
    fn a_malformed_template_gets_the_words_of_the_real_parser() {
        let problem = |text: &str| read(text).expect_err("it is malformed");
        let syntax = |what: &str| format!("Parse error: syntax error, unexpected {what}");
        for (text, expected) in [
            ("X=[", "$end, expecting CBRACKET or VARIABLE at line 1, columns 3:4"),
            ("X=[\n", "$end, expecting CBRACKET or VARIABLE at line 2, columns 3:5"),
            ("X=[A=1", "$end, expecting COMMA or CBRACKET at line 1, columns 6:7"),
            ("X=[A=1,", "$end, expecting VARIABLE at line 1, columns 7:8"),
            ("X=[A]", "CBRACKET, expecting EQUAL at line 1, columns 5:6"),
            ("NOTE", "$end, expecting EQUAL or EQUAL_EMPTY at line 1, columns 1:5"),
            ("NOTE=two words", "$end, expecting EQUAL or EQUAL_EMPTY at line 1, columns 10:15"),
            ("NOTE=", "$end, expecting OBRACKET or CCDATA or STRING at line 1, columns 5:6"),
            ("=1", "EQUAL, expecting $end at line 1, columns 1:2"),
            ("A=1\nB C=2\n", "VARIABLE, expecting EQUAL or EQUAL_EMPTY at line 2, columns 7:8"),
        ] {
            assert_eq!(problem(text), syntax(expected), "{text:?}");
        }
        assert_eq!(problem("<X>"), "Parse error: XML Template malformed.");
        assert_eq!(problem("X=<![CDATA[1]]>"), "Parse error.");
    }
}
