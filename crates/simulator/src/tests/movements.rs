//! Flights begin and end on the ground, and train in the circuit.

use std::{collections::HashMap, sync::Arc};

use geo::{Distance, Haversine};

use sectorwatch_core::movements::{Airport, AirportState, Airports, Observed, Thresholds};

use super::{
    super::aerodromes::{AUSTRALIA, Aerodrome},
    *,
};

fn airports() -> Airports {
    let airport = |aerodrome: &Aerodrome| Airport {
        icao: Arc::from(aerodrome.icao),
        latitude: aerodrome.point().y(),
        longitude: aerodrome.point().x(),
        elevation_ft: aerodrome.elevation_ft,
    };
    Airports::new(AUSTRALIA.iter().map(airport))
}

#[test]
fn half_an_hour_sees_movements_of_each_kind_where_they_were_planned() {
    let settings = SimulatorSettings::default();
    let (start, world) = (settings.start, World::new(settings));
    let (airports, thresholds) = (airports(), Thresholds::default());
    let mut states: HashMap<(String, String), AirportState> = HashMap::new();
    let mut counts: HashMap<String, usize> = HashMap::new();
    for step in 0..120 {
        let at = start + TimeDelta::seconds(15 * step);
        let legs = world.legs(at);
        let home_of: HashMap<_, _> = legs.iter().map(|leg| (leg.trip.member.cid, leg)).collect();
        for pilot in world.pilots(&legs, at) {
            let seen = Observed {
                at: pilot.last_updated.parse().unwrap(),
                published: at,
                latitude: pilot.latitude,
                longitude: pilot.longitude,
                altitude: pilot.altitude,
                groundspeed: pilot.groundspeed,
            };
            let state = states.entry((pilot.callsign.to_owned(), pilot.logon_time)).or_default();
            let (next, happened) = state.step(&seen, &airports, &thresholds);
            *state = next;
            let Some(happened) = happened else { continue };
            let trip = &home_of[&pilot.cid].trip;
            let is_takeoff = happened.kind.as_str() == "takeoff";
            let there = if is_takeoff { trip.departure() } else { trip.arrival() };
            assert_eq!(happened.icao.as_ref(), there.icao, "{happened:?}");
            *counts.entry(happened.kind.as_str().to_owned()).or_default() += 1;
        }
    }
    for (kind, least) in [("takeoff", 10), ("landing", 10), ("touch_and_go", 5), ("go_around", 5)] {
        let count = counts.get(kind).copied().unwrap_or_default();
        assert!(count >= least, "{kind}: {count} of at least {least}; all: {counts:?}");
    }
}

#[test]
fn a_circuit_is_closed_stays_near_its_aerodrome_and_never_jumps() {
    let (world, start) = world(1.0);
    let legs = world.legs(start);
    let training: Vec<_> = legs.iter().filter(|leg| leg.trip.member.circuit.is_some()).collect();
    assert!(training.len() >= 10, "{}", training.len());
    for leg in training {
        let (member, aerodrome) = (&leg.trip.member, leg.trip.departure());
        assert_eq!(aerodrome.icao, leg.trip.arrival().icao);
        let at = |second: f64| leg.state_at(leg.trip.begins_s + second);
        let mut before = at(0.0);
        for second in 1..=member.profile.duration_s() as i32 {
            let now = at(f64::from(second));
            let nm = |a, b| Haversine.distance(a, b) / 1852.0;
            assert!(nm(now.position, aerodrome.point()) < 3.0, "{now:?}");
            let knots =
                now.groundspeed_kt.into_iter().chain(before.groundspeed_kt).fold(0.0, f64::max);
            if knots > 0.0 {
                let moved_kt = nm(now.position, before.position) * 3600.0;
                assert!(moved_kt <= knots + 1.0, "{moved_kt} kt at {knots} kt in second {second}");
            }
            let height_ft = now.altitude_ft - aerodrome.elevation_ft;
            assert!((-0.1..=1_500.1).contains(&height_ft), "{now:?}");
            before = now;
        }
        assert_eq!(at(member.profile.duration_s()).altitude_ft, aerodrome.elevation_ft);
    }
}
