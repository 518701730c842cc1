//! The background tasks of the runtime `db`, and the newest end of one.

use strum::{IntoStaticStr, VariantArray};

use sectorwatch_core::Time;

/// A task that is to run for as long as the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Task {
    /// Starts the embedded server again when it ended.
    KeepAlive,
    /// Asks the database for a sign of life.
    CheckDatabase,
    /// Notes since when a pool is exhausted.
    WatchPools,
    /// Looks for leaks, and audits the server's sessions.
    Watch,
    /// Makes partitions ahead of time, and deletes what is old.
    Housekeeping,
}

impl Task {
    /// The word in label and log.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// The newest end of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EndedTask {
    /// Which one.
    pub task: Task,
    /// When.
    pub at: Time,
}
