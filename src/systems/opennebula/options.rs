//! The words of a line: options by name, the rest in order.

use crate::engine::Misread;

/// Options that stand before a value.
const WITH_VALUE: &[&str] = &[
    "--name",
    "--type",
    "--path",
    "--source",
    "--format",
    "--size",
    "-d",
    "--template",
    "--disk",
    "--image",
    "--images",
    "--rvms",
    "--of",
    "--marketplace",
    "--snapshot",
    "--level",
    "--moment",
    "--mode",
];

/// Other ways to write an option.
const ALIASES: &[(&str, &str)] = &[("--datastore", "-d"), ("--market", "--marketplace"), ("-n", "--name")];

pub(super) fn misread(problem: &str) -> Misread {
    Misread(problem.to_owned())
}

/// Words that have not been taken yet.
pub(super) struct Words {
    positional: std::collections::VecDeque<String>,
    options: Vec<(String, Option<String>)>,
}

impl Words {
    pub(super) fn read(mut words: impl Iterator<Item = String>) -> Self {
        let mut own = Self { positional: std::collections::VecDeque::new(), options: Vec::new() };
        while let Some(word) = words.next() {
            let is_option = word.starts_with('-') && word.parse::<i64>().is_err();
            if !is_option {
                own.positional.push_back(word);
                continue;
            }
            let (name, given) = match word.split_once('=') {
                Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
                None => (word, None),
            };
            let alias = ALIASES.iter().find(|(alias, _)| *alias == name);
            let name = alias.map_or(name, |(_, name)| (*name).to_owned());
            let takes_value = WITH_VALUE.contains(&name.as_str());
            let value = given.or_else(|| if takes_value { words.next() } else { None });
            own.options.push((name, value));
        }
        own
    }

    /// The next word that is no option.
    pub(super) fn text(&mut self, what: &str) -> Result<String, Misread> {
        self.positional.pop_front().ok_or_else(|| Misread(format!("Expected {what}.")))
    }

    pub(super) fn number(&mut self, what: &str) -> Result<i64, Misread> {
        let word = self.text(what)?;
        Self::as_number(&word, what)
    }

    pub(super) fn as_number(word: &str, what: &str) -> Result<i64, Misread> {
        word.parse().map_err(|_| Misread(format!("Expected {what}, found “{word}”.")))
    }

    pub(super) fn flag(&mut self, name: &str) -> bool {
        let before = self.options.len();
        self.options.retain(|(own, _)| own != name);
        self.options.len() < before
    }

    pub(super) fn option(&mut self, name: &str) -> Option<String> {
        let place = self.options.iter().position(|(own, _)| own == name)?;
        self.options.remove(place).1
    }

    pub(super) fn option_number(&mut self, name: &str) -> Result<Option<i64>, Misread> {
        self.option(name).map(|word| Self::as_number(&word, &format!("a number after {name}"))).transpose()
    }

    /// The values of an option that takes a list: `0,1`.
    pub(super) fn list(&mut self, name: &str) -> Vec<String> {
        let text = self.option(name).unwrap_or_default();
        text.split(',').filter(|item| !item.is_empty()).map(str::to_owned).collect()
    }

    /// Nothing may be left.
    pub(super) fn finish(self) -> Result<(), Misread> {
        let left = self.options.into_iter().map(|(name, _)| name).chain(self.positional).next();
        left.map_or(Ok(()), |word| Err(Misread(format!("“{word}” is not expected here."))))
    }
}

/// A word that fits on one line: line ends are written as `\n`.
pub(super) fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\n', "\\n")
}

/// The word that was escaped.
pub(super) fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('\\', Some('n')) => {
                out.push('\n');
                chars.next();
            }
            ('\\', Some('\\')) => {
                out.push('\\');
                chars.next();
            }
            (c, _) => out.push(c),
        }
    }
    out
}
