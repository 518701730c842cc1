//! The database of this run: the one that the settings name, or an embedded server.

use std::path::PathBuf;

use crate::{
    config::{Secret, Settings},
    store::{
        Store, StoreSettings,
        embedded::{Embedded, EmbeddedSettings},
    },
    telemetry::metrics::Registry,
};

/// Where the data is. Holds the embedded server, which ends when this is dropped.
pub struct Database {
    url: Secret,
    read_url: Secret,
    embedded: Option<Embedded>,
}

impl Database {
    /// Starts the embedded server, unless the settings name another. A demo has a data directory of
    /// its own.
    pub fn open(settings: &Settings, demo: bool) -> anyhow::Result<Self> {
        if let Some(url) = settings.database_url.clone() {
            let read_url = settings
                .read_database_url
                .clone()
                .unwrap_or_else(|| url.clone());
            return Ok(Self {
                url,
                read_url,
                embedded: None,
            });
        }
        let data_dir: PathBuf = match demo {
            true => settings.data_dir.join("demo"),
            false => settings.data_dir.clone(),
        };
        tracing::info!(data_dir = %data_dir.display(), "starting PostgreSQL");
        let embedded = Embedded::start(EmbeddedSettings {
            data_dir,
            extra: Vec::new(),
        })?;
        tracing::info!(pid = embedded.pid(), log = %embedded.log_path().display(), "PostgreSQL runs");
        let url = Secret::new(embedded.url());
        let read_url = settings
            .read_database_url
            .clone()
            .unwrap_or_else(|| url.clone());
        Ok(Self {
            read_url,
            url,
            embedded: Some(embedded),
        })
    }

    /// The pools, without connecting.
    pub fn store(
        &self,
        settings: &Settings,
        boot_id: &str,
        registry: &Registry,
        runtime: tokio::runtime::Handle,
    ) -> anyhow::Result<Store> {
        let store = StoreSettings {
            url: self.url.clone(),
            read_url: self.read_url.clone(),
            application_name: format!("sectorwatch:{}:{boot_id}", settings.instance),
            ingest_pool_size: settings.ingest_pool_size,
            read_pool_size: settings.read_pool_size,
            acquire_timeout: settings.acquire_timeout,
            statement_timeout: settings.statement_timeout,
            connection_max_lifetime: settings.connection_max_lifetime,
        };
        Ok(Store::new(&store, registry, runtime)?)
    }

    /// What to do when the database cannot be reached.
    pub fn advice(&self) -> &'static str {
        match self.embedded {
            Some(_) => {
                "the embedded PostgreSQL does not answer; see postgres.log in the data directory"
            }
            None => {
                "check DATABASE_URL and that PostgreSQL runs there, or leave DATABASE_URL unset for \
                 an embedded server"
            }
        }
    }

    /// Stops the embedded server, if there is one.
    pub fn stop(self) -> anyhow::Result<()> {
        match self.embedded {
            Some(embedded) => Ok(embedded.stop()?),
            None => Ok(()),
        }
    }
}
