//! What can go wrong with the database, in the words of metrics and logs.

use sectorwatch_pg::{PgError, WorkError};

/// A failed call of the store. Display says only this layer; the cause is the source.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A connection could not be had, or a statement failed.
    #[error(transparent)]
    Pg(#[from] PgError),
    /// Another generation may write now.
    #[error("superseded: another poller may write")]
    Superseded,
    /// The list of forgotten members is not the one that this snapshot was looked through with.
    #[error("a member was forgotten, or allowed again, since this cycle began")]
    MemberForgotten,
    /// Forgotten members cannot be told.
    #[error("members who are forgotten cannot be told from others")]
    ForgetKey(#[from] super::KeyError),
    /// Tables that this program may not know.
    #[error(
        "the schema of this database is not of this version of sectorwatch: start the service of this version once"
    )]
    OtherSchema,
    /// The snapshot is at or before the mark.
    #[error("this snapshot is stored already")]
    AlreadyStored,
    /// The connection that holds the writer's lock was lost.
    #[error("the writer's lock was lost")]
    LockLost,
    /// Somebody else holds the writer's lock.
    #[error("another sectorwatch writes this database: {holder}; stop it, or use another database")]
    Locked {
        /// Who, by what it wrote into `collector_state.writer`.
        holder: String,
    },
    /// Who holds the writer's lock is no sectorwatch of ours.
    #[error(
        "the writer's lock is held by {holder}, which is no sectorwatch of this role; end that session"
    )]
    LockedOut {
        /// Its process id, role and name.
        holder: String,
    },
    /// Somebody else changes the schema.
    #[error(
        "the schema of this database is being changed: {holder}; try again when that has ended"
    )]
    MigrationLocked {
        /// Who holds the lock of migrations.
        holder: String,
    },
    /// A pooler between takes a session's server away.
    #[error(
        "{setting} leads through a pooler in {mode} mode (pool_mode = {mode}), in which sessions, locks \
         and settings do not last: use session mode, or connect to PostgreSQL itself"
    )]
    Pooled {
        /// The setting that has the URL.
        setting: &'static str,
        /// The pooler's word for it.
        mode: &'static str,
    },
    /// Demo data and real data never share a database.
    #[error("{0}")]
    WrongKind(&'static str),
    /// Nobody waits for the answer any more.
    #[error("nobody waits for the answer any more")]
    Abandoned,
    /// There was no answer within the acquire time-out and the statement time-out together.
    #[error("the database did not answer in time")]
    Overdue,
    /// The work ended without an answer; the panic hook told why.
    #[error("the work on the database panicked")]
    Panicked,
    /// A migration failed.
    #[error("the schema cannot be brought to this version: {0}")]
    Migrate(String),
}

impl StoreError {
    /// The one word for metric label, log field and span attribute.
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

    /// SQLSTATE class, or the word that stands for it where there is none.
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

    /// Whether the session ended under the statement: the server had no part in the failure.
    pub fn is_connection_lost(&self) -> bool {
        self.pg().is_some_and(PgError::is_connection_lost)
    }

    /// Whether the database is away or busy, so that asking it once more is of no use.
    pub fn is_away(&self) -> bool {
        use PgError::{AcquireTimeout, Connect, Deadline};
        match self {
            StoreError::LockLost => true,
            StoreError::Pg(Connect(_) | Deadline(_) | AcquireTimeout { .. }) => true,
            _ => self.is_connection_lost(),
        }
    }

    /// Whether the data, not the database, is at fault: such an item is isolated and rejected.
    pub(super) fn is_bad_data(&self) -> bool {
        self.pg().is_some_and(PgError::is_bad_data)
    }

    /// The server ended a statement that took longer than it may.
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
