//! The part of group C that this side knows by itself: confirmed leaks and suspects.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use prometheus::IntCounterVec;

use super::registry::LeaseRecord;
use crate::{
    owner::{Owner, PoolName},
    thresholds::LeakThresholds,
};
use sectorwatch_core::Time;
use sectorwatch_telemetry::{metrics::Registry, tracing::trace_id};

/// What was proved to be a leak, and by what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeakKind {
    /// A scope ended while a lease of it was out.
    OutlivedScope,
    /// An operation ended while a lease of it was out, and the lease's scope never ended.
    Forgotten,
    /// A session came back, or lay idle, with a transaction or a lock that nobody here holds.
    OpenTransaction,
    /// A statement's future was dropped: a session came back busy.
    QueryInFlight,
    /// The server has a session of this process that this process does not have.
    OrphanBackend,
    /// A pool below its maximum opens no connection for those that wait, though it could.
    CapacityLost,
    /// A connection is out, and no lease says where.
    Unaccounted,
}

impl LeakKind {
    /// All, in the order of the declaration.
    pub const ALL: [LeakKind; 7] = [
        LeakKind::OutlivedScope,
        LeakKind::Forgotten,
        LeakKind::OpenTransaction,
        LeakKind::QueryInFlight,
        LeakKind::OrphanBackend,
        LeakKind::CapacityLost,
        LeakKind::Unaccounted,
    ];

    /// The word in label, log and status.
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

    /// Those that can be blamed for it.
    fn owners(self, pool: PoolName) -> Vec<Owner> {
        match self {
            LeakKind::OrphanBackend | LeakKind::CapacityLost | LeakKind::Unaccounted => {
                vec![pool.anybody()]
            }
            _ => pool.owners().to_vec(),
        }
    }
}

/// Counts leaks and suspects of both pools.
#[derive(Clone)]
pub struct LeakMetrics {
    leaks: IntCounterVec,
    suspects: IntCounterVec,
    returned: IntCounterVec,
    latest: Arc<Mutex<BTreeMap<PoolName, LatestLeak>>>,
}

/// The newest leak of a pool.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LatestLeak {
    /// What it was.
    pub kind: LeakKind,
    /// When it was confirmed.
    pub at: Time,
}

impl LeakMetrics {
    /// Registers the families, every label set at 0.
    ///
    /// # Errors
    /// When a family is registered twice.
    pub fn register(registry: &Registry, thresholds: &LeakThresholds) -> prometheus::Result<Self> {
        let metrics = Self {
            leaks: registry.counters(
                "db_pool_leaks_total",
                "CONFIRMED leaks, by kind: outlived_scope, forgotten, open_transaction, query_in_flight, orphan_backend, capacity_lost, unaccounted.",
                &["pool", "kind", "owner"],
            )?,
            suspects: registry.counters(
                "db_pool_leak_suspects_total",
                "Leases that passed the leak threshold (each lease once).",
                &["pool", "owner"],
            )?,
            returned: registry.counters(
                "db_pool_leak_suspects_returned_total",
                "Suspects that were returned later: slow, not leaked.",
                &["pool", "owner"],
            )?,
            latest: Arc::default(),
        };
        let threshold = registry.gauges(
            "db_pool_leak_threshold_seconds",
            "Leak threshold in force.",
            &["pool", "owner"],
        )?;
        for pool in PoolName::ALL {
            for kind in LeakKind::ALL {
                for owner in kind.owners(pool) {
                    metrics.leaks.with_label_values(&[
                        pool.as_str(),
                        kind.as_str(),
                        owner.as_str(),
                    ]);
                }
            }
            for owner in pool.owners() {
                let labels = [pool.as_str(), owner.as_str()];
                metrics.suspects.with_label_values(&labels);
                metrics.returned.with_label_values(&labels);
                let limit = threshold_of(thresholds, *owner).as_secs_f64();
                threshold.with_label_values(&labels).set(limit);
            }
        }
        Ok(metrics)
    }

    /// A leak is confirmed. The caller says in the log where it is.
    pub fn confirmed(&self, pool: PoolName, kind: LeakKind, owner: Owner) {
        let owner = if kind.owners(pool).contains(&owner) { owner } else { pool.anybody() };
        self.leaks.with_label_values(&[pool.as_str(), kind.as_str(), owner.as_str()]).inc();
        let latest = LatestLeak { kind, at: chrono::Utc::now() };
        self.latest.lock().unwrap_or_else(PoisonError::into_inner).insert(pool, latest);
    }

    /// A lease is confirmed to be a leak.
    pub fn leaked(&self, pool: PoolName, kind: LeakKind, lease: &LeaseRecord) {
        self.confirmed(pool, kind, lease.owner);
        tracing::error!(
            pool = pool.as_str(),
            kind = kind.as_str(),
            owner = lease.owner.as_str(),
            place = %lease.place,
            held_ms = lease.since.elapsed().as_millis() as u64,
            backend_pid = lease.pid,
            trace_id = trace_id(&lease.span),
            "a session leaked"
        );
    }

    /// A lease passed its owner's threshold.
    pub fn suspected(&self, pool: PoolName, lease: &LeaseRecord) {
        self.suspects.with_label_values(&[pool.as_str(), lease.owner.as_str()]).inc();
        tracing::warn!(
            pool = pool.as_str(),
            owner = lease.owner.as_str(),
            place = %lease.place,
            held_ms = lease.since.elapsed().as_millis() as u64,
            backend_pid = lease.pid,
            trace_id = trace_id(&lease.span),
            "a session is out for long"
        );
    }

    /// A suspect came back: it was slow.
    pub fn suspect_returned(&self, pool: PoolName, lease: &LeaseRecord) {
        self.returned.with_label_values(&[pool.as_str(), lease.owner.as_str()]).inc();
        tracing::info!(
            pool = pool.as_str(),
            owner = lease.owner.as_str(),
            place = %lease.place,
            held_ms = lease.since.elapsed().as_millis() as u64,
            "a session that was out for long came back"
        );
    }

    /// The newest leak of a pool.
    pub fn latest(&self, pool: PoolName) -> Option<LatestLeak> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner).get(&pool).copied()
    }

    /// Confirmed leaks of a pool by the word of their kind.
    pub fn by_kind(&self, pool: PoolName) -> BTreeMap<&'static str, u64> {
        let of = |kind: LeakKind| {
            let count = |owner: Owner| {
                let labels = [pool.as_str(), kind.as_str(), owner.as_str()];
                self.leaks.with_label_values(&labels).get()
            };
            (kind.as_str(), kind.owners(pool).into_iter().map(count).sum())
        };
        LeakKind::ALL.map(of).into()
    }
}

/// The threshold of an owner that takes leases.
pub fn threshold_of(thresholds: &LeakThresholds, owner: Owner) -> Duration {
    thresholds.of(owner.as_str()).unwrap_or(Duration::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_owner_of_a_lease_has_a_threshold_and_nobody_else() {
        let thresholds = LeakThresholds::default();
        let pools = PoolName::ALL.map(PoolName::owners);
        for owner in Owner::ALL {
            let takes_leases = pools.iter().any(|owners| owners.contains(&owner));
            let has_one = threshold_of(&thresholds, owner) <= Duration::from_mins(5);
            assert_eq!(has_one, takes_leases, "{owner:?}");
        }
    }
}
