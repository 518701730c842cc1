//! A read and a write that record their current place, so that tests can drop them there.

use std::cell::Cell;

use sectorwatch_store::{
    PgError,
    testing::{Scope, savepoint, transaction},
};

use super::{
    rig::{execute, pid},
    work::sqlstate,
};

/// Longer than any test waits until the statement is cancelled.
pub const SLEEP: &str = "select pg_sleep(20)";

/// The place at which an operation is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// The operation has no lease yet.
    Acquire,
    /// Between two statements, or after the last one.
    Pause,
    /// In a statement outside of a transaction.
    Statement,
    /// Between BEGIN and the end of COMMIT.
    Transaction,
}

impl At {
    /// The events that must be counted, in alphabetical order.
    pub fn counts(self) -> &'static [&'static str] {
        match self {
            At::Acquire | At::Pause => &[],
            At::Statement => &[
                "cancelled_queries_total flights",
                "connections_closed_total ingest query_in_flight",
                "leaks_total query_in_flight flights ingest",
            ],
            At::Transaction => &[
                "cancelled_transactions_total flights",
                "connections_closed_total ingest in_transaction",
            ],
        }
    }
}

/// An operation that records its place.
pub struct Operation<'o> {
    pub scope: &'o Scope<'o>,
    pub at: Cell<At>,
    /// Whether its third statement is [`SLEEP`].
    pub sleeps: bool,
}

impl Operation<'_> {
    fn third(&self) -> &'static str {
        if self.sleeps { SLEEP } else { "select 3" }
    }

    async fn pause(&self) {
        self.at.set(At::Pause);
        tokio::task::yield_now().await;
    }

    /// Reads, and pauses between all statements.
    pub async fn read(&self) -> Result<(), PgError> {
        let mut lease = self.scope.acquire().await?;
        self.pause().await;
        for statement in ["select 1", "select generate_series(1, 20000)", self.third()] {
            self.at.set(At::Statement);
            execute(&mut lease, statement).await?;
            self.pause().await;
        }
        self.at.set(At::Statement);
        lease.run(pid).await?;
        self.pause().await;
        Ok(())
    }

    /// Writes two rows or none. A savepoint that is rolled back writes nothing.
    pub async fn write(&self) -> Result<(), PgError> {
        let mut lease = self.scope.acquire().await?;
        self.pause().await;
        self.at.set(At::Transaction);
        let written = transaction(&mut lease, async |connection| {
            execute(connection, "insert into written values ('outside')").await?;
            tokio::task::yield_now().await;
            let refused = savepoint(connection, async |connection| {
                execute(connection, "insert into written values ('never')").await?;
                execute(connection, "select 1/0").await
            });
            assert_eq!(sqlstate(refused.await), "22012");
            savepoint(connection, async |connection| {
                execute(connection, "insert into written values ('inside')").await
            })
            .await?;
            execute(connection, self.third()).await
        });
        written.await?;
        self.pause().await;
        Ok(())
    }
}
