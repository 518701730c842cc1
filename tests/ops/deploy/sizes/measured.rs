//! The data whose rows are measured: flights that stay and flights that pass, circuits at an airport, contact by radio
//! that changes, and controllers who come and go.

use serde_json::json;

use crate::support::{
    documents::{Controller, Feed, Pilot, second, spread},
    postgres::{Database, Server},
    replay::{self, recorded},
    service::PATIENCE,
};

/// Flights that stay for well over an hour, so that their indexes have many pages.
pub const STAYING: usize = 60;
pub const SNAPSHOTS: i64 = 400;
/// Flights in two snapshots only, so that the table of flights has many rows.
pub const PASSING: usize = 3000;
/// As many of the flights that stay take off and land.
const CIRCUITS: usize = 20;
const YSSY: (f64, f64) = (-33.946, 151.177);
/// Within reach of all flights that stay and fly no circuits.
const SITE: (f64, f64) = (-30.2, 130.0);
const CENTRES: [(&str, i32); 2] = [("ML-ASP_CTR", 128_850_000), ("ML-TBD_CTR", 123_950_000)];

/// In recorded feeds, a route has 85 characters on average, and remarks have 86.
fn filed(pilot: Pilot) -> Pilot {
    let plan = json!({
        "flight_rules": "I", "aircraft": "B738/M-SDE2E3FGHIRWXY/LB1", "aircraft_faa": "B738/L",
        "aircraft_short": "B738", "departure": "YSSY", "arrival": "YMML", "alternate": "YSCB",
        "cruise_tas": "450", "altitude": "FL350", "deptime": "1130", "enroute_time": "0130",
        "fuel_time": "0400", "remarks": "R".repeat(86), "route": "D".repeat(85), "revision_id": 1,
        "assigned_transponder": "1234",
    });
    pilot.set("flight_plan", plan)
}

/// Where a flight is that stays. A circuit takes four snapshots, two of them on the ground.
fn staying(pilot: Pilot, index: usize, number: i64) -> Pilot {
    if index >= CIRCUITS {
        return pilot.at(-30.0 + 0.02 * index as f64, 130.0);
    }
    let pilot = pilot.at(YSSY.0, YSSY.1);
    match (number + index as i64) % 4 {
        0 | 1 => pilot.alt(30).kt(10),
        _ => pilot.alt(1500).kt(140),
    }
}

/// The channel of a flight in cruise: each lasts for longer than a miss that counts as contact.
fn channel(index: usize, number: i64) -> i32 {
    match (number / 5 + index as i64) % 4 {
        3 => 118_100_000,
        which => CENTRES[usize::from(which == 1)].1,
    }
}

/// A position is left for a minute between two controllers. Who answers for it differs each time.
fn controllers(number: i64) -> impl Iterator<Item = Controller> {
    let airports = ["SY", "ML", "BN", "AD", "PH", "CS", "CB", "DN"];
    let positions = airports.into_iter().flat_map(|airport| {
        ["APP", "TWR", "GND", "DEL"].map(|facility| format!("{airport}_{facility}"))
    });
    (0i64..).zip(positions).filter_map(move |(index, callsign)| {
        let (period, since) = (12 + index % 7, 5 * index);
        let session = (number + since).div_euclid(period);
        let is_online = (number + since).rem_euclid(period) < period - 4;
        let cid = i32::try_from(2_000_000 + 1000 * index + session).expect("few enough");
        is_online.then(|| person(&callsign, cid, session * period - since))
    })
}

fn person(callsign: &str, cid: i32, logon: i64) -> Controller {
    let text = vec!["T".repeat(40); 3];
    Controller::new(callsign, cid)
        .set("logon_time", json!(second(15 * logon)))
        .set("text_atis", json!(text))
}

fn snapshot(pilots: &[Pilot], number: i64) -> Feed {
    let mut feed = Feed::second(15 * number);
    for (callsign, frequency_hz) in CENTRES {
        let mhz = f64::from(frequency_hz) / 1e6;
        let centre = person(callsign, 3_000_000 + frequency_hz / 1000, 0);
        feed = feed.controller(centre.set("frequency", json!(format!("{mhz:.3}")))).radio(
            callsign,
            frequency_hz,
            SITE,
        );
    }
    feed = controllers(number).fold(feed, Feed::controller);
    for (index, pilot) in pilots[..STAYING].iter().enumerate() {
        feed = feed.pilot(staying(pilot.clone(), index, number));
        let (callsign, at) = (format!("TST{index:05}"), (-30.0 + 0.02 * index as f64, 130.0));
        feed = feed.radio(&callsign, channel(index, number), at);
    }
    let passing = if number < 2 { &pilots[STAYING..] } else { &[] };
    feed.pilots(passing.iter().cloned())
}

/// Stores all of it.
pub fn stored() -> Database {
    let pilots: Vec<_> = spread(PASSING).map(filed).collect();
    let documents: Vec<_> = (0..SNAPSHOTS).map(|number| snapshot(&pilots, number)).collect();
    // Autovacuum would keep old versions of rows from being reused while it runs, which takes long
    // on a busy machine.
    let database = Database::on(Server::own(&[("autovacuum", "off")]));
    let ended =
        replay::setup(&[&recorded(&documents)], &database, &[]).spawn().finish(10 * PATIENCE);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    database
}
