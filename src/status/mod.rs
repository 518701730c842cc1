//! The read model: what the collector publishes after each cycle, the report made from it, and the verdict.
//! It sends no queries and waits for nothing.
//!
//! It holds times, counts and states, but no ages. An age is true only when it is computed, which is when
//! [`StatusSnapshot::report`] renders. A value that was not measured is `None`.

mod aircraft;
mod compat;
mod contact;
mod hour;
mod live;
pub mod live_reader;
pub mod outcome;
mod outlines;
mod phases;
pub mod progress;
mod recent;
mod reload;
mod report;
mod sectors;
pub mod standing;
mod stored;
pub mod tasks;
pub mod verdict;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

pub use aircraft::{Aircraft, AircraftList};
pub use contact::{AircraftRadio, Contact, RadioCounts, RadioState};
pub use hour::{LastHour, Moves, MovesBySector};
pub use live::{DatabaseCheck, Live, Liveness, Restarts};
pub use outlines::{Outlines, PolygonLines, Position, SectorOutline, VolumeOutline};
pub use phases::PhaseTimes;
pub use recent::{CycleFigures, RecentCycles};
pub use reload::{LastReload, ReloadOutcome};
pub(crate) use report::DatabaseReport;
pub use report::{StatusReport, seconds_since};
pub use sectors::{SectorFigures, SectorReport};
pub use sectorwatch_store::{ConnectFailure, LatestLeak, LeakKind, OldestLease, PoolFigures};
pub use stored::{JobFigures, TableReport};

use crate::status::outcome::{CycleOutcome, Phase};
use sectorwatch_core::{Time, airspace::Airspace, drift::Drift};

/// Everything the poller knows about itself and its data at the end of a cycle.
#[derive(Debug, Clone)]
pub struct StatusSnapshot {
    /// When this snapshot was published.
    pub published_at: Time,
    /// Whether the traffic is simulated by the demo.
    pub simulated: bool,
    pub service: Service,
    pub cycles: Cycles,
    /// The latest durations of each phase that has run.
    pub phases: BTreeMap<Phase, PhaseTimes>,
    /// The feed as it was last seen.
    pub feed: Feed,
    /// Flights and sectors after the last stored cycle.
    pub airspace: AirspaceFigures,
    /// Controllers online by facility; `None` while unknown.
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
    /// The setting `SECTORWATCH_INSTANCE`.
    pub instance: String,
}

/// The results of the cycles.
#[derive(Debug, Clone)]
pub struct Cycles {
    /// Configured poll interval.
    pub interval: Duration,
    /// Cycles by outcome. An outcome that never occurred may be absent.
    pub by_outcome: BTreeMap<CycleOutcome, u64>,
    pub last_outcome: Option<CycleOutcome>,
    /// End of the latest success, unchanged or backwards cycle.
    pub last_success_at: Option<Time>,
    /// Failed cycles in a row.
    pub consecutive_failures: u64,
    /// When the first of them ended.
    pub failing_since: Option<Time>,
    /// The latest failure, which is kept after it is over.
    pub last_error: Option<LastError>,
}

/// The phase, kind and time of a failed cycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastError {
    pub phase: Phase,
    /// The error's `kind()`.
    pub kind: &'static str,
    pub at: Time,
}

/// The main feed.
#[derive(Debug, Clone, Default)]
pub struct Feed {
    /// Host of the feed's URL; never the URL, which can hold a credential.
    pub url_host: Option<String>,
    /// When the feed last answered with a body or "not modified".
    pub answered_at: Option<Time>,
    /// `update_timestamp` of the newest publication seen.
    pub published_at: Option<Time>,
    /// The time from publication to commit of the latest stored publication.
    pub lag: Option<Duration>,
    /// Pilots world-wide in the latest publication.
    pub connected_pilots: Option<u64>,
    /// The ETag as the server sent it.
    pub etag: Option<String>,
    /// Records rejected since the start.
    pub rejected_total: u64,
    /// The unreadable part of the newest snapshot.
    pub drift: Option<Drift>,
    /// Since when the drift is beyond its limit.
    pub drifting_since: Option<Time>,
    /// Set while snapshots are refused as a whole, until one is stored.
    pub refused: Option<Refusal>,
}

/// A snapshot that was refused as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// When the first such snapshot came.
    pub since: Time,
    /// What is wrong with the latest: `schema` or `truncated`.
    pub kind: &'static str,
}

/// The airspace and who is in it.
#[derive(Debug, Clone, Default)]
pub struct AirspaceFigures {
    /// Flights in scope in the latest stored cycle.
    pub flights: Option<u64>,
    /// The radios of the flights observed in it; `None` while contact is not recorded.
    pub radio: Option<RadioCounts>,
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
    /// Entries and exits of the last hour.
    pub last_hour: LastHour,
    /// Flights in scope in the latest stored snapshot, in the order of the feed.
    pub aircraft: AircraftList,
    /// The lines of the map below the aircraft.
    pub outlines: Arc<Outlines>,
}

impl AirspaceFigures {
    /// Takes what is known of an airspace, and drops what only held in the one before.
    pub fn changed(&mut self, airspace: &Airspace) {
        self.revision = airspace.revision().to_owned();
        self.approximate = airspace.is_approximate();
        self.outlines = Arc::new(Outlines::of(airspace));
        self.sectors.clear();
        let inside = |aircraft: &Aircraft| Aircraft {
            sector: aircraft.sector.clone().filter(|id| airspace.sector(id).is_some()),
            ..aircraft.clone()
        };
        self.aircraft = self.aircraft.iter().map(inside).collect();
    }
}

impl StatusSnapshot {
    /// The status before the first cycle.
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
    /// Records a finished cycle. Only this function counts failures in a row.
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
