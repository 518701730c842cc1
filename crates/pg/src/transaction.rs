//! Transactions, snapshots and savepoints: the only place that begins, commits or rolls back.

use std::pin::Pin;

use diesel_async::SimpleAsyncConnection as _;

use crate::{connection::Connection, error::PgError};

const ATTEMPTS: usize = 3;

const ONE_SNAPSHOT: &str = "set transaction isolation level repeatable read, read only";

/// An error of work in a transaction: [`PgError`], or an error of the service that is made from one.
pub trait WorkError: From<PgError> {
    /// The PostgreSQL error, if it is one.
    fn pg(&self) -> Option<&PgError>;
}

impl WorkError for PgError {
    fn pg(&self) -> Option<&PgError> {
        Some(self)
    }
}

/// Runs `work` in a transaction. After serialization failures and deadlocks it is repeated, up to three
/// attempts in all. Nothing else is repeated.
///
/// Must not be wrapped in `select!` or `timeout`: a dropped future leaves the connection in its transaction,
/// and the connection is closed.
///
/// # Errors
/// The error of `work` or of the transaction's own statements, after the rollback.
pub async fn transaction<T, E: WorkError>(
    connection: &mut Connection,
    mut work: impl AsyncFnMut(&mut Connection) -> Result<T, E>,
) -> Result<T, E> {
    let mut attempt = 1;
    loop {
        match once(connection, &mut work).await {
            Err(error) if error.pg().is_some_and(PgError::is_transient) && attempt < ATTEMPTS => {
                attempt += 1;
            }
            result => return result,
        }
    }
}

/// The future of work in a snapshot. It is boxed, so that a task can run it whatever the work is.
pub type SnapshotWork<'c, T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'c>>;

/// Runs `work` in a transaction that only reads, and in which all statements see the same snapshot. A standby may
/// end it with a serialization failure; it is then repeated as by [`transaction`].
///
/// # Errors
/// The errors of [`transaction`].
pub async fn snapshot<T, E: WorkError>(
    connection: &mut Connection,
    work: impl for<'c> Fn(&'c mut Connection) -> SnapshotWork<'c, T, E>,
) -> Result<T, E> {
    let mut attempt = 1;
    loop {
        connection.begin().await?;
        let done = match connection.run(async |pg| pg.batch_execute(ONE_SNAPSHOT).await).await {
            Ok(()) => work(connection).await,
            Err(error) => Err(error.into()),
        };
        match ended(connection, done).await {
            Err(error) if error.pg().is_some_and(PgError::is_transient) && attempt < ATTEMPTS => {
                attempt += 1;
            }
            result => return result,
        }
    }
}

/// Runs `work` under a savepoint of the open transaction. A failure does not affect the rest.
///
/// # Errors
/// The errors of [`transaction`].
pub async fn savepoint<T, E: WorkError>(
    connection: &mut Connection,
    mut work: impl AsyncFnMut(&mut Connection) -> Result<T, E>,
) -> Result<T, E> {
    once(connection, &mut work).await
}

async fn once<T, E: WorkError>(
    connection: &mut Connection,
    work: &mut impl AsyncFnMut(&mut Connection) -> Result<T, E>,
) -> Result<T, E> {
    connection.begin().await?;
    let done = work(connection).await;
    ended(connection, done).await
}

/// Ends the innermost transaction or savepoint as its work ended.
async fn ended<T, E: WorkError>(connection: &mut Connection, done: Result<T, E>) -> Result<T, E> {
    match done {
        Ok(value) => {
            connection.end(true).await?;
            Ok(value)
        }
        Err(error) => {
            // The original error is returned, and not that of a rollback on a dead server.
            if let Err(rollback) = connection.end(false).await {
                tracing::debug!(error = %rollback, "the rollback failed, too");
            }
            Err(error)
        }
    }
}
