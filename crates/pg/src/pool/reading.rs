//! A consistent reading of a pool.

use std::time::Duration;

use chrono::Utc;

use super::{
    ConnectFailure, OldestLease, OwnerFigures, PoolFigures, Shared, WAIT_WINDOW,
    collector::Measured,
    registry::{FailedAttempt, LeakStatus, State},
};

impl Measured for Shared {
    fn name(&self) -> &'static str {
        self.settings.labels.name
    }

    fn figures(&self) -> PoolFigures {
        let settings = &self.settings;
        let generation = self.generation.load();
        let mut state = settings.registry.state();
        let bb8 = generation.bb8.state();
        let oldest = state.leases.values().min_by_key(|lease| lease.since);
        let oldest_lease = oldest.map(|lease| OldestLease {
            owner: lease.owner,
            seconds: lease.since.elapsed().as_secs_f64(),
            location: lease.place.to_string(),
        });
        let by_owner = self.by_owner(&state);
        PoolFigures {
            max: settings.max_connections,
            checked_out: state.leases.len() as u32,
            idle: bb8.idle_connections,
            establishing: state.establishing as u32,
            pending: state.pending() as u32,
            acquire_p95_seconds: settings.traffic.acquire_p95_seconds(),
            acquire_p95_window_seconds: WAIT_WINDOW.as_secs(),
            timeouts_total: settings.traffic.timeouts_total(),
            highwater: state.highwater() as u32,
            oldest_lease,
            unaccounted: unaccounted(&bb8, &state, generation.number),
            suspects: by_owner.iter().map(|figures| figures.overdue).sum(),
            leaks_confirmed: settings.leaks.by_kind(),
            latest_leak: settings.leaks.latest(),
            last_audit_at: self.audit.succeeded_at(),
            last_connect_error: state
                .connect_failure()
                .map(|it| ConnectFailure { class: it.class, at: it.at }),
            exhausted_since: state.exhausted_since,
            by_owner,
        }
    }
}

impl Shared {
    /// Checks whether all connections are out and a task waits.
    pub(super) fn note_exhausted(&self) {
        let mut state = self.settings.registry.state();
        let is_full = state.leases.len() >= self.settings.max_connections as usize;
        let is_exhausted = is_full && state.pending() > 0;
        state.exhausted_since =
            is_exhausted.then(|| state.exhausted_since.unwrap_or_else(Utc::now));
    }

    /// bb8's number of connections that are out, minus the leases of the current pool.
    pub(super) fn unaccounted(&self) -> i64 {
        let generation = self.generation.load();
        let state = self.settings.registry.state();
        unaccounted(&generation.bb8.state(), &state, generation.number)
    }

    fn by_owner(&self, state: &State) -> Vec<OwnerFigures> {
        let of = |(owner, threshold): &(&'static str, Duration)| {
            let leases = state.leases.values().filter(|lease| lease.owner == *owner);
            let none = OwnerFigures { owner, checked_out: 0, oldest: Duration::ZERO, overdue: 0 };
            leases.fold(none, |figures, lease| {
                let held = lease.since.elapsed();
                let is_overdue = held > *threshold && lease.leak_status != LeakStatus::Leaked;
                OwnerFigures {
                    owner,
                    checked_out: figures.checked_out + 1,
                    oldest: figures.oldest.max(held),
                    overdue: figures.overdue + u32::from(is_overdue),
                }
            })
        };
        self.leak_thresholds.iter().map(of).collect()
    }

    /// The newest failure to connect, if no attempt has succeeded since.
    pub(super) fn failing(&self) -> Option<FailedAttempt> {
        let state = self.settings.registry.state();
        state.failed_ago().and(state.connect_failure().cloned())
    }
}

fn unaccounted(bb8: &bb8::State, state: &State, generation: u64) -> i64 {
    let leases = state.leases.values().filter(|lease| lease.generation == generation);
    i64::from(bb8.connections) - i64::from(bb8.idle_connections) - leases.count() as i64
}
