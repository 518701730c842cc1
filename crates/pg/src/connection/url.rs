//! Parses a database URL in which TLS parameters mean what they mean to libpq. tokio-postgres knows three of
//! the modes and none of the files, so they are removed before it parses the rest.

use std::{borrow::Cow, fmt, path::PathBuf, str::FromStr as _};

use percent_encoding::percent_decode_str;
use tokio_postgres::{
    Config,
    config::{ChannelBinding, SslMode as Known},
};

/// A parsed URL.
#[derive(Debug, Clone)]
pub struct DatabaseUrl {
    /// Host, user, database and other parameters.
    pub config: Config,
    /// The protection of sessions over TCP.
    pub tls: TlsParameters,
}

/// The TLS parameters of a URL.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TlsParameters {
    /// `sslmode`; `None` means that it depends on the server's address.
    pub mode: Option<SslMode>,
    /// `sslrootcert`; `None` means the system's certificates.
    pub roots: Option<Roots>,
    /// `sslcert` and `sslkey`.
    pub identity: Option<Identity>,
}

/// The protection of a session over TCP, from the weakest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SslMode {
    /// Never TLS.
    Disable,
    /// TLS if the server has it, or else none.
    Prefer,
    /// TLS with any server.
    Require,
    /// TLS with a certificate from a trusted authority.
    VerifyCa,
    /// TLS with such a certificate for the host name in the URL.
    VerifyFull,
}

/// The trusted authorities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Roots {
    /// Those of the system.
    System,
    /// Those of a PEM file.
    File(PathBuf),
}

/// The certificate with which this client identifies itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// A PEM file: the certificate, then its chain.
    pub certificate: PathBuf,
    /// A PEM file with the key.
    pub key: PathBuf,
}

impl SslMode {
    /// All modes, from the weakest.
    pub const ALL: [SslMode; 5] =
        [Self::Disable, Self::Prefer, Self::Require, Self::VerifyCa, Self::VerifyFull];

    /// The value in a URL.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Disable => "disable",
            Self::Prefer => "prefer",
            Self::Require => "require",
            Self::VerifyCa => "verify-ca",
            Self::VerifyFull => "verify-full",
        }
    }
}

impl fmt::Display for SslMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

const SHAPE: &str = "postgres://USER:PASSWORD@HOST:PORT/DATABASE";
/// The parser quotes what it does not know, which can be part of a password.
const UNREAD: &str = "it cannot be read, or has a parameter that is not known";
const CHANNEL_BINDING: &str = "channel_binding=disable, prefer or require";

impl DatabaseUrl {
    /// Parses a URL.
    ///
    /// # Errors
    /// What is allowed, without a quote of the URL, which can hold a password.
    pub fn parse(url: &str) -> Result<Self, String> {
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return Err(SHAPE.to_owned());
        }
        let (rest, given) = Given::taken_out_of(url)?;
        let config = Config::from_str(&rest).map_err(|_| format!("{SHAPE}; {UNREAD}"))?;
        // Only a password with a raw `?` can hide a parameter here and show it to the parser.
        if config.get_ssl_mode() != Known::Prefer {
            return Err("percent-encoded characters in user and password".to_owned());
        }
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            return Err(format!("{SHAPE}; it names no host"));
        }
        let (names, addresses) = (config.get_hosts().len(), config.get_hostaddrs().len());
        if names > 0 && addresses > 0 && names != addresses {
            return Err("as many addresses in hostaddr as the URL names hosts".to_owned());
        }
        let tls = given.checked()?;
        if config.get_channel_binding() == ChannelBinding::Require
            && tls.mode == Some(SslMode::Disable)
        {
            return Err("no channel_binding=require with sslmode=disable: without TLS there is \
                        no channel to bind to"
                .to_owned());
        }
        Ok(Self { config, tls })
    }
}

/// The given parameters. The last one of a name wins, and an empty file name means none.
#[derive(Default)]
struct Given {
    mode: Option<SslMode>,
    roots: Option<String>,
    certificate: Option<String>,
    key: Option<String>,
}

impl Given {
    /// Returns the URL without these parameters, and the parameters.
    fn taken_out_of(url: &str) -> Result<(String, Self), String> {
        let mut given = Self::default();
        let Some((place, query)) = query_of(url) else {
            return Ok((url.to_owned(), given));
        };
        let mut left = Vec::new();
        for pair in query.split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (decoded(name)?, decoded(value)?);
            if !given.take(&name, &value)? {
                left.push(pair);
            }
        }
        Ok((format!("{place}?{}", left.join("&")), given))
    }

    /// Takes the parameter if it is one of these.
    fn take(&mut self, name: &str, value: &str) -> Result<bool, String> {
        let file = Some(value.to_owned()).filter(|value| !value.is_empty());
        match name {
            "sslmode" => {
                let mode = SslMode::ALL.into_iter().find(|mode| mode.as_str() == value);
                self.mode = Some(mode.ok_or_else(modes)?);
            }
            "sslrootcert" => self.roots = file,
            "sslcert" => self.certificate = file,
            "sslkey" => self.key = file,
            "channel_binding" if !matches!(value, "disable" | "prefer" | "require") => {
                return Err(CHANNEL_BINDING.to_owned());
            }
            "sslnegotiation" if value != "postgres" => {
                return Err("sslnegotiation=postgres".to_owned());
            }
            "sslpassword" => {
                return Err(
                    "no sslpassword: sslkey has to be a key without a passphrase".to_owned()
                );
            }
            // These are refused so that nobody relies on them.
            "sslcrl"
            | "sslcrldir"
            | "sslsni"
            | "sslcompression"
            | "sslcertmode"
            | "ssl_min_protocol_version"
            | "ssl_max_protocol_version"
            | "requiressl" => {
                return Err(format!(
                    "no {name}: of TLS there are sslmode, sslrootcert, sslcert, sslkey and \
                     channel_binding"
                ));
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn checked(self) -> Result<TlsParameters, String> {
        let roots = self.roots.map(|file| match file.as_str() {
            "system" => Roots::System,
            _ => Roots::File(file.into()),
        });
        let mode = match (&roots, self.mode) {
            (Some(Roots::System), None | Some(SslMode::VerifyFull)) => Some(SslMode::VerifyFull),
            (Some(Roots::System), Some(weak)) => {
                return Err(format!(
                    "sslmode=verify-full with sslrootcert=system, not sslmode={weak}: anybody can \
                     have a certificate that the system trusts"
                ));
            }
            (None, Some(SslMode::VerifyCa)) => {
                return Err("sslrootcert=FILE with sslmode=verify-ca, or sslmode=verify-full: \
                            anybody can have a certificate that the system trusts"
                    .to_owned());
            }
            (_, mode) => mode,
        };
        let identity = match (self.certificate, self.key) {
            (Some(certificate), Some(key)) => {
                Some(Identity { certificate: certificate.into(), key: key.into() })
            }
            (None, None) => None,
            _ => return Err("sslcert=FILE and sslkey=FILE together, or neither".to_owned()),
        };
        Ok(TlsParameters { mode, roots, identity })
    }
}

fn modes() -> String {
    let names = SslMode::ALL.map(SslMode::as_str).join(", ");
    format!("sslmode=MODE, one of {names}")
}

/// Splits the URL at the query. An `@` before the first slash ends user and password, which may contain a
/// `?`.
fn query_of(url: &str) -> Option<(&str, &str)> {
    let begin = url.find("://").map_or(0, |at| at + 3);
    let slash = url[begin..].find('/').map_or(url.len(), |at| begin + at);
    let host = url[begin..slash].find('@').map_or(begin, |at| begin + at + 1);
    let at = host + url[host..].find('?')?;
    Some((&url[..at], &url[at + 1..]))
}

fn decoded(text: &str) -> Result<Cow<'_, str>, String> {
    let decoded = percent_decode_str(text).decode_utf8();
    decoded.map_err(|_| "parameters in UTF-8".to_owned())
}

#[cfg(test)]
mod tests;
