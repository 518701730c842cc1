//! The PEM files that the URL names.

use std::{fs, io, os::unix::fs::MetadataExt as _, path::Path};

use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _};

use super::TlsError;
use crate::connection::url::{Identity, Roots};

/// A certificate with its chain, and its key.
pub type Proof = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

/// Reads the certificate of `sslcert` and the key of `sslkey`.
///
/// # Errors
/// Includes a key that others than its owner can read. The group may read it if root owns it.
pub fn identity(identity: Option<&Identity>) -> Result<Option<Proof>, TlsError> {
    let Some(Identity { certificate, key }) = identity else { return Ok(None) };
    Ok(Some((certificates("sslcert", certificate)?, private_key(key)?)))
}

/// Reads the certificates of `sslrootcert`; `None` stands for those of the system.
///
/// # Errors
/// The file has no certificate.
pub fn authorities(
    roots: Option<&Roots>,
) -> Result<Option<Vec<CertificateDer<'static>>>, TlsError> {
    match roots {
        Some(Roots::File(path)) => certificates("sslrootcert", path).map(Some),
        Some(Roots::System) | None => Ok(None),
    }
}

fn certificates(
    parameter: &'static str,
    path: &Path,
) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let text = read(parameter, path)?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    let wrong = |reason: String| TlsError::Content { parameter, path: path.to_owned(), reason };
    match found {
        Ok(found) if found.is_empty() => {
            Err(wrong("holds no certificate; it has to be PEM, with BEGIN CERTIFICATE".to_owned()))
        }
        Ok(found) => Ok(found),
        Err(error) => Err(wrong(format!("is broken PEM: {error}"))),
    }
}

fn private_key(path: &Path) -> Result<PrivateKeyDer<'static>, TlsError> {
    let wrong =
        |reason: String| TlsError::Content { parameter: "sslkey", path: path.to_owned(), reason };
    let unreadable = |source| unreadable("sslkey", path, source);
    let metadata = fs::metadata(path).map_err(unreadable)?;
    // As in libpq: root may let a group read a service's key.
    let forbidden = if metadata.uid() == 0 { 0o037 } else { 0o077 };
    if metadata.mode() & forbidden != 0 {
        return Err(wrong(format!(
            "can be used by others than its owner (mode {:04o}); allowed: 0600, or 0640 when root \
             owns it",
            metadata.mode() & 0o7777
        )));
    }
    let text = read("sslkey", path)?;
    if text.windows(9).any(|part| part == b"ENCRYPTED") {
        return Err(wrong(
            "is encrypted; it has to be a key without a passphrase (openssl pkey -in … -out …)"
                .to_owned(),
        ));
    }
    PrivateKeyDer::from_pem_slice(&text)
        .map_err(|error| wrong(format!("holds no private key in PEM: {error}")))
}

fn read(parameter: &'static str, path: &Path) -> Result<Vec<u8>, TlsError> {
    fs::read(path).map_err(|source| unreadable(parameter, path, source))
}

fn unreadable(parameter: &'static str, path: &Path, source: io::Error) -> TlsError {
    TlsError::File { parameter, path: path.to_owned(), source }
}
