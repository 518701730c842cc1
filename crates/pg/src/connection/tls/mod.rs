//! TLS to PostgreSQL, as the parameters of the URL ask for it, with libpq's meaning.
//!
//! What is asked of a session is decided by where the server is (`asked`), what is trusted is read
//! from files for each session (`files`, `trust`), and the handshake stands below the watched wire
//! (`handshake`): whoever reads the wire reads plain text.

mod asked;
mod error;
mod files;
mod handshake;
#[cfg(test)]
mod tests;
mod trust;

use std::net::IpAddr;

pub use asked::Asked;
use asked::Verified;
pub use error::TlsError;
pub use handshake::{Already, Begun, Handshake};

use crate::connection::url::{SslMode, TlsParameters};

/// How sessions with the servers of one URL are protected.
#[derive(Debug, Clone)]
pub struct Tls(TlsParameters);

impl Tls {
    /// Looks at the files once, so that what is wrong with them is told at the start.
    ///
    /// # Errors
    /// Names the parameter and what is wrong with its file.
    pub fn new(parameters: TlsParameters) -> Result<Self, TlsError> {
        if parameters.mode != Some(SslMode::Disable) {
            files::authorities(parameters.roots.as_ref())?;
            trust::client(&parameters, Verified::Nothing)?;
        }
        Ok(Self(parameters))
    }

    /// What is asked of a session over TCP with a server at this address.
    pub fn asked_at(&self, address: IpAddr) -> Asked {
        Asked::of(&self.0, address)
    }

    /// What it takes to begin TLS with this host. The files are read anew: certificates are renewed
    /// while a service runs.
    ///
    /// # Errors
    /// As [`Tls::new`], and when the host has no name to verify.
    pub async fn handshake(&self, asked: Asked, host: Host<'_>) -> Result<Handshake, TlsError> {
        let name = host.name_for(asked)?;
        let parameters = self.0.clone();
        let reading =
            tokio::task::spawn_blocking(move || trust::client(&parameters, asked.verified));
        let client =
            reading.await.map_err(|_| TlsError::NoTrust("reading them panicked".into()))?;
        Ok(Handshake::new(client?, name))
    }
}

/// A server over TCP.
#[derive(Debug, Clone, Copy)]
pub struct Host<'a> {
    /// As the URL names it; `None` when it has only an address.
    pub name: Option<&'a str>,
    /// What was dialled.
    pub address: IpAddr,
}

impl Host<'_> {
    /// For whom the certificate has to be. Where nobody looks, the address will do for a name that
    /// no certificate could have.
    fn name_for(self, asked: Asked) -> Result<String, TlsError> {
        use rustls::pki_types::ServerName;
        let name = self.name.filter(|name| ServerName::try_from(*name).is_ok());
        match (name, asked.is_name_verified()) {
            (Some(name), _) => Ok(name.to_owned()),
            (None, false) => Ok(self.address.to_string()),
            (None, true) => Err(TlsError::Nameless),
        }
    }
}
