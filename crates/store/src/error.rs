//! What can go wrong with the database, in the words of metrics and logs.

mod connect;

pub use connect::ConnectError;

use super::{
    connection::SqlState,
    owner::{Owner, PoolName},
};

/// A failed call of the store. Display says only this layer; the cause is the source.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No connection came free in time, or none could be opened.
    #[error("no connection of pool {} for {} within the acquire time-out", pool.as_str(), owner.as_str())]
    AcquireTimeout {
        /// The pool that was asked.
        pool: PoolName,
        /// The code that asked.
        owner: Owner,
    },
    /// The service stops: no connection is lent any more.
    #[error("the service stops")]
    Closing,
    /// A connection could not be opened.
    #[error("cannot connect to PostgreSQL")]
    Connect(#[source] ConnectError),
    /// A statement failed on the server, or its answer could not be read.
    #[error("{}", said(sqlstate, source))]
    Query {
        /// Absent when the server did not say it: the connection was lost, or an answer cannot be read.
        sqlstate: Option<SqlState>,
        /// What PostgreSQL or the connection said.
        #[source]
        source: diesel::result::Error,
    },
    /// PostgreSQL did not answer in time, and the session was given up.
    #[error("PostgreSQL did not answer a statement in time")]
    Deadline(#[source] diesel::result::Error),
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
    /// The server does not list the sessions that we have.
    #[error(
        "PostgreSQL does not list our sessions under the ids that it gave us: is a pooler between?"
    )]
    Unauditable,
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
            StoreError::AcquireTimeout { .. } => "pool_timeout",
            StoreError::Closing => "closing",
            StoreError::Connect(_) => "connect",
            StoreError::Query { .. } if self.is_connection_lost() => "connection_lost",
            StoreError::Query { sqlstate: None, .. } => "unreadable",
            StoreError::Query { .. } => "query",
            StoreError::Deadline(_) => "deadline",
            StoreError::Superseded => "superseded",
            StoreError::MemberForgotten => "member_forgotten",
            StoreError::ForgetKey(_) => "forget_key",
            StoreError::OtherSchema => "other_schema",
            StoreError::AlreadyStored => "already_stored",
            StoreError::LockLost => "lock_lost",
            StoreError::Unauditable => "unauditable",
            StoreError::Locked { .. } | StoreError::MigrationLocked { .. } => "locked",
            StoreError::LockedOut { .. } => "locked_out",
            StoreError::Pooled { .. } => "pooled",
            StoreError::WrongKind(_) => "wrong_kind",
            StoreError::Abandoned => "abandoned",
            StoreError::Panicked => "panic",
            StoreError::Migrate(_) => "migrate",
        }
    }

    /// SQLSTATE class, or the word that stands for it where there is none.
    pub fn class(&self) -> &'static str {
        match self {
            StoreError::Query { sqlstate: Some(state), .. } => state.class(),
            StoreError::Connect(error) => error.class(),
            StoreError::Deadline(_) => "timeout",
            _ => "other",
        }
    }

    /// Whether the session ended under the statement: the server had no part in the failure.
    pub fn is_connection_lost(&self) -> bool {
        matches!(self, StoreError::Query { sqlstate: None, source } if is_lost(source))
    }

    /// Whether the data, not the database, is at fault: such an item is isolated and rejected.
    ///
    /// A check violation without a constraint's name is a missing partition, and no fault of data.
    pub fn is_bad_data(&self) -> bool {
        use diesel::result::{DatabaseErrorKind, Error};
        let StoreError::Query { sqlstate: Some(state), source } = self else {
            return false;
        };
        let no_partition = matches!(
            source,
            Error::DatabaseError(DatabaseErrorKind::CheckViolation, info)
                if info.constraint_name().is_none()
        );
        matches!(state.class(), "22" | "23") && !no_partition
    }

    /// The server ended a statement that took longer than it may.
    pub(super) fn is_too_slow(&self) -> bool {
        matches!(self, StoreError::Query { sqlstate: Some(state), .. } if state.as_str() == "57014")
    }

    /// Why a statement was refused, in words that hold none of its values: messages of PostgreSQL quote them.
    pub fn reason_without_values(&self) -> String {
        let StoreError::Query { sqlstate, source } = self else {
            return self.kind().to_owned();
        };
        let state = sqlstate.as_ref().map_or("no SQLSTATE", |state| state.as_str());
        let mut reason = format!("refused by PostgreSQL: {state}");
        if let diesel::result::Error::DatabaseError(_, info) = source {
            let names = [
                ("table", info.table_name()),
                ("column", info.column_name()),
                ("constraint", info.constraint_name()),
            ];
            for (what, name) in names {
                if let Some(name) = name {
                    reason.push_str(&format!(", {what} {name}"));
                }
            }
        }
        reason
    }

    /// A serialization failure or a deadlock: the transaction may simply be tried again.
    pub fn is_transient(&self) -> bool {
        matches!(self, StoreError::Query { sqlstate: Some(state), .. }
            if matches!(state.as_str(), "40001" | "40P01"))
    }
}

/// What went wrong with a statement, by who says so.
fn said(sqlstate: &Option<SqlState>, source: &diesel::result::Error) -> String {
    match sqlstate {
        Some(state) => format!("PostgreSQL refused a statement (SQLSTATE {state})"),
        None if is_lost(source) => "the connection ended during a statement".to_owned(),
        None => "what PostgreSQL answered cannot be used".to_owned(),
    }
}

/// Whether nothing came any more. tokio-postgres has words for it, and no kind; what it cannot read
/// or write has others.
fn is_lost(error: &diesel::result::Error) -> bool {
    use diesel::result::Error;
    match error {
        Error::DatabaseError(_, said) => {
            ["connection closed", "error communicating with the server"]
                .iter()
                .any(|words| said.message().starts_with(words))
        }
        Error::RollbackErrorOnCommit { commit_error, .. } => is_lost(commit_error),
        Error::BrokenTransactionManager => true,
        _ => false,
    }
}

/// An error with all its causes in one line, for logs and the command line.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests;
