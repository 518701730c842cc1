//! The signals that end the service, and SIGHUP, which has the airspace and the tokens read again.

use std::time::{Duration, Instant};

use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::watch,
};

use super::shutdown;

/// SIGTERM, SIGINT and SIGHUP, received from the first moment so that a signal during the start is not lost.
pub struct Signals {
    terminated: Signal,
    interrupted: Signal,
    hung_up: Signal,
    hangups: watch::Sender<u64>,
    ended_at: Option<Instant>,
}

impl Signals {
    /// Receives the signals. From now on, none of them ends the process directly.
    pub fn listen() -> std::io::Result<Self> {
        Ok(Self {
            terminated: signal(SignalKind::terminate())?,
            interrupted: signal(SignalKind::interrupt())?,
            hung_up: signal(SignalKind::hangup())?,
            hangups: watch::Sender::new(0),
            ended_at: None,
        })
    }

    /// The number of SIGHUPs so far. One that came before this call counts as news for the receiver.
    pub fn hangups(&self) -> watch::Receiver<u64> {
        let mut hangups = self.hangups.subscribe();
        if *hangups.borrow_and_update() > 0 {
            hangups.mark_changed();
        }
        hangups
    }

    /// Waits for a signal that ends the service. SIGHUP never does: it is counted, and told to whoever reads
    /// files again, as soon as there is one.
    pub async fn wait(&mut self) {
        let name = loop {
            tokio::select! {
                _ = self.terminated.recv() => break "SIGTERM",
                _ = self.interrupted.recv() => break "SIGINT",
                _ = self.hung_up.recv() => self.hangups.send_modify(|count| *count += 1),
            }
        };
        tracing::info!("{name}: stopping");
        self.ended_at = Some(Instant::now());
    }

    /// The time that is left for stopping the embedded server.
    pub fn time_for_embedded_server(&self) -> Duration {
        shutdown::for_embedded_server(self.ended_at.map_or(Duration::ZERO, |at| at.elapsed()))
    }
}
