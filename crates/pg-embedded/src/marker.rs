//! The marker outside of the cluster that identifies it, so that a vanished directory is not taken for one
//! that never existed.

use std::{
    fmt, fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use chrono::{DateTime, Utc};
use nix::libc;
use serde::{Deserialize, Serialize};

/// The files without which it is no cluster of PostgreSQL 10 or later.
const PARTS: [&str; 6] = ["PG_VERSION", "global", "global/pg_control", "base", "pg_wal", "pg_xact"];

/// Identifies a cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marker {
    /// PostgreSQL's identifier, from the time of `initdb`. It is text, because not every JSON parser supports
    /// integers of 64 bits.
    pub system_identifier: String,
    /// The major version that created it.
    pub major_version: String,
    /// When it was created.
    pub created_at: DateTime<Utc>,
}

/// What happened to a cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Loss {
    /// There is no directory.
    Gone,
    /// The directory is empty, such as the mount point of a file system that is not mounted.
    Empty,
    /// A part of it is missing.
    Incomplete(&'static str),
    /// The file system does not answer.
    Unreachable,
    /// Another cluster, created at this time, is there.
    Other(DateTime<Utc>),
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Loss::Gone => write!(f, "is gone"),
            Loss::Empty => write!(f, "is empty"),
            Loss::Incomplete(part) => write!(f, "has no {part} any more"),
            Loss::Unreachable => write!(f, "is on a file system that does not answer"),
            Loss::Other(made) => write!(f, "is another one, made on {}", made.format("%F %T UTC")),
        }
    }
}

/// Returns the cluster in this directory, or why there is none.
///
/// # Errors
/// Errors that say nothing about the cluster, such as too few file descriptors.
pub fn inspect(dir: &Path) -> io::Result<Result<Marker, Loss>> {
    match fs::read_dir(dir) {
        Ok(mut entries) => {
            if entries.next().is_none() {
                return Ok(Err(Loss::Empty));
            }
        }
        Err(error) => return lost(error, Loss::Gone).map(Err),
    }
    for part in PARTS {
        if let Err(error) = fs::metadata(dir.join(part)) {
            return lost(error, Loss::Incomplete(part)).map(Err);
        }
    }
    let version = match fs::read_to_string(dir.join("PG_VERSION")) {
        Ok(version) => version,
        Err(error) => return lost(error, Loss::Incomplete("PG_VERSION")).map(Err),
    };
    let control = match fs::read(dir.join("global/pg_control")) {
        Ok(control) => control,
        Err(error) => return lost(error, Loss::Incomplete("global/pg_control")).map(Err),
    };
    let Some(identifier) = control.first_chunk::<8>().map(|bytes| u64::from_ne_bytes(*bytes))
    else {
        return Ok(Err(Loss::Incomplete("global/pg_control")));
    };
    let seconds = i64::try_from(identifier >> 32).unwrap_or_default();
    Ok(Ok(Marker {
        system_identifier: identifier.to_string(),
        major_version: version.trim().to_owned(),
        created_at: DateTime::from_timestamp(seconds, 0).unwrap_or_default(),
    }))
}

/// Maps errors that mean that a file is missing.
fn lost(error: io::Error, loss: Loss) -> io::Result<Loss> {
    match error.raw_os_error() {
        // Nothing can be created without access either; the start reports the error.
        Some(libc::ENOENT | libc::ENOTDIR | libc::EACCES) => Ok(loss),
        Some(libc::ENOTCONN | libc::ESTALE | libc::EIO) => Ok(Loss::Unreachable),
        _ => Err(error),
    }
}

impl Marker {
    /// The path of the marker: beside the cluster's directory, which may be a separate mount.
    pub fn path(data_dir: &Path) -> PathBuf {
        data_dir.join("cluster.json")
    }

    /// Reads the marker. `Some(None)` is an unreadable marker, which means that a cluster existed.
    pub fn read(data_dir: &Path) -> io::Result<Option<Option<Self>>> {
        match fs::read(Self::path(data_dir)) {
            Ok(text) => Ok(Some(serde_json::from_slice(&text).ok())),
            // Nothing can be created without access either; the start reports the error.
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound
                        | io::ErrorKind::NotADirectory
                        | io::ErrorKind::PermissionDenied
                ) =>
            {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Writes the marker completely or not at all.
    pub fn write(&self, data_dir: &Path) -> io::Result<()> {
        let path = Self::path(data_dir);
        let unfinished = path.with_extension("new");
        let mut file = fs::File::create(&unfinished)?;
        file.write_all(format!("{}\n", serde_json::to_string_pretty(self)?).as_bytes())?;
        file.sync_all()?;
        fs::rename(&unfinished, &path)?;
        fs::File::open(data_dir)?.sync_all()
    }

    /// Removes the marker, so that the next start may create a cluster.
    pub fn remove(data_dir: &Path) -> io::Result<()> {
        match fs::remove_file(Self::path(data_dir)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_read_as_it_was_written_and_a_cut_one_still_says_that_a_cluster_was_there() {
        let dir = tempfile::tempdir().expect("a directory");
        assert_eq!(Marker::read(dir.path()).expect("read"), None);
        let marker = Marker {
            system_identifier: u64::MAX.to_string(),
            major_version: "15".to_owned(),
            created_at: DateTime::from_timestamp(1_700_000_000, 0).expect("a time"),
        };
        marker.write(dir.path()).expect("write");
        assert_eq!(Marker::read(dir.path()).expect("read"), Some(Some(marker)));
        fs::write(Marker::path(dir.path()), "{").expect("write");
        assert_eq!(Marker::read(dir.path()).expect("read"), Some(None));
        Marker::remove(dir.path()).expect("remove");
        assert_eq!(Marker::read(dir.path()).expect("read"), None);
    }
}
