//! The files of the airspace, as the settings name them, and whether they have changed.

use std::{fs, os::unix::fs::MetadataExt as _, path::PathBuf, thread, time::Duration};

use tokio::task::JoinError;

use sectorwatch_airspace::{self as airspace, AirspaceError};
use sectorwatch_core::airspace::Airspace;

/// The time between two looks at files that change while they are read.
const PAUSE: Duration = Duration::from_millis(200);
/// The number of times that changing files are read before they are given up.
const TRIES: u32 = 10;

/// What the settings say about the airspace.
#[derive(Debug, Clone)]
pub struct AirspaceFiles {
    /// Setting `SECTORWATCH_AIRSPACE`; empty means the built-in one.
    pub paths: Vec<PathBuf>,
    /// Setting `SECTORWATCH_TRANSITION_ALTITUDE_FT`.
    pub transition_altitude_ft: Option<i32>,
}

/// How the files look from outside. Two equal looks mean that nothing was written, renamed or replaced between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look(Result<Vec<(PathBuf, Option<Metadata>)>, String>);

/// What changes when a file is written or replaced. It is that of a link's target, so that replacing a link is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Metadata {
    device: u64,
    inode: u64,
    bytes: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

/// Why no airspace could be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// A file is missing or wrong.
    #[error(transparent)]
    Airspace(#[from] AirspaceError),
    /// The files are being written.
    #[error("the files of the airspace changed each time they were read")]
    Changing,
    /// The reader panicked.
    #[error("reading it panicked")]
    Panicked(#[from] JoinError),
}

impl ReadError {
    /// The error as the public may read it, which is nothing of the folders that the files are in.
    pub fn without_folders(self) -> Self {
        match self {
            Self::Airspace(error) => Self::Airspace(error.without_folders()),
            of_no_file => of_no_file,
        }
    }
}

impl AirspaceFiles {
    /// Whether the built-in airspace is used, which has no files.
    pub fn is_built_in(&self) -> bool {
        self.paths.is_empty()
    }

    /// Reads the airspace, with the transition altitude of the settings. Repairs and warnings are logged.
    ///
    /// # Errors
    /// A file is missing or wrong; the error names it.
    pub fn read(&self) -> Result<Airspace, AirspaceError> {
        let (airspace, report) = airspace::load(&self.paths)?;
        for line in report.repairs().iter().chain(report.warnings()) {
            tracing::warn!("airspace: {line}");
        }
        Ok(match self.transition_altitude_ft {
            Some(ft) => airspace.with_transition_altitude(ft.into()),
            None => airspace,
        })
    }

    /// Reads the airspace as it is between two equal looks, which are returned. Waits for files that are being written,
    /// for some seconds.
    pub fn read_settled(&self) -> (Look, Result<Airspace, ReadError>) {
        let mut before = self.look();
        for _ in 0..TRIES {
            let read = self.read();
            let after = self.look();
            if before == after {
                return (after, read.map_err(ReadError::from));
            }
            before = after;
            thread::sleep(PAUSE);
        }
        (before, Err(ReadError::Changing))
    }

    /// Looks at the files without reading them.
    pub fn look(&self) -> Look {
        let files = airspace::files(&self.paths).map_err(|error| error.to_string());
        let seen = |file: PathBuf| {
            let metadata = fs::metadata(&file).ok().map(|metadata| Metadata {
                device: metadata.dev(),
                inode: metadata.ino(),
                bytes: metadata.size(),
                modified: (metadata.mtime(), metadata.mtime_nsec()),
                changed: (metadata.ctime(), metadata.ctime_nsec()),
            });
            (file, metadata)
        };
        Look(files.map(|files| files.into_iter().map(seen).collect()))
    }
}
