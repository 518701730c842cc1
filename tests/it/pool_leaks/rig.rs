//! A store of two small pools over a database of its own, under watch.

use std::{ops::Deref, time::Duration};

use sectorwatch_store::{Owner, PgError, PoolName, StoreSettings, testing::Connection};

pub use crate::support::store::execute;
use crate::support::{
    leaks::{Counters, Series, unrest},
    postgres::Database,
    store::Stored,
    wait::{PATIENCE, until, until_ok},
};

/// Connections of each pool.
pub const SIZE: u32 = 2;
const AUDIT_EVERY: Duration = Duration::from_secs(1);

/// Everything that a leak needs. Dropping it ends the sessions.
pub struct Rig {
    stored: Stored,
    /// Of its own.
    pub database: Database,
}

impl Deref for Rig {
    type Target = Stored;

    fn deref(&self) -> &Stored {
        &self.stored
    }
}

impl Rig {
    /// With the default settings.
    pub fn new() -> Self {
        Self::with(|_| {})
    }

    /// With settings of a test.
    pub fn with(change: impl FnOnce(&mut StoreSettings)) -> Self {
        let database = Database::migrated();
        let stored = Stored::with(&database.url(), |settings| {
            (settings.ingest_pool_size, settings.read_pool_size) = (SIZE, SIZE);
            settings.statement_timeout = Duration::from_secs(20);
            change(settings);
        });
        stored.runtime.spawn(stored.store.clone().watch(AUDIT_EVERY));
        Self { stored, database }
    }

    /// The counters that a leak can move.
    pub fn counters(&self) -> Counters {
        Counters::of(&self.page())
    }

    /// Waits until exactly these counters moved, each by 1, and stays for two audits more to see
    /// that no other does.
    pub fn expect_moved(&self, before: &Counters, wanted: &[&str]) {
        let wanted: Series = wanted.iter().map(|series| ((*series).to_owned(), 1.0)).collect();
        let moved = || self.counters().moved_since(before);
        until_ok(PATIENCE, || match moved() {
            moved if moved == wanted => Ok(()),
            moved => Err(format!("{wanted:?}; moved: {moved:?}")),
        });
        self.await_audits(2);
        assert_eq!(moved(), wanted, "two audits later");
    }

    /// Each pool lends all that it has at once, and then nothing is out and nothing unexplained.
    pub fn expect_whole(&self) {
        for (pool, owner) in [(PoolName::Ingest, Owner::Flights), (PoolName::Read, Owner::Api)] {
            self.run(async {
                let scope = self.store.pool(pool).scope(owner);
                let mut leases = Vec::new();
                for _ in 0..SIZE {
                    leases.push(scope.acquire().await.expect("a session"));
                }
                for lease in &mut leases {
                    execute(lease, "select 1").await.expect("a clean session");
                }
            });
        }
        assert_eq!(unrest(&self.page()), Series::new(), "at rest");
        // Nothing is left on the server of what was leaked or replaced: both pools, and the audit.
        let most = u64::from(2 * SIZE + 1);
        until("no more sessions on the server", Duration::from_secs(2), || {
            self.database.sessions_like(&self.name) <= most
        });
    }
}

/// As it goes over the wire, unseen by diesel.
pub async fn raw(connection: &mut Connection, statement: &str) -> Result<(), PgError> {
    use diesel_async::SimpleAsyncConnection as _;
    connection.run(async |pg| pg.batch_execute(statement).await).await
}
