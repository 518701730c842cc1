//! Group E of the catalogue: the poller and its cycles.

use std::{sync::Arc, time::Duration};

use chrono::Utc;
use prometheus::{
    Gauge, GaugeVec, Histogram, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec,
};
use strum::VariantArray as _;

use crate::{
    collector::{contact_metrics::ContactMetrics, traffic::TrafficMetrics},
    status::outcome::{CycleOutcome, Phase, PollerState},
};
use sectorwatch_core::{Time, airspace::Airspace};
use sectorwatch_telemetry::metrics::{PHASE_SECONDS, Registry};

/// Reasons for a restart of the poller.
pub const RESTART_REASONS: [&str; 3] = ["panic", "exit", "stall"];

/// The metrics of the poller. Clones share them.
#[derive(Clone)]
pub struct PollerMetrics {
    pub traffic: TrafficMetrics,
    pub contact: ContactMetrics,
    families: Arc<Families>,
}

struct Families {
    heartbeat: Gauge,
    state: IntGaugeVec,
    restarts: IntCounterVec,
    last_attempt: Gauge,
    last_success: Gauge,
    last_stored: Gauge,
    mark: Gauge,
    cycles: IntCounterVec,
    cycle_duration: Histogram,
    phase_duration: HistogramVec,
    phase_last: GaugeVec,
    phase_running: IntGaugeVec,
    ticks_skipped: IntCounter,
    consecutive_failures: IntGauge,
}

impl PollerMetrics {
    /// Registers the families with every label set at 0 and the timestamps at the current time.
    ///
    /// # Errors
    /// A family is already registered.
    pub fn register(
        registry: &Registry,
        interval: Duration,
        airspace: &Airspace,
    ) -> prometheus::Result<Self> {
        let interval_gauge =
            registry.gauge("poll_interval_seconds", "Poll interval, as configured.")?;
        interval_gauge.set(interval.as_secs_f64());
        let metrics = Self {
            traffic: TrafficMetrics::register(registry, airspace)?,
            contact: ContactMetrics::register(registry)?,
            families: Arc::new(Families::register(registry)?),
        };
        metrics.create_at_zero();
        Ok(metrics)
    }

    fn create_at_zero(&self) {
        let families = &self.families;
        let now = seconds(Utc::now());
        families.heartbeat.set(now);
        families.last_attempt.set(now);
        families.last_success.set(now);
        families.last_stored.set(now);
        self.running(None);
        self.state(PollerState::Starting);
        for reason in RESTART_REASONS {
            families.restarts.with_label_values(&[reason]);
        }
        for outcome in CycleOutcome::VARIANTS.iter().copied() {
            families.cycles.with_label_values(&[outcome.as_str()]);
        }
        for phase in Phase::VARIANTS.iter().copied() {
            families.phase_last.with_label_values(&[phase.as_str()]);
            for outcome in outcomes(phase) {
                families.phase_duration.with_label_values(&[phase.as_str(), outcome]);
            }
        }
    }

    /// Records a beat of the heartbeat.
    pub fn heartbeat(&self, at: Time) {
        self.families.heartbeat.set(seconds(at));
    }

    /// Sets what the poller does now.
    pub fn state(&self, now: PollerState) {
        for state in PollerState::VARIANTS.iter().copied() {
            self.families.state.with_label_values(&[state.as_str()]).set(i64::from(state == now));
        }
    }

    /// Counts a restart of the poller by the supervisor.
    pub fn restarted(&self, reason: &str) {
        self.families.restarts.with_label_values(&[reason]).inc();
    }

    /// Records that a cycle begins.
    pub fn attempted(&self, at: Time) {
        self.families.last_attempt.set(seconds(at));
    }

    /// Sets the phase of the running cycle, or `None` between two cycles.
    pub fn running(&self, now: Option<Phase>) {
        for phase in Phase::VARIANTS.iter().copied() {
            let gauge = self.families.phase_running.with_label_values(&[phase.as_str()]);
            gauge.set(i64::from(now == Some(phase)));
        }
    }

    /// Sets the newest stored snapshot.
    pub fn mark(&self, mark: Option<Time>) {
        self.families.mark.set(mark.map_or(0.0, seconds));
    }

    /// Records that the flights of a snapshot were stored.
    pub fn stored(&self, published: Time, at: Time) {
        self.mark(Some(published));
        self.families.last_stored.set(seconds(at));
    }

    /// Records the end of a cycle.
    pub fn finished(&self, outcome: CycleOutcome, took: Duration, failures_in_a_row: u64) {
        self.families.cycles.with_label_values(&[outcome.as_str()]).inc();
        self.families.cycle_duration.observe(took.as_secs_f64());
        self.families.consecutive_failures.set(failures_in_a_row as i64);
        if !outcome.is_failure() {
            self.families.last_success.set(seconds(Utc::now()));
        }
    }

    /// Counts a cycle that a panic ended.
    pub fn panicked(&self) {
        self.families.cycles.with_label_values(&[CycleOutcome::Panic.as_str()]).inc();
    }

    /// Records the end of a phase.
    pub fn phase(&self, phase: Phase, took: Duration, succeeded: bool) {
        let outcome = if succeeded { "ok" } else { "error" };
        let took = took.as_secs_f64();
        self.families.phase_duration.with_label_values(&[phase.as_str(), outcome]).observe(took);
        self.families.phase_last.with_label_values(&[phase.as_str()]).set(took);
    }

    /// Counts scheduled polls that a longer cycle skipped.
    pub fn skipped(&self, ticks: u64) {
        self.families.ticks_skipped.inc_by(ticks);
    }
}

impl Families {
    fn register(registry: &Registry) -> prometheus::Result<Self> {
        Ok(Self {
            heartbeat: registry.gauge(
                "poller_heartbeat_timestamp_seconds",
                "Latest heartbeat of the poller: one each second while it is alive, also during back-off.",
            )?,
            state: registry.int_gauges(
                "poller_state",
                "1 for the current state of the poller, 0 for all others: starting, idle, polling, backoff, stopping, stopped.",
                &["state"],
            )?,
            restarts: registry.counters(
                "poller_restarts_total",
                "Restarts of the poller, by reason: panic, exit (it ended early), stall (no heartbeat for 10 intervals, at least 30 s). After a stall a successor takes over, and the stalled poller may not write any more.",
                &["reason"],
            )?,
            last_attempt: registry.gauge(
                "poll_last_attempt_timestamp_seconds",
                "Start of the latest cycle.",
            )?,
            last_success: registry.gauge(
                "poll_last_success_timestamp_seconds",
                "End of the latest cycle with the outcome success, unchanged or backwards; the start of the process before that.",
            )?,
            last_stored: registry.gauge(
                "poll_last_stored_timestamp_seconds",
                "When the flights of a snapshot were last stored, even if a later phase of that cycle failed; the start of the process before that.",
            )?,
            mark: registry.gauge(
                "poll_mark_timestamp_seconds",
                "Publication time of the newest stored snapshot; only newer ones are stored. 0 while it is not known.",
            )?,
            cycles: registry.counters(
                "poll_cycles_total",
                "Cycles finished, by outcome: success, unchanged, backwards, mark_ahead, fetch_error, decode_error, pool_timeout, flights_error, controllers_error, transceivers_error, contacts_error, sectors_error, superseded, panic. All but success, unchanged and backwards are failures.",
                &["outcome"],
            )?,
            cycle_duration: registry.histogram(
                "poll_cycle_duration_seconds",
                "Duration of a whole cycle.",
                PHASE_SECONDS,
            )?,
            phase_duration: registry.histograms(
                "poll_phase_duration_seconds",
                "Duration of a phase, by phase (fetch, decode, filter, collect, flights, controllers, transceivers, contacts, sectors, publish) and outcome (ok, error).",
                PHASE_SECONDS,
                &["phase", "outcome"],
            )?,
            phase_last: registry.gauges(
                "poll_phase_last_duration_seconds",
                "Duration of each phase in the latest cycle.",
                &["phase"],
            )?,
            phase_running: registry.int_gauges(
                "poll_phase_running",
                "1 for the phase that the running cycle is in, 0 for all others, and for all between two cycles.",
                &["phase"],
            )?,
            ticks_skipped: registry.counter(
                "poll_ticks_skipped_total",
                "Polls that were skipped because the previous cycle was still running.",
            )?,
            consecutive_failures: registry
                .int_gauge("poll_consecutive_failures", "Consecutive failed cycles up to now.")?,
        })
    }
}

/// The possible outcomes of a phase. Filter, collect and publish cannot fail.
fn outcomes(phase: Phase) -> &'static [&'static str] {
    match phase {
        Phase::Filter | Phase::Collect | Phase::Publish => &["ok"],
        _ => &["ok", "error"],
    }
}

fn seconds(at: Time) -> f64 {
    at.timestamp_micros() as f64 / 1e6
}
