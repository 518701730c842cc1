//! Cancelling what a session runs, from outside of it.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use tokio::{
    net::{TcpStream, UnixStream},
    task::AbortHandle,
};
use tokio_postgres::{CancelToken, NoTls};

use super::tls::{Already, Begun, Handshake};

/// No answer is waited for; the socket has to open in this time.
const PATIENCE: Duration = Duration::from_secs(2);

/// How a session's server was reached: the very server, for a name could stand for several.
#[derive(Clone)]
pub enum Way {
    /// By a socket in the file system.
    Unix(PathBuf),
    /// By an address of a host.
    Tcp(SocketAddr),
    /// By an address of a host, with TLS.
    Secured(SocketAddr, Handshake),
}

/// What cancels the statement of one session.
#[derive(Clone)]
pub struct Request {
    /// Process id and secret of the session.
    pub token: CancelToken,
    /// By which the request goes as the session went.
    pub way: Way,
}

/// Cancels the statement of one session over a socket of its own, and ends the session.
#[derive(Clone)]
pub struct Canceller {
    /// What is sent.
    pub request: Request,
    /// The task that has the session's socket.
    pub driver: AbortHandle,
}

impl Canceller {
    /// Asks for it, and closes the session's socket. The driver would wait for the answer first, and
    /// a request that overtook its statement is lost: then the server looks for its client, finds
    /// none, and ends what it runs (`client_connection_check_interval`).
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
    /// Sends it, and says so.
    pub async fn cancel(self) {
        match tokio::time::timeout(PATIENCE, self.ask()).await {
            Ok(Ok(())) => tracing::debug!("cancelled what a closed session ran"),
            Ok(Err(error)) => tracing::warn!(%error, "a closed session's statement goes on"),
            Err(_) => tracing::warn!("no socket to cancel a closed session's statement"),
        }
    }

    async fn ask(self) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        match self.way {
            Way::Unix(path) => {
                let socket = UnixStream::connect(path).await?;
                self.token.cancel_query_raw(socket, NoTls).await?;
            }
            Way::Tcp(address) => {
                let socket = TcpStream::connect(address).await?;
                self.token.cancel_query_raw(socket, NoTls).await?;
            }
            Way::Secured(address, handshake) => {
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
