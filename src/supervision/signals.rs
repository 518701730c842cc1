//! The signals that end the service, and the one that does not.

use std::time::{Duration, Instant};

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::shutdown;

/// SIGTERM, SIGINT and SIGHUP, from the first moment: what comes during the start is not lost.
pub struct Signals {
    terminated: Signal,
    interrupted: Signal,
    hung_up: Signal,
    is_hang_up_told: bool,
    ended_at: Option<Instant>,
}

impl Signals {
    /// From now on none of them ends the process by itself.
    pub fn listen() -> std::io::Result<Self> {
        Ok(Self {
            terminated: signal(SignalKind::terminate())?,
            interrupted: signal(SignalKind::interrupt())?,
            hung_up: signal(SignalKind::hangup())?,
            is_hang_up_told: false,
            ended_at: None,
        })
    }

    /// Until one that ends the service. A terminal that is closed, or a log that is rotated, is no
    /// reason to end: said once, in case somebody hoped for a reload.
    pub async fn wait(&mut self) {
        let name = loop {
            tokio::select! {
                _ = self.terminated.recv() => break "SIGTERM",
                _ = self.interrupted.recv() => break "SIGINT",
                _ = self.hung_up.recv() => self.tell_hang_up(),
            }
        };
        tracing::info!("{name}: stopping");
        self.ended_at = Some(Instant::now());
    }

    /// What is left for the embedded server of the time in which the service has to end.
    pub fn time_for_embedded_server(&self) -> Duration {
        shutdown::for_embedded_server(self.ended_at.map_or(Duration::ZERO, |at| at.elapsed()))
    }

    fn tell_hang_up(&mut self) {
        if !std::mem::replace(&mut self.is_hang_up_told, true) {
            tracing::info!("SIGHUP is ignored: a restart is what applies other settings");
        }
    }
}
