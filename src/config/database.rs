//! Which database a run uses, by its settings.

use std::path::PathBuf;

use sectorwatch_store::Secret;

use super::Settings;

/// The key of forgotten members.
const KEY_FILE: &str = "forget.key";
/// Of a demo, in the data directory: simulated data and real data never share a database.
const DEMO: &str = "demo";

/// Where the data of a run is.
#[derive(Clone)]
pub enum DatabaseLocation {
    /// On the server of this URL.
    Server(Secret),
    /// With an embedded server, in this directory.
    Embedded(PathBuf),
}

impl Settings {
    /// A server that is named is used; else there is an embedded one, of which a demo has one of its own.
    pub fn database(&self, demo: bool) -> DatabaseLocation {
        match (&self.database_url, demo) {
            (Some(url), _) => DatabaseLocation::Server(url.clone()),
            (None, true) => DatabaseLocation::Embedded(self.data_dir.join(DEMO)),
            (None, false) => DatabaseLocation::Embedded(self.data_dir.clone()),
        }
    }

    /// Where the key of forgotten members is, unless a setting holds it.
    pub fn forget_key_file(&self, demo: bool) -> PathBuf {
        match self.database(demo) {
            DatabaseLocation::Server(_) => self.data_dir.join(KEY_FILE),
            DatabaseLocation::Embedded(dir) => dir.join(KEY_FILE),
        }
    }

    /// Where history is read: in the database that is written, unless a setting names another.
    pub fn read_url(&self, written: &Secret) -> Secret {
        self.read_database_url.as_ref().unwrap_or(written).clone()
    }
}

impl DatabaseLocation {
    /// What to do when the database cannot be reached.
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
