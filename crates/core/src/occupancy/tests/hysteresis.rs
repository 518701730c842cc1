//! A flight near the top of its sector.

use super::*;

/// The sector of a flight's visit after each of these altitudes over `place_name`, or `-`.
fn fly(radar: &mut Radar, place_name: &str, seen: &[(i64, i32)]) -> String {
    let sectors = seen.iter().map(|&(second, altitude)| {
        let mut pilot = sample::pilot("QFA1", place_name, Some(450));
        (pilot.altitude, pilot.last_updated) = (altitude, sample::time(second));
        radar.poll(second, vec![pilot]);
        radar.only().visit.as_deref().unwrap_or("-").to_owned()
    });
    sectors.collect::<Vec<_>>().join(" ")
}

#[test]
fn a_flight_enters_by_the_exact_limits_and_leaves_beyond_the_hysteresis() {
    // Hysteresis, place, altitudes at polls of 15 s, sectors. SYD and MEL end at 60,000 ft, where TOP begins
    // over MEL.
    let cases: [(i32, &str, &[i32], &str); 8] = [
        (100, "SYD", &[60_001, 60_000, 60_001, 60_100, 60_101, 60_001], "- SYD SYD SYD - -"),
        (0, "SYD", &[60_000, 60_001, 60_000], "SYD - SYD"),
        (2_000, "SYD", &[60_000, 62_000, 62_001], "SYD SYD -"),
        (100, "MEL", &[60_000, 60_001, 60_100, 60_101, 59_900, 59_899], "MEL MEL MEL TOP TOP MEL"),
        (0, "MEL", &[60_000, 60_001, 60_000, 59_999], "MEL TOP MEL MEL"),
        // Exactly inside TOP as well as MEL: the primary rule applies, whichever it was in.
        (100, "MEL", &[60_200, 60_000], "TOP MEL"),
        // Outside of the boundary, no sector keeps a flight.
        (100, "SEA", &[60_000, 60_001], "- -"),
        (100, "GAP", &[60_000], "-"),
    ];
    for (hysteresis_ft, place_name, altitudes, expected) in cases {
        let mut radar = Radar::new();
        radar.rules.level_hysteresis_ft = hysteresis_ft;
        let at = altitudes.iter().zip(0..).map(|(&altitude, n)| (15 * n, altitude));
        // Creates the flight, so that there is one even if it never enters.
        radar.poll(-15, vec![sample::pilot("QFA1", "GAP", Some(450))]);
        let found = fly(&mut radar, place_name, &at.collect::<Vec<_>>());
        assert_eq!(found, expected, "{hysteresis_ft} {place_name} {altitudes:?}");
    }
}

#[test]
fn a_flight_that_flew_out_of_the_boundary_has_left() {
    let mut radar = Radar::new();
    assert_eq!(fly(&mut radar, "SYD", &[(0, 60_000)]), "SYD");
    assert_eq!(fly(&mut radar, "SEA", &[(15, 60_050)]), "-");
}

#[test]
fn a_visit_that_ended_in_this_snapshot_keeps_nobody() {
    let mut radar = Radar::new();
    assert_eq!(fly(&mut radar, "SYD", &[(0, 60_000), (15, 60_050)]), "SYD SYD");
    assert_eq!(fly(&mut radar, "SYD", &[(2_000, 60_050)]), "-", "judged as outside: exact limits");
}
