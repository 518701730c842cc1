//! A headless Chromium, controlled through the pipe of its DevTools protocol.

use std::{
    cell::RefCell,
    io::{BufRead as _, BufReader, Write as _},
    path::PathBuf,
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::support::scratch;

const PATIENCE: Duration = Duration::from_secs(60);

/// A browser with one page. Dropping this ends it.
pub struct Chromium {
    child: Child,
    to: ChildStdin,
    from: Receiver<Value>,
    session: String,
    last_id: u64,
    /// The events of the page, in order.
    events: RefCell<Vec<Value>>,
    profile: PathBuf,
}

impl Chromium {
    /// Starts it with a blank page whose console, requests and loads are recorded.
    pub fn start() -> Self {
        let profile = scratch::dir("chromium");
        // The protocol uses descriptors 3 and 4, which a shell redirects to the standard ones.
        let mut child = Command::new("sh")
            .args(["-c", "exec chromium \"$@\" 3<&0 4>&1 0</dev/null 1>&2", "chromium"])
            .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
            .args(["--no-first-run", "--disable-background-networking", "--hide-scrollbars"])
            .args(["--disable-component-update", "--disable-default-apps", "--disable-sync"])
            .arg(format!("--user-data-dir={}", profile.display()))
            .args(["--remote-debugging-pipe", "about:blank"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("start chromium: scripts/need.sh chromium");
        let to = child.stdin.take().expect("piped");
        let mut lines = BufReader::new(child.stdout.take().expect("piped"));
        let (sender, from) = channel();
        thread::spawn(move || {
            let mut message = Vec::new();
            while lines.read_until(0, &mut message).is_ok_and(|read| read > 0) {
                message.pop();
                let Ok(value) = serde_json::from_slice(&message) else { break };
                if sender.send(value).is_err() {
                    break;
                }
                message.clear();
            }
        });
        let events = RefCell::default();
        let (session, last_id) = (String::new(), 0);
        let mut browser = Self { child, to, from, session, last_id, events, profile };
        browser.attach();
        browser
    }

    fn attach(&mut self) {
        let target = self.call("Target.createTarget", json!({"url": "about:blank"}));
        let target = json!({"targetId": target["targetId"], "flatten": true});
        let attached = self.call("Target.attachToTarget", target);
        self.session = attached["sessionId"].as_str().expect("a session").to_owned();
        for domain in ["Page", "Runtime", "Network", "Log"] {
            self.call(&format!("{domain}.enable"), json!({}));
        }
    }

    /// Sends a command, and returns its result.
    pub fn call(&mut self, method: &str, params: Value) -> Value {
        self.last_id += 1;
        let id = self.last_id;
        let mut message = json!({"id": id, "method": method, "params": params});
        if !self.session.is_empty() {
            message["sessionId"] = self.session.as_str().into();
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        self.to.write_all(&bytes).expect("write to chromium");
        let deadline = Instant::now() + PATIENCE;
        loop {
            let message = self.receive(deadline).unwrap_or_else(|| panic!("no answer: {method}"));
            if message["id"] == id {
                assert_eq!(message.get("error"), None, "{method}");
                return message["result"].clone();
            }
        }
    }

    /// The next message. Events are recorded.
    fn receive(&self, deadline: Instant) -> Option<Value> {
        let patience = deadline.saturating_duration_since(Instant::now());
        match self.from.recv_timeout(patience) {
            Ok(message) => {
                if message.get("method").is_some() {
                    self.events.borrow_mut().push(message.clone());
                }
                Some(message)
            }
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => panic!("chromium ended"),
        }
    }

    /// Opens a page, and waits until it is loaded.
    pub fn open(&mut self, url: &str) {
        self.call("Page.navigate", json!({"url": url}));
        self.await_event("Page.loadEventFired", 1, PATIENCE);
    }

    /// Waits for this many further events of the name.
    pub fn await_event(&mut self, method: &str, count: usize, limit: Duration) {
        let deadline = Instant::now() + limit;
        let mut seen = self.take(method).len();
        while seen < count {
            let message = self.receive(deadline).unwrap_or_else(|| panic!("no {method}"));
            seen += usize::from(message["method"] == method);
        }
        self.take(method);
    }

    /// Takes the parameters of the recorded events of the name.
    pub fn take(&mut self, method: &str) -> Vec<Value> {
        let events = self.events.get_mut();
        let (taken, kept) = events.drain(..).partition(|event: &Value| event["method"] == method);
        *events = kept;
        let taken: Vec<Value> = taken;
        taken.into_iter().map(|mut event| event["params"].take()).collect()
    }

    /// The value of an expression in the page, or of its promise.
    pub fn evaluate(&mut self, expression: &str) -> Value {
        let params = json!({
            "expression": expression, "returnByValue": true, "awaitPromise": true,
            // The page's policy forbids scripts, but not those of the test.
            "allowUnsafeEvalBlockedByCSP": true,
        });
        let result = self.call("Runtime.evaluate", params);
        assert_eq!(
            result.get("exceptionDetails"),
            None,
            "{}",
            &expression[..expression.len().min(200)]
        );
        result["result"]["value"].clone()
    }

    /// Sets the window's size and the preferred colours.
    pub fn look(&mut self, width: u32, height: u32, scheme: &str) {
        let metrics =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.call("Emulation.setDeviceMetricsOverride", metrics);
        let features = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.call("Emulation.setEmulatedMedia", features);
    }

    /// The window as WebP, in base64; as PNG, a map is three times as large.
    pub fn screenshot(&mut self) -> String {
        let shot = self.call("Page.captureScreenshot", json!({"format": "webp", "quality": 90}));
        shot["data"].as_str().expect("an image").to_owned()
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.profile);
    }
}
