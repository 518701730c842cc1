//! Deterministic traffic, in which the number of a publication determines its contents.

use super::documents::{Controller, Feed, OUTSIDE, Pilot, inside, second};

/// The feed time between two publications.
pub const STEP_SECONDS: i64 = 10;
/// The number of flights other than [`BEACON`]. There are seven kinds of them.
const FLIGHTS: i64 = 28;
/// A flight that is online and observed in all publications.
pub const BEACON: &str = "BEACON";

/// The publication with this number: entries, crossings, slow exits, landings and take-offs, departures
/// from the airspace, gaps shorter and longer than the grace period, and new logons.
pub fn traffic(number: i64) -> Feed {
    nobody_but_the_beacon(number).pilots((0..FLIGHTS).filter_map(|k| flight(k, number)))
}

/// The publication with this number after all other flights have left.
pub fn nobody_but_the_beacon(number: i64) -> Feed {
    Feed::second(STEP_SECONDS * number)
        .pilot(Pilot::new(BEACON, 1))
        .controller(Controller::new("SY_APP", 2))
        .radio(BEACON, 124_700_000, inside("YMMM"))
}

/// Flights that continue without a gap inside one sector.
pub fn cruisers() -> impl Iterator<Item = String> {
    (0..FLIGHTS).step_by(7).map(callsign)
}

fn callsign(k: i64) -> String {
    format!("TST{k:02}")
}

fn flight(k: i64, number: i64) -> Option<Pilot> {
    let cid = i32::try_from(1000 + k).expect("few flights");
    let pilot = Pilot::new(&callsign(k), cid);
    // No two flights do the same thing at the same time.
    let turn = number + 3 * k;
    let of = |period: i64| usize::try_from(turn % period).expect("not negative");
    match k % 7 {
        0 => Some(pilot.at(-30.0 + 0.01 * (number % 50) as f64, 130.0)),
        1 => {
            // The observation time does not advance in every second publication.
            let observed = second(STEP_SECONDS * (number - number % 2));
            let sector = ["SYD", "MEL", "BNE", "YMMM"][of(12) / 3];
            Some(pilot.inside(sector).last_updated(&observed))
        }
        2 if k % 2 == 0 => {
            let kt = [120, 120, 25, 25, 25, 40, 59, 60, 29, 31][of(10)];
            // On the ground of Sydney, or above it.
            let alt = if kt < 40 { 21 } else { 1_500 };
            Some(pilot.inside("SYD").kt(kt).alt(alt))
        }
        2 => {
            // The flight is slow once, and then of unknown speed for long. Its count of 1 must be
            // kept.
            let pilot = pilot.inside("SYD");
            Some(match of(12) {
                0 | 1 => pilot.kt(120),
                2 | 11 => pilot.kt(29),
                _ => pilot.set("groundspeed", serde_json::Value::Null),
            })
        }
        // The flight is absent for longer than the grace period of 5 min.
        3 => (of(48) < 10).then_some(pilot),
        4 => (of(9) < 6).then(|| pilot.inside(["CNS", "YBBB"][of(18) / 9])),
        5 if of(8) < 4 => Some(pilot.inside("CNS")),
        5 => Some(pilot.at(OUTSIDE.0, OUTSIDE.1)),
        _ => Some(pilot.logon(&second(turn / 20 - 3600))),
    }
}
