#![doc = include_str!("../README.md")]
//!
//! It must not know what is stored, or by whom. Add a directory of programs in `binaries`, a server setting
//! in `command`.
#![warn(missing_docs)]

mod account;
mod aside;
mod binaries;
mod claim;
mod cluster;
mod command;
mod error;
mod halt;
mod log;
mod lost;
mod marker;
mod neighbour;
mod plan;
mod process;
mod settings;
mod socket;
mod supervisor;

use std::{path::Path, time::Duration};

use account::Account;
pub use aside::start_aside;
pub use binaries::{Binaries, find_binaries};
use claim::Claim;
use cluster::Cluster;
pub use error::EmbeddedError;
pub use halt::Halt;
use log::Log;
pub use lost::{DataLost, await_data};
pub use marker::{Loss, Marker};
pub use neighbour::running;
pub use plan::Begin;
use plan::Plan;
use process::Server;
pub use settings::{EmbeddedSettings, SettingNames};
use socket::SocketDir;
pub use supervisor::Supervisor;

/// A running server. Dropping this stops the server within 20 s.
///
/// When the process dies without dropping this, the kernel signals the server to stop.
#[derive(Debug)]
pub struct Embedded {
    server: Server,
    name: String,
    socket_dir: SocketDir,
    log: Log,
    cluster: Cluster,
    marker: Marker,
    // Dropped last: the next process may start only when the server has ended.
    _claim: Claim,
}

/// The condition of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// It runs on the cluster on which it was started.
    Well,
    /// It has ended.
    Ended,
    /// It may run, but its cluster is gone, so that what it writes is lost.
    Lost(Loss),
}

impl Embedded {
    /// Starts the server, after it created a cluster if there never was one.
    ///
    /// Blocks: less than a second; up to 10 s while a predecessor ends; up to 60 s during crash recovery.
    pub fn start(settings: EmbeddedSettings) -> Result<Self, EmbeddedError> {
        Self::begin(settings, &Begin::IfNew, &Halt::default())
    }

    /// Like [`Embedded::start`], with a rule for creating a cluster, and until it is halted.
    pub fn begin(
        settings: EmbeddedSettings,
        begin: &Begin,
        halt: &Halt,
    ) -> Result<Self, EmbeddedError> {
        let EmbeddedSettings { data_dir, programs, name, extra, setting_names: names } = settings;
        // Comes first: without programs, as in a container, a writable directory does not help.
        let mut installed = binaries::installed(programs.as_deref(), names, halt)?;
        // Comes before anything is created, because the data directory may be an absent mount.
        let plan = begin.plan(&data_dir, &Cluster::below(&data_dir, &name, names))?;
        std::fs::create_dir_all(&data_dir)
            .map_err(EmbeddedError::not_writable(&data_dir, names))?;
        let data_dir = data_dir.canonicalize().map_err(EmbeddedError::io("resolve", &data_dir))?;

        let cluster = Cluster::below(&data_dir, &name, names);
        let account = Account::for_cluster(cluster.dir())?;
        let binaries = match plan {
            Plan::Replace => installed.swap_remove(0),
            Plan::Use | Plan::Make => cluster.choose(installed)?,
        };
        account.require_enterable(&data_dir, &binaries, names, halt)?;

        let claim = Claim::acquire(&data_dir, cluster.dir(), names, halt)?;
        if plan == Plan::Replace {
            cluster.set_aside()?;
            // A later crash is one during the creation of a cluster.
            Marker::remove(&data_dir)
                .map_err(EmbeddedError::io("remove the note in", &data_dir))?;
        }
        if plan != Plan::Use {
            cluster.initialize(&binaries, &account, &extra, halt)?;
        }
        let socket_dir = SocketDir::prepare(&data_dir, &name, &account)?;
        let log_path = data_dir.join("postgres.log");
        let mut log = Log::open(&log_path).map_err(EmbeddedError::io("open", &log_path))?;
        let command =
            command::server(&binaries, &account, cluster.dir(), socket_dir.path(), &extra);
        let server = Server::start(command, cluster.dir(), &mut log, halt)?;
        let marker = noted(&data_dir, &cluster)?;
        Ok(Self { server, name, socket_dir, log, cluster, marker, _claim: claim })
    }

    /// `postgres://name@%2Fpath%2Fto%2Fsocket/name`.
    pub fn url(&self) -> String {
        url(self.socket_dir.path(), &self.name)
    }

    /// Ends all connections and stops the server. Returns an error when the server had to be killed after 15
    /// s.
    pub fn stop(self) -> Result<(), EmbeddedError> {
        self.stop_within(Duration::MAX)
    }

    /// Like [`Embedded::stop`], with a shorter limit.
    pub fn stop_within(mut self, wait: Duration) -> Result<(), EmbeddedError> {
        self.server.stop(wait)
    }

    /// Ends the server of a lost cluster at once, because it can save nothing.
    pub fn abandon(mut self) {
        self.server.abandon();
    }

    /// The process id of the server (the postmaster).
    pub fn pid(&self) -> i32 {
        self.server.pid()
    }

    /// The server's log. A start empties it when it is larger than 10 MiB.
    pub fn log_path(&self) -> &Path {
        self.log.path()
    }

    /// Identifies the cluster on which it was started.
    pub fn marker(&self) -> &Marker {
        &self.marker
    }

    /// Whether the server runs.
    pub fn is_alive(&mut self) -> bool {
        self.server.is_alive()
    }

    /// Checks the server and its cluster.
    pub fn condition(&mut self) -> Condition {
        match marker::inspect(self.cluster.dir()) {
            Ok(Ok(found)) if found != self.marker => Condition::Lost(Loss::Other(found.created_at)),
            Ok(Err(loss)) => Condition::Lost(loss),
            // What cannot be checked now is checked again later.
            _ if self.is_alive() => Condition::Well,
            _ => Condition::Ended,
        }
    }
}

/// Reads or writes the marker of the existing cluster. A full disk does not prevent the start.
fn noted(data_dir: &Path, cluster: &Cluster) -> Result<Marker, EmbeddedError> {
    let found =
        marker::inspect(cluster.dir()).map_err(EmbeddedError::io("look at", cluster.dir()))?;
    let found = found.map_err(|loss| EmbeddedError::DataLost {
        dir: cluster.dir().to_owned(),
        created_at: None,
        marker: None,
        loss,
        names: cluster.names(),
    })?;
    if Marker::read(data_dir).ok().flatten().flatten().as_ref() != Some(&found)
        && let Err(error) = found.write(data_dir)
    {
        tracing::warn!(%error, "which cluster is here cannot be noted: its loss would not be noticed");
    }
    Ok(found)
}

fn url(socket_dir: &Path, name: &str) -> String {
    format!("postgres://{name}@{}/{name}", percent_encoded(socket_dir))
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
