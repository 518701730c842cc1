//! Which file has the radios of which recording.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    fs, io,
    path::{Path, PathBuf},
};

use super::{RecordingError, extension};

/// Returns the snapshots among the given files, each with the file of its radios. Radios lie beside their
/// recording, whether or not they were given too.
pub(super) fn with_radios(
    files: Vec<PathBuf>,
    refused: &mut Vec<RecordingError>,
) -> Vec<(PathBuf, Option<PathBuf>)> {
    let (given, snapshots): (Vec<_>, Vec<_>) = files.into_iter().partition(|path| is_radios(path));
    let names: HashSet<PathBuf> = snapshots.iter().map(|path| name(path)).collect();
    for path in &given {
        if !names.contains(&recording_of(path)) {
            refused.push(RecordingError::RadiosAlone { path: path.clone() });
        }
    }
    let mut beside: BTreeMap<PathBuf, PathBuf> = BTreeMap::new();
    for path in radios_beside(&snapshots, refused) {
        let recording = recording_of(&path);
        if let Some(used) = beside.get(&recording) {
            let used = used.clone();
            refused.push(RecordingError::RadiosTwice { path, used });
        } else if names.contains(&recording) {
            beside.insert(recording, path);
        }
    }
    let radios_of = |path: &PathBuf| beside.get(&name(path)).cloned();
    snapshots.into_iter().map(|path| (path.clone(), radios_of(&path))).collect()
}

/// The files with radios in the folders of these snapshots, in the order of their paths.
fn radios_beside(snapshots: &[PathBuf], refused: &mut Vec<RecordingError>) -> BTreeSet<PathBuf> {
    let folders: BTreeSet<&Path> = snapshots.iter().filter_map(|path| path.parent()).collect();
    let mut radios = BTreeSet::new();
    for folder in folders {
        match list(folder) {
            Ok(paths) => radios.extend(paths.into_iter().filter(|path| is_radios(path))),
            Err(error) => refused.push(RecordingError::read(folder, error)),
        }
    }
    radios
}

fn list(folder: &Path) -> io::Result<Vec<PathBuf>> {
    // The parent of a bare file name is the empty path.
    let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let entries = fs::read_dir(here)?;
    entries.map(|entry| Ok(folder.join(entry?.file_name()))).collect()
}

/// Whether this is the name of a file with radios, by `NAME.radios.json`, compressed or not.
fn is_radios(path: &Path) -> bool {
    let name = name(path);
    extension(&name) == "radios" && name.file_name() != path.file_name()
}

/// The name of the recording to which a file with radios belongs.
fn recording_of(radios: &Path) -> PathBuf {
    name(radios).with_extension("")
}

/// The path without what the file of a recording ends in: `.json`, `.json.gz`, `.json.zst`, `.gz` or `.zst`.
fn name(path: &Path) -> PathBuf {
    let mut name = path.strip_prefix(".").unwrap_or(path).to_owned();
    if matches!(extension(&name).as_str(), "gz" | "zst") {
        name.set_extension("");
    }
    if extension(&name) == "json" {
        name.set_extension("");
    }
    name
}
