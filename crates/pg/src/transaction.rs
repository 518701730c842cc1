//! Transactions and savepoints: the only place that begins, commits or rolls back.

use crate::{connection::Connection, error::PgError};

const ATTEMPTS: usize = 3;

/// An error of work in a transaction: [`PgError`] itself, or the error of a service that one can become.
pub trait WorkError: From<PgError> {
    /// The failure of PostgreSQL that this is, if it is one.
    fn pg(&self) -> Option<&PgError>;
}

impl WorkError for PgError {
    fn pg(&self) -> Option<&PgError> {
        Some(self)
    }
}

/// Runs `work` in a transaction. Serialization failures and deadlocks are tried again, three times in all; nothing
/// else is.
///
/// Must not be wrapped in `select!` or `timeout`: a dropped future leaves the connection in its
/// transaction, and it is closed.
///
/// # Errors
/// What `work` or the statements of the transaction itself failed with, after the rollback.
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

/// Runs `work` under a savepoint of the transaction that is open: what fails leaves the rest.
///
/// # Errors
/// As in [`transaction`].
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
            // What went wrong is told, not that the rollback could not be said to a dead server.
            if let Err(rollback) = connection.end(false).await {
                tracing::debug!(error = %rollback, "the rollback failed, too");
            }
            Err(error)
        }
    }
}
