//! The probe behind `/readyz` and the status page: one connection, one round trip.

use std::time::{Duration, Instant};

use diesel::sql_types::Text;
use diesel_async::RunQueryDsl;

use super::{Store, error::StoreError, owner::Owner};

/// What the database answered.
#[derive(Debug, Clone, PartialEq)]
pub struct DatabaseCheck {
    /// From asking for a connection to the answer.
    pub latency: Duration,
    /// For example `15.18`.
    pub server_version: String,
    /// Version of the newest migration.
    pub migration: String,
}

#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    server_version: String,
    #[diesel(sql_type = Text)]
    migration: String,
}

impl Store {
    /// Asks the database for a sign of life.
    ///
    /// # Errors
    /// Any failure to get a connection or an answer.
    pub async fn check(&self) -> Result<DatabaseCheck, StoreError> {
        let begun = Instant::now();
        let scope = self.read_pool().scope(Owner::Health);
        let mut lease = scope.acquire().await?;
        let row: Row = lease
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
}
