//! A read and a write that tell where they are, to be dropped there.

use std::cell::Cell;

use sectorwatch_store::{
    StoreError,
    testing::{Scope, savepoint, transaction},
};

use super::{
    rig::{execute, pid},
    work::sqlstate,
};

/// Longer than anybody waits here for it to be cancelled.
pub const SLEEP: &str = "select pg_sleep(20)";

/// Where an operation is when it is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// It has no lease.
    Acquire,
    /// Between two statements, or after the last.
    Pause,
    /// A statement outside of a transaction.
    Statement,
    /// From BEGIN to the end of COMMIT.
    Transaction,
}

impl At {
    /// What has to be counted, in alphabetical order.
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

/// An operation that notes where it is.
pub struct Operation<'o> {
    pub scope: &'o Scope<'o>,
    pub at: Cell<At>,
    /// Its third statement takes so long that nobody can wait for it.
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

    /// Reads, and stops between all statements.
    pub async fn read(&self) -> Result<(), StoreError> {
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

    /// Writes both rows, or none; a savepoint that is rolled back writes nothing.
    pub async fn write(&self) -> Result<(), StoreError> {
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
