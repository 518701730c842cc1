//! Group A of the catalogue, and the pool part of the status: one consistent reading each.

use std::{panic::Location, time::Duration};

use prometheus::{
    GaugeVec, IntGaugeVec, Opts,
    core::{Collector, Desc},
    proto::MetricFamily,
};

use super::Pool;
use crate::{
    domain::Time,
    store::owner::{Owner, PoolName},
    telemetry::metrics::prefixed,
};

/// One reading of a pool.
#[derive(Debug, Clone, PartialEq)]
pub struct PoolFigures {
    /// Configured maximum.
    pub max: u32,
    /// Leases open now.
    pub checked_out: usize,
    /// Connections idle now, by bb8's count.
    pub idle: u32,
    /// Sessions being opened now.
    pub establishing: u64,
    /// Tasks waiting now.
    pub pending: u64,
    /// Highest number of leases in the last 60 s.
    pub highwater: usize,
    /// bb8's count of what is out, minus ours: 0 at rest.
    pub unaccounted: i64,
    /// The lease held longest.
    pub oldest_lease: Option<OldestLease>,
    /// 95 % of waits were shorter (upper bound of the bucket).
    pub acquire_p95_seconds: Option<f64>,
    /// Acquires that waited in vain.
    pub timeouts_total: u64,
    /// Class and time of the newest failure to connect, if none succeeded since.
    pub connect_failure: Option<(&'static str, Time)>,
}

/// Who holds a connection longest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OldestLease {
    /// Who.
    pub owner: Owner,
    /// For how long.
    pub held: Duration,
    /// The line that took it.
    pub place: &'static Location<'static>,
}

impl Pool {
    /// Reads the pool once.
    pub fn figures(&self) -> PoolFigures {
        let shared = &self.shared;
        let mut state = shared.registry.state();
        let bb8 = shared.bb8.state();
        let checked_out = state.leases.len();
        let out_by_bb8 = i64::from(bb8.connections) - i64::from(bb8.idle_connections);
        let oldest = state.leases.values().min_by_key(|lease| lease.since).copied();
        let mut figures = PoolFigures {
            max: shared.max_connections,
            checked_out,
            idle: bb8.idle_connections,
            establishing: state.establishing,
            pending: state.pending,
            highwater: state.highwater(),
            unaccounted: out_by_bb8 - checked_out as i64,
            oldest_lease: oldest.map(|lease| OldestLease {
                owner: lease.owner,
                held: lease.since.elapsed(),
                place: lease.place,
            }),
            acquire_p95_seconds: None,
            timeouts_total: 0,
            connect_failure: None,
        };
        drop(state);
        figures.connect_failure = self.connect_failure().map(|failure| (failure.class, failure.at));
        figures.acquire_p95_seconds = shared.metrics.acquire_p95_seconds(shared.name);
        figures.timeouts_total = shared.metrics.timeouts_total(shared.name);
        figures
    }

    fn by_owner(&self) -> Vec<(Owner, usize, Duration)> {
        let state = self.shared.registry.state();
        let of = |owner: &Owner| {
            let leases = state.leases.values().filter(|lease| lease.owner == *owner);
            let ages: Vec<_> = leases.map(|lease| lease.since.elapsed()).collect();
            (*owner, ages.len(), ages.into_iter().max().unwrap_or_default())
        };
        self.shared.name.owners().iter().map(of).collect()
    }
}

/// Reads both pools at each scrape.
#[derive(Clone)]
pub struct PoolCollector {
    pools: Vec<(PoolName, Pool)>,
    descs: Vec<Desc>,
}

const STATES: [(&str, &str); 7] = [
    ("checked_out_connections", "Connections currently checked out of the pool."),
    ("idle_connections", "Connections currently idle in the pool."),
    ("max_connections", "Configured maximum number of connections."),
    ("min_idle_connections", "Configured minimum number of idle connections."),
    (
        "establishing_connections",
        "Connections being opened now (counted in our manager, bb8 does not expose it).",
    ),
    (
        "pending_acquires",
        "Tasks waiting for a connection now (RAII counter, exact under cancellation, not bb8 pending_gets).",
    ),
    (
        "checked_out_highwater_connections",
        "Highest number checked out in the last 60 s (a ring of one-second maxima; reading it changes nothing).",
    ),
];
const UNACCOUNTED: (&str, &str) = (
    "unaccounted_connections",
    "Checked-out connections by bb8's count minus open leases in our registry; must be 0.",
);
const BY_OWNER: (&str, &str) = (
    "checked_out_connections_by_owner",
    "Connections checked out now, by the code that holds them.",
);
const OLDEST: (&str, &str) =
    ("oldest_lease_age_seconds", "Age of the oldest lease still open, 0 when none.");

impl PoolCollector {
    pub(in crate::store) fn new(pools: Vec<(PoolName, Pool)>) -> prometheus::Result<Self> {
        let families = [STATES.to_vec(), vec![UNACCOUNTED]];
        let mut descs = Vec::new();
        for (name, help) in families.concat() {
            descs.extend(gauges(name, help, &["pool"])?.desc().into_iter().cloned());
        }
        for (name, help) in [BY_OWNER, OLDEST] {
            descs.extend(gauges(name, help, &["pool", "owner"])?.desc().into_iter().cloned());
        }
        Ok(Self { pools, descs })
    }

    fn read(&self) -> prometheus::Result<Vec<MetricFamily>> {
        let mut families = Vec::new();
        let figures: Vec<_> =
            self.pools.iter().map(|(name, pool)| (name.as_str(), pool.figures())).collect();
        let values = |figures: &PoolFigures| {
            [
                figures.checked_out as i64,
                i64::from(figures.idle),
                i64::from(figures.max),
                0,
                figures.establishing as i64,
                figures.pending as i64,
                figures.highwater as i64,
                figures.unaccounted,
            ]
        };
        for (index, (name, help)) in STATES.into_iter().chain([UNACCOUNTED]).enumerate() {
            let family = gauges(name, help, &["pool"])?;
            for (pool, figures) in &figures {
                family.with_label_values(&[pool]).set(values(figures)[index]);
            }
            families.extend(family.collect());
        }
        let held = gauges(BY_OWNER.0, BY_OWNER.1, &["pool", "owner"])?;
        let oldest = GaugeVec::new(Opts::new(full_name(OLDEST.0), OLDEST.1), &["pool", "owner"])?;
        for (name, pool) in &self.pools {
            for (owner, count, age) in pool.by_owner() {
                let labels = [name.as_str(), owner.as_str()];
                held.with_label_values(&labels).set(count as i64);
                oldest.with_label_values(&labels).set(age.as_secs_f64());
            }
        }
        families.extend(held.collect());
        families.extend(oldest.collect());
        Ok(families)
    }
}

impl Collector for PoolCollector {
    fn desc(&self) -> Vec<&Desc> {
        self.descs.iter().collect()
    }

    fn collect(&self) -> Vec<MetricFamily> {
        self.read().unwrap_or_else(|error| {
            tracing::error!(%error, "the pools could not be read");
            Vec::new()
        })
    }
}

fn gauges(name: &str, help: &str, labels: &[&str]) -> prometheus::Result<IntGaugeVec> {
    IntGaugeVec::new(Opts::new(full_name(name), help), labels)
}

fn full_name(name: &str) -> String {
    prefixed(&format!("db_pool_{name}"))
}
