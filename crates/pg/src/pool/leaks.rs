//! Confirmed leaks and suspects.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use chrono::{DateTime, Utc};
use prometheus::{GaugeVec, IntCounterVec};
use serde::{Serialize, Serializer};

use super::registry::LeaseRecord;
use crate::{families::Families, owner::PoolLabels};

/// The kind of a confirmed leak, by its proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeakKind {
    /// A scope ended while one of its leases was out.
    OutlivedScope,
    /// An operation ended while one of its leases was out, and the lease's scope never ended.
    Forgotten,
    /// A session was returned, or was idle, with a transaction or a lock that nobody here holds.
    OpenTransaction,
    /// A statement's future was dropped: the session was returned busy.
    QueryInFlight,
    /// The server has a session of this process that this process does not know.
    OrphanBackend,
    /// A pool below its maximum opens no connection for waiters, although it could.
    CapacityLost,
    /// A connection is out without a lease.
    Unaccounted,
}

impl LeakKind {
    /// All kinds, in the order of declaration.
    pub const ALL: [LeakKind; 7] = [
        LeakKind::OutlivedScope,
        LeakKind::Forgotten,
        LeakKind::OpenTransaction,
        LeakKind::QueryInFlight,
        LeakKind::OrphanBackend,
        LeakKind::CapacityLost,
        LeakKind::Unaccounted,
    ];

    /// The name in labels, logs and status.
    pub fn as_str(self) -> &'static str {
        match self {
            LeakKind::OutlivedScope => "outlived_scope",
            LeakKind::Forgotten => "forgotten",
            LeakKind::OpenTransaction => "open_transaction",
            LeakKind::QueryInFlight => "query_in_flight",
            LeakKind::OrphanBackend => "orphan_backend",
            LeakKind::CapacityLost => "capacity_lost",
            LeakKind::Unaccounted => "unaccounted",
        }
    }

    /// The owners of a pool that this kind can be attributed to.
    fn owners(self, pool: &PoolLabels) -> &[&'static str] {
        match self {
            LeakKind::OrphanBackend | LeakKind::CapacityLost | LeakKind::Unaccounted => {
                std::slice::from_ref(&pool.fallback_owner)
            }
            _ => &pool.owners,
        }
    }
}

impl Serialize for LeakKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// The newest leak of a pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct LatestLeak {
    /// The kind of the leak.
    pub kind: LeakKind,
    /// When it was confirmed.
    pub at: DateTime<Utc>,
}

/// The metrics of leaks and suspects of all pools.
#[derive(Clone)]
pub struct LeakMetrics {
    leaks: IntCounterVec,
    suspects: IntCounterVec,
    returned: IntCounterVec,
    thresholds: GaugeVec,
}

impl LeakMetrics {
    /// Registers the families.
    ///
    /// # Errors
    /// A family is already registered.
    pub fn register(registry: Families<'_>) -> prometheus::Result<Self> {
        Ok(Self {
            leaks: registry.counters(
                "db_pool_leaks_total",
                "Confirmed leaks, by kind: outlived_scope, forgotten, open_transaction, query_in_flight, orphan_backend, capacity_lost, unaccounted.",
                &["pool", "kind", "owner"],
            )?,
            suspects: registry.counters(
                "db_pool_leak_suspects_total",
                "Connections that were checked out for longer than the leak threshold; each time is counted once.",
                &["pool", "owner"],
            )?,
            returned: registry.counters(
                "db_pool_leak_suspects_returned_total",
                "Connections that were returned after the leak threshold: slow, but not leaked.",
                &["pool", "owner"],
            )?,
            thresholds: registry.gauges(
                "db_pool_leak_threshold_seconds",
                "Time after which a connection that is checked out is suspected to be leaked.",
                &["pool", "owner"],
            )?,
        })
    }

    /// Creates every label set of a pool at 0, and sets its thresholds.
    fn create_at_zero(&self, pool: &PoolLabels, thresholds: &[(&'static str, Duration)]) {
        for kind in LeakKind::ALL {
            for owner in kind.owners(pool) {
                self.leaks.with_label_values(&[pool.name, kind.as_str(), owner]);
            }
        }
        for (owner, threshold) in thresholds {
            let labels = [pool.name, owner];
            self.suspects.with_label_values(&labels);
            self.returned.with_label_values(&labels);
            self.thresholds.with_label_values(&labels).set(threshold.as_secs_f64());
        }
    }
}

/// The leaks and suspects of one pool.
pub struct Leaks {
    families: LeakMetrics,
    pool: PoolLabels,
    trace_id: fn(&tracing::Span) -> Option<String>,
    latest: Mutex<Option<LatestLeak>>,
}

impl Leaks {
    /// Creates them with every label set at 0.
    pub fn new(
        families: LeakMetrics,
        pool: &PoolLabels,
        thresholds: &[(&'static str, Duration)],
        trace_id: fn(&tracing::Span) -> Option<String>,
    ) -> Self {
        families.create_at_zero(pool, thresholds);
        Self { families, pool: pool.clone(), trace_id, latest: Mutex::default() }
    }

    /// Counts a confirmed leak. The caller logs the details.
    pub fn confirmed(&self, kind: LeakKind, owner: &str) {
        let is_blamed = kind.owners(&self.pool).contains(&owner);
        let owner = if is_blamed { owner } else { self.pool.fallback_owner };
        self.families.leaks.with_label_values(&[self.pool.name, kind.as_str(), owner]).inc();
        let latest = LatestLeak { kind, at: Utc::now() };
        *self.latest.lock().unwrap_or_else(PoisonError::into_inner) = Some(latest);
    }

    /// Counts and logs a lease that is a confirmed leak.
    pub fn leaked(&self, kind: LeakKind, lease: &LeaseRecord) {
        self.confirmed(kind, lease.owner);
        tracing::error!(
            pool = self.pool.name,
            kind = kind.as_str(),
            owner = lease.owner,
            place = %lease.place,
            held_ms = lease.since.elapsed().as_millis() as u64,
            backend_pid = lease.pid,
            trace_id = (self.trace_id)(&lease.span),
            "a session leaked"
        );
    }

    /// Counts and logs a lease beyond its owner's threshold.
    pub fn suspected(&self, lease: &LeaseRecord) {
        self.families.suspects.with_label_values(&[self.pool.name, lease.owner]).inc();
        tracing::warn!(
            pool = self.pool.name,
            owner = lease.owner,
            place = %lease.place,
            held_ms = lease.since.elapsed().as_millis() as u64,
            backend_pid = lease.pid,
            trace_id = (self.trace_id)(&lease.span),
            "a session is out for long"
        );
    }

    /// Counts and logs a suspect that was returned.
    pub fn suspect_returned(&self, lease: &LeaseRecord) {
        self.families.returned.with_label_values(&[self.pool.name, lease.owner]).inc();
        tracing::info!(
            pool = self.pool.name,
            owner = lease.owner,
            place = %lease.place,
            held_ms = lease.since.elapsed().as_millis() as u64,
            "a session that was out for long came back"
        );
    }

    /// The newest leak.
    pub fn latest(&self) -> Option<LatestLeak> {
        *self.latest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Confirmed leaks by the name of their kind.
    pub fn by_kind(&self) -> BTreeMap<&'static str, u64> {
        let of = |kind: LeakKind| {
            let count = |owner: &&'static str| {
                let labels = [self.pool.name, kind.as_str(), owner];
                self.families.leaks.with_label_values(&labels).get()
            };
            (kind.as_str(), kind.owners(&self.pool).iter().map(count).sum())
        };
        LeakKind::ALL.map(of).into()
    }
}
