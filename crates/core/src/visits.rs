//! What queued transitions do to the rows of `flight_sector_occupancy`.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    sync::Arc,
};

use super::{Time, transition::TransitionKind};

/// One item of the queue. A crossing, which closes one visit and opens the next, is one item.
#[derive(Debug, Clone, PartialEq)]
pub struct Queued {
    /// `pending_transitions.id`: the order in which they happened.
    pub id: i64,
    /// The flight, by `flights.id`.
    pub flight_id: i64,
    /// Stored with the visit, so that analysts need no join.
    pub callsign: String,
    /// What happened.
    pub kind: TransitionKind,
    /// The sector entered, or left.
    pub sector: Arc<str>,
    /// When and where the flight was observed.
    pub at: Point,
}

impl Queued {
    /// A crossing ends whichever visit is open. Any other close names the sector left, and spares
    /// the visit of another one, which is open still because its own close was refused.
    fn ends(&self, visit: &Visit) -> bool {
        self.kind == TransitionKind::Crossed || (self.kind.closes() && self.sector == visit.sector)
    }
}

/// Where a flight was observed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// When the flight was observed there.
    pub time: Time,
    /// Degrees, north positive.
    pub latitude: f64,
    /// Degrees, east positive.
    pub longitude: f64,
    /// In feet, as the feed states it.
    pub altitude: i32,
}

/// One stay of one flight in one sector.
#[derive(Debug, Clone, PartialEq)]
pub struct Visit {
    /// The row, when the visit is stored already.
    pub id: Option<i64>,
    /// The flight, by `flights.id`.
    pub flight_id: i64,
    /// As in [`Queued::callsign`].
    pub callsign: String,
    /// The sector's id.
    pub sector: Arc<str>,
    /// When and where the visit began.
    pub entry: Point,
    /// Where and why it ended.
    pub exit: Option<(Point, TransitionKind)>,
}

impl Visit {
    /// Whole seconds between entry and exit, cut; `None` while open.
    pub fn duration_seconds(&self) -> Option<i64> {
        self.exit.map(|(exit, _)| (exit.time - self.entry.time).num_seconds())
    }
}

/// The visits that the queue changes: those with an id were open and are closed now, the others
/// are new. Those of one flight are in the order in which they began.
///
/// `open` holds the open visits of these flights. A close without an open visit does nothing: the
/// visit was erased meanwhile and must not come back. A crossing begins its next visit all the same.
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

/// The sector a flight is in after one item of the queue.
pub fn sector_after(kind: TransitionKind, sector: Arc<str>) -> Option<Arc<str>> {
    kind.opens().then_some(sector)
}

#[cfg(test)]
mod tests;
