//! Transactions and savepoints: the only place that begins, commits or rolls back.

use crate::{connection::Connection, error::PgError};

const ATTEMPTS: usize = 3;

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
    match work(connection).await {
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
