//! Requests TLS and runs the handshake, below everything that reads or writes a session.

use std::{convert::Infallible, future::Ready, io};

use rustls::ClientConfig;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect, TlsStream};
use tokio_postgres_rustls::MakeRustlsConnect;

/// `SSLRequest`: its length and its code.
const REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

/// A socket with TLS.
pub type Secured<S> = <MakeRustlsConnect as MakeTlsConnect<S>>::Stream;

/// What is needed to begin TLS with one host, including for a cancel request.
#[derive(Clone)]
pub struct Handshake {
    client: MakeRustlsConnect,
    name: String,
}

/// The server's answer.
pub enum Begun<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> {
    /// With TLS.
    Secured(Box<Secured<S>>),
    /// The server has no TLS. Nothing else was sent, so that the socket can be used without.
    NotOffered(S),
    /// The answer is not one of PostgreSQL's.
    Unknown,
}

impl Handshake {
    pub(super) fn new(client: ClientConfig, name: String) -> Self {
        Self { client: MakeRustlsConnect::new(client), name }
    }

    /// Requests TLS and begins it. Only one byte is read before; bytes that somebody in between appends are
    /// read as TLS, and fail.
    ///
    /// # Errors
    /// The errors of the socket and of the handshake.
    pub async fn begin<S>(&self, mut socket: S) -> io::Result<Begun<S>>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        socket.write_all(&REQUEST).await?;
        socket.flush().await?;
        match socket.read_u8().await? {
            b'S' => {}
            b'N' => return Ok(Begun::NotOffered(socket)),
            _ => return Ok(Begun::Unknown),
        }
        let Ok(connect) =
            MakeTlsConnect::<S>::make_tls_connect(&mut self.client.clone(), &self.name);
        Ok(Begun::Secured(Box::new(connect.connect(socket).await?)))
    }
}

/// Describes a stream that already has TLS to tokio-postgres.
pub struct Already;

impl<S: TlsStream + Unpin> TlsConnect<S> for Already {
    type Stream = S;
    type Error = Infallible;
    type Future = Ready<Result<S, Infallible>>;

    fn connect(self, stream: S) -> Self::Future {
        std::future::ready(Ok(stream))
    }
}
