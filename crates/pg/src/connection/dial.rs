//! Opens sessions with one server, over the first socket that connects.

use std::{net::SocketAddr, path::Path, time::Duration};

use tokio::net::UnixStream;
use tokio_postgres::{Client, Config, NoTls, error::SqlState};

use super::{
    cancel::{Canceller, Transport},
    open_sessions::{Enlisted, OpenSessions, Role},
    pinned::{Pinned, Settled},
    place::{At, Place, places},
    start::{Started, start},
    tcp::{Server, addresses_of},
    tls::Tls,
    wire::Wire,
};
use crate::{error::ConnectError, hooks::Hooks};

/// Opens sessions with one server. Clones share the list of them.
#[derive(Clone)]
pub struct Dialler {
    /// Host, user, database, and what the URL sets.
    pub(crate) config: Config,
    /// The settings of a session.
    pub(crate) pinned: Pinned,
    /// The protection of sessions over TCP.
    pub(crate) tls: Tls,
    /// The longest time to open a session.
    pub(crate) timeout: Duration,
    /// The list of open sessions.
    pub(crate) open_sessions: OpenSessions,
    /// The hooks of the service.
    pub(crate) hooks: Hooks,
}

/// An open session over any socket.
pub struct Dialled {
    /// The session.
    pub client: Client,
    /// The observed messages of the server.
    pub wire: Wire,
    /// Cancels the session's statement.
    pub canceller: Canceller,
    /// The entry in the list of open sessions. It must be kept as long as the client.
    pub enlisted: Enlisted,
    /// The result of its settings.
    pub settled: Settled,
    /// The server's statement timeout.
    pub statement_timeout: Duration,
    /// The hooks of the service.
    pub hooks: Hooks,
}

impl Dialler {
    /// Opens a session. Its driver runs on the current runtime, which must outlive all others.
    ///
    /// # Errors
    /// Distinguishes URL, name, socket, time-out and PostgreSQL's refusal.
    pub(crate) async fn dial(&self, role: Role) -> Result<Dialled, ConnectError> {
        let dialling = self.open_sessions.dialling();
        let opening = async {
            let started = self.greet().await?;
            let settled = self.pinned.settle(&started.0).await.map_err(ConnectError::Refused)?;
            Ok::<_, ConnectError>((started, settled))
        };
        let opened = tokio::time::timeout(self.timeout, opening).await;
        let ((client, wire, canceller), settled) = opened.map_err(|_| ConnectError::Timeout)??;
        let statement_timeout = self.pinned.statement_timeout;
        wire.limit(Some(statement_timeout));
        let enlisted = self.open_sessions.enlist(settled.pid, role, wire.clone());
        dialling.listed();
        let hooks = self.hooks;
        Ok(Dialled { client, wire, canceller, enlisted, settled, statement_timeout, hooks })
    }

    /// Opens a session only to see which of its settings reach the server.
    ///
    /// # Errors
    /// No session can be opened.
    pub async fn settled(&self) -> Result<Settled, ConnectError> {
        Ok(self.dial(Role::System).await?.settled)
    }

    /// Whether the URL sets options of its sessions.
    pub fn has_options(&self) -> bool {
        self.config.get_options().is_some()
    }

    /// Whether a pooler lends these sessions, according to those opened so far.
    pub fn is_pooled(&self) -> bool {
        self.open_sessions.is_pooled()
    }

    /// The name under which the server lists its sessions.
    pub(crate) fn application_name(&self) -> &str {
        self.config.get_application_name().unwrap_or_default()
    }

    /// Opens a session without settings that is not in the list of open sessions, to detect a pooler.
    ///
    /// # Errors
    /// The errors of [`Dialler::dial`].
    pub(super) async fn dial_bare(&self) -> Result<Client, ConnectError> {
        let opened = tokio::time::timeout(self.timeout, self.dial_any()).await;
        let (client, wire, _) = opened.map_err(|_| ConnectError::Timeout)??;
        wire.limit(Some(self.timeout));
        Ok(client)
    }

    /// The same server with another statement timeout.
    pub fn limited(&self, statement_timeout: Duration) -> Self {
        Self { pinned: self.pinned.limited(statement_timeout), ..self.clone() }
    }

    /// Sends the startup message. A pooler may refuse options, as pgbouncer does unless it ignores them; then
    /// the settings are applied afterwards.
    async fn greet(&self) -> Result<Started, ConnectError> {
        let config = self.pinned.greeting(&self.config);
        match (Self { config, ..self.clone() }).dial_any().await {
            Err(ConnectError::Refused(error))
                if error.code() == Some(&SqlState::PROTOCOL_VIOLATION)
                    && self.config.get_options().is_none() =>
            {
                self.dial_any().await
            }
            greeted => greeted,
        }
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
        let label = match (name, at) {
            (None, At::Tcp(_, Some(address))) => SocketAddr::from((address, port)).to_string(),
            (name, _) => format!("{}:{port}", name.unwrap_or_default()),
        };
        Server { config: &self.config, tls: &self.tls, name, label }.dial(&addresses).await
    }
}

async fn dial_unix(config: &Config, directory: &Path, port: u16) -> Result<Started, ConnectError> {
    let path = directory.join(format!(".s.PGSQL.{port}"));
    let socket = UnixStream::connect(&path)
        .await
        .map_err(|source| ConnectError::Io { host: path.display().to_string(), source })?;
    start(config, socket, NoTls, Wire::default(), Transport::Unix(path)).await
}
