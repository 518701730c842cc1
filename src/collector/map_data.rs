//! The map data and sector movements of a step, once it is committed.

use std::sync::Arc;

use crate::status::{Aircraft, AircraftList, AircraftRadio, MovesBySector};
use sectorwatch_core::{
    flight::FlightKey,
    occupancy::Step,
    tracking::Tracking,
    transition::{Transition, TransitionKind},
};
use sectorwatch_store::{FlightsWritten, Refused};

/// The flights in scope, in the order of the feed, before anything is known of their radios.
pub fn aircraft(step: &Step<'_>, written: &FlightsWritten) -> AircraftList {
    let in_scope = step.observations.iter().filter(|observation| observation.in_scope);
    let aircraft = in_scope.map(|observation| {
        let pilot = observation.pilot;
        let tracked = step.next.get(&pilot.key);
        let written_id = written.ids.get(&pilot.key).copied();
        Aircraft {
            flight_id: written_id.or_else(|| tracked?.id),
            callsign: Arc::clone(&pilot.key.callsign),
            latitude: pilot.latitude,
            longitude: pilot.longitude,
            heading_deg: pilot.heading,
            altitude_ft: pilot.altitude,
            groundspeed_kt: pilot.groundspeed,
            sector: tracked.and_then(|flight| flight.visit.clone()),
            radio: AircraftRadio::default(),
        }
    });
    aircraft.collect()
}

/// The flights that entered and left each sector, without the refused ones.
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
        TransitionKind::Left
        | TransitionKind::Slow
        | TransitionKind::Disconnected
        | TransitionKind::Unobserved
        | TransitionKind::AirspaceChanged => Some(&transition.sector),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sectorwatch_core::{Time, tracking::Tracked};

    fn key(cid: i32) -> FlightKey {
        FlightKey { cid, callsign: "QFA1".into(), logon_time: Time::UNIX_EPOCH }
    }

    fn in_sector(sector: &str) -> Tracked {
        Tracked {
            id: None,
            observed_at: Time::UNIX_EPOCH,
            last_seen: Time::UNIX_EPOCH,
            observed_time: Default::default(),
            latitude: 0.0,
            longitude: 0.0,
            altitude: 0,
            slow_polls: 0,
            visit: Some(sector.into()),
            plan: Default::default(),
            airport: Default::default(),
        }
    }

    fn transition(cid: i32, kind: TransitionKind, sector: &str) -> Transition {
        Transition {
            key: key(cid),
            flight_id: None,
            kind,
            sector: sector.into(),
            at: Time::UNIX_EPOCH,
            latitude: 0.0,
            longitude: 0.0,
            altitude: 0,
        }
    }

    #[test]
    fn a_crossing_leaves_one_sector_and_enters_another_and_what_was_refused_did_neither() {
        use TransitionKind::{
            AirspaceChanged, Crossed, Disconnected, Entered, Left, Slow, Unobserved,
        };
        let transitions = vec![
            transition(1, Entered, "SYD"),
            transition(2, Crossed, "MEL"),
            transition(3, Left, "SYD"),
            transition(4, Slow, "MEL"),
            transition(5, Disconnected, "BNE"),
            transition(5, Entered, "BNE"),
            transition(6, Crossed, "PER"),
            transition(7, Unobserved, "MEL"),
            transition(8, AirspaceChanged, "MEL"),
        ];
        let step = Step { transitions, ..Step::default() };
        let before = [(2, "SYD"), (3, "SYD"), (4, "MEL"), (5, "BNE"), (6, "ADL")];
        let before = before.map(|(cid, sector)| (key(cid), in_sector(sector))).into();
        let refused = [Refused { item: key(6), detail: String::new() }];
        let moves = moves(&step, &before, &refused);
        let found: Vec<_> =
            moves.iter().map(|(sector, moves)| (&**sector, moves.entered, moves.left)).collect();
        assert_eq!(found, [("BNE", 1, 1), ("MEL", 1, 3), ("SYD", 1, 2)]);
    }
}
