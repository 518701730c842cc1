//! Opening a socket to PostgreSQL, and a session over it.

use std::{io, path::Path, str::FromStr as _, time::Duration};

use socket2::{SockRef, TcpKeepalive};
use tokio::net::{TcpStream, UnixStream, lookup_host};
use tokio_postgres::{
    Client, Config, NoTls,
    config::{Host, SslMode},
};

use super::sqlstate::{LastError, Watched};
use crate::store::error::ConnectError;

/// A session over TCP ends when the other side said nothing for so long.
const SILENCE: Duration = Duration::from_secs(30);

/// What a client and its driver are made of, whatever the socket.
pub struct Dialled {
    /// The session.
    pub client: Client,
    /// SQLSTATE of its newest error.
    pub last_error: LastError,
}

/// Opens a session; its driver runs on the current runtime, which has to be the `db` runtime.
///
/// # Errors
/// Tells URL, name, socket, time and PostgreSQL's own refusal apart.
pub async fn dial(config: &Config, timeout: Duration) -> Result<Dialled, ConnectError> {
    tokio::time::timeout(timeout, dial_any(config)).await.map_err(|_| ConnectError::Timeout)?
}

/// The configuration a URL stands for.
///
/// # Errors
/// [`ConnectError::Url`], which never repeats the URL: it can hold a password.
pub fn parse(url: &str) -> Result<Config, ConnectError> {
    let config = Config::from_str(url).map_err(|error| ConnectError::Url(error.to_string()))?;
    if config.get_ssl_mode() == SslMode::Require {
        return Err(ConnectError::Url(
            "sslmode=require is not supported; use a local socket, a private network or a tunnel"
                .to_owned(),
        ));
    }
    if config.get_hosts().is_empty() {
        return Err(ConnectError::Url("it names no host".to_owned()));
    }
    Ok(config)
}

async fn dial_any(config: &Config) -> Result<Dialled, ConnectError> {
    let mut failure = ConnectError::Url("it names no host".to_owned());
    for (index, host) in config.get_hosts().iter().enumerate() {
        let ports = config.get_ports();
        let port = ports.get(index).or(ports.first()).copied().unwrap_or(5432);
        let dialled = match host {
            Host::Unix(directory) => dial_unix(config, directory, port).await,
            Host::Tcp(name) => dial_tcp(config, name, port).await,
        };
        match dialled {
            Ok(dialled) => return Ok(dialled),
            Err(error) => failure = error,
        }
    }
    Err(failure)
}

async fn dial_unix(config: &Config, directory: &Path, port: u16) -> Result<Dialled, ConnectError> {
    let path = directory.join(format!(".s.PGSQL.{port}"));
    let socket = UnixStream::connect(&path)
        .await
        .map_err(|source| ConnectError::Io { host: path.display().to_string(), source })?;
    start(config, socket).await
}

async fn dial_tcp(config: &Config, name: &str, port: u16) -> Result<Dialled, ConnectError> {
    let addresses: Vec<_> = lookup_host((name, port)).await.map_err(ConnectError::Dns)?.collect();
    let host = format!("{name}:{port}");
    let mut source = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(socket) => {
                prepare(&socket).map_err(|source| ConnectError::Io { host, source })?;
                return start(config, socket).await;
            }
            Err(error) => source = error,
        }
    }
    Err(ConnectError::Io { host, source })
}

/// A host that vanishes without a word must not hold a session for as long as the kernel would.
fn prepare(socket: &TcpStream) -> io::Result<()> {
    let probes = TcpKeepalive::new().with_time(SILENCE).with_interval(SILENCE / 3).with_retries(3);
    let socket = SockRef::from(socket);
    socket.set_tcp_nodelay(true)?;
    socket.set_tcp_keepalive(&probes)?;
    socket.set_tcp_user_timeout(Some(SILENCE))
}

async fn start<S>(config: &Config, socket: S) -> Result<Dialled, ConnectError>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    let last_error = LastError::default();
    let watched = Watched::new(socket, last_error.clone());
    let (client, driver) =
        config.connect_raw(watched, NoTls).await.map_err(ConnectError::Refused)?;
    tokio::spawn(async move {
        if let Err(error) = driver.await {
            tracing::debug!(error = %error, "a database session ended");
        }
    });
    Ok(Dialled { client, last_error })
}
