//! The metrics of pools and sessions.

use std::marker::PhantomData;

use chrono::{DateTime, Utc};

use crate::{
    audit::metrics::AuditMetrics,
    connection::StatementMetrics,
    families::Families,
    owner::Owner,
    pool::{collector::PoolCollector, leaks::LeakMetrics, metrics::PoolMetrics},
};

/// All metric families of this crate, in the registry of a service. Clones share them.
///
/// Every possible label set exists from the start, at 0: those of statements when this is registered, those
/// of a pool when the pool is created.
/// registered, those of a pool as soon as the pool is made.
#[derive(Clone)]
pub struct Metrics<O> {
    pub(crate) pools: PoolMetrics,
    pub(crate) leaks: LeakMetrics,
    pub(crate) statements: StatementMetrics,
    pub(crate) audit: AuditMetrics,
    pub(crate) gauges: PoolCollector,
    owner: PhantomData<fn(O)>,
}

impl<O: Owner> Metrics<O> {
    /// Registers all families. Their names begin with the prefix: `shop` gives `shop_db_pool_acquires_total`.
    ///
    /// # Errors
    /// A family is already registered, or the prefix is not valid in a name.
    pub fn register(registry: &prometheus::Registry, prefix: &str) -> prometheus::Result<Self> {
        let families = Families { registry, prefix };
        Ok(Self {
            pools: PoolMetrics::register(families)?,
            leaks: LeakMetrics::register(families)?,
            statements: StatementMetrics::register::<O>(families)?,
            audit: AuditMetrics::register(families)?,
            gauges: PoolCollector::register(families)?,
            owner: PhantomData,
        })
    }

    /// When the server's list of sessions was last compared with ours; `None` before the first audit.
    pub fn audited_at(&self) -> Option<DateTime<Utc>> {
        self.audit.succeeded_at()
    }
}
