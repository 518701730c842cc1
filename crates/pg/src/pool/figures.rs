//! One consistent reading of a pool, for metrics and status.

use std::{collections::BTreeMap, time::Duration};

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{
    LatestLeak, Shared, WAIT_WINDOW,
    registry::{FailedAttempt, Fate, State},
};

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

impl Shared {
    /// Reads the pool once.
    pub fn figures(&self) -> PoolFigures {
        let settings = &self.settings;
        let generation = self.generation.load();
        let mut state = settings.registry.state();
        let bb8 = generation.bb8.state();
        let oldest = state.leases.values().min_by_key(|lease| lease.since);
        let oldest_lease = oldest.map(|lease| OldestLease {
            owner: lease.owner,
            seconds: lease.since.elapsed().as_secs_f64(),
            location: lease.place.to_string(),
        });
        let by_owner = self.by_owner(&state);
        PoolFigures {
            max: settings.max_connections,
            checked_out: state.leases.len() as u32,
            idle: bb8.idle_connections,
            establishing: state.establishing as u32,
            pending: state.pending() as u32,
            acquire_p95_seconds: settings.traffic.acquire_p95_seconds(),
            acquire_p95_window_seconds: WAIT_WINDOW.as_secs(),
            timeouts_total: settings.traffic.timeouts_total(),
            highwater: state.highwater() as u32,
            oldest_lease,
            unaccounted: unaccounted(&bb8, &state, generation.number),
            suspects: by_owner.iter().map(|figures| figures.overdue).sum(),
            leaks_confirmed: settings.leaks.by_kind(),
            latest_leak: settings.leaks.latest(),
            last_audit_at: self.audit.succeeded_at(),
            last_connect_error: state
                .connect_failure()
                .map(|it| ConnectFailure { class: it.class, at: it.at }),
            exhausted_since: state.exhausted_since,
            by_owner,
        }
    }

    /// Looks whether all connections are out and somebody waits.
    pub(super) fn note_exhausted(&self) {
        let mut state = self.settings.registry.state();
        let is_full = state.leases.len() >= self.settings.max_connections as usize;
        let is_exhausted = is_full && state.pending() > 0;
        state.exhausted_since =
            is_exhausted.then(|| state.exhausted_since.unwrap_or_else(Utc::now));
    }

    /// Connections that are out by bb8's count, less the leases of the pool in force.
    pub(super) fn unaccounted(&self) -> i64 {
        let generation = self.generation.load();
        let state = self.settings.registry.state();
        unaccounted(&generation.bb8.state(), &state, generation.number)
    }

    fn by_owner(&self, state: &State) -> Vec<OwnerFigures> {
        let of = |(owner, threshold): &(&'static str, Duration)| {
            let leases = state.leases.values().filter(|lease| lease.owner == *owner);
            let none = OwnerFigures { owner, checked_out: 0, oldest: Duration::ZERO, overdue: 0 };
            leases.fold(none, |figures, lease| {
                let held = lease.since.elapsed();
                let is_overdue = held > *threshold && lease.fate != Fate::Leaked;
                OwnerFigures {
                    owner,
                    checked_out: figures.checked_out + 1,
                    oldest: figures.oldest.max(held),
                    overdue: figures.overdue + u32::from(is_overdue),
                }
            })
        };
        self.leak_thresholds.iter().map(of).collect()
    }

    /// The newest failure to connect, if the pool could not connect since.
    pub(super) fn failing(&self) -> Option<FailedAttempt> {
        let state = self.settings.registry.state();
        state.failed_ago().and(state.connect_failure().cloned())
    }
}

fn unaccounted(bb8: &bb8::State, state: &State, generation: u64) -> i64 {
    let leases = state.leases.values().filter(|lease| lease.generation == generation);
    i64::from(bb8.connections) - i64::from(bb8.idle_connections) - leases.count() as i64
}
