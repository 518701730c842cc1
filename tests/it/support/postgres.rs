//! Real PostgreSQL servers, and databases on them.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use sectorwatch_pg_embedded::{Embedded, EmbeddedSettings, SettingNames};
use tokio_postgres::config::Host;

use super::{migrate, scratch, sql::Client, statements::LOG_LINE_PREFIX};

/// The server is fast, not durable, and logs every statement.
const SETTINGS: [(&str, &str); 8] = [
    ("fsync", "off"),
    ("full_page_writes", "off"),
    ("synchronous_commit", "off"),
    ("max_connections", "200"),
    ("shared_buffers", "64MB"),
    ("log_statement", "all"),
    // The array parameters of one statement can have megabytes.
    ("log_parameter_max_length", "0"),
    ("log_line_prefix", LOG_LINE_PREFIX),
];

/// A running server. It stops when its last handle is dropped or the process ends.
pub struct Server {
    data_dir: PathBuf,
    settings: Vec<(String, String)>,
    // `None` while the server is stopped.
    running: Mutex<Option<Embedded>>,
    url: String,
    log: PathBuf,
    template: OnceLock<String>,
}

impl Server {
    /// The server that all tests share. Tests create databases on it, and must not stop it.
    pub fn shared() -> Arc<Self> {
        static SHARED: OnceLock<Arc<Server>> = OnceLock::new();
        SHARED.get_or_init(|| Server::own(&[])).clone()
    }

    /// A server for one test, which may stop or freeze it; `extra` overrides its settings.
    pub fn own(extra: &[(&str, &str)]) -> Arc<Self> {
        let owned = |&(name, value): &(&str, &str)| (name.to_owned(), value.to_owned());
        let settings: Vec<_> = SETTINGS.iter().chain(extra).map(owned).collect();
        let data_dir = scratch::dir("postgres");
        let running = start(&data_dir, &settings);
        Arc::new(Self {
            url: running.url(),
            log: running.log_path().to_owned(),
            running: Mutex::new(Some(running)),
            data_dir,
            settings,
            template: OnceLock::new(),
        })
    }

    /// The URL of one of its databases. It stays the same after a restart.
    pub fn url_of(&self, role: &str, database: &str) -> String {
        let (_, host) = self.url.split_once('@').expect("a role in the URL");
        let (host, _) = host.rsplit_once('/').expect("a database in the URL");
        format!("postgres://{role}@{host}/{database}")
    }

    /// Opens a session of the superuser.
    pub fn client(&self) -> Client {
        Client::connect(&self.url)
    }

    /// The path of its socket.
    pub fn socket(&self) -> PathBuf {
        let config: tokio_postgres::Config = self.url.parse().expect("a URL");
        match &config.get_hosts()[0] {
            Host::Unix(directory) => directory.join(".s.PGSQL.5432"),
            Host::Tcp(name) => panic!("a server of ours is on a socket, not on {name}"),
        }
    }

    pub fn log_path(&self) -> &Path {
        &self.log
    }

    /// Ends all sessions, and stops the server.
    pub fn stop(&self) {
        let running = self.lock().take().expect("a running server");
        running.stop().expect("stop");
    }

    /// Starts the server again with the same data and URL.
    pub fn start(&self) {
        let mut running = self.lock();
        assert!(running.is_none(), "it runs");
        *running = Some(start(&self.data_dir, &self.settings));
    }

    /// The ids of the server process and its current children.
    pub fn pids(&self) -> Vec<i32> {
        let postmaster = self.lock().as_ref().expect("a running server").pid();
        let children = format!("/proc/{postmaster}/task/{postmaster}/children");
        let children = std::fs::read_to_string(children).expect("its children");
        let children = children.split_whitespace().filter_map(|p| p.parse().ok());
        std::iter::once(postmaster).chain(children).collect()
    }

    /// Stops all its processes with SIGSTOP. The server then accepts connections, but never
    /// answers.
    pub fn freeze(&self) {
        self.signal(Signal::SIGSTOP);
    }

    /// Ends [`Server::freeze`].
    pub fn thaw(&self) {
        self.signal(Signal::SIGCONT);
    }

    fn signal(&self, signal: Signal) {
        for pid in self.pids() {
            // A child may have ended in the meantime.
            let _ = kill(Pid::from_raw(pid), signal);
        }
    }

    /// The name of a migrated database, from which tests copy theirs. Nobody can connect to it,
    /// because a template must have no sessions.
    fn template(&self) -> &str {
        self.template.get_or_init(|| {
            let name = "migrated_template".to_owned();
            self.client().run(&format!("create database {name}"));
            let url = self.url_of("sectorwatch", &name);
            migrate::up(&url);
            let closed = format!("alter database {name} with allow_connections false");
            self.client().run(&closed);
            name
        })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Embedded>> {
        self.running.lock().expect("no test panics in here")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A frozen server cannot be stopped.
        if self.lock().is_some() {
            self.thaw();
        }
        self.lock().take();
        let _ = std::fs::remove_dir_all(&self.data_dir);
    }
}

/// The directory of the PostgreSQL programs, if the environment names one.
pub fn programs() -> Option<PathBuf> {
    std::env::var_os("PG_BIN_DIR").filter(|dir| !dir.is_empty()).map(PathBuf::from)
}

/// The settings with which the service starts its own server, for this data directory.
pub fn settings(data_dir: &Path) -> EmbeddedSettings {
    EmbeddedSettings {
        programs: programs(),
        setting_names: &SettingNames {
            data_dir: "SECTORWATCH_DATA_DIR",
            programs: "PG_BIN_DIR",
            server_url: "DATABASE_URL",
            new_cluster: "--new-cluster",
        },
        ..EmbeddedSettings::new(data_dir, "sectorwatch")
    }
}

fn start(data_dir: &Path, settings: &[(String, String)]) -> Embedded {
    let started =
        Embedded::start(EmbeddedSettings { extra: settings.to_vec(), ..self::settings(data_dir) });
    started.unwrap_or_else(|error| panic!("no PostgreSQL to test with: {error}"))
}

/// A database for one test. It is dropped with this value, even if it has open sessions.
pub struct Database {
    server: Arc<Server>,
    name: String,
    role: String,
}

impl Database {
    /// Creates an empty database on the shared server.
    pub fn fresh() -> Self {
        Self::on(Server::shared())
    }

    /// Creates a database with the current schema on the shared server.
    pub fn migrated() -> Self {
        Self::migrated_on(Server::shared())
    }

    /// Creates an empty database. The role in its URL owns it and is no superuser, so that revoked
    /// rights have an effect. [`Database::client`] still opens a session of the superuser.
    pub fn of_own_role() -> Self {
        Self::of_own_role_on(Server::shared())
    }

    /// Like [`Database::of_own_role`], on this server.
    pub fn of_own_role_on(server: Arc<Server>) -> Self {
        let mut database = Self::on(server);
        let name = database.name.clone();
        let sql = format!("create role {name} login; alter database {name} owner to {name}");
        database.server.client().run(&sql);
        database.role = name;
        database
    }

    /// Creates an empty database on this server.
    pub fn on(server: Arc<Server>) -> Self {
        Self::create(server, "")
    }

    /// Creates a database with the current schema on this server.
    pub fn migrated_on(server: Arc<Server>) -> Self {
        let template = format!("template {}", server.template());
        Self::create(server, &template)
    }

    /// Creates an empty database on this server, whose tables are stored in `dir`.
    pub fn in_directory(server: Arc<Server>, dir: &Path) -> Self {
        let dir = dir.display();
        server.client().run(&format!("create tablespace apart location '{dir}'"));
        Self::create(server, "tablespace apart")
    }

    fn create(server: Arc<Server>, how: &str) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let client = server.client();
        client.run(&format!("create database {name} {how}"));
        Self { server, name, role: "sectorwatch".to_owned() }
    }

    /// The URL for `DATABASE_URL`.
    pub fn url(&self) -> String {
        self.server.url_of(&self.role, &self.name)
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// The role in its URL.
    pub fn role(&self) -> &str {
        &self.role
    }

    pub fn server(&self) -> &Arc<Server> {
        &self.server
    }

    /// Opens a session of the superuser with this database.
    pub fn client(&self) -> Client {
        Client::connect(&self.server.url_of("sectorwatch", &self.name))
    }

    /// The number of its client sessions whose application name matches a pattern like
    /// `sectorwatch:%`.
    pub fn sessions_like(&self, application_name: &str) -> u64 {
        self.server.client().count(&format!(
            "select count(*) from pg_stat_activity where datname = '{}' \
             and backend_type = 'client backend' and application_name like '{application_name}'",
            self.name
        ))
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // The server may have been stopped by the test.
        if let Ok(client) = Client::try_connect(&self.server.url) {
            let name = &self.name;
            let _ = client.try_rows(&format!("drop database {name} with (force)"));
            if self.role == *name {
                let _ = client.try_rows(&format!("drop role {name}"));
            }
        }
    }
}
