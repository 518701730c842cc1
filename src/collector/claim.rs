//! The right to write, shared by a poller and its successors.

use std::sync::{
    Arc, Weak,
    atomic::{AtomicU64, Ordering},
};

use tokio::sync::Mutex;

use super::airspaces::Airspaces;
use sectorwatch_store::{Patience, Store, StoreError, WriterIdentity, WriterLock};

/// What the pollers of this process use to claim the right to write. Clones share it.
#[derive(Clone)]
pub struct Claims {
    store: Store,
    identity: WriterIdentity,
    airspaces: Airspaces,
    lock: Arc<Mutex<Option<Arc<WriterLock>>>>,
    /// The poller that may claim. A superseded poller must not take the right back when it wakes up.
    epoch: Arc<AtomicU64>,
}

/// A generation under the writer's lock. Only [`Claims`] holds the lock itself, so that a blocked poller does
/// not keep its successor from taking it again.
#[derive(Clone)]
pub struct Claim {
    /// `collector_state.generation`.
    pub generation: i64,
    lock: Weak<WriterLock>,
}

impl Claim {
    /// Whether the lock's connection is alive.
    pub fn is_held(&self) -> bool {
        self.lock.upgrade().is_some_and(|lock| lock.is_held())
    }
}

impl Claims {
    /// Creates the claims of a process that has not claimed anything yet.
    /// Each claim names the airspace that is in force then.
    pub fn new(store: Store, identity: WriterIdentity, airspaces: Airspaces) -> Self {
        Self { store, identity, airspaces, lock: Arc::default(), epoch: Arc::default() }
    }

    /// Begins the next epoch. Pollers of older epochs may neither claim nor publish.
    pub fn next_epoch(&self) -> u64 {
        self.epoch.fetch_add(1, Ordering::SeqCst) + 1
    }

    /// Whether this is the newest epoch.
    pub fn is_current(&self, epoch: u64) -> bool {
        self.epoch.load(Ordering::SeqCst) == epoch
    }

    /// Takes the writer's lock unless it is held, migrates the schema or refuses one that is newer than the
    /// program, and takes the next generation. In this order, the schema does not change under another
    /// writer.
    ///
    /// # Errors
    /// [`StoreError::Superseded`] for an older epoch, and all of [`Store::lock_writer`],
    /// [`Store::migrate`] and [`Store::next_generation`].
    pub async fn take(
        &self,
        epoch: u64,
        patience: impl Into<Patience>,
    ) -> Result<Claim, StoreError> {
        let patience = patience.into();
        let mut held = self.lock.lock().await;
        if !self.is_current(epoch) {
            return Err(StoreError::Superseded);
        }
        let lock = match held.take().filter(|lock| lock.is_held()) {
            Some(lock) => lock,
            None => {
                let lock = self.store.lock_writer(patience).await?;
                let schema = self.store.migrate(&lock, patience).await?;
                tracing::debug!(schema, "migrated");
                Arc::new(lock)
            }
        };
        // Drops a session that cannot write, such as one that began while the database was read-only.
        let airspace = self.airspaces.in_force();
        let claimed = self.store.next_generation(&lock, &self.identity, airspace.revision()).await;
        let generation = claimed?;
        tracing::info!(generation, "may write");
        let watched = Arc::downgrade(&lock);
        *held = Some(lock);
        Ok(Claim { generation, lock: watched })
    }

    /// Releases the lock.
    pub async fn release(&self) {
        self.lock.lock().await.take();
    }
}
