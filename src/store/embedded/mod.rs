//! A PostgreSQL server of our own, for those who bring none.
//!
//! Finds the system's binaries, makes a cluster once, and runs the server below this process on a
//! private unix socket: no TCP, durable, as an unprivileged user when we are root, and never longer
//! than this process lives. It must not know what is stored: tables belong to the rest of the store.
//! A new place to look for binaries goes to `binaries`, a server setting to `command`.

mod account;
pub mod binaries;
mod claim;
mod cluster;
mod command;
mod error;
mod log;
mod neighbour;
mod process;
mod socket;

use std::path::{Path, PathBuf};

use account::Account;
pub use binaries::{Binaries, find_binaries};
use claim::Claim;
use cluster::Cluster;
pub use error::EmbeddedError;
use log::Log;
pub use neighbour::running;
use process::Server;
use socket::SocketDir;

/// The superuser of the cluster, whom the URL names.
const ROLE: &str = "sectorwatch";
/// The database that the URL names.
const DATABASE: &str = "sectorwatch";

/// Where the server keeps its data, and how it differs from the defaults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmbeddedSettings {
    /// Holds `postgres` (the cluster), `run` (the socket), `postgres.log` and `lock`; made when missing.
    pub data_dir: PathBuf,
    /// Server settings that override ours, such as `("log_statement", "all")`.
    pub extra: Vec<(String, String)>,
}

/// A running server. Dropping it stops the server, within 20 s.
///
/// When the process dies without dropping it, the kernel tells the server to stop.
#[derive(Debug)]
pub struct Embedded {
    server: Server,
    socket_dir: SocketDir,
    log: Log,
    // Last: the next starter may come only when the server is gone.
    _claim: Claim,
}

impl Embedded {
    /// Makes the cluster when there is none, and starts the server on it.
    ///
    /// Blocks: under a second, up to 10 s while a predecessor ends, up to 60 s for crash recovery.
    pub fn start(settings: EmbeddedSettings) -> Result<Self, EmbeddedError> {
        let EmbeddedSettings { data_dir, extra } = settings;
        // First: where there are no programs, as in a container, a directory to write to is no help.
        let installed = binaries::installed()?;
        std::fs::create_dir_all(&data_dir).map_err(EmbeddedError::not_writable(&data_dir))?;
        let data_dir = data_dir.canonicalize().map_err(EmbeddedError::io("resolve", &data_dir))?;

        let cluster = Cluster::below(&data_dir);
        let account = Account::for_cluster(cluster.dir())?;
        let binaries = cluster.choose(installed)?;
        account.require_enterable(&data_dir, &binaries)?;

        let claim = Claim::acquire(&data_dir, cluster.dir())?;
        cluster.initialize(&binaries, &account, &extra)?;
        let socket_dir = SocketDir::prepare(&data_dir, &account)?;
        let log_path = data_dir.join("postgres.log");
        let mut log = Log::open(&log_path).map_err(EmbeddedError::io("open", &log_path))?;
        let command =
            command::server(&binaries, &account, cluster.dir(), socket_dir.path(), &extra);
        let server = Server::start(command, cluster.dir(), &mut log)?;
        Ok(Self { server, socket_dir, log, _claim: claim })
    }

    /// `postgres://sectorwatch@%2Fpath%2Fto%2Fsocket/sectorwatch`.
    pub fn url(&self) -> String {
        url(self.socket_dir.path())
    }

    /// Ends all connections and stops the server; an error when it had to be killed.
    pub fn stop(mut self) -> Result<(), EmbeddedError> {
        self.server.stop()
    }

    /// The process id of the server (the postmaster).
    pub fn pid(&self) -> i32 {
        self.server.pid()
    }

    /// The server's log; emptied by a start that finds it larger than 10 MiB.
    pub fn log_path(&self) -> &Path {
        self.log.path()
    }

    /// Whether the server still runs.
    pub fn is_alive(&mut self) -> bool {
        self.server.is_alive()
    }
}

fn url(socket_dir: &Path) -> String {
    format!("postgres://{ROLE}@{}/{DATABASE}", percent_encoded(socket_dir))
}

fn percent_encoded(path: &Path) -> String {
    use std::os::unix::ffi::OsStrExt;
    path.as_os_str().as_bytes().iter().fold(String::new(), |mut text, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                text.push(char::from(*byte))
            }
            _ => text.push_str(&format!("%{byte:02X}")),
        }
        text
    })
}
