//! Counts the statements of every session for its owner, and cancelled ones.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use prometheus::{HistogramVec, IntCounterVec};

use super::wire::Wire;
use crate::{
    families::{Families, TRANSACTION_SECONDS, WAIT_SECONDS},
    owner::{Owner, PoolLabels},
};

const CLASSES: [&str; 8] = ["08", "22", "23", "40", "42", "53", "57", "other"];
const OUTCOMES: [&str; 4] = ["ok", "error", "cancelled", "deadline"];
const ENDS: [&str; 3] = ["commit", "rollback", "cancelled"];

/// The metrics of all sessions.
#[derive(Clone)]
pub struct StatementMetrics {
    queries: IntCounterVec,
    durations: HistogramVec,
    transactions: HistogramVec,
    errors: IntCounterVec,
    cancelled_transactions: IntCounterVec,
    cancelled_queries: IntCounterVec,
}

impl StatementMetrics {
    /// Registers the families, with every label set of an owner at 0.
    ///
    /// # Errors
    /// A family is already registered.
    pub fn register<O: Owner>(families: Families<'_>) -> prometheus::Result<Self> {
        let metrics = Self::families(families)?;
        for owner in O::ALL.iter().filter(|owner| owner.runs_statements()) {
            let owner = owner.as_str();
            for outcome in OUTCOMES {
                metrics.queries.with_label_values(&[owner, outcome]);
            }
            for class in CLASSES {
                metrics.errors.with_label_values(&[owner, class]);
            }
            metrics.durations.with_label_values(&[owner]);
        }
        for owner in O::ALL.iter().filter(|owner| owner.runs_transactions()) {
            let owner = owner.as_str();
            for end in ENDS {
                metrics.transactions.with_label_values(&[owner, end]);
            }
            metrics.cancelled_transactions.with_label_values(&[owner]);
        }
        Ok(metrics)
    }

    /// Creates the label sets of a pool at 0. Cancelled statements are counted for pools only, because only a
    /// returned session shows that a future was dropped.
    pub fn create_at_zero(&self, pool: &PoolLabels) {
        for owner in &*pool.owners {
            self.cancelled_queries.with_label_values(&[owner]);
        }
    }

    fn families(registry: Families<'_>) -> prometheus::Result<Self> {
        Ok(Self {
            queries: registry.counters(
                "db_queries_total",
                "Statements finished, by outcome: ok, error, cancelled, deadline.",
                &["owner", "outcome"],
            )?,
            durations: registry.histograms(
                "db_query_duration_seconds",
                "Duration of a statement as the client sees it.",
                WAIT_SECONDS,
                &["owner"],
            )?,
            transactions: registry.histograms(
                "db_transaction_duration_seconds",
                "Duration of a transaction, by outcome: commit, rollback, cancelled.",
                TRANSACTION_SECONDS,
                &["owner", "outcome"],
            )?,
            errors: registry.counters(
                "db_errors_total",
                "Database errors by SQLSTATE class (08, 22, 23, 40, 42, 53, 57, other).",
                &["owner", "sqlstate_class"],
            )?,
            cancelled_transactions: registry.counters(
                "db_cancelled_transactions_total",
                "Transactions that were cancelled before COMMIT or ROLLBACK had finished.",
                &["owner"],
            )?,
            cancelled_queries: registry.counters(
                "db_cancelled_queries_total",
                "Statements outside a transaction that were cancelled before they had finished.",
                &["owner"],
            )?,
        })
    }

    fn query(&self, owner: &str, outcome: &str) {
        self.queries.with_label_values(&[owner, outcome]).inc();
    }

    fn transaction(&self, owner: &str, end: &str, took: Duration) {
        let labels = [owner, end];
        self.transactions.with_label_values(&labels).observe(took.as_secs_f64());
    }
}

/// The statements of one session.
pub struct Statements {
    metrics: StatementMetrics,
    wire: Wire,
    progress: Mutex<Progress>,
}

struct Progress {
    owner: &'static str,
    /// Statements that have begun and not finished. Above 0 at the return if a future was dropped.
    in_flight: u64,
    /// The start of the newest statement.
    begun: Instant,
    /// The start of the open transaction.
    transaction: Option<Instant>,
}

impl Statements {
    pub fn new(metrics: StatementMetrics, wire: Wire, owner: &'static str) -> Self {
        let begun = Instant::now();
        let progress = Progress { owner, in_flight: 0, begun, transaction: None };
        Self { metrics, wire, progress: Mutex::new(progress) }
    }

    pub fn count_for(&self, owner: &'static str) {
        self.progress().owner = owner;
    }

    pub fn owner(&self) -> &'static str {
        self.progress().owner
    }

    pub fn started(&self) {
        let mut progress = self.progress();
        progress.in_flight += 1;
        progress.begun = Instant::now();
    }

    pub fn finished(&self, failed: bool) {
        let mut progress = self.progress();
        progress.in_flight = progress.in_flight.saturating_sub(1);
        let (owner, took) = (progress.owner, progress.begun.elapsed());
        drop(progress);
        let is_late = failed && self.wire.is_late();
        self.metrics.query(
            owner,
            match failed {
                false => "ok",
                true if is_late => "deadline",
                true => "error",
            },
        );
        self.metrics.durations.with_label_values(&[owner]).observe(took.as_secs_f64());
        if failed && !is_late {
            let class = self.wire.error().map_or("other", |state| state.class());
            let class = CLASSES.into_iter().find(|known| *known == class).unwrap_or("other");
            self.metrics.errors.with_label_values(&[owner, class]).inc();
        }
    }

    /// The number of statements that have begun and not finished.
    pub fn in_flight(&self) -> u64 {
        self.progress().in_flight
    }

    /// Records that a transaction is about to begin.
    pub fn transaction_begins(&self) {
        self.progress().transaction = Some(Instant::now());
    }

    /// Records the end of the transaction by a `commit` or a `rollback`, successful or not.
    pub fn transaction_ended(&self, end: &str) {
        let mut progress = self.progress();
        let (owner, begun) = (progress.owner, progress.transaction.take());
        drop(progress);
        if let Some(begun) = begun {
            self.metrics.transaction(owner, end, begun.elapsed());
        }
    }

    /// Counts the work of a dropped future. The session is closed after it.
    pub fn abandoned(&self) {
        let mut progress = self.progress();
        let Progress { owner, in_flight, .. } = *progress;
        let transaction = progress.transaction.take();
        progress.in_flight = 0;
        drop(progress);
        (0..in_flight).for_each(|_| self.metrics.query(owner, "cancelled"));
        match transaction {
            Some(begun) => {
                self.metrics.transaction(owner, "cancelled", begun.elapsed());
                self.metrics.cancelled_transactions.with_label_values(&[owner]).inc();
            }
            None if in_flight > 0 => {
                self.metrics.cancelled_queries.with_label_values(&[owner]).inc();
            }
            None => {}
        }
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
