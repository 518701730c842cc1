//! Starts a session over an open socket.

use tokio_postgres::{Client, Config, tls::TlsConnect};

use super::{
    cancel::{Canceller, Request, Transport},
    wire::{Watched, Wire},
};
use crate::error::ConnectError;

/// A session with a running driver.
pub(super) type Started = (Client, Wire, Canceller);

/// Starts a session over a socket. `tls` describes the TLS that the socket already has.
pub(super) async fn start<S, T>(
    config: &Config,
    socket: S,
    tls: T,
    wire: Wire,
    transport: Transport,
) -> Result<Started, ConnectError>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
    T: TlsConnect<Watched<S>>,
    T::Stream: Send + 'static,
{
    let watched = Watched::new(socket, wire.clone());
    let (client, driver) = config.connect_raw(watched, tls).await.map_err(ConnectError::Refused)?;
    let request = Request { token: client.cancel_token(), transport };
    let (watching, cancelling) = (wire.clone(), request.clone());
    let driver = tokio::spawn(async move {
        // The only place that ends a statement for its duration. Its caller gets the error that the session
        // is closed.
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
