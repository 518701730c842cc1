//! A store with its own database and two small pools, which the service's watch supervises.

use std::{ops::Deref, time::Duration};

use sectorwatch_store::{Owner, PgError, PoolName, StoreSettings, testing::Connection};

pub use crate::support::store::execute;
use crate::support::{
    leaks::{Counters, Series, unrest},
    postgres::Database,
    store::Stored,
    wait::{PATIENCE, until, until_ok},
};

/// The number of connections of each pool.
pub const SIZE: u32 = 2;
const AUDIT_EVERY: Duration = Duration::from_secs(1);

/// A store for tests of leaks. Its sessions end when this is dropped.
pub struct Rig {
    stored: Stored,
    pub database: Database,
}

impl Deref for Rig {
    type Target = Stored;

    fn deref(&self) -> &Stored {
        &self.stored
    }
}

impl Rig {
    /// Starts a store with the default settings.
    pub fn new() -> Self {
        Self::with(|_| {})
    }

    /// Starts a store with changed settings.
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

    /// Waits until exactly these counters have moved by 1 each. Then waits for two more audits to
    /// check that no other counter moves.
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

    /// Checks that each pool can lend all its connections at once, and that afterwards no lease is
    /// held and no connection is unexplained.
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
        // No session of a leak or a replaced pool is left on the server, only those of both pools
        // and the audit.
        let most = u64::from(2 * SIZE + 1);
        until("no more sessions on the server", Duration::from_secs(2), || {
            self.database.sessions_like(&self.name) <= most
        });
    }
}

/// Sends a statement as it is, without the transaction manager of diesel.
pub async fn raw(connection: &mut Connection, statement: &str) -> Result<(), PgError> {
    use diesel_async::SimpleAsyncConnection as _;
    connection.run(async |pg| pg.batch_execute(statement).await).await
}
