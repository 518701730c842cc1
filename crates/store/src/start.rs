//! Detects poolers between this process and its servers before anything is written.

use sectorwatch_pg::{Dialler, PgError, Sharing, chain};

use super::{Store, error::StoreError};

const WRITER_URL: &str = "DATABASE_URL";
const READER_URL: &str = "SECTORWATCH_READ_DATABASE_URL";

impl Store {
    /// Refuses a pooler that assigns sessions to other clients, and reports settings that cannot be applied.
    /// A reader that is down does not prevent the start.
    ///
    /// # Errors
    /// [`StoreError::Pooled`], and [`PgError::Connect`] when the writer's server cannot be reached.
    pub async fn check_for_poolers(&self) -> Result<(), StoreError> {
        self.check_server(WRITER_URL, self.system().clone()).await?;
        let Some(reading) = self.reading() else { return Ok(()) };
        match self.check_server(READER_URL, reading.clone()).await {
            Err(error) if error.is_connect() => {
                tracing::warn!(error = %chain(&error), "the server of {READER_URL} is out of reach");
                Ok(())
            }
            looked => looked,
        }
    }

    /// Runs on the `db` runtime, where every session is opened.
    async fn check_server(
        &self,
        setting: &'static str,
        dialler: Dialler,
    ) -> Result<(), StoreError> {
        let looking = self.runtime().spawn(async move {
            match dialler.sharing().await.map_err(PgError::Connect)? {
                Some(sharing) => refuse(setting, sharing),
                None => log_settings(setting, &dialler).await,
            }
        });
        looking.await.unwrap_or(Err(StoreError::Panicked))
    }
}

fn refuse(setting: &'static str, sharing: Sharing) -> Result<(), StoreError> {
    Err(StoreError::Pooled { setting, mode: sharing.as_str() })
}

async fn log_settings(setting: &'static str, dialler: &Dialler) -> Result<(), StoreError> {
    let settled = dialler.settled().await.map_err(PgError::Connect)?;
    if settled.afterwards.contains(&"statement_timeout") {
        tracing::info!(setting, "the options of a session are ignored: it is set after connecting");
        if dialler.has_options() {
            tracing::warn!(setting, "the options that the URL names are ignored, too");
        }
    }
    for refused in &settled.refused {
        tracing::warn!(setting, in_force = refused, "a setting of our sessions cannot be set");
    }
    if dialler.is_pooled() {
        tracing::info!(
            setting,
            "a pooler lends us its sessions: none is taken for a leak of ours, and none is ended"
        );
    }
    Ok(())
}
