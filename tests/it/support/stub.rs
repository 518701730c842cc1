//! Programs in place of PostgreSQL's own, for `PG_BIN_DIR`.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
};

use sectorwatch_pg_embedded::find_binaries;

use super::{postgres, scratch};

/// A shell's way to hang, and to be deaf to everything but SIGKILL.
/// It writes into a file, so that a test sees that it hangs.
const HANG: &str = "trap '' TERM INT QUIT; echo > \"${0%/*}/hanging\"; exec sleep 1000";

/// A directory with an `initdb` and a `postgres` which do what the real ones do, until they are told to
/// hang.
pub struct Stub {
    dir: PathBuf,
}

impl Stub {
    /// Both do what the real ones do.
    pub fn new() -> Self {
        let stub = Self { dir: scratch::dir("bin") };
        // The programs run as somebody with fewer rights.
        let hanging = stub.dir.join("hanging");
        fs::write(&hanging, "").expect("write");
        fs::set_permissions(&hanging, fs::Permissions::from_mode(0o666)).expect("chmod");
        let real = find_binaries(postgres::programs().as_deref()).expect("PostgreSQL");
        for (name, program) in [("initdb", real.initdb()), ("postgres", real.postgres())] {
            let hang = stub.dir.join(format!("{name}.hangs"));
            let server_hangs = stub.dir.join("server.hangs");
            stub.write(
                name,
                &format!(
                    "if [ -e '{}' ]; then {HANG}; fi\n\
                     case \"$0 $*\" in *postgres\\ -D*) if [ -e '{}' ]; then {HANG}; fi;; esac\n\
                     exec '{}' \"$@\"",
                    hang.display(),
                    server_hangs.display(),
                    program.display()
                ),
            );
        }
        stub
    }

    /// For `PG_BIN_DIR`.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// From now on these hang: `initdb`, `postgres` whatever it is asked for, or the `server` alone.
    pub fn hang(&self, what: &str) {
        fs::write(self.dir.join(format!("{what}.hangs")), "").expect("write");
    }

    /// Whether one of them has begun to hang.
    pub fn is_hanging(&self) -> bool {
        fs::metadata(self.dir.join("hanging")).is_ok_and(|file| file.len() > 0)
    }

    /// By another process: what a sibling thread forks could hold a file of ours open (ETXTBSY).
    fn write(&self, name: &str, script: &str) {
        let path = self.dir.join(name);
        let mut sh = Command::new("sh");
        sh.args(["-c", "printf '#!/bin/sh\\n%s\\n' \"$1\" > \"$2\"", "sh", script]).arg(&path);
        assert!(sh.status().expect("sh").success());
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("chmod");
    }
}
