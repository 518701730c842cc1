//! A PostgreSQL server with the settings of production.

use std::{os::unix::fs::PermissionsExt as _, path::Path};

use sectorwatch_pg_embedded::{Embedded, EmbeddedSettings};
use tempfile::TempDir;

/// A running server. It stops when dropped.
pub struct Server {
    running: Embedded,
    dir: TempDir,
}

impl Server {
    /// Starts a server with the settings of the embedded server.
    pub fn start() -> Self {
        let dir = TempDir::new().expect("a directory");
        // PostgreSQL's own user must be able to enter it.
        std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o755))
            .expect("let others enter");
        let programs = std::env::var_os("PG_BIN_DIR").filter(|programs| !programs.is_empty());
        let running = Embedded::start(EmbeddedSettings {
            programs: programs.map(Into::into),
            ..EmbeddedSettings::new(dir.path().join("data"), "sectorwatch")
        });
        Self { running: running.expect("a server"), dir }
    }

    pub fn url(&self) -> String {
        self.running.url()
    }

    /// A directory for files of the benchmarks. It is deleted with the server.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }
}
