//! Applies queued transitions to the rows of `flight_sector_occupancy`.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    sync::Arc,
};

use super::{Time, transition::TransitionKind};

/// An item of the queue. A crossing, which closes a visit and opens the next, is one item.
#[derive(Debug, Clone, PartialEq)]
pub struct Queued {
    /// `pending_transitions.id`, in the order of the transitions.
    pub id: i64,
    /// The flight, by `flights.id`.
    pub flight_id: i64,
    /// Stored with the visit, so that queries need no join.
    pub callsign: String,
    /// The kind of the change.
    pub kind: TransitionKind,
    /// The sector entered, or left.
    pub sector: Arc<str>,
    /// When and where the flight was observed.
    pub at: Point,
    /// The revision of the airspace in which the transition was found.
    pub airspace_revision: Arc<str>,
}

impl Queued {
    /// Whether this item ends the visit. A crossing ends any open visit. Other closes name the sector and do
    /// not end a visit to another sector, which is open because its own close was refused.
    fn ends(&self, visit: &Visit) -> bool {
        self.kind == TransitionKind::Crossed || (self.kind.closes() && self.sector == visit.sector)
    }
}

/// The place and time of an observation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// When the flight was observed there.
    pub time: Time,
    /// Degrees, north positive.
    pub latitude: f64,
    /// Degrees, east positive.
    pub longitude: f64,
    /// In feet as in the feed.
    pub altitude: i32,
}

/// A visit of a flight to a sector.
#[derive(Debug, Clone, PartialEq)]
pub struct Visit {
    /// The id of the row, if the visit is already stored.
    pub id: Option<i64>,
    /// The flight, by `flights.id`.
    pub flight_id: i64,
    /// See [`Queued::callsign`].
    pub callsign: String,
    /// The sector's id.
    pub sector: Arc<str>,
    /// When and where the visit began.
    pub entry: Point,
    /// The revision of the airspace in which it began.
    pub airspace_revision: Arc<str>,
    /// Where and why it ended.
    pub exit: Option<(Point, TransitionKind)>,
}

impl Visit {
    /// Whole seconds between entry and exit, rounded down; `None` while open.
    pub fn duration_seconds(&self) -> Option<i64> {
        self.exit.map(|(exit, _)| (exit.time - self.entry.time).num_seconds())
    }
}

/// The visits that the queue changes. Those with an id were open and are now closed; the others are new.
/// Visits of one flight are in the order in which they began.
///
/// `open` has the open visits of these flights. A close without an open visit does nothing, because the visit
/// was erased and must not come back. A crossing still begins its next visit.
pub fn apply(open: Vec<Visit>, queue: &[Queued]) -> Vec<Visit> {
    let mut current: BTreeMap<i64, Visit> =
        open.into_iter().map(|visit| (visit.flight_id, visit)).collect();
    let mut changed = Vec::new();
    for item in queue {
        if let Entry::Occupied(place) = current.entry(item.flight_id)
            && item.ends(place.get())
        {
            let mut visit = place.remove();
            visit.exit = Some((item.at, item.kind));
            changed.push(visit);
        }
        if item.kind.opens() {
            let visit = Visit {
                id: None,
                flight_id: item.flight_id,
                callsign: item.callsign.clone(),
                sector: item.sector.clone(),
                entry: item.at,
                airspace_revision: Arc::clone(&item.airspace_revision),
                exit: None,
            };
            match current.entry(item.flight_id) {
                Entry::Vacant(place) => {
                    place.insert(visit);
                }
                // Two open visits of one flight: the unique index refuses the second as bad data.
                Entry::Occupied(_) => changed.push(visit),
            }
        }
    }
    changed.extend(current.into_values().filter(|visit| visit.id.is_none()));
    changed
}

/// The sector of a flight after one item of the queue.
pub fn sector_after(kind: TransitionKind, sector: Arc<str>) -> Option<Arc<str>> {
    kind.opens().then_some(sector)
}

#[cfg(test)]
mod tests;
