//! Pools, scopes and leases for tests outside of this crate (feature `fault-injection`). In the default build
//! nothing outside of `store` can name them.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

pub use sectorwatch_pg::{Connection, LeakKind, Lease, PgError, Scope, savepoint, transaction};

use super::{Store, owner::PoolName};
pub use crate::pool::Pool;

impl Store {
    /// Returns the pool.
    pub fn pool(&self, pool: PoolName) -> &Pool {
        match pool {
            PoolName::Ingest => self.ingest(),
            PoolName::Read => self.read_pool(),
        }
    }
}

static KEPT: Mutex<BTreeMap<u64, Lease<'static>>> = Mutex::new(BTreeMap::new());

/// Keeps a lease beyond its scope, which no safe code can do. Returns its key.
pub fn keep(lease: Lease<'_>) -> u64 {
    // SAFETY: a lease references nothing of its scope; the lifetime exists only to forbid this.
    #[expect(unsafe_code, reason = "safe code cannot leak a lease like this")]
    let lease = unsafe { std::mem::transmute::<Lease<'_>, Lease<'static>>(lease) };
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    let key = kept.last_key_value().map_or(0, |(last, _)| last + 1);
    kept.insert(key, lease);
    key
}

/// Returns a kept lease to its pool.
pub fn give_back(key: u64) {
    let lease = KEPT.lock().unwrap_or_else(PoisonError::into_inner).remove(&key);
    drop(lease);
}
