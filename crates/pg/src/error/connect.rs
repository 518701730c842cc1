//! Why there is no session.

use crate::connection::{TlsError, class_of};

/// Why a connection could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The URL cannot be used.
    #[error("the database URL is not usable; allowed: {0}")]
    Url(String),
    /// The host name does not resolve.
    #[error("the host name of the database does not resolve")]
    Dns(#[source] std::io::Error),
    /// No socket.
    #[error("no connection to {host}")]
    Io {
        /// Host and port, or socket.
        host: String,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// TLS is not as it was asked.
    #[error("no session as the database URL asks for it")]
    Tls(#[source] Box<TlsError>),
    /// The server wants the password where others can read it.
    #[error(
        "{host} asks for the password in clear text over a network without TLS: it was not sent; \
         use TLS (sslmode=require or stronger), or scram-sha-256 on the server"
    )]
    Cleartext {
        /// Host and port.
        host: String,
    },
    /// No answer in time.
    #[error("no answer from the database in time")]
    Timeout,
    /// The pool that asked for it was replaced meanwhile.
    #[error("the pool was replaced meanwhile")]
    Replaced,
    /// A pool tried until the acquire time-out.
    #[error("tried until the acquire time-out, the last time: {said}")]
    Retried {
        /// As of the error itself.
        class: &'static str,
        /// The error of the newest attempt, with its causes.
        said: String,
    },
    /// PostgreSQL refused.
    #[error("PostgreSQL refused the connection")]
    Refused(#[source] tokio_postgres::Error),
    /// The session could not be prepared.
    #[error("preparing the session failed")]
    Setup(#[source] diesel::ConnectionError),
}

impl ConnectError {
    /// SQLSTATE class or `io`, `dns`, `timeout`, `tls`, `other`.
    pub fn class(&self) -> &'static str {
        match self {
            ConnectError::Dns(_) => "dns",
            ConnectError::Io { .. } => "io",
            ConnectError::Timeout => "timeout",
            ConnectError::Tls(_) | ConnectError::Cleartext { .. } => "tls",
            ConnectError::Retried { class, .. } => class,
            ConnectError::Refused(error) => match error.code() {
                Some(code) => class_of(code.code()),
                None => "io",
            },
            ConnectError::Url(_) | ConnectError::Setup(_) | ConnectError::Replaced => "other",
        }
    }
}

impl From<TlsError> for ConnectError {
    fn from(error: TlsError) -> Self {
        ConnectError::Tls(Box::new(error))
    }
}
