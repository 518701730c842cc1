//! Cancelling what a session runs, from outside of it.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use tokio::{
    net::{TcpStream, UnixStream},
    task::AbortHandle,
};
use tokio_postgres::{CancelToken, NoTls};

/// No answer is waited for; the socket has to open in this time.
const PATIENCE: Duration = Duration::from_secs(2);

/// Where a session's server listens.
#[derive(Debug, Clone)]
pub enum Address {
    /// A socket in the file system.
    Unix(PathBuf),
    /// An address of a host.
    Tcp(SocketAddr),
}

/// What cancels the statement of one session.
#[derive(Clone)]
pub struct Request {
    /// Process id and secret of the session.
    pub token: CancelToken,
    /// The very server that runs it: a name could stand for several.
    pub address: Address,
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
        match self.address {
            Address::Unix(path) => {
                let socket = UnixStream::connect(path).await?;
                self.token.cancel_query_raw(socket, NoTls).await?;
            }
            Address::Tcp(address) => {
                let socket = TcpStream::connect(address).await?;
                self.token.cancel_query_raw(socket, NoTls).await?;
            }
        }
        Ok(())
    }
}
