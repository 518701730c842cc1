//! Why a session cannot be protected as it was asked.

use std::{io, path::PathBuf};

use crate::connection::url::SslMode;

/// Names the parameter of the URL that is concerned, and what is allowed.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("{parameter}: {} cannot be read", .path.display())]
    File {
        /// The parameter that names it.
        parameter: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
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
        /// What is wrong with it.
        reason: String,
    },
    /// Certificate and key do not fit, or their kind is not known.
    #[error("sslcert and sslkey cannot be used together")]
    Identity(#[source] rustls::Error),
    /// Nothing is trusted.
    #[error("sslrootcert: the authorities that the system trusts cannot be used: {0}")]
    NoTrust(String),
    /// Nothing to verify a certificate for.
    #[error(
        "sslmode=verify-full needs the host's name, and the URL gives only an address or none that \
         a certificate could have; allowed: HOST with hostaddr=ADDRESS, or sslmode=verify-ca"
    )]
    Nameless,
    /// The server has no TLS, or somebody on the way says so.
    #[error(
        "{server} offers no TLS, and sslmode={mode} asks for it; have the server use TLS (ssl = on), \
         or, where the way to it is trusted, say sslmode=disable in the URL"
    )]
    NotOffered {
        /// Host and port.
        server: String,
        /// The mode in force.
        mode: SslMode,
    },
    /// What answered does not speak PostgreSQL, or failed before TLS began.
    #[error("{server} does not answer the request for TLS as PostgreSQL does")]
    Answer {
        /// Host and port.
        server: String,
    },
    /// The handshake failed: the source says whether for the certificate, and why.
    #[error("no TLS with {server} (sslmode={mode})")]
    Handshake {
        /// Host and port.
        server: String,
        /// The mode in force.
        mode: SslMode,
        /// What rustls or the system said.
        #[source]
        source: io::Error,
    },
}
