//! The fixture: which files can be uploaded, and what the web sources hold.

use std::fmt;
use std::sync::Arc;

/// What is in a file, as far as the format inspector sees.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Content {
    /// No known format.
    Raw,
    /// A sound qcow2.
    Qcow2,
    /// A qcow2 that names a backing file.
    Backing,
}

/// A file to upload: `2000.raw`, or one of the recorded sessions' payload files by name.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Payload {
    /// What is in it.
    pub content: Content,
    /// How long it is.
    pub bytes: u64,
}

const FILES: [(&str, Content, u64); 5] = [
    ("small.raw", Content::Raw, 5_000),
    ("medium.raw", Content::Raw, 200_000),
    ("big.raw", Content::Raw, 1_100_000),
    ("empty.raw", Content::Raw, 0),
    ("disk.qcow2", Content::Qcow2, 196_616),
];

impl Payload {
    /// A file without a known format.
    pub fn raw(bytes: u64) -> Self {
        Self { content: Content::Raw, bytes }
    }

    /// The file with this name.
    pub fn named(name: &str) -> Option<Self> {
        if let Some((_, content, bytes)) = FILES.iter().find(|(known, ..)| *known == name) {
            return Some(Self { content: *content, bytes: *bytes });
        }
        let (bytes, kind) = name.split_once('.')?;
        let content = match kind {
            "raw" => Content::Raw,
            "qcow2" => Content::Qcow2,
            "backing" => Content::Backing,
            _ => return None,
        };
        Some(Self { content, bytes: bytes.parse().ok()? })
    }
}

impl fmt::Display for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is =
            |&&(_, content, bytes): &&(&str, Content, u64)| (content, bytes) == (self.content, self.bytes);
        if let Some((name, ..)) = FILES.iter().find(is) {
            return f.write_str(name);
        }
        let kind = match self.content {
            Content::Raw => "raw",
            Content::Qcow2 => "qcow2",
            Content::Backing => "backing",
        };
        write!(f, "{}.{kind}", self.bytes)
    }
}

/// How a web source answers.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Source {
    /// With all of its data.
    Works(Content, u64),
    /// With an error.
    Fails,
    /// With half of the data that it announces.
    Short(u64),
    /// With half of its data, then it waits.
    Stalls(Content, u64),
}

/// The hosts of the fixture's web sources; the import filter lets only these pass.
const HOSTS: [&str; 2] = ["127.0.0.1:18088", "127.0.0.1:8080"];

/// Whether the filter of `web-download` lets a URL pass: `glance/common/utils.py`,
/// `validate_uri`.
pub fn passes_filter(url: &str) -> bool {
    let rest = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
    let host = rest.and_then(|rest| rest.split('/').next());
    host.is_some_and(|host| HOSTS.contains(&host))
}

/// What a web source answers, `broken` being those that do not work. The fixture serves
/// `/raw/N`, `/slow/x/N`, `/short/N` and `/status/N`; other names are payload files.
pub fn source(url: &str, broken: &[(Arc<str>, Source)]) -> Source {
    // What passes may still not be served: the fixture speaks no TLS.
    if !passes_filter(url) || url.starts_with("https:") {
        return Source::Fails;
    }
    let path = url.splitn(4, '/').nth(3).unwrap_or_default();
    if let Some((_, source)) = broken.iter().find(|(name, _)| **name == *path) {
        return source.clone();
    }
    let bytes = path.rsplit('/').next().and_then(|last| last.parse().ok());
    match (path.split('/').next().unwrap_or_default(), bytes) {
        ("raw", Some(bytes)) => Source::Works(Content::Raw, bytes),
        ("slow", Some(bytes)) => Source::Stalls(Content::Raw, bytes),
        ("short", Some(bytes)) => Source::Short(bytes),
        ("status", _) => Source::Fails,
        _ => match Payload::named(path) {
            Some(file) => Source::Works(file.content, file.bytes),
            None => Source::Fails,
        },
    }
}

/// The SHA-512 of what `/raw/3000` serves: the one hash that the fixture is asked for.
const HASH_OF_3000: &str = "e42a5499ece580e82ffc1de652321c878ec12649db4929c06f2abc2d7e9be83e85e540aecfdcd34121f91234d4db216de839b0f8b4420661fb3e846b9d444ad3";

/// Whether data of a web source has this hash. A simplification: hashes are known, not computed.
pub fn hash_matches(bytes: u64, hash: &str) -> bool {
    bytes == 3000 && hash == HASH_OF_3000
}
