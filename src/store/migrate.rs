//! Bringing the schema to this version.

use diesel::migration::{Migration as _, MigrationSource};
use diesel_async::{AsyncMigrationHarness, AsyncPgConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};

use super::{
    Store,
    connection::Role,
    error::{StoreError, chain},
};

/// All migrations, each with its way back.
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!();

/// Held while migrating, so that two processes do not migrate at once: `sectormg`.
const LOCK: i64 = i64::from_be_bytes(*b"sectormg");

impl Store {
    /// Applies what is pending; returns the newest migration's version.
    ///
    /// # Errors
    /// [`StoreError::Connect`] when the database cannot be reached, [`StoreError::Migrate`] when a
    /// migration fails or the schema is newer than this program.
    pub async fn migrate(&self) -> Result<String, StoreError> {
        let dialler = self.system().clone();
        // On the `db` runtime, because the harness blocks its thread, which only a multi-thread
        // runtime allows.
        let migrated = self.runtime().spawn(async move {
            let dialled = dialler.dial(Role::System).await.map_err(StoreError::Connect)?;
            let _enlisted = dialled.enlisted;
            let lock = "select set_config('statement_timeout', '0', false), pg_advisory_lock($1)";
            let locked = dialled.client.query_one(lock, &[&LOCK]).await;
            locked.map_err(|error| StoreError::Migrate(chain(&error)))?;
            let pg = AsyncPgConnection::try_from(dialled.client)
                .await
                .map_err(|error| StoreError::Migrate(error.to_string()))?;
            run(AsyncMigrationHarness::new(pg))
        });
        migrated.await.map_err(|error| StoreError::Migrate(error.to_string()))?
    }
}

fn run(mut harness: AsyncMigrationHarness<AsyncPgConnection>) -> Result<String, StoreError> {
    let failed =
        |error: Box<dyn std::error::Error + Send + Sync>| StoreError::Migrate(chain(&*error));
    let ours: Vec<_> = MigrationSource::<diesel::pg::Pg>::migrations(&MIGRATIONS)
        .map_err(failed)?
        .iter()
        .map(|migration| migration.name().version().to_string())
        .collect();
    let applied = harness.applied_migrations().map_err(failed)?;
    if let Some(newer) = applied.iter().find(|version| !ours.contains(&version.to_string())) {
        return Err(StoreError::Migrate(format!(
            "the schema holds migration {newer}, which this version of sectorwatch does not know; \
             run the newer version, or undo the migration with its down.sql"
        )));
    }
    harness.run_pending_migrations(MIGRATIONS).map_err(failed)?;
    Ok(ours.into_iter().max().unwrap_or_default())
}
