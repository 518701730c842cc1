//! What one cycle measured, on its way to metrics, spans, ledger, log and status.

use std::{
    future::Future,
    time::{Duration, Instant},
};

use chrono::Utc;
use strum::VariantArray as _;
use tracing::{Instrument as _, Span, field::Empty};

use crate::{
    collector::{
        error::{Kind, PollError},
        heartbeat::{CycleProgress, Heartbeat},
        map_data,
    },
    status::{
        AircraftList, MovesBySector,
        outcome::{CycleOutcome, Phase},
    },
};
use sectorwatch_core::{
    Time, drift::Drift, members::LeftOut, occupancy::Step, snapshot::Rejected, tracking::Tracking,
    transition::TransitionKind,
};
use sectorwatch_store::{CycleRecord, FlightsWritten, chain};

/// One cycle.
pub struct CycleReport {
    /// When it began, by the wall clock.
    pub started_at: Time,
    begun: Instant,
    /// How far it is, for those who watch.
    pub progress: CycleProgress,
    /// The cycle's span; phases are its children.
    pub span: Span,
    /// Phases that ran, in their order.
    pub phases: Vec<(Phase, Duration, bool)>,
    /// `update_timestamp` of the snapshot, once decoded.
    pub update_timestamp: Option<Time>,
    /// Its ETag.
    pub etag: Option<String>,
    /// Its pilots.
    pub pilots: Option<usize>,
    /// Forgotten members who are in it.
    pub left_out: LeftOut,
    /// What they lost.
    pub drift: Option<Drift>,
    /// Those in scope.
    pub in_scope: usize,
    /// The feed answered in this cycle, with a body or with "nothing newer".
    pub answered: bool,
    /// Its publication is not behind the newest one, or it is the mark that is wrong.
    pub is_latest: bool,
    /// A queue that was left behind is empty now, though nothing was stored.
    pub drained: bool,
    /// The flights transaction committed.
    pub stored: bool,
    /// Rows written.
    pub flights: usize,
    /// Rows written.
    pub positions: usize,
    /// Rows written.
    pub controllers: usize,
    /// Rows written.
    pub transceivers: usize,
    /// Queued transitions, in the order of [`TransitionKind::VARIANTS`].
    pub transitions: [usize; TransitionKind::VARIANTS.len()],
    /// Who entered and left each sector by them.
    pub moves: MovesBySector,
    /// The flights in scope.
    pub aircraft: AircraftList,
    /// Records not taken.
    pub rejected: usize,
    /// Those among them that were radios, until they are kept.
    pub rejected_radios: Vec<Rejected>,
    /// The first failure.
    pub error: Option<PollError>,
}

impl CycleReport {
    /// A cycle begins.
    pub fn begin(heartbeat: &Heartbeat, generation: Option<i64>) -> Self {
        Self {
            started_at: Utc::now(),
            begun: Instant::now(),
            progress: heartbeat.begin(),
            span: tracing::info_span!(
                parent: None,
                "cycle",
                generation,
                outcome = Empty,
                update_timestamp = Empty
            ),
            phases: Vec::new(),
            update_timestamp: None,
            etag: None,
            pilots: None,
            left_out: LeftOut::default(),
            drift: None,
            in_scope: 0,
            answered: false,
            is_latest: false,
            drained: false,
            stored: false,
            flights: 0,
            positions: 0,
            controllers: 0,
            transceivers: 0,
            transitions: Default::default(),
            moves: MovesBySector::new(),
            aircraft: AircraftList::default(),
            rejected: 0,
            rejected_radios: Vec::new(),
            error: None,
        }
    }

    /// Runs a phase that ends the cycle when it fails.
    ///
    /// # Errors
    /// The phase's own, named.
    pub async fn phase<T, E: Kind>(
        &mut self,
        phase: Phase,
        count: impl FnOnce(&T) -> usize,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, PollError> {
        let span = phase_span(&self.span, phase);
        self.progress.enter(phase);
        let begun = Instant::now();
        let result = work.instrument(span.clone()).await;
        self.ended(phase, begun.elapsed(), result.is_ok());
        match result {
            Ok(value) => {
                span.record("count", count(&value));
                Ok(value)
            }
            Err(error) => {
                span.record("error_type", error.kind());
                Err(PollError::new(phase, error))
            }
        }
    }

    /// Runs a phase whose failure leaves the later ones to run; `None` when it failed.
    pub async fn attempt<T, E: Kind>(
        &mut self,
        phase: Phase,
        count: impl FnOnce(&T) -> usize,
        work: impl Future<Output = Result<T, E>>,
    ) -> Option<T> {
        self.phase(phase, count, work).await.map_err(|error| self.failed(error)).ok()
    }

    /// Runs a phase that computes.
    pub fn compute<T>(
        &mut self,
        phase: Phase,
        count: impl FnOnce(&T) -> usize,
        work: impl FnOnce() -> T,
    ) -> T {
        let span = phase_span(&self.span, phase);
        self.progress.enter(phase);
        let begun = Instant::now();
        let value = span.in_scope(work);
        span.record("count", count(&value));
        self.ended(phase, begun.elapsed(), true);
        value
    }

    fn ended(&mut self, phase: Phase, took: Duration, succeeded: bool) {
        self.progress.metrics().phase(phase, took, succeeded);
        self.phases.push((phase, took, succeeded));
    }

    /// Notes a failure; the first one is the cycle's.
    pub fn failed(&mut self, error: PollError) {
        tracing::debug!(phase = error.phase.as_str(), error = %chain(&error), "phase failed");
        self.error.get_or_insert(error);
    }

    /// The snapshot is the feed, but as a whole it is not believed.
    pub fn refused(&mut self, error: &PollError) {
        if let Some(remains) = error.remains() {
            self.update_timestamp = Some(remains.update_timestamp);
            self.drift = Some(remains.drift);
            self.rejected = remains.rejected.len();
        }
    }

    /// The flights transaction committed this step from the state `before`, with its transitions in
    /// the queue, after so many records of the snapshot were rejected.
    pub fn flights_stored(
        &mut self,
        step: &Step<'_>,
        before: &Tracking,
        written: &FlightsWritten,
        rejected: usize,
    ) {
        self.stored = true;
        self.rejected = rejected + written.refused.len();
        (self.flights, self.positions) = (written.flights, written.positions);
        self.moves = map_data::moves(step, before, &written.refused);
        self.aircraft = map_data::aircraft(step);
        for transition in &step.transitions {
            self.progress.metrics().traffic.transition(transition.kind);
            let index = TransitionKind::VARIANTS.iter().position(|kind| *kind == transition.kind);
            self.transitions[index.unwrap_or(0)] += 1;
        }
    }

    /// The status was made.
    pub fn published(&mut self, took: Duration) {
        self.ended(Phase::Publish, took, true);
    }

    /// From the beginning until now.
    pub fn elapsed(&self) -> Duration {
        self.begun.elapsed()
    }

    /// How the cycle stands, if nothing else fails.
    pub fn outcome(&self) -> CycleOutcome {
        self.error.as_ref().map_or(CycleOutcome::Success, PollError::outcome)
    }

    /// The ledger's row.
    pub fn record(&self) -> CycleRecord {
        let ms = |phase: Phase| {
            let ran = self.phases.iter().find(|(ran, ..)| *ran == phase);
            ran.map(|(_, took, _)| took.as_millis() as i32)
        };
        let [entered, crossed, left_sector, slow, disconnected, unobserved] =
            self.transitions.map(|count| count as i32);
        CycleRecord {
            started_at: self.started_at,
            feed_update_timestamp: self.update_timestamp,
            outcome: self.outcome().as_str(),
            stored: self.stored,
            fetch_ms: ms(Phase::Fetch),
            decode_ms: ms(Phase::Decode),
            filter_ms: ms(Phase::Filter),
            collect_ms: ms(Phase::Collect),
            flights_ms: ms(Phase::Flights),
            controllers_ms: ms(Phase::Controllers),
            transceivers_ms: ms(Phase::Transceivers),
            sectors_ms: ms(Phase::Sectors),
            publish_ms: ms(Phase::Publish),
            flights_written: self.flights as i32,
            positions_written: self.positions as i32,
            controllers_written: self.controllers as i32,
            transceivers_written: self.transceivers as i32,
            entered,
            crossed,
            left_sector,
            slow,
            disconnected,
            unobserved,
            rejected: self.rejected as i32,
        }
    }
}

/// A child of the cycle's span; `otel.name` is the phase.
pub(super) fn phase_span(cycle: &Span, phase: Phase) -> Span {
    tracing::info_span!(
        parent: cycle,
        "phase",
        otel.name = phase.as_str(),
        phase = phase.as_str(),
        count = Empty,
        error_type = Empty
    )
}
