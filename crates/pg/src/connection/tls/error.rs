//! Why a session cannot have the requested protection.

use std::{io, path::PathBuf};

use crate::connection::url::SslMode;

/// Names the parameter of the URL, and the allowed values.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("{parameter}: {} cannot be read", .path.display())]
    File {
        /// The parameter that names it.
        parameter: &'static str,
        /// The file.
        path: PathBuf,
        /// The system's error.
        #[source]
        source: io::Error,
    },
    /// A file is not what the parameter needs.
    #[error("{parameter}: {} {reason}", .path.display())]
    Content {
        /// The parameter that names it.
        parameter: &'static str,
        /// The file.
        path: PathBuf,
        /// The fault.
        reason: String,
    },
    /// Certificate and key do not match, or have an unknown type.
    #[error("sslcert and sslkey cannot be used together")]
    Identity(#[source] rustls::Error),
    /// There are no trusted certificates.
    #[error("sslrootcert: the authorities that the system trusts cannot be used: {0}")]
    NoTrust(String),
    /// There is no name to verify.
    #[error(
        "sslmode=verify-full needs the host's name, and the URL gives only an address or none that \
         a certificate could have; allowed: HOST with hostaddr=ADDRESS, or sslmode=verify-ca"
    )]
    Nameless,
    /// The server has no TLS, or somebody in between says so.
    #[error(
        "{server} offers no TLS, and sslmode={mode} asks for it; have the server use TLS (ssl = on), \
         or, where the way to it is trusted, say sslmode=disable in the URL"
    )]
    NotOffered {
        /// The host and port.
        server: String,
        /// The effective mode.
        mode: SslMode,
    },
    /// The answer is not PostgreSQL's, or the connection failed before TLS began.
    #[error("{server} does not answer the request for TLS as PostgreSQL does")]
    Answer {
        /// The host and port.
        server: String,
    },
    /// The handshake failed; `source` says whether the certificate is the cause.
    #[error("no TLS with {server} (sslmode={mode})")]
    Handshake {
        /// The host and port.
        server: String,
        /// The effective mode.
        mode: SslMode,
        /// The error of rustls or of the system.
        #[source]
        source: io::Error,
    },
}
