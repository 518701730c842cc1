//! Group B of the catalogue: the pool's traffic.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use prometheus::{HistogramVec, IntCounterVec};

use super::waits::RecentWaits;
use crate::{
    error::ConnectError,
    owner::{Owner, PoolName},
};
use sectorwatch_telemetry::metrics::{Registry, USE_SECONDS, WAIT_SECONDS};

const OUTCOMES: [&str; 5] = ["ok", "timeout", "error", "cancelled", "shutdown"];
const CLOSE_REASONS: [&str; 9] = [
    "max_lifetime",
    "shutdown",
    "broken",
    "invalid",
    "panic",
    "in_transaction",
    "query_in_flight",
    "evicted",
    "deadline",
];
const CONNECT_ERRORS: [&str; 11] =
    ["08", "28", "3D", "42", "53", "57", "io", "dns", "timeout", "tls", "other"];

/// What both pools count.
#[derive(Clone)]
pub struct PoolMetrics {
    acquires: IntCounterVec,
    acquire_wait: HistogramVec,
    use_time: HistogramVec,
    create_time: HistogramVec,
    validate_time: HistogramVec,
    created: IntCounterVec,
    closed: IntCounterVec,
    connect_errors: IntCounterVec,
    rebuilds: IntCounterVec,
    recent_waits: Arc<[Mutex<RecentWaits>; 2]>,
}

impl PoolMetrics {
    /// Registers the families, every label set at 0.
    ///
    /// # Errors
    /// When a family is registered twice.
    pub fn register(registry: &Registry) -> prometheus::Result<Self> {
        let metrics = Self::families(registry)?;
        for pool in PoolName::ALL {
            metrics.bear(pool);
        }
        Ok(metrics)
    }

    fn families(registry: &Registry) -> prometheus::Result<Self> {
        let waits = || Mutex::new(RecentWaits::since(Instant::now()));
        Ok(Self {
            recent_waits: Arc::new([waits(), waits()]),
            acquires: registry.counters(
                "db_pool_acquires_total",
                "Acquires finished, by outcome: ok, timeout, error, cancelled, shutdown.",
                &["pool", "owner", "outcome"],
            )?,
            acquire_wait: registry.histograms(
                "db_pool_acquire_wait_seconds",
                "Time from asking for a connection to holding it (queue plus open plus validation).",
                WAIT_SECONDS,
                &["pool", "owner"],
            )?,
            use_time: registry.histograms(
                "db_pool_use_seconds",
                "Time a connection was held.",
                USE_SECONDS,
                &["pool", "owner"],
            )?,
            create_time: registry.histograms(
                "db_pool_create_seconds",
                "Time to open and prepare one connection, by outcome: ok, error.",
                WAIT_SECONDS,
                &["pool", "outcome"],
            )?,
            validate_time: registry.histograms(
                "db_pool_validate_seconds",
                "Time of the check-out validation.",
                WAIT_SECONDS,
                &["pool"],
            )?,
            created: registry.counters(
                "db_pool_connections_created_total",
                "Connections opened.",
                &["pool"],
            )?,
            closed: registry.counters(
                "db_pool_connections_closed_total",
                "Connections closed, by reason: max_lifetime, shutdown, broken, invalid, panic, in_transaction, query_in_flight, evicted, deadline.",
                &["pool", "reason"],
            )?,
            rebuilds: registry.counters(
                "db_pool_rebuilds_total",
                "Pools replaced because capacity was lost.",
                &["pool"],
            )?,
            connect_errors: registry.counters(
                "db_pool_connect_errors_total",
                "Failed attempts to open a connection, by SQLSTATE class or io, dns, timeout, tls, other (bb8 hides these from the caller).",
                &["pool", "sqlstate_class"],
            )?,
        })
    }

    fn bear(&self, pool: PoolName) {
        let name = pool.as_str();
        for owner in pool.owners() {
            let owner = owner.as_str();
            for outcome in OUTCOMES {
                self.acquires.with_label_values(&[name, owner, outcome]);
            }
            self.acquire_wait.with_label_values(&[name, owner]);
            self.use_time.with_label_values(&[name, owner]);
        }
        for outcome in ["ok", "error"] {
            self.create_time.with_label_values(&[name, outcome]);
        }
        self.validate_time.with_label_values(&[name]);
        self.created.with_label_values(&[name]);
        self.rebuilds.with_label_values(&[name]);
        for reason in CLOSE_REASONS {
            self.closed.with_label_values(&[name, reason]);
        }
        for class in CONNECT_ERRORS {
            self.connect_errors.with_label_values(&[name, class]);
        }
    }

    pub(super) fn acquired(&self, pool: PoolName, owner: Owner, outcome: &str, waited: Duration) {
        self.waits(pool).note(waited, Instant::now());
        let (pool, owner) = (pool.as_str(), owner.as_str());
        self.acquires.with_label_values(&[pool, owner, outcome]).inc();
        self.acquire_wait.with_label_values(&[pool, owner]).observe(waited.as_secs_f64());
    }

    pub(super) fn used(&self, pool: PoolName, owner: Owner, held: Duration) {
        let labels = [pool.as_str(), owner.as_str()];
        self.use_time.with_label_values(&labels).observe(held.as_secs_f64());
    }

    pub(super) fn created(&self, pool: PoolName, failure: Option<&ConnectError>, took: Duration) {
        let pool = pool.as_str();
        let outcome = if failure.is_none() { "ok" } else { "error" };
        self.create_time.with_label_values(&[pool, outcome]).observe(took.as_secs_f64());
        match failure {
            None => self.created.with_label_values(&[pool]).inc(),
            Some(error) => {
                let class = error.class();
                let known = CONNECT_ERRORS.contains(&class);
                let class = if known { class } else { "other" };
                self.connect_errors.with_label_values(&[pool, class]).inc();
            }
        }
    }

    pub(super) fn validated(&self, pool: PoolName, took: Duration) {
        self.validate_time.with_label_values(&[pool.as_str()]).observe(took.as_secs_f64());
    }

    pub(super) fn rebuilt(&self, pool: PoolName) {
        self.rebuilds.with_label_values(&[pool.as_str()]).inc();
    }

    pub(super) fn closed(&self, pool: PoolName, reason: &str) {
        self.closed.with_label_values(&[pool.as_str(), reason]).inc();
    }

    /// 95 % of this pool's waits were shorter, of those of the last minute; `None` when there was none.
    pub fn acquire_p95_seconds(&self, pool: PoolName) -> Option<f64> {
        self.waits(pool).p95_seconds(Instant::now())
    }

    fn waits(&self, pool: PoolName) -> MutexGuard<'_, RecentWaits> {
        self.recent_waits[pool as usize].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Acquires of this pool that waited in vain.
    pub fn timeouts_total(&self, pool: PoolName) -> u64 {
        let of = |owner: &Owner| {
            self.acquires.with_label_values(&[pool.as_str(), owner.as_str(), "timeout"]).get()
        };
        pool.owners().iter().map(of).sum()
    }
}
