//! The parts of a running service, and the order in which they stop.

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

/// Everything that was started and must be stopped.
pub struct Running {
    /// Announces that the service stops.
    pub stop: watch::Sender<bool>,
    /// The poller's heartbeat.
    pub heartbeat: Heartbeat,
    /// Resolves when the newest poller has ended.
    pub poller: JoinHandle<()>,
    /// Resolves when the last step of partitions and retention has ended.
    pub housekeeping: JoinHandle<()>,
    /// Stops HTTP.
    pub http: ServerHandle,
    /// Resolves when HTTP has stopped.
    pub serving: JoinHandle<io::Result<()>>,
    /// The database and the right to write.
    pub writing: Writing,
}

impl Running {
    /// Stops everything in order: no new work begins, running work ends, HTTP ends, the right to write is
    /// released and connections are returned. Returns the number of leases that were not returned.
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
