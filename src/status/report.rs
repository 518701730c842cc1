//! The JSON of `/api/status`. Its fields are a contract, and each age is computed here.

mod feed;

use std::{collections::BTreeMap, sync::Arc};

use serde::Serialize;
use strum::VariantArray as _;

use self::feed::FeedReport;
use super::{
    AircraftList, AirspaceFigures, Cycles, DatabaseCheck, LastError, LastHour, LastReload, Live,
    Liveness, Outlines, PhaseTimes, PoolFigures, RadioCounts, Restarts, SectorReport,
    StatusSnapshot, TableReport, compat::Compat, recent::RecentSums, stored::JobReport,
};
use crate::status::{
    outcome::{CycleOutcome, Phase},
    progress::Running,
    verdict::{self, Reason, Status},
};
use sectorwatch_core::Time;

const SIMULATED: &str = "Simulated traffic of the demo: these flights do not exist.";

/// The status at one moment. A value that was not measured is null.
#[derive(Debug, Serialize)]
pub struct StatusReport {
    pub status: Status,
    /// Why it is not `ok`.
    pub reasons: Vec<Reason>,
    pub(crate) generated_at: Time,
    pub(crate) snapshot_age_seconds: f64,
    pub(crate) simulated: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) notice: Option<&'static str>,
    pub(crate) service: ServiceReport,
    pub(crate) poller: PollerReport,
    pub(crate) phases: Vec<PhaseReport>,
    pub(crate) feed: FeedReport,
    pub(crate) pool: PoolsReport,
    /// The writer's server.
    pub(crate) database: DatabaseReport,
    /// The reader's server; null when it is the same.
    pub(crate) read_database: Option<DatabaseReport>,
    pub(crate) tables: Vec<TableReport>,
    pub(crate) jobs: Vec<JobReport>,
    pub(crate) airspace: AirspaceReport,
    /// In the order of the airspace file.
    pub sectors: Vec<SectorReport>,
    /// Flights in scope in the latest stored snapshot.
    pub aircraft: AircraftList,
    pub(crate) controllers: Option<BTreeMap<&'static str, u64>>,
    pub(crate) recent: RecentSums,
    pub(crate) compat: Compat,
    /// The lines of the map, which are not part of the JSON.
    #[serde(skip)]
    pub outlines: Arc<Outlines>,
}

#[derive(Debug, Serialize)]
pub(crate) struct ServiceReport {
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
    pub(crate) revision: Option<&'static str>,
    pub(crate) started_at: Time,
    pub(crate) uptime_seconds: f64,
    pub(crate) instance: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct PollerReport {
    pub(crate) state: &'static str,
    pub(crate) interval_seconds: f64,
    pub(crate) last_attempt_at: Option<Time>,
    pub(crate) running: Option<RunningReport>,
    pub(crate) last_success_at: Option<Time>,
    pub(crate) last_stored_at: Option<Time>,
    pub(crate) mark: Option<Time>,
    pub(crate) seconds_since_success: Option<f64>,
    pub(crate) consecutive_failures: u64,
    pub(crate) cycles: BTreeMap<&'static str, u64>,
    pub(crate) skipped_ticks: u64,
    pub(crate) restarts: Restarts,
    pub(crate) heartbeat_at: Option<Time>,
    pub(crate) generation: u64,
    pub(crate) last_error: Option<ErrorReport>,
}

#[derive(Debug, Serialize)]
pub(crate) struct RunningReport {
    pub(crate) began_at: Time,
    pub(crate) seconds: f64,
    pub(crate) phase: &'static str,
}

#[derive(Debug, Serialize)]
pub(crate) struct ErrorReport {
    pub(crate) phase: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) at: Time,
}

#[derive(Debug, Serialize)]
pub(crate) struct PhaseReport {
    pub(crate) name: &'static str,
    pub(crate) last_seconds: Option<f64>,
    pub(crate) p50: Option<f64>,
    pub(crate) p95: Option<f64>,
    pub(crate) outcome: &'static str,
    pub(crate) runs: u64,
}

#[derive(Debug, Serialize)]
pub(crate) struct PoolsReport {
    pub(crate) ingest: Option<PoolFigures>,
    pub(crate) read: Option<PoolFigures>,
}

#[derive(Debug, Serialize)]
pub(crate) struct DatabaseReport {
    pub(crate) reachable: Option<bool>,
    pub(crate) latency_seconds: Option<f64>,
    pub(crate) server_version: Option<String>,
    pub(crate) migration: Option<String>,
    pub(crate) checked_at: Option<Time>,
    pub(crate) error_class: Option<&'static str>,
}

#[derive(Debug, Serialize)]
pub(crate) struct AirspaceReport {
    pub(crate) flights: Option<u64>,
    /// Flights observed in the latest stored snapshot that are in contact by radio; `None` while that is not recorded.
    pub(crate) flights_in_contact: Option<u64>,
    pub(crate) flights_without_contact: Option<u64>,
    pub(crate) flights_contact_unknown: Option<u64>,
    /// Of those whose radio is known, the share in contact; `None` when none is known.
    pub(crate) coverage: Option<f64>,
    pub(crate) tracked: Option<u64>,
    pub(crate) revision: String,
    pub(crate) approximate: bool,
    /// The last time that the files were read again; `None` if never.
    pub(crate) last_reload: Option<LastReload>,
    pub(crate) pending_transitions: Option<u64>,
    pub(crate) open_entries: Option<u64>,
    /// Since when the entries and exits of `sectors` are counted.
    pub(crate) moves_since: Time,
}

impl StatusSnapshot {
    /// Renders the status at `now`.
    pub fn report(&self, live: &Live, now: Time) -> StatusReport {
        let verdict = verdict::judge(self, live, now);
        let last_hour = self.airspace.last_hour.sums(now);
        let sector = |figures| SectorReport::new(figures, &last_hour);
        let started_at = self.service.started_at;
        let compat = Compat::of(self, live, &verdict, now);
        StatusReport {
            status: verdict.status,
            reasons: verdict.reasons,
            generated_at: now,
            snapshot_age_seconds: seconds_since(self.published_at, now),
            simulated: self.simulated,
            notice: self.simulated.then_some(SIMULATED),
            service: ServiceReport {
                name: env!("CARGO_PKG_NAME"),
                version: self.service.version,
                revision: self.service.revision,
                started_at: self.service.started_at,
                uptime_seconds: seconds_since(self.service.started_at, now),
                instance: self.service.instance.clone(),
            },
            poller: PollerReport::new(&self.cycles, &live.liveness, now),
            phases: self.phases.iter().map(PhaseReport::new).collect(),
            feed: FeedReport::new(&self.feed, now),
            pool: PoolsReport { ingest: live.ingest.clone(), read: live.read.clone() },
            database: DatabaseReport::new(&live.database, now),
            read_database: (live.read_database.as_ref())
                .map(|check| DatabaseReport::new(check, now)),
            tables: live.tables.clone(),
            jobs: live.jobs.iter().map(|job| JobReport::new(job, started_at, now)).collect(),
            airspace: AirspaceReport::new(&self.airspace, live, started_at, now),
            sectors: self.airspace.sectors.iter().map(sector).collect(),
            aircraft: self.airspace.aircraft.clone(),
            controllers: self.controllers.clone(),
            recent: self.recent.sums(now),
            compat,
            outlines: Arc::clone(&self.airspace.outlines),
        }
    }
}

impl StatusReport {
    /// Whether the service started less than an hour ago, so that moves are counted since the start.
    pub(crate) fn is_first_hour(&self) -> bool {
        self.airspace.moves_since == self.service.started_at
    }
}

impl PollerReport {
    fn new(cycles: &Cycles, liveness: &Liveness, now: Time) -> Self {
        let count = |outcome| cycles.by_outcome.get(&outcome).copied().unwrap_or(0);
        Self {
            state: liveness.state.as_str(),
            interval_seconds: cycles.interval.as_secs_f64(),
            last_attempt_at: liveness.last_attempt_at,
            running: liveness.running.map(RunningReport::new),
            last_success_at: cycles.last_success_at,
            last_stored_at: liveness.storing.stored_at,
            mark: liveness.storing.mark,
            seconds_since_success: cycles.last_success_at.map(|at| seconds_since(at, now)),
            consecutive_failures: cycles.consecutive_failures,
            cycles: CycleOutcome::VARIANTS.iter().map(|it| (it.as_str(), count(*it))).collect(),
            skipped_ticks: liveness.skipped_ticks,
            restarts: liveness.restarts,
            heartbeat_at: liveness.heartbeat_at,
            generation: liveness.generation,
            last_error: cycles.last_error.map(ErrorReport::new),
        }
    }
}

impl RunningReport {
    fn new(running: Running) -> Self {
        Self {
            began_at: running.began_at,
            seconds: running.age.as_secs_f64(),
            phase: running.phase.as_str(),
        }
    }
}

impl ErrorReport {
    fn new(error: LastError) -> Self {
        Self { phase: error.phase.as_str(), kind: error.kind, at: error.at }
    }
}

impl PhaseReport {
    fn new((phase, times): (&Phase, &PhaseTimes)) -> Self {
        let percentile = |percent| times.percentile(percent).map(|d| d.as_secs_f64());
        Self {
            name: phase.as_str(),
            last_seconds: times.last().map(|d| d.as_secs_f64()),
            p50: percentile(50),
            p95: percentile(95),
            outcome: times.outcome(),
            runs: times.runs(),
        }
    }
}

impl DatabaseReport {
    fn new(check: &DatabaseCheck, now: Time) -> Self {
        Self {
            // A hanging check must not leave the last good answer in place.
            reachable: check.reachable.map(|ok| ok && check.reached_lately(now)),
            latency_seconds: check.latency_seconds,
            server_version: check.server_version.clone(),
            migration: check.migration.clone(),
            checked_at: check.checked_at,
            error_class: check.error_class,
        }
    }
}

impl AirspaceReport {
    fn new(airspace: &AirspaceFigures, live: &Live, started_at: Time, now: Time) -> Self {
        Self {
            flights: airspace.flights,
            flights_in_contact: airspace.radio.map(|radio| radio.contact),
            flights_without_contact: airspace.radio.map(|radio| radio.none),
            flights_contact_unknown: airspace.radio.map(|radio| radio.unknown),
            coverage: airspace.radio.and_then(RadioCounts::coverage),
            tracked: airspace.tracked,
            revision: airspace.revision.clone(),
            approximate: airspace.approximate,
            last_reload: live.last_reload.clone(),
            pending_transitions: airspace.pending_transitions,
            open_entries: airspace.open_entries,
            moves_since: LastHour::begin(now).max(started_at),
        }
    }
}

/// An age in seconds, or 0 when the clock was set back.
pub fn seconds_since(at: Time, now: Time) -> f64 {
    (now - at).to_std().unwrap_or_default().as_secs_f64()
}
