//! The background tasks of the runtime `db`, and the newest end of one.

use sectorwatch_core::Time;

/// A task that is to run for as long as the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    /// All of them, for label sets born at 0.
    pub const ALL: [Task; 5] =
        [Task::KeepAlive, Task::CheckDatabase, Task::WatchPools, Task::Watch, Task::Housekeeping];

    /// The word in label and log.
    pub fn as_str(self) -> &'static str {
        match self {
            Task::KeepAlive => "keep_alive",
            Task::CheckDatabase => "check_database",
            Task::WatchPools => "watch_pools",
            Task::Watch => "watch",
            Task::Housekeeping => "housekeeping",
        }
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
