//! Signs of life, shared between a poller's thread, its supervisor and the status.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use chrono::Utc;

use super::{
    metrics::PollerMetrics,
    progress::Progress,
    standing::Standing,
    status::Pulse,
    words::{Phase, PollerState},
};
use crate::domain::Time;

/// The poller's pulse. Cloning shares it.
#[derive(Clone)]
pub struct Heart {
    pulse: Arc<Mutex<Pulse>>,
    /// Of the newest beat, by a clock that nobody sets.
    beaten: Arc<Mutex<Instant>>,
    progress: Arc<Mutex<Progress>>,
    metrics: PollerMetrics,
}

impl Heart {
    /// Beats from now on.
    pub fn new(metrics: PollerMetrics) -> Self {
        let pulse = Pulse { heartbeat_at: Some(Utc::now()), ..Pulse::default() };
        Self {
            pulse: Arc::new(Mutex::new(pulse)),
            beaten: Arc::new(Mutex::new(Instant::now())),
            progress: Arc::new(Mutex::new(Progress::at(Instant::now()))),
            metrics,
        }
    }

    /// One reading.
    pub fn pulse(&self) -> Pulse {
        let (pulse, now) = (*self.lock(), Instant::now());
        let progress = self.progress();
        Pulse { running: progress.running(now), storing: progress.storing(now), ..pulse }
    }

    /// The loop turned.
    pub fn beat(&self) {
        let now = Utc::now();
        self.lock().heartbeat_at = Some(now);
        *self.beaten.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        self.metrics.heartbeat(now);
    }

    /// For how long the loop did not turn.
    pub fn silence(&self) -> Duration {
        let beaten = self.beaten.lock().unwrap_or_else(PoisonError::into_inner);
        beaten.elapsed()
    }

    /// What the poller does now. One that stops does nothing else any more, whatever its last cycle says.
    pub fn state(&self, state: PollerState) {
        let mut pulse = self.lock();
        let stays = match pulse.state {
            PollerState::Stopping => state != PollerState::Stopped,
            PollerState::Stopped => true,
            _ => false,
        };
        if !stays {
            pulse.state = state;
            self.metrics.state(state);
        }
    }

    /// A cycle begins.
    pub fn begin(&self) -> CycleProgress {
        let now = Utc::now();
        self.lock().last_attempt_at = Some(now);
        self.metrics.attempted(now);
        let number = self.progress().begin(now, Instant::now());
        self.metrics.running(Some(Phase::Fetch));
        CycleProgress { heart: self.clone(), number }
    }

    /// The newest stored snapshot, by the tables.
    pub fn mark(&self, mark: Option<Time>) {
        self.progress().mark(mark);
        self.metrics.mark(mark);
    }

    /// The generation that writes.
    pub fn generation(&self, generation: i64) {
        self.lock().generation = generation.unsigned_abs();
    }

    /// Ticks were skipped.
    pub fn skipped(&self, ticks: u64) {
        self.lock().skipped_ticks += ticks;
        self.metrics.skipped(ticks);
    }

    /// The supervisor starts the poller again.
    pub fn restarted(&self, reason: &str) {
        let mut pulse = self.lock();
        match reason {
            "panic" => pulse.restarts.panic += 1,
            "exit" => pulse.restarts.exit += 1,
            _ => pulse.restarts.stall += 1,
        }
        drop(pulse);
        self.metrics.restarted(reason);
    }

    /// The supervisor gives up.
    pub fn gave_up(&self) {
        self.lock().gave_up_at = Some(Utc::now());
    }

    fn lock(&self) -> MutexGuard<'_, Pulse> {
        self.pulse.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How far one cycle is. It is over when this is dropped, also by a panic. That of a superseded poller
/// tells nothing any more.
pub struct CycleProgress {
    heart: Heart,
    number: u64,
}

impl CycleProgress {
    /// What is counted on the way.
    pub fn metrics(&self) -> &PollerMetrics {
        &self.heart.metrics
    }

    /// A phase begins.
    pub fn enter(&self, phase: Phase) {
        if let Some(mut progress) = self.current() {
            progress.enter(phase);
            self.heart.metrics.running(Some(phase));
        }
    }

    /// A request to the main feed is over.
    pub fn asked(&self, answered: bool) {
        if let Some(mut progress) = self.current() {
            progress.asked(answered, Utc::now(), Instant::now());
        }
    }

    /// A publication was compared with the mark, which the tables gave.
    pub fn compared(&self, published: Time, mark: Option<Time>, standing: &Standing) {
        if let Some(mut progress) = self.current() {
            progress.mark(mark);
            progress.compared(published, standing);
            self.heart.metrics.mark(mark);
        }
    }

    /// The flights of a publication are stored.
    pub fn stored(&self, published: Time) {
        if let Some(mut progress) = self.current() {
            let now = Utc::now();
            progress.stored(published, now, Instant::now());
            self.heart.metrics.stored(published, now);
        }
    }

    fn current(&self) -> Option<MutexGuard<'_, Progress>> {
        Some(self.heart.progress()).filter(|progress| progress.is_running(self.number))
    }
}

impl Drop for CycleProgress {
    fn drop(&mut self) {
        if let Some(mut progress) = self.current() {
            progress.end();
            self.heart.metrics.running(None);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::airspace::Airspace, telemetry::metrics::Registry};

    #[test]
    fn who_stops_does_nothing_else_any_more() {
        let registry = Registry::default();
        let airspace = Airspace::new(Vec::new(), Vec::new(), String::new(), false);
        let metrics = PollerMetrics::register(&registry, Duration::from_secs(15), &airspace);
        let heart = Heart::new(metrics.expect("metrics"));
        let becomes = |said| {
            heart.state(said);
            let page = String::from_utf8(registry.render().expect("a page")).expect("UTF-8");
            let state = heart.pulse().state;
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
