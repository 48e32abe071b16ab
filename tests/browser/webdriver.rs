//! As much of the `WebDriver` protocol (JSON over HTTP) as the tests need. Written out because a client
//! library with its asynchronous runtime would take longer to compile than all tests take to run.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

/// An element reference's key, as the standard fixes it.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A running chromedriver with one browser window.
pub(crate) struct Session {
    driver: Child,
    port: u16,
    id: String,
}

impl Session {
    /// Starts a driver on a free port and, through it, a browser with these arguments.
    pub(crate) fn start(arguments: &[String]) -> Self {
        let (driver, port) = start_driver();
        let mut options = json!({ "args": arguments });
        if let Ok(browser) = std::env::var("CHROMIUM") {
            options["binary"] = json!(browser);
        }
        let capabilities = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": options,
            "goog:loggingPrefs": { "browser": "ALL" },
        } } });
        let mut session = Self { driver, port, id: String::new() };
        let answer = session.call("POST", "/session", &capabilities).expect("a browser starts");
        answer["sessionId"].as_str().expect("a session").clone_into(&mut session.id);
        session
    }

    /// Sends a command of the session, like `url`.
    pub(crate) fn command(&self, name: &str, parameters: &Value) -> Result<Value, String> {
        self.call("POST", &format!("/session/{}/{name}", self.id), parameters)
    }

    /// Asks for something of the session, like `screenshot`.
    pub(crate) fn ask(&self, name: &str) -> Result<Value, String> {
        self.call("GET", &format!("/session/{}/{name}", self.id), &Value::Null)
    }

    /// Sends a command of Chromium's own protocol, like `Emulation.setEmulatedMedia`.
    pub(crate) fn devtools(&self, command: &str, parameters: &Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        self.command("goog/cdp/execute", &body).unwrap_or_else(|problem| panic!("{command}: {problem}"))
    }

    /// The first element that a CSS selector matches.
    pub(crate) fn element(&self, selector: &str) -> Result<String, String> {
        let found = self.command("element", &json!({ "using": "css selector", "value": selector }))?;
        found[ELEMENT].as_str().map(str::to_owned).ok_or_else(|| format!("no element: {found}"))
    }

    /// A reference to an element as an argument of a command.
    pub(crate) fn reference(element: &str) -> Value {
        json!({ ELEMENT: element })
    }

    fn call(&self, method: &str, path: &str, body: &Value) -> Result<Value, String> {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let (status, answer) = exchange(self.port, method, path, &body).map_err(|error| error.to_string())?;
        let mut answer: Value = serde_json::from_str(&answer).map_err(|_| answer)?;
        let value = answer["value"].take();
        if status == 200 { Ok(value) } else { Err(value["message"].as_str().unwrap_or("?").to_owned()) }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // Ending is a courtesy: whatever is left ends with the driver.
        let _ = self.call("DELETE", &format!("/session/{}", self.id), &Value::Null);
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// A driver and its port. The port that it picks may be taken before it listens there; then it ends, and another
/// one is started.
fn start_driver() -> (Child, u16) {
    const TRIES: usize = 5;
    let program = std::env::var("CHROMEDRIVER").unwrap_or_else(|_| "chromedriver".to_owned());
    (0..TRIES).find_map(|_| try_driver(&program)).expect("chromedriver says which port it uses")
}

fn try_driver(program: &str) -> Option<(Child, u16)> {
    const READY: &str = "started successfully on port ";
    let mut driver = Command::new(program)
        .args(["--port=0", "--log-level=SEVERE"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("{program} does not start ({error}): `make test` installs it"));
    let mut lines = BufReader::new(driver.stdout.take().expect("it is piped")).lines();
    let port = lines.by_ref().map_while(Result::ok).find_map(|line| {
        let (_, rest) = line.split_once(READY)?;
        rest.trim_end_matches('.').parse().ok()
    });
    let Some(port) = port else {
        let _ = driver.wait();
        return None;
    };
    thread::spawn(move || lines.for_each(drop));
    Some((driver, port))
}

/// One request and its answer: the status and the body.
fn exchange(port: u16, method: &str, path: &str, body: &str) -> std::io::Result<(u16, String)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_mins(1)))?;
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )?;
    let mut reader = BufReader::new(stream);
    let (mut status, mut length, mut line) = (0, 0, String::new());
    while reader.read_line(&mut line)? > 2 {
        let header = line.to_ascii_lowercase();
        if let Some(rest) = header.strip_prefix("http/1.1 ") {
            status = rest.split(' ').next().and_then(|code| code.parse().ok()).unwrap_or(0);
        } else if let Some(bytes) = header.strip_prefix("content-length:") {
            length = bytes.trim().parse().unwrap_or(0);
        }
        line.clear();
    }
    let mut answer = vec![0; length];
    reader.read_exact(&mut answer)?;
    Ok((status, String::from_utf8_lossy(&answer).into_owned()))
}
