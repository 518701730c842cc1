//! Asking a server for TLS, and the handshake, below everything that reads or writes a session.

use std::{convert::Infallible, future::Ready, io};

use rustls::ClientConfig;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect, TlsStream};
use tokio_postgres_rustls::MakeRustlsConnect;

/// `SSLRequest`: its length, and the number that stands for it.
const REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

/// A socket with TLS.
pub type Secured<S> = <MakeRustlsConnect as MakeTlsConnect<S>>::Stream;

/// What it takes to begin TLS with one host, also once more, to cancel.
#[derive(Clone)]
pub struct Handshake {
    client: MakeRustlsConnect,
    name: String,
}

/// How the server answered.
pub enum Begun<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> {
    /// With TLS.
    Secured(Box<Secured<S>>),
    /// It has no TLS; nothing was sent since, and the socket can still be used without.
    NotOffered(S),
    /// Not as PostgreSQL does.
    Unknown,
}

impl Handshake {
    pub(super) fn new(client: ClientConfig, name: String) -> Self {
        Self { client: MakeRustlsConnect::new(client), name }
    }

    /// Asks for TLS and begins it. One byte is read before, and no more: what somebody on the way
    /// appends to it is taken for TLS, and fails.
    ///
    /// # Errors
    /// Of the socket and of the handshake.
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

/// For tokio-postgres, to which a stream is handed that has TLS already.
pub struct Already;

impl<S: TlsStream + Unpin> TlsConnect<S> for Already {
    type Stream = S;
    type Error = Infallible;
    type Future = Ready<Result<S, Infallible>>;

    fn connect(self, stream: S) -> Self::Future {
        std::future::ready(Ok(stream))
    }
}
