//! What is read when the status is rendered, because it changes between cycles or without them.

use chrono::TimeDelta;
use serde::Serialize;

use super::{JobFigures, TableReport};
use crate::status::{
    outcome::PollerState,
    progress::{Running, Storing},
    tasks::EndedTask,
};
use sectorwatch_core::Time;
use sectorwatch_store::{LockedOut, PoolFigures};

/// The state of things outside the poller's snapshot, read without waiting.
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
    /// The tables as measured last; none before the first audit.
    pub tables: Vec<TableReport>,
    /// The background jobs.
    pub jobs: Vec<JobFigures>,
    /// The newest end of a background task; `None` when none ended.
    pub ended_task: Option<EndedTask>,
    /// Since when the embedded server's data is lost; `None` while it is there.
    pub data_lost: Option<Time>,
    /// The stranger that holds the writer's lock; `None` when none does.
    pub locked_out: Option<LockedOut>,
    /// Whether the migrations are at head.
    pub migrated: bool,
    /// Whether the shutdown has begun.
    pub draining: bool,
}

/// Signs of life of the poller.
#[derive(Debug, Clone, Copy, Default)]
pub struct Liveness {
    /// What it does now.
    pub state: PollerState,
    /// Last turn of its loop, which turns every second.
    pub heartbeat_at: Option<Time>,
    /// Start of the latest cycle.
    pub last_attempt_at: Option<Time>,
    /// The cycle that has not ended, if there is one.
    pub running: Option<Running>,
    /// Whether what the feed answers is stored.
    pub storing: Storing,
    /// Ticks dropped because a cycle was still running.
    pub skipped_ticks: u64,
    /// Which generation writes; 1 is the first.
    pub generation: u64,
    /// How often the supervisor had to act.
    pub restarts: Restarts,
    /// When the supervisor gave up restarting.
    pub gave_up_at: Option<Time>,
}

/// Restarts of the poller by reason.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Restarts {
    /// The task panicked.
    pub panic: u64,
    /// The task ended by itself.
    pub exit: u64,
    /// The loop stood still, and a successor took over.
    pub stall: u64,
}

/// What the last check of the database found. A check runs every few seconds, outside requests.
#[derive(Debug, Clone, Default)]
pub struct DatabaseCheck {
    /// Whether it answered; `None` before the first check.
    pub reachable: Option<bool>,
    /// When it last answered anything: a check, or a phase.
    pub contact_at: Option<Time>,
    /// Round trip of the last answered check, in seconds.
    pub latency_seconds: Option<f64>,
    /// For example `15.14`.
    pub server_version: Option<String>,
    /// Newest migration applied.
    pub migration: Option<String>,
    /// When the last check ended.
    pub checked_at: Option<Time>,
    /// Class of the last failure; `None` when the last check went well.
    pub error_class: Option<&'static str>,
}

impl DatabaseCheck {
    /// Whether the database answered within the last 30 s.
    pub fn reached_lately(&self, now: Time) -> bool {
        self.contact_at.is_some_and(|at| now - at <= TimeDelta::seconds(30))
    }
}
