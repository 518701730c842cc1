//! Access to the project's own source files.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The root directory of the project.
pub fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns all Rust files below a directory of the project.
pub fn rust_files(folder: &str) -> Vec<PathBuf> {
    let mut open = vec![project().join(folder)];
    let mut files = Vec::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            let entries = fs::read_dir(&path).expect("read a folder");
            open.extend(entries.map(|entry| entry.expect("an entry").path()));
        } else if path.extension().is_some_and(|end| end == "rs") {
            files.push(path);
        }
    }
    assert!(!files.is_empty(), "no sources in {folder}");
    files
}

pub fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
