//! Collects the state of pools and their overdue leases: one consistent reading per scrape.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use prometheus::{
    GaugeVec, IntGaugeVec, Opts,
    core::{Collector, Desc},
    proto::MetricFamily,
};

use super::figures::PoolFigures;
use crate::families::Families;

/// A pool that is read at each scrape.
pub trait Measured: Send + Sync {
    /// The name of the pool.
    fn name(&self) -> &'static str;

    /// Reads the pool.
    fn figures(&self) -> PoolFigures;
}

/// Reads all pools that still exist at each scrape.
#[derive(Clone)]
pub struct PoolCollector {
    prefix: Arc<str>,
    pools: Arc<Mutex<Vec<Weak<dyn Measured>>>>,
    descs: Vec<Desc>,
}

const STATES: [(&str, &str); 7] = [
    ("checked_out_connections", "Connections in use: checked out of the pool now."),
    ("idle_connections", "Connections that are open and idle in the pool now."),
    ("max_connections", "Maximum number of connections, as configured."),
    ("min_idle_connections", "Minimum number of idle connections, as configured."),
    ("establishing_connections", "Connections being opened now."),
    (
        "pending_acquires",
        "Requests for a connection that are waiting now; one that is cancelled is no longer counted.",
    ),
    (
        "checked_out_highwater_connections",
        "Highest number of connections checked out at once in the last 60 s.",
    ),
];
const UNACCOUNTED: (&str, &str) = (
    "unaccounted_connections",
    "Connections that the pool counts as checked out and that no owner is known to hold. Anything but 0 for longer than a moment is a fault of the accounting.",
);
const BY_OWNER: (&str, &str) = (
    "checked_out_connections_by_owner",
    "Connections checked out now, by owner: the part of the service that holds them.",
);
const OVERDUE: (&str, &str) = (
    "leases_overdue",
    "Connections that have now been checked out for longer than the leak threshold.",
);
const OLDEST: (&str, &str) = (
    "oldest_lease_age_seconds",
    "Age of the connection that has been checked out for the longest time; 0 when none is.",
);

impl PoolCollector {
    /// Registers the families, without a pool yet.
    ///
    /// # Errors
    /// A family is already registered.
    pub fn register(families: Families<'_>) -> prometheus::Result<Self> {
        let pools = Arc::default();
        let mut collector = Self { prefix: families.prefix.into(), pools, descs: Vec::new() };
        for (name, help) in STATES.into_iter().chain([UNACCOUNTED]) {
            let family = collector.gauges(name, help, &["pool"])?;
            collector.descs.extend(family.desc().into_iter().cloned());
        }
        for (name, help) in [BY_OWNER, OVERDUE, OLDEST] {
            let family = collector.gauges(name, help, &["pool", "owner"])?;
            collector.descs.extend(family.desc().into_iter().cloned());
        }
        families.register(collector)
    }

    /// Adds a pool.
    pub fn add(&self, pool: Weak<dyn Measured>) {
        let mut pools = self.pools.lock().unwrap_or_else(PoisonError::into_inner);
        pools.retain(|pool| pool.strong_count() > 0);
        pools.push(pool);
    }

    fn read(&self) -> prometheus::Result<Vec<MetricFamily>> {
        let mut families = Vec::new();
        let pools = self.pools.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let pools = pools.iter().filter_map(Weak::upgrade);
        let figures: Vec<_> = pools.map(|pool| (pool.name(), pool.figures())).collect();
        let values = |figures: &PoolFigures| {
            [
                i64::from(figures.checked_out),
                i64::from(figures.idle),
                i64::from(figures.max),
                0,
                i64::from(figures.establishing),
                i64::from(figures.pending),
                i64::from(figures.highwater),
                figures.unaccounted,
            ]
        };
        for (index, (name, help)) in STATES.into_iter().chain([UNACCOUNTED]).enumerate() {
            let family = self.gauges(name, help, &["pool"])?;
            for (pool, figures) in &figures {
                family.with_label_values(&[pool]).set(values(figures)[index]);
            }
            families.extend(family.collect());
        }
        let held = self.gauges(BY_OWNER.0, BY_OWNER.1, &["pool", "owner"])?;
        let overdue = self.gauges(OVERDUE.0, OVERDUE.1, &["pool", "owner"])?;
        let oldest = GaugeVec::new(self.opts(OLDEST.0, OLDEST.1), &["pool", "owner"])?;
        for (pool, figures) in &figures {
            for of_owner in &figures.by_owner {
                let labels = [pool, of_owner.owner];
                held.with_label_values(&labels).set(i64::from(of_owner.checked_out));
                overdue.with_label_values(&labels).set(i64::from(of_owner.overdue));
                oldest.with_label_values(&labels).set(of_owner.oldest.as_secs_f64());
            }
        }
        families.extend(held.collect());
        families.extend(overdue.collect());
        families.extend(oldest.collect());
        Ok(families)
    }

    fn gauges(&self, name: &str, help: &str, labels: &[&str]) -> prometheus::Result<IntGaugeVec> {
        IntGaugeVec::new(self.opts(name, help), labels)
    }

    fn opts(&self, name: &str, help: &str) -> Opts {
        Opts::new(format!("db_pool_{name}"), help).namespace(&*self.prefix)
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
