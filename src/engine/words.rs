//! The words of a line, written and read: quotes and options as a shell and the real clients have them.
//!
//! What [`Line`] writes [`Words`] reads back, whatever the words are. A word that could be taken for an
//! option stands behind `--`, after which nothing is one.

use std::collections::VecDeque;
use std::str::FromStr;

use super::Misread;

/// A line in the making.
#[derive(Debug, Default)]
pub struct Line {
    text: String,
    /// The words that stand behind `--`.
    behind: String,
    escapes: bool,
}

impl Line {
    /// A line in whose words [`escape`] writes line ends and backslashes.
    pub fn escaping() -> Self {
        Self { escapes: true, ..Self::default() }
    }

    /// Words that stand as they are: those of the command, and options without a value.
    pub fn say(&mut self, words: &str) -> &mut Self {
        push(&mut self.text, words);
        self
    }

    /// A word that is nothing but one more word, even if it looks like an option.
    pub fn word(&mut self, word: &str) -> &mut Self {
        let looks_like_option = word.strip_prefix('-').is_some_and(|rest| !starts_with_digit(rest));
        let word = self.quote(word);
        // Those that follow stand behind it, so that the order stays.
        let is_behind = looks_like_option || !self.behind.is_empty();
        push(if is_behind { &mut self.behind } else { &mut self.text }, &word);
        self
    }

    /// A number.
    pub fn number(&mut self, number: i64) -> &mut Self {
        self.word(&number.to_string())
    }

    /// A word where no option is looked for.
    pub fn value(&mut self, word: &str) -> &mut Self {
        let word = self.quote(word);
        self.say(&word)
    }

    /// An option with its value, if there is one.
    pub fn option(&mut self, name: &str, value: Option<&str>) -> &mut Self {
        match value {
            Some(value) => self.say(name).value(value),
            None => self,
        }
    }

    /// The same, left out when the value is empty.
    pub fn text(&mut self, name: &str, value: &str) -> &mut Self {
        self.option(name, Some(value).filter(|value| !value.is_empty()))
    }

    /// An option with a number, if there is one.
    pub fn option_number(&mut self, name: &str, number: Option<i64>) -> &mut Self {
        self.option(name, number.map(|number| number.to_string()).as_deref())
    }

    /// An option without a value, if it is given.
    pub fn flag(&mut self, name: &str, is_given: bool) -> &mut Self {
        if is_given { self.say(name) } else { self }
    }

    /// The whole line.
    pub fn finish(self) -> String {
        if self.behind.is_empty() { self.text } else { self.text + " -- " + &self.behind }
    }

    /// A word as a shell reads it. One with a NUL cannot be said, and [`asked`] refuses it.
    fn quote(&self, word: &str) -> String {
        let word = if self.escapes { escape(word) } else { word.to_owned() };
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./,:=@%+*".contains(c);
        if !word.is_empty() && word.chars().all(is_plain) {
            return word;
        }
        shlex::try_quote(&word).map(String::from).unwrap_or(word)
    }
}

fn push(text: &mut String, words: &str) {
    if !text.is_empty() {
        text.push(' ');
    }
    text.push_str(words);
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit())
}

/// A text without line ends: they are written as `\n`, a backslash as two.
pub fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\n', "\\n")
}

/// The text that was escaped.
pub fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let meant = match (c, chars.peek()) {
            ('\\', Some('n')) => Some('\n'),
            ('\\', Some('\\')) => Some('\\'),
            _ => None,
        };
        out.push(meant.unwrap_or(c));
        if meant.is_some() {
            chars.next();
        }
    }
    out
}

/// Whether a text can stand on one line as it is.
pub fn is_one_line(text: &str) -> bool {
    !text.contains(['\n', '\0'])
}

/// Who asks, if that stands in brackets before it, and what is asked.
///
/// # Errors
/// It is more than one line.
pub fn asked(line: &str) -> Result<(Option<&str>, &str), Misread> {
    let line = line.trim();
    if !is_one_line(line) {
        return Err(Misread("Expected one line, without a line break in it.".to_owned()));
    }
    Ok(match line.strip_prefix('[').and_then(|line| line.split_once(']')) {
        Some((name, line)) => (Some(name), line.trim_start()),
        None => (None, line),
    })
}

/// The words of a line, as a shell splits it.
///
/// # Errors
/// A quote is not closed.
pub fn split(line: &str) -> Result<Vec<String>, Misread> {
    shlex::split(line).ok_or_else(|| Misread("A quote is not closed.".to_owned()))
}

/// The options that a cloud's clients know. All others of the form `--word` are taken for flags, so that
/// they are told back when nobody wants them.
#[derive(Debug)]
pub struct Options {
    /// Those that stand before a value.
    pub with_value: &'static [&'static str],
    /// Other ways to write one, with the way in which it is asked for.
    pub aliases: &'static [(&'static str, &'static str)],
}

impl Options {
    /// The option that a word is, with the value that stands in the same word.
    fn option<'a>(&self, word: &'a str) -> Option<(&'a str, Option<String>)> {
        let (name, value) = match word.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (word, None),
        };
        let alias = self.aliases.iter().find(|(alias, _)| *alias == name);
        let name = alias.map_or(name, |(_, name)| *name);
        (name.starts_with("--") || self.with_value.contains(&name)).then_some((name, value))
    }
}

/// Words that have not been taken yet: options by name, the rest in order. What is missing or wrong is
/// remembered until [`Words::finish`] tells the first of it, so that a reader can go straight on.
#[derive(Debug, Default)]
pub struct Words {
    plain: VecDeque<String>,
    options: Vec<(String, Option<String>)>,
    problem: Option<Misread>,
}

impl Words {
    /// Sorts `words` into options and others.
    pub fn read(words: Vec<String>, known: &Options) -> Self {
        let mut own = Self::default();
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            if word == "--" {
                own.plain.extend(words);
                break;
            }
            let Some((name, given)) = known.option(&word) else {
                own.push(word);
                continue;
            };
            let needs_value = known.with_value.contains(&name);
            let value = given.or_else(|| if needs_value { words.next() } else { None });
            if needs_value && value.is_none() {
                own.fail(format!("“{word}” needs a value."));
            }
            own.push_option(name, value);
        }
        own
    }

    /// One more word that is no option.
    pub fn push(&mut self, word: String) {
        self.plain.push_back(word);
    }

    /// One more option.
    pub fn push_option(&mut self, name: &str, value: Option<String>) {
        self.options.push((name.to_owned(), value));
    }

    /// Takes all options, in order.
    pub fn take_options(&mut self) -> Vec<(String, Option<String>)> {
        std::mem::take(&mut self.options)
    }

    /// What is wrong here, unless something was wrong before.
    pub fn fail(&mut self, problem: String) {
        self.problem.get_or_insert(Misread(problem));
    }

    /// The next word that is no option, if there is one.
    pub fn take(&mut self) -> Option<String> {
        self.plain.pop_front()
    }

    /// The next word that is no option; `what` it should be.
    pub fn text<T: From<String>>(&mut self, what: &str) -> T {
        let word = self.take().unwrap_or_else(|| {
            self.fail(format!("Expected {what}."));
            String::new()
        });
        word.into()
    }

    /// The words that are left and no options, as one text.
    pub fn rest(&mut self) -> String {
        self.plain.drain(..).collect::<Vec<_>>().join(" ")
    }

    /// The next word that is no option as a number; `what` it should be.
    pub fn number<T: FromStr + Default>(&mut self, what: &str) -> T {
        let Some(word) = self.take() else {
            self.fail(format!("Expected {what}."));
            return T::default();
        };
        self.as_number(&word, what)
    }

    /// A word as a number; `what` it should be.
    pub fn as_number<T: FromStr + Default>(&mut self, word: &str, what: &str) -> T {
        word.parse().unwrap_or_else(|_| {
            self.fail(format!("Expected {what}, found “{word}”."));
            T::default()
        })
    }

    /// Whether an option is given.
    pub fn flag(&mut self, name: &str) -> bool {
        let before = self.options.len();
        self.options.retain(|(own, _)| own != name);
        self.options.len() < before
    }

    /// The value of an option.
    pub fn option<T: From<String>>(&mut self, name: &str) -> Option<T> {
        let place = self.options.iter().position(|(own, _)| own == name)?;
        self.options.remove(place).1.map(T::from)
    }

    /// The value of an option, empty when it is not given.
    pub fn option_text(&mut self, name: &str) -> String {
        self.option(name).unwrap_or_default()
    }

    /// The value of an option as a number.
    pub fn option_number<T: FromStr + Default>(&mut self, name: &str) -> Option<T> {
        let word: String = self.option(name)?;
        Some(self.as_number(&word, &format!("a number after {name}")))
    }

    /// The value of an option that must be there.
    pub fn needed<T: From<String>>(&mut self, name: &str) -> T {
        self.option(name).unwrap_or_else(|| {
            self.fail(format!("{name} is missing."));
            String::new().into()
        })
    }

    /// Nothing may have been wrong.
    ///
    /// # Errors
    /// What was wrong first.
    pub fn check(&mut self) -> Result<(), Misread> {
        self.problem.take().map_or(Ok(()), Err)
    }

    /// Nothing may have been wrong, and nothing may be left.
    ///
    /// # Errors
    /// What was wrong first, or else a word that nobody wanted.
    pub fn finish(mut self) -> Result<(), Misread> {
        let option = self.options.first().map(|(name, _)| name.clone());
        if let Some(word) = option.or_else(|| self.take()) {
            self.fail(format!("“{word}” is not expected here."));
        }
        self.check()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: Options = Options { with_value: &["-d", "--name"], aliases: &[("-n", "--name")] };

    fn read(line: &str) -> Words {
        Words::read(split(line).expect("its quotes are closed"), &KNOWN)
    }

    #[test]
    fn every_word_is_read_back() {
        for word in
            ["", "a b", "x'y", "\"", "a;b", "\\", "-", "--", "-x", "-d", "-1", "--name=x", "é", "$(x)"]
        {
            let mut line = Line::default();
            line.say("clone").word("first").word(word).word("last").option("--name", Some(word));
            let line = line.finish();
            let mut words = read(&line);
            let plain = ["clone", "first", word, "last"].map(|_| words.text::<String>("a word"));
            assert_eq!(plain, ["clone", "first", word, "last"], "{line}");
            assert_eq!(words.option::<String>("--name").as_deref(), Some(word), "{line}");
            assert_eq!(words.finish(), Ok(()), "{line}");
        }
    }

    #[test]
    fn a_line_end_is_written_where_that_was_agreed() {
        let mut line = Line::escaping();
        line.word("a\nb\\n");
        let line = line.finish();
        assert_eq!(line, r#""a\\nb\\\\n""#);
        assert_eq!(split(&line).map(|words| unescape(&words[0])), Ok("a\nb\\n".to_owned()));
        assert!(asked("a 'b\nc'").is_err());
    }

    #[test]
    fn only_what_looks_like_an_option_stands_behind_dashes() {
        let mut line = Line::default();
        line.say("chown").word("0").word("-1").word("-x").word("y").option("-d", Some("-z"));
        assert_eq!(line.finish(), "chown 0 -1 -d -z -- -x y");
    }

    #[test]
    fn what_is_wrong_first_is_told() {
        let problem = |line: &str| {
            let mut words = read(line);
            words.number::<u32>("an id");
            words.finish().expect_err("something is wrong").to_string()
        };
        assert_eq!(problem("x --now"), "Expected an id, found “x”.");
        assert_eq!(problem("1 --now"), "“--now” is not expected here.");
        assert_eq!(problem("1 -n"), "“-n” needs a value.");
        assert_eq!(problem(""), "Expected an id.");
    }
}
