//! A reading of a pool, for metrics and status.

use std::{collections::BTreeMap, time::Duration};

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::leaks::LatestLeak;

/// A reading of a pool. Its serialized form is for status pages.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct PoolFigures {
    /// The configured maximum of connections.
    pub max: u32,
    /// The number of open leases.
    pub checked_out: u32,
    /// The number of idle connections, according to bb8.
    pub idle: u32,
    /// The number of sessions being opened.
    pub establishing: u32,
    /// The number of waiting tasks.
    pub pending: u32,
    /// The 95th percentile of the waits in the window, in seconds (the upper bound of its bucket); `None`
    /// without waits.
    pub acquire_p95_seconds: Option<f64>,
    /// The length of the window, in seconds.
    pub acquire_p95_window_seconds: u64,
    /// Acquires that timed out, since the start.
    pub timeouts_total: u64,
    /// The highest number of simultaneous leases in the last 60 s.
    pub highwater: u32,
    /// The lease that is held longest.
    pub oldest_lease: Option<OldestLease>,
    /// bb8's number of connections that are out, minus our leases. 0 at rest, and below 0 only briefly.
    pub unaccounted: i64,
    /// Open leases beyond their owner's threshold that are not proved to be leaks.
    pub suspects: u32,
    /// Confirmed leaks since the start, by kind.
    pub leaks_confirmed: BTreeMap<&'static str, u64>,
    /// The newest confirmed leak.
    pub latest_leak: Option<LatestLeak>,
    /// When the server's list of sessions was last compared with ours; `None` before the first audit.
    pub last_audit_at: Option<DateTime<Utc>>,
    /// The newest failure to open a connection, kept after later successes.
    pub last_connect_error: Option<ConnectFailure>,
    /// Since when every call of [`Pool::note_exhausted`](crate::Pool::note_exhausted) found all connections
    /// out and a task waiting; `None` when the latest did not.
    #[serde(skip)]
    pub exhausted_since: Option<DateTime<Utc>>,
    /// The leases of each owner.
    #[serde(skip)]
    pub by_owner: Vec<OwnerFigures>,
}

/// The leases of one owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnerFigures {
    /// The name of the owner.
    pub owner: &'static str,
    /// The number of open leases.
    pub checked_out: u32,
    /// The age of the oldest lease.
    pub oldest: Duration,
    /// Leases beyond the threshold that are not proved to be leaks.
    pub overdue: u32,
}

/// The lease that is held longest.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OldestLease {
    /// The name of its owner.
    pub owner: &'static str,
    /// The age in seconds.
    pub seconds: f64,
    /// The line that acquired it, as `file:line:column`.
    pub location: String,
}

/// A failed attempt to open a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ConnectFailure {
    /// The SQLSTATE class, or `io`, `tls`, `dns`, `timeout`, `other`.
    pub class: &'static str,
    /// When it failed.
    pub at: DateTime<Utc>,
}
