//! A static host on this machine: the built page with the strictest headers that it must pass, or a
//! page that embeds it.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

/// The policy of `docs/HOSTING.md`.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors *; require-trusted-types-for 'script'; \
    trusted-types 'none'";

/// The body that stands at a path, if one does.
type Body = Box<dyn Fn(&str) -> Option<Vec<u8>> + Send + Sync>;

/// What a host answers: its headers, and the body of each path.
pub(crate) struct Site {
    headers: String,
    body: Body,
}

impl Site {
    /// The built page below `prefix`, as a careful host would send it.
    pub(crate) fn page(prefix: &'static str) -> Self {
        let strict = format!(
            "Content-Security-Policy: {POLICY}\r\n\
             X-Content-Type-Options: nosniff\r\n\
             Referrer-Policy: no-referrer\r\n\
             Access-Control-Allow-Origin: *\r\n\
             Cross-Origin-Resource-Policy: cross-origin\r\n\
             Cross-Origin-Embedder-Policy: require-corp\r\n"
        );
        Self { headers: strict, ..Self::folder(dist(), prefix) }
    }

    /// The files of a folder below `prefix`, without any policy.
    pub(crate) fn folder(folder: PathBuf, prefix: &'static str) -> Self {
        let body = move |path: &str| {
            let name = path.strip_prefix(prefix)?;
            let name = if name.is_empty() { "index.html" } else { name };
            let is_plain = name.split('/').all(|part| part != "..");
            if is_plain { fs::read(folder.join(name)).ok() } else { None }
        };
        Self { headers: String::new(), body: Box::new(body) }
    }

    /// One page of HTML, without any policy: somebody else's site that embeds ours.
    pub(crate) fn html(html: String) -> Self {
        let body = move |path: &str| (path == "/").then(|| html.clone().into_bytes());
        Self { headers: String::new(), body: Box::new(body) }
    }

    /// The same, with another policy.
    pub(crate) fn with_policy(mut self, policy: &str) -> Self {
        self.headers = format!("Content-Security-Policy: {policy}\r\n");
        self
    }

    /// The same, without the files whose path ends so.
    pub(crate) fn without(mut self, ending: &'static str) -> Self {
        let body = self.body;
        self.body = Box::new(move |path| if path.ends_with(ending) { None } else { body(path) });
        self
    }

    /// The same, but files whose path has this in it take so long.
    pub(crate) fn slow(mut self, part: &'static str, delay: Duration) -> Self {
        let body = self.body;
        self.body = Box::new(move |path| {
            if path.contains(part) {
                thread::sleep(delay);
            }
            body(path)
        });
        self
    }

    /// Serves until the test run ends and gives the origin, like `http://127.0.0.1:41234`.
    pub(crate) fn serve(self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let origin = format!("http://{}", listener.local_addr().expect("an address"));
        let site = Arc::new(self);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let site = Arc::clone(&site);
                // A visitor who hangs up in the middle is no failure of the host.
                thread::spawn(move || site.answer(&stream).unwrap_or_default());
            }
        });
        origin
    }

    fn answer(&self, mut stream: &TcpStream) -> std::io::Result<()> {
        let mut lines = BufReader::new(stream).lines();
        let request = lines.next().transpose()?.unwrap_or_default();
        while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
        let target = request.split(' ').nth(1).unwrap_or("/");
        let path = target.split(['?', '#']).next().unwrap_or_default();
        let body = (self.body)(path);
        let status = if body.is_some() { "200 OK" } else { "404 Not Found" };
        let (body, kind) = body.map_or((Vec::new(), "text/plain"), |body| (body, media_type(path)));
        write!(stream, "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n", body.len())?;
        write!(stream, "Cache-Control: no-store\r\nConnection: close\r\n{}\r\n", self.headers)?;
        stream.write_all(&body)
    }
}

/// Where the built page is.
pub(crate) fn dist() -> PathBuf {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("dist");
    assert!(dist.join("index.html").is_file(), "dist/ has no page: run `make build` first, or `make test`");
    dist
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "json" => "application/json",
        "txt" | "jsonl" => "text/plain; charset=utf-8",
        _ => "text/html; charset=utf-8",
    }
}
