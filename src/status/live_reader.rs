//! Reads the live part of the status without waiting.

use std::{sync::Arc, time::Duration};

use arc_swap::ArcSwap;
use chrono::Utc;
use tokio::sync::watch;

use crate::status::{
    DatabaseCheck, JobFigures, LastReload, Live, Liveness, TableReport, tasks::EndedTask,
};
use sectorwatch_core::Time;
use sectorwatch_store::{self, PoolName, Probe, Store, retention_period};

const CHECK_EVERY: Duration = Duration::from_secs(5);
const POOL_CHECK_EVERY: Duration = Duration::from_secs(1);

/// Where live values outside the store are read from. None of these may wait.
#[derive(Clone)]
pub struct LiveInputs {
    /// The liveness of the poller.
    pub liveness: Arc<dyn Fn() -> Liveness + Send + Sync>,
    /// The newest end of a background task.
    pub ended_task: Arc<dyn Fn() -> Option<EndedTask> + Send + Sync>,
    /// When the embedded server's data was lost; `None` while it is there.
    pub data_lost: Arc<dyn Fn() -> Option<Time> + Send + Sync>,
    /// The last reload of the airspace; `None` before the first.
    pub last_reload: Arc<dyn Fn() -> Option<LastReload> + Send + Sync>,
    /// Whether the service is shutting down.
    pub draining: watch::Receiver<bool>,
}

/// Reads the live part of the status. Clones share it.
#[derive(Clone)]
pub struct LiveReader {
    store: Store,
    inputs: LiveInputs,
    database: Arc<ArcSwap<DatabaseCheck>>,
    read_database: Arc<ArcSwap<DatabaseCheck>>,
}

impl LiveReader {
    /// Creates a reader for a database with all migrations applied.
    pub fn new(store: Store, inputs: LiveInputs) -> Self {
        let (database, read_database) = Default::default();
        Self { store, inputs, database, read_database }
    }

    /// Returns one reading. Takes no connection and does not wait.
    pub fn live(&self) -> Live {
        Live {
            liveness: (self.inputs.liveness)(),
            last_reload: (self.inputs.last_reload)(),
            ingest: Some(self.store.pool_figures(PoolName::Ingest)),
            read: Some(self.store.pool_figures(PoolName::Read)),
            database: DatabaseCheck::clone(&self.database.load()),
            read_database: (self.store.has_reader())
                .then(|| DatabaseCheck::clone(&self.read_database.load())),
            tables: tables(&self.store),
            jobs: vec![retention(&self.store)],
            ended_task: (self.inputs.ended_task)(),
            data_lost: (self.inputs.data_lost)(),
            locked_out: self.store.locked_out(),
            migrated: true,
            draining: *self.inputs.draining.borrow(),
        }
    }

    /// Checks each server every few seconds until it is dropped. Neither check waits for the other.
    pub async fn check_database(self) {
        let reading = async {
            if let Some(probe) = self.store.read_probe() {
                check_for_ever(probe, &self.read_database).await;
            }
        };
        tokio::join!(check_for_ever(self.store.probe(), &self.database), reading);
    }

    /// Records when a pool becomes exhausted, until it is dropped.
    pub async fn watch_pools(self) {
        loop {
            self.store.note_exhausted();
            tokio::time::sleep(POOL_CHECK_EVERY).await;
        }
    }
}

async fn check_for_ever(mut probe: Probe, found: &ArcSwap<DatabaseCheck>) {
    loop {
        let checked = probe.check().await;
        let now = Utc::now();
        let next = match checked {
            Ok(check) => DatabaseCheck {
                reachable: Some(true),
                contact_at: Some(now),
                latency_seconds: Some(check.latency.as_secs_f64()),
                server_version: Some(check.server_version),
                migration: check.migration,
                checked_at: Some(now),
                error_class: None,
            },
            Err(error) => {
                tracing::debug!(error = %sectorwatch_store::chain(&error), "a server gives no sign of life");
                DatabaseCheck {
                    reachable: Some(false),
                    latency_seconds: None,
                    checked_at: Some(now),
                    error_class: Some(error.class()),
                    ..DatabaseCheck::clone(&found.load())
                }
            }
        };
        found.store(Arc::new(next));
        tokio::time::sleep(CHECK_EVERY).await;
    }
}

fn tables(store: &Store) -> Vec<TableReport> {
    let Some(measured) = store.measured_tables() else { return Vec::new() };
    let table = |table: &sectorwatch_store::TableSize| TableReport {
        name: table.name.clone(),
        rows_estimate: table.rows.map(|rows| rows as u64),
        live_rows: u64::try_from(table.live_rows).ok(),
        estimate: true,
        bytes: u64::try_from(table.bytes).unwrap_or_default(),
        as_of: measured.at,
    };
    measured.tables.iter().map(table).collect()
}

fn retention(store: &Store) -> JobFigures {
    JobFigures {
        name: "retention",
        period: retention_period(),
        last_success_at: store.metrics().job_succeeded_at("retention"),
    }
}
