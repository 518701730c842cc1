//! Errors of the database, with the names used in metrics and logs.

use sectorwatch_pg::{PgError, WorkError};

/// A failed call of the store. `Display` describes only this layer; `source` is the cause.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No connection was available, or a statement failed.
    #[error(transparent)]
    Pg(#[from] PgError),
    /// A newer generation may write now.
    #[error("superseded: another poller may write")]
    Superseded,
    /// The list of forgotten members changed after it was applied to this snapshot.
    #[error("a member was forgotten, or allowed again, since this cycle began")]
    MemberForgotten,
    /// The key of forgotten members is missing or wrong.
    #[error("members who are forgotten cannot be told from others")]
    ForgetKey(#[from] super::KeyError),
    /// The schema is not the one of this program.
    #[error(
        "the schema of this database is not of this version of sectorwatch: start the service of this version once"
    )]
    OtherSchema,
    /// The snapshot is at or before the mark.
    #[error("this snapshot is stored already")]
    AlreadyStored,
    /// The connection that held the writer's lock was lost.
    #[error("the writer's lock was lost")]
    LockLost,
    /// Another sectorwatch holds the writer's lock.
    #[error("another sectorwatch writes this database: {holder}; stop it, or use another database")]
    Locked {
        /// The holder, as it described itself in `collector_state.writer`.
        holder: String,
    },
    /// A session that is no sectorwatch of this role holds the writer's lock.
    #[error(
        "the writer's lock is held by {holder}, which is no sectorwatch of this role; end that session"
    )]
    LockedOut {
        /// The process id, role and name of the session.
        holder: String,
    },
    /// Another process migrates the schema.
    #[error(
        "the schema of this database is being changed: {holder}; try again when that has ended"
    )]
    MigrationLocked {
        /// The holder of the migration lock.
        holder: String,
    },
    /// A pooler assigns the server's session to other clients in between.
    #[error(
        "{setting} leads through a pooler in {mode} mode (pool_mode = {mode}), in which sessions, locks \
         and settings do not last: use session mode, or connect to PostgreSQL itself"
    )]
    Pooled {
        /// The setting with the URL.
        setting: &'static str,
        /// The pooler's name of the mode.
        mode: &'static str,
    },
    /// Demo data and real data never share a database.
    #[error("{0}")]
    WrongKind(&'static str),
    /// The caller no longer waits for the answer.
    #[error("nobody waits for the answer any more")]
    Abandoned,
    /// There was no answer within the acquire time-out and the statement time-out together.
    #[error("the database did not answer in time")]
    Overdue,
    /// The task panicked; the panic hook reported it.
    #[error("the work on the database panicked")]
    Panicked,
    /// A migration failed.
    #[error("the schema cannot be brought to this version: {0}")]
    Migrate(String),
}

impl StoreError {
    /// The cause, for metric labels, logs and span attributes.
    pub fn kind(&self) -> &'static str {
        match self {
            StoreError::Pg(error) => error.kind(),
            StoreError::Superseded => "superseded",
            StoreError::MemberForgotten => "member_forgotten",
            StoreError::ForgetKey(_) => "forget_key",
            StoreError::OtherSchema => "other_schema",
            StoreError::AlreadyStored => "already_stored",
            StoreError::LockLost => "lock_lost",
            StoreError::Locked { .. } | StoreError::MigrationLocked { .. } => "locked",
            StoreError::LockedOut { .. } => "locked_out",
            StoreError::Pooled { .. } => "pooled",
            StoreError::WrongKind(_) => "wrong_kind",
            StoreError::Abandoned => "abandoned",
            StoreError::Overdue => "deadline",
            StoreError::Panicked => "panic",
            StoreError::Migrate(_) => "migrate",
        }
    }

    /// The SQLSTATE class, or a word for errors without one.
    pub fn class(&self) -> &'static str {
        self.pg().map_or("other", PgError::class)
    }

    /// Whether no connection came free in time.
    pub fn is_acquire_timeout(&self) -> bool {
        matches!(self, StoreError::Pg(PgError::AcquireTimeout { .. }))
    }

    /// Whether no session could be opened.
    pub fn is_connect(&self) -> bool {
        matches!(self, StoreError::Pg(PgError::Connect(_)))
    }

    /// Whether the session ended during the statement, so that the server is not the cause.
    pub fn is_connection_lost(&self) -> bool {
        self.pg().is_some_and(PgError::is_connection_lost)
    }

    /// Whether the database is unreachable or busy, so that another attempt is of no use.
    pub fn is_away(&self) -> bool {
        use PgError::{AcquireTimeout, Connect, Deadline};
        match self {
            StoreError::LockLost => true,
            StoreError::Pg(Connect(_) | Deadline(_) | AcquireTimeout { .. }) => true,
            _ => self.is_connection_lost(),
        }
    }

    /// Whether the data is the cause and not the database. Such an item is isolated and rejected.
    pub(super) fn is_bad_data(&self) -> bool {
        self.pg().is_some_and(PgError::is_bad_data)
    }

    /// Whether the server ended a statement at its time limit.
    pub(super) fn is_too_slow(&self) -> bool {
        self.pg().is_some_and(PgError::is_too_slow)
    }
}

impl WorkError for StoreError {
    fn pg(&self) -> Option<&PgError> {
        match self {
            StoreError::Pg(error) => Some(error),
            _ => None,
        }
    }
}
