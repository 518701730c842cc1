//! Arguments and environment for a run of the binary.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::{
    feed_server::{FeedServer, MAIN, TRANSCEIVERS},
    http,
    postgres::Database,
    scratch,
    service::{Ended, PATIENCE, Service},
};

/// The arguments and the environment of one run.
#[derive(Debug, Clone)]
pub struct Setup {
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
    address: SocketAddr,
    data_dir: PathBuf,
    has_few_files: bool,
}

impl Setup {
    /// Creates a setup with these arguments. Nothing is inherited from the environment of the
    /// tests.
    pub fn bare(arguments: &[&str]) -> Self {
        Self {
            arguments: arguments.iter().map(|&a| a.to_owned()).collect(),
            environment: Vec::new(),
            address: http::free_address(),
            data_dir: scratch::dir("data"),
            has_few_files: false,
        }
    }

    /// Runs `serve` on this database. It polls this feed every 100 ms, without discovery.
    pub fn serve(database: &Database, feed: &FeedServer) -> Self {
        Self::bare(&["serve"])
            .env("DATABASE_URL", &database.url())
            .env("SECTORWATCH_FEED_URL", &feed.url(MAIN))
            .env("SECTORWATCH_TRANSCEIVERS_URL", &feed.url(TRANSCEIVERS))
            .env("SECTORWATCH_STATUS_URL", "")
            .env("SECTORWATCH_POLL_INTERVAL", "100ms")
    }

    /// Replaces the arguments.
    pub fn arguments(mut self, arguments: &[&str]) -> Self {
        self.arguments = arguments.iter().map(|&a| a.to_owned()).collect();
        self
    }

    /// Adds a variable. The last value of a name is used.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sets `SECTORWATCH_FAULT`, for example to `flights.committed=kill@3`.
    pub fn fault(self, fault: &str) -> Self {
        let is_armed = cfg!(feature = "fault-injection");
        assert!(is_armed, "run with --features fault-injection");
        self.env("SECTORWATCH_FAULT", fault)
    }

    /// Gives the process a low soft limit of open files, which it may raise itself.
    pub fn few_files(self) -> Self {
        Self { has_few_files: true, ..self }
    }

    /// The address on which the service will listen.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The directory in which an embedded server would keep its data.
    pub fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    /// Starts the service without waiting.
    pub fn spawn(&self) -> Service {
        let program = env!("CARGO_BIN_EXE_sectorwatch");
        let mut command = Command::new(if self.has_few_files { "sh" } else { program });
        if self.has_few_files {
            command.args(["-c", "ulimit -S -n 256 && exec \"$0\" \"$@\"", program]);
        }
        command
            .args(&self.arguments)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("RUST_LOG", "info")
            .env("SECTORWATCH_LISTEN", self.address.to_string())
            .env("SECTORWATCH_DATA_DIR", &self.data_dir)
            // Tests ask more often than clients do.
            .env("SECTORWATCH_RATE_LIMIT", "100000/s")
            .env("SECTORWATCH_RATE_BURST", "100000")
            // Shared responses are switched off by default, so that tests always read current
            // values.
            .env("SECTORWATCH_FAULT_RENDERED_MS", "0")
            .envs(self.environment.iter().cloned())
            .current_dir(&self.data_dir)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Service::of(command.spawn().expect("start the binary"), self.address)
    }

    /// Starts the service, and waits until `/readyz` answers 200.
    pub fn start(&self) -> Service {
        let mut service = self.spawn();
        service.wait_until("ready", PATIENCE, |service| {
            service.try_get("/readyz").is_some_and(|a| a.status == 200)
        });
        service.note_scrape();
        service
    }

    /// Runs the binary, and waits for its end.
    pub fn run(&self) -> Ended {
        self.spawn().finish(2 * PATIENCE)
    }
}
