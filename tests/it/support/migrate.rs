//! Applies and reverts the project's migrations.

use diesel::{
    migration::{Migration, MigrationSource},
    pg::Pg,
};
use diesel_async::{AsyncMigrationHarness, AsyncPgConnection};
use diesel_migrations::MigrationHarness;
use sectorwatch_store::MIGRATIONS;
use tokio_postgres::NoTls;

use super::sql::wait;

type Harness = AsyncMigrationHarness<AsyncPgConnection>;

/// Applies all pending migrations.
pub fn up(url: &str) {
    with(url, |harness| {
        harness.run_pending_migrations(MIGRATIONS).expect("up");
    });
}

/// Reverts all migrations, the newest first.
pub fn down(url: &str) {
    with(url, |harness| {
        harness.revert_all_migrations(MIGRATIONS).expect("down");
    });
}

/// Applies the next pending migration.
pub fn next(url: &str) {
    with(url, |harness| {
        harness.run_next_migration(MIGRATIONS).expect("up");
    });
}

/// Reverts the last migration.
pub fn undo(url: &str) {
    with(url, |harness| {
        harness.revert_last_migration(MIGRATIONS).expect("down");
    });
}

/// The names of all migrations, in order.
pub fn names() -> Vec<String> {
    let all: Vec<Box<dyn Migration<Pg>>> = MIGRATIONS.migrations().expect("migrations");
    let mut names: Vec<_> = all.iter().map(|one| one.name().to_string()).collect();
    names.sort();
    names
}

fn with(url: &str, work: impl FnOnce(&mut Harness) + Send + 'static) {
    let url = url.to_owned();
    wait(async move {
        let connected = tokio_postgres::connect(&url, NoTls).await;
        let (client, driver) = connected.expect("connect");
        let driver = tokio::spawn(driver);
        let session = AsyncPgConnection::try_from(client).await.expect("diesel");
        let mut harness = AsyncMigrationHarness::new(session);
        work(&mut harness);
        drop(harness);
        // A template database must have no session, so wait until this one has ended.
        driver.await.expect("the driver").expect("a clean end");
    });
}
