//! The database of this run: that of the settings, or an embedded server.

use std::{path::PathBuf, time::Duration};

use crate::{
    config::{DatabaseLocation, Settings},
    status::verdict::lost_for_good_after,
};
use sectorwatch_fault as fault;
use sectorwatch_pg_embedded::{
    Begin, Embedded, EmbeddedError, EmbeddedSettings, Halt, SettingNames, Supervisor, running,
};
use sectorwatch_store::{KeyLocation, Secret, Store, StoreSettings, application_name};
use sectorwatch_telemetry::metrics::Registry;

/// The name of the role and of the database in the embedded server.
const NAME: &str = "sectorwatch";
const SETTING_NAMES: SettingNames = SettingNames {
    data_dir: "SECTORWATCH_DATA_DIR",
    programs: "PG_BIN_DIR",
    server_url: "DATABASE_URL",
    new_cluster: "--new-cluster",
};

/// The location of the data. Holds the embedded server, which ends when this is dropped.
pub struct Database {
    url: Secret,
    read_url: Secret,
    /// The file with the key of forgotten members, unless a setting holds the key.
    key_file: PathBuf,
    /// What an operator should do if the database cannot be reached.
    advice: &'static str,
    embedded: Option<Supervisor>,
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
        let location = settings.database(self.demo);
        let (advice, key_file) = (location.advice(), settings.forget_key_file(self.demo));
        let (url, embedded) = match location {
            DatabaseLocation::Server(url) => (url, None),
            DatabaseLocation::Embedded(data_dir) => {
                let (url, server) = self.start(data_dir)?;
                (url, Some(server))
            }
        };
        Ok(Database { read_url: settings.read_url(&url), url, key_file, advice, embedded })
    }

    fn start(&self, data_dir: PathBuf) -> Result<(Secret, Supervisor), EmbeddedError> {
        let settings = EmbeddedSettings {
            programs: self.settings.pg_bin_dir.clone(),
            setting_names: &SETTING_NAMES,
            ..EmbeddedSettings::new(data_dir, NAME)
        };
        tracing::info!(data_dir = %settings.data_dir.display(), "starting PostgreSQL");
        let begin = if self.new_cluster { Begin::Anew } else { Begin::IfNew };
        let server = Embedded::begin(settings.clone(), &begin, &self.halt)?;
        tracing::info!(pid = server.pid(), log = %server.log_path().display(), "PostgreSQL runs");
        let url = Secret::new(server.url());
        let before_check = || fault::point("embedded.look");
        Ok((url, Supervisor::new(settings, server, self.halt.clone(), before_check)))
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
            application_name: application_name(&settings.instance, boot_id),
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
        self.advice
    }

    /// The embedded server, if it is used.
    pub fn embedded(&self) -> Option<&Supervisor> {
        self.embedded.as_ref()
    }

    /// Resolves with the message about the loss once the data of the embedded server is lost for good.
    pub async fn lost_for_good(&self) -> String {
        match &self.embedded {
            Some(server) => server.lost_for(lost_for_good_after()).await.message,
            None => std::future::pending().await,
        }
    }

    /// Stops the embedded server, if it is used.
    pub fn stop(self) -> anyhow::Result<()> {
        match self.embedded {
            Some(server) => Ok(server.stop()?),
            None => Ok(()),
        }
    }

    /// Stops the embedded server within about this time.
    pub fn stop_within(self, wait: Duration) -> anyhow::Result<()> {
        match self.embedded {
            Some(server) => Ok(server.stop_within(wait)?),
            None => Ok(()),
        }
    }
}
