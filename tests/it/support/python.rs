//! Python with the packages of `scripts/python-packages.txt`.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

fn packages() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools/python")
}

/// The interpreter, which finds the packages and lets other processes go first.
pub fn with_packages() -> Command {
    let packages = packages();
    assert!(
        packages.join("installed.txt").exists(),
        "the Python packages are missing: scripts/need.sh python-packages installs them"
    );
    // Tests beside it measure times.
    let mut command = Command::new("nice");
    command.arg("python3").env("PYTHONPATH", packages).env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

/// A program that came with one of the packages, such as `schemathesis`.
pub fn program(name: &str) -> Command {
    let mut command = with_packages();
    command.arg(packages().join("bin").join(name));
    command
}
