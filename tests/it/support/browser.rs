//! Headless Chromium, spoken to over a pipe in its DevTools protocol: no driver, no port, no crate.
//!
//! Where no Chromium is installed a test says so and passes; on a build machine (`CI` or
//! `SCHEMAGEN_REQUIRE_BROWSER` is set) that is a failure instead.

use std::cell::RefCell;
use std::env;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// No answer takes longer, however busy the machine is.
const PATIENCE: Duration = Duration::from_secs(120);

/// A browser with one page.
pub(crate) struct Browser {
    child: Child,
    messages: Receiver<Value>,
    state: RefCell<State>,
    session: String,
    /// Its profile, gone with it.
    _profile: tempfile::TempDir,
}

struct State {
    input: ChildStdin,
    last: u64,
    /// What was told without being asked, in order.
    events: Vec<Value>,
}

impl Browser {
    /// A browser, where this machine has one.
    pub(crate) fn start() -> Option<Self> {
        let Some(program) = program() else {
            not_installed("Chromium");
            return None;
        };
        let profile = tempfile::tempdir().unwrap();
        // The pipes of the protocol are descriptors 3 and 4; a shell is who can place them.
        let mut child = Command::new("sh")
            .arg("-c")
            .arg("exec \"$0\" \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>&1")
            .arg(program)
            .args([
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--remote-debugging-pipe",
            ])
            .args([
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--window-size=1280,900",
            ])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let input = child.stdin.take().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            while output.read_until(0, &mut bytes).is_ok_and(|n| n > 0) {
                bytes.pop();
                let message = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
                if sender.send(message).is_err() {
                    return;
                }
                bytes.clear();
            }
        });
        let mut browser = Self {
            child,
            messages,
            state: RefCell::new(State {
                input,
                last: 0,
                events: Vec::new(),
            }),
            session: String::new(),
            _profile: profile,
        };
        let target = browser.send("Target.createTarget", json!({ "url": "about:blank" }));
        let target = json!({ "targetId": target["targetId"], "flatten": true });
        let session = browser.send("Target.attachToTarget", target);
        browser.session = session["sessionId"].as_str().unwrap().to_owned();
        for domain in ["Page", "Runtime", "Network", "Log"] {
            browser.send(&format!("{domain}.enable"), json!({}));
        }
        Some(browser)
    }

    /// Asks for something and waits for the answer.
    pub(crate) fn send(&self, method: &str, params: Value) -> Value {
        let id = {
            let mut state = self.state.borrow_mut();
            state.last += 1;
            let mut message = json!({ "id": state.last, "method": method, "params": params });
            if !self.session.is_empty() {
                message["sessionId"] = self.session.clone().into();
            }
            write!(state.input, "{message}\0").unwrap();
            state.input.flush().unwrap();
            state.last
        };
        let answer = self.wait(method, |message| message["id"] == id);
        assert!(answer["error"].is_null(), "{method}: {}", answer["error"]);
        answer["result"].clone()
    }

    fn wait(&self, what: &str, is_it: impl Fn(&Value) -> bool) -> Value {
        let until = Instant::now() + PATIENCE;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let message = self.messages.recv_timeout(left);
            let message = message.unwrap_or_else(|e| panic!("{what}: no answer: {e}"));
            if is_it(&message) {
                return message;
            }
            self.state.borrow_mut().events.push(message);
        }
    }

    /// Opens a file of this machine and waits until it has loaded.
    pub(crate) fn open(&self, file: &Path) {
        let url = format!("file://{}", file.display());
        self.send("Page.navigate", json!({ "url": url }));
        self.wait("load", |message| message["method"] == "Page.loadEventFired");
    }

    /// The value of an expression in the page; a promise is waited for.
    pub(crate) fn eval(&self, expression: &str) -> Value {
        let params = json!({
            "expression": expression, "returnByValue": true, "awaitPromise": true,
        });
        let answer = self.send("Runtime.evaluate", params);
        let wrong = &answer["exceptionDetails"];
        assert!(wrong.is_null(), "{expression}: {wrong}");
        answer["result"]["value"].clone()
    }

    /// The next frame has been drawn.
    pub(crate) fn settle(&self) {
        self.eval("new Promise(r => requestAnimationFrame(() => setTimeout(r, 30)))");
    }

    /// Presses a key as a keyboard would.
    pub(crate) fn press(&self, key: &str) {
        let code = match key {
            "Tab" => 9,
            "Enter" => 13,
            "Escape" => 27,
            "ArrowLeft" => 37,
            "ArrowUp" => 38,
            "ArrowRight" => 39,
            "ArrowDown" => 40,
            _ => 0,
        };
        let text = match key {
            "Enter" => "\r",
            key if key.chars().count() == 1 => key,
            _ => "",
        };
        let mut down = json!({ "type": "keyDown", "key": key, "windowsVirtualKeyCode": code });
        if !text.is_empty() {
            down["text"] = text.into();
        }
        self.send("Input.dispatchKeyEvent", down);
        let up = json!({ "type": "keyUp", "key": key, "windowsVirtualKeyCode": code });
        self.send("Input.dispatchKeyEvent", up);
    }

    /// The addresses that anything was asked from, and the errors of scripts.
    pub(crate) fn traffic(&self) -> (Vec<String>, Vec<String>) {
        let (mut requests, mut errors) = (Vec::new(), Vec::new());
        for event in &self.state.borrow().events {
            let params = &event["params"];
            match event["method"].as_str() {
                Some("Network.requestWillBeSent") => {
                    requests.push(params["request"]["url"].as_str().unwrap_or("").to_owned());
                }
                Some("Runtime.exceptionThrown") => errors.push(params.to_string()),
                Some("Log.entryAdded") => errors.push(params["entry"]["text"].to_string()),
                _ => {}
            }
        }
        (requests, errors)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Chromium: what the environment names, or the search path has.
fn program() -> Option<PathBuf> {
    if let Some(named) = env::var_os("SCHEMAGEN_CHROMIUM") {
        return Some(named.into());
    }
    let path = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    let names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
    let places = names
        .iter()
        .flat_map(|name| folders.iter().map(move |f| f.join(name)));
    places.into_iter().find(|place| place.is_file())
}

/// The text of axe-core, which `scripts/fetch-axe` fetches.
pub(crate) fn axe() -> Option<String> {
    let fetched = concat!(env!("CARGO_MANIFEST_DIR"), "/target/axe/package/axe.min.js");
    let place = env::var("SCHEMAGEN_AXE").unwrap_or_else(|_| fetched.to_owned());
    let text = std::fs::read_to_string(place).ok();
    if text.is_none() {
        not_installed("axe-core (scripts/fetch-axe fetches it)");
    }
    text
}

#[expect(
    clippy::print_stderr,
    reason = "a skipped test has no other way to say so"
)]
fn not_installed(what: &str) {
    let insisted = ["SCHEMAGEN_REQUIRE_BROWSER", "CI"];
    if let Some(name) = insisted
        .into_iter()
        .find(|name| env::var_os(name).is_some())
    {
        panic!("this test needs {what}, {name} is set, and it was not found");
    }
    eprintln!("skipped: {what} is not installed (SCHEMAGEN_CHROMIUM may name the program)");
}
