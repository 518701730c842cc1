//! The database that the settings choose.

use std::path::PathBuf;

use sectorwatch_store::Secret;

use super::Settings;

/// The file with the key of forgotten members.
const KEY_FILE: &str = "forget.key";
/// The demo's directory in the data directory: simulated data and real data never share a database.
const DEMO: &str = "demo";

/// The location of the data.
#[derive(Clone)]
pub enum DatabaseLocation {
    /// A server with this URL.
    Server(Secret),
    /// An embedded server with this data directory.
    Embedded(PathBuf),
}

impl Settings {
    /// The server that the settings name, or else an embedded one. A demo has an embedded server of its own.
    pub fn database(&self, demo: bool) -> DatabaseLocation {
        match (&self.database_url, demo) {
            (Some(url), _) => DatabaseLocation::Server(url.clone()),
            (None, true) => DatabaseLocation::Embedded(self.data_dir.join(DEMO)),
            (None, false) => DatabaseLocation::Embedded(self.data_dir.clone()),
        }
    }

    /// The file with the key of forgotten members, unless a setting holds the key.
    pub fn forget_key_file(&self, demo: bool) -> PathBuf {
        match self.database(demo) {
            DatabaseLocation::Server(_) => self.data_dir.join(KEY_FILE),
            DatabaseLocation::Embedded(dir) => dir.join(KEY_FILE),
        }
    }

    /// The URL from which history is read: the one that is `written`, unless a setting names another.
    pub fn read_url(&self, written: &Secret) -> Secret {
        self.read_database_url.as_ref().unwrap_or(written).clone()
    }
}

impl DatabaseLocation {
    /// Advice for a database that cannot be reached.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Embedded(_) => {
                "the embedded PostgreSQL does not answer; see postgres.log in the data directory"
            }
            Self::Server(_) => {
                "check DATABASE_URL and that PostgreSQL runs there, or leave DATABASE_URL unset for \
                 an embedded server"
            }
        }
    }
}
