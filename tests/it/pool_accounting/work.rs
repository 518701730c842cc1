//! Work with a lease, and the state in which it leaves the session.

use std::{future::pending, pin::pin, time::Duration};

use sectorwatch_store::{
    PgError,
    testing::{Connection, savepoint, transaction},
};
use tokio::{sync::Notify, time::timeout};

use super::{
    model::SessionState,
    operation::SLEEP,
    rig::{World, execute, once, pid},
};

/// Long enough for the server to begin a statement, and too short for a sleeping statement to end.
const BEGUN: Duration = Duration::from_millis(5);
const FAIL: &str = "select 1/0";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    Query,
    SqlError,
    Commit,
    RollBack,
    RollBackToSavepoint,
    /// The future is dropped between two statements.
    DropTransaction,
    DropStatementInTransaction,
    DropBegin,
    /// The future is dropped after the first poll.
    DropStatement,
    /// The future is dropped while the server works on the statement.
    DropLongStatement,
    RawBegin,
    Kill,
    KillInTransaction,
}

pub const WORKS: [Work; 13] = [
    Work::Query,
    Work::SqlError,
    Work::Commit,
    Work::RollBack,
    Work::RollBackToSavepoint,
    Work::DropTransaction,
    Work::DropStatementInTransaction,
    Work::DropBegin,
    Work::DropStatement,
    Work::DropLongStatement,
    Work::RawBegin,
    Work::Kill,
    Work::KillInTransaction,
];

impl Work {
    /// The five kinds of work that leave a session as it was, so that any phase may do them.
    pub const HARMLESS: &[Work] = WORKS.split_at(5).0;

    /// Does this work with a clean session, and returns the state of the session afterwards.
    pub async fn run(self, connection: &mut Connection, world: &World) -> SessionState {
        match self {
            Work::DropTransaction => drop_transaction(connection).await,
            Work::DropStatementInTransaction => {
                let work =
                    transaction(connection, async |connection| execute(connection, SLEEP).await);
                assert!(timeout(BEGUN, work).await.is_err(), "it sleeps");
                SessionState::InTransaction
            }
            Work::DropBegin => {
                let begun =
                    transaction(connection, async |_| pending::<Result<(), PgError>>().await);
                assert!(once(pin!(begun)).await.is_none());
                SessionState::InTransaction
            }
            Work::DropStatement => {
                assert!(once(pin!(execute(connection, SLEEP))).await.is_none());
                SessionState::InFlight
            }
            Work::DropLongStatement => {
                assert!(timeout(BEGUN, execute(connection, SLEEP)).await.is_err(), "it sleeps");
                SessionState::InFlight
            }
            Work::RawBegin => {
                execute(connection, "begin").await.expect("a transaction");
                SessionState::Begun
            }
            Work::Kill => {
                kill(connection, world).await;
                SessionState::Dead
            }
            Work::KillInTransaction => {
                let killed = transaction(connection, async |connection| {
                    kill(connection, world).await;
                    execute(connection, "select 1").await
                });
                assert!(killed.await.is_err(), "a killed session commits nothing");
                SessionState::Dead
            }
            harmless => {
                harmless.leave_no_trace(connection).await;
                SessionState::Clean
            }
        }
    }

    /// The result of the transaction that this work begins, if it ends.
    pub fn transaction(self) -> Option<&'static str> {
        match self {
            Work::Commit | Work::RollBackToSavepoint => Some("commit"),
            Work::RollBack | Work::KillInTransaction => Some("rollback"),
            _ => None,
        }
    }

    /// Does one of [`Work::HARMLESS`].
    pub async fn leave_no_trace(self, connection: &mut Connection) {
        match self {
            Work::SqlError => fail(connection).await,
            Work::Commit => {
                let work =
                    transaction(connection, async |connection| connection.run(pid).await.map(drop));
                work.await.expect("a commit");
            }
            Work::RollBack => {
                let work =
                    transaction(connection, async |connection| execute(connection, FAIL).await);
                assert_eq!(sqlstate(work.await), "22012");
            }
            Work::RollBackToSavepoint => {
                let work = transaction(connection, async |connection| {
                    let inner = savepoint(connection, async |inner| execute(inner, FAIL).await);
                    assert_eq!(sqlstate(inner.await), "22012");
                    execute(connection, "select 1").await
                });
                work.await.expect("a commit");
            }
            _ => drop(connection.run(pid).await.expect("an answer")),
        }
    }
}

async fn drop_transaction(connection: &mut Connection) -> SessionState {
    let inside = Notify::new();
    let work = transaction(connection, async |connection| {
        connection.run(pid).await?;
        inside.notify_one();
        pending::<Result<(), PgError>>().await
    });
    tokio::select! {
        _ = work => panic!("it never ends"),
        () = inside.notified() => SessionState::InTransaction,
    }
}

async fn fail(connection: &mut Connection) {
    assert_eq!(sqlstate(execute(connection, FAIL).await), "22012");
}

/// Lets the server end the session. The second statement fails only after the client has seen that
/// the socket is closed.
async fn kill(connection: &mut Connection, world: &World) {
    let pid = connection.run(pid).await.expect("its process");
    world.database.client().run(&format!("select pg_terminate_backend({pid})"));
    assert!(execute(connection, "select 1").await.is_err(), "it was killed");
    assert!(execute(connection, "select 1").await.is_err(), "it stays dead");
}

/// The SQLSTATE of a failed statement. Panics if it did not fail.
pub fn sqlstate(result: Result<(), PgError>) -> String {
    match result {
        Err(PgError::Query { sqlstate: Some(state), .. }) => state.as_str().to_owned(),
        Err(error) => panic!("{error:?}"),
        Ok(()) => panic!("it did not fail"),
    }
}
