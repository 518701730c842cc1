//! Recorded snapshots and their radios in files, for replay.

use std::{
    fs::{self, File},
    io::{self, BufReader, Read},
    path::{Path, PathBuf},
};

use chrono::TimeDelta;
use flate2::bufread::MultiGzDecoder;

use super::decode::{DecodeError, decode};
use radios::with_radios;
use sectorwatch_core::Time;

pub use error::{NothingFound, RecordingError};

mod error;
mod radios;

/// The limit of a decompressed document, like that of the feed client.
const BODY_BYTES: u64 = 64 * 1024 * 1024;
/// A recording further ahead of the clock than this is a mistake.
const FUTURE: TimeDelta = TimeDelta::hours(24);

/// A file with one snapshot of the main feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    /// The path: `.json`, or compressed as `.gz` or `.zst`.
    pub path: PathBuf,
    /// The file with the radios of the same cycle; without one they are unknown.
    pub radios: Option<PathBuf>,
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

/// The newest `update_timestamp` that a recording may have at the time `now`; `None` is any time.
pub fn newest_allowed(now: Time, allow_future: bool) -> Option<Time> {
    (!allow_future).then(|| now + FUTURE)
}

/// Finds recordings: the given files, and in folders at any depth those with names that end in `.json`, `.gz`
/// or `.zst`. Each is read once for its timestamp. One that cannot be used, or is after `newest_allowed`,
/// costs only itself.
///
/// The radios of `NAME.json` are in `NAME.radios.json` beside it, each of them compressed or not. They are read
/// in the replay. A file with radios is no snapshot; one whose recording is not replayed is refused.
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
    for (path, radios) in with_radios(files, &mut found.refused) {
        match Recording::open(path, radios, newest_allowed) {
            Ok(recording) => found.good.push(recording),
            Err(error) => found.refused.push(error),
        }
    }
    // The sort is stable, so that files with the same time stay in the order of their paths.
    found.good.sort_by_key(|recording| recording.update_timestamp);
    Ok(found)
}

impl Recording {
    fn open(
        path: PathBuf,
        radios: Option<PathBuf>,
        newest_allowed: Option<Time>,
    ) -> Result<Self, RecordingError> {
        let snapshot = decode(&read_file(&path)?, newest_allowed);
        match snapshot {
            Ok(snapshot) => {
                Ok(Recording { path, radios, update_timestamp: snapshot.update_timestamp })
            }
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

    /// Reads and decompresses the document of its radios, if it has one.
    ///
    /// # Errors
    /// The file cannot be read, or holds more than 64 MiB.
    pub fn read_radios(&self) -> Result<Option<Vec<u8>>, RecordingError> {
        self.radios.as_deref().map(read_file).transpose()
    }

    /// The error for a document that the decoder of radios refused; it names the file.
    pub fn undecodable_radios(&self, source: DecodeError) -> RecordingError {
        RecordingError::Radios { path: self.radios.clone().unwrap_or_default(), source }
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
