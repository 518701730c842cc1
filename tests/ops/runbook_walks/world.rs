//! Who watches the instances: one Prometheus with the project's rules in a hurry.

use std::{
    collections::BTreeSet,
    fs,
    net::SocketAddr,
    path::PathBuf,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use serde_json::Value;

use crate::{
    alerts::{RULES, hurried},
    files,
    prometheus::{Prometheus, targets},
    support::{
        postgres::{Database, Server},
        scratch,
    },
};

const TARGETS: &str = "dashboards/targets";

/// Seconds since 1970, as Prometheus counts.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs()
}

/// Prometheus, and the files that tell it whom to scrape.
pub struct World {
    pub prometheus: Prometheus,
    /// A server of its own: transactions that stay open keep other tests' rows from being cleaned up.
    server: Arc<Server>,
    dir: PathBuf,
}

impl World {
    /// Without targets.
    pub fn start() -> Self {
        let dir = Prometheus::dir();
        let rules = dir.join(RULES);
        fs::create_dir_all(rules.parent().expect("a directory")).expect("create a directory");
        fs::write(rules, hurried()).expect("write the rules");
        fs::create_dir_all(dir.join(TARGETS)).expect("create a directory");
        let configuration = files::read("prometheus.yml").replace("15s", "1s").replace("10s", "1s");
        let prometheus = Prometheus::start(&dir, &configuration);
        Self { prometheus, server: Server::own(&[]), dir }
    }

    /// A database for a scene.
    pub fn database(&self) -> Database {
        Database::migrated_on(self.server.clone())
    }

    /// One that belongs to a role of its own.
    pub fn database_of_own_role(&self) -> Database {
        Database::of_own_role_on(self.server.clone())
    }

    /// Scrapes it from now on, under this name.
    pub fn add(&self, instance: &str, address: SocketAddr) {
        // Prometheus must not read half a file.
        let whole = scratch::dir("targets").join(instance);
        fs::write(&whole, targets(&[(instance, address)])).expect("write a target");
        fs::rename(whole, self.target(instance)).expect("give it to Prometheus");
    }

    /// Scrapes it no more.
    pub fn forget(&self, instance: &str) {
        // It may be forgotten already.
        let _ = fs::remove_file(self.target(instance));
    }

    fn target(&self, instance: &str) -> PathBuf {
        self.dir.join(TARGETS).join(format!("{instance}.yml"))
    }

    /// Names of alerts that fire; of the instance of that name, or of none.
    pub fn firing(&self, instance: &str) -> BTreeSet<String> {
        let expr = format!("ALERTS{{alertstate=\"firing\",instance=\"{instance}\"}}");
        names(&self.prometheus.query(&expr))
    }

    /// As [`World::firing`], at any time since the start.
    pub fn fired(&self, instance: &str) -> BTreeSet<String> {
        let expr =
            format!("count_over_time(ALERTS{{alertstate=\"firing\",instance=\"{instance}\"}}[1h])");
        names(&self.prometheus.query(&expr))
    }

    /// What Prometheus says of the target: up or down, and why.
    pub fn target_of(&self, instance: &str) -> Option<Value> {
        let mut all = self.prometheus.api("/api/v1/targets?state=active");
        let all = all["activeTargets"].as_array_mut().map(std::mem::take).unwrap_or_default();
        all.into_iter().find(|target| target["labels"]["instance"] == instance)
    }
}

fn names(series: &[Value]) -> BTreeSet<String> {
    let name = |series: &Value| series["metric"]["alertname"].as_str().map(str::to_owned);
    series.iter().filter_map(name).collect()
}
