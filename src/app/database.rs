//! The database of this run: the one that the settings name, or an embedded server.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use crate::{
    config::{Secret, Settings},
    store::{
        KeySource, Store, StoreSettings, chain,
        embedded::{self, Embedded, EmbeddedSettings},
    },
    telemetry::metrics::Registry,
};

/// How often the embedded server is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// The key of forgotten members.
const KEY_FILE: &str = "forget.key";
/// After a start that failed.
const RETRY_AFTER: Duration = Duration::from_secs(15);

/// Where the data is. Holds the embedded server, which ends when this is dropped.
pub struct Database {
    url: Secret,
    read_url: Secret,
    /// Where the key of forgotten members is, unless a setting holds it.
    key_file: PathBuf,
    embedded: Option<Arc<Server>>,
}

/// The embedded server, and how it is started again.
struct Server {
    settings: EmbeddedSettings,
    /// `None` between an end and the next start.
    running: Mutex<Option<Embedded>>,
}

impl Database {
    /// Starts the embedded server, unless the settings name another. A demo has a data directory of
    /// its own.
    pub fn open(settings: &Settings, demo: bool) -> anyhow::Result<Self> {
        if let Some(url) = settings.database_url.clone() {
            let read_url = settings.read_database_url.clone().unwrap_or_else(|| url.clone());
            let key_file = settings.data_dir.join(KEY_FILE);
            return Ok(Self { url, read_url, key_file, embedded: None });
        }
        let data_dir: PathBuf = match demo {
            true => settings.data_dir.join("demo"),
            false => settings.data_dir.clone(),
        };
        let key_file = data_dir.join(KEY_FILE);
        let server = EmbeddedSettings { data_dir, extra: Vec::new() };
        tracing::info!(data_dir = %server.data_dir.display(), "starting PostgreSQL");
        let embedded = Embedded::start(server.clone())?;
        tracing::info!(pid = embedded.pid(), log = %embedded.log_path().display(), "PostgreSQL runs");
        let url = Secret::new(embedded.url());
        let read_url = settings.read_database_url.clone().unwrap_or_else(|| url.clone());
        Ok(Self {
            read_url,
            url,
            key_file,
            embedded: Some(Arc::new(Server {
                settings: server,
                running: Mutex::new(Some(embedded)),
            })),
        })
    }

    /// The database of a service that may run on this data directory now, else as [`Database::open`].
    pub fn join(settings: &Settings) -> anyhow::Result<Self> {
        let mut settings = settings.clone();
        let running = || embedded::running(&settings.data_dir).map(Secret::new);
        settings.database_url = settings.database_url.clone().or_else(running);
        Self::open(&settings, false)
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
            leak_thresholds: settings.leak_thresholds,
            pool_self_heal: settings.pool_self_heal,
            keys: KeySource { given: settings.forget_key.clone(), file: self.key_file.clone() },
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

    /// Starts the embedded server again whenever it ended, for ever: nobody else would.
    pub fn keep_alive(&self) -> impl Future<Output = ()> + Send + 'static {
        let server = self.embedded.clone();
        async move {
            let Some(server) = server else { return };
            loop {
                tokio::time::sleep(LOOK_EVERY).await;
                let looked_at = server.clone();
                let looking = tokio::task::spawn_blocking(move || looked_at.revive());
                if matches!(looking.await, Ok(false)) {
                    tokio::time::sleep(RETRY_AFTER).await;
                }
            }
        }
    }

    /// Stops the embedded server, if there is one.
    pub fn stop(self) -> anyhow::Result<()> {
        let running = self.embedded.and_then(|server| server.running().take());
        match running {
            Some(embedded) => Ok(embedded.stop()?),
            None => Ok(()),
        }
    }
}

impl Server {
    fn running(&self) -> std::sync::MutexGuard<'_, Option<Embedded>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it runs now.
    fn revive(&self) -> bool {
        let mut running = self.running();
        if running.as_mut().is_some_and(Embedded::is_alive) {
            return true;
        }
        tracing::error!("the embedded PostgreSQL ended; starting it again");
        // The data directory is free only then.
        drop(running.take());
        match Embedded::start(self.settings.clone()) {
            Ok(embedded) => {
                tracing::info!(pid = embedded.pid(), "PostgreSQL runs again");
                *running = Some(embedded);
                true
            }
            Err(error) => {
                tracing::error!(error = %chain(&error), "PostgreSQL did not start");
                false
            }
        }
    }
}
