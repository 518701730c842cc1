//! What is asked of a session over TCP: a function of the URL and the server's address.

use std::net::IpAddr;

use crate::connection::url::{Roots, SslMode, TlsParameters};

/// What is asked of one session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// The mode in force.
    pub mode: SslMode,
    /// What of the server's certificate is verified.
    pub verified: Verified,
    /// Without TLS, others could read what is sent.
    pub is_exposed: bool,
}

/// What of a certificate is verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verified {
    /// Nothing: whoever answers.
    Nothing,
    /// That a trusted authority issued it.
    Authority,
    /// That, and that it is for this host.
    Name,
}

impl Asked {
    /// Of a session with a server at this address.
    pub fn of(parameters: &TlsParameters, address: IpAddr) -> Self {
        let is_exposed = !address.to_canonical().is_loopback();
        let mode = match parameters.mode {
            Some(mode) => mode,
            None if is_exposed => SslMode::VerifyFull,
            None => SslMode::Prefer,
        };
        // As libpq: who names authorities wants them to be asked, in weaker modes, too.
        let has_authorities = matches!(parameters.roots, Some(Roots::File(_)));
        let verified = match mode {
            SslMode::VerifyFull => Verified::Name,
            SslMode::VerifyCa => Verified::Authority,
            SslMode::Prefer | SslMode::Require if has_authorities => Verified::Authority,
            SslMode::Disable | SslMode::Prefer | SslMode::Require => Verified::Nothing,
        };
        Self { mode, verified, is_exposed }
    }

    /// Whether TLS is tried.
    pub fn is_tls_tried(self) -> bool {
        self.mode != SslMode::Disable
    }

    /// Whether a session without TLS will do.
    pub fn is_plain_allowed(self) -> bool {
        self.mode <= SslMode::Prefer
    }

    /// Whether the certificate has to be for the host's name.
    pub fn is_name_verified(self) -> bool {
        self.verified == Verified::Name
    }
}
