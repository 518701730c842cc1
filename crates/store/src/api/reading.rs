//! One read: a connection, a snapshot, and the facts that go with what is read.

use std::{pin::Pin, sync::Arc};

use sectorwatch_core::Time;
use sectorwatch_pg::{Connection, PgError, SnapshotWork, WorkError, operation, snapshot};
use tokio::sync::oneshot;
use tracing::{Instrument as _, Span as LogSpan};

use super::{Span, SpanError, coverage::Days};
use crate::{Owner, Store, StoreError};

/// Who reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// The API.
    Api,
    /// The exports.
    Export,
    /// The live stream.
    Live,
}

/// What the API and the exports may read. Clones share the store, and the days that are kept.
#[derive(Clone)]
pub struct Reads {
    store: Store,
    owner: Owner,
    days: Arc<Days>,
}

impl Store {
    /// What may be read for the API or for exports.
    pub fn reads(&self, reader: Reader) -> Reads {
        let owner = match reader {
            Reader::Api => Owner::Api,
            Reader::Export => Owner::Export,
            Reader::Live => Owner::Live,
        };
        Reads { store: self.clone(), owner, days: Arc::default() }
    }
}

/// What was read, with what it was read at.
#[derive(Debug, Clone, PartialEq)]
pub struct Read<T> {
    /// What was read.
    pub data: T,
    /// What it was read at.
    pub facts: Facts,
}

/// What a read was made at: all of one snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// The mark; `None` before the first snapshot was stored.
    pub mark: Option<Time>,
    /// The bound of the walk: the mark at its first page.
    pub bound: Option<Time>,
    /// The span that was read, with the bounds that were filled in.
    pub span: Span,
    /// Whether the end of the span is closed: what is before it does not change any more but with
    /// [`Facts::data_version`].
    pub is_closed: bool,
    /// `collector_state.data_version`.
    pub data_version: i64,
}

/// Why nothing was read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The database.
    #[error(transparent)]
    Store(StoreError),
    /// The span, after absent bounds were filled in.
    #[error(transparent)]
    Span(#[from] SpanError),
    /// The span has more steps than allowed.
    #[error("the span has too many steps")]
    TooManySteps,
    /// The time zone is not known.
    #[error("the time zone is not known")]
    UnknownZone,
    /// There is no such flight, sector, airport or position.
    #[error("there is no such thing")]
    Unknown,
    /// The bound of the walk is newer than what this server has stored.
    #[error("this server has not stored yet what the walk began with")]
    Behind,
    /// The server ended a statement at its time limit, or nothing was answered in time.
    #[error("the database took too long")]
    Timeout(#[source] StoreError),
}

impl From<StoreError> for ReadError {
    fn from(error: StoreError) -> Self {
        let is_late = matches!(error, StoreError::Overdue | StoreError::Pg(PgError::Deadline(_)));
        if is_late || error.is_too_slow() { Self::Timeout(error) } else { Self::Store(error) }
    }
}

impl From<PgError> for ReadError {
    fn from(error: PgError) -> Self {
        StoreError::from(error).into()
    }
}

impl WorkError for ReadError {
    fn pg(&self) -> Option<&PgError> {
        match self {
            Self::Store(error) | Self::Timeout(error) => error.pg(),
            _ => None,
        }
    }
}

impl ReadError {
    fn is_connection_lost(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_connection_lost())
    }
}

/// What sees one state of the tables.
#[derive(Debug, Clone, Copy)]
enum Snapshot {
    OfStatement,
    OfTransaction,
}

/// What is read with a connection.
pub(super) type Work<'c, T> = Pin<Box<dyn Future<Output = Result<T, ReadError>> + Send + 'c>>;

impl Reads {
    /// The closed days that were read before.
    pub(super) fn days(&self) -> &Days {
        &self.days
    }

    /// Reads in one snapshot, in a task of its own on the runtime of the sessions.
    ///
    /// The future may be dropped at any time. That ends the wait for a connection, but does not interrupt a
    /// statement. There are never more such tasks than callers and connections, however many callers have gone.
    /// A dead connection is replaced once.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        work: impl for<'c> Fn(&'c mut Connection) -> Work<'c, T> + Send + Sync + 'static,
    ) -> Result<T, ReadError> {
        self.read_in(Snapshot::OfTransaction, work).await
    }

    /// The same for work of one statement, which needs no transaction to see one snapshot.
    pub(super) async fn read_at_once<T: Send + 'static>(
        &self,
        work: impl for<'c> Fn(&'c mut Connection) -> Work<'c, T> + Send + Sync + 'static,
    ) -> Result<T, ReadError> {
        self.read_in(Snapshot::OfStatement, work).await
    }

    async fn read_in<T: Send + 'static>(
        &self,
        seen: Snapshot,
        work: impl for<'c> Fn(&'c mut Connection) -> Work<'c, T> + Send + Sync + 'static,
    ) -> Result<T, ReadError> {
        let (mut caller, answered) = oneshot::channel();
        let reads = self.clone();
        let reading = async move {
            let mut read = reads.read_once(seen, &work, &mut caller).await;
            if read.as_ref().is_err_and(ReadError::is_connection_lost) {
                read = reads.read_once(seen, &work, &mut caller).await;
            }
            // The caller may have gone.
            let _ = caller.send(read);
        };
        self.store.runtime().spawn(operation(reading).instrument(LogSpan::current()));
        match tokio::time::timeout(self.store.0.longest_read, answered).await {
            Ok(answer) => answer.unwrap_or(Err(ReadError::Store(StoreError::Panicked))),
            Err(_) => Err(StoreError::Overdue.into()),
        }
    }

    async fn read_once<T: Send + 'static>(
        &self,
        seen: Snapshot,
        work: &(impl for<'c> Fn(&'c mut Connection) -> Work<'c, T> + Sync),
        caller: &mut oneshot::Sender<Result<T, ReadError>>,
    ) -> Result<T, ReadError> {
        let scope = self.store.read_pool().scope(self.owner);
        let mut lease = tokio::select! {
            lease = scope.acquire() => lease?,
            () = caller.closed() => return Err(StoreError::Abandoned.into()),
        };
        match seen {
            Snapshot::OfStatement => work(&mut lease).await,
            Snapshot::OfTransaction => {
                snapshot(&mut lease, |it| -> SnapshotWork<'_, T, ReadError> { work(it) }).await
            }
        }
    }
}
