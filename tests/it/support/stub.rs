//! Programs that replace those of PostgreSQL, for `PG_BIN_DIR`.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{self, Command},
};

use sectorwatch_pg_embedded::find_binaries;

use super::{postgres, scratch};

/// The things that can be made to hang.
const WHAT_HANGS: [&str; 3] = ["initdb", "postgres", "server"];

/// A shell script that hangs while this file exists, and ignores all signals except for SIGKILL. It
/// writes to another file to tell the test that it hangs, and ends with the test's process. It has
/// no child process, because that would survive its SIGKILL.
fn hang_while(file: &Path) -> String {
    let (file, test) = (file.display(), process::id());
    format!(
        "if [ -e '{file}' ]; then trap '' TERM INT QUIT; echo > \"${{0%/*}}/hanging\"; \
         exec tail --follow=name --pid={test} '{file}'; fi"
    )
}

/// A directory with an `initdb` and a `postgres` that run the real programs until they are told to
/// hang. Hanging programs end when this is dropped.
pub struct Stub {
    dir: PathBuf,
}

impl Stub {
    /// Creates programs that run the real ones.
    pub fn new() -> Self {
        let stub = Self { dir: scratch::dir("bin") };
        // The programs may run as a user with fewer rights.
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

    /// The directory for `PG_BIN_DIR`.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Makes one thing hang from now on: `initdb`, `postgres` with any arguments, or only the
    /// `server`.
    pub fn hang(&self, what: &str) {
        fs::write(self.told(what), "").expect("write");
    }

    /// Whether one of the programs has begun to hang.
    pub fn is_hanging(&self) -> bool {
        fs::metadata(self.dir.join("hanging")).is_ok_and(|file| file.len() > 0)
    }

    /// The path of the file that makes this hang.
    fn told(&self, what: &str) -> PathBuf {
        self.dir.join(format!("{what}.hangs"))
    }

    /// Writes the script in another process. If this process wrote it, a child that another thread
    /// forks at the same time could inherit the open file, and running the script would fail with
    /// ETXTBSY.
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
