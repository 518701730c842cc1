//! The database: pools, the two transactions of a cycle, and history for the web.
//!
//! A connection exists only inside one call of this crate: pools and leases are in private modules, and no
//! public item holds one. A new table needs a migration and a file of its own here.
#![recursion_limit = "512"]
#![warn(missing_docs)]
#![cfg_attr(not(test), deny(clippy::expect_used, clippy::unwrap_used))]

pub mod api;
mod check;
mod contacts;
mod data_version;
mod error;
mod flights;
mod ledger;
mod mark;
mod members;
mod metrics;
mod migrate;
mod owner;
mod partitions;
mod pool;
mod read;
mod restore;
mod retention;
mod schema;
mod seal;
mod secret;
mod sectors;
mod settings;
mod start;
mod statement;
mod stations;
mod tables;
#[cfg(feature = "fault-injection")]
pub mod testing;
mod transceivers;
mod unnest;
mod update;
mod writer;

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use arc_swap::{ArcSwap, ArcSwapOption};
use chrono::NaiveDate;
use tokio::runtime::Handle;

pub use check::{DatabaseCheck, Probe};
pub use contacts::{ContactChanges, NewRows, StoredContacts};
pub use error::StoreError;
pub use flights::{FlightsWritten, NewMovement};
pub use ledger::CycleRecord;
pub use mark::MarkReset;
pub use members::{Erased, Forgotten, KeyError, KeyLocation};
pub use metrics::{StoreMetrics, retention_period};
pub use migrate::MIGRATIONS;
pub use owner::{Owner, PoolName};
pub use pool::LeakThresholds;
pub use read::{FlightHistory, FlightRow, PositionRow, VisitRow};
pub use restore::Restored;
pub use retention::{BatchRows, Retention, StoredMark};
pub use seal::{Seal, SealProbe};
pub use secret::Secret;
pub use sectors::SectorsApplied;
pub use sectorwatch_pg::{
    ConnectError, ConnectFailure, DatabaseUrl, LatestLeak, LeakKind, OldestLease, PgError,
    PoolFigures, Refused, SqlState, chain, operation,
};
pub use settings::{StoreSettings, application_name, boot_id};
pub use stations::ControllerIds;
pub use tables::{MeasuredTables, TableSize};
pub use writer::{LockedOut, Patience, WriterIdentity, WriterLock};

use self::{pool::Pool, tables::TableMetrics};
use sectorwatch_core::Time;
use sectorwatch_pg::{Dialler, Metrics};
use sectorwatch_telemetry::metrics::{PREFIX, Registry};

/// The database. Clones share it.
#[derive(Clone)]
pub struct Store(Arc<Shared>);

struct Shared {
    ingest: Pool,
    read: Pool,
    runtime: Handle,
    /// Opens sessions for single tasks.
    system: Dialler,
    /// Opens sessions with the reader's server; `None` when both use one URL.
    reading: Option<Dialler>,
    connection_max_lifetime: Duration,
    /// The longest time that a request for history waits for its answer.
    longest_read: Duration,
    counters: Metrics<Owner>,
    tables: TableMetrics,
    heals_itself: bool,
    metrics: StoreMetrics,
    keys: KeyLocation,
    forgotten: ArcSwap<Forgotten>,
    locked_out: ArcSwapOption<LockedOut>,
    /// Days with a partition; `None` until they are listed.
    partitions: Mutex<Option<BTreeSet<NaiveDate>>>,
    /// Held while partitions are created, because a cycle and housekeeping must not both create one.
    making_partitions: tokio::sync::Mutex<()>,
}

impl Store {
    /// Creates both pools without connecting.
    ///
    /// # Errors
    /// A URL cannot be used, or a metric is registered twice.
    pub fn new(
        settings: &StoreSettings,
        registry: &Registry,
        runtime: Handle,
    ) -> Result<Self, StoreSetupError> {
        let counters = Metrics::register(registry.families(), PREFIX)?;
        let system = pool::dialler(settings, &settings.url)?;
        let reading = pool::dialler(settings, &settings.read_url)?;
        let is_other = settings.url.expose() != settings.read_url.expose();
        let other = is_other.then(|| reading.clone());
        let pool = |name, dialler| pool::pool(settings, name, dialler, &counters, runtime.clone());
        let ingest = pool(PoolName::Ingest, system.clone());
        let read = pool(PoolName::Read, reading);
        Ok(Self(Arc::new(Shared {
            ingest,
            read,
            system,
            reading: other,
            connection_max_lifetime: settings.connection_max_lifetime,
            longest_read: settings.acquire_timeout + settings.statement_timeout,
            counters,
            tables: TableMetrics::register(registry)?,
            heals_itself: settings.pool_self_heal,
            runtime,
            metrics: StoreMetrics::register(registry)?,
            keys: settings.keys.clone(),
            forgotten: ArcSwap::default(),
            locked_out: ArcSwapOption::default(),
            partitions: Mutex::new(None),
            making_partitions: tokio::sync::Mutex::default(),
        })))
    }

    /// Reads the state of a pool.
    pub fn pool_figures(&self, pool: PoolName) -> PoolFigures {
        match pool {
            PoolName::Ingest => self.0.ingest.figures(),
            PoolName::Read => self.0.read.figures(),
        }
    }

    /// Whether history is read with another URL than the writer's.
    pub fn has_reader(&self) -> bool {
        self.reading().is_some()
    }

    /// When the server's list of sessions was last compared with our list.
    pub fn audited_at(&self) -> Option<Time> {
        self.0.counters.audited_at()
    }

    /// The tables as last measured by the audit; `None` before the first audit.
    pub fn measured_tables(&self) -> Option<Arc<MeasuredTables>> {
        self.0.tables.latest()
    }

    /// Closes the pools. Waits at most `limit` for leases to be returned. Returns how many were not, after
    /// logging each with its line.
    pub async fn drain(&self, limit: Duration) -> usize {
        let pools = [&self.0.ingest, &self.0.read];
        pools.iter().for_each(|pool| pool.close());
        let begun = tokio::time::Instant::now();
        while begun.elapsed() < limit && pools.iter().any(|pool| pool.figures().checked_out > 0) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        pools.iter().map(|pool| pool.report_open()).sum()
    }

    /// The metrics of the store.
    pub fn metrics(&self) -> &StoreMetrics {
        &self.0.metrics
    }

    fn ingest(&self) -> &Pool {
        &self.0.ingest
    }

    fn read_pool(&self) -> &Pool {
        &self.0.read
    }

    fn runtime(&self) -> &Handle {
        &self.0.runtime
    }

    fn system(&self) -> &Dialler {
        &self.0.system
    }

    fn reading(&self) -> Option<&Dialler> {
        self.0.reading.as_ref()
    }

    fn connection_max_lifetime(&self) -> Duration {
        self.0.connection_max_lifetime
    }

    fn counters(&self) -> &Metrics<Owner> {
        &self.0.counters
    }

    fn heals_itself(&self) -> bool {
        self.0.heals_itself
    }

    fn partitions(&self) -> MutexGuard<'_, Option<BTreeSet<NaiveDate>>> {
        self.0.partitions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn known_partitions(&self) -> Option<BTreeSet<NaiveDate>> {
        self.partitions().clone()
    }

    async fn make_partitions_alone(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.0.making_partitions.lock().await
    }

    fn remember_partitions(&self, known: BTreeSet<NaiveDate>) {
        *self.partitions() = Some(known);
    }

    fn forget_partitions(&self) {
        *self.partitions() = None;
    }
}

/// Why the store could not be created.
#[derive(Debug, thiserror::Error)]
pub enum StoreSetupError {
    /// A URL cannot be used.
    #[error("the database settings cannot be used")]
    Url(#[from] ConnectError),
    /// A metric family is registered twice.
    #[error("the metrics cannot be registered")]
    Metrics(#[from] prometheus::Error),
}
