//! Migrates the schema to this version.

use diesel::migration::{Migration as _, MigrationSource};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};

use sectorwatch_pg::{Harness, chain};

use super::error::StoreError;

/// All migrations, each with its reverse.
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations");

/// Applies the pending migrations. Returns the version of the newest migration.
pub(super) fn run(harness: &mut Harness) -> Result<String, StoreError> {
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
