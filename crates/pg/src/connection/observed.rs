//! A connection that knows whether it is clean.

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

/// What migrations run on.
pub type Harness = AsyncMigrationHarness<AsyncPgConnection>;

/// One session with PostgreSQL.
pub struct Connection {
    pg: AsyncPgConnection,
    statements: Arc<Statements>,
    wire: Wire,
    canceller: Canceller,
    enlisted: Enlisted,
    /// Transaction and savepoints that were begun and have not ended.
    depth: u32,
    /// The longest statement, by the server's setting, but for a transaction that says otherwise.
    statement_timeout: Duration,
    /// It refused to write: a session keeps to how the server was when it began.
    read_only: bool,
}

/// Whether a session lives, as far as this side can tell.
pub struct Life {
    canceller: Canceller,
    wire: Wire,
}

impl Life {
    /// Whether its socket is open, and it was not given up.
    pub fn goes_on(&self) -> bool {
        !self.canceller.is_over() && !self.wire.is_late()
    }
}

/// Why a connection must not be used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dirt {
    /// The server was late with an answer, and the session was given up.
    Late,
    /// A statement's future was dropped: its answer is still to come.
    QueryInFlight,
    /// A transaction's future was dropped.
    InTransaction,
    /// The server is in a transaction that was not begun by [`transaction`], such as a raw `BEGIN`.
    ///
    /// [`transaction`]: crate::transaction::transaction
    OpenTransaction,
    /// The session is gone, or of no use.
    Broken,
}

impl Connection {
    /// Opens a session that no pool knows, for one task alone, which closes it by dropping this. It is driven on the
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

    /// Process id of the backend.
    pub fn pid(&self) -> Option<i32> {
        self.enlisted.pid()
    }

    /// Who has it, or had it last.
    pub(crate) fn owner(&self) -> &'static str {
        self.statements.owner()
    }

    /// From now on, it works for this owner.
    pub(crate) fn lent_to(&self, owner: &'static str) {
        self.statements.count_for(owner);
        self.enlisted.lent_to(owner);
    }

    /// It works for nobody.
    pub(crate) fn returned(&self) {
        self.enlisted.returned();
    }

    /// What makes this connection unfit, if anything does.
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

    /// Counts what a dropped future left behind, and returns what cancels it on the server, if
    /// anything may still run there.
    pub(crate) fn abandoned(&mut self) -> Option<Canceller> {
        let runs = self.statements.in_flight() > 0;
        self.statements.abandoned();
        runs.then(|| self.canceller.clone())
    }

    /// Begins a transaction, or a savepoint inside of one. Only `transaction.rs` does.
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

    /// Ends the innermost with a commit, or with a rollback. Only `transaction.rs` does.
    #[expect(clippy::disallowed_methods, reason = "the one place that commits and rolls back")]
    pub(crate) async fn end(&mut self, commit: bool) -> Result<(), PgError> {
        let ended = match commit {
            true => self.run(Manager::commit_transaction).await,
            false => self.run(Manager::rollback_transaction).await,
        };
        self.ended(if commit && ended.is_ok() { "commit" } else { "rollback" });
        ended
    }

    /// Statements of the transaction that is open may take this long. As a statement of its own: a
    /// setting changes no limit of the statement that makes it.
    ///
    /// # Errors
    /// [`PgError::Query`].
    pub async fn allow(&mut self, longest: Duration) -> Result<(), PgError> {
        let set = format!("set local statement_timeout = {}", longest.as_millis());
        self.run(async |pg| pg.batch_execute(&set).await).await?;
        self.wire.limit(Some(longest));
        Ok(())
    }

    /// Lets its statements take the time they need, each, while `work` runs on this session, which
    /// has to be on a runtime that may block.
    ///
    /// # Errors
    /// [`PgError::Query`] when the limit cannot be lifted or set again.
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

    /// Tells from elsewhere whether it lives.
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

    /// Runs statements, and keeps the SQLSTATE of the one that failed.
    ///
    /// # Errors
    /// [`PgError::Query`].
    pub async fn run<T>(
        &mut self,
        work: impl AsyncFnOnce(&mut AsyncPgConnection) -> QueryResult<T>,
    ) -> Result<T, PgError> {
        // What an earlier failure left must not name this one.
        self.wire.take_error();
        work(&mut self.pg).await.map_err(|source| self.failed(source))
    }

    /// Names the failure of the newest statement.
    fn failed(&mut self, source: diesel::result::Error) -> PgError {
        let sqlstate = self.wire.take_error();
        self.read_only |= sqlstate.is_some_and(|state| state.as_str() == READ_ONLY);
        match self.wire.is_late() {
            true => PgError::Deadline(source),
            false => PgError::Query { sqlstate, source },
        }
    }
}
