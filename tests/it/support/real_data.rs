//! Finds recordings of real data, which are not part of the project.

use std::path::{Path, PathBuf};

/// The path of a folder of the real data, for example `feeds`. Its parent is
/// `SECTORWATCH_REAL_DATA`, or by default `../shared` beside the project. Prints a line and returns
/// `None` when the folder is missing.
///
/// # Panics
/// When the folder is missing and `CI` is set, because a test must not pass there without running.
pub fn folder(name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("SECTORWATCH_REAL_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let folder = root.join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    let message =
        format!("not run: no real data at {} (set SECTORWATCH_REAL_DATA)", folder.display());
    assert!(std::env::var_os("CI").is_none(), "{message}");
    eprintln!("{message}");
    None
}
