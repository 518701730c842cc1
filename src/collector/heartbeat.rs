//! Heartbeat and progress, shared by a poller's thread, its supervisor and the status.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use chrono::Utc;

use crate::{
    collector::metrics::PollerMetrics,
    status::{
        Liveness,
        outcome::{Phase, PollerState},
        progress::Progress,
        standing::Standing,
    },
};
use sectorwatch_core::Time;

/// The poller's liveness. Clones share it.
#[derive(Clone)]
pub struct Heartbeat {
    liveness: Arc<Mutex<Liveness>>,
    /// The time of the newest beat, by a monotonic clock.
    beaten: Arc<Mutex<Instant>>,
    progress: Arc<Mutex<Progress>>,
    metrics: PollerMetrics,
}

impl Heartbeat {
    /// Creates a heartbeat with a first beat now.
    pub fn new(metrics: PollerMetrics) -> Self {
        let liveness = Liveness { heartbeat_at: Some(Utc::now()), ..Liveness::default() };
        Self {
            liveness: Arc::new(Mutex::new(liveness)),
            beaten: Arc::new(Mutex::new(Instant::now())),
            progress: Arc::new(Mutex::new(Progress::at(Instant::now()))),
            metrics,
        }
    }

    /// A reading of the liveness for the status.
    pub fn liveness(&self) -> Liveness {
        let (liveness, now) = (*self.lock(), Instant::now());
        let progress = self.progress();
        Liveness { running: progress.running(now), storing: progress.storing(now), ..liveness }
    }

    /// Records a beat.
    pub fn beat(&self) {
        let now = Utc::now();
        self.lock().heartbeat_at = Some(now);
        *self.beaten.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        self.metrics.heartbeat(now);
    }

    /// The time since the newest beat.
    pub fn silence(&self) -> Duration {
        let beaten = self.beaten.lock().unwrap_or_else(PoisonError::into_inner);
        beaten.elapsed()
    }

    /// Sets what the poller does now. A stopping poller stays in that state, whatever its last cycle reports.
    pub fn state(&self, state: PollerState) {
        let mut liveness = self.lock();
        let stays = match liveness.state {
            PollerState::Stopping => state != PollerState::Stopped,
            PollerState::Stopped => true,
            _ => false,
        };
        if !stays {
            liveness.state = state;
            self.metrics.state(state);
        }
    }

    /// Begins a cycle.
    pub fn begin(&self) -> CycleProgress {
        let now = Utc::now();
        self.lock().last_attempt_at = Some(now);
        self.metrics.attempted(now);
        let number = self.progress().begin(now, Instant::now());
        self.metrics.running(Some(Phase::Fetch));
        CycleProgress { heartbeat: self.clone(), number }
    }

    /// Sets the newest stored snapshot, as read from the tables.
    pub fn mark(&self, mark: Option<Time>) {
        self.progress().mark(mark);
        self.metrics.mark(mark);
    }

    /// Sets the generation with which the poller writes.
    pub fn generation(&self, generation: i64) {
        self.lock().generation = generation.unsigned_abs();
    }

    /// Counts scheduled polls that were skipped.
    pub fn skipped(&self, ticks: u64) {
        self.lock().skipped_ticks += ticks;
        self.metrics.skipped(ticks);
    }

    /// Counts a restart of the poller by the supervisor.
    pub fn restarted(&self, reason: &str) {
        let mut liveness = self.lock();
        match reason {
            "panic" => liveness.restarts.panic += 1,
            "exit" => liveness.restarts.exit += 1,
            _ => liveness.restarts.stall += 1,
        }
        drop(liveness);
        self.metrics.restarted(reason);
    }

    /// Records that the supervisor gave up.
    pub fn gave_up(&self) {
        self.lock().gave_up_at = Some(Utc::now());
    }

    fn lock(&self) -> MutexGuard<'_, Liveness> {
        self.liveness.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The progress of one cycle, which ends when this is dropped, also by a panic. The progress of a superseded
/// poller is ignored.
pub struct CycleProgress {
    heartbeat: Heartbeat,
    number: u64,
}

impl CycleProgress {
    pub fn metrics(&self) -> &PollerMetrics {
        &self.heartbeat.metrics
    }

    /// Records that a phase begins.
    pub fn enter(&self, phase: Phase) {
        if let Some(mut progress) = self.current() {
            progress.enter(phase);
            self.heartbeat.metrics.running(Some(phase));
        }
    }

    /// Records the end of a request to the main feed, and whether the feed answered.
    pub fn asked(&self, answered: bool) {
        if let Some(mut progress) = self.current() {
            progress.asked(answered, Utc::now(), Instant::now());
        }
    }

    /// Records the comparison of a publication with the mark that was read from the tables.
    pub fn compared(&self, published: Time, mark: Option<Time>, standing: &Standing) {
        if let Some(mut progress) = self.current() {
            progress.mark(mark);
            progress.compared(published, standing);
            self.heartbeat.metrics.mark(mark);
        }
    }

    /// Records that the flights of a publication are stored.
    pub fn stored(&self, published: Time) {
        if let Some(mut progress) = self.current() {
            let now = Utc::now();
            progress.stored(published, now, Instant::now());
            self.heartbeat.metrics.stored(published, now);
        }
    }

    fn current(&self) -> Option<MutexGuard<'_, Progress>> {
        Some(self.heartbeat.progress()).filter(|progress| progress.is_running(self.number))
    }
}

impl Drop for CycleProgress {
    fn drop(&mut self) {
        if let Some(mut progress) = self.current() {
            progress.end();
            self.heartbeat.metrics.running(None);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sectorwatch_core::airspace::Airspace;
    use sectorwatch_telemetry::metrics::Registry;

    #[test]
    fn who_stops_does_nothing_else_any_more() {
        let registry = Registry::default();
        let airspace = Airspace::new(Vec::new(), Vec::new(), String::new(), false);
        let metrics = PollerMetrics::register(&registry, Duration::from_secs(15), &airspace);
        let heartbeat = Heartbeat::new(metrics.expect("metrics"));
        let becomes = |said| {
            heartbeat.state(said);
            let page = String::from_utf8(registry.render().expect("a page")).expect("UTF-8");
            let state = heartbeat.liveness().state;
            let line = format!("sectorwatch_poller_state{{state=\"{}\"}} 1", state.as_str());
            assert!(page.lines().any(|it| it == line), "{line}:\n{page}");
            state
        };
        assert_eq!(becomes(PollerState::Idle), PollerState::Idle);
        assert_eq!(becomes(PollerState::Stopping), PollerState::Stopping);
        for said in [PollerState::Polling, PollerState::Backoff, PollerState::Starting] {
            assert_eq!(becomes(said), PollerState::Stopping, "a last cycle says {said:?}");
        }
        assert_eq!(becomes(PollerState::Stopped), PollerState::Stopped);
        assert_eq!(becomes(PollerState::Idle), PollerState::Stopped);
    }
}
