//! What a map and a table of sectors show of a step, once it is committed.

use std::sync::Arc;

use super::status::{Aircraft, MovesBySector};
use crate::{
    domain::{
        flight::FlightKey,
        occupancy::Step,
        tracking::Tracking,
        transition::{Transition, TransitionKind},
    },
    store::Refused,
};

/// The flights in scope, in the order of the feed.
pub fn aircraft(step: &Step<'_>) -> Arc<[Aircraft]> {
    let in_scope = step.observations.iter().filter(|observation| observation.in_scope);
    let aircraft = in_scope.map(|observation| {
        let pilot = observation.pilot;
        Aircraft {
            callsign: Arc::clone(&pilot.key.callsign),
            latitude: pilot.latitude,
            longitude: pilot.longitude,
            heading_deg: pilot.heading,
            altitude_ft: pilot.altitude,
            groundspeed_kt: pilot.groundspeed,
            sector: step.next.get(&pilot.key).and_then(|flight| flight.visit.clone()),
        }
    });
    aircraft.collect()
}

/// Who entered and left each sector; what was refused did not.
pub fn moves(step: &Step<'_>, before: &Tracking, refused: &[Refused<FlightKey>]) -> MovesBySector {
    let mut moves = MovesBySector::new();
    let is_stored = |transition: &&Transition| !refused.iter().any(|it| it.item == transition.key);
    for transition in step.transitions.iter().filter(is_stored) {
        if transition.kind.opens() {
            moves.entry(Arc::clone(&transition.sector)).or_default().entered += 1;
        }
        if let Some(sector) = sector_left(transition, before) {
            moves.entry(Arc::clone(sector)).or_default().left += 1;
        }
    }
    moves
}

fn sector_left<'a>(transition: &'a Transition, before: &'a Tracking) -> Option<&'a Arc<str>> {
    match transition.kind {
        TransitionKind::Entered => None,
        TransitionKind::Crossed => before.get(&transition.key)?.visit.as_ref(),
        TransitionKind::Left | TransitionKind::Slow | TransitionKind::Disconnected => {
            Some(&transition.sector)
        }
    }
}
