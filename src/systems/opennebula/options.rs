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

/// Words that have not been taken yet. What is missing or wrong is remembered until [`Words::finish`]
/// tells the first of it, so that a reader of words can go straight on.
#[derive(Default)]
pub(super) struct Words {
    positional: Vec<String>,
    options: Vec<(String, Option<String>)>,
    problem: Option<Misread>,
}

impl Words {
    pub(super) fn read(words: Vec<String>) -> Self {
        let mut own = Self::default();
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            let is_option = word.starts_with('-') && word.parse::<i64>().is_err();
            if !is_option {
                own.push(word);
                continue;
            }
            let (name, given) = match word.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (word.as_str(), None),
            };
            let alias = ALIASES.iter().find(|(alias, _)| *alias == name);
            let name = alias.map_or(name, |(_, name)| *name);
            let value = given.or_else(|| if WITH_VALUE.contains(&name) { words.next() } else { None });
            own.push_option(name, value);
        }
        own
    }

    /// One more word that is no option.
    pub(super) fn push(&mut self, word: String) {
        self.positional.push(word);
    }

    /// One more option.
    pub(super) fn push_option(&mut self, name: &str, value: Option<String>) {
        self.options.push((name.to_owned(), value));
    }

    /// What is wrong here, unless something was wrong before.
    pub(super) fn fail(&mut self, problem: String) {
        self.problem.get_or_insert(Misread(problem));
    }

    /// The next word that is no option, if there is one.
    pub(super) fn next(&mut self) -> Option<String> {
        (!self.positional.is_empty()).then(|| self.positional.remove(0))
    }

    /// The next word that is no option.
    pub(super) fn text(&mut self, what: &str) -> String {
        self.next().unwrap_or_else(|| {
            self.fail(format!("Expected {what}."));
            String::new()
        })
    }

    pub(super) fn number(&mut self, what: &str) -> i64 {
        let Some(word) = self.next() else {
            self.fail(format!("Expected {what}."));
            return 0;
        };
        self.as_number(&word, what)
    }

    pub(super) fn as_number(&mut self, word: &str, what: &str) -> i64 {
        word.parse().unwrap_or_else(|_| {
            self.fail(format!("Expected {what}, found “{word}”."));
            0
        })
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

    /// The value of an option, empty when it is not given.
    pub(super) fn option_text(&mut self, name: &str) -> String {
        self.option(name).unwrap_or_default()
    }

    pub(super) fn option_number(&mut self, name: &str) -> Option<i64> {
        let word = self.option(name)?;
        Some(self.as_number(&word, &format!("a number after {name}")))
    }

    /// The number after an option, -1 for none.
    pub(super) fn option_id(&mut self, name: &str) -> i64 {
        self.option_number(name).unwrap_or(-1)
    }

    /// The values of an option that takes a list: `0,1`.
    pub(super) fn list(&mut self, name: &str) -> Vec<String> {
        let text = self.option_text(name);
        text.split(',').filter(|item| !item.is_empty()).map(str::to_owned).collect()
    }

    /// Nothing may have been wrong.
    pub(super) fn check(&mut self) -> Result<(), Misread> {
        self.problem.take().map_or(Ok(()), Err)
    }

    /// Nothing may have been wrong, and nothing may be left.
    pub(super) fn finish(mut self) -> Result<(), Misread> {
        let left = self.options.first().map(|(name, _)| name).or(self.positional.first()).cloned();
        if let Some(word) = left {
            self.fail(format!("“{word}” is not expected here."));
        }
        self.check()
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
