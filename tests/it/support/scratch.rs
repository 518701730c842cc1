//! Directories for tests. Later test processes delete them.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process,
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

const PREFIX: &str = "sectorwatch-it-";

/// Creates an empty directory that every user can enter. PostgreSQL runs as another user when the
/// tests run as root.
pub fn dir(name: &str) -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let dir = root().join(format!("{name}-{number}"));
    make(&dir);
    dir
}

/// The parent of this process's directories. Deletes those of ended test processes, because statics
/// are never dropped.
fn root() -> &'static Path {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    ROOT.get_or_init(|| {
        let temp = std::env::temp_dir();
        for entry in fs::read_dir(&temp).expect("read the temporary directory") {
            let entry = entry.expect("an entry");
            let name = entry.file_name();
            let pid = name.to_str().and_then(|name| name.strip_prefix(PREFIX));
            if pid.is_some_and(|pid| !Path::new("/proc").join(pid).exists()) {
                // Another test process may delete it first.
                let _ = fs::remove_dir_all(entry.path());
            }
        }
        let root = temp.join(format!("{PREFIX}{}", process::id()));
        // Process ids are reused, so an older process may have left this directory.
        let _ = fs::remove_dir_all(&root);
        make(&root);
        root
    })
}

fn make(dir: &Path) {
    fs::create_dir(dir).expect("create a directory");
    fs::set_permissions(dir, fs::Permissions::from_mode(0o755)).expect("let others enter");
}
