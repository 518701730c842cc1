//! Selects the pilots of a snapshot that are in scope, and those with an open visit.

use std::sync::Arc;

use super::{
    Time,
    absence::Begun,
    airspace::Airspace,
    flight::{FlightKey, Pilot, TIME_AHEAD},
    snapshot::Snapshot,
    tracking::{REMEMBERED, Tracked, Tracking},
};

/// A pilot for the state machine.
#[derive(Debug, Clone, PartialEq)]
pub struct Sighting<'s> {
    /// The pilot's record in the snapshot.
    pub pilot: &'s Pilot,
    /// Whether it is inside the boundary with a complete plan, in this snapshot or stored.
    pub in_scope: bool,
    /// The recorded sector; `None` outside the boundary or all sectors.
    pub sector: Option<Arc<str>>,
    /// Whether hysteresis keeps it in the sector of its open visit.
    pub stays: bool,
}

/// The selected pilots, and the numbers of the others.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filtered<'s> {
    /// In the order of the snapshot.
    pub sightings: Vec<Sighting<'s>>,
    /// Pilots outside the boundary.
    pub outside: u64,
    /// Pilots inside without a complete plan.
    pub no_plan: u64,
}

impl Filtered<'_> {
    /// The number of flights in scope.
    pub fn in_scope(&self) -> usize {
        self.sightings.iter().filter(|s| s.in_scope).count()
    }
}

/// Selects the pilots in scope and those with an open visit, and finds their sectors.
///
/// A flight that was once in scope keeps its plan in the database and needs none again. A flight that never
/// was, or that was last seen more than a day before the mark, is judged by this snapshot alone.
pub fn filter<'s>(
    snapshot: &'s Snapshot,
    airspace: &Airspace,
    begun: &Begun,
    require_flight_plan: bool,
    level_hysteresis_ft: i32,
) -> Filtered<'s> {
    let mut filtered = Filtered::default();
    for pilot in &snapshot.pilots {
        let tracked = begun.tracking.get(&pilot.key);
        let (inside, sector) =
            airspace.locate(pilot.latitude, pilot.longitude, pilot.altitude, pilot.qnh_mb);
        let has_plan = || has_complete_plan(pilot, tracked, begun.now.mark);
        let in_scope = inside && (!require_flight_plan || has_plan());
        if !in_scope && tracked.is_none_or(|flight| flight.visit.is_none()) {
            match inside {
                true => filtered.no_plan += 1,
                false => filtered.outside += 1,
            }
            continue;
        }
        let visit = tracked.and_then(|flight| flight.visit.as_ref()).filter(|_| inside);
        let stays = visit.is_some_and(|visit| {
            let level = airspace.level(pilot.altitude, pilot.qnh_mb);
            let at = (pilot.latitude, pilot.longitude);
            sector != Some(visit)
                && airspace.nearly_holds(visit, at, level, level_hysteresis_ft.into())
        });
        filtered.sightings.push(Sighting { pilot, in_scope, sector: sector.cloned(), stays });
    }
    filtered
}

/// Flights inside the boundary that are not in memory but may be stored, because they logged on early enough
/// to have been stored and dropped from memory. Memory has everything that was stored after `restored_at`.
pub fn perhaps_stored<'s>(
    snapshot: &'s Snapshot,
    airspace: &Airspace,
    tracking: &Tracking,
    restored_at: Option<Time>,
) -> Vec<&'s FlightKey> {
    let a_day_ago = snapshot.update_timestamp - REMEMBERED;
    let known_since = restored_at.map_or(a_day_ago, |restored_at| restored_at.max(a_day_ago));
    let perhaps = snapshot.pilots.iter().filter(|pilot| {
        pilot.key.logon_time <= known_since + TIME_AHEAD
            && !tracking.contains_key(&pilot.key)
            && airspace.contains(pilot.latitude, pilot.longitude)
    });
    perhaps.map(|pilot| &pilot.key).collect()
}

fn has_complete_plan(pilot: &Pilot, tracked: Option<&Tracked>, mark: Option<Time>) -> bool {
    let is_stored = |flight: &Tracked| {
        flight.plan.is_complete() && mark.is_some_and(|mark| flight.was_seen_lately(mark))
    };
    pilot.flight_plan.as_ref().is_some_and(|plan| plan.is_complete())
        || tracked.is_some_and(is_stored)
}

#[cfg(test)]
mod tests;
