//! What the poller knows: a cache of the tables, which advances only by what was committed.

use std::{collections::BTreeMap, sync::Arc};

use chrono::TimeDelta;

use crate::{
    domain::{
        Time,
        airspace::{Airspace, Sector},
        filter::perhaps_forgotten,
        occupancy::Step,
        snapshot::Snapshot,
        tracking::Tracking,
    },
    poller::status::SectorFigures,
    store::{FlightsWritten, Restored, SectorsApplied, Store, StoreError},
};

const LATELY: TimeDelta = TimeDelta::minutes(5);

/// The state after the newest committed flights transaction.
#[derive(Debug, Clone)]
pub struct Memory {
    /// `update_timestamp` of the newest stored snapshot.
    pub mark: Option<Time>,
    /// The state of all flights.
    pub tracking: Tracking,
    /// Transitions queued and not applied.
    pub pending: usize,
    /// Visits without an exit, by the rows.
    pub open_entries: i64,
}

impl From<Restored> for Memory {
    fn from(restored: Restored) -> Self {
        Self {
            mark: restored.mark,
            tracking: restored.tracking,
            pending: restored.pending,
            open_entries: restored.open_entries as i64,
        }
    }
}

impl Memory {
    /// Learns again what the tables hold of flights that come back after more than a day: their
    /// plan, and an observation time that must not go back.
    ///
    /// # Errors
    /// Any failure of the database. Nearly always there is nothing to ask it.
    pub async fn recall(
        &mut self,
        store: &Store,
        snapshot: &Snapshot,
        airspace: &Airspace,
    ) -> Result<(), StoreError> {
        let forgotten = perhaps_forgotten(snapshot, airspace, &self.tracking);
        if !forgotten.is_empty() {
            self.tracking.extend(store.recall(&forgotten).await?);
        }
        Ok(())
    }

    /// The flights transaction committed: the next state is the state.
    pub fn advance(&mut self, step: Step<'_>, update_timestamp: Time, written: &FlightsWritten) {
        self.mark = Some(update_timestamp);
        self.tracking = step.next;
        for (key, id) in &written.ids {
            if let Some(flight) = self.tracking.get_mut(key) {
                flight.id = Some(*id);
            }
        }
        self.pending += written.queued;
    }

    /// The sector transaction committed.
    pub fn applied(&mut self, applied: &SectorsApplied) {
        let drained = applied.applied + applied.refused.len();
        self.pending = self.pending.saturating_sub(drained);
        self.open_entries += applied.open_delta;
    }

    /// Flights that were seen within the five minutes before the mark.
    pub fn seen_lately(&self) -> u64 {
        let Some(mark) = self.mark else { return 0 };
        let seen = self.tracking.values().filter(|flight| mark - flight.last_seen < LATELY);
        seen.count() as u64
    }

    /// The sectors with the aircraft inside, in the order of the airspace file.
    pub fn occupancy(&self, airspace: &Airspace) -> Vec<SectorFigures> {
        let mut inside: BTreeMap<&str, u64> = BTreeMap::new();
        for sector in self.tracking.values().filter_map(|flight| flight.visit.as_deref()) {
            *inside.entry(sector).or_default() += 1;
        }
        let of = |sector: &Sector| SectorFigures {
            name: Arc::clone(&sector.id),
            occupancy: inside.get(sector.id.as_ref()).copied().unwrap_or(0),
            staff: None,
        };
        airspace.sectors().iter().map(of).collect()
    }
}
