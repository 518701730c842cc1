//! A real Prometheus that scrapes one service.

use std::{
    fs,
    net::SocketAddr,
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;
use url::form_urlencoded;

use crate::support::{http, scratch, service::PATIENCE};

/// The server. Dropping it kills it.
pub struct Prometheus {
    child: Child,
    address: SocketAddr,
    home: PathBuf,
}

impl Prometheus {
    /// One that scrapes this service each second, as job `sectorwatch`, and answers already.
    pub fn watching(service: SocketAddr) -> Self {
        let (home, address) = (scratch::dir("prometheus"), http::free_address());
        let config = format!(
            "global: {{scrape_interval: 1s, scrape_timeout: 1s}}\n\
             scrape_configs:\n\
             - job_name: sectorwatch\n  static_configs: [{{targets: ['{service}']}}]\n"
        );
        fs::write(home.join("prometheus.yml"), config).expect("write its configuration");
        let log = fs::File::create(home.join("log")).expect("its log");
        let child = Command::new("prometheus")
            .arg(format!("--config.file={}", home.join("prometheus.yml").display()))
            .arg(format!("--storage.tsdb.path={}", home.join("tsdb").display()))
            .arg(format!("--web.listen-address={address}"))
            .current_dir(&home)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("prometheus, which scripts/need.sh prometheus installs");
        let prometheus = Self { child, address, home };
        let deadline = Instant::now() + PATIENCE;
        while !http::get(address, "/-/ready").is_ok_and(|answer| answer.status == 200) {
            let log = || fs::read_to_string(prometheus.home.join("log")).unwrap_or_default();
            assert!(Instant::now() < deadline, "prometheus does not answer:\n{}", log());
            thread::sleep(Duration::from_millis(50));
        }
        prometheus
    }

    /// What an expression is at one moment, as its API answers.
    pub fn at(&self, expr: &str, moment: u64) -> Value {
        self.ask("query", &[("query", expr), ("time", &moment.to_string())])
    }

    /// What an expression is in a range, second by second, as its API answers.
    pub fn over(&self, expr: &str, from: u64, to: u64) -> Value {
        let (from, to) = (from.to_string(), to.to_string());
        self.ask("query_range", &[("query", expr), ("start", &from), ("end", &to), ("step", "1")])
    }

    fn ask(&self, question: &str, parameters: &[(&str, &str)]) -> Value {
        let parameters =
            form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
        let path = format!("/api/v1/{question}?{parameters}");
        http::get(self.address, &path).expect("prometheus answers").json()
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
