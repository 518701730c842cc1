//! State that is read when the status is rendered, because it changes independently of cycles.

use chrono::TimeDelta;
use serde::Serialize;

use super::{JobFigures, LastReload, TableReport};
use crate::status::{
    outcome::PollerState,
    progress::{Running, Storing},
    tasks::EndedTask,
};
use sectorwatch_core::Time;
use sectorwatch_store::{LockedOut, PoolFigures};

/// State outside the poller's snapshot, read without waiting.
#[derive(Debug, Clone, Default)]
pub struct Live {
    /// The poller and its supervisor.
    pub liveness: Liveness,
    /// The poller's pool; `None` before it exists.
    pub ingest: Option<PoolFigures>,
    /// The web's pool; `None` before it exists.
    pub read: Option<PoolFigures>,
    /// The last check of the writer's server.
    pub database: DatabaseCheck,
    /// The last check of the reader's server; `None` when that is the same.
    pub read_database: Option<DatabaseCheck>,
    /// The tables as last measured; empty before the first audit.
    pub tables: Vec<TableReport>,
    /// The background jobs.
    pub jobs: Vec<JobFigures>,
    /// The newest end of a background task; `None` when none has ended.
    pub ended_task: Option<EndedTask>,
    /// Since when the embedded server's data is lost; `None` while it is present.
    pub data_lost: Option<Time>,
    /// The foreign session that holds the writer's lock, if there is one.
    pub locked_out: Option<LockedOut>,
    /// The last reload of the airspace; `None` before the first.
    pub last_reload: Option<LastReload>,
    /// Whether all migrations are applied.
    pub migrated: bool,
    /// Whether the service is shutting down.
    pub draining: bool,
}

/// The liveness of the poller.
#[derive(Debug, Clone, Copy, Default)]
pub struct Liveness {
    /// What the poller does now.
    pub state: PollerState,
    /// The newest heartbeat. There is one every second.
    pub heartbeat_at: Option<Time>,
    /// Start of the latest cycle.
    pub last_attempt_at: Option<Time>,
    /// The running cycle, if there is one.
    pub running: Option<Running>,
    /// Whether the feed's answers are stored.
    pub storing: Storing,
    /// Polls skipped because a cycle was still running.
    pub skipped_ticks: u64,
    /// The generation that writes; the first is 1.
    pub generation: u64,
    /// Restarts by the supervisor.
    pub restarts: Restarts,
    /// When the supervisor gave up restarting.
    pub gave_up_at: Option<Time>,
}

/// Restarts of the poller by reason.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Restarts {
    pub panic: u64,
    /// The task ended without a panic.
    pub exit: u64,
    /// The heartbeat stopped, and a successor took over.
    pub stall: u64,
}

/// The result of the last database check. Checks run every few seconds, independently of requests.
#[derive(Debug, Clone, Default)]
pub struct DatabaseCheck {
    /// Whether the server answered; `None` before the first check.
    pub reachable: Option<bool>,
    /// When the server last answered a check or a phase.
    pub contact_at: Option<Time>,
    /// Round trip of the last successful check, in seconds.
    pub latency_seconds: Option<f64>,
    /// For example `15.14`.
    pub server_version: Option<String>,
    /// Newest migration applied.
    pub migration: Option<String>,
    /// When the last check ended.
    pub checked_at: Option<Time>,
    /// The error class of the last check; `None` when it succeeded.
    pub error_class: Option<&'static str>,
}

impl DatabaseCheck {
    /// Whether the database answered within the last 30 s.
    pub fn reached_lately(&self, now: Time) -> bool {
        self.contact_at.is_some_and(|at| now - at <= TimeDelta::seconds(30))
    }
}
