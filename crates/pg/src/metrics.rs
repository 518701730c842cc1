//! What pools and sessions count into.

use std::marker::PhantomData;

use chrono::{DateTime, Utc};

use crate::{
    audit::metrics::AuditMetrics,
    connection::StatementMetrics,
    families::Families,
    owner::Owner,
    pool::{collector::PoolCollector, leaks::LeakMetrics, metrics::PoolMetrics},
};

/// Every metric family of this crate, in the registry of a service. Cloning shares it.
///
/// Each label set that can ever be counted exists from the start, at 0: those of statements as soon as this is
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
    /// Registers all families. Their names begin with the prefix: `shop` makes `shop_db_pool_acquires_total`.
    ///
    /// # Errors
    /// When a family is in the registry already, or the prefix can be no part of a name.
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

    /// When the server's list of sessions was last compared with ours; `None` before the first time.
    pub fn audited_at(&self) -> Option<DateTime<Utc>> {
        self.audit.succeeded_at()
    }
}
