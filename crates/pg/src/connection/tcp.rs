//! A session over TCP, with the requested protection.

use std::{io, net::SocketAddr, sync::Once, time::Duration};

use socket2::{SockRef, TcpKeepalive};
use tokio::net::{TcpStream, lookup_host};
use tokio_postgres::{
    Config, NoTls,
    config::{SslMode, SslNegotiation},
};

use super::{
    cancel::Transport,
    start::{Started, start},
    tls::{Already, Begun, Handshake, Host, Protection, Tls, TlsError},
    wire::Wire,
};
use crate::error::ConnectError;

/// The time without any packet after which a TCP session ends.
const SILENCE: Duration = Duration::from_secs(30);
/// SQLSTATE `invalid_authorization_specification`: a rule of the server's `pg_hba.conf`.
const RULED_OUT: &str = "28000";

/// The host in the URL.
pub struct Server<'a> {
    /// The parameters of the session.
    pub config: &'a Config,
    /// The protection of the session.
    pub tls: &'a Tls,
    /// The name that its certificate must have.
    pub name: Option<&'a str>,
    /// The name in messages.
    pub label: String,
}

impl Server<'_> {
    /// Opens a session with the first address that accepts a connection.
    pub async fn dial(&self, addresses: &[SocketAddr]) -> Result<Started, ConnectError> {
        let mut source = io::Error::from(io::ErrorKind::AddrNotAvailable);
        for address in addresses {
            match TcpStream::connect(address).await {
                Ok(socket) => return self.open(socket, *address).await,
                Err(error) => source = error,
            }
        }
        Err(self.unreachable(source))
    }

    async fn open(&self, socket: TcpStream, at: SocketAddr) -> Result<Started, ConnectError> {
        prepare(&socket).map_err(|source| self.unreachable(source))?;
        let protection = self.tls.protection_at(at.ip());
        if !protection.is_tls_tried() {
            return self.plain(socket, at, protection).await;
        }
        let host = Host { name: self.name, address: at.ip() };
        let handshake = self.tls.handshake(protection, host).await?;
        let failure = match handshake.begin(socket).await {
            Ok(Begun::NotOffered(socket)) if protection.is_plain_allowed() => {
                return self.plain(socket, at, protection).await;
            }
            Ok(Begun::Secured(socket)) => match self.secured(*socket, at, handshake).await {
                Ok(started) => return Ok(started),
                Err(error) => error,
            },
            Ok(Begun::NotOffered(_)) => {
                TlsError::NotOffered { server: self.label.clone(), mode: protection.mode }.into()
            }
            Ok(Begun::Unknown) => TlsError::Answer { server: self.label.clone() }.into(),
            Err(source) => {
                TlsError::Handshake { server: self.label.clone(), mode: protection.mode, source }
                    .into()
            }
        };
        if !(protection.is_plain_allowed() && may_differ_in_plain(&failure)) {
            return Err(failure);
        }
        // As in libpq. If this fails too, the TLS error is more helpful.
        let again = TcpStream::connect(at).await.map_err(|source| self.unreachable(source))?;
        prepare(&again).map_err(|source| self.unreachable(source))?;
        self.plain(again, at, protection).await.map_err(|_| failure)
    }

    async fn secured<S>(
        &self,
        socket: S,
        at: SocketAddr,
        handshake: Handshake,
    ) -> Result<Started, ConnectError>
    where
        S: tokio_postgres::tls::TlsStream + Unpin + Send + 'static,
    {
        // The TLS that it is configured to negotiate already exists.
        let mut config = self.config.clone();
        config.ssl_mode(SslMode::Require).ssl_negotiation(SslNegotiation::Direct);
        start(&config, socket, Already, Wire::default(), Transport::Secured(at, handshake)).await
    }

    async fn plain(
        &self,
        socket: TcpStream,
        at: SocketAddr,
        protection: Protection,
    ) -> Result<Started, ConnectError> {
        let wire = if protection.is_exposed { Wire::exposed() } else { Wire::default() };
        let started = start(self.config, socket, NoTls, wire.clone(), Transport::Tcp(at)).await;
        if wire.refused_cleartext() {
            return Err(ConnectError::Cleartext { host: self.label.clone() });
        }
        if started.is_ok() && wire.was_asked_for_md5() {
            warn_of_md5(&self.label);
        }
        started
    }

    fn unreachable(&self, source: io::Error) -> ConnectError {
        ConnectError::Io { host: self.label.clone(), source }
    }
}

/// Resolves a name.
pub async fn addresses_of(name: &str, port: u16) -> Result<Vec<SocketAddr>, ConnectError> {
    Ok(lookup_host((name, port)).await.map_err(ConnectError::Dns)?.collect())
}

/// Whether a session that failed with TLS may succeed without: the handshake failed, the server's rules only
/// allow sessions without TLS, or the server's part of TLS 1.3 failed after ours.
fn may_differ_in_plain(error: &ConnectError) -> bool {
    match error {
        ConnectError::Tls(_) => true,
        ConnectError::Refused(error) => error.code().is_none_or(|code| code.code() == RULED_OUT),
        _ => false,
    }
}

/// Whoever read the digest can guess the password offline. Logged once and not per session.
fn warn_of_md5(host: &str) {
    static LOGGED: Once = Once::new();
    LOGGED.call_once(|| {
        tracing::warn!(
            host,
            "the password was sent as an MD5 digest over a network without TLS; use TLS, or \
             scram-sha-256 on the server"
        );
    });
}

/// Ends sessions with a vanished host earlier than the kernel would.
fn prepare(socket: &TcpStream) -> io::Result<()> {
    let probes = TcpKeepalive::new().with_time(SILENCE).with_interval(SILENCE / 3).with_retries(3);
    let socket = SockRef::from(socket);
    socket.set_tcp_nodelay(true)?;
    socket.set_tcp_keepalive(&probes)?;
    socket.set_tcp_user_timeout(Some(SILENCE))
}
