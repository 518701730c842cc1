//! Signs of life, shared between a poller's thread, its supervisor and the status.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use chrono::Utc;

use super::{metrics::PollerMetrics, status::Pulse, words::PollerState};
use crate::domain::Time;

/// The poller's pulse. Cloning shares it.
#[derive(Clone)]
pub struct Heart {
    pulse: Arc<Mutex<Pulse>>,
    /// Of the newest beat, by a clock that nobody sets.
    beaten: Arc<Mutex<Instant>>,
    metrics: PollerMetrics,
}

impl Heart {
    /// Beats from now on.
    pub fn new(metrics: PollerMetrics) -> Self {
        let pulse = Pulse { heartbeat_at: Some(Utc::now()), ..Pulse::default() };
        Self {
            pulse: Arc::new(Mutex::new(pulse)),
            beaten: Arc::new(Mutex::new(Instant::now())),
            metrics,
        }
    }

    /// One reading.
    pub fn pulse(&self) -> Pulse {
        *self.lock()
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

    /// What the poller does now.
    pub fn state(&self, state: PollerState) {
        self.lock().state = state;
        self.metrics.state(state);
    }

    /// A cycle begins.
    pub fn attempt(&self, at: Time) {
        self.lock().last_attempt_at = Some(at);
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

    fn lock(&self) -> std::sync::MutexGuard<'_, Pulse> {
        self.pulse.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
