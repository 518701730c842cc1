//! Acquires and releases connections.

use std::{
    future::Future,
    marker::PhantomData,
    ops::{Deref, DerefMut},
    panic::Location,
    sync::Arc,
    time::Instant,
};

use tokio_util::context::TokioContext;

use super::{
    LeakKind, Shared,
    generation::Generation,
    manager::{Manager, Pooled},
    registry::{LeakStatus, LeaseRecord, Waiting},
};
use crate::{
    connection::Connection,
    error::{ConnectError, PgError},
    hooks::Returning,
    operation,
};

/// The use of a pool by one operation, such as a request or a job. A lease that is open when its scope ends
/// is a leak by definition.
pub struct Scope<'p> {
    pool: &'p Arc<Shared>,
    owner: &'static str,
    id: u64,
}

/// A held connection. Dropping this returns it.
#[must_use = "a lease that is not used only keeps others waiting"]
pub struct Lease<'s> {
    /// Not the scope itself, because a lease that outlived its scope must still be returned.
    shared: Arc<Shared>,
    id: u64,
    pooled: Option<bb8::PooledConnection<'static, Manager>>,
    scope: PhantomData<&'s Scope<'s>>,
}

impl<'p> Scope<'p> {
    pub(super) fn new(pool: &'p Arc<Shared>, owner: &'static str) -> Self {
        Self { pool, owner, id: pool.settings.registry.next_id() }
    }

    /// Acquires a connection, and notes the caller's line. A plain `fn`, because `#[track_caller]` has no
    /// effect on an `async fn`.
    ///
    /// # Errors
    /// [`PgError::AcquireTimeout`] when none came free in time, [`PgError::Connect`] when none could be
    /// opened, [`PgError::Closing`] when the pool is closed.
    #[track_caller]
    pub fn acquire(&self) -> impl Future<Output = Result<Lease<'_>, PgError>> {
        self.acquire_from(Location::caller())
    }

    async fn acquire_from(&self, place: &'static Location<'static>) -> Result<Lease<'_>, PgError> {
        let shared = self.pool;
        let mut asking = Asking { scope: self, begun: Instant::now(), outcome: "cancelled" };
        if shared.settings.registry.is_closing() {
            asking.outcome = "shutdown";
            return Err(PgError::Closing);
        }
        let waiting = Waiting::new(&shared.settings.registry);
        let got = self.check_out(asking.begun).await;
        match got {
            Ok((generation, pooled)) => {
                asking.outcome = "ok";
                let lease = self.lease(generation, pooled, place);
                drop(waiting);
                tracing::debug!(
                    pool = shared.settings.labels.name,
                    owner = self.owner,
                    place = %place,
                    waited_ms = asking.begun.elapsed().as_millis() as u64,
                    "session acquired"
                );
                Ok(lease)
            }
            Err(error) => {
                let error = self.failure(error);
                asking.outcome = match error {
                    PgError::AcquireTimeout { .. } => "timeout",
                    _ => "error",
                };
                Err(error)
            }
        }
    }

    /// Waits for a connection of the current pool, even if that is replaced meanwhile.
    #[expect(clippy::disallowed_methods, reason = "the one place that takes a connection")]
    async fn check_out(&self, begun: Instant) -> Result<(u64, Taken), bb8::RunError<ConnectError>> {
        let shared = self.pool;
        let mut deadline = None;
        loop {
            let generation = shared.generation.load_full();
            let Generation { number, bb8, replaced } = &*generation;
            // In the context of the sessions' runtime, because a session's driver runs where the pool was
            // asked for it, and ends with that runtime.
            let getting = TokioContext::new(bb8.get_owned(), shared.settings.runtime.clone());
            tokio::select! {
                biased;
                got = getting => return got.map(|pooled| (*number, pooled)),
                () = replaced.cancelled() => deadline = Some(begun + shared.settings.acquire_timeout),
                () = passed(deadline) => return Err(bb8::RunError::TimedOut),
            }
        }
    }

    fn lease(
        &self,
        generation: u64,
        mut pooled: Taken,
        place: &'static Location<'static>,
    ) -> Lease<'_> {
        let shared = self.pool;
        let id = shared.settings.registry.open(LeaseRecord {
            owner: self.owner,
            since: Instant::now(),
            place,
            pid: pooled.pid(),
            scope: self.id,
            operation: operation::running(),
            span: tracing::Span::current(),
            generation,
            leak_status: LeakStatus::Open,
        });
        pooled.lend(id, self.owner);
        Lease { shared: shared.clone(), id, pooled: Some(pooled), scope: PhantomData }
    }

    /// bb8 reports "timed out" for a busy pool and for an unreachable server alike.
    fn failure(&self, error: bb8::RunError<ConnectError>) -> PgError {
        let settings = &self.pool.settings;
        match error {
            bb8::RunError::User(error) => PgError::Connect(error),
            bb8::RunError::TimedOut => match self.pool.failing() {
                Some(failure) if settings.registry.state().leases.is_empty() => {
                    let (class, message) = (failure.class, failure.message);
                    PgError::Connect(ConnectError::Retried { class, message })
                }
                _ => PgError::AcquireTimeout { pool: settings.labels.name, owner: self.owner },
            },
        }
    }
}

type Taken = bb8::PooledConnection<'static, Manager>;

/// Never ready without a deadline, because bb8 has its own.
async fn passed(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline.into()).await,
        None => std::future::pending().await,
    }
}

impl Drop for Scope<'_> {
    fn drop(&mut self) {
        let shared = self.pool;
        for lease in shared.settings.registry.scope_ended(self.id) {
            shared.settings.leaks.leaked(LeakKind::OutlivedScope, &lease);
        }
    }
}

/// Counts the outcome of an acquire, even if its future is dropped.
struct Asking<'s> {
    scope: &'s Scope<'s>,
    begun: Instant,
    outcome: &'static str,
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        let shared = self.scope.pool;
        let waited = self.begun.elapsed();
        shared.settings.traffic.acquired(self.scope.owner, self.outcome, waited);
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
        let shared = &self.shared;
        let returning = (shared.settings.dialler.hooks.returning)(self.pooled().owner());
        if returning != Returning::ToPool {
            std::mem::forget(self.pooled.take());
            if returning == Returning::Unexplained {
                shared.settings.registry.release(self.id);
            }
            return;
        }
        self.pooled().returned();
        // bb8 replaces a closed connection on the runtime that returns it.
        let context = shared.settings.runtime.enter();
        drop(self.pooled.take());
        drop(context);
        let Some(record) = shared.settings.registry.release(self.id) else {
            tracing::info!(
                pool = shared.settings.labels.name,
                "a session came back that was written off"
            );
            return;
        };
        let held = record.since.elapsed();
        shared.settings.traffic.used(record.owner, held);
        if record.leak_status == LeakStatus::Suspect {
            shared.settings.leaks.suspect_returned(&record);
        }
        tracing::debug!(
            pool = shared.settings.labels.name,
            owner = record.owner,
            place = %record.place,
            held_ms = held.as_millis() as u64,
            "session released"
        );
    }
}
