//! Pools, scopes and leases for tests outside of this crate (feature `fault-injection`; in the
//! default build nothing outside of `store` can name them).

use super::{Store, owner::PoolName};
pub use super::{
    connection::Connection,
    pool::{Lease, Pool, Scope},
    transaction::{savepoint, transaction},
};

impl Store {
    /// The pool itself.
    pub fn pool(&self, pool: PoolName) -> &Pool {
        match pool {
            PoolName::Ingest => self.ingest(),
            PoolName::Read => self.read_pool(),
        }
    }
}
