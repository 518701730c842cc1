//! Pools, scopes and leases for tests outside of this crate (feature `fault-injection`; in the
//! default build nothing outside of `store` can name them).

use std::sync::{Mutex, PoisonError};

use super::{Store, owner::PoolName};
pub use super::{
    connection::Connection,
    pool::{LeakKind, Lease, Pool, Scope},
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

static KEPT: Mutex<Vec<Lease<'static>>> = Mutex::new(Vec::new());

/// Puts a lease where it outlives its scope, as no safe code can.
pub fn keep(lease: Lease<'_>) {
    // SAFETY: a lease refers to nothing of its scope; the lifetime is only there to forbid this.
    let lease = unsafe { std::mem::transmute::<Lease<'_>, Lease<'static>>(lease) };
    KEPT.lock().unwrap_or_else(PoisonError::into_inner).push(lease);
}

/// Gives back everything that was kept.
pub fn give_back() {
    let kept = std::mem::take(&mut *KEPT.lock().unwrap_or_else(PoisonError::into_inner));
    drop(kept);
}
