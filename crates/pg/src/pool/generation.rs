//! bb8's pool, which can be replaced, because bb8 never recovers a lost connection.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use futures_util::FutureExt as _;
use tokio_util::sync::CancellationToken;

use super::{
    Shared,
    manager::{Manager, ManagerSettings},
};
use crate::connection::{Listed, Role};

/// The time after which an opened session is surely in its pool.
const SETTLED_AFTER: Duration = Duration::from_secs(1);

/// One of the successive pools with the same name.
pub struct Generation {
    /// The number; the first is 1.
    pub number: u64,
    /// The pool.
    pub bb8: bb8::Pool<Manager>,
    /// Cancelled when another pool replaces this one. Waiters move on to that one, and returned connections
    /// are closed.
    pub replaced: CancellationToken,
}

impl Generation {
    /// Creates a pool without connections. Must be called in the context of the runtime of its sessions.
    pub fn new(number: u64, settings: &Arc<ManagerSettings>) -> Self {
        let replaced = CancellationToken::new();
        let manager = Manager::new(settings.clone(), replaced.clone());
        let bb8 = bb8::Pool::builder()
            .max_size(settings.max_connections)
            .min_idle(None)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_on_check_out(true)
            .connection_timeout(settings.acquire_timeout)
            .build_unchecked(manager);
        Self { number, bb8, replaced }
    }

    /// Closes idle connections, because a pool that lost a connection is never dropped.
    #[expect(clippy::disallowed_methods, reason = "takes what is idle only to close it")]
    fn evict(&self) {
        while self.bb8.state().idle_connections > 0 {
            // It is returned at once, and closed because its pool was replaced.
            match self.bb8.get_owned().now_or_never() {
                Some(Ok(idle)) => drop(idle),
                _ => return,
            }
        }
    }
}

#[cfg(feature = "fault-injection")]
impl<O: crate::Owner> super::Pool<O> {
    /// Takes a connection without accounting, and loses it. For tests.
    #[expect(clippy::disallowed_methods, reason = "the fault is to take it uncounted")]
    pub async fn lose_one(&self) {
        let bb8 = self.shared.generation.load().bb8.clone();
        let getting = tokio_util::context::TokioContext::new(
            async move { bb8.get_owned().await },
            self.shared.settings.runtime.clone(),
        );
        std::mem::forget(getting.await);
    }
}

impl Shared {
    /// Replaces the current pool. Live leases continue and are closed when they are returned; waiters move
    /// on. Returns the backends of written-off leases, and of connections that no lease accounts for.
    pub fn rebuild(&self, has_unaccounted: bool) -> Vec<i32> {
        let context = self.settings.runtime.enter();
        let number = self.generation.load().number;
        let unlent = self.unlent();
        let next = Generation::new(number + 1, &self.settings);
        let old = self.generation.swap(next.into());
        old.replaced.cancel();
        old.evict();
        // A session that had just been opened becomes idle only now.
        self.settings.runtime.spawn(async move {
            tokio::time::sleep(SETTLED_AFTER).await;
            old.evict();
        });
        drop(context);
        // Sessions that are neither lent nor idle.
        let still = self.unlent();
        let lost = unlent.iter().filter(|(pid, listed)| still.get(*pid) == Some(*listed));
        let lost = lost.map(|(pid, _)| *pid).filter(|_| has_unaccounted);
        self.settings.traffic.rebuilt();
        tracing::warn!(
            pool = self.settings.labels.name,
            "the pool was replaced, because it lost capacity"
        );
        self.settings.registry.write_off(number).into_iter().chain(lost).collect()
    }

    /// The sessions of this pool that are not lent.
    fn unlent(&self) -> BTreeMap<i32, Listed> {
        let mut listed = self.settings.dialler.open_sessions.listed();
        listed.retain(|_, it| it.role == Role::Pooled(self.settings.labels.name) && !it.is_lent());
        listed
    }
}
