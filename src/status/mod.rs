//! The read model: what the collector publishes after each cycle, what a reader makes of it, and the
//! verdict. Asks nothing and waits for nothing.
//!
//! Holds times, counts and states, never ages: an age is true only at the moment it is computed,
//! which is when [`StatusSnapshot::report`] renders. A figure that was not measured is `None`.

mod aircraft;
mod compat;
mod hour;
mod live;
pub mod live_reader;
pub mod outcome;
mod outlines;
mod phases;
pub mod progress;
mod recent;
mod report;
mod sectors;
pub mod standing;
mod stored;
pub mod tasks;
pub mod verdict;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

pub use aircraft::{Aircraft, AircraftList};
pub use hour::{LastHour, Moves, MovesBySector};
pub use live::{DatabaseCheck, Live, Liveness, Restarts};
pub use outlines::{Outlines, PolygonLines, Position, SectorOutline};
pub use phases::PhaseTimes;
pub use recent::{CycleFigures, RecentCycles};
pub(crate) use report::DatabaseReport;
pub use report::{StatusReport, seconds_since};
pub use sectors::{SectorFigures, SectorReport};
pub use sectorwatch_store::{ConnectFailure, LatestLeak, LeakKind, OldestLease, PoolFigures};
pub use stored::{JobFigures, TableReport};

use crate::status::outcome::{CycleOutcome, Phase};
use sectorwatch_core::{Time, drift::Drift};

/// Everything the poller knows about itself and its data at the end of a cycle.
#[derive(Debug, Clone)]
pub struct StatusSnapshot {
    /// When this snapshot was published.
    pub published_at: Time,
    /// Whether the traffic is the demo's and not the network's.
    pub simulated: bool,
    /// Who runs.
    pub service: Service,
    /// The cycles so far.
    pub cycles: Cycles,
    /// The latest durations of each phase that has run.
    pub phases: BTreeMap<Phase, PhaseTimes>,
    /// The feed as last seen.
    pub feed: Feed,
    /// Flights and sectors after the last stored cycle.
    pub airspace: AirspaceFigures,
    /// Controllers online by facility word; `None` while unknown.
    pub controllers: Option<BTreeMap<&'static str, u64>>,
    /// The cycles of the last ten minutes.
    pub recent: RecentCycles,
}

/// Identity of this process.
#[derive(Debug, Clone)]
pub struct Service {
    /// Version of the package.
    pub version: &'static str,
    /// Commit it was built from, where known.
    pub revision: Option<&'static str>,
    /// When the process started.
    pub started_at: Time,
    /// `SECTORWATCH_INSTANCE`.
    pub instance: String,
}

/// What became of the cycles.
#[derive(Debug, Clone)]
pub struct Cycles {
    /// Configured poll interval.
    pub interval: Duration,
    /// How many ended in which way; outcomes that never occurred may be absent.
    pub by_outcome: BTreeMap<CycleOutcome, u64>,
    /// How the latest one ended.
    pub last_outcome: Option<CycleOutcome>,
    /// End of the latest success, unchanged or backwards cycle.
    pub last_success_at: Option<Time>,
    /// Failed cycles in a row.
    pub consecutive_failures: u64,
    /// End of the first of them.
    pub failing_since: Option<Time>,
    /// The latest failure, kept after it is over.
    pub last_error: Option<LastError>,
}

/// Where and when a cycle failed last, in words of closed sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastError {
    /// Phase that failed.
    pub phase: Phase,
    /// The error's `kind()`.
    pub kind: &'static str,
    /// When.
    pub at: Time,
}

/// The main feed.
#[derive(Debug, Clone, Default)]
pub struct Feed {
    /// Host of the feed's URL; never the URL, which can hold a credential.
    pub url_host: Option<String>,
    /// When it last answered with a body or "not modified".
    pub answered_at: Option<Time>,
    /// `update_timestamp` of the newest publication seen.
    pub published_at: Option<Time>,
    /// Publication to commit, of the latest stored publication.
    pub lag: Option<Duration>,
    /// Pilots world-wide in the latest publication.
    pub connected_pilots: Option<u64>,
    /// As the server sent it.
    pub etag: Option<String>,
    /// Records dropped since the start.
    pub rejected_total: u64,
    /// What the pilots of the newest snapshot lost.
    pub drift: Option<Drift>,
    /// Since when that is too much.
    pub drifting_since: Option<Time>,
    /// Snapshots are refused as a whole, and none was stored since.
    pub refused: Option<Refusal>,
}

/// A snapshot that was not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// When the first one came.
    pub since: Time,
    /// What is wrong with the latest: `schema` or `truncated`.
    pub kind: &'static str,
}

/// The airspace and who is in it.
#[derive(Debug, Clone, Default)]
pub struct AirspaceFigures {
    /// Flights in scope in the latest stored cycle.
    pub flights: Option<u64>,
    /// Flights that the sector phase holds state for.
    pub tracked: Option<u64>,
    /// Flights seen within the five minutes before the mark.
    pub seen_lately: Option<u64>,
    /// Which airspace file.
    pub revision: String,
    /// Whether its lines are approximate (the built-in one).
    pub approximate: bool,
    /// Transitions queued and not yet applied.
    pub pending_transitions: Option<u64>,
    /// Visits without an exit.
    pub open_entries: Option<u64>,
    /// Each sector, in the order of the file.
    pub sectors: Vec<SectorFigures>,
    /// Who entered and left them.
    pub last_hour: LastHour,
    /// Flights in scope in the latest stored snapshot, in the order of the feed.
    pub aircraft: AircraftList,
    /// What the map draws them over.
    pub outlines: Arc<Outlines>,
}

impl StatusSnapshot {
    /// What is true before the first cycle: who runs, and that nothing is known yet.
    pub fn at_start(service: Service, interval: Duration, simulated: bool) -> Self {
        Self {
            published_at: service.started_at,
            simulated,
            service,
            cycles: Cycles {
                interval,
                by_outcome: BTreeMap::new(),
                last_outcome: None,
                last_success_at: None,
                consecutive_failures: 0,
                failing_since: None,
                last_error: None,
            },
            phases: BTreeMap::new(),
            feed: Feed::default(),
            airspace: AirspaceFigures::default(),
            controllers: None,
            recent: RecentCycles::default(),
        }
    }
}

impl Cycles {
    /// Books a finished cycle: the one place that knows what a failure in a row is.
    pub fn finished(&mut self, outcome: CycleOutcome, at: Time) {
        *self.by_outcome.entry(outcome).or_default() += 1;
        self.last_outcome = Some(outcome);
        if outcome.is_failure() {
            self.consecutive_failures += 1;
            self.failing_since.get_or_insert(at);
        } else {
            self.last_success_at = Some(at);
            self.consecutive_failures = 0;
            self.failing_since = None;
        }
    }
}

#[cfg(test)]
mod tests;
