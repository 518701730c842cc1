//! Why a session cannot be opened.

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
    /// No socket could be opened.
    #[error("no connection to {host}")]
    Io {
        /// The host and port, or the socket.
        host: String,
        /// The system's error.
        #[source]
        source: std::io::Error,
    },
    /// The requested TLS is not available.
    #[error("no session as the database URL asks for it")]
    Tls(#[source] Box<TlsError>),
    /// The server requests the password where others could read it.
    #[error(
        "{host} asks for the password in clear text over a network without TLS: it was not sent; \
         use TLS (sslmode=require or stronger), or scram-sha-256 on the server"
    )]
    Cleartext {
        /// The host and port.
        host: String,
    },
    /// There was no answer in time.
    #[error("no answer from the database in time")]
    Timeout,
    /// The pool was replaced meanwhile.
    #[error("the pool was replaced meanwhile")]
    Replaced,
    /// The pool tried until the acquire time-out.
    #[error("tried until the acquire time-out, the last time: {message}")]
    Retried {
        /// The class of the error.
        class: &'static str,
        /// The newest attempt's error with its causes.
        message: String,
    },
    /// PostgreSQL refused.
    #[error("PostgreSQL refused the connection")]
    Refused(#[source] tokio_postgres::Error),
    /// The session could not be prepared.
    #[error("preparing the session failed")]
    Setup(#[source] diesel::ConnectionError),
}

impl ConnectError {
    /// The SQLSTATE class, or `io`, `dns`, `timeout`, `tls`, `other`.
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
