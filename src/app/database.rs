//! The database of this run: that of the settings, or an embedded server.

use std::{path::PathBuf, time::Duration};

use tokio::sync::watch;

use super::embedded::EmbeddedServer;
use crate::{config::Settings, status::DataLost};
use sectorwatch_pg_embedded::{
    Begin, Embedded, EmbeddedError, EmbeddedSettings, Halt, SettingNames, running,
};
use sectorwatch_store::{KeyLocation, Secret, Store, StoreSettings};
use sectorwatch_telemetry::metrics::Registry;

/// The name of the role and of the database in the embedded server.
const NAME: &str = "sectorwatch";
const SETTING_NAMES: SettingNames = SettingNames {
    data_dir: "SECTORWATCH_DATA_DIR",
    programs: "PG_BIN_DIR",
    server_url: "DATABASE_URL",
    new_cluster: "--new-cluster",
};
/// The file with the key of forgotten members.
const KEY_FILE: &str = "forget.key";
/// Lost data may come back within this time, for example when a disk is mounted late.
pub const LOST_FOR_GOOD: Duration = Duration::from_mins(1);

/// The location of the data. Holds the embedded server, which ends when this is dropped.
pub struct Database {
    url: Secret,
    read_url: Secret,
    /// The file with the key of forgotten members, unless a setting holds the key.
    key_file: PathBuf,
    embedded: Option<EmbeddedServer>,
}

/// What is needed to open a database.
#[derive(Clone)]
pub struct Opening {
    pub settings: Settings,
    /// Whether to use the demo's data directory.
    pub demo: bool,
    /// The flag `--new-cluster`.
    pub new_cluster: bool,
    /// Interrupts the start.
    pub halt: Halt,
}

impl Opening {
    /// Starts the embedded server, unless the settings name another server.
    ///
    /// # Errors
    /// The embedded server cannot be started.
    pub fn open(&self) -> Result<Database, EmbeddedError> {
        let settings = &self.settings;
        if let Some(url) = settings.database_url.clone() {
            let read_url = settings.read_database_url.clone().unwrap_or_else(|| url.clone());
            let key_file = settings.data_dir.join(KEY_FILE);
            return Ok(Database { url, read_url, key_file, embedded: None });
        }
        let data_dir: PathBuf = match self.demo {
            true => settings.data_dir.join("demo"),
            false => settings.data_dir.clone(),
        };
        let key_file = data_dir.join(KEY_FILE);
        let server = EmbeddedSettings {
            programs: settings.pg_bin_dir.clone(),
            setting_names: &SETTING_NAMES,
            ..EmbeddedSettings::new(data_dir, NAME)
        };
        tracing::info!(data_dir = %server.data_dir.display(), "starting PostgreSQL");
        let begin = if self.new_cluster { Begin::Anew } else { Begin::IfNew };
        let embedded = Embedded::begin(server.clone(), &begin, &self.halt)?;
        tracing::info!(pid = embedded.pid(), log = %embedded.log_path().display(), "PostgreSQL runs");
        let url = Secret::new(embedded.url());
        let read_url = settings.read_database_url.clone().unwrap_or_else(|| url.clone());
        let embedded = EmbeddedServer::new(server, embedded, self.halt.clone());
        Ok(Database { read_url, url, key_file, embedded: Some(embedded) })
    }
}

impl Database {
    /// Like [`Opening::open`], for a command that creates no new cluster and is not interrupted.
    ///
    /// # Errors
    /// The embedded server cannot be started.
    pub fn open(settings: &Settings, demo: bool) -> Result<Self, EmbeddedError> {
        let (settings, halt) = (settings.clone(), Halt::default());
        Opening { settings, demo, new_cluster: false, halt }.open()
    }

    /// Uses the database of a service that runs on this data directory, or else opens it as
    /// [`Database::open`] does.
    ///
    /// # Errors
    /// The embedded server cannot be started.
    pub fn join(settings: &Settings) -> Result<Self, EmbeddedError> {
        let mut settings = settings.clone();
        let running = || running(&settings.data_dir, NAME).map(Secret::new);
        settings.database_url = settings.database_url.clone().or_else(running);
        Self::open(&settings, false)
    }

    /// Creates the pools without connecting.
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
            leak_thresholds: settings.leak_thresholds.clone(),
            pool_self_heal: settings.pool_self_heal,
            keys: KeyLocation { given: settings.forget_key.clone(), file: self.key_file.clone() },
        };
        Ok(Store::new(&store, registry, runtime)?)
    }

    /// Advice for a database that cannot be reached.
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

    /// The embedded server, if it is used.
    pub fn embedded(&self) -> Option<&EmbeddedServer> {
        self.embedded.as_ref()
    }

    /// Whether the data of the embedded server is lost now.
    pub fn lost(&self) -> watch::Receiver<Option<DataLost>> {
        self.embedded.as_ref().map_or_else(|| watch::channel(None).1, EmbeddedServer::lost)
    }

    /// Resolves with the loss when the data of the embedded server has been lost for a minute.
    pub async fn lost_for_good(&self) -> DataLost {
        let Some(server) = &self.embedded else { return std::future::pending().await };
        let limit = sectorwatch_fault::lost_limit().unwrap_or(LOST_FOR_GOOD);
        let mut lost = server.lost();
        loop {
            let now = lost.borrow_and_update().clone();
            let for_good = async {
                match now {
                    Some(lost) => {
                        tokio::time::sleep(limit).await;
                        lost
                    }
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                lost = for_good => return lost,
                changed = lost.changed() => {
                    if changed.is_err() {
                        return std::future::pending().await;
                    }
                }
            }
        }
    }

    /// Stops the embedded server, if it is used.
    pub fn stop(self) -> anyhow::Result<()> {
        self.stop_within(Duration::MAX)
    }

    /// Stops the embedded server within about this time.
    pub fn stop_within(self, wait: Duration) -> anyhow::Result<()> {
        match self.embedded {
            Some(server) => Ok(server.stop(wait)?),
            None => Ok(()),
        }
    }
}
