//! Groups G and I of the catalogue: data written, and jobs.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use prometheus::{GaugeVec, Histogram, HistogramVec, IntCounterVec};

use super::{
    ContactChanges, Store, flights::FlightsWritten, sectors::SectorsApplied,
    unnest::ROWS_PER_STATEMENT,
};
use sectorwatch_core::{Time, occupancy::Step};
use sectorwatch_telemetry::metrics::{PHASE_SECONDS, ROWS, Registry, STAY_SECONDS, born};

/// The period of retention.
pub fn retention_period() -> Duration {
    sectorwatch_fault::retention_period().unwrap_or(Duration::from_hours(1))
}

/// The metrics of the store.
#[derive(Clone)]
pub struct StoreMetrics {
    rows_written: IntCounterVec,
    batch_rows: HistogramVec,
    batches_split: IntCounterVec,
    job_last_success: GaugeVec,
    job_behind: GaugeVec,
    job_runs: IntCounterVec,
    job_duration: HistogramVec,
    job_rows: IntCounterVec,
    stay: Histogram,
    /// By job. A job that has not yet succeeded is missing.
    succeeded_at: Arc<Mutex<BTreeMap<String, Time>>>,
}

const WRITES: &[&[&str]] = &[
    &["flights", "insert"],
    &["flights", "update"],
    &["flight_positions", "insert"],
    &["flight_sector_occupancy", "insert"],
    &["flight_sector_occupancy", "update"],
    &["airport_movements", "insert"],
    &["pending_transitions", "insert"],
    &["pending_transitions", "delete"],
    &["controllers", "insert"],
    &["controllers", "update"],
    &["transceivers", "insert"],
    &["transceivers", "update"],
    &["transceivers", "delete"],
    &["flight_radio_intervals", "insert"],
    &["flight_radio_intervals", "update"],
    &["flight_radio_intervals", "delete"],
    &["sector_control", "insert"],
    &["sector_control", "update"],
    &["sector_control", "delete"],
    &["poll_cycles", "insert"],
    &["poll_cycles", "delete"],
    &["rejected_records", "insert"],
    &["rejected_records", "delete"],
    &["flights", "delete"],
    &["flight_sector_occupancy", "delete"],
    &["controllers", "delete"],
];

/// Tables that are written in several statements if a batch exceeds the limit of a message.
const SPLIT_TABLES: [&str; 5] = [
    "flights",
    "flight_positions",
    "airport_movements",
    "pending_transitions",
    "flight_sector_occupancy",
];
/// Tables that are written in one statement for any number of rows.
const WHOLE_TABLES: [&str; 4] =
    ["controllers", "transceivers", "flight_radio_intervals", "sector_control"];

impl StoreMetrics {
    /// Registers the families with every label set at 0.
    ///
    /// # Errors
    /// A family is already registered.
    pub fn register(registry: &Registry) -> prometheus::Result<Self> {
        let metrics = Self {
            rows_written: registry.counters(
                "rows_written_total",
                "Rows written, by table and operation: insert, update, delete.",
                &["table", "operation"],
            )?,
            batch_rows: registry.histograms(
                "batch_rows",
                "Rows of one bulk statement, by table.",
                ROWS,
                &["table"],
            )?,
            batches_split: registry.counters(
                "batches_split_total",
                "Additional bulk statements, because one statement takes at most 10,000 rows.",
                &["table"],
            )?,
            job_last_success: registry.gauges(
                "job_last_success_timestamp_seconds",
                "When each job last succeeded, with nothing left to do; the start of the process before that.",
                &["job_name"],
            )?,
            job_behind: registry.gauges(
                "job_behind_seconds",
                "How long the oldest work of each job has been due; 0 when nothing is due.",
                &["job_name"],
            )?,
            job_runs: registry.counters(
                "job_runs_total",
                "Runs of each job, by outcome: ok, error.",
                &["job_name", "outcome"],
            )?,
            job_duration: registry.histograms(
                "job_duration_seconds",
                "Duration of a job run.",
                PHASE_SECONDS,
                &["job_name"],
            )?,
            job_rows: registry.counters(
                "job_rows_total",
                "Rows deleted by each job; a whole day of positions, which is dropped at once, counts as one.",
                &["job_name"],
            )?,
            stay: registry.histogram(
                "sector_stay_seconds",
                "Time from the entry into a sector to the exit.",
                STAY_SECONDS,
            )?,
            succeeded_at: Arc::default(),
        };
        born(&metrics.rows_written, WRITES);
        for table in SPLIT_TABLES {
            metrics.batches_split.with_label_values(&[table]);
        }
        for table in SPLIT_TABLES.into_iter().chain(WHOLE_TABLES) {
            metrics.batch_rows.with_label_values(&[table]);
        }
        let period = registry.gauges(
            "job_period_seconds",
            "Period of each background job, as configured.",
            &["job_name"],
        )?;
        period.with_label_values(&["retention"]).set(retention_period().as_secs_f64());
        born(&metrics.job_runs, &[&["retention", "ok"], &["retention", "error"]]);
        born(&metrics.job_duration, &[&["retention"]]);
        born(&metrics.job_rows, &[&["retention"]]);
        born(&metrics.job_behind, &[&["retention"]]);
        metrics.set_last_success("retention", chrono::Utc::now());
        Ok(metrics)
    }

    pub(super) fn wrote(&self, table: &str, operation: &str, rows: usize) {
        self.rows_written.with_label_values(&[table, operation]).inc_by(rows as u64);
    }

    /// Records a batch that was sent in statements of at most `statement_rows`.
    pub(super) fn batch(&self, table: &str, rows: usize, statement_rows: usize) {
        if rows == 0 {
            return;
        }
        let statements = rows.div_ceil(statement_rows);
        self.batches_split.with_label_values(&[table]).inc_by(statements as u64 - 1);
        self.bulk_statement(table, rows.min(statement_rows));
    }

    pub(super) fn bulk_statement(&self, table: &str, rows: usize) {
        self.batch_rows.with_label_values(&[table]).observe(rows as f64);
    }

    pub(super) fn stayed(&self, seconds: i64) {
        self.stay.observe(seconds as f64);
    }

    pub(super) fn job_moved(&self, job: &str, rows: usize) {
        self.job_rows.with_label_values(&[job]).inc_by(rows as u64);
    }

    pub(super) fn job_behind(&self, job: &str, behind: Duration) {
        self.job_behind.with_label_values(&[job]).set(behind.as_secs_f64());
    }

    /// Records the end of a job's run.
    pub fn job_ended(&self, job: &str, succeeded: bool, took: Duration) {
        let outcome = if succeeded { "ok" } else { "error" };
        self.job_runs.with_label_values(&[job, outcome]).inc();
        self.job_duration.with_label_values(&[job]).observe(took.as_secs_f64());
        if succeeded {
            let now = chrono::Utc::now();
            self.set_last_success(job, now);
            let mut succeeded_at = self.succeeded_at.lock().unwrap_or_else(PoisonError::into_inner);
            succeeded_at.insert(job.to_owned(), now);
        }
    }

    /// When a run of a job last succeeded; `None` when none has since the start.
    pub fn job_succeeded_at(&self, job: &str) -> Option<Time> {
        let succeeded_at = self.succeeded_at.lock().unwrap_or_else(PoisonError::into_inner);
        succeeded_at.get(job).copied()
    }

    fn set_last_success(&self, job: &str, at: Time) {
        let seconds = at.timestamp_micros() as f64 / 1e6;
        self.job_last_success.with_label_values(&[job]).set(seconds);
    }
}

impl Store {
    pub(super) fn count_flights(&self, step: &Step<'_>, written: &FlightsWritten) {
        let metrics = self.metrics();
        let new = step.observations.iter().filter(|seen| seen.flight_id.is_none()).count();
        let new = new.min(written.flights);
        metrics.wrote("flights", "insert", new);
        metrics.wrote("flights", "update", written.flights - new);
        metrics.wrote("flight_positions", "insert", written.positions);
        metrics.wrote("airport_movements", "insert", written.movements.len());
        metrics.wrote("pending_transitions", "insert", written.queued);
        metrics.batch("flights", written.flights, ROWS_PER_STATEMENT);
        metrics.batch("flight_positions", written.positions, ROWS_PER_STATEMENT);
        metrics.batch("airport_movements", written.movements.len(), ROWS_PER_STATEMENT);
        metrics.batch("pending_transitions", written.queued, ROWS_PER_STATEMENT);
    }

    pub(super) fn count_contacts(&self, changes: ContactChanges<'_>) {
        let metrics = self.metrics();
        let ContactChanges { radio, control } = changes;
        metrics.wrote("flight_radio_intervals", "insert", radio.inserted.len());
        metrics.wrote("flight_radio_intervals", "update", radio.ended.len());
        metrics.wrote("flight_radio_intervals", "delete", radio.deleted.len());
        if !radio.inserted.is_empty() {
            metrics.bulk_statement("flight_radio_intervals", radio.inserted.len());
        }
        metrics.wrote("sector_control", "insert", control.inserted.len());
        metrics.wrote("sector_control", "update", control.ended.len());
        metrics.wrote("sector_control", "delete", control.deleted.len());
        if !control.inserted.is_empty() {
            metrics.bulk_statement("sector_control", control.inserted.len());
        }
    }

    pub(super) fn count_sectors(&self, applied: &SectorsApplied) {
        let metrics = self.metrics();
        metrics.wrote("poll_cycles", "insert", applied.ledger_rows);
        metrics.wrote("flight_sector_occupancy", "insert", applied.opened);
        metrics.wrote("flight_sector_occupancy", "update", applied.closed);
        metrics.wrote("pending_transitions", "delete", applied.applied + applied.refused.len());
        metrics.batch(
            "flight_sector_occupancy",
            applied.opened + applied.closed,
            ROWS_PER_STATEMENT,
        );
        applied.stays_seconds.iter().for_each(|seconds| metrics.stayed(*seconds));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_has_succeeded_when_it_has_and_not_at_the_start() {
        let metrics = StoreMetrics::register(&Registry::default()).expect("a new registry");
        assert_eq!(metrics.job_succeeded_at("retention"), None);
        metrics.job_ended("retention", false, Duration::ZERO);
        assert_eq!(metrics.job_succeeded_at("retention"), None);
        let before = chrono::Utc::now();
        metrics.job_ended("retention", true, Duration::ZERO);
        assert!(metrics.job_succeeded_at("retention") >= Some(before));
    }
}
