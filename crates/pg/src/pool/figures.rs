//! What one reading of a pool says, for metrics and status.

use std::{collections::BTreeMap, time::Duration};

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::leaks::LatestLeak;

/// One reading of a pool. Serialized, it is what a status page shows of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct PoolFigures {
    /// Configured maximum of connections.
    pub max: u32,
    /// Leases open now.
    pub checked_out: u32,
    /// Connections idle now, by bb8's count.
    pub idle: u32,
    /// Sessions being opened now.
    pub establishing: u32,
    /// Tasks waiting now.
    pub pending: u32,
    /// 95 % of the waits within the window were shorter, in seconds (upper bound of the bucket); `None` when there was
    /// none.
    pub acquire_p95_seconds: Option<f64>,
    /// The window, up to now, in seconds.
    pub acquire_p95_window_seconds: u64,
    /// Acquires that waited in vain, since the start.
    pub timeouts_total: u64,
    /// Highest number of leases at once in the last 60 s.
    pub highwater: u32,
    /// The lease held longest.
    pub oldest_lease: Option<OldestLease>,
    /// bb8's count of what is out, minus ours: 0 at rest, and below 0 only for a moment.
    pub unaccounted: i64,
    /// Leases open now beyond their owner's threshold that are not proved to be leaks.
    pub suspects: u32,
    /// Confirmed leaks since the start, by the word of their kind.
    pub leaks_confirmed: BTreeMap<&'static str, u64>,
    /// The newest of them.
    pub latest_leak: Option<LatestLeak>,
    /// When the server's list of sessions was last compared with ours; `None` before the first time.
    pub last_audit_at: Option<DateTime<Utc>>,
    /// Why a connection could last not be opened, kept when others succeed.
    pub last_connect_error: Option<ConnectFailure>,
    /// Since when each call of [`Pool::note_exhausted`](crate::Pool::note_exhausted) found all connections out and
    /// somebody waiting; `None` when the latest did not.
    #[serde(skip)]
    pub exhausted_since: Option<DateTime<Utc>>,
    /// What each owner holds.
    #[serde(skip)]
    pub by_owner: Vec<OwnerFigures>,
}

/// What one owner holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnerFigures {
    /// The owner, by its word.
    pub owner: &'static str,
    /// Leases open now.
    pub checked_out: u32,
    /// Age of the oldest of them.
    pub oldest: Duration,
    /// Those of them beyond the threshold that are not proved to be leaks.
    pub overdue: u32,
}

/// The lease that is held longest.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OldestLease {
    /// Its owner, by its word.
    pub owner: &'static str,
    /// For how long, in seconds.
    pub seconds: f64,
    /// `file:line:column` of the acquire.
    pub location: String,
}

/// A failed attempt to open a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ConnectFailure {
    /// SQLSTATE class, or `io`, `tls`, `dns`, `timeout`, `other`.
    pub class: &'static str,
    /// When.
    pub at: DateTime<Utc>,
}
