//! The service as a child process: its log, its pages, its exit.

use std::{
    net::SocketAddr,
    process::{Child, ExitStatus},
    thread,
    time::Duration,
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::Value;

use super::{
    documents::Feed,
    feed_server::FeedServer,
    http::{self, Answered},
    lines::Lines,
    scrapes, wait,
};
pub use super::{setup::Setup, wait::PATIENCE};

const METRICS: &str = "/metrics";
/// The longest wait for the last scrape. It is short, because a blocked service does not answer.
const NOTED_WITHIN: Duration = Duration::from_secs(1);
const LINES_SHOWN: usize = 40;

/// The result of a run.
#[derive(Debug)]
pub struct Ended {
    /// The exit code, or `None` if a signal ended the process.
    pub code: Option<i32>,
    pub stdout: String,
    /// This includes the log.
    pub stderr: String,
}

const AUDITED_AT: &str = "sectorwatch_db_audit_last_success_timestamp_seconds";
const HEARTBEAT: &str = "sectorwatch_poller_heartbeat_timestamp_seconds";

/// A running child process. It is killed when dropped. If the test fails, the end of its log is
/// printed.
pub struct Service {
    child: Child,
    address: SocketAddr,
    stdout: Lines,
    stderr: Lines,
    ended: Option<ExitStatus>,
}

impl Service {
    /// Takes over a child process with piped output that listens on `address`.
    pub fn of(mut child: Child, address: SocketAddr) -> Self {
        Self {
            stdout: Lines::of(child.stdout.take().expect("piped")),
            stderr: Lines::of(child.stderr.take().expect("piped")),
            child,
            address,
            ended: None,
        }
    }

    pub fn pid(&self) -> i32 {
        i32::try_from(self.child.id()).expect("a process id")
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Requests a path, and returns the answer with any status.
    pub fn get(&self, path: &str) -> Answered {
        let answer = http::get(self.address, path);
        let answer = answer.unwrap_or_else(|error| panic!("GET {path}: {error}"));
        if path == METRICS {
            scrapes::note(&answer.text());
        }
        answer
    }

    /// Scrapes and records the metrics before the service ends.
    pub fn note_scrape(&self) {
        if let Ok(answer) = http::get_within(self.address, METRICS, NOTED_WITHIN) {
            scrapes::note(&answer.text());
        }
    }

    /// Requests a path. Returns `None` if there is no answer.
    pub fn try_get(&self, path: &str) -> Option<Answered> {
        http::get(self.address, path).ok()
    }

    /// The document `/api/status`, whatever its verdict.
    pub fn status(&self) -> Value {
        self.get("/api/status?always200=1").json()
    }

    /// The sum of all series with this name and at least these labels, written as `name` or
    /// `name{a="b",…}`.
    pub fn metric(&self, series: &str) -> f64 {
        let page = self.get(METRICS).text();
        metric(&page, series).unwrap_or_else(|| panic!("no {series} in:\n{page}"))
    }

    /// The number of cycles with this outcome, for example `success`.
    pub fn cycles_of(&self, outcome: &str) -> u64 {
        let status = self.status();
        let count = status["poller"]["cycles"][outcome].as_u64();
        count.unwrap_or_else(|| panic!("no outcome {outcome}: {}", status["poller"]))
    }

    /// The number of ended cycles.
    pub fn cycles(&self) -> u64 {
        let status = self.status();
        let counts = status["poller"]["cycles"].as_object().expect("cycles");
        counts.values().filter_map(Value::as_u64).sum()
    }

    /// Waits until `holds` returns true. Fails the test after the limit, or when the service has
    /// ended.
    pub fn wait_until(
        &mut self,
        what: &str,
        limit: Duration,
        mut holds: impl FnMut(&Self) -> bool,
    ) {
        wait::until(what, limit, || {
            let ended = if holds(self) { return true } else { self.ended() };
            assert!(ended.is_none(), "ended ({ended:?}) before: {what}");
            false
        });
    }

    /// Waits for this many more cycles with this outcome, for each as long as a test is patient: a cycle is as far
    /// from the next one as the service is told to poll.
    pub fn await_cycles(&mut self, outcome: &str, more: u64) {
        let before = self.cycles_of(outcome);
        for cycle in 1..=more {
            let what = format!("cycle {cycle} of {more} that end with {outcome}");
            self.wait_until(&what, PATIENCE, |s| s.cycles_of(outcome) >= before + cycle);
        }
    }

    /// Waits for this many complete and successful audits of the server.
    pub fn await_audits(&mut self, count: u32) {
        // One audit may have begun before this call, so wait for one more.
        for _ in 0..=count {
            let last = self.metric(AUDITED_AT);
            self.wait_until("an audit", PATIENCE, |it| it.metric(AUDITED_AT) > last);
        }
    }

    /// Waits until a fault point blocks.
    pub fn await_block(&mut self) {
        self.wait_until("the fault point is reached", PATIENCE, |it| {
            it.log().iter().any(|line| line.starts_with("fault: blocked at "))
        });
    }

    /// Waits until the poller's heartbeat has advanced by this time.
    pub fn await_heartbeats(&mut self, time: Duration) {
        let until = self.metric(HEARTBEAT) + time.as_secs_f64();
        self.wait_until("heartbeats", PATIENCE + time, |it| it.metric(HEARTBEAT) >= until);
    }

    /// Publishes a document, and waits until another cycle has stored it completely.
    pub fn take(&mut self, feed: &FeedServer, document: &Feed) {
        let target = self.cycles_of("success") + 1;
        feed.publish(document);
        let what = format!("a success with {}", document.time());
        self.wait_until(&what, PATIENCE, |s| s.cycles_of("success") >= target);
    }

    /// The lines of its standard output so far.
    pub fn said(&self) -> Vec<String> {
        self.stdout.all()
    }

    /// The lines of its log so far.
    pub fn log(&self) -> Vec<String> {
        self.stderr.all()
    }

    /// The lines of the log, as JSON, whose message contains this text.
    pub fn logged(&self, text: &str) -> Vec<Value> {
        let lines = self.log().into_iter();
        lines
            .filter_map(|line| serde_json::from_str::<Value>(&line).ok())
            .filter(|line| {
                let message = line.pointer("/fields/message").or(line.get("message"));
                message.and_then(Value::as_str).unwrap_or("").contains(text)
            })
            .collect()
    }

    pub fn signal(&self, signal: Signal) {
        kill(Pid::from_raw(self.pid()), signal).expect("signal the service");
    }

    /// Sends SIGKILL, and waits for the end.
    pub fn kill(mut self) {
        self.note_scrape();
        self.signal(Signal::SIGKILL);
        self.await_end(PATIENCE);
    }

    /// Sends SIGTERM, and waits for the end.
    pub fn terminate(self, limit: Duration) -> Ended {
        self.note_scrape();
        self.signal(Signal::SIGTERM);
        self.finish(limit)
    }

    /// Waits for the end, and returns the output.
    pub fn finish(mut self, limit: Duration) -> Ended {
        let status = self.await_end(limit);
        Ended { code: status.code(), stdout: self.stdout.whole(), stderr: self.stderr.whole() }
    }

    /// The exit status, if the service has ended.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.ended = self.child.try_wait().expect("wait for the child");
        self.ended
    }

    /// Waits for the end. The output can still be read.
    pub fn await_end(&mut self, limit: Duration) -> ExitStatus {
        wait::until_ok(limit, || self.ended().ok_or("it ends"))
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        if self.ended().is_none() {
            self.note_scrape();
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
        if thread::panicking() {
            let log = self.log();
            let tail = &log[log.len().saturating_sub(LINES_SHOWN)..];
            eprintln!("the service's last words:\n{}", tail.join("\n"));
        }
    }
}

fn metric(page: &str, series: &str) -> Option<f64> {
    let (name, labels) = series.split_once('{').unwrap_or((series, ""));
    let wanted: Vec<&str> =
        labels.trim_end_matches('}').split(',').filter(|label| !label.is_empty()).collect();
    let values: Vec<f64> = page
        .lines()
        .filter_map(|line| {
            let (key, value) = line.rsplit_once(' ')?;
            let (this, labels) = key.split_once('{').unwrap_or((key, ""));
            let labels: Vec<&str> = labels.trim_end_matches('}').split(',').collect();
            let fits = this == name && wanted.iter().all(|label| labels.contains(label));
            fits.then(|| value.parse().ok())?
        })
        .collect();
    (!values.is_empty()).then(|| values.iter().sum())
}

#[test]
fn a_metric_is_the_sum_of_what_fits() {
    let page =
        "# HELP a x\na{b=\"1\",c=\"x\"} 2\na{b=\"1\",c=\"y\"} 3\na{b=\"2\",c=\"x\"} 5\naa 7\n";
    for (series, value) in [
        ("a", Some(10.0)),
        ("a{b=\"1\"}", Some(5.0)),
        ("a{c=\"x\",b=\"2\"}", Some(5.0)),
        ("aa", Some(7.0)),
        ("a{b=\"3\"}", None),
        ("b", None),
    ] {
        assert_eq!(metric(page, series), value, "{series}");
    }
}
