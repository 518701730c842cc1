//! What is done between two cycles: partitions ahead of time, and retention.

use std::time::Instant;

use crate::{
    domain::Time,
    store::{Retention, Store, chain, retention_period},
};

/// When retention is due.
pub struct Housekeeping {
    retention: Retention,
    /// `None` while a run is not finished.
    last_run: Option<Instant>,
    begun: Option<Instant>,
}

impl Housekeeping {
    /// The first run is due at once.
    pub fn new(retention: Retention) -> Self {
        Self { retention, last_run: None, begun: None }
    }

    /// At most one partition is dropped; a failed run is logged, and the next one goes on.
    pub async fn between_cycles(&mut self, store: &Store, mark: Time) {
        if let Err(error) = store.keep_partitions(mark).await {
            tracing::warn!(error = %chain(&error), "partitions could not be made ahead of time");
        }
        if self.last_run.is_some_and(|at| at.elapsed() < retention_period()) {
            return;
        }
        let begun = *self.begun.get_or_insert_with(Instant::now);
        match store.retain(&self.retention, mark).await {
            Ok(true) => self.last_run = None,
            Ok(false) => self.ended(store, begun, true),
            Err(error) => {
                tracing::warn!(error = %chain(&error), "retention failed");
                self.ended(store, begun, false);
            }
        }
    }

    fn ended(&mut self, store: &Store, begun: Instant, succeeded: bool) {
        store.metrics().job_ended("retention", succeeded, begun.elapsed());
        self.begun = None;
        self.last_run = Some(Instant::now());
    }
}
