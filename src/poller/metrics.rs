//! Groups E and H of the catalogue: the poller's cycles, traffic and sectors.

use std::{sync::Arc, time::Duration};

use chrono::Utc;
use prometheus::{
    Gauge, GaugeVec, Histogram, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec,
};

use super::words::{CycleOutcome, Phase, PollerState};
use crate::{
    domain::{Time, airspace::Airspace, filter::Filtered, transition::TransitionKind},
    telemetry::metrics::{PHASE_SECONDS, Registry},
};

/// Reasons for a restart of the poller.
pub const RESTART_REASONS: [&str; 3] = ["panic", "exit", "stall"];
/// Positions, in the words of the label `facility`.
pub const FACILITIES: [&str; 8] = ["obs", "fss", "del", "gnd", "twr", "app", "ctr", "atis"];
/// Above this number of sectors the labels collapse into `other`.
const MOST_SECTOR_LABELS: usize = 200;

/// What the poller counts. Cloning shares it.
#[derive(Clone)]
pub struct PollerMetrics(Arc<Families>);

struct Families {
    heartbeat: Gauge,
    state: IntGaugeVec,
    restarts: IntCounterVec,
    last_attempt: Gauge,
    last_success: Gauge,
    cycles: IntCounterVec,
    cycle_duration: Histogram,
    phase_duration: HistogramVec,
    phase_last: GaugeVec,
    ticks_skipped: IntCounter,
    consecutive_failures: IntGauge,
    flights_observed: IntGauge,
    flights_in_airspace: IntGauge,
    flights_tracked: IntGauge,
    filtered: IntCounterVec,
    controllers: IntGaugeVec,
    occupancy: IntGaugeVec,
    transitions: IntCounterVec,
    pending: IntGauge,
    open_entries: IntGauge,
}

impl PollerMetrics {
    /// Registers the families, every label set at 0, and the timestamps at now.
    ///
    /// # Errors
    /// When a family is registered twice.
    pub fn register(
        registry: &Registry,
        interval: Duration,
        airspace: &Airspace,
    ) -> prometheus::Result<Self> {
        let interval_gauge =
            registry.gauge("poll_interval_seconds", "Configured poll interval.")?;
        interval_gauge.set(interval.as_secs_f64());
        let metrics = Self(Arc::new(Families::register(registry)?));
        metrics.bear(airspace);
        Ok(metrics)
    }

    fn bear(&self, airspace: &Airspace) {
        let families = &self.0;
        let now = seconds(Utc::now());
        families.heartbeat.set(now);
        families.last_attempt.set(now);
        families.last_success.set(now);
        self.state(PollerState::Starting);
        for reason in RESTART_REASONS {
            families.restarts.with_label_values(&[reason]);
        }
        for outcome in CycleOutcome::ALL {
            families.cycles.with_label_values(&[outcome.as_str()]);
        }
        for phase in Phase::ALL {
            families.phase_last.with_label_values(&[phase.as_str()]);
            for outcome in outcomes(phase) {
                families
                    .phase_duration
                    .with_label_values(&[phase.as_str(), outcome]);
            }
        }
        for reason in ["outside", "no_plan"] {
            families.filtered.with_label_values(&[reason]);
        }
        for facility in FACILITIES {
            families.controllers.with_label_values(&[facility]);
        }
        for kind in TransitionKind::ALL {
            families.transitions.with_label_values(&[kind.as_str()]);
        }
        self.occupancy(
            airspace
                .sectors()
                .iter()
                .map(|sector| (sector.id.as_ref(), 0)),
        );
    }

    /// The loop turned.
    pub fn heartbeat(&self, at: Time) {
        self.0.heartbeat.set(seconds(at));
    }

    /// What the poller does now.
    pub fn state(&self, now: PollerState) {
        for state in PollerState::ALL {
            self.0
                .state
                .with_label_values(&[state.as_str()])
                .set(i64::from(state == now));
        }
    }

    /// The supervisor started the poller again.
    pub fn restarted(&self, reason: &str) {
        self.0.restarts.with_label_values(&[reason]).inc();
    }

    /// A cycle begins.
    pub fn attempted(&self, at: Time) {
        self.0.last_attempt.set(seconds(at));
    }

    /// A cycle ended.
    pub fn finished(&self, outcome: CycleOutcome, took: Duration, failures_in_a_row: u64) {
        self.0.cycles.with_label_values(&[outcome.as_str()]).inc();
        self.0.cycle_duration.observe(took.as_secs_f64());
        self.0.consecutive_failures.set(failures_in_a_row as i64);
        if !outcome.is_failure() {
            self.0.last_success.set(seconds(Utc::now()));
        }
    }

    /// A cycle was cut by a panic.
    pub fn panicked(&self) {
        self.0
            .cycles
            .with_label_values(&[CycleOutcome::Panic.as_str()])
            .inc();
    }

    /// A phase ended.
    pub fn phase(&self, phase: Phase, took: Duration, succeeded: bool) {
        let outcome = if succeeded { "ok" } else { "error" };
        let took = took.as_secs_f64();
        self.0
            .phase_duration
            .with_label_values(&[phase.as_str(), outcome])
            .observe(took);
        self.0
            .phase_last
            .with_label_values(&[phase.as_str()])
            .set(took);
    }

    /// Ticks fell into a cycle that was still running.
    pub fn skipped(&self, ticks: u64) {
        self.0.ticks_skipped.inc_by(ticks);
    }

    /// What the filter made of a snapshot.
    pub fn filtered(&self, world: usize, filtered: &Filtered<'_>) {
        self.0.flights_observed.set(world as i64);
        self.0.flights_in_airspace.set(filtered.in_scope() as i64);
        self.0
            .filtered
            .with_label_values(&["outside"])
            .inc_by(filtered.outside);
        self.0
            .filtered
            .with_label_values(&["no_plan"])
            .inc_by(filtered.no_plan);
    }

    /// Flights that memory holds a state for.
    pub fn tracked(&self, flights: usize) {
        self.0.flights_tracked.set(flights as i64);
    }

    /// The sector phase's account: transitions waiting, visits open.
    pub fn sectors(&self, pending: usize, open_entries: i64) {
        self.0.pending.set(pending as i64);
        self.0.open_entries.set(open_entries);
    }

    /// A transition was queued.
    pub fn transition(&self, kind: TransitionKind) {
        self.0.transitions.with_label_values(&[kind.as_str()]).inc();
    }

    /// Controllers online, by facility.
    pub fn controllers(&self, online: impl Iterator<Item = (&'static str, u64)>) {
        for (facility, count) in online {
            self.0
                .controllers
                .with_label_values(&[facility])
                .set(count as i64);
        }
    }

    /// Aircraft inside each sector; too many sectors count together, as `other`.
    pub fn occupancy<'s>(&self, sectors: impl ExactSizeIterator<Item = (&'s str, u64)>) {
        if sectors.len() <= MOST_SECTOR_LABELS {
            for (sector, aircraft) in sectors {
                self.0
                    .occupancy
                    .with_label_values(&[sector])
                    .set(aircraft as i64);
            }
        } else {
            let all: u64 = sectors.map(|(_, aircraft)| aircraft).sum();
            self.0
                .occupancy
                .with_label_values(&["other"])
                .set(all as i64);
        }
    }
}

impl Families {
    fn register(registry: &Registry) -> prometheus::Result<Self> {
        Ok(Self {
            heartbeat: registry.gauge(
                "poller_heartbeat_timestamp_seconds",
                "Last turn of the poller loop; it turns every second while the loop lives, in back-off too.",
            )?,
            state: registry.int_gauges(
                "poller_state",
                "1 for the state the poller is in: starting, idle, polling, backoff, stopping, stopped.",
                &["state"],
            )?,
            restarts: registry.counters(
                "poller_restarts_total",
                "Times the supervisor restarted the poller: panic and exit restart the task; stall (no heartbeat for the longer of 10 intervals and 30 s) starts a successor arbiter, and the old generation may not write any more.",
                &["reason"],
            )?,
            last_attempt: registry.gauge(
                "poll_last_attempt_timestamp_seconds",
                "Start of the latest cycle.",
            )?,
            last_success: registry.gauge(
                "poll_last_success_timestamp_seconds",
                "End of the latest cycle that was a success, unchanged or backwards; starts at process start so that a fresh process has a grace period.",
            )?,
            cycles: registry.counters(
                "poll_cycles_total",
                "Cycles finished, by outcome: success, unchanged, backwards, fetch_error, decode_error, pool_timeout, flights_error, controllers_error, transceivers_error, sectors_error, superseded, panic. Unchanged and backwards are no failures.",
                &["outcome"],
            )?,
            cycle_duration: registry.histogram(
                "poll_cycle_duration_seconds",
                "Duration of a whole cycle.",
                PHASE_SECONDS,
            )?,
            phase_duration: registry.histograms(
                "poll_phase_duration_seconds",
                "Duration of one phase: fetch, decode, filter, collect, flights, controllers, transceivers, sectors, publish; outcome ok or error.",
                PHASE_SECONDS,
                &["phase", "outcome"],
            )?,
            phase_last: registry.gauges(
                "poll_phase_last_duration_seconds",
                "Duration of each phase in the latest cycle.",
                &["phase"],
            )?,
            ticks_skipped: registry.counter(
                "poll_ticks_skipped_total",
                "Ticks dropped because the previous cycle was still running.",
            )?,
            consecutive_failures: registry
                .int_gauge("poll_consecutive_failures", "Failed cycles in a row now.")?,
            flights_observed: registry
                .int_gauge("flights_observed", "Pilots in the latest feed, world-wide.")?,
            flights_in_airspace: registry
                .int_gauge("flights_in_airspace", "Flights in scope in the latest cycle.")?,
            flights_tracked: registry
                .int_gauge("flights_tracked", "Flights the sector phase holds state for.")?,
            filtered: registry.counters(
                "flights_filtered_total",
                "Records not kept: outside, no_plan.",
                &["reason"],
            )?,
            controllers: registry.int_gauges(
                "controllers_online",
                "Controllers online in the division, by facility: obs, fss, del, gnd, twr, app, ctr, atis.",
                &["facility"],
            )?,
            occupancy: registry.int_gauges(
                "sector_occupancy_aircraft",
                "Aircraft inside each sector.",
                &["sector"],
            )?,
            transitions: registry.counters(
                "sector_transitions_total",
                "Sector transitions: entered, crossed, left, slow, disconnected (the words of `exit_reason`).",
                &["kind"],
            )?,
            pending: registry.int_gauge(
                "sector_transitions_pending",
                "Transitions queued by the flights transaction and not yet applied by the sector transaction; 0 between good cycles.",
            )?,
            open_entries: registry.int_gauge(
                "sector_open_entries",
                "Sector entries without an exit, from the same ledger the table stores.",
            )?,
        })
    }
}

/// Filter, collect and publish cannot fail.
fn outcomes(phase: Phase) -> &'static [&'static str] {
    match phase {
        Phase::Filter | Phase::Collect | Phase::Publish => &["ok"],
        _ => &["ok", "error"],
    }
}

fn seconds(at: Time) -> f64 {
    at.timestamp_micros() as f64 / 1e6
}
