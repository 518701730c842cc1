//! Programs that read files of exports: pyarrow and DuckDB. pip fetches them once in the versions of
//! `requirements.txt`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::support::sources::project;

/// Compares the files in a folder with its rows. Returns the names of the files that were compared.
pub fn check(folder: &Path) -> Vec<String> {
    let ran = Command::new("python3")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PYTHONPATH", installed())
        .arg(project().join("tests/it/exports/check.py"))
        .arg(folder)
        .output()
        .expect("run python3");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    said.lines().filter_map(|line| Some(line.split_once(' ')?.0.to_owned())).collect()
}

fn installed() -> PathBuf {
    let pinned = project().join("tests/it/exports/requirements.txt");
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("readers");
    let noted = dir.join("requirements.txt");
    if fs::read(&noted).ok() == fs::read(&pinned).ok() {
        return dir;
    }
    let _ = fs::remove_dir_all(&dir);
    let pip = Command::new("python3")
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"])
        .args(["--only-binary", ":all:", "--root-user-action", "ignore", "--target"])
        .arg(&dir)
        .arg("--requirement")
        .arg(&pinned)
        .output()
        .expect("pip, which scripts/need.sh pip installs");
    assert!(pip.status.success(), "pip install: {}", String::from_utf8_lossy(&pip.stderr));
    fs::copy(&pinned, &noted).expect("note what is installed");
    dir
}
