//! Transactions and savepoints: the only place that begins, commits or rolls back.

use super::{connection::Connection, error::StoreError};

const ATTEMPTS: usize = 3;

/// Runs `work` in a transaction. Serialization failures and deadlocks are tried again; nothing
/// else is: the next cycle is the retry.
///
/// Must not be wrapped in `select!` or `timeout`: a dropped future leaves the connection in its
/// transaction, and it is closed.
///
/// # Errors
/// What `work` or the statements of the transaction itself failed with, after the rollback.
pub async fn transaction<T>(
    connection: &mut Connection,
    mut work: impl AsyncFnMut(&mut Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let mut attempt = 1;
    loop {
        match once(connection, &mut work).await {
            Err(error) if error.is_transient() && attempt < ATTEMPTS => attempt += 1,
            result => return result,
        }
    }
}

/// Runs `work` under a savepoint of the transaction that is open: what fails leaves the rest.
///
/// # Errors
/// As in [`transaction`].
pub async fn savepoint<T>(
    connection: &mut Connection,
    mut work: impl AsyncFnMut(&mut Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    once(connection, &mut work).await
}

async fn once<T>(
    connection: &mut Connection,
    work: &mut impl AsyncFnMut(&mut Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
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
