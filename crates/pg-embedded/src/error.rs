//! Errors of starting and stopping the embedded server, with the command that fixes them.

use std::{
    io,
    path::{Path, PathBuf},
    process::ExitStatus,
    time::Duration,
};

use chrono::{DateTime, Utc};
use nix::unistd::Uid;

use crate::{Loss, SettingNames, account::user_name};

/// An error of the embedded PostgreSQL.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    /// There is no `initdb` and `postgres` in any of the usual directories.
    #[error(
        "no PostgreSQL server programs (initdb, postgres) found: install them with `{install}`, name their directory in {}, or set {} to use a server of your own",
        names.programs, names.server_url
    )]
    BinariesMissing {
        /// The install command of this platform.
        install: &'static str,
        /// The service's names for the settings.
        names: &'static SettingNames,
    },
    /// The setting for the programs names a directory without them.
    #[error(
        "{} names {}, which holds no PostgreSQL server programs (initdb, postgres): name the directory that does, or unset it to have the usual places searched",
        names.programs, dir.display()
    )]
    BinariesNotThere {
        /// The directory.
        dir: PathBuf,
        /// The service's names for the settings.
        names: &'static SettingNames,
    },
    /// A program exists but does not run.
    #[error("cannot run {}", path.display())]
    BinariesUnusable {
        /// The program.
        path: PathBuf,
        /// The system's error.
        #[source]
        source: io::Error,
    },
    /// A major version that is not installed created the cluster.
    #[error(
        "{} was made by PostgreSQL {cluster}, but only {installed} is installed: install PostgreSQL {cluster}, name its directory in {}, or move the data away and start with {} to begin with an empty one",
        dir.display(), names.programs, names.new_cluster
    )]
    OtherVersion {
        /// The data directory of the cluster.
        dir: PathBuf,
        /// Its major version.
        cluster: String,
        /// The installed major versions, newest first.
        installed: String,
        /// The service's names for the settings.
        names: &'static SettingNames,
    },
    /// The directory has files but is no cluster.
    #[error("{} is not empty and holds no PostgreSQL cluster: move it away or choose another {}", dir.display(), names.data_dir)]
    NotACluster {
        /// The directory.
        dir: PathBuf,
        /// The service's names for the settings.
        names: &'static SettingNames,
    },
    /// A known cluster is missing or is another one.
    #[error(
        "{} held a PostgreSQL cluster{} and {loss}: bring it back (a mount, a backup){}, or start with {} to begin with an empty one",
        dir.display(),
        created_at.map(|at| format!(", made on {},", at.format("%F %T UTC"))).unwrap_or_default(),
        marker.as_ref().map(|path| format!(", remove {} to use the one that is there", path.display())).unwrap_or_default(),
        names.new_cluster
    )]
    DataLost {
        /// The directory of the cluster.
        dir: PathBuf,
        /// When the cluster was created, if that is known.
        created_at: Option<DateTime<Utc>>,
        /// What happened to the cluster.
        loss: Loss,
        /// The marker of the lost cluster, if another cluster is in its place.
        marker: Option<PathBuf>,
        /// The service's names for the settings.
        names: &'static SettingNames,
    },
    /// The start was interrupted.
    #[error("the start of PostgreSQL was given up, since the service stops")]
    Halted,
    /// The server's user cannot enter a directory on the path to its data.
    #[error(
        "user {user}, as whom the server runs, cannot enter {}: `chmod o+x '{}'` or choose another {}",
        parent.display(), parent.display(), names.data_dir
    )]
    NotEnterable {
        /// The first directory that cannot be entered.
        parent: PathBuf,
        /// The server's user.
        user: String,
        /// The service's names for the settings.
        names: &'static SettingNames,
    },
    /// This process may not write to the data directory.
    #[error(
        "user {user} may not write to {}: `sudo install -d -o {user} '{}'` or choose another {}",
        dir.display(), dir.display(), names.data_dir
    )]
    NotWritable {
        /// The data directory.
        dir: PathBuf,
        /// The user of this process.
        user: String,
        /// The system's error.
        #[source]
        source: io::Error,
        /// The service's names for the settings.
        names: &'static SettingNames,
    },
    /// The cluster belongs to another user.
    #[error(
        "{} belongs to user id {owner}, and the server would run as {user}: `chown -R {user} '{}'` or run as its owner",
        dir.display(), dir.display()
    )]
    NotOwned {
        /// The data directory of the cluster.
        dir: PathBuf,
        /// The user id of its owner.
        owner: u32,
        /// The server's user.
        user: String,
    },
    /// Another process uses the directory, and did not end while we waited.
    #[error("{} is in use by process {pid}, still after {} s: stop it or choose another {}", dir.display(), waited.as_secs(), names.data_dir)]
    InUse {
        /// The data directory.
        dir: PathBuf,
        /// The other process.
        pid: String,
        /// How long we waited for it to end.
        waited: Duration,
        /// The service's names for the settings.
        names: &'static SettingNames,
    },
    /// A file or directory could not be read, created or changed.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// The attempted action.
        action: &'static str,
        /// The path of the file or directory.
        path: PathBuf,
        /// The system's error.
        #[source]
        source: io::Error,
    },
    /// The cluster could not be created.
    #[error("{program} failed ({status}): {output}")]
    Initialize {
        /// `initdb`, or `postgres` for creating the database.
        program: &'static str,
        /// The exit status.
        status: ExitStatus,
        /// The output of the program.
        output: String,
    },
    /// The server ended before it was ready.
    #[error("PostgreSQL did not start ({status}); the last lines of {}:\n{log}", log_path.display())]
    Ended {
        /// The exit status.
        status: ExitStatus,
        /// The path of the server's log.
        log_path: PathBuf,
        /// The last lines of the log.
        log: String,
    },
    /// The server runs, but was not ready in time.
    #[error("PostgreSQL is not ready after {} s; the last lines of {}:\n{log}", waited.as_secs(), log_path.display())]
    NotReady {
        /// How long we waited.
        waited: Duration,
        /// The path of the server's log.
        log_path: PathBuf,
        /// The last lines of the log.
        log: String,
    },
    /// The server did not stop and was killed. It recovers at the next start.
    #[error("PostgreSQL did not stop within {} s and was killed", waited.as_secs())]
    Killed {
        /// How long we waited.
        waited: Duration,
    },
}

impl EmbeddedError {
    /// Wraps an [`io::Error`] with the attempted action, for `map_err`.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { action, path, source }
    }

    /// Wraps an [`io::Error`] of writing to the data directory, for `map_err`.
    pub(crate) fn not_writable(
        dir: &Path,
        names: &'static SettingNames,
    ) -> impl FnOnce(io::Error) -> Self {
        let dir = dir.to_owned();
        move |source| match source.kind() {
            io::ErrorKind::PermissionDenied => {
                Self::NotWritable { dir, user: user_name(Uid::effective()), source, names }
            }
            _ => Self::Io { action: "write to", path: dir, source },
        }
    }

    /// Whether the same start may succeed in a moment without any change of settings: lost data may come back.
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::DataLost { .. })
    }

    /// The error and its causes in one line, for the log.
    pub(crate) fn chain(&self) -> String {
        std::iter::successors(Some(self as &dyn std::error::Error), |error| error.source())
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(": ")
    }

    /// The cause, for logs and metric labels.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::BinariesMissing { .. } => "binaries_missing",
            Self::BinariesNotThere { .. } => "binaries_not_there",
            Self::BinariesUnusable { .. } => "binaries_unusable",
            Self::OtherVersion { .. } => "other_version",
            Self::NotACluster { .. } => "not_a_cluster",
            Self::DataLost { .. } => "data_lost",
            Self::Halted => "halted",
            Self::NotEnterable { .. } => "not_enterable",
            Self::NotWritable { .. } => "not_writable",
            Self::NotOwned { .. } => "not_owned",
            Self::InUse { .. } => "in_use",
            Self::Io { .. } => "io",
            Self::Initialize { .. } => "initialize",
            Self::Ended { .. } => "ended",
            Self::NotReady { .. } => "not_ready",
            Self::Killed { .. } => "killed",
        }
    }
}
