//! TLS to PostgreSQL, requested by the parameters of the URL with libpq's meaning.
//!
//! The requested protection depends on the server's address (`protection`), trusted certificates are read from
//! files for each session (`files`, `trust`), and the handshake is below the watched wire (`handshake`), so
//! that the wire is read as plain text.

mod error;
mod files;
mod handshake;
mod protection;
#[cfg(test)]
mod tests;
mod trust;

use std::net::IpAddr;

pub use error::TlsError;
pub use handshake::{Already, Begun, Handshake};
pub use protection::Protection;
use protection::Verified;

use crate::connection::url::{SslMode, TlsParameters};

/// The protection of sessions with the servers of one URL.
#[derive(Debug, Clone)]
pub struct Tls(TlsParameters);

impl Tls {
    /// Reads the files once, so that their errors are reported at the start.
    ///
    /// # Errors
    /// Names the parameter and the fault of its file.
    pub fn new(parameters: TlsParameters) -> Result<Self, TlsError> {
        if parameters.mode != Some(SslMode::Disable) {
            files::authorities(parameters.roots.as_ref())?;
            trust::client(&parameters, Verified::Nothing)?;
        }
        Ok(Self(parameters))
    }

    /// The requested protection of a session with a server at this address.
    pub fn protection_at(&self, address: IpAddr) -> Protection {
        Protection::of(&self.0, address)
    }

    /// Prepares TLS with this host. The files are read again, because certificates are renewed while a
    /// service runs.
    ///
    /// # Errors
    /// The errors of [`Tls::new`], and a host without a name to verify.
    pub async fn handshake(
        &self,
        protection: Protection,
        host: Host<'_>,
    ) -> Result<Handshake, TlsError> {
        let name = host.name_for(protection)?;
        let parameters = self.0.clone();
        let reading =
            tokio::task::spawn_blocking(move || trust::client(&parameters, protection.verified));
        let client =
            reading.await.map_err(|_| TlsError::NoTrust("reading them panicked".into()))?;
        Ok(Handshake::new(client?, name))
    }
}

/// A server reached over TCP.
#[derive(Debug, Clone, Copy)]
pub struct Host<'a> {
    /// The name in the URL; `None` when it has only an address.
    pub name: Option<&'a str>,
    /// The address that was dialled.
    pub address: IpAddr,
}

impl Host<'_> {
    /// The name that the certificate must have. If it is not verified, the address replaces a name that no
    /// certificate could have.
    fn name_for(self, protection: Protection) -> Result<String, TlsError> {
        use rustls::pki_types::ServerName;
        let name = self.name.filter(|name| ServerName::try_from(*name).is_ok());
        match (name, protection.is_name_verified()) {
            (Some(name), _) => Ok(name.to_owned()),
            (None, false) => Ok(self.address.to_string()),
            (None, true) => Err(TlsError::Nameless),
        }
    }
}
