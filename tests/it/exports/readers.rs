//! Programs that read files of exports: pyarrow and DuckDB.

use std::path::Path;

use crate::support::{python, sources::project};

/// Compares the files in a folder with its rows. Returns the names of the files that were compared.
pub fn check(folder: &Path) -> Vec<String> {
    let ran = python::with_packages()
        .arg(project().join("tests/it/exports/check.py"))
        .arg(folder)
        .output()
        .expect("run python3");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    said.lines().filter_map(|line| Some(line.split_once(' ')?.0.to_owned())).collect()
}
