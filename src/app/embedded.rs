//! The embedded server of this run: checked, restarted after it ended, and never replaced by an empty
//! cluster.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::watch;

use crate::status::DataLost;
use sectorwatch_pg_embedded::{
    Begin, Condition, Embedded, EmbeddedError, EmbeddedSettings, Halt, Marker,
};
use sectorwatch_store::chain;

/// How often the server is checked.
const CHECK_EVERY: Duration = Duration::from_secs(1);
/// The pause after a failed start.
const RETRY_AFTER: Duration = Duration::from_secs(15);

/// The running server and how to restart it. Clones share it.
#[derive(Clone)]
pub struct EmbeddedServer(Arc<Inner>);

struct Inner {
    settings: EmbeddedSettings,
    marker: Marker,
    halt: Halt,
    /// `None` between an end and the next start.
    running: Mutex<Option<Embedded>>,
    lost: watch::Sender<Option<DataLost>>,
}

/// The result of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Check {
    Runs,
    /// The lost data may come back at any moment.
    Lost,
    Failed,
}

impl EmbeddedServer {
    /// Takes over a server that has just started.
    pub fn new(settings: EmbeddedSettings, running: Embedded, halt: Halt) -> Self {
        Self(Arc::new(Inner {
            settings,
            marker: running.marker().clone(),
            halt,
            running: Mutex::new(Some(running)),
            lost: watch::Sender::new(None),
        }))
    }

    /// The loss of its data, if there is one now.
    pub fn lost(&self) -> watch::Receiver<Option<DataLost>> {
        self.0.lost.subscribe()
    }

    /// Checks the server, and restarts it after it ended, until it is dropped. Nothing else restarts it.
    pub async fn keep_alive(self) {
        loop {
            tokio::time::sleep(CHECK_EVERY).await;
            let server = self.clone();
            match tokio::task::spawn_blocking(move || server.check()).await {
                Ok(Check::Runs | Check::Lost) => {}
                Ok(Check::Failed) => tokio::time::sleep(RETRY_AFTER).await,
                // Passed on to the supervisor of this task.
                Err(error) => match error.try_into_panic() {
                    Ok(panic) => std::panic::resume_unwind(panic),
                    Err(_) => return,
                },
            }
        }
    }

    /// Stops the server within about this time, without a restart.
    pub fn stop(&self, wait: Duration) -> Result<(), EmbeddedError> {
        self.0.halt.halt();
        match self.running().take() {
            Some(embedded) => embedded.stop_within(wait),
            None => Ok(()),
        }
    }

    /// Interrupts a running start, so that [`EmbeddedServer::stop`] does not wait for it.
    pub fn halt(&self) {
        self.0.halt.halt();
    }

    fn running(&self) -> MutexGuard<'_, Option<Embedded>> {
        self.0.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn check(&self) -> Check {
        let mut running = self.running();
        sectorwatch_fault::point("embedded.look");
        match running.as_mut().map(Embedded::condition) {
            Some(Condition::Well) => return Check::Runs,
            Some(Condition::Lost(loss)) => {
                tracing::error!(%loss, "the cluster of the embedded PostgreSQL is lost; stopping its server");
                if let Some(embedded) = running.take() {
                    embedded.abandon();
                }
            }
            Some(Condition::Ended) => {
                tracing::error!("the embedded PostgreSQL ended; starting it again");
            }
            None => {}
        }
        // Frees the data directory.
        drop(running.take());
        self.revive(&mut running)
    }

    fn revive(&self, running: &mut Option<Embedded>) -> Check {
        let begin = Begin::With(self.0.marker.clone());
        match Embedded::begin(self.0.settings.clone(), &begin, &self.0.halt) {
            Ok(embedded) => {
                tracing::info!(pid = embedded.pid(), "PostgreSQL runs again");
                *running = Some(embedded);
                self.0.lost.send_replace(None);
                Check::Runs
            }
            Err(error @ EmbeddedError::DataLost { .. }) => {
                self.lose(&error);
                Check::Lost
            }
            Err(EmbeddedError::Halted) => Check::Failed,
            Err(error) => {
                tracing::error!(error = %chain(&error), "PostgreSQL did not start");
                Check::Failed
            }
        }
    }

    fn lose(&self, error: &EmbeddedError) {
        self.0.lost.send_if_modified(|lost| {
            let is_news = lost.is_none();
            if is_news {
                tracing::error!(error = %chain(error), "nothing is stored until it is back");
                *lost = Some(DataLost { since: chrono::Utc::now(), message: chain(error) });
            }
            is_news
        });
    }
}
