//! Cancels the statement of a session over another socket.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use tokio::{
    net::{TcpStream, UnixStream},
    task::AbortHandle,
};
use tokio_postgres::{CancelToken, NoTls};

use super::tls::{Already, Begun, Handshake};

/// The limit for opening the socket. No answer is awaited.
const PATIENCE: Duration = Duration::from_secs(2);

/// How the server of a session was reached. It is the address and not the name, because a name could mean
/// several servers.
#[derive(Clone)]
pub enum Transport {
    /// By a socket in the file system.
    Unix(PathBuf),
    /// By an address of a host.
    Tcp(SocketAddr),
    /// By an address of a host, with TLS.
    Secured(SocketAddr, Handshake),
}

/// A request to cancel the statement of one session.
#[derive(Clone)]
pub struct Request {
    /// Process id and secret of the session.
    pub token: CancelToken,
    /// The way to the same server.
    pub transport: Transport,
}

/// Cancels the statement of one session over a separate socket, and ends the session.
#[derive(Clone)]
pub struct Canceller {
    /// The request.
    pub request: Request,
    /// The task that has the session's socket.
    pub driver: AbortHandle,
}

impl Canceller {
    /// Sends the request, and closes the session's socket. The driver would first wait for the answer, and a
    /// request that overtook its statement is lost. With the socket closed, the server notices that its
    /// client is gone (`client_connection_check_interval`) and ends the statement.
    pub async fn cancel(self) {
        self.request.cancel().await;
        self.driver.abort();
    }

    /// Whether the session is over.
    pub fn is_over(&self) -> bool {
        self.driver.is_finished()
    }
}

impl Request {
    /// Sends the request, and logs it.
    pub async fn cancel(self) {
        match tokio::time::timeout(PATIENCE, self.ask()).await {
            Ok(Ok(())) => tracing::debug!("cancelled what a closed session ran"),
            Ok(Err(error)) => tracing::warn!(%error, "a closed session's statement goes on"),
            Err(_) => tracing::warn!("no socket to cancel a closed session's statement"),
        }
    }

    async fn ask(self) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        match self.transport {
            Transport::Unix(path) => {
                let socket = UnixStream::connect(path).await?;
                self.token.cancel_query_raw(socket, NoTls).await?;
            }
            Transport::Tcp(address) => {
                let socket = TcpStream::connect(address).await?;
                self.token.cancel_query_raw(socket, NoTls).await?;
            }
            Transport::Secured(address, handshake) => {
                let socket = TcpStream::connect(address).await?;
                let Begun::Secured(socket) = handshake.begin(socket).await? else {
                    return Err("the server offers no TLS any more".into());
                };
                self.token.cancel_query_raw(*socket, Already).await?;
            }
        }
        Ok(())
    }
}
