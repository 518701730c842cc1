//! The part of group C that only the server knows, and the sizes of group G.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use arc_swap::ArcSwapOption;
use chrono::Utc;
use prometheus::{Gauge, GaugeVec, Histogram, IntGaugeVec};

use super::{
    judge::{Findings, STATES},
    tables::{MeasuredTables, TABLES, TableSize},
};
use sectorwatch_core::Time;
use sectorwatch_telemetry::metrics::{Registry, WAIT_SECONDS};

/// What the audit shows.
#[derive(Clone)]
pub struct AuditMetrics {
    backends: IntGaugeVec,
    oldest_transaction: Gauge,
    last_success: Gauge,
    duration: Histogram,
    rows: GaugeVec,
    bytes: IntGaugeVec,
    succeeded_at: Arc<Mutex<Option<Time>>>,
    measured: Arc<ArcSwapOption<MeasuredTables>>,
}

impl AuditMetrics {
    /// Registers the families.
    ///
    /// # Errors
    /// When a family is registered twice.
    pub fn register(registry: &Registry) -> prometheus::Result<Self> {
        let metrics = Self {
            backends: registry.int_gauges(
                "db_server_backends",
                "Server's own view of backends under our application_name, by state: leased, pooled_idle, system, orphan, predecessor, idle_in_transaction_unleased, active_unleased.",
                &["state"],
            )?,
            oldest_transaction: registry.gauge(
                "db_server_oldest_transaction_age_seconds",
                "Age of the oldest open transaction under our application_name.",
            )?,
            last_success: registry.gauge(
                "db_audit_last_success_timestamp_seconds",
                "When the server-side audit last finished; starts at process start.",
            )?,
            duration: registry.histogram(
                "db_audit_duration_seconds",
                "Duration of the server-side audit.",
                WAIT_SECONDS,
            )?,
            rows: registry.gauges(
                "rows_estimated",
                "Planner estimate of table rows (pg_class.reltuples), refreshed by the audit; NaN before the table was analysed.",
                &["table"],
            )?,
            bytes: registry.int_gauges(
                "table_bytes",
                "Total relation size including indexes and TOAST, refreshed by the audit.",
                &["table"],
            )?,
            succeeded_at: Arc::default(),
            measured: Arc::default(),
        };
        for state in STATES {
            metrics.backends.with_label_values(&[state]);
        }
        for table in TABLES {
            metrics.rows.with_label_values(&[table]).set(f64::NAN);
            metrics.bytes.with_label_values(&[table]);
        }
        metrics.last_success.set(seconds(Utc::now()));
        Ok(metrics)
    }

    pub(super) fn succeeded(&self, findings: &Findings, took: Duration) {
        for (state, count) in &findings.states {
            self.backends.with_label_values(&[state]).set(*count);
        }
        self.oldest_transaction.set(findings.oldest_transaction_seconds);
        self.duration.observe(took.as_secs_f64());
        let now = Utc::now();
        self.last_success.set(seconds(now));
        *self.succeeded_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
    }

    pub(super) fn measured(&self, mut sizes: Vec<TableSize>) {
        sizes.sort_by_key(|size| TABLES.iter().position(|table| *table == size.name));
        for size in &sizes {
            let labels = [size.name.as_str()];
            self.rows.with_label_values(&labels).set(size.rows.unwrap_or(f64::NAN));
            self.bytes.with_label_values(&labels).set(size.bytes);
        }
        self.measured.store(Some(Arc::new(MeasuredTables { at: Utc::now(), tables: sizes })));
    }

    /// The tables as measured last; `None` before the first time.
    pub fn tables(&self) -> Option<Arc<MeasuredTables>> {
        self.measured.load_full()
    }

    /// When the audit last succeeded.
    pub fn succeeded_at(&self) -> Option<Time> {
        *self.succeeded_at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn seconds(at: Time) -> f64 {
    at.timestamp_micros() as f64 / 1e6
}
