//! Where tests find real data, which is not part of the project.

use std::path::{Path, PathBuf};

/// A folder of the real data, for example `feeds`: under `SECTORWATCH_REAL_DATA`, by default
/// `../shared` beside the project. `None`, with a line that says so, where there is none.
///
/// # Panics
/// When it is missing and `CI` is set: there a test must not pass without having run.
pub(crate) fn folder(name: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let data = std::env::var_os("SECTORWATCH_REAL_DATA").unwrap_or("../shared".into());
    let folder = root.join(data).join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    let message =
        format!("not run: no real data at {} (set SECTORWATCH_REAL_DATA)", folder.display());
    assert!(std::env::var_os("CI").is_none(), "{message}");
    eprintln!("{message}");
    None
}
