//! The poller's memory: a cache of the tables that advances only by what was committed.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::TimeDelta;

use crate::status::SectorFigures;
use sectorwatch_core::{
    Time,
    absence::Moment,
    airspace::{Airspace, Sector},
    control::Control,
    filter::perhaps_stored,
    flight::FlightKey,
    occupancy::Step,
    snapshot::Snapshot,
    tracking::Tracking,
};
use sectorwatch_store::{FlightsWritten, Restored, SectorsApplied, Store, StoreError};

const LATELY: TimeDelta = TimeDelta::minutes(5);

/// The state after the newest committed flights transaction.
#[derive(Debug, Clone)]
pub struct Memory {
    /// `update_timestamp` of the newest stored snapshot.
    pub mark: Option<Time>,
    /// `update_timestamp` of the newest snapshot whose contacts phase ended well.
    pub contacts_mark: Option<Time>,
    /// The sum of observed time up to the mark.
    pub observed_time: TimeDelta,
    /// The state of the flights. See [`Memory::recall`] for stored flights that are not in here.
    pub tracking: Tracking,
    /// Transitions that are queued and not yet applied.
    pub pending: usize,
    /// Open visits, counted from committed rows.
    pub open_entries: i64,
    /// The mark when the tables were read. Memory is complete only for flights stored after it.
    restored_at: Option<Time>,
    /// Flights of the latest snapshot that were looked up and are not stored.
    not_stored: BTreeSet<FlightKey>,
}

impl From<Restored> for Memory {
    fn from(restored: Restored) -> Self {
        Self {
            mark: restored.mark,
            contacts_mark: restored.contacts_mark,
            observed_time: restored.observed_time,
            tracking: restored.tracking,
            pending: restored.pending,
            open_entries: restored.open_entries as i64,
            restored_at: restored.mark,
            not_stored: BTreeSet::new(),
        }
    }
}

impl Memory {
    /// The moment at which the snapshot of `update_timestamp` is processed.
    pub fn moment(&self, update_timestamp: Time) -> Moment {
        Moment::after(self.mark, self.observed_time, update_timestamp)
    }

    /// Reads stored flights without a visit that the snapshot names and memory does not have: after a
    /// restart, or after more than a day of absence. Their plan is needed, and their observation time must
    /// not go back.
    ///
    /// # Errors
    /// Any database error. After the first snapshots there is rarely anything to read.
    pub async fn recall(
        &mut self,
        store: &Store,
        snapshot: &Snapshot,
        airspace: &Airspace,
    ) -> Result<(), StoreError> {
        let perhaps = perhaps_stored(snapshot, airspace, &self.tracking, self.restored_at);
        let unknown = perhaps.iter().copied().filter(|key| !self.not_stored.contains(key));
        let unknown: Vec<&FlightKey> = unknown.collect();
        if !unknown.is_empty() {
            self.tracking.extend(store.recall(&unknown).await?);
        }
        let not_stored = perhaps.into_iter().filter(|key| !self.tracking.contains_key(key));
        self.not_stored = not_stored.cloned().collect();
        Ok(())
    }

    /// Takes the next state after the flights transaction committed.
    pub fn advance(&mut self, step: Step<'_>, written: &FlightsWritten) {
        (self.mark, self.observed_time) = (Some(step.now.at), step.now.observed_time);
        self.tracking = step.next;
        for (key, id) in &written.ids {
            if let Some(flight) = self.tracking.get_mut(key) {
                flight.id = Some(*id);
            }
        }
        self.pending += written.queued;
    }

    /// Takes the result of a committed sector transaction.
    pub fn applied(&mut self, applied: &SectorsApplied) {
        let drained = applied.applied + applied.refused.len();
        self.pending = self.pending.saturating_sub(drained);
        self.open_entries += applied.open_delta;
    }

    /// The number of flights that were seen within five minutes before the mark.
    pub fn seen_lately(&self) -> u64 {
        let Some(mark) = self.mark else { return 0 };
        let seen = self.tracking.values().filter(|flight| mark - flight.last_seen < LATELY);
        seen.count() as u64
    }

    /// The number of aircraft inside each sector, in the order of the airspace file.
    pub fn occupancy(&self, airspace: &Airspace) -> Vec<SectorFigures> {
        let mut inside: BTreeMap<&str, u64> = BTreeMap::new();
        for sector in self.tracking.values().filter_map(|flight| flight.visit.as_deref()) {
            *inside.entry(sector).or_default() += 1;
        }
        let of = |sector: &Sector| SectorFigures {
            name: Arc::clone(&sector.id),
            occupancy: inside.get(sector.id.as_ref()).copied().unwrap_or(0),
            capacity: sector.capacity,
            staff: None,
            control: (!sector.owners.is_empty()).then_some(Control::Unknown),
        };
        airspace.sectors().iter().map(of).collect()
    }
}
