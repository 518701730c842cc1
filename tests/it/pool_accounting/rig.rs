//! A store on a database of its own, and a reading of all that its pools count.

use std::{
    collections::BTreeMap,
    future::{Future, poll_fn},
    pin::Pin,
    task::Poll,
    time::{Duration, Instant},
};

use diesel::{QueryResult, dsl::sql, sql_types::Integer};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _, SimpleAsyncConnection as _};
use prometheus::proto::{MetricFamily, MetricType};
use sectorwatch_store::{
    LeakThresholds, PgError, PoolFigures, PoolName, Secret, Store, StoreSettings,
    testing::{Connection, Pool, Scope},
};
use sectorwatch_telemetry::metrics::Registry;
use tokio::runtime::{Builder, Runtime};

use crate::support::postgres::Database;

/// For what happens off the path of the test.
pub const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(1);

/// Counters, and the counts of histograms: `name value value…`, label values in the order of their
/// names. Only what is not 0.
pub type Reading = BTreeMap<String, i64>;

/// The database, and the runtime that owns the sessions.
pub struct World {
    pub runtime: Runtime,
    pub database: Database,
}

impl World {
    pub fn new() -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build();
        Self { runtime: runtime.expect("a runtime"), database: Database::migrated() }
    }

    /// A runtime for those who take leases.
    pub fn thread() -> Runtime {
        Builder::new_current_thread().enable_all().build().expect("a runtime")
    }

    /// A store whose pool `ingest` has so many connections, and that waits so long for one.
    pub fn store(&self, size: u32, acquire_timeout: Duration) -> Rig {
        let settings = StoreSettings {
            url: Secret::new(self.database.url()),
            read_url: Secret::new(self.database.url()),
            application_name: "sectorwatch:leases:00000000".to_owned(),
            ingest_pool_size: size,
            read_pool_size: 1,
            acquire_timeout,
            statement_timeout: Duration::from_secs(30),
            connection_max_lifetime: Duration::from_secs(3600),
            leak_thresholds: LeakThresholds::default(),
            pool_self_heal: true,
            keys: Default::default(),
        };
        let registry = Registry::default();
        let store = Store::new(&settings, &registry, self.runtime.handle().clone());
        Rig { store: store.expect("a store"), registry }
    }
}

/// A store and its metrics.
pub struct Rig {
    pub store: Store,
    pub registry: Registry,
}

impl Rig {
    /// The pool under test.
    pub fn pool(&self) -> &Pool {
        self.store.pool(PoolName::Ingest)
    }

    pub fn figures(&self) -> PoolFigures {
        self.store.pool_figures(PoolName::Ingest)
    }

    /// What the pools counted so far.
    pub fn read(&self) -> Reading {
        counted(&self.registry)
    }

    /// Takes that many leases at once.
    ///
    /// # Panics
    /// When one of them does not come, or two are of one session.
    pub async fn serves(&self, leases: u32) {
        let scope: &Scope<'_> = &self.pool().scope(sectorwatch_store::Owner::Ledger);
        let mut held = Vec::new();
        let mut pids = std::collections::BTreeSet::new();
        for number in 1..=leases {
            let lease = tokio::time::timeout(PATIENCE, scope.acquire()).await;
            let lease = lease.unwrap_or_else(|_| panic!("lease {number} of {leases} never came"));
            held.push(lease.expect("a lease"));
        }
        for lease in &mut held {
            pids.insert(lease.run(pid).await.expect("its process"));
        }
        assert_eq!(pids.len(), held.len(), "sessions of the leases");
    }
}

/// Waits until this holds.
pub async fn eventually(what: impl Fn() -> String, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < deadline, "not within {PATIENCE:?}: {}", what());
        // Between two looks.
        tokio::time::sleep(PAUSE).await;
    }
}

/// What the pools counted so far.
pub fn counted(registry: &Registry) -> Reading {
    let families = registry.gather();
    families.iter().filter_map(series).flatten().filter(|(_, value)| *value != 0).collect()
}

/// The series of a family that counts leases, connections, or what was cancelled.
fn series(family: &MetricFamily) -> Option<Vec<(String, i64)>> {
    let name = family.name().strip_prefix("sectorwatch_db_")?;
    if !["pool_", "cancelled_", "transaction_"].iter().any(|it| name.starts_with(it)) {
        return None;
    }
    let name = name.trim_start_matches("pool_");
    let value: fn(&prometheus::proto::Metric) -> f64 = match family.get_field_type() {
        MetricType::COUNTER => |metric| metric.get_counter().get_value(),
        MetricType::HISTOGRAM => |metric| metric.get_histogram().get_sample_count() as f64,
        _ => return None,
    };
    let series = family.get_metric().iter().map(|metric| {
        let labels = metric.get_label().iter().map(|label| label.value());
        let words: Vec<_> = std::iter::once(name).chain(labels).collect();
        (words.join(" "), value(metric) as i64)
    });
    Some(series.collect())
}

/// The server's process behind a session.
pub async fn pid(pg: &mut AsyncPgConnection) -> QueryResult<i32> {
    diesel::select(sql::<Integer>("pg_backend_pid()")).get_result(pg).await
}

/// Runs statements whose rows are of no interest.
pub async fn execute(connection: &mut Connection, sql: &str) -> Result<(), PgError> {
    connection.run(async |pg| pg.batch_execute(sql).await).await
}

/// Polls a future once; its value, if that was enough.
pub async fn once<F: Future>(mut future: Pin<&mut F>) -> Option<F::Output> {
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(value) => Poll::Ready(Some(value)),
        Poll::Pending => Poll::Ready(None),
    })
    .await
}
