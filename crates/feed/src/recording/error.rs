//! Why a recording, or all of them, cannot be replayed.

use std::{
    io,
    path::{Path, PathBuf},
};

use crate::decode::DecodeError;

/// Why a recording cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// It is missing, not readable, or not compressed as its name says.
    #[error("cannot read {path}", path = .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The error of the system or the decompressor.
        #[source]
        source: io::Error,
    },
    /// It is larger than any snapshot can be.
    #[error("{path} holds more than 64 MiB", path = .path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// It is from the future. If it were stored, nothing earlier could be stored after it.
    #[error("{path} is from the future (replayed with --allow-future)", path = .path.display())]
    Future {
        /// The file.
        path: PathBuf,
        /// The error of the decoder.
        #[source]
        source: DecodeError,
    },
    /// Its radios are no list of radios.
    #[error("{path} holds no list of radios", path = .path.display())]
    Radios {
        /// The file with the radios.
        path: PathBuf,
        /// The error of the decoder.
        #[source]
        source: DecodeError,
    },
    /// Radios whose recording is not replayed.
    #[error("{path} has the radios of a recording that is not replayed", path = .path.display())]
    RadiosAlone {
        /// The file with the radios.
        path: PathBuf,
    },
    /// Radios of a recording that has others.
    #[error(
        "{path} has the radios of a recording whose radios are read from {used}",
        path = .path.display(),
        used = .used.display()
    )]
    RadiosTwice {
        /// The file that is not read.
        path: PathBuf,
        /// The file that is read.
        used: PathBuf,
    },
    /// It is no snapshot of the feed.
    #[error("{path} holds no snapshot", path = .path.display())]
    Decode {
        /// The file.
        path: PathBuf,
        /// The error of the decoder.
        #[source]
        source: DecodeError,
    },
}

impl RecordingError {
    /// The cause, for metrics and logs.
    pub fn kind(&self) -> &'static str {
        match self {
            RecordingError::Read { .. } => "read",
            RecordingError::TooLarge { .. } => "too_large",
            RecordingError::RadiosAlone { .. } => "radios_alone",
            RecordingError::RadiosTwice { .. } => "radios_twice",
            RecordingError::Decode { source, .. }
            | RecordingError::Future { source, .. }
            | RecordingError::Radios { source, .. } => source.kind(),
        }
    }

    pub(super) fn read(path: &Path, source: io::Error) -> Self {
        RecordingError::Read { path: path.to_owned(), source }
    }
}

/// Why there is nothing to replay.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum NothingFound {
    /// There is no file with the name of a recording.
    #[error("no recorded snapshot found (.json, .json.gz, .json.zst)")]
    NoFile,
    /// None of the files can be used. Each has an error of its own.
    #[error("none of {files} files can be replayed")]
    AllRefused {
        /// The number of files.
        files: usize,
    },
}
