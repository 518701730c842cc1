//! What can go wrong with a database, in the words of metrics and logs.

mod connect;

pub use connect::ConnectError;

use crate::connection::SqlState;

/// Why a connection could not be had, or a statement failed. `Display` says only this layer; the cause is the source.
#[derive(Debug, thiserror::Error)]
pub enum PgError {
    /// No connection came free in time, or none could be opened.
    #[error("no connection of pool {pool} for {owner} within the acquire time-out")]
    AcquireTimeout {
        /// The word of the pool.
        pool: &'static str,
        /// The word of the owner that asked.
        owner: &'static str,
    },
    /// The pool was closed: no connection is lent any more.
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
    /// The server does not list the sessions that we have.
    #[error(
        "PostgreSQL does not list our sessions under the ids that it gave us: is a pooler between?"
    )]
    Unauditable,
}

impl PgError {
    /// The one word for metric label, log field and span attribute.
    pub fn kind(&self) -> &'static str {
        match self {
            PgError::AcquireTimeout { .. } => "pool_timeout",
            PgError::Closing => "closing",
            PgError::Connect(_) => "connect",
            PgError::Query { .. } if self.is_connection_lost() => "connection_lost",
            PgError::Query { sqlstate: None, .. } => "unreadable",
            PgError::Query { .. } => "query",
            PgError::Deadline(_) => "deadline",
            PgError::Unauditable => "unauditable",
        }
    }

    /// SQLSTATE class, or the word that stands for it where there is none.
    pub fn class(&self) -> &'static str {
        match self {
            PgError::Query { sqlstate: Some(state), .. } => state.class(),
            PgError::Connect(error) => error.class(),
            PgError::Deadline(_) => "timeout",
            _ => "other",
        }
    }

    /// Whether the session ended under the statement: the server had no part in the failure.
    pub fn is_connection_lost(&self) -> bool {
        matches!(self, PgError::Query { sqlstate: None, source } if is_lost(source))
    }

    /// Whether the data, not the database, is at fault: such an item is isolated and rejected.
    ///
    /// A check violation without a constraint's name is a missing partition, and no fault of data.
    pub fn is_bad_data(&self) -> bool {
        use diesel::result::{DatabaseErrorKind, Error};
        let PgError::Query { sqlstate: Some(state), source } = self else {
            return false;
        };
        let no_partition = matches!(
            source,
            Error::DatabaseError(DatabaseErrorKind::CheckViolation, info)
                if info.constraint_name().is_none()
        );
        matches!(state.class(), "22" | "23") && !no_partition
    }

    /// Whether the server ended a statement that took longer than it may.
    pub fn is_too_slow(&self) -> bool {
        matches!(self, PgError::Query { sqlstate: Some(state), .. } if state.as_str() == "57014")
    }

    /// Why a statement was refused, in words that hold none of its values: messages of PostgreSQL quote them.
    pub fn reason_without_values(&self) -> String {
        let PgError::Query { sqlstate, source } = self else {
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

    /// Whether it is a serialization failure or a deadlock: the transaction may simply be tried again.
    pub fn is_transient(&self) -> bool {
        matches!(self, PgError::Query { sqlstate: Some(state), .. }
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
