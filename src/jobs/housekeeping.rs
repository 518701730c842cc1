//! Keeps the tables in shape: makes partitions ahead of time, and deletes what is old.

use std::time::{Duration, Instant};

use tokio::{runtime::Handle, sync::watch, task::JoinError};

use sectorwatch_store::{
    BatchRows, Retention, Store, StoreError, StoredMark, chain, operation, retention_period,
};

/// After a run that failed; a run that ended well is followed by a whole period.
const RETRY: Duration = Duration::from_mins(1);

/// One life of the task. It does one step after each stored snapshot, and nothing before the first.
pub struct Housekeeping {
    store: Store,
    retention: Retention,
    /// The newest stored snapshot; `None` before the first.
    stored: watch::Receiver<Option<StoredMark>>,
    /// True once the service stops.
    stopping: watch::Receiver<bool>,
    /// When the next run of retention begins.
    due: Instant,
    /// When the run began that has not ended: it goes on after each stored snapshot.
    begun: Option<Instant>,
    batch: BatchRows,
}

impl Housekeeping {
    /// The first run of retention is due at once.
    pub fn new(
        store: Store,
        retention: Retention,
        mut stored: watch::Receiver<Option<StoredMark>>,
        stopping: watch::Receiver<bool>,
    ) -> Self {
        // A task that is started again begins with what is stored already.
        stored.mark_changed();
        Self {
            store,
            retention,
            stored,
            stopping,
            due: Instant::now(),
            begun: None,
            batch: BatchRows::default(),
        }
    }

    /// Follows the stored snapshots until the service stops. A step that runs then ends with the
    /// statement that it has sent.
    ///
    /// On a thread of its own: a transaction's future borrows, and the compiler cannot see that it may
    /// move between the threads of a runtime.
    pub async fn run(self) {
        let runtime = Handle::current();
        let following = tokio::task::spawn_blocking(move || runtime.block_on(self.follow()));
        // For who supervises this task.
        if let Err(Ok(panic)) = following.await.map_err(JoinError::try_into_panic) {
            std::panic::resume_unwind(panic);
        }
    }

    async fn follow(mut self) {
        while let Some(stored) = self.next_stored().await {
            operation(self.step(stored)).await;
        }
    }

    /// `None` once the service stops.
    async fn next_stored(&mut self) -> Option<StoredMark> {
        loop {
            tokio::select! {
                biased;
                _ = self.stopping.wait_for(|stopping| *stopping) => return None,
                changed = self.stored.changed() => changed.ok()?,
            }
            let stored = *self.stored.borrow_and_update();
            if stored.is_some() {
                return stored;
            }
        }
    }

    /// At most one partition is dropped; a failed run is logged, and another begins soon.
    async fn step(&mut self, stored: StoredMark) {
        if let Err(error) = self.store.keep_partitions(stored.mark, &self.stopping).await {
            tracing::warn!(error = %chain(&error), "partitions could not be made ahead of time");
        }
        if Instant::now() < self.due || *self.stopping.borrow() {
            return;
        }
        let begun = *self.begun.get_or_insert_with(Instant::now);
        let (store, batch) = (&self.store, &mut self.batch);
        match store.retain(&self.retention, stored, batch, &self.stopping).await {
            Ok(true) => self.ended(begun, true),
            Ok(false) => {}
            Err(StoreError::Superseded) => {
                tracing::debug!("another generation may write: retention is left to it");
            }
            Err(error) => {
                tracing::warn!(error = %chain(&error), "retention failed");
                self.ended(begun, false);
            }
        }
    }

    fn ended(&mut self, begun: Instant, succeeded: bool) {
        self.store.metrics().job_ended("retention", succeeded, begun.elapsed());
        self.begun = None;
        let period = retention_period();
        self.due = Instant::now() + if succeeded { period } else { period.min(RETRY) };
    }
}
