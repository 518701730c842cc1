//! A session of PostgreSQL beside those of the service.

use tokio::runtime::{Builder, Runtime};
use tokio_postgres::{Client, NoTls};

use crate::server::Server;

/// Ends when dropped, with its transaction.
pub struct PostgresSession {
    runtime: Runtime,
    /// For statements; they go on while somebody waits in [`PostgresSession::wait`].
    pub client: Client,
}

impl PostgresSession {
    /// Of the server's superuser.
    pub fn open(server: &Server) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let client = runtime.block_on(async {
            let connected = tokio_postgres::connect(&server.url(), NoTls).await;
            let (client, driver) = connected.expect("a connection");
            tokio::spawn(driver);
            client
        });
        Self { runtime, client }
    }

    /// Runs what this client is asked to do.
    pub fn wait<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }
}
