//! Maintains the tables: creates partitions ahead of time, and deletes what is old.

use std::time::{Duration, Instant};

use tokio::{runtime::Handle, sync::watch, task::JoinError};

use sectorwatch_store::{
    BatchRows, Retention, Store, StoreError, StoredMark, chain, operation, retention_period,
};

/// The pause after a failed run. After a successful run, a whole period passes.
const RETRY: Duration = Duration::from_mins(1);

/// One run of the task until it ends. It takes one step after each stored snapshot, and none before the
/// first.
pub struct Housekeeping {
    store: Store,
    retention: Retention,
    /// The newest stored snapshot; `None` before the first.
    stored: watch::Receiver<Option<StoredMark>>,
    /// True once the service stops.
    stopping: watch::Receiver<bool>,
    /// When the next run of retention begins.
    due: Instant,
    /// When the unfinished run of retention began. It continues after each stored snapshot.
    begun: Option<Instant>,
    batch: BatchRows,
}

impl Housekeeping {
    /// Creates the task with a first run of retention due at once.
    pub fn new(
        store: Store,
        retention: Retention,
        mut stored: watch::Receiver<Option<StoredMark>>,
        stopping: watch::Receiver<bool>,
    ) -> Self {
        // A restarted task begins with the snapshot that is already stored.
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

    /// Follows the stored snapshots until the service stops. A running step then ends with its current
    /// statement.
    ///
    /// Runs on its own thread: a transaction's future borrows, and the compiler cannot see that it may move
    /// between the threads of a runtime.
    pub async fn run(self) {
        let runtime = Handle::current();
        let following = tokio::task::spawn_blocking(move || runtime.block_on(self.follow()));
        // Passed on to the supervisor of this task.
        if let Err(Ok(panic)) = following.await.map_err(JoinError::try_into_panic) {
            std::panic::resume_unwind(panic);
        }
    }

    async fn follow(mut self) {
        while let Some(stored) = self.next_stored().await {
            operation(self.step(stored)).await;
        }
    }

    /// Waits for the next stored snapshot. Returns `None` once the service stops.
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

    /// Creates partitions and continues retention, dropping at most one partition. A failed run is logged and
    /// soon retried.
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
