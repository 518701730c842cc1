//! Programs in place of PostgreSQL's own, for `PG_BIN_DIR`.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{self, Command},
};

use sectorwatch_pg_embedded::find_binaries;

use super::{postgres, scratch};

/// What can be told to hang.
const WHAT_HANGS: [&str; 3] = ["initdb", "postgres", "server"];

/// A shell's way to hang while this file is there, deaf to everything but SIGKILL.
/// It writes into another file, so that a test sees that it hangs, and ends with the test's process. It has no
/// child, which would be left behind when it is killed.
fn hang_while(file: &Path) -> String {
    let (file, test) = (file.display(), process::id());
    format!(
        "if [ -e '{file}' ]; then trap '' TERM INT QUIT; echo > \"${{0%/*}}/hanging\"; \
         exec tail --follow=name --pid={test} '{file}'; fi"
    )
}

/// A directory with an `initdb` and a `postgres` which do what the real ones do, until they are told to
/// hang. Dropped, it ends those that hang.
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
            let (hang, server_hangs) = (stub.told(name), stub.told("server"));
            stub.write(
                name,
                &format!(
                    "{}\ncase \"$0 $*\" in *postgres\\ -D*) {};; esac\nexec '{}' \"$@\"",
                    hang_while(&hang),
                    hang_while(&server_hangs),
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
        fs::write(self.told(what), "").expect("write");
    }

    /// Whether one of them has begun to hang.
    pub fn is_hanging(&self) -> bool {
        fs::metadata(self.dir.join("hanging")).is_ok_and(|file| file.len() > 0)
    }

    /// Is there while these hang.
    fn told(&self, what: &str) -> PathBuf {
        self.dir.join(format!("{what}.hangs"))
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

impl Drop for Stub {
    fn drop(&mut self) {
        for what in WHAT_HANGS {
            let _ = fs::remove_file(self.told(what));
        }
    }
}
