//! A connection that tracks whether it is clean.

use std::{sync::Arc, time::Duration};

use diesel::{QueryResult, connection::InstrumentationEvent};
use diesel_async::{
    AnsiTransactionManager as Manager, AsyncConnection as _, AsyncMigrationHarness,
    AsyncPgConnection, SimpleAsyncConnection as _, TransactionManager as _,
    pooled_connection::PoolableConnection as _,
};

use super::{
    cancel::Canceller,
    dial::{Dialled, Dialler},
    open_sessions::{Enlisted, Role},
    statements::{StatementMetrics, Statements},
    wire::Wire,
};
use crate::{
    error::{ConnectError, PgError},
    metrics::Metrics,
    owner::Owner,
};

/// SQLSTATE `read_only_sql_transaction`.
const READ_ONLY: &str = "25006";

/// The connection for migrations.
pub type Harness = AsyncMigrationHarness<AsyncPgConnection>;

/// A session with PostgreSQL.
pub struct Connection {
    pg: AsyncPgConnection,
    statements: Arc<Statements>,
    wire: Wire,
    canceller: Canceller,
    enlisted: Enlisted,
    /// The number of open transactions and savepoints.
    depth: u32,
    /// The server's statement timeout, unless a transaction allows another.
    statement_timeout: Duration,
    /// Whether it refused to write. A session keeps the mode that the server had when the session began.
    read_only: bool,
}

/// Whether a session is alive, as far as the client knows.
pub struct Life {
    canceller: Canceller,
    wire: Wire,
}

impl Life {
    /// Whether the socket is open and the session was not given up.
    pub fn goes_on(&self) -> bool {
        !self.canceller.is_over() && !self.wire.is_late()
    }
}

/// Why a connection must not be reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dirt {
    /// The server's answer was late, and the session was given up.
    Late,
    /// A statement's future was dropped, so that its answer is still to come.
    QueryInFlight,
    /// A transaction's future was dropped.
    InTransaction,
    /// The server is in a transaction that [`transaction`] did not begin, such as a raw `BEGIN`.
    ///
    /// [`transaction`]: crate::transaction::transaction
    OpenTransaction,
    /// The session has ended or is unusable.
    Broken,
}

impl Connection {
    /// Opens a session outside of any pool, for one task that closes it by dropping this. It is driven on the
    /// current runtime.
    ///
    /// # Errors
    /// [`PgError::Connect`].
    pub async fn open<O: Owner>(
        dialler: &Dialler,
        metrics: &Metrics<O>,
        owner: O,
    ) -> Result<Self, PgError> {
        let dialled = dialler.dial(Role::System).await.map_err(PgError::Connect)?;
        let opened = Self::new(dialled, metrics.statements.clone(), owner.as_str()).await;
        opened.map_err(PgError::Connect)
    }

    /// Prepares a session.
    ///
    /// # Errors
    /// [`ConnectError::Setup`].
    pub(crate) async fn new(
        dialled: Dialled,
        metrics: StatementMetrics,
        owner: &'static str,
    ) -> Result<Self, ConnectError> {
        let Dialled { client, wire, canceller, enlisted, statement_timeout, hooks, .. } = dialled;
        let mut pg = AsyncPgConnection::try_from(client).await.map_err(ConnectError::Setup)?;
        let statements = Arc::new(Statements::new(metrics, wire.clone(), owner));
        let watching = statements.clone();
        pg.set_instrumentation(move |event: InstrumentationEvent<'_>| match event {
            InstrumentationEvent::StartQuery { .. } => watching.started(),
            InstrumentationEvent::FinishQuery { error, .. } => {
                watching.finished(error.is_some());
                (hooks.statement_finished)();
            }
            _ => {}
        });
        let (depth, read_only) = (0, false);
        Ok(Self { pg, statements, wire, canceller, enlisted, depth, statement_timeout, read_only })
    }

    /// The process id of the backend.
    pub fn pid(&self) -> Option<i32> {
        self.enlisted.pid()
    }

    /// The owner that has the session, or had it last.
    pub(crate) fn owner(&self) -> &'static str {
        self.statements.owner()
    }

    /// Lends the session to this owner.
    pub(crate) fn lent_to(&self, owner: &'static str) {
        self.statements.count_for(owner);
        self.enlisted.lent_to(owner);
    }

    /// Records that the session was returned.
    pub(crate) fn returned(&self) {
        self.enlisted.returned();
    }

    /// Why this connection must not be reused, if so.
    pub(crate) fn dirt(&mut self) -> Option<Dirt> {
        use diesel::connection::TransactionManagerStatus as Status;
        let status = Manager::transaction_manager_status_mut(&mut self.pg);
        let (is_open, is_lost) = match status {
            Status::Valid(status) => (status.transaction_depth().is_some(), false),
            Status::InError => (false, true),
        };
        if self.wire.is_late() {
            Some(Dirt::Late)
        } else if self.depth > 0 {
            Some(Dirt::InTransaction)
        } else if self.statements.in_flight() != 0 {
            Some(Dirt::QueryInFlight)
        } else if self.read_only || is_lost || self.pg.is_broken() {
            Some(Dirt::Broken)
        } else if is_open || self.wire.is_in_transaction() {
            Some(Dirt::OpenTransaction)
        } else {
            None
        }
    }

    /// Counts the work of a dropped future. Returns the canceller if a statement may still run on the server.
    pub(crate) fn abandoned(&mut self) -> Option<Canceller> {
        let runs = self.statements.in_flight() > 0;
        self.statements.abandoned();
        runs.then(|| self.canceller.clone())
    }

    /// Begins a transaction, or a savepoint inside one. Only `transaction.rs` calls this.
    #[expect(clippy::disallowed_methods, reason = "the one place that begins")]
    pub(crate) async fn begin(&mut self) -> Result<(), PgError> {
        if self.depth == 0 {
            self.statements.transaction_begins();
        }
        self.depth += 1;
        let begun = self.run(Manager::begin_transaction).await;
        if begun.is_err() {
            self.ended("rollback");
        }
        begun
    }

    /// Ends the innermost transaction or savepoint. Only `transaction.rs` calls this.
    #[expect(clippy::disallowed_methods, reason = "the one place that commits and rolls back")]
    pub(crate) async fn end(&mut self, commit: bool) -> Result<(), PgError> {
        let ended = match commit {
            true => self.run(Manager::commit_transaction).await,
            false => self.run(Manager::rollback_transaction).await,
        };
        self.ended(if commit && ended.is_ok() { "commit" } else { "rollback" });
        ended
    }

    /// Allows statements of the open transaction this time. It is a separate statement, because a setting
    /// does not change the limit of the statement that sets it.
    ///
    /// # Errors
    /// [`PgError::Query`].
    pub async fn allow(&mut self, longest: Duration) -> Result<(), PgError> {
        let set = format!("set local statement_timeout = {}", longest.as_millis());
        self.run(async |pg| pg.batch_execute(&set).await).await?;
        self.wire.limit(Some(longest));
        Ok(())
    }

    /// Runs `work` on this session without a statement timeout. The runtime must allow blocking.
    /// # Errors
    /// [`PgError::Query`] when the limit cannot be removed or restored.
    pub async fn migrate<T>(
        mut self,
        work: impl FnOnce(&mut Harness) -> T,
    ) -> Result<(Self, T), PgError> {
        self.run(async |pg| pg.batch_execute("set statement_timeout = 0").await).await?;
        self.wire.limit(None);
        let mut harness = AsyncMigrationHarness::new(self.pg);
        let done = work(&mut harness);
        let mut this = Self { pg: harness.into_inner(), ..self };
        this.wire.limit(Some(this.statement_timeout));
        let set = format!("set statement_timeout = {}", this.statement_timeout.as_millis());
        this.run(async |pg| pg.batch_execute(&set).await).await?;
        Ok((this, done))
    }

    /// Returns a view of whether the session is alive.
    pub fn life(&self) -> Life {
        Life { canceller: self.canceller.clone(), wire: self.wire.clone() }
    }

    fn ended(&mut self, how: &str) {
        self.depth -= 1;
        if self.depth == 0 {
            self.wire.limit(Some(self.statement_timeout));
            self.statements.transaction_ended(how);
        }
    }

    /// Runs statements, and keeps the SQLSTATE of a failed one.
    ///
    /// # Errors
    /// [`PgError::Query`].
    pub async fn run<T>(
        &mut self,
        work: impl AsyncFnOnce(&mut AsyncPgConnection) -> QueryResult<T>,
    ) -> Result<T, PgError> {
        // An earlier error must not be attributed to these statements.
        self.wire.take_error();
        work(&mut self.pg).await.map_err(|source| self.failed(source))
    }

    /// The error of the newest statement.
    fn failed(&mut self, source: diesel::result::Error) -> PgError {
        let sqlstate = self.wire.take_error();
        self.read_only |= sqlstate.is_some_and(|state| state.as_str() == READ_ONLY);
        match self.wire.is_late() {
            true => PgError::Deadline(source),
            false => PgError::Query { sqlstate, source },
        }
    }
}
