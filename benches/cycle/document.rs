//! Generated snapshots of the feed, with all flights in scope and inside a sector.

use std::fmt::Write as _;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};

/// The time one period before the first snapshot.
pub const START: &str = "2025-01-08T12:00:00Z";
/// The number of controllers at a busy hour.
const CONTROLLERS: usize = 170;
/// As long as the average route and remarks of the network.
const ROUTE: &str = "DOSEL5 DOSEL Y59 ROBBO/N0448F360 Y59 TESAT H12 LEECE Q29 BOOIN DCT 3354S15110E \
                     DCT RIVET W618 ML/N0450F380 H247 NOMAD A576 POSOD J251 PKS Q94";
const REMARKS: &str = "PBN/A1B1C1D1L1O1S2 DOF/250108 REG/VHVZA EET/YMMM0042 SEL/AFBK CODE/7C4920 \
                       OPR/QFA PER/C RMK/TCAS SIMBRIEF CALLSIGN QANTAS /V/ NEW PILOT BE PATIENT";

/// The document of `time` with this many flights. Each increment of `turn` moves another third of
/// them across the border between two sectors. All flights move a little each time.
pub fn snapshot(flights: usize, time: DateTime<Utc>, turn: usize) -> String {
    snapshot_at(flights, time, &|i| place(i, time, turn))
}

/// The same with flights at these latitudes and longitudes.
pub fn snapshot_at(
    flights: usize,
    time: DateTime<Utc>,
    place: &dyn Fn(usize) -> (f64, f64),
) -> String {
    let at = time.to_rfc3339_opts(SecondsFormat::Micros, true);
    let mut text = format!(r#"{{"general":{{"version":3,"update_timestamp":"{at}"}},"pilots":["#);
    for i in 0..flights {
        let comma = if i == 0 { "" } else { "," };
        let _ = write!(text, "{comma}{}", pilot(i, time, place(i)));
    }
    text.push_str(r#"],"controllers":["#);
    for i in 0..CONTROLLERS {
        let comma = if i == 0 { "" } else { "," };
        let _ = write!(
            text,
            r#"{comma}{{"cid":{cid},"name":"Nobody","callsign":"C{i:03}_CTR","frequency":"124.700","facility":6,"rating":5,"server":"TEST","visual_range":300,"text_atis":["Melbourne Centre","www.example.invalid"],"last_updated":"{at}","logon_time":"2025-01-08T11:30:00.1234567Z"}}"#,
            cid = 800_000 + i,
        );
    }
    text.push_str(r#"],"atis":[],"servers":[],"prefiles":[],"facilities":[],"ratings":[],"pilot_ratings":[],"military_ratings":[]}"#);
    text
}

/// The transceivers: one for each controller, one for each flight and a second one for every third
/// flight. Their frequencies do not change. Those of flights move with them.
pub fn radios(flights: usize, time: DateTime<Utc>) -> String {
    let moved = time.timestamp() % 997;
    let radio = |id: usize, khz: usize, latitude: f64| {
        format!(
            r#"{{"id":{id},"frequency":{khz}000,"latDeg":{latitude:.5},"lonDeg":130.0,"heightMslM":9500.0,"heightAglM":9000.0}}"#
        )
    };
    let of_controller = |i: usize| {
        format!(r#"{{"callsign":"C{i:03}_CTR","transceivers":[{}]}}"#, radio(0, 124_700, -30.0))
    };
    let of_flight = |i: usize| {
        let latitude = -30.0 + 0.0007 * moved as f64;
        let mut radios = vec![radio(0, 118_000 + 25 * (i % 700), latitude)];
        radios.extend(i.is_multiple_of(3).then(|| radio(1, 121_500, latitude)));
        format!(r#"{{"callsign":"TST{i:05}","transceivers":[{}]}}"#, radios.join(","))
    };
    let stations = (0..CONTROLLERS).map(of_controller).chain((0..flights).map(of_flight));
    format!("[{}]", stations.collect::<Vec<_>>().join(","))
}

fn place(i: usize, time: DateTime<Utc>, turn: usize) -> (f64, f64) {
    // In the middle of YMMM or of YBBB.
    let (latitude, longitude) = match (turn + i % 3) / 3 % 2 {
        0 => (-30.0, 130.0),
        _ => (-22.0, 145.0),
    };
    let moved = time.timestamp() % 997;
    let latitude = latitude + 0.01 * (i % 50) as f64 + 0.0007 * moved as f64;
    let longitude = longitude + 0.01 * (i % 70) as f64 + 0.0003 * moved as f64;
    (latitude, longitude)
}

fn pilot(i: usize, time: DateTime<Utc>, (latitude, longitude): (f64, f64)) -> String {
    let moved = time.timestamp() % 997;
    let seen = time - TimeDelta::seconds((i % 15) as i64);
    format!(
        r#"{{"cid":{cid},"name":"Nobody","callsign":"TST{i:05}","server":"TEST","pilot_rating":1,"military_rating":0,"latitude":{latitude:.5},"longitude":{longitude:.5},"altitude":{altitude},"groundspeed":{kt},"transponder":"{squawk:04}","heading":{heading},"qnh_i_hg":29.92,"qnh_mb":1013,"flight_plan":{{"flight_rules":"I","aircraft":"B738/M-SDE2E3FGHIRWXY/LB1","aircraft_faa":"B738/L","aircraft_short":"B738","departure":"YSSY","arrival":"YPPH","alternate":"YPAD","cruise_tas":"450","altitude":"36000","deptime":"1130","enroute_time":"0430","fuel_time":"0600","remarks":"{REMARKS}","route":"{ROUTE}","revision_id":3,"assigned_transponder":"1234"}},"logon_time":"2025-01-08T11:{minute:02}:00.1234567Z","last_updated":"{seen}"}}"#,
        cid = 1_000_000 + i,
        altitude = 30_000 + moved,
        kt = 400 + moved % 90,
        squawk = 1000 + i % 7000,
        heading = (moved + i as i64) % 360,
        minute = i % 60,
        seen = seen.to_rfc3339_opts(SecondsFormat::Micros, true),
    )
}
