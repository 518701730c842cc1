//! A session with PostgreSQL outside the service.

use tokio::runtime::{Builder, Runtime};
use tokio_postgres::{Client, NoTls};

use crate::server::Server;

/// A session. It ends when dropped, and its transaction with it.
pub struct PostgresSession {
    runtime: Runtime,
    /// Its statements make progress only during [`PostgresSession::wait`].
    pub client: Client,
}

impl PostgresSession {
    /// Opens a session of the superuser.
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

    /// Runs a future that uses the client, and waits for its result.
    pub fn wait<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }
}
