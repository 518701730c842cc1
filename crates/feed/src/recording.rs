//! Recorded snapshots in files, for replay.

use std::{
    fs::{self, File},
    io::{self, BufReader, Read},
    path::{Path, PathBuf},
};

use chrono::TimeDelta;
use flate2::bufread::MultiGzDecoder;

use super::decode::{DecodeError, decode};
use sectorwatch_core::Time;

/// The limit of a decompressed document, like that of the feed client.
const BODY_BYTES: u64 = 64 * 1024 * 1024;
/// A recording further ahead of the clock than this is a mistake.
const FUTURE: TimeDelta = TimeDelta::hours(24);

/// A file with one snapshot of the main feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    /// The path: `.json`, or compressed as `.gz` or `.zst`.
    pub path: PathBuf,
    /// The time of publication of the snapshot.
    pub update_timestamp: Time,
}

/// The recordings that were found.
#[derive(Debug, Default)]
pub struct Recordings {
    /// In the order of their timestamps, then of their paths.
    pub good: Vec<Recording>,
    /// The errors of files and folders that could not be read.
    pub refused: Vec<RecordingError>,
}

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
            RecordingError::Decode { source, .. } | RecordingError::Future { source, .. } => {
                source.kind()
            }
        }
    }

    fn read(path: &Path, source: io::Error) -> Self {
        RecordingError::Read { path: path.to_owned(), source }
    }
}

impl Recordings {
    /// The usable recordings.
    ///
    /// # Errors
    /// There is none.
    pub fn good(self) -> Result<Vec<Recording>, NothingFound> {
        match (self.good.len(), self.refused.len()) {
            (0, 0) => Err(NothingFound::NoFile),
            (0, files) => Err(NothingFound::AllRefused { files }),
            _ => Ok(self.good),
        }
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

/// The newest `update_timestamp` that a recording may have at the time `now`; `None` is any time.
pub fn newest_allowed(now: Time, allow_future: bool) -> Option<Time> {
    (!allow_future).then(|| now + FUTURE)
}

/// Finds recordings: the given files, and in folders at any depth those with names that end in `.json`, `.gz`
/// or `.zst`. Each is read once for its timestamp. One that cannot be used, or is after `newest_allowed`,
/// costs only itself.
///
/// # Errors
/// A given path does not exist.
pub fn find_recordings(
    paths: &[PathBuf],
    newest_allowed: Option<Time>,
) -> Result<Recordings, RecordingError> {
    let mut found = Recordings::default();
    let mut files = Vec::new();
    for path in paths {
        let metadata = fs::metadata(path).map_err(|error| RecordingError::read(path, error))?;
        if metadata.is_dir() {
            walk(path, &mut files, &mut found.refused);
        } else {
            files.push(path.clone());
        }
    }
    files.sort();
    files.dedup();
    for path in files {
        match Recording::open(path, newest_allowed) {
            Ok(recording) => found.good.push(recording),
            Err(error) => found.refused.push(error),
        }
    }
    // The sort is stable, so that files with the same time stay in the order of their paths.
    found.good.sort_by_key(|recording| recording.update_timestamp);
    Ok(found)
}

impl Recording {
    fn open(path: PathBuf, newest_allowed: Option<Time>) -> Result<Self, RecordingError> {
        let snapshot = decode(&read_file(&path)?, newest_allowed);
        match snapshot {
            Ok(snapshot) => Ok(Recording { path, update_timestamp: snapshot.update_timestamp }),
            Err(source @ DecodeError::Future { .. }) => {
                Err(RecordingError::Future { path, source })
            }
            Err(source) => Err(RecordingError::Decode { path, source }),
        }
    }

    /// Reads and decompresses the document.
    ///
    /// # Errors
    /// The file cannot be read, or holds more than 64 MiB.
    pub fn read(&self) -> Result<Vec<u8>, RecordingError> {
        read_file(&self.path)
    }
}

/// Collects the recordings in a folder. Links to folders are not followed, because they can form a cycle.
fn walk(folder: &Path, files: &mut Vec<PathBuf>, refused: &mut Vec<RecordingError>) {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => return refused.push(RecordingError::read(folder, error)),
    };
    for entry in entries {
        match entry.and_then(|entry| Ok((entry.path(), entry.file_type()?))) {
            Ok((path, kind)) if kind.is_dir() => walk(&path, files, refused),
            Ok((path, _)) if !path.is_dir() && is_recording(&path) => files.push(path),
            Ok(_) => {}
            Err(error) => refused.push(RecordingError::read(folder, error)),
        }
    }
}

fn is_recording(path: &Path) -> bool {
    matches!(extension(path).as_str(), "json" | "gz" | "zst")
}

fn extension(path: &Path) -> String {
    path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase()
}

fn read_file(path: &Path) -> Result<Vec<u8>, RecordingError> {
    let body = decompress(path).map_err(|error| RecordingError::read(path, error))?;
    if body.len() as u64 > BODY_BYTES {
        return Err(RecordingError::TooLarge { path: path.to_owned() });
    }
    Ok(body)
}

/// The content, up to one byte more than the limit.
fn decompress(path: &Path) -> io::Result<Vec<u8>> {
    let file = BufReader::new(File::open(path)?);
    let content: Box<dyn Read> = match extension(path).as_str() {
        "gz" => Box::new(MultiGzDecoder::new(file)),
        "zst" => Box::new(zstd::Decoder::with_buffer(file)?),
        _ => Box::new(file),
    };
    let mut body = Vec::new();
    content.take(BODY_BYTES + 1).read_to_end(&mut body)?;
    Ok(body)
}

#[cfg(test)]
mod tests;
