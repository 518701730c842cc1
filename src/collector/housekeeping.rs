//! What is done between two cycles: partitions ahead of time, and retention.

use std::time::{Duration, Instant};

use sectorwatch_core::Time;
use sectorwatch_store::{BatchRows, Retention, Store, chain, retention_period};

/// After a run that failed; a run that ended well is followed by a whole period.
const RETRY: Duration = Duration::from_mins(1);

/// When retention is due.
pub struct Housekeeping {
    retention: Retention,
    due: Instant,
    /// Of a run that is not finished: it goes on after each stored snapshot.
    begun: Option<Instant>,
    batch: BatchRows,
}

impl Housekeeping {
    /// The first run is due at once.
    pub fn new(retention: Retention) -> Self {
        Self { retention, due: Instant::now(), begun: None, batch: BatchRows::default() }
    }

    /// At most one partition is dropped; a failed run is logged, and another begins soon.
    pub async fn between_cycles(&mut self, store: &Store, mark: Time) {
        if let Err(error) = store.keep_partitions(mark).await {
            tracing::warn!(error = %chain(&error), "partitions could not be made ahead of time");
        }
        if Instant::now() < self.due {
            return;
        }
        let begun = *self.begun.get_or_insert_with(Instant::now);
        match store.retain(&self.retention, mark, &mut self.batch).await {
            Ok(true) => self.ended(store, begun, true),
            Ok(false) => {}
            Err(error) => {
                tracing::warn!(error = %chain(&error), "retention failed");
                self.ended(store, begun, false);
            }
        }
    }

    fn ended(&mut self, store: &Store, begun: Instant, succeeded: bool) {
        store.metrics().job_ended("retention", succeeded, begun.elapsed());
        self.begun = None;
        let period = retention_period();
        self.due = Instant::now() + if succeeded { period } else { period.min(RETRY) };
    }
}
