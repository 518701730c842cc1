//! One consistent reading of a pool, for metrics and status.

use std::{collections::BTreeMap, panic::Location, time::Duration};

use super::{
    LatestLeak, Pool,
    leaks::threshold_of,
    registry::{Fate, State},
};
use crate::owner::Owner;
use sectorwatch_core::Time;

/// One reading of a pool.
#[derive(Debug, Clone, PartialEq)]
pub struct PoolFigures {
    /// Configured maximum.
    pub max: u32,
    /// Leases open now.
    pub checked_out: usize,
    /// Connections idle now, by bb8's count.
    pub idle: u32,
    /// Sessions being opened now.
    pub establishing: u64,
    /// Tasks waiting now.
    pub pending: usize,
    /// Highest number of leases in the last 60 s.
    pub highwater: usize,
    /// bb8's count of what is out, minus ours: 0 at rest.
    pub unaccounted: i64,
    /// The lease held longest.
    pub oldest_lease: Option<OldestLease>,
    /// 95 % of the waits of the last minute were shorter (upper bound of the bucket).
    pub acquire_p95_seconds: Option<f64>,
    /// Acquires that waited in vain.
    pub timeouts_total: u64,
    /// Class and time of the newest failure to connect.
    pub connect_failure: Option<(&'static str, Time)>,
    /// Leases open now beyond their owner's threshold.
    pub suspects: usize,
    /// Confirmed leaks since the start, by kind.
    pub leaks_confirmed: BTreeMap<&'static str, u64>,
    /// The newest of them.
    pub latest_leak: Option<LatestLeak>,
    /// What each owner holds.
    pub by_owner: Vec<OwnerFigures>,
}

/// What one owner holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OwnerFigures {
    /// Who.
    pub owner: Owner,
    /// Leases open now.
    pub checked_out: usize,
    /// Of the oldest of them.
    pub oldest: Duration,
    /// Those of them beyond the threshold that are not proved to be leaks.
    pub overdue: usize,
}

/// Who holds a connection longest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OldestLease {
    /// Who.
    pub owner: Owner,
    /// For how long.
    pub held: Duration,
    /// The line that took it.
    pub place: &'static Location<'static>,
}

impl Pool {
    /// Reads the pool once.
    pub fn figures(&self) -> PoolFigures {
        let shared = &self.shared;
        let generation = shared.generation.load();
        let mut state = shared.settings.registry.state();
        let bb8 = generation.bb8.state();
        let oldest = state.leases.values().min_by_key(|lease| lease.since);
        let oldest_lease = oldest.map(|lease| OldestLease {
            owner: lease.owner,
            held: lease.since.elapsed(),
            place: lease.place,
        });
        let by_owner = self.by_owner(&state);
        PoolFigures {
            max: shared.settings.max_connections,
            checked_out: state.leases.len(),
            idle: bb8.idle_connections,
            establishing: state.establishing,
            pending: state.pending(),
            highwater: state.highwater(),
            unaccounted: unaccounted(&bb8, &state, generation.number),
            oldest_lease,
            acquire_p95_seconds: shared.settings.metrics.acquire_p95_seconds(shared.settings.name),
            timeouts_total: shared.settings.metrics.timeouts_total(shared.settings.name),
            connect_failure: state.connect_failure().map(|failure| (failure.class, failure.at)),
            suspects: by_owner.iter().map(|figures| figures.overdue).sum(),
            leaks_confirmed: shared.settings.leaks.by_kind(shared.settings.name),
            latest_leak: shared.settings.leaks.latest(shared.settings.name),
            by_owner,
        }
    }

    /// Connections that are out by bb8's count, less the leases of the pool in force.
    pub(super) fn unaccounted(&self) -> i64 {
        let generation = self.shared.generation.load();
        let state = self.shared.settings.registry.state();
        unaccounted(&generation.bb8.state(), &state, generation.number)
    }

    fn by_owner(&self, state: &State) -> Vec<OwnerFigures> {
        let of = |owner: &Owner| {
            let threshold = threshold_of(&self.shared.leak_thresholds, *owner);
            let leases = state.leases.values().filter(|lease| lease.owner == *owner);
            let none =
                OwnerFigures { owner: *owner, checked_out: 0, oldest: Duration::ZERO, overdue: 0 };
            leases.fold(none, |figures, lease| {
                let held = lease.since.elapsed();
                let is_overdue = held > threshold && lease.fate != Fate::Leaked;
                OwnerFigures {
                    owner: *owner,
                    checked_out: figures.checked_out + 1,
                    oldest: figures.oldest.max(held),
                    overdue: figures.overdue + usize::from(is_overdue),
                }
            })
        };
        self.shared.settings.name.owners().iter().map(of).collect()
    }
}

fn unaccounted(bb8: &bb8::State, state: &State, generation: u64) -> i64 {
    let leases = state.leases.values().filter(|lease| lease.generation == generation);
    i64::from(bb8.connections) - i64::from(bb8.idle_connections) - leases.count() as i64
}
