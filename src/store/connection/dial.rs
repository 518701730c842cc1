//! Opening a socket to PostgreSQL, and a session over it.

use std::{io, path::Path, str::FromStr as _, time::Duration};

use socket2::{SockRef, TcpKeepalive};
use tokio::net::{TcpStream, UnixStream, lookup_host};
use tokio_postgres::{
    Client, Config, NoTls, SimpleQueryMessage,
    config::{Host, SslMode},
};

use super::{
    cancel::{Address, Canceller},
    roster::{Enlisted, Role, Roster},
    wire::{Watched, Wire},
};
use crate::store::error::ConnectError;

/// A session over TCP ends when the other side said nothing for so long.
const SILENCE: Duration = Duration::from_secs(30);

/// Opens sessions with one server.
#[derive(Clone)]
pub struct Dialler {
    /// Host, user, database, and what a session is set to.
    pub config: Config,
    /// Longest time to open a session.
    pub timeout: Duration,
    /// Where every session is entered.
    pub roster: Roster,
}

/// An open session, whatever its socket.
pub struct Dialled {
    /// The session.
    pub client: Client,
    /// What the server says.
    pub wire: Wire,
    /// How its statement is cancelled.
    pub canceller: Canceller,
    /// Its place in the roster: whoever keeps the client keeps this, too.
    pub enlisted: Enlisted,
}

impl Dialler {
    /// Opens a session; its driver runs on the current runtime, which has to be the `db` runtime.
    ///
    /// # Errors
    /// Tells URL, name, socket, time and PostgreSQL's own refusal apart.
    pub async fn dial(&self, role: Role) -> Result<Dialled, ConnectError> {
        let dialling = async {
            let started = dial_any(&self.config).await?;
            let pid = pid_of(&started.0).await.map_err(ConnectError::Refused)?;
            Ok((started, pid))
        };
        let dialled = tokio::time::timeout(self.timeout, dialling).await;
        let ((client, wire, canceller), pid) = dialled.map_err(|_| ConnectError::Timeout)??;
        let enlisted = self.roster.enlist(pid, role);
        Ok(Dialled { client, wire, canceller, enlisted })
    }
}

type Started = (Client, Wire, Canceller);

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

async fn dial_any(config: &Config) -> Result<Started, ConnectError> {
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

async fn dial_unix(config: &Config, directory: &Path, port: u16) -> Result<Started, ConnectError> {
    let path = directory.join(format!(".s.PGSQL.{port}"));
    let socket = UnixStream::connect(&path)
        .await
        .map_err(|source| ConnectError::Io { host: path.display().to_string(), source })?;
    start(config, socket, Address::Unix(path)).await
}

async fn dial_tcp(config: &Config, name: &str, port: u16) -> Result<Started, ConnectError> {
    let addresses: Vec<_> = lookup_host((name, port)).await.map_err(ConnectError::Dns)?.collect();
    let host = format!("{name}:{port}");
    let mut source = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(socket) => {
                prepare(&socket).map_err(|source| ConnectError::Io { host, source })?;
                return start(config, socket, Address::Tcp(address)).await;
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

/// The server's own word: the id that comes with the greeting is a pooler's, where there is one.
async fn pid_of(client: &Client) -> Result<Option<i32>, tokio_postgres::Error> {
    let answer = client.simple_query("select pg_backend_pid()").await?;
    let pid = answer.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0)?.parse().ok(),
        _ => None,
    });
    Ok(pid)
}

async fn start<S>(config: &Config, socket: S, address: Address) -> Result<Started, ConnectError>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    let wire = Wire::default();
    let watched = Watched::new(socket, wire.clone());
    let (client, driver) =
        config.connect_raw(watched, NoTls).await.map_err(ConnectError::Refused)?;
    let driver = tokio::spawn(async move {
        if let Err(error) = driver.await {
            tracing::debug!(error = %error, "a database session ended");
        }
    });
    let (token, driver) = (client.cancel_token(), driver.abort_handle());
    Ok((client, wire, Canceller { token, address, driver }))
}
