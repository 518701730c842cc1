//! Opening a socket to PostgreSQL, and a session over it.

use std::{io, path::Path, str::FromStr as _, time::Duration};

use socket2::{SockRef, TcpKeepalive};
use tokio::net::{TcpStream, UnixStream, lookup_host};
use tokio_postgres::{
    Client, Config, NoTls,
    config::{Host, SslMode},
    error::SqlState,
};

use super::{
    cancel::{Address, Canceller, Request},
    pinned::{Pinned, Settled},
    roster::{Enlisted, Role, Roster},
    wire::{Watched, Wire},
};
use crate::store::error::ConnectError;

/// A session over TCP ends when the other side said nothing for so long.
const SILENCE: Duration = Duration::from_secs(30);

/// Opens sessions with one server.
#[derive(Clone)]
pub struct Dialler {
    /// Host, user, database, and what the URL sets.
    pub config: Config,
    /// What a session is set to.
    pub pinned: Pinned,
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
    /// What became of its settings.
    pub settled: Settled,
    /// The longest statement that the server lets it run.
    pub statement_timeout: Duration,
}

impl Dialler {
    /// Opens a session; its driver runs on the current runtime, which has to be the `db` runtime.
    ///
    /// # Errors
    /// Tells URL, name, socket, time and PostgreSQL's own refusal apart.
    pub async fn dial(&self, role: Role) -> Result<Dialled, ConnectError> {
        let dialling = self.roster.dialling();
        let opening = async {
            let started = self.greet().await?;
            let settled = self.pinned.settle(&started.0).await.map_err(ConnectError::Refused)?;
            Ok((started, settled))
        };
        let opened = tokio::time::timeout(self.timeout, opening).await;
        let ((client, wire, canceller), settled) = opened.map_err(|_| ConnectError::Timeout)??;
        let statement_timeout = self.pinned.statement_timeout;
        wire.limit(Some(statement_timeout));
        let enlisted = self.roster.enlist(settled.pid, role, wire.clone());
        drop(dialling);
        Ok(Dialled { client, wire, canceller, enlisted, settled, statement_timeout })
    }

    /// Opens a session that is set to nothing and is in no roster, for a look at what is between.
    ///
    /// # Errors
    /// As [`Dialler::dial`].
    pub async fn dial_bare(&self) -> Result<Client, ConnectError> {
        let opened = tokio::time::timeout(self.timeout, dial_any(&self.config)).await;
        let (client, wire, _) = opened.map_err(|_| ConnectError::Timeout)??;
        wire.limit(Some(self.timeout));
        Ok(client)
    }

    /// The same server with another longest statement.
    pub fn limited(&self, statement_timeout: Duration) -> Self {
        Self { pinned: self.pinned.limited(statement_timeout), ..self.clone() }
    }

    /// A pooler may refuse options, as pgbouncer does unless it is told to ignore them: then all is
    /// set afterwards.
    async fn greet(&self) -> Result<Started, ConnectError> {
        let greeted = dial_any(&self.pinned.greeting(&self.config)).await;
        match greeted {
            Err(ConnectError::Refused(error))
                if error.code() == Some(&SqlState::PROTOCOL_VIOLATION)
                    && self.config.get_options().is_none() =>
            {
                dial_any(&self.config).await
            }
            greeted => greeted,
        }
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

async fn start<S>(config: &Config, socket: S, address: Address) -> Result<Started, ConnectError>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    let wire = Wire::default();
    let watched = Watched::new(socket, wire.clone());
    let (client, driver) =
        config.connect_raw(watched, NoTls).await.map_err(ConnectError::Refused)?;
    let request = Request { token: client.cancel_token(), address };
    let (watching, cancelling) = (wire.clone(), request.clone());
    let driver = tokio::spawn(async move {
        // The one place that ends a statement for its time: whoever waits for it learns that the
        // session is closed.
        tokio::select! {
            ended = driver => if let Err(error) = ended {
                tracing::debug!(error = %error, "a database session ended");
            },
            () = watching.late() => {
                tracing::warn!("the server is late with an answer: the session is given up");
                cancelling.cancel().await;
            }
        }
    });
    let driver = driver.abort_handle();
    Ok((client, wire, Canceller { request, driver }))
}
