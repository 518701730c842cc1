//! The requested protection of a session over TCP: a function of the URL and the server's address.

use std::net::IpAddr;

use crate::connection::url::{Roots, SslMode, TlsParameters};

/// The requested protection of one session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Protection {
    /// The effective mode.
    pub mode: SslMode,
    /// What is verified in the server's certificate.
    pub verified: Verified,
    /// Whether others could read the traffic if there is no TLS.
    pub is_exposed: bool,
}

/// What is verified in a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verified {
    /// Nothing: any server is accepted.
    Nothing,
    /// A trusted authority issued it.
    Authority,
    /// A trusted authority issued it for this host.
    Name,
}

impl Protection {
    /// The protection of a session with a server at this address.
    pub fn of(parameters: &TlsParameters, address: IpAddr) -> Self {
        let is_exposed = !address.to_canonical().is_loopback();
        let mode = match parameters.mode {
            Some(mode) => mode,
            None if is_exposed => SslMode::VerifyFull,
            None => SslMode::Prefer,
        };
        // As in libpq: if authorities are named, they are used in weaker modes too.
        let has_authorities = matches!(parameters.roots, Some(Roots::File(_)));
        let verified = match mode {
            SslMode::VerifyFull => Verified::Name,
            SslMode::VerifyCa => Verified::Authority,
            SslMode::Prefer | SslMode::Require if has_authorities => Verified::Authority,
            SslMode::Disable | SslMode::Prefer | SslMode::Require => Verified::Nothing,
        };
        Self { mode, verified, is_exposed }
    }

    /// Whether TLS is attempted.
    pub fn is_tls_tried(self) -> bool {
        self.mode != SslMode::Disable
    }

    /// Whether a session without TLS is acceptable.
    pub fn is_plain_allowed(self) -> bool {
        self.mode <= SslMode::Prefer
    }

    /// Whether the certificate must match the host's name.
    pub fn is_name_verified(self) -> bool {
        self.verified == Verified::Name
    }
}
