//! Group A of the catalogue, and the overdue leases of group C: one consistent reading each.

use prometheus::{
    GaugeVec, IntGaugeVec, Opts,
    core::{Collector, Desc},
    proto::MetricFamily,
};

use super::{Pool, PoolFigures};
use crate::owner::PoolName;
use sectorwatch_telemetry::metrics::prefixed;

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
const OVERDUE: (&str, &str) =
    ("leases_overdue", "Leases open now and older than the leak threshold.");
const OLDEST: (&str, &str) =
    ("oldest_lease_age_seconds", "Age of the oldest lease still open, 0 when none.");

impl PoolCollector {
    pub(crate) fn new(pools: Vec<(PoolName, Pool)>) -> prometheus::Result<Self> {
        let families = [STATES.to_vec(), vec![UNACCOUNTED]];
        let mut descs = Vec::new();
        for (name, help) in families.concat() {
            descs.extend(gauges(name, help, &["pool"])?.desc().into_iter().cloned());
        }
        for (name, help) in [BY_OWNER, OVERDUE, OLDEST] {
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
        let overdue = gauges(OVERDUE.0, OVERDUE.1, &["pool", "owner"])?;
        let oldest = GaugeVec::new(Opts::new(full_name(OLDEST.0), OLDEST.1), &["pool", "owner"])?;
        for (pool, figures) in &figures {
            for of_owner in &figures.by_owner {
                let labels = [pool, of_owner.owner.as_str()];
                held.with_label_values(&labels).set(of_owner.checked_out as i64);
                overdue.with_label_values(&labels).set(of_owner.overdue as i64);
                oldest.with_label_values(&labels).set(of_owner.oldest.as_secs_f64());
            }
        }
        families.extend(held.collect());
        families.extend(overdue.collect());
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
