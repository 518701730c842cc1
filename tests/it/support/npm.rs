//! Packages of npm in the versions of a `package-lock.json`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

const LOCK: &str = "package-lock.json";

/// The `node_modules` of the packages that a folder of the tests pins. npm fetches them once.
pub fn installed(pinned: &str) -> PathBuf {
    let pinned = Path::new(env!("CARGO_MANIFEST_DIR")).join(pinned);
    let name = pinned.to_string_lossy().replace('/', "-");
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name.trim_start_matches('-'));
    fs::create_dir_all(&dir).expect("a directory");
    let same = fs::read(dir.join(LOCK)).ok() == fs::read(pinned.join(LOCK)).ok();
    let modules = dir.join("node_modules");
    if !(same && modules.exists()) {
        for name in ["package.json", LOCK] {
            fs::copy(pinned.join(name), dir.join(name)).expect("copy what is pinned");
        }
        let npm = Command::new("npm")
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
            .current_dir(&dir)
            .output()
            .expect("npm, which scripts/need.sh npm installs");
        assert!(npm.status.success(), "npm ci: {}", String::from_utf8_lossy(&npm.stderr));
    }
    modules
}
