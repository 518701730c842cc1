//! Sweeps a pool for suspects, forgotten leases and lost connections, and replaces a pool that lost capacity.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use super::{LeakKind, Shared, registry::LeakStatus};
use crate::connection::Role;

/// A waiter that waited for this long without an attempt for it waits in vain.
const IN_VAIN: Duration = Duration::from_secs(2);
/// The number of successive sweeps that must find connections without a lease. A single one may see a
/// connection on its way in or out.
const UNACCOUNTED_SWEEPS: usize = 20;

/// The findings of earlier sweeps.
#[derive(Default)]
pub struct Sweeps(Mutex<Before>);

#[derive(Default)]
struct Before {
    /// The number of connections without a lease at the latest sweeps of this generation.
    unaccounted: Vec<i64>,
    /// Those that are counted as leaks.
    unaccounted_counted: i64,
    capacity_counted: bool,
    generation: u64,
}

impl Shared {
    /// Counts and logs new suspects and leaks. With `heal`, replaces a pool that lost capacity. Returns the
    /// backends of leaked leases that were written off.
    pub async fn sweep(&self, heal: bool) -> Vec<i32> {
        let leaks = &self.settings.leaks;
        for lease in self.settings.registry.forgotten() {
            leaks.leaked(LeakKind::Forgotten, &lease);
        }
        for lease in self.settings.registry.new_suspects(|owner| self.threshold_of(owner)) {
            leaks.suspected(&lease);
        }
        let lost = self.lost_capacity().await;
        let unaccounted = self.new_unaccounted();
        for (kind, count) in [(LeakKind::CapacityLost, lost), (LeakKind::Unaccounted, unaccounted)]
        {
            for _ in 0..count {
                let labels = &self.settings.labels;
                leaks.confirmed(kind, labels.fallback_owner);
                let (pool, kind) = (labels.name, kind.as_str());
                tracing::error!(pool, kind, "the pool lost a connection");
            }
        }
        let is_burnt = lost > 0 || unaccounted > 0 || self.has_leaked();
        match is_burnt && heal {
            true => self.rebuild(unaccounted > 0),
            false => Vec::new(),
        }
    }

    /// For how long this owner may hold a lease.
    pub fn threshold_of(&self, owner: &str) -> Duration {
        let found = self.leak_thresholds.iter().find(|(word, _)| *word == owner);
        found.map_or(Duration::MAX, |(_, threshold)| *threshold)
    }

    /// Whether a leaked lease takes a place in the current pool.
    fn has_leaked(&self) -> bool {
        let generation = self.generation.load().number;
        let state = self.settings.registry.state();
        let mut leases = state.leases.values();
        leases
            .any(|lease| lease.generation == generation && lease.leak_status == LeakStatus::Leaked)
    }

    /// 1 when a task waits in vain below the maximum although the server accepts connections. Each loss is
    /// counted once.
    async fn lost_capacity(&self) -> u64 {
        let waits = self.waits_in_vain();
        let is_known = self.before(|before| {
            before.capacity_counted &= waits;
            before.capacity_counted
        });
        if !waits || is_known {
            return 0;
        }
        if let Err(error) = self.settings.dialler.dial(Role::System).await {
            tracing::debug!(%error, "somebody waits, but the server accepts no connection");
            return 0;
        }
        // A waiter that was served meanwhile did not wait in vain.
        let waits = self.waits_in_vain();
        self.before(|before| before.capacity_counted = waits);
        u64::from(waits)
    }

    fn waits_in_vain(&self) -> bool {
        let generation = self.generation.load();
        let state = self.settings.registry.state();
        let in_vain = IN_VAIN.min(self.settings.acquire_timeout / 2);
        let waits = state.longest_wait().is_some_and(|wait| wait >= in_vain);
        // bb8 pauses for half of the time-out after a failed attempt.
        let pauses = state.failed_ago().is_some_and(|ago| ago < self.settings.acquire_timeout);
        waits
            && !pauses
            && state.nothing_attempted_for(in_vain)
            && generation.bb8.state().connections < self.settings.max_connections
    }

    /// Connections that are out according to bb8 and have had no lease for seconds.
    fn new_unaccounted(&self) -> u64 {
        let generation = self.generation.load().number;
        let now = self.unaccounted();
        self.before(|before| {
            if before.generation != generation {
                *before = Before { generation, ..Before::default() };
            }
            before.unaccounted.push(now);
            if before.unaccounted.len() > UNACCOUNTED_SWEEPS {
                before.unaccounted.remove(0);
            }
            if before.unaccounted.len() < UNACCOUNTED_SWEEPS {
                return 0;
            }
            let lasting = before.unaccounted.iter().copied().min().unwrap_or(0).max(0);
            let new = (lasting - before.unaccounted_counted).max(0);
            before.unaccounted_counted = lasting;
            new.unsigned_abs()
        })
    }

    fn before<T>(&self, change: impl FnOnce(&mut Before) -> T) -> T {
        change(&mut self.sweeps.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
