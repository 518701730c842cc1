//! Reads the file of tokens again on SIGHUP.

use std::sync::Arc;

use tokio::{sync::watch, task::spawn_blocking};

use super::{Access, tokens_file};
use crate::web::metrics::HttpMetrics;
use sectorwatch_store::chain;

/// Reads the file of tokens again. Clones share it.
#[derive(Clone)]
pub struct ReloadTokens {
    access: Access,
    metrics: HttpMetrics,
}

impl ReloadTokens {
    /// Creates the task's state. From now on, the metrics know the names of the tokens.
    pub fn new(access: Access, metrics: HttpMetrics) -> Self {
        metrics.set_tokens(&access.token_names());
        Self { access, metrics }
    }

    /// Reads the file after each SIGHUP, until the service stops.
    pub async fn run(self, mut hangups: watch::Receiver<u64>, mut stopping: watch::Receiver<bool>) {
        let reloading = async {
            while hangups.changed().await.is_ok() {
                self.reload().await;
            }
        };
        tokio::select! {
            _ = stopping.wait_for(|stopping| *stopping) => {}
            () = reloading => {}
        }
    }

    /// Puts the tokens of the file in force. If anything is wrong with it, nothing changes.
    async fn reload(&self) {
        let Some(path) = self.access.0.tokens_file.clone() else { return };
        let read = spawn_blocking(move || tokens_file::read(&path)).await;
        self.metrics.tokens_reloaded(!matches!(read, Ok(Ok(_))));
        match read {
            Ok(Ok(tokens)) => {
                let number = tokens.entries().len();
                self.access.0.tokens.store(Arc::new(tokens));
                self.metrics.set_tokens(&self.access.token_names());
                tracing::info!(number, "the file of tokens was read");
            }
            Ok(Err(error)) => tracing::error!(
                error = chain(&error),
                "the tokens cannot be read; those before stay in force"
            ),
            Err(error) => tracing::error!(%error, "the tokens cannot be read"),
        }
    }
}
