//! One Prometheus that watches all instances, with the project's rules and shorter times.

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

/// The current time in seconds since 1970, as Prometheus uses it.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs()
}

/// A running Prometheus, and the files of its targets.
pub struct World {
    pub prometheus: Prometheus,
    /// A server of its own, because the open transactions of scenes would keep rows of other tests
    /// from being vacuumed.
    server: Arc<Server>,
    dir: PathBuf,
}

impl World {
    /// Starts Prometheus without targets.
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

    pub fn database(&self) -> Database {
        Database::migrated_on(self.server.clone())
    }

    /// Creates a database that belongs to a role of its own.
    pub fn database_of_own_role(&self) -> Database {
        Database::of_own_role_on(self.server.clone())
    }

    /// Adds a target under this name.
    pub fn add(&self, instance: &str, address: SocketAddr) {
        // The file is moved into place, because Prometheus must not read half of it.
        let whole = scratch::dir("targets").join(instance);
        fs::write(&whole, targets(&[(instance, address)])).expect("write a target");
        fs::rename(whole, self.target(instance)).expect("give it to Prometheus");
    }

    /// Removes a target.
    pub fn forget(&self, instance: &str) {
        // The file may be removed already.
        let _ = fs::remove_file(self.target(instance));
    }

    fn target(&self, instance: &str) -> PathBuf {
        self.dir.join(TARGETS).join(format!("{instance}.yml"))
    }

    /// The names of the alerts that fire for this instance. An empty name means alerts without an
    /// instance.
    pub fn firing(&self, instance: &str) -> BTreeSet<String> {
        let expr = format!("ALERTS{{alertstate=\"firing\",instance=\"{instance}\"}}");
        names(&self.prometheus.query(&expr))
    }

    /// Like [`World::firing`], but at any time since the start.
    pub fn fired(&self, instance: &str) -> BTreeSet<String> {
        let expr =
            format!("count_over_time(ALERTS{{alertstate=\"firing\",instance=\"{instance}\"}}[1h])");
        names(&self.prometheus.query(&expr))
    }

    /// The state of a target: whether it is up, and its last error.
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
