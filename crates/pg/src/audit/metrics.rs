//! The metrics of the audit.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use chrono::{DateTime, Utc};
use prometheus::{Gauge, Histogram, IntGaugeVec};

use super::judge::{Findings, STATES};
use crate::families::{Families, WAIT_SECONDS};

/// The metrics of the audit.
#[derive(Clone)]
pub struct AuditMetrics {
    backends: IntGaugeVec,
    oldest_transaction: Gauge,
    last_success: Gauge,
    duration: Histogram,
    succeeded_at: Arc<Mutex<Option<DateTime<Utc>>>>,
}

impl AuditMetrics {
    /// Registers the families.
    ///
    /// # Errors
    /// A family is already registered.
    pub fn register(registry: Families<'_>) -> prometheus::Result<Self> {
        let metrics = Self {
            backends: registry.int_gauges(
                "db_server_backends",
                "Sessions of this service on the server's own list, by state: leased, pooled_idle, system (outside the pools), orphan (no connection here uses it), predecessor (of an earlier process), given_up (closed here, still open there), idle_in_transaction_unleased, active_unleased.",
                &["state"],
            )?,
            oldest_transaction: registry.gauge(
                "db_server_oldest_transaction_age_seconds",
                "Age of the oldest open transaction of this service on the server's own list.",
            )?,
            last_success: registry.gauge(
                "db_audit_last_success_timestamp_seconds",
                "When the audit of the server's sessions last succeeded; the start of the process before that.",
            )?,
            duration: registry.histogram(
                "db_audit_duration_seconds",
                "Duration of an audit of the server's sessions.",
                WAIT_SECONDS,
            )?,
            succeeded_at: Arc::default(),
        };
        for state in STATES {
            metrics.backends.with_label_values(&[state]);
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

    /// When the audit last succeeded.
    pub fn succeeded_at(&self) -> Option<DateTime<Utc>> {
        *self.succeeded_at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn seconds(at: DateTime<Utc>) -> f64 {
    at.timestamp_micros() as f64 / 1e6
}
