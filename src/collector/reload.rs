//! Reads the airspace again on SIGHUP or when its files change, beside the poller, so that no poll is late.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use arc_swap::ArcSwapOption;
use chrono::Utc;
use tokio::{sync::watch, task::spawn_blocking, time::sleep};

use super::{
    airspace_files::{AirspaceFiles, Look, ReadError},
    airspaces::Airspaces,
    traffic::TrafficMetrics,
};
use crate::status::{LastReload, ReloadOutcome};
use sectorwatch_core::airspace::Airspace;
use sectorwatch_store::chain;

/// The time between two looks at watched files. Two equal looks in a row mean that a change is complete.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Reads the airspace again. Clones share it.
#[derive(Clone)]
pub struct Reload {
    files: AirspaceFiles,
    /// Whether changed files are read without a SIGHUP.
    watches: bool,
    /// How the files looked when they were last read.
    known: Arc<Mutex<Look>>,
    airspaces: Airspaces,
    metrics: TrafficMetrics,
    last: Arc<ArcSwapOption<LastReload>>,
}

impl Reload {
    /// Creates the task's state. `known` is how the files looked before they were read for the start.
    pub fn new(
        files: AirspaceFiles,
        watches: bool,
        known: Look,
        airspaces: Airspaces,
        metrics: TrafficMetrics,
    ) -> Self {
        let watches = watches && !files.is_built_in();
        let known = Arc::new(Mutex::new(known));
        Self { files, watches, known, airspaces, metrics, last: Arc::default() }
    }

    /// The result of the last reload; `None` before the first.
    pub fn last(&self) -> Option<LastReload> {
        self.last.load().as_deref().cloned()
    }

    /// Reloads whenever it is wanted, until the service stops.
    pub async fn run(self, mut hangups: watch::Receiver<u64>, mut stopping: watch::Receiver<bool>) {
        let reloading = async {
            loop {
                tokio::select! {
                    hung_up = hangups.changed() => match hung_up {
                        Ok(()) => self.reload("SIGHUP").await,
                        Err(_) => return,
                    },
                    () = self.files_changed() => self.reload("the files have changed").await,
                }
            }
        };
        tokio::select! {
            _ = stopping.wait_for(|stopping| *stopping) => {}
            () = reloading => {}
        }
    }

    /// Resolves when the files differ from those that were last read, and no longer change.
    async fn files_changed(&self) {
        if !self.watches {
            return std::future::pending().await;
        }
        let mut before = None;
        loop {
            sleep(LOOK_EVERY).await;
            let files = self.files.clone();
            let look = spawn_blocking(move || files.look()).await.ok();
            let is_news = look.as_ref().is_some_and(|look| *look != *self.known());
            if is_news && look == before {
                return;
            }
            before = look;
        }
    }

    /// Reads the files, and puts them in force if they are good and hold another airspace.
    async fn reload(&self, why: &'static str) {
        let (outcome, error) = match self.read().await {
            Ok(None) => (ReloadOutcome::BuiltIn, None),
            Ok(Some(airspace)) => {
                let before = self.airspaces.newest().revision().to_owned();
                if airspace.revision() == before {
                    (ReloadOutcome::Unchanged, None)
                } else {
                    tracing::info!(why, before, revision = airspace.revision(), "another airspace");
                    self.airspaces.put_in_force(airspace).await;
                    (ReloadOutcome::Applied, None)
                }
            }
            Err(error) => (ReloadOutcome::Failed, Some(error)),
        };
        let revision = self.airspaces.newest().revision().to_owned();
        match (&error, outcome) {
            (Some(error), _) => tracing::error!(
                why,
                error = chain(error),
                revision,
                "the airspace cannot be read; the one before stays in force"
            ),
            (None, ReloadOutcome::BuiltIn) => {
                tracing::warn!(why, revision, "the built-in airspace has no file to read again");
            }
            (None, outcome) => {
                tracing::info!(why, outcome = outcome.as_str(), revision, "the airspace was read");
            }
        }
        // The status is for everybody; the log has the whole paths.
        let error = error.map(|error| chain(&error.without_folders()));
        self.last.store(Some(Arc::new(LastReload { outcome, at: Utc::now(), error })));
        self.metrics.reloaded(outcome);
    }

    /// `None` for the built-in airspace.
    async fn read(&self) -> Result<Option<Airspace>, ReadError> {
        if self.files.is_built_in() {
            return Ok(None);
        }
        let files = self.files.clone();
        let (look, read) = spawn_blocking(move || files.read_settled()).await?;
        *self.known() = look;
        read.map(Some)
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Look> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
