//! Errors of the database, with the names used in metrics and logs.

mod connect;

pub use connect::ConnectError;

use crate::connection::SqlState;

/// Why no connection was available, or why a statement failed. `Display` describes only this layer; `source`
/// is the cause.
#[derive(Debug, thiserror::Error)]
pub enum PgError {
    /// No connection came free in time, or none could be opened.
    #[error("no connection of pool {pool} for {owner} within the acquire time-out")]
    AcquireTimeout {
        /// The name of the pool.
        pool: &'static str,
        /// The name of the owner.
        owner: &'static str,
    },
    /// The pool is closed, and lends no connection any more.
    #[error("the service stops")]
    Closing,
    /// A connection could not be opened.
    #[error("cannot connect to PostgreSQL")]
    Connect(#[source] ConnectError),
    /// A statement failed on the server, or its answer could not be read.
    #[error("{}", describe(sqlstate, source))]
    Query {
        /// Absent when the server did not send one: the connection was lost, or an answer cannot be read.
        sqlstate: Option<SqlState>,
        /// The error of PostgreSQL or of the connection.
        #[source]
        source: diesel::result::Error,
    },
    /// PostgreSQL did not answer in time, and the session was given up.
    #[error("PostgreSQL did not answer a statement in time")]
    Deadline(#[source] diesel::result::Error),
    /// The server's list does not contain our sessions.
    #[error(
        "PostgreSQL does not list our sessions under the ids that it gave us: is a pooler between?"
    )]
    Unauditable,
}

impl PgError {
    /// The cause, for metric labels, logs and span attributes.
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

    /// The SQLSTATE class, or a word for errors without one.
    pub fn class(&self) -> &'static str {
        match self {
            PgError::Query { sqlstate: Some(state), .. } => state.class(),
            PgError::Connect(error) => error.class(),
            PgError::Deadline(_) => "timeout",
            _ => "other",
        }
    }

    /// Whether the session ended during the statement, so that the server is not the cause.
    pub fn is_connection_lost(&self) -> bool {
        matches!(self, PgError::Query { sqlstate: None, source } if is_lost(source))
    }

    /// Whether the data is the cause and not the database. Such an item is isolated and rejected.
    ///
    /// A check violation without a constraint's name is a missing partition, and not bad data.
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

    /// Whether the server ended a statement at its time limit.
    pub fn is_too_slow(&self) -> bool {
        matches!(self, PgError::Query { sqlstate: Some(state), .. } if state.as_str() == "57014")
    }

    /// Why a statement was refused, without its values, which PostgreSQL's messages quote.
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

    /// Whether it is a serialization failure or a deadlock, after which the transaction may be repeated.
    pub fn is_transient(&self) -> bool {
        matches!(self, PgError::Query { sqlstate: Some(state), .. }
            if matches!(state.as_str(), "40001" | "40P01"))
    }
}

/// The description of a failed statement.
fn describe(sqlstate: &Option<SqlState>, source: &diesel::result::Error) -> String {
    match sqlstate {
        Some(state) => format!("PostgreSQL refused a statement (SQLSTATE {state})"),
        None if is_lost(source) => "the connection ended during a statement".to_owned(),
        None => "what PostgreSQL answered cannot be used".to_owned(),
    }
}

/// Whether the connection ended. tokio-postgres has no error kind for this, only a text.
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

/// Formats an error and all its causes in one line, for logs and the command line.
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
