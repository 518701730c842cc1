//! Runs the phases of one cycle, each with its span, duration and progress.

use std::{
    future::Future,
    time::{Duration, Instant},
};

use chrono::Utc;
use tracing::{Instrument as _, Span, field::Empty};

use crate::{
    collector::{
        error::PollError,
        heartbeat::{CycleProgress, Heartbeat},
    },
    status::outcome::Phase,
};
use sectorwatch_core::Time;

/// The phases of one cycle as they run. Their results are in
/// [`CycleReport`](crate::collector::report::CycleReport).
pub struct PhaseRunner {
    /// When the cycle began, by the wall clock.
    pub started_at: Time,
    begun: Instant,
    /// The progress of the cycle, for the supervisor and the status.
    pub progress: CycleProgress,
    /// The span of the cycle, parent of the spans of its phases.
    pub span: Span,
    ended: Vec<EndedPhase>,
}

/// A phase that has ended.
#[derive(Debug, Clone, Copy)]
pub struct EndedPhase {
    pub phase: Phase,
    pub took: Duration,
    pub succeeded: bool,
}

impl PhaseRunner {
    /// Begins a cycle.
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
            ended: Vec::new(),
        }
    }

    /// Runs a phase that can fail. `count` gives the size of its result for the span.
    ///
    /// # Errors
    /// The error of the phase.
    pub async fn run<T, E: Into<PollError>>(
        &mut self,
        phase: Phase,
        count: impl FnOnce(&T) -> usize,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, PollError> {
        let (span, begun) = self.enter(phase);
        let result = work.instrument(span.clone()).await.map_err(E::into);
        self.end(phase, begun, result.is_ok());
        match &result {
            Ok(value) => span.record("count", count(value)),
            Err(error) => span.record("error_type", error.kind()),
        };
        result
    }

    /// Runs a phase of pure computation, which cannot fail.
    pub fn compute<T>(
        &mut self,
        phase: Phase,
        count: impl FnOnce(&T) -> usize,
        work: impl FnOnce() -> T,
    ) -> T {
        let (span, begun) = self.enter(phase);
        let value = span.in_scope(work);
        span.record("count", count(&value));
        self.end(phase, begun, true);
        value
    }

    /// Runs the last phase, which has no count.
    pub fn publish<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let (span, begun) = self.enter(Phase::Publish);
        let value = span.in_scope(work);
        self.end(Phase::Publish, begun, true);
        value
    }

    /// The phases that have ended, in their order.
    pub fn ended(&self) -> &[EndedPhase] {
        &self.ended
    }

    /// The run of this phase, if it has ended.
    pub fn ended_phase(&self, phase: Phase) -> Option<EndedPhase> {
        self.ended.iter().copied().find(|ended| ended.phase == phase)
    }

    /// The time since the cycle began.
    pub fn elapsed(&self) -> Duration {
        self.begun.elapsed()
    }

    /// Opens the span of a phase as a child of the cycle's span; `otel.name` is the phase.
    fn enter(&self, phase: Phase) -> (Span, Instant) {
        self.progress.enter(phase);
        let span = tracing::info_span!(
            parent: &self.span,
            "phase",
            otel.name = phase.as_str(),
            phase = phase.as_str(),
            count = Empty,
            error_type = Empty
        );
        (span, Instant::now())
    }

    fn end(&mut self, phase: Phase, begun: Instant, succeeded: bool) {
        let took = begun.elapsed();
        self.progress.metrics().phase(phase, took, succeeded);
        self.ended.push(EndedPhase { phase, took, succeeded });
    }
}
