//! What the API reads from.

use std::sync::Arc;

use arc_swap::ArcSwapOption;

use super::{cursor::SealingKey, failure};
use crate::web::problem::Problem;
use sectorwatch_core::{airspace::Airspace, movements};
use sectorwatch_store::{
    SealProbe,
    api::{ReadError, Reads},
};

/// Returns the airspace in force, without waiting.
pub type AirspaceInForce = Arc<dyn Fn() -> Arc<Airspace> + Send + Sync>;

/// What the API reads from: the database, and what is configured. Clones share it.
#[derive(Clone)]
pub struct ApiReader {
    /// The database.
    pub reads: Reads,
    /// What is sealed with what.
    seals: SealProbe,
    key: Arc<ArcSwapOption<SealingKey>>,
    airspace: AirspaceInForce,
    movements: Arc<movements::Rules>,
}

/// The key of cursors and tags, and the version of the data.
pub struct Seal {
    /// What seals.
    pub key: Arc<SealingKey>,
    /// It grows when rows change that were closed.
    pub data_version: i64,
}

impl ApiReader {
    /// Reads from these.
    pub fn new(
        reads: Reads,
        seals: SealProbe,
        airspace: AirspaceInForce,
        movements: Arc<movements::Rules>,
    ) -> Self {
        Self { reads, seals, key: Arc::default(), airspace, movements }
    }

    /// The airspace in force.
    pub fn airspace(&self) -> Arc<Airspace> {
        (self.airspace)()
    }

    /// Whether this airport is configured.
    pub fn has_airport(&self, icao: &str) -> bool {
        self.movements.airports.get(icao).is_some()
    }

    /// Whether a controller with this callsign would staff a position of the airspace.
    pub fn has_position(&self, callsign: &str) -> bool {
        !self.airspace().positions().fitting(callsign).is_empty()
    }

    /// The key that was read last, or is read now.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn key(&self) -> Result<Arc<SealingKey>, Problem> {
        match self.key.load_full() {
            Some(key) => Ok(key),
            None => Ok(self.seal().await?.key),
        }
    }

    /// The key and the version of the data as they are now.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn seal(&self) -> Result<Seal, Problem> {
        let seal = self.seals.ask().await.map_err(|e| failure::problem(ReadError::Store(e)))?;
        let Some(key) = SealingKey::new(&seal.cursor_key) else {
            return Err(failure::internal("the database has no key of cursors"));
        };
        let key = Arc::new(key);
        self.key.store(Some(Arc::clone(&key)));
        Ok(Seal { key, data_version: seal.data_version })
    }
}
