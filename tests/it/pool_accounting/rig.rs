//! A store with its own database, and readings of the metrics of its pools.

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

/// The limit for events that the test only waits for.
pub const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(1);

/// Values that are not 0 of counters, and of the counts of histograms. A key is `name value
/// value…`, with the label values in the order of the label names.
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

    /// A runtime for code that acquires leases.
    pub fn thread() -> Runtime {
        Builder::new_current_thread().enable_all().build().expect("a runtime")
    }

    /// Creates a store whose pool `ingest` has this size and this acquire timeout.
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

pub struct Rig {
    pub store: Store,
    pub registry: Registry,
}

impl Rig {
    pub fn pool(&self) -> &Pool {
        self.store.pool(PoolName::Ingest)
    }

    pub fn figures(&self) -> PoolFigures {
        self.store.pool_figures(PoolName::Ingest)
    }

    /// The current values of the pools' counters.
    pub fn read(&self) -> Reading {
        counted(&self.registry)
    }

    /// Acquires this many leases and holds them at the same time.
    ///
    /// # Panics
    /// When a lease does not come, or two leases have the same session.
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

/// Waits until `holds` returns true. Panics with `what` after [`PATIENCE`].
pub async fn eventually(what: impl Fn() -> String, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < deadline, "not within {PATIENCE:?}: {}", what());
        // The interval between two attempts.
        tokio::time::sleep(PAUSE).await;
    }
}

/// The current values of the counters in a registry.
pub fn counted(registry: &Registry) -> Reading {
    let families = registry.gather();
    families.iter().filter_map(series).flatten().filter(|(_, value)| *value != 0).collect()
}

/// The series of a family, if it counts leases, connections, transactions or cancellations.
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

/// The process id of the session's backend.
pub async fn pid(pg: &mut AsyncPgConnection) -> QueryResult<i32> {
    diesel::select(sql::<Integer>("pg_backend_pid()")).get_result(pg).await
}

/// Runs statements, and ignores their rows.
pub async fn execute(connection: &mut Connection, sql: &str) -> Result<(), PgError> {
    connection.run(async |pg| pg.batch_execute(sql).await).await
}

/// Polls a future once. Returns its value if it is ready.
pub async fn once<F: Future>(mut future: Pin<&mut F>) -> Option<F::Output> {
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(value) => Poll::Ready(Some(value)),
        Poll::Pending => Poll::Ready(None),
    })
    .await
}
