//! A small airspace and pilots in it, for tests of the rules.
//!
//! The boundary is 40° by 10°. Three adjacent sectors reach beyond it to the north. A fourth one, `TOP`,
//! begins where the middle one ends, at 60,000 ft.

use geo::Coord;

use super::{
    Time,
    airspace::{Airspace, Sector, Volume},
    flight::{FlightKey, FlightPlan, Pilot},
    geometry::{Polygon, Ring},
    snapshot::Snapshot,
};

/// Latitude and longitude of a named place: a sector, `GAP` (inside the boundary, in no sector), `SEA` (in
/// the shape of SYD, outside the boundary) or `OUT` (outside of both).
pub fn place(name: &str) -> (f64, f64) {
    match name {
        "SYD" => (5.0, 5.0),
        "MEL" => (5.0, 15.0),
        "BNE" => (5.0, 25.0),
        "GAP" => (5.0, 35.0),
        "SEA" => (12.0, 5.0),
        "OUT" => (50.0, 50.0),
        _ => panic!("no place {name}"),
    }
}

pub fn airspace() -> Airspace {
    let sectors = [("SYD", 0.0), ("MEL", 10.0), ("BNE", 20.0)];
    let sectors = sectors.map(|(id, west)| Sector {
        id: id.into(),
        name: id.to_owned(),
        volumes: vec![Volume {
            polygons: vec![rectangle(0.0, west, 15.0, west + 10.0)],
            floor_ft: None,
            ceiling_ft: Some(60_000.0),
            ..Volume::default()
        }],
        ..Sector::default()
    });
    let mut sectors = Vec::from(sectors);
    sectors.push(Sector {
        id: "TOP".into(),
        volumes: vec![Volume {
            polygons: vec![rectangle(0.0, 10.0, 15.0, 20.0)],
            floor_ft: Some(60_000.0),
            ..Volume::default()
        }],
        ..sectors[1].clone()
    });
    let boundary = vec![rectangle(0.0, 0.0, 10.0, 40.0)];
    Airspace::new(boundary, sectors, "tiny".to_owned(), false)
}

fn rectangle(south: f64, west: f64, north: f64, east: f64) -> Polygon {
    let corners = [(west, south), (east, south), (east, north), (west, north)];
    let exterior = Ring::new(corners.map(|(x, y)| Coord { x, y }).into()).expect("an area");
    Polygon { exterior, holes: Vec::new() }
}

/// The time `seconds` after the first snapshot.
pub fn time(seconds: i64) -> Time {
    Time::from_timestamp(1_700_000_000 + seconds, 123_456_000).expect("in range")
}

/// A pilot at a place with a complete plan, last updated at the first snapshot.
pub fn pilot(callsign: &str, place_name: &str, groundspeed: Option<i32>) -> Pilot {
    let (latitude, longitude) = place(place_name);
    Pilot {
        key: FlightKey { cid: 800_001, callsign: callsign.into(), logon_time: time(-3_600) },
        server: "SYDNEY".to_owned(),
        pilot_rating: None,
        military_rating: None,
        latitude,
        longitude,
        altitude: 35_000,
        groundspeed,
        transponder: None,
        heading: None,
        qnh_mb: None,
        flight_plan: Some(plan("YSSY", "YMML")),
        last_updated: time(0),
        unreadable: Vec::new(),
    }
}

pub fn plan(departure: &str, arrival: &str) -> FlightPlan {
    FlightPlan {
        departure: Some(departure.to_owned()),
        arrival: Some(arrival.to_owned()),
        ..FlightPlan::default()
    }
}

pub fn snapshot(update_timestamp: Time, pilots: Vec<Pilot>) -> Snapshot {
    Snapshot {
        update_timestamp,
        pilots,
        controllers: None,
        atis: None,
        connected_clients: None,
        rejected: Vec::new(),
        refused_pilots: Vec::new(),
        refused_controllers: Vec::new(),
        unreadable: Default::default(),
        unknown_fields: Default::default(),
    }
}
