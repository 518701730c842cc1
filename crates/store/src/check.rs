//! The probe behind `/readyz` and the status page: one session for each server, one round trip.

use std::time::{Duration, Instant};

use diesel::sql_types::{Nullable, Text};
use diesel_async::RunQueryDsl;
use sectorwatch_pg::{Connection, Dialler, PgError};

use super::{Store, error::StoreError, owner::Owner};

/// A sign of life that takes longer is none.
const LONGEST: Duration = Duration::from_secs(2);

/// What the database answered.
#[derive(Debug, Clone, PartialEq)]
pub struct DatabaseCheck {
    /// From the question to the answer.
    pub latency: Duration,
    /// For example `15.18`.
    pub server_version: String,
    /// Version of the newest migration; `None` where there is none.
    pub migration: Option<String>,
}

#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    server_version: String,
    #[diesel(sql_type = Nullable<Text>)]
    migration: Option<String>,
}

/// Asks one server for a sign of life, time after time, on a session of its own: what the pools are
/// doing is no part of the answer.
pub struct Probe(sectorwatch_pg::Probe<Owner>);

impl Store {
    /// The probe of the writer's server.
    pub fn probe(&self) -> Probe {
        self.probe_of(self.system())
    }

    /// The probe of the reader's server; `None` where there is one server.
    pub fn read_probe(&self) -> Option<Probe> {
        self.reading().map(|dialler| self.probe_of(dialler))
    }

    fn probe_of(&self, dialler: &Dialler) -> Probe {
        let (metrics, lifetime) = (self.counters(), self.connection_max_lifetime());
        Probe(sectorwatch_pg::Probe::new(dialler, metrics, Owner::Health, LONGEST, lifetime))
    }
}

impl Probe {
    /// Asks for a sign of life. A session that died or hangs says nothing of the server: another is
    /// opened, and asked. Has to run on the `db` runtime.
    ///
    /// # Errors
    /// When no session can be opened, or a new one does not answer.
    pub async fn check(&mut self) -> Result<DatabaseCheck, StoreError> {
        Ok(self.0.ask(ask).await?)
    }
}

async fn ask(session: &mut Connection) -> Result<DatabaseCheck, PgError> {
    let begun = Instant::now();
    let row: Row = session
        .run(async |pg| {
            diesel::sql_query(
                "select split_part(current_setting('server_version'), ' ', 1) \
                     as server_version, \
                 (select max(version) from __diesel_schema_migrations) as migration",
            )
            .get_result(pg)
            .await
        })
        .await?;
    let Row { server_version, migration } = row;
    Ok(DatabaseCheck { latency: begun.elapsed(), server_version, migration })
}
