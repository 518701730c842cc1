//! A server as in production, and a database on it with the schema of this version.

use std::{os::unix::fs::PermissionsExt as _, path::Path};

use sectorwatch_pg_embedded::{Embedded, EmbeddedSettings};
use tempfile::TempDir;

/// Stopped when dropped.
pub struct Server {
    running: Embedded,
    dir: TempDir,
}

impl Server {
    /// With the settings of the embedded server.
    pub fn start() -> Self {
        let dir = TempDir::new().expect("a directory");
        // PostgreSQL's own user has to enter it.
        std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o755))
            .expect("let others enter");
        let programs = std::env::var_os("PG_BIN_DIR").filter(|programs| !programs.is_empty());
        let running = Embedded::start(EmbeddedSettings {
            programs: programs.map(Into::into),
            ..EmbeddedSettings::new(dir.path().join("data"), "sectorwatch")
        });
        Self { running: running.expect("a server"), dir }
    }

    /// Of its database.
    pub fn url(&self) -> String {
        self.running.url()
    }

    /// For whatever is written meanwhile.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }
}
