//! The JSON of `/api/status`: its fields are a contract, and each age is computed here.

use std::{collections::BTreeMap, sync::Arc};

use serde::Serialize;

use super::{
    Aircraft, AirspaceFigures, Cycles, DatabaseCheck, Feed, LastError, Live, Outlines, PhaseTimes,
    PoolFigures, Pulse, Restarts, SectorReport, StatusSnapshot, recent::RecentSums, sectors,
};
use crate::{
    domain::Time,
    poller::{
        verdict::{self, Reason, Status},
        words::{CycleOutcome, Phase},
    },
};

const SIMULATED: &str = "Simulated traffic of the demo: these flights do not exist.";

/// The status at one moment. What was not measured is null.
#[derive(Debug, Serialize)]
pub struct StatusReport {
    /// The verdict.
    pub status: Status,
    /// Why it is not `ok`.
    pub reasons: Vec<Reason>,
    generated_at: Time,
    snapshot_age_seconds: f64,
    simulated: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<&'static str>,
    service: ServiceReport,
    poller: PollerReport,
    phases: Vec<PhaseReport>,
    feed: FeedReport,
    pool: PoolsReport,
    database: DatabaseReport,
    airspace: AirspaceReport,
    /// In the order of the airspace file.
    pub sectors: Vec<SectorReport>,
    /// Flights in scope in the latest stored snapshot.
    #[serde(serialize_with = "sectors::list")]
    pub aircraft: Arc<[Aircraft]>,
    controllers: Option<BTreeMap<&'static str, u64>>,
    recent: RecentSums,
    /// What a map draws the aircraft over.
    #[serde(skip)]
    pub outlines: Arc<Outlines>,
}

#[derive(Debug, Serialize)]
struct ServiceReport {
    name: &'static str,
    version: &'static str,
    revision: Option<&'static str>,
    started_at: Time,
    uptime_seconds: f64,
    instance: String,
}

#[derive(Debug, Serialize)]
struct PollerReport {
    state: &'static str,
    interval_seconds: f64,
    last_attempt_at: Option<Time>,
    last_success_at: Option<Time>,
    seconds_since_success: Option<f64>,
    consecutive_failures: u64,
    cycles: BTreeMap<&'static str, u64>,
    skipped_ticks: u64,
    restarts: Restarts,
    heartbeat_at: Option<Time>,
    generation: u64,
    last_error: Option<ErrorReport>,
}

#[derive(Debug, Serialize)]
struct ErrorReport {
    phase: &'static str,
    kind: &'static str,
    at: Time,
}

#[derive(Debug, Serialize)]
struct PhaseReport {
    name: &'static str,
    last_seconds: Option<f64>,
    p50: Option<f64>,
    p95: Option<f64>,
    outcome: &'static str,
}

#[derive(Debug, Serialize)]
struct FeedReport {
    url_host: Option<String>,
    published_at: Option<Time>,
    age_seconds: Option<f64>,
    stale: Option<bool>,
    lag_seconds: Option<f64>,
    connected_pilots: Option<u64>,
    etag: Option<String>,
    rejected_total: u64,
}

#[derive(Debug, Serialize)]
struct PoolsReport {
    ingest: Option<PoolFigures>,
    read: Option<PoolFigures>,
}

#[derive(Debug, Serialize)]
struct DatabaseReport {
    reachable: Option<bool>,
    latency_seconds: Option<f64>,
    server_version: Option<String>,
    migration: Option<String>,
    checked_at: Option<Time>,
    error_class: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct AirspaceReport {
    flights: Option<u64>,
    tracked: Option<u64>,
    revision: String,
    approximate: bool,
    pending_transitions: Option<u64>,
    open_entries: Option<u64>,
}

impl StatusSnapshot {
    /// Renders what is true now.
    pub fn report(&self, live: &Live, now: Time) -> StatusReport {
        let verdict = verdict::judge(self, live, now);
        let last_hour = self.airspace.last_hour.sums(now);
        let sector = |figures| SectorReport::new(figures, &last_hour);
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
            poller: PollerReport::new(&self.cycles, &live.pulse, now),
            phases: self.phases.iter().map(PhaseReport::new).collect(),
            feed: FeedReport::new(&self.feed, now),
            pool: PoolsReport { ingest: live.ingest.clone(), read: live.read.clone() },
            database: DatabaseReport::new(&live.database, now),
            airspace: AirspaceReport::new(&self.airspace),
            sectors: self.airspace.sectors.iter().map(sector).collect(),
            aircraft: Arc::clone(&self.airspace.aircraft),
            controllers: self.controllers.clone(),
            recent: self.recent.sums(now),
            outlines: Arc::clone(&self.airspace.outlines),
        }
    }
}

impl PollerReport {
    fn new(cycles: &Cycles, pulse: &Pulse, now: Time) -> Self {
        let count = |outcome| cycles.by_outcome.get(&outcome).copied().unwrap_or(0);
        Self {
            state: pulse.state.as_str(),
            interval_seconds: cycles.interval.as_secs_f64(),
            last_attempt_at: pulse.last_attempt_at,
            last_success_at: cycles.last_success_at,
            seconds_since_success: cycles.last_success_at.map(|at| seconds_since(at, now)),
            consecutive_failures: cycles.consecutive_failures,
            cycles: CycleOutcome::ALL.map(|outcome| (outcome.as_str(), count(outcome))).into(),
            skipped_ticks: pulse.skipped_ticks,
            restarts: pulse.restarts,
            heartbeat_at: pulse.heartbeat_at,
            generation: pulse.generation,
            last_error: cycles.last_error.map(ErrorReport::new),
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
        }
    }
}

impl FeedReport {
    fn new(feed: &Feed, now: Time) -> Self {
        Self {
            url_host: feed.url_host.clone(),
            published_at: feed.published_at,
            age_seconds: feed.published_at.map(|at| seconds_since(at, now)),
            stale: feed.published_at.map(|at| verdict::is_stale(at, now)),
            lag_seconds: feed.lag.map(|lag| lag.as_secs_f64()),
            connected_pilots: feed.connected_pilots,
            etag: feed.etag.clone(),
            rejected_total: feed.rejected_total,
        }
    }
}

impl DatabaseReport {
    fn new(check: &DatabaseCheck, now: Time) -> Self {
        Self {
            // A check that hangs must not leave the last good answer standing.
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
    fn new(airspace: &AirspaceFigures) -> Self {
        Self {
            flights: airspace.flights,
            tracked: airspace.tracked,
            revision: airspace.revision.clone(),
            approximate: airspace.approximate,
            pending_transitions: airspace.pending_transitions,
            open_entries: airspace.open_entries,
        }
    }
}

/// An age in seconds; 0 where the clock was set back.
pub fn seconds_since(at: Time, now: Time) -> f64 {
    (now - at).to_std().unwrap_or_default().as_secs_f64()
}
