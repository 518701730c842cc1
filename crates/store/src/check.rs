//! The probe behind `/readyz` and the status page: one session per server, one round trip per check.

use std::time::{Duration, Instant};

use diesel::sql_types::{Nullable, Text};
use diesel_async::RunQueryDsl;
use sectorwatch_pg::{Connection, Dialler, PgError};

use super::{Store, error::StoreError, owner::Owner};

/// The limit of a check.
const LONGEST: Duration = Duration::from_secs(2);

/// The result of a check.
#[derive(Debug, Clone, PartialEq)]
pub struct DatabaseCheck {
    /// The time from the request to the answer.
    pub latency: Duration,
    /// For example `15.18`.
    pub server_version: String,
    /// The version of the newest migration; `None` when there is none.
    pub migration: Option<String>,
}

#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    server_version: String,
    #[diesel(sql_type = Nullable<Text>)]
    migration: Option<String>,
}

/// Checks one server repeatedly in a session of its own, so that the state of the pools does not matter.
pub struct Probe(sectorwatch_pg::Probe<Owner>);

impl Store {
    /// Creates the probe of the writer's server.
    pub fn probe(&self) -> Probe {
        self.probe_of(self.system())
    }

    /// Creates the probe of the reader's server; `None` when both use one server.
    pub fn read_probe(&self) -> Option<Probe> {
        self.reading().map(|dialler| self.probe_of(dialler))
    }

    fn probe_of(&self, dialler: &Dialler) -> Probe {
        let (metrics, lifetime) = (self.counters(), self.connection_max_lifetime());
        Probe(sectorwatch_pg::Probe::new(dialler, metrics, Owner::Health, LONGEST, lifetime))
    }
}

impl Probe {
    /// Checks the server. A session that died or hangs says nothing about the server, so another one is
    /// opened and used. Must run on the `db` runtime.
    ///
    /// # Errors
    /// No session can be opened, or a new one does not answer.
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
