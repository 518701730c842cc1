//! Keeps a server running: looks at it, starts it again when it ended, and never replaces its cluster by
//! an empty one.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::watch;

use crate::{
    Begin, Condition, DataLost, Embedded, EmbeddedError, EmbeddedSettings, Halt, Marker,
    lost::{self, LOOK_EVERY},
};

/// After a start that failed; longer than for lost data, which may come back at any moment.
const RETRY_AFTER: Duration = Duration::from_secs(16);

/// A server that is started again when it ended. Cloning shares it.
#[derive(Clone)]
pub struct Supervisor(Arc<Inner>);

struct Inner {
    settings: EmbeddedSettings,
    marker: Marker,
    halt: Halt,
    before_look: fn(),
    /// `None` between an end and the next start.
    running: Mutex<Option<Embedded>>,
    lost: watch::Sender<Option<DataLost>>,
}

/// What a look came to.
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

    /// Until the next look.
    fn pause(self) -> Duration {
        match self {
            Self::Runs | Self::Lost => LOOK_EVERY,
            Self::Failed => RETRY_AFTER,
        }
    }
}

impl Supervisor {
    /// Of a server that has just been started with these settings. `before_look` is called before each look,
    /// on the thread that looks; tests stop or panic there.
    pub fn new(
        settings: EmbeddedSettings,
        running: Embedded,
        halt: Halt,
        before_look: fn(),
    ) -> Self {
        Self(Arc::new(Inner {
            settings,
            marker: running.marker().clone(),
            halt,
            before_look,
            running: Mutex::new(Some(running)),
            lost: watch::Sender::new(None),
        }))
    }

    /// Since when its data is lost, and what was said of it; `None` while it is there.
    pub fn lost(&self) -> Option<DataLost> {
        self.0.lost.borrow().clone()
    }

    /// Resolves when its data has been lost for this long without a break.
    pub async fn lost_for(&self, limit: Duration) -> DataLost {
        lost::for_good(self.0.lost.subscribe(), limit).await
    }

    /// Looks at the server every second, and starts it again when it ended, for ever: nobody else would.
    ///
    /// # Panics
    /// As a look did, for who supervises this task.
    pub async fn keep_alive(self) {
        let mut pause = LOOK_EVERY;
        loop {
            tokio::time::sleep(pause).await;
            let server = self.clone();
            pause = match tokio::task::spawn_blocking(move || server.look()).await {
                Ok(outcome) => outcome.pause(),
                Err(error) => match error.try_into_panic() {
                    Ok(panic) => std::panic::resume_unwind(panic),
                    Err(_) => return,
                },
            };
        }
    }

    /// Stops it within this time, or not much later; nobody starts it again.
    ///
    /// # Errors
    /// When it had to be killed.
    pub fn stop(&self, wait: Duration) -> Result<(), EmbeddedError> {
        self.0.halt.halt();
        match self.running().take() {
            Some(embedded) => embedded.stop_within(wait),
            None => Ok(()),
        }
    }

    /// Cuts a start that is under way, so that [`Supervisor::stop`] does not have to wait for it.
    pub fn halt(&self) {
        self.0.halt.halt();
    }

    fn running(&self) -> MutexGuard<'_, Option<Embedded>> {
        self.0.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn look(&self) -> Outcome {
        let mut running = self.running();
        (self.0.before_look)();
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
                *lost = Some(DataLost { since: chrono::Utc::now(), said: error.chain() });
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
        let lost =
            EmbeddedError::DataLost { dir: dir.clone(), created_at: None, loss, marker: None, names };
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
