//! What runs while the service serves, and the order in which it stops.

use std::io;

use actix_server::ServerHandle;
use tokio::{sync::watch, task::JoinHandle};

use super::database::Database;
use crate::{
    collector::{heartbeat::Heartbeat, setup::Writing},
    status::outcome::PollerState,
    supervision::shutdown::{LAST_CYCLE, LAST_LEASES},
};
use sectorwatch_fault as fault;

/// What was started, and is to be stopped.
pub struct Running {
    /// Tells everything that the service stops.
    pub stop: watch::Sender<bool>,
    /// The poller's signs of life.
    pub heartbeat: Heartbeat,
    /// Resolves when the newest poller has ended.
    pub poller: JoinHandle<()>,
    /// Resolves when the last step of partitions and retention has ended.
    pub housekeeping: JoinHandle<()>,
    /// Stops HTTP.
    pub http: ServerHandle,
    /// Resolves when HTTP has stopped.
    pub serving: JoinHandle<io::Result<()>>,
    /// The database, and the right to write it.
    pub writing: Writing,
}

impl Running {
    /// Stops everything in order: no work is begun, what was begun ends, HTTP ends, the right to
    /// write and the connections are given back. Returns how many leases were not.
    pub async fn stop(mut self, database: &Database) -> usize {
        self.heartbeat.state(PollerState::Stopping);
        self.stop.send_replace(true);
        if let Some(server) = database.embedded() {
            server.halt();
        }
        let last = async { tokio::join!(&mut self.poller, &mut self.housekeeping) };
        let _ = tokio::time::timeout(LAST_CYCLE, last).await;
        if !self.poller.is_finished() {
            tracing::warn!("the last cycle did not end in time");
        }
        if !self.housekeeping.is_finished() {
            tracing::warn!("the last step of housekeeping did not end in time");
        }
        fault::point("shutdown.http");
        self.http.stop(true).await;
        let _ = self.serving.await;
        self.writing.claims.release().await;
        self.writing.store.drain(LAST_LEASES).await
    }
}
