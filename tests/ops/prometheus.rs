//! A real Prometheus as a child process, which scrapes and evaluates in a hurry.

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

/// A running server, with all that it keeps in a scratch directory. Dropping it kills it, and shows its
/// last words when the test fails.
pub struct Prometheus {
    child: Child,
    address: SocketAddr,
    dir: PathBuf,
}

impl Prometheus {
    /// Runs this configuration, whose relative paths are below `dir`, and waits until it is ready.
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

    /// An empty directory for one.
    pub fn dir() -> PathBuf {
        scratch::dir("prometheus")
    }

    /// The field `data` of an answer of its API.
    pub fn api(&self, path: &str) -> Value {
        let answer = self.try_get(path).unwrap_or_else(|| panic!("GET {path}: no answer"));
        let mut json = answer.json();
        assert_eq!(json["status"], "success", "GET {path}: {json}");
        json["data"].take()
    }

    /// The result of an instant query.
    pub fn query(&self, expr: &str) -> Vec<Value> {
        self.ask("query", &[("query", expr)])
    }

    /// What a graph of this time shows, with a point each second; of one moment, when it is one.
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

/// A file for `file_sd`: instances by name, and where they listen.
pub fn targets(instances: &[(&str, SocketAddr)]) -> String {
    let target = |(name, address): &(&str, SocketAddr)| json!({"targets": [address.to_string()], "labels": {"instance": name}});
    json!(instances.iter().map(target).collect::<Vec<_>>()).to_string()
}
