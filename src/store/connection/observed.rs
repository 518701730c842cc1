//! A connection that knows whether it is clean.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Instant,
};

use diesel::{QueryResult, connection::InstrumentationEvent};
use diesel_async::{
    AnsiTransactionManager, AsyncConnection as _, AsyncPgConnection, TransactionManager as _,
    pooled_connection::PoolableConnection as _,
};

use super::{SqlState, dial::Dialled, sqlstate::LastError};
use crate::store::error::{ConnectError, StoreError};

/// SQLSTATE `read_only_sql_transaction`.
const READ_ONLY: &str = "25006";

/// One session with PostgreSQL.
pub struct Connection {
    pg: AsyncPgConnection,
    /// Statements begun and not finished: above 0 at return when a future was dropped.
    in_flight: Arc<AtomicI64>,
    last_error: LastError,
    /// It refused to write: a session keeps to how the server was when it began.
    read_only: bool,
    /// When it is too old to be used again.
    pub expires_at: Instant,
}

/// Why a connection must not be used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dirt {
    /// A statement's future was dropped: its answer is still to come.
    QueryInFlight,
    /// A transaction's future was dropped.
    InTransaction,
    /// The session is gone, or of no use.
    Broken,
    /// It is older than the longest life of a connection.
    Expired,
}

impl Connection {
    /// Prepares a session.
    ///
    /// # Errors
    /// [`ConnectError::Setup`].
    pub async fn new(dialled: Dialled, expires_at: Instant) -> Result<Self, ConnectError> {
        let mut pg =
            AsyncPgConnection::try_from(dialled.client).await.map_err(ConnectError::Setup)?;
        let in_flight = Arc::new(AtomicI64::new(0));
        let count = in_flight.clone();
        pg.set_instrumentation(move |event: InstrumentationEvent<'_>| match event {
            InstrumentationEvent::StartQuery { .. } => {
                count.fetch_add(1, Ordering::SeqCst);
            }
            InstrumentationEvent::FinishQuery { .. } => {
                count.fetch_sub(1, Ordering::SeqCst);
                crate::fault::statement_finished();
            }
            _ => {}
        });
        Ok(Self { pg, in_flight, last_error: dialled.last_error, read_only: false, expires_at })
    }

    /// What makes this connection unfit, if anything does.
    pub fn dirt(&mut self) -> Option<Dirt> {
        if self.in_transaction() {
            Some(Dirt::InTransaction)
        } else if self.in_flight.load(Ordering::SeqCst) != 0 {
            Some(Dirt::QueryInFlight)
        } else if self.read_only || self.pg.is_broken() {
            Some(Dirt::Broken)
        } else if Instant::now() >= self.expires_at {
            Some(Dirt::Expired)
        } else {
            None
        }
    }

    fn in_transaction(&mut self) -> bool {
        use diesel::connection::TransactionManagerStatus as Status;
        match AnsiTransactionManager::transaction_manager_status_mut(&mut self.pg) {
            Status::Valid(status) => status.transaction_depth().is_some(),
            Status::InError => true,
        }
    }

    /// Runs statements, and keeps the SQLSTATE of the one that failed.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn run<T>(
        &mut self,
        work: impl AsyncFnOnce(&mut AsyncPgConnection) -> QueryResult<T>,
    ) -> Result<T, StoreError> {
        // What an earlier failure left must not name this one.
        self.last_error.take();
        work(&mut self.pg).await.map_err(|source| self.failed(source))
    }

    /// Names the failure of the newest statement.
    fn failed(&mut self, source: diesel::result::Error) -> StoreError {
        let sqlstate: Option<SqlState> = self.last_error.take();
        self.read_only |= sqlstate.is_some_and(|state| state.as_str() == READ_ONLY);
        StoreError::Query { sqlstate, source }
    }
}
