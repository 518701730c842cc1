//! bb8's pool, which can be replaced by another: what bb8 lost, it never finds again.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use futures_util::FutureExt as _;
use tokio_util::sync::CancellationToken;

use super::{
    Shared,
    manager::{Manager, ManagerSettings},
};
use crate::connection::{Listed, Role};

/// A session whose opening had ended is in its pool long before.
const SETTLED_AFTER: Duration = Duration::from_secs(1);

/// One of the pools that follow one another under the same name.
pub struct Generation {
    /// 1 is the first.
    pub number: u64,
    /// The pool.
    pub bb8: bb8::Pool<Manager>,
    /// Cancelled once another took its place: who waits asks that one, and what comes back is closed.
    pub replaced: CancellationToken,
}

impl Generation {
    /// A pool without connections. Must be called in the context of the runtime of its sessions.
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

    /// Closes what lies idle: a pool that lost a connection is never dropped, and nor would those be.
    #[expect(clippy::disallowed_methods, reason = "takes what is idle only to close it")]
    fn evict(&self) {
        while self.bb8.state().idle_connections > 0 {
            // It comes back at once, and is closed because it belongs to a pool that was replaced.
            match self.bb8.get_owned().now_or_never() {
                Some(Ok(idle)) => drop(idle),
                _ => return,
            }
        }
    }
}

#[cfg(feature = "fault-injection")]
impl<O: crate::Owner> super::Pool<O> {
    /// Takes a connection past every account, and loses it.
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
    /// Puts a new pool into the place of the one in force. Live leases stay as they are and are
    /// closed when they come back; waiters move on. Returns the backends of leaked leases, for which
    /// nobody waits any more, and of connections that no lease explains, if there are any.
    pub fn rebuild(&self, has_unaccounted: bool) -> Vec<i32> {
        let context = self.settings.runtime.enter();
        let number = self.generation.load().number;
        let unlent = self.unlent();
        let next = Generation::new(number + 1, &self.settings);
        let old = self.generation.swap(next.into());
        old.replaced.cancel();
        old.evict();
        // A session that had just been opened lies idle only now.
        self.settings.runtime.spawn(async move {
            tokio::time::sleep(SETTLED_AFTER).await;
            old.evict();
        });
        drop(context);
        // What nobody has, and what yet was not idle.
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

    /// Sessions of this pool that are not lent.
    fn unlent(&self) -> BTreeMap<i32, Listed> {
        let mut listed = self.settings.dialler.open_sessions.listed();
        listed.retain(|_, it| it.role == Role::Pooled(self.settings.labels.name) && !it.is_lent());
        listed
    }
}
