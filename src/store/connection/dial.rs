//! Opening a socket to PostgreSQL, and a session over it.

use std::{net::SocketAddr, path::Path, time::Duration};

use tokio::net::UnixStream;
use tokio_postgres::{Client, Config, NoTls, SimpleQueryMessage, tls::TlsConnect};

use super::{
    cancel::{Canceller, Way},
    place::{At, Place, places},
    roster::{Enlisted, Role, Roster},
    tcp::{Server, addresses_of},
    tls::Tls,
    wire::{Watched, Wire},
};
use crate::store::error::ConnectError;

/// Opens sessions with one server.
#[derive(Clone)]
pub struct Dialler {
    /// Host, user, database, and what a session is set to.
    pub config: Config,
    /// How sessions over TCP are protected.
    pub tls: Tls,
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
            let started = self.dial_any().await?;
            let pid = pid_of(&started.0).await.map_err(ConnectError::Refused)?;
            Ok::<_, ConnectError>((started, pid))
        };
        let dialled = tokio::time::timeout(self.timeout, dialling).await;
        let ((client, wire, canceller), pid) = dialled.map_err(|_| ConnectError::Timeout)??;
        let enlisted = self.roster.enlist(pid, role);
        Ok(Dialled { client, wire, canceller, enlisted })
    }

    async fn dial_any(&self) -> Result<Started, ConnectError> {
        let mut failure = ConnectError::Url("a host".to_owned());
        for place in places(&self.config) {
            match self.dial_at(place).await {
                Ok(started) => return Ok(started),
                Err(error) => failure = error,
            }
        }
        Err(failure)
    }

    async fn dial_at(&self, Place { at, port }: Place<'_>) -> Result<Started, ConnectError> {
        let (name, addresses) = match at {
            At::Unix(directory) => return dial_unix(&self.config, directory, port).await,
            At::Tcp(name, Some(address)) => (name, vec![SocketAddr::from((address, port))]),
            At::Tcp(name, None) => (name, addresses_of(name.unwrap_or_default(), port).await?),
        };
        let shown = match (name, at) {
            (None, At::Tcp(_, Some(address))) => SocketAddr::from((address, port)).to_string(),
            (name, _) => format!("{}:{port}", name.unwrap_or_default()),
        };
        Server { config: &self.config, tls: &self.tls, name, shown }.dial(&addresses).await
    }
}

/// A session whose driver runs.
pub(super) type Started = (Client, Wire, Canceller);

async fn dial_unix(config: &Config, directory: &Path, port: u16) -> Result<Started, ConnectError> {
    let path = directory.join(format!(".s.PGSQL.{port}"));
    let socket = UnixStream::connect(&path)
        .await
        .map_err(|source| ConnectError::Io { host: path.display().to_string(), source })?;
    start(config, socket, NoTls, Wire::default(), Way::Unix(path)).await
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

/// Opens a session over a socket; `tls` is told of what the socket has already.
pub(super) async fn start<S, T>(
    config: &Config,
    socket: S,
    tls: T,
    wire: Wire,
    way: Way,
) -> Result<Started, ConnectError>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
    T: TlsConnect<Watched<S>>,
    T::Stream: Send + 'static,
{
    let watched = Watched::new(socket, wire.clone());
    let (client, driver) = config.connect_raw(watched, tls).await.map_err(ConnectError::Refused)?;
    let driver = tokio::spawn(async move {
        if let Err(error) = driver.await {
            tracing::debug!(error = %error, "a database session ended");
        }
    });
    let (token, driver) = (client.cancel_token(), driver.abort_handle());
    Ok((client, wire, Canceller { token, way, driver }))
}
