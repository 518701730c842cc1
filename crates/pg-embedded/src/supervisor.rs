//! Keeps a server running: checks it, restarts it after it ended, and never replaces its cluster by an empty one.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::watch;

use crate::{
    Begin, Condition, DataLost, Embedded, EmbeddedError, EmbeddedSettings, Halt, Marker,
    lost::{self, CHECK_EVERY},
};

/// The pause after a failed start. It is longer than for lost data, which may come back at any moment.
const RETRY_AFTER: Duration = Duration::from_secs(16);

/// A server that is restarted after it ended. Clones share it.
#[derive(Clone)]
pub struct Supervisor(Arc<Inner>);

struct Inner {
    settings: EmbeddedSettings,
    marker: Marker,
    halt: Halt,
    before_check: fn(),
    /// `None` between an end and the next start.
    running: Mutex<Option<Embedded>>,
    lost: watch::Sender<Option<DataLost>>,
}

/// The result of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Runs,
    Lost,
    Failed,
}

impl Outcome {
    fn of<T>(started: &Result<T, EmbeddedError>) -> Self {
        match started {
            Ok(_) => Self::Runs,
            Err(error) if error.may_pass() => Self::Lost,
            Err(_) => Self::Failed,
        }
    }

    /// The pause before the next check.
    fn pause(self) -> Duration {
        match self {
            Self::Runs | Self::Lost => CHECK_EVERY,
            Self::Failed => RETRY_AFTER,
        }
    }
}

impl Supervisor {
    /// Takes over a server that has just started with these settings. `before_check` is called before each check, on
    /// the checking thread, so that a test can block or panic there.
    pub fn new(
        settings: EmbeddedSettings,
        running: Embedded,
        halt: Halt,
        before_check: fn(),
    ) -> Self {
        Self(Arc::new(Inner {
            settings,
            marker: running.marker().clone(),
            halt,
            before_check,
            running: Mutex::new(Some(running)),
            lost: watch::Sender::new(None),
        }))
    }

    /// The loss of its data, if there is one now.
    pub fn lost(&self) -> Option<DataLost> {
        self.0.lost.borrow().clone()
    }

    /// Resolves with the loss when the data has been lost for this long without interruption.
    pub async fn lost_for(&self, limit: Duration) -> DataLost {
        lost::for_good(self.0.lost.subscribe(), limit).await
    }

    /// Checks the server every second, and restarts it after it ended, until it is dropped. Nothing else restarts it.
    ///
    /// # Panics
    /// A check panicked. The panic is passed on to the supervisor of this task.
    pub async fn keep_alive(self) {
        let mut pause = CHECK_EVERY;
        loop {
            tokio::time::sleep(pause).await;
            let server = self.clone();
            pause = match tokio::task::spawn_blocking(move || server.check()).await {
                Ok(outcome) => outcome.pause(),
                Err(error) => match error.try_into_panic() {
                    Ok(panic) => std::panic::resume_unwind(panic),
                    Err(_) => return,
                },
            };
        }
    }

    /// Stops the server without a restart.
    ///
    /// # Errors
    /// The server had to be killed, after 15 s.
    pub fn stop(&self) -> Result<(), EmbeddedError> {
        self.stop_within(Duration::MAX)
    }

    /// As [`Supervisor::stop`], within about this time.
    ///
    /// # Errors
    /// The server had to be killed.
    pub fn stop_within(&self, wait: Duration) -> Result<(), EmbeddedError> {
        self.0.halt.halt();
        match self.running().take() {
            Some(embedded) => embedded.stop_within(wait),
            None => Ok(()),
        }
    }

    /// Interrupts a start that is in progress, so that [`Supervisor::stop`] does not have to wait for it.
    pub fn halt(&self) {
        self.0.halt.halt();
    }

    fn running(&self) -> MutexGuard<'_, Option<Embedded>> {
        self.0.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn check(&self) -> Outcome {
        let mut running = self.running();
        (self.0.before_check)();
        match running.as_mut().map(Embedded::condition) {
            Some(Condition::Well) => return Outcome::Runs,
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
        // The data directory is free only then.
        drop(running.take());
        let begin = Begin::With(self.0.marker.clone());
        let started = Embedded::begin(self.0.settings.clone(), &begin, &self.0.halt);
        let outcome = Outcome::of(&started);
        match started {
            Ok(embedded) => {
                tracing::info!(pid = embedded.pid(), "PostgreSQL runs again");
                *running = Some(embedded);
                self.0.lost.send_replace(None);
            }
            Err(EmbeddedError::Halted) => {}
            Err(error) if outcome == Outcome::Lost => self.lose(&error),
            Err(error) => tracing::error!(error = %error.chain(), "PostgreSQL did not start"),
        }
        outcome
    }

    fn lose(&self, error: &EmbeddedError) {
        self.0.lost.send_if_modified(|lost| {
            let is_news = lost.is_none();
            if is_news {
                tracing::error!(error = %error.chain(), "nothing is stored until it is back");
                *lost = Some(DataLost { since: chrono::Utc::now(), message: error.chain() });
            }
            is_news
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Loss, SettingNames};

    #[test]
    fn lost_data_is_looked_for_every_second_and_a_start_that_failed_is_repeated_later() {
        let names = &SettingNames::PLAIN;
        let dir = std::path::PathBuf::from("/data/postgres");
        let loss = Loss::Gone;
        let lost = EmbeddedError::DataLost {
            dir: dir.clone(),
            created_at: None,
            loss,
            marker: None,
            names,
        };
        let in_use = EmbeddedError::InUse { dir, pid: "7".into(), waited: RETRY_AFTER, names };
        for (started, outcome, seconds) in [
            (Ok(()), Outcome::Runs, 1),
            (Err(lost), Outcome::Lost, 1),
            (Err(in_use), Outcome::Failed, 16),
            (Err(EmbeddedError::Halted), Outcome::Failed, 16),
        ] {
            assert_eq!(Outcome::of(&started), outcome, "{started:?}");
            assert_eq!(outcome.pause(), Duration::from_secs(seconds), "{started:?}");
        }
    }
}
