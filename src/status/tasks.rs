//! The background tasks of the `db` runtime, and the newest end of one.

use strum::{IntoStaticStr, VariantArray};

use sectorwatch_core::Time;

/// A background task, which runs as long as the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Task {
    /// Restarts the embedded server after it ended.
    KeepAlive,
    /// Checks the database.
    CheckDatabase,
    /// Records when a pool becomes exhausted.
    WatchPools,
    /// Sweeps the pools for leaks, and audits the server's sessions.
    Watch,
    /// Creates partitions ahead of time, and deletes what is old.
    Housekeeping,
    /// Reads the airspace files again when that is wanted.
    ReloadAirspace,
    /// Reads the file of tokens again when that is wanted.
    ReloadTokens,
    /// Renders the live stream after each cycle.
    RenderLive,
}

impl Task {
    /// The name in metric labels and log.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// The end of a background task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EndedTask {
    pub task: Task,
    pub at: Time,
}
