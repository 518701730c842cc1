//! A real Prometheus as a child process, with short intervals.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use serde_json::{Value, json};
use url::form_urlencoded;

use crate::support::{
    http::{self, Answered},
    scratch,
    wait::until,
};

const PATIENCE: Duration = Duration::from_secs(30);

/// A running server, which keeps its files in a scratch directory. It is killed when dropped, and
/// the end of its log is printed if the test fails.
pub struct Prometheus {
    child: Child,
    address: SocketAddr,
    dir: PathBuf,
}

impl Prometheus {
    /// Starts a server with this configuration, whose relative paths are below `dir`, and waits
    /// until it is ready.
    pub fn start(dir: &Path, configuration: &str) -> Self {
        let address = http::free_address();
        fs::write(dir.join("prometheus.yml"), configuration).expect("write the configuration");
        let log = fs::File::create(dir.join("log")).expect("create its log");
        let child = Command::new("prometheus")
            .arg("--config.file=prometheus.yml")
            .arg("--storage.tsdb.path=tsdb")
            .arg(format!("--web.listen-address={address}"))
            .current_dir(dir)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("prometheus, which scripts/need.sh prometheus installs");
        let mut server = Self { child, address, dir: dir.to_owned() };
        until("Prometheus is ready", PATIENCE, || {
            let ended = server.child.try_wait().expect("wait for the child");
            assert!(ended.is_none(), "Prometheus ended: {ended:?}");
            server.try_get("/-/ready").is_some_and(|answer| answer.status == 200)
        });
        server
    }

    /// Creates an empty directory for a server.
    pub fn dir() -> PathBuf {
        scratch::dir("prometheus")
    }

    /// The field `data` of an answer of the API.
    pub fn api(&self, path: &str) -> Value {
        let answer = self.try_get(path).unwrap_or_else(|| panic!("GET {path}: no answer"));
        let mut json = answer.json();
        assert_eq!(json["status"], "success", "GET {path}: {json}");
        json["data"].take()
    }

    pub fn query(&self, expr: &str) -> Vec<Value> {
        self.ask("query", &[("query", expr)])
    }

    /// The series of a graph from `from` to `to`, with one point per second. If both are equal, the
    /// result of an instant query.
    pub fn series(&self, expr: &str, from: u64, to: u64) -> Vec<Value> {
        let (from_text, to_text) = (from.to_string(), to.to_string());
        match from == to {
            true => self.ask("query", &[("query", expr), ("time", &to_text)]),
            false => self.ask(
                "query_range",
                &[("query", expr), ("start", &from_text), ("end", &to_text), ("step", "1")],
            ),
        }
    }

    fn ask(&self, question: &str, parameters: &[(&str, &str)]) -> Vec<Value> {
        let encoded =
            form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
        match self.api(&format!("/api/v1/{question}?{encoded}"))["result"].take() {
            Value::Array(result) => result,
            other => vec![other],
        }
    }

    fn try_get(&self, path: &str) -> Option<Answered> {
        http::get(self.address, path).ok()
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if thread::panicking() {
            let log = fs::read_to_string(self.dir.join("log")).unwrap_or_default();
            let lines: Vec<_> = log.lines().collect();
            let tail = &lines[lines.len().saturating_sub(20)..];
            eprintln!("the last words of Prometheus:\n{}", tail.join("\n"));
        }
    }
}

/// The contents of a file for `file_sd`, with the name and address of each instance.
pub fn targets(instances: &[(&str, SocketAddr)]) -> String {
    let target = |(name, address): &(&str, SocketAddr)| json!({"targets": [address.to_string()], "labels": {"instance": name}});
    json!(instances.iter().map(target).collect::<Vec<_>>()).to_string()
}
