//! The signals that end the service, and SIGHUP, which does not.

use std::time::{Duration, Instant};

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::shutdown;

/// SIGTERM, SIGINT and SIGHUP, received from the first moment so that a signal during the start is not lost.
pub struct Signals {
    terminated: Signal,
    interrupted: Signal,
    hung_up: Signal,
    is_hangup_logged: bool,
    ended_at: Option<Instant>,
}

impl Signals {
    /// Receives the signals. From now on, none of them ends the process directly.
    pub fn listen() -> std::io::Result<Self> {
        Ok(Self {
            terminated: signal(SignalKind::terminate())?,
            interrupted: signal(SignalKind::interrupt())?,
            hung_up: signal(SignalKind::hangup())?,
            is_hangup_logged: false,
            ended_at: None,
        })
    }

    /// Waits for a signal that ends the service. A closed terminal or a rotated log is no reason to end;
    /// SIGHUP is logged once, in case a reload was expected.
    pub async fn wait(&mut self) {
        let name = loop {
            tokio::select! {
                _ = self.terminated.recv() => break "SIGTERM",
                _ = self.interrupted.recv() => break "SIGINT",
                _ = self.hung_up.recv() => self.log_hangup(),
            }
        };
        tracing::info!("{name}: stopping");
        self.ended_at = Some(Instant::now());
    }

    /// The time that is left for stopping the embedded server.
    pub fn time_for_embedded_server(&self) -> Duration {
        shutdown::for_embedded_server(self.ended_at.map_or(Duration::ZERO, |at| at.elapsed()))
    }

    fn log_hangup(&mut self) {
        if !std::mem::replace(&mut self.is_hangup_logged, true) {
            tracing::info!("SIGHUP is ignored: a restart is what applies other settings");
        }
    }
}
