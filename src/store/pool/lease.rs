//! Taking a connection and giving it back.

use std::{
    future::Future,
    ops::{Deref, DerefMut},
    panic::Location,
    time::Instant,
};

use tokio_util::context::TokioContext;

use super::{
    Pool,
    manager::{Manager, Pooled},
    registry::{Counted, LeaseRecord},
};
use crate::store::{
    connection::Connection,
    error::{ConnectError, StoreError},
    owner::Owner,
};

/// One operation: a phase, a request, a job. No lease may outlive it.
pub struct Scope<'p> {
    pool: &'p Pool,
    owner: Owner,
}

/// A connection, held. It comes back when this is dropped.
#[must_use = "a lease that is not used only keeps others waiting"]
pub struct Lease<'s> {
    scope: &'s Scope<'s>,
    id: u64,
    pooled: Option<bb8::PooledConnection<'static, Manager>>,
}

impl<'p> Scope<'p> {
    pub(super) fn new(pool: &'p Pool, owner: Owner) -> Self {
        Self { pool, owner }
    }

    /// Takes a connection, and notes the line that asked. A plain `fn`, because `#[track_caller]`
    /// does nothing on an `async fn`.
    ///
    /// # Errors
    /// [`StoreError::AcquireTimeout`] when none came free in time, [`StoreError::Connect`] when none
    /// could be opened.
    #[track_caller]
    pub fn acquire(&self) -> impl Future<Output = Result<Lease<'_>, StoreError>> {
        self.acquire_from(Location::caller())
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that takes a connection")]
    async fn acquire_from(
        &self,
        place: &'static Location<'static>,
    ) -> Result<Lease<'_>, StoreError> {
        let shared = &self.pool.shared;
        let mut asking = Asking { scope: self, begun: Instant::now(), outcome: "cancelled" };
        let waiting = Counted::new(&shared.registry, |state| &mut state.pending);
        // In the context of the `db` runtime, because a session's driver runs where the pool was
        // asked for it, and dies with that runtime.
        let got = TokioContext::new(shared.bb8.get_owned(), shared.runtime.clone()).await;
        drop(waiting);
        match got {
            Ok(pooled) => {
                asking.outcome = "ok";
                let record = LeaseRecord { owner: self.owner, since: Instant::now(), place };
                let id = shared.registry.open(record);
                tracing::debug!(
                    pool = shared.name.as_str(),
                    owner = self.owner.as_str(),
                    place = %place,
                    waited_ms = asking.begun.elapsed().as_millis() as u64,
                    "session acquired"
                );
                Ok(Lease { scope: self, id, pooled: Some(pooled) })
            }
            Err(error) => {
                let error = self.failure(error);
                asking.outcome = match error {
                    StoreError::AcquireTimeout { .. } => "timeout",
                    _ => "error",
                };
                Err(error)
            }
        }
    }

    /// bb8 says "timed out" for a pool that is busy and for a server that is gone alike.
    fn failure(&self, error: bb8::RunError<ConnectError>) -> StoreError {
        match error {
            bb8::RunError::User(error) => StoreError::Connect(error),
            bb8::RunError::TimedOut => match self.pool.connect_failure() {
                Some(failure) if self.pool.shared.registry.state().leases.is_empty() => {
                    let (class, said) = (failure.class, failure.said);
                    StoreError::Connect(ConnectError::Retried { class, said })
                }
                _ => self.pool.timed_out(self.owner),
            },
        }
    }
}

/// Counts how an acquire ended, also when its future was dropped.
struct Asking<'s> {
    scope: &'s Scope<'s>,
    begun: Instant,
    outcome: &'static str,
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        let shared = &self.scope.pool.shared;
        let waited = self.begun.elapsed();
        shared.metrics.acquired(shared.name, self.scope.owner, self.outcome, waited);
    }
}

impl Deref for Lease<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.pooled()
    }
}

impl DerefMut for Lease<'_> {
    fn deref_mut(&mut self) -> &mut Connection {
        match &mut self.pooled {
            Some(pooled) => pooled,
            None => unreachable!("only dropping a lease takes its connection"),
        }
    }
}

impl Lease<'_> {
    fn pooled(&self) -> &Pooled {
        match &self.pooled {
            Some(pooled) => pooled,
            None => unreachable!("only dropping a lease takes its connection"),
        }
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        let shared = &self.scope.pool.shared;
        // bb8 replaces a closed connection in the runtime that returns it.
        let context = shared.runtime.enter();
        drop(self.pooled.take());
        drop(context);
        let Some(record) = shared.registry.release(self.id) else {
            return;
        };
        let held = record.since.elapsed();
        shared.metrics.used(shared.name, record.owner, held);
        tracing::debug!(
            pool = shared.name.as_str(),
            owner = record.owner.as_str(),
            place = %record.place,
            held_ms = held.as_millis() as u64,
            "session released"
        );
    }
}
