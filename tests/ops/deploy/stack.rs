//! `scripts/stack.sh`, which runs the services of `docker-compose.yml` with their environment, but
//! without containers.

use std::{
    net::{SocketAddr, TcpStream},
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use nix::sys::signal::Signal;
use serde_json::Value;

use super::{compose, project};
use crate::support::{
    http, scratch,
    service::{PATIENCE, Service},
    wait::{until, until_ok},
};

/// Time for two scrapes and two evaluations, which happen every 15 s.
const OBSERVED: Duration = Duration::from_secs(75);
/// Time for an audit, which happens every 30 s, and a scrape.
const AUDITED: Duration = Duration::from_secs(60);

/// The running services. They end when this is dropped.
pub struct Stack {
    /// The script, with the address of the service.
    pub script: Service,
    postgres: SocketAddr,
    prometheus: SocketAddr,
    sectorwatch: SocketAddr,
}

/// Starts this program with the environment of `docker-compose.yml`, except for the addresses.
/// PostgreSQL runs on the host `postgres_host`.
pub fn start(program: &Path, postgres_host: &str) -> Stack {
    let [postgres, prometheus, sectorwatch] = [(); 3].map(|()| http::free_address());
    let compose = compose::compose();
    let environment = compose["services"]["sectorwatch"]["environment"].as_object();
    let environment = environment.expect("an environment").iter().map(|(name, value)| {
        let value = value.as_str().expect("a text");
        let at = format!("@{postgres_host}:{}/", postgres.port());
        let value = value.replace("@postgres/", &at);
        (name.clone(), value.replace("0.0.0.0:8080", &sectorwatch.to_string()))
    });
    let child = Command::new("scripts/stack.sh")
        .arg(scratch::dir("stack"))
        .arg(program)
        .args(["serve", "--demo"])
        .current_dir(project())
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("POSTGRES_PASSWORD", compose::PASSWORD)
        .env("POSTGRES_PORT", postgres.port().to_string())
        .env("PROMETHEUS_PORT", prometheus.port().to_string())
        .envs(environment)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("start the script");
    let mut script = Service::of(child, sectorwatch);
    script.wait_until("everything runs", 2 * PATIENCE, |script| {
        script.said().iter().any(|line| line.contains("everything runs"))
    });
    Stack { script, postgres, prometheus, sectorwatch }
}

impl Stack {
    /// The field `data` of an answer of Prometheus' API.
    fn ask(&self, path: &str) -> Value {
        let answer = http::get(self.prometheus, path).expect("an answer of Prometheus").json();
        assert_eq!(answer["status"], "success", "{answer}");
        answer["data"].clone()
    }

    /// The targets, once each was scraped twice and every rule was evaluated.
    fn settled(&self) -> Option<Value> {
        let targets = self.ask("/api/v1/targets");
        let rules = self.ask("/api/v1/rules");
        let groups = list(&rules, "groups");
        let evaluated = |rule: &Value| {
            rule["lastEvaluation"].as_str().is_some_and(|it| !it.starts_with("0001"))
        };
        let mut rules = groups.iter().flat_map(|group| list(group, "rules"));
        let scraped = self.ask("/api/v1/query?query=count_over_time(up%5B5m%5D)%3E1");
        (list(&targets, "activeTargets").len() == 2
            && rules.all(evaluated)
            && list(&scraped, "result").len() == 2)
            .then_some(targets)
    }

    /// Checks that all targets are up, no alert fires, the service is well, and the audit sees both
    /// roles.
    pub fn check(&self) {
        let targets =
            until_ok(OBSERVED, || self.settled().ok_or_else(|| self.ask("/api/v1/targets")));
        for target in list(&targets, "activeTargets") {
            assert_eq!(target["health"], "up", "{target}");
        }
        let rules = self.ask("/api/v1/rules");
        let rules: Vec<_> =
            list(&rules, "groups").iter().flat_map(|group| list(group, "rules")).collect();
        assert!(
            rules.iter().filter(|rule| rule["type"] == "alerting").count() > 20,
            "alerts are loaded"
        );
        assert!(rules.iter().all(|rule| rule["health"] == "ok"), "{rules:?}");
        let alerts = self.ask("/api/v1/alerts");
        let firing: Vec<_> =
            list(&alerts, "alerts").iter().filter(|it| it["state"] == "firing").collect();
        assert!(firing.is_empty(), "{firing:?}");

        let status = self.script.status();
        let (verdict, simulated) = (&status["status"], &status["simulated"]);
        assert_eq!((verdict, simulated), (&"ok".into(), &true.into()), "{status}");
        self.await_sessions_of_both_roles();
        assert!(self.open_ports() == 3);
    }

    /// Ends the services with a signal, as a user does.
    pub fn stop(&mut self) {
        self.script.signal(Signal::SIGTERM);
        self.script.await_end(PATIENCE);
        self.await_silence();
    }

    /// Waits for three sessions: one of each pool and the audit's own. The pool `read` connects
    /// only when it is used.
    fn await_sessions_of_both_roles(&self) {
        let page = http::get(self.sectorwatch, "/api/flights/NOSUCH").expect("an answer");
        assert_eq!(page.status, 404);
        until_ok(AUDITED, || {
            let seen = self.ask("/api/v1/query?query=sum(sectorwatch_db_server_backends)");
            let seen = list(&seen, "result")[0]["value"][1].as_str().expect("a value").to_owned();
            let are_all = seen.parse::<f64>().is_ok_and(|sessions| sessions >= 3.0);
            if are_all { Ok(()) } else { Err(format!("{seen} sessions")) }
        });
    }

    fn open_ports(&self) -> usize {
        let all = [self.postgres, self.prometheus, self.sectorwatch];
        all.iter().filter(|address| TcpStream::connect(address).is_ok()).count()
    }

    fn await_silence(&self) {
        until("everything has ended", PATIENCE, || self.open_ports() == 0);
    }
}

fn list<'a>(value: &'a Value, name: &str) -> &'a Vec<Value> {
    value[name].as_array().unwrap_or_else(|| panic!("no {name} in {value}"))
}

fn started() -> Stack {
    start(Path::new(env!("CARGO_BIN_EXE_sectorwatch")), "127.0.0.1")
}

#[test]
fn all_targets_are_up_and_no_alert_fires() {
    let mut stack = started();
    stack.check();
    stack.stop();
}

#[test]
fn nothing_outlives_the_script() {
    let mut stack = started();
    stack.script.signal(Signal::SIGKILL);
    stack.script.await_end(PATIENCE);
    stack.await_silence();
}
