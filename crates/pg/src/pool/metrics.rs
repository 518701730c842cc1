//! The traffic of pools: acquires, sessions opened and closed, and durations.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use prometheus::{HistogramVec, IntCounterVec};

use super::waits::RecentWaits;
use crate::{
    error::ConnectError,
    families::{Families, USE_SECONDS, WAIT_SECONDS},
    owner::PoolLabels,
};

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

/// The metrics of all pools.
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
}

impl PoolMetrics {
    /// Registers the families.
    ///
    /// # Errors
    /// A family is already registered.
    pub fn register(registry: Families<'_>) -> prometheus::Result<Self> {
        Ok(Self {
            acquires: registry.counters(
                "db_pool_acquires_total",
                "Requests for a connection that have ended, by outcome: ok, timeout, error, cancelled, shutdown.",
                &["pool", "owner", "outcome"],
            )?,
            acquire_wait: registry.histograms(
                "db_pool_acquire_wait_seconds",
                "Time from the request for a connection to its end, including waiting, opening and validation.",
                WAIT_SECONDS,
                &["pool", "owner"],
            )?,
            use_time: registry.histograms(
                "db_pool_use_seconds",
                "Time for which a connection was checked out.",
                USE_SECONDS,
                &["pool", "owner"],
            )?,
            create_time: registry.histograms(
                "db_pool_create_seconds",
                "Time to open and prepare a connection, by outcome: ok, error.",
                WAIT_SECONDS,
                &["pool", "outcome"],
            )?,
            validate_time: registry.histograms(
                "db_pool_validate_seconds",
                "Time to validate an idle connection before it is handed out.",
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
                "Times that the pool was replaced by a new one because it had lost capacity.",
                &["pool"],
            )?,
            connect_errors: registry.counters(
                "db_pool_connect_errors_total",
                "Failed attempts to open a connection, by SQLSTATE class, or io, dns, timeout, tls, other. The pool tries again, so requests may still succeed.",
                &["pool", "sqlstate_class"],
            )?,
        })
    }

    /// Creates every label set of a pool at 0.
    fn create_at_zero(&self, labels: &PoolLabels) {
        let name = labels.name;
        for owner in &*labels.owners {
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
}

/// The metrics of one pool.
pub struct Traffic {
    families: PoolMetrics,
    labels: PoolLabels,
    recent_waits: Mutex<RecentWaits>,
}

impl Traffic {
    /// Creates them with every label set at 0.
    pub fn new(families: PoolMetrics, labels: &PoolLabels) -> Self {
        families.create_at_zero(labels);
        let recent_waits = Mutex::new(RecentWaits::since(Instant::now()));
        Self { families, labels: labels.clone(), recent_waits }
    }

    /// Records the outcome of an acquire, and its wait.
    pub fn acquired(&self, owner: &str, outcome: &str, waited: Duration) {
        self.waits().note(waited, Instant::now());
        let pool = self.labels.name;
        self.families.acquires.with_label_values(&[pool, owner, outcome]).inc();
        let wait = self.families.acquire_wait.with_label_values(&[pool, owner]);
        wait.observe(waited.as_secs_f64());
    }

    /// Records for how long a connection was held.
    pub fn used(&self, owner: &str, held: Duration) {
        let labels = [self.labels.name, owner];
        self.families.use_time.with_label_values(&labels).observe(held.as_secs_f64());
    }

    /// Records an attempt to open a session.
    pub fn created(&self, failure: Option<&ConnectError>, took: Duration) {
        let pool = self.labels.name;
        let outcome = if failure.is_none() { "ok" } else { "error" };
        self.families.create_time.with_label_values(&[pool, outcome]).observe(took.as_secs_f64());
        match failure {
            None => self.families.created.with_label_values(&[pool]).inc(),
            Some(error) => {
                let class = error.class();
                let known = CONNECT_ERRORS.contains(&class);
                let class = if known { class } else { "other" };
                self.families.connect_errors.with_label_values(&[pool, class]).inc();
            }
        }
    }

    /// Records a check of a session before it is lent.
    pub fn validated(&self, took: Duration) {
        let family = &self.families.validate_time;
        family.with_label_values(&[self.labels.name]).observe(took.as_secs_f64());
    }

    /// Counts a replacement of the pool.
    pub fn rebuilt(&self) {
        self.families.rebuilds.with_label_values(&[self.labels.name]).inc();
    }

    /// Counts a closed session.
    pub fn closed(&self, reason: &str) {
        self.families.closed.with_label_values(&[self.labels.name, reason]).inc();
    }

    /// The 95th percentile of the waits in the last minute; `None` without waits.
    pub fn acquire_p95_seconds(&self) -> Option<f64> {
        self.waits().p95_seconds(Instant::now())
    }

    /// Acquires that timed out.
    pub fn timeouts_total(&self) -> u64 {
        let of = |owner: &&'static str| {
            let labels = [self.labels.name, owner, "timeout"];
            self.families.acquires.with_label_values(&labels).get()
        };
        self.labels.owners.iter().map(of).sum()
    }

    fn waits(&self) -> MutexGuard<'_, RecentWaits> {
        self.recent_waits.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
