//! What a run of the binary is given.

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

/// Arguments and environment of one run.
#[derive(Debug, Clone)]
pub struct Setup {
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
    address: SocketAddr,
    data_dir: PathBuf,
    has_few_files: bool,
}

impl Setup {
    /// These arguments, and nothing of the test's own environment.
    pub fn bare(arguments: &[&str]) -> Self {
        Self {
            arguments: arguments.iter().map(|&a| a.to_owned()).collect(),
            environment: Vec::new(),
            address: http::free_address(),
            data_dir: scratch::dir("data"),
            has_few_files: false,
        }
    }

    /// `serve`: this database, this feed every 100 ms, no discovery.
    pub fn serve(database: &Database, feed: &FeedServer) -> Self {
        Self::bare(&["serve"])
            .env("DATABASE_URL", &database.url())
            .env("SECTORWATCH_FEED_URL", &feed.url(MAIN))
            .env("SECTORWATCH_TRANSCEIVERS_URL", &feed.url(TRANSCEIVERS))
            .env("SECTORWATCH_STATUS_URL", "")
            .env("SECTORWATCH_POLL_INTERVAL", "100ms")
    }

    /// The same with other arguments.
    pub fn arguments(mut self, arguments: &[&str]) -> Self {
        self.arguments = arguments.iter().map(|&a| a.to_owned()).collect();
        self
    }

    /// One more variable; the last of a name wins.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Arms `SECTORWATCH_FAULT`, for example `flights.committed=kill@3`.
    pub fn fault(self, fault: &str) -> Self {
        let is_armed = cfg!(feature = "fault-injection");
        assert!(is_armed, "run with --features fault-injection");
        self.env("SECTORWATCH_FAULT", fault)
    }

    /// It may have few files open, unless it asks for more.
    pub fn few_files(self) -> Self {
        Self { has_few_files: true, ..self }
    }

    /// Where it will listen.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where an embedded server would keep its data.
    pub fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    /// Starts it, and waits for nothing.
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
            // What a test reads is of now, unless it wants to see what is shared.
            .env("SECTORWATCH_FAULT_RENDERED_MS", "0")
            .envs(self.environment.iter().cloned())
            .current_dir(&self.data_dir)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Service::of(command.spawn().expect("start the binary"), self.address)
    }

    /// Starts it, and waits until `/readyz` says 200.
    pub fn start(&self) -> Service {
        let mut service = self.spawn();
        service.wait_until("ready", PATIENCE, |service| {
            service.try_get("/readyz").is_some_and(|a| a.status == 200)
        });
        service.note_scrape();
        service
    }

    /// Runs it to its end.
    pub fn run(&self) -> Ended {
        self.spawn().finish(2 * PATIENCE)
    }
}
