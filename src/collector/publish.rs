//! The end of a cycle: status, metrics, one log line, and the ledger row of a failed cycle.

use std::sync::Arc;

use arc_swap::ArcSwap;
use chrono::Utc;

use crate::{
    collector::{
        cycle::Collector,
        error::PollError,
        ledger,
        phase_runner::{EndedPhase, PhaseRunner},
        rejections,
        report::CycleReport,
    },
    status::{
        AircraftList, CycleFigures, LastError, Refusal, StatusSnapshot,
        outcome::{CycleOutcome, Phase},
    },
};
use sectorwatch_core::control::Control;
use sectorwatch_store::{StoredMark, chain};

/// Where readers find the newest status.
pub type Published = Arc<ArcSwap<StatusSnapshot>>;

/// Publishes the results of cycles, and logs a lasting state only once.
pub struct Publisher {
    published: Published,
    /// Phase and kind of the failure that was last logged, while it lasts.
    failing: Option<(Phase, &'static str)>,
    /// The drift of the feed that was last logged.
    drifting: (bool, Option<&'static str>),
}

impl Publisher {
    /// Creates a publisher to which nothing has failed yet.
    pub fn new(published: Published) -> Self {
        Self { published, failing: None, drifting: (false, None) }
    }

    /// Publishes the result of a cycle. A superseded poller publishes nothing.
    pub async fn finish(
        &mut self,
        collector: &Collector,
        phases: &mut PhaseRunner,
        report: &CycleReport,
        outcome: CycleOutcome,
    ) {
        if !collector.setup.writing.claims.is_current(collector.epoch) {
            return;
        }
        if let Some(published) = report.update_timestamp {
            phases.span.record("update_timestamp", published.to_rfc3339());
        }
        self.log(phases, report, outcome);
        self.log_drift(report);
        let mut next = phases.publish(|| {
            sectorwatch_fault::point("cycle.publish");
            let mut next = StatusSnapshot::clone(&self.published.load());
            fill(&mut next, collector, report, outcome);
            set_gauges(&next, collector);
            next
        });
        let failures = next.cycles.consecutive_failures;
        for EndedPhase { phase, took, succeeded } in phases.ended() {
            let times = next.phases.entry(*phase).or_default();
            times.push(*took, *succeeded);
            if *succeeded {
                times.written(next.published_at);
            }
        }
        if let Some(error) = &report.error {
            // Applies even if the phase failed before it began: its last good run does not describe its
            // state.
            next.phases.entry(error.phase()).or_default().failed();
        }
        self.published.store(Arc::new(next));
        let stored = report.update_timestamp.filter(|_| report.stored);
        if let (Some(mark), Some(generation)) = (stored, collector.generation()) {
            collector.setup.writing.complete(StoredMark { mark, generation });
        }
        collector.setup.figures.poller.finished(outcome, phases.elapsed(), failures);
        phases.span.record("outcome", outcome.as_str());
        if let Some(error) = &report.error {
            keep_failed(collector, phases, report, error).await;
        }
    }

    /// Publishes the airspace in force, between two cycles.
    pub fn airspace(&self, collector: &Collector) {
        let airspace = &collector.setup.selection.airspace;
        if self.published.load().airspace.revision == airspace.revision() {
            return;
        }
        let mut next = StatusSnapshot::clone(&self.published.load());
        next.published_at = Utc::now();
        next.airspace.changed(airspace);
        fill_memory(&mut next, collector);
        let figures = &collector.setup.figures;
        figures.poller.traffic.in_force(airspace);
        figures.movements.in_force(airspace, &collector.setup.selection.movements.airports);
        set_gauges(&next, collector);
        self.published.store(Arc::new(next));
    }

    fn log_drift(&mut self, report: &CycleReport) {
        // A snapshot refused as a whole is reported as a failure, not as drift.
        let Some(drift) = report.drift.filter(|_| report.error.is_none()) else { return };
        let drifting = (drift.refuses(), drift.loses());
        if drifting != self.drifting && drift.is_any() {
            tracing::warn!(
                pilots = drift.pilots,
                refused = drift.refused,
                field = drift.field.map(|(field, _)| field),
                lost = drift.field.map(|(_, lost)| lost),
                "the feed has drifted"
            );
        } else if drifting != self.drifting {
            tracing::info!("the feed can be read again");
        }
        self.drifting = drifting;
    }

    fn log(&mut self, phases: &PhaseRunner, report: &CycleReport, outcome: CycleOutcome) {
        // Without a newer snapshot, the cycle shows that the feed works, and which later phases were made up
        // for.
        let is_affected = |(phase, _)| match phase {
            Phase::Fetch | Phase::Decode => true,
            Phase::Sectors => report.drained,
            _ => false,
        };
        if report.error.is_none() && !report.stored && !self.failing.is_some_and(is_affected) {
            return;
        }
        let failing = report.error.as_ref().map(|error| (error.phase(), error.kind()));
        match &report.error {
            Some(error) if failing != self.failing => tracing::warn!(
                outcome = outcome.as_str(),
                phase = error.phase().as_str(),
                kind = error.kind(),
                error = %chain(error),
                "cycles fail"
            ),
            None if self.failing.is_some() => {
                tracing::info!(outcome = outcome.as_str(), "cycles succeed again");
            }
            _ => {}
        }
        self.failing = failing;
        if report.stored {
            tracing::info!(
                parent: &phases.span,
                outcome = outcome.as_str(),
                pilots = report.pilots,
                flights = report.flights,
                positions = report.positions,
                controllers = report.controllers,
                transitions = report.transitions.iter().sum::<usize>(),
                rejected = report.rejected,
                ms = phases.elapsed().as_millis() as u64,
                "cycle"
            );
        }
    }
}

fn fill(
    next: &mut StatusSnapshot,
    collector: &Collector,
    report: &CycleReport,
    outcome: CycleOutcome,
) {
    let now = Utc::now();
    next.published_at = now;
    next.cycles.finished(outcome, now);
    if let Some(error) = &report.error {
        let (phase, kind) = (error.phase(), error.kind());
        next.cycles.last_error = Some(LastError { phase, kind, at: now });
    }
    let feed = &mut next.feed;
    if report.answered {
        feed.answered_at = Some(now);
    }
    if let Some(drift) = report.drift {
        feed.drift = Some(drift);
        feed.drifting_since = drift.is_any().then(|| feed.drifting_since.unwrap_or(now));
    }
    if report.stored {
        feed.refused = None;
    } else if let Some(error) = report.error.as_ref().filter(|error| error.is_schema()) {
        let kind = error.kind();
        feed.refused.get_or_insert(Refusal { since: now, kind }).kind = kind;
        feed.rejected_total += report.rejected as u64;
    }
    if collector.has_forgotten {
        next.airspace.aircraft = AircraftList::default();
    }
    if let Some(published_at) = report.update_timestamp.filter(|_| report.is_latest) {
        feed.published_at = Some(published_at);
        feed.connected_pilots = report.pilots.map(|pilots| pilots as u64);
        feed.etag = report.etag.clone();
        feed.rejected_total += report.rejected as u64;
        if report.stored {
            feed.lag = (now - published_at).to_std().ok();
            next.airspace.flights = Some(report.in_scope as u64);
            let radio = report.radio.as_ref();
            next.airspace.radio = radio.map(|radio| radio.counts);
            next.airspace.aircraft = radio
                .map_or_else(|| report.aircraft.clone(), |it| it.with_radios(&report.aircraft));
            next.airspace.last_hour.push(now, &report.moves);
        }
    }
    fill_memory(next, collector);
    next.recent.push(CycleFigures {
        finished_at: now,
        outcome,
        flights_written: report.flights as u64,
        positions: report.positions as u64,
        controllers: report.controllers as u64,
        transceivers: report.transceivers as u64,
        transitions: report.transitions.iter().sum::<usize>() as u64,
    });
}

/// Fills in what the collector remembers.
fn fill_memory(next: &mut StatusSnapshot, collector: &Collector) {
    if let Some(memory) = &collector.memory {
        let airspace = &mut next.airspace;
        airspace.tracked = Some(memory.tracking.len() as u64);
        airspace.seen_lately = Some(memory.seen_lately());
        airspace.pending_transitions = Some(memory.pending as u64);
        airspace.open_entries = u64::try_from(memory.open_entries).ok();
        airspace.sectors = memory.occupancy(&collector.setup.selection.airspace);
    }
    next.controllers = collector.online.clone();
    for (index, sector) in next.airspace.sectors.iter_mut().enumerate() {
        let staff = collector.staffing.as_ref().and_then(|staffing| staffing.get(index));
        sector.staff = staff.cloned().flatten();
        if let Some(control) = &mut sector.control {
            let known = collector.control.as_ref().and_then(|known| known.get(&sector.name));
            *control = known.cloned().unwrap_or(Control::Unknown);
        }
    }
}

fn set_gauges(next: &StatusSnapshot, collector: &Collector) {
    let traffic = &collector.setup.figures.poller.traffic;
    if let Some(memory) = &collector.memory {
        traffic.tracked(memory.tracking.len());
        traffic.sectors(memory.pending, memory.open_entries);
    }
    traffic.by_sector(&next.airspace.sectors);
    let contact = &collector.setup.figures.poller.contact;
    contact.flights(next.airspace.radio);
    contact.control(&next.airspace.sectors);
    let online = next.controllers.iter().flatten();
    traffic.controllers(online.map(|(facility, count)| (*facility, *count)));
    let feed = &collector.setup.figures.feed;
    if let Some(drift) = &next.feed.drift {
        feed.drift(drift);
    }
    feed.schema_refused(next.feed.refused.is_some());
}

/// Writes the ledger row of a cycle whose sector transaction did not write it. Not attempted when the
/// database itself failed; another failure here is only logged.
async fn keep_failed(
    collector: &Collector,
    phases: &PhaseRunner,
    report: &CycleReport,
    error: &PollError,
) {
    let has_row = phases.ended_phase(Phase::Sectors).is_some_and(|ended| ended.succeeded);
    if has_row || error.is_database_away() || error.outcome() == CycleOutcome::Superseded {
        return;
    }
    let Some(generation) = collector.generation() else {
        return;
    };
    let (setup, record) = (&collector.setup, ledger::record(phases, report));
    if let Err(error) = setup.writing.store.write_failed_cycle(generation, &record).await {
        tracing::debug!(error = %chain(&error), "the failed cycle has no row in the ledger");
    }
    if let Some(refused_snapshot) = error.refused_snapshot() {
        rejections::keep_refused_snapshot(setup, refused_snapshot).await;
    }
}
