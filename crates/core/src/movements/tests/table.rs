//! The rows of the table, with the limits of each.

use super::*;

/// An observation this far east of Sydney.
fn east(second: i64, nm: f64, groundspeed: i32, altitude: i32) -> Observed {
    let (latitude, longitude) = east_of(airports().get("YSSY").expect("an airport"), nm);
    Observed { latitude, longitude, ..at_sydney(second, Some(groundspeed), altitude) }
}

#[test]
fn on_the_ground_is_slow_near_and_low() {
    // Speed, altitude, distance of the first observation; whether the second one is a take-off.
    for (speed_kt, altitude, nm, is_ground) in [
        (39, 21, 0.5, true),
        (40, 21, 0.5, false),
        (0, 321, 0.5, true),
        (0, 322, 0.5, false),
        (0, 21, -2.99, true),
        (0, 21, -3.01, false),
    ] {
        let movements = told(&[east(0, nm, speed_kt, altitude), east(15, nm, 140, 5_000)]);
        assert_eq!(!movements.is_empty(), is_ground, "{speed_kt} kt, {altitude} ft, {nm} NM");
    }
}

#[test]
fn in_the_air_is_fast_and_not_low() {
    for (speed_kt, altitude, nm, is_air) in [
        (50, 322, 0.5, true),
        (49, 322, 0.5, false),
        (50, 321, 0.5, false),
        (50, -10, -3.01, true),
        (49, -10, -3.01, false),
    ] {
        let movements = told(&[east(0, -2.9, 0, 21), east(15, nm, speed_kt, altitude)]);
        assert_eq!(!movements.is_empty(), is_air, "{speed_kt} kt, {altitude} ft, {nm} NM");
    }
}

#[test]
fn a_takeoff_is_at_most_two_minutes_after_the_ground() {
    let ground = at_sydney(0, Some(0), 21);
    assert_eq!(told(&[ground, at_sydney(120, Some(140), 900)]), ["takeoff YSSY 120"]);
    assert_eq!(told(&[ground, at_sydney(121, Some(140), 900)]), [""; 0]);
    // The last observation on the ground counts, not the last one that was neither.
    let rolling = at_sydney(100, Some(140), 21);
    assert_eq!(told(&[ground, rolling, at_sydney(130, Some(140), 900)]), [""; 0]);
    let taxiing = at_sydney(100, Some(20), 21);
    assert_eq!(told(&[ground, taxiing, at_sydney(130, Some(140), 900)]), ["takeoff YSSY 130"]);
}

#[test]
fn a_takeoff_is_from_the_airport_of_the_last_observation_on_the_ground() {
    // Nearer to the field on the hill when it is in the air.
    let movements = told(&[east(0, 1.0, 0, 21), east(15, 2.5, 140, 1_300)]);
    assert_eq!(movements, ["takeoff YSSY 15"]);
}

#[test]
fn a_flight_first_seen_in_the_air_or_on_the_ground_has_not_moved() {
    assert_eq!(told(&[at_sydney(0, Some(140), 900)]), [""; 0]);
    assert_eq!(told(&[at_sydney(0, Some(0), 21)]), [""; 0]);
    assert_eq!(told(&[at_sydney(0, Some(45), 900), at_sydney(15, Some(0), 21)]), [""; 0]);
}

#[test]
fn a_landing_has_no_limit_of_time_and_needs_no_approach() {
    let high = at_sydney(0, Some(250), 9_000);
    let two_days = 2 * 86_400;
    assert_eq!(told(&[high, at_sydney(two_days, Some(0), 21)]), ["landing YSSY 172800"]);
    // A low circuit begins no approach, so that only the ground dates its landing.
    let circuit = [(0, 21), (140, 700), (90, 100), (60, 21), (30, 21)];
    let circuit = (0..).step_by(15).zip(circuit);
    let circuit = circuit.map(|(second, (kt, ft))| at_sydney(second, Some(kt), ft));
    assert_eq!(told(&circuit.collect::<Vec<_>>()), ["takeoff YSSY 15", "landing YSSY 60"]);
}

#[test]
fn a_landing_is_dated_by_the_first_low_observation_of_its_approach() {
    // Ascending 5 ft a second hides nothing: at 171 ft it is low enough, at 172 ft it is not.
    for (altitude, at) in [(171, 15), (172, 30)] {
        let movements = told(&[
            at_sydney(0, Some(200), 1_500),
            at_sydney(15, Some(100), altitude),
            at_sydney(30, Some(30), 200),
        ]);
        assert_eq!(movements, [format!("landing YSSY {at}")], "{altitude} ft");
    }
}

#[test]
fn a_landing_elsewhere_is_not_dated_by_the_approach() {
    let movements = told(&[
        east(0, 0.5, 200, 1_500),
        east(15, 0.9, 140, 100),
        // Still within 3 NM of Sydney, and on the ground of the field on the hill.
        east(30, 2.5, 30, 810),
    ]);
    assert_eq!(movements, ["landing YHIL 30"]);
}

#[test]
fn an_approach_begins_once_the_flight_was_high_above_an_airport_or_away_from_all() {
    let low = |second| at_sydney(second, Some(140), 100);
    let climb = |second| at_sydney(second, Some(140), 1_500);
    let after = |first: Observed| told(&[first, low(15), climb(30)]);
    assert_eq!(after(at_sydney(0, Some(140), 1_021)), ["go_around YSSY 15"]);
    assert_eq!(after(at_sydney(0, Some(140), 1_020)), [""; 0]);
    assert_eq!(after(east(0, -3.1, 140, 700)), ["go_around YSSY 15"]);
    // High above Sydney, but not above the airport that is nearest.
    assert_eq!(after(east(0, 2.5, 140, 1_700)), [""; 0]);
    assert_eq!(after(east(0, 2.5, 140, 1_800)), ["go_around YSSY 15"]);
}

#[test]
fn an_approach_begins_up_to_300_ft_and_ends_from_1000_ft() {
    let through = |lowest, climb| {
        told(&[
            at_sydney(0, Some(140), 1_500),
            at_sydney(15, Some(140), lowest),
            at_sydney(30, Some(140), climb),
        ])
    };
    assert_eq!(through(321, 1_021), ["go_around YSSY 15"]);
    assert_eq!(through(322, 1_021), [""; 0]);
    assert_eq!(through(321, 1_020), [""; 0]);
    assert_eq!(through(71, 1_021), ["touch_and_go YSSY 15"]);
    assert_eq!(through(72, 1_021), ["go_around YSSY 15"]);
}

#[test]
fn an_approach_is_judged_by_its_own_airport() {
    // After its low pass it climbs over the field on the hill, which is nearer, and only 500 ft below.
    let movements =
        told(&[east(0, 0.0, 140, 1_500), east(15, 0.5, 140, 100), east(30, 2.9, 140, 1_300)]);
    assert_eq!(movements, ["go_around YSSY 15"]);
}

#[test]
fn an_approach_that_leaves_is_no_movement_and_another_may_follow() {
    let (high, low) = (east(0, 0.0, 140, 1_500), east(15, -0.5, 140, 100));
    let climb = |second| east(second, -0.5, 140, 1_500);
    assert_eq!(told(&[high, low, east(30, -3.1, 140, 700), climb(45)]), [""; 0]);
    let back = [high, low, east(30, -3.1, 140, 700), east(45, -0.5, 140, 200), climb(60)];
    assert_eq!(told(&back), ["go_around YSSY 45"]);
    let twice = [high, low, climb(30), east(45, -0.5, 140, 50), climb(60)];
    assert_eq!(told(&twice), ["go_around YSSY 15", "touch_and_go YSSY 45"]);
    // Where the climb ended it, it is one wherever the flight is by then.
    assert_eq!(told(&[high, low, east(30, -3.1, 140, 1_500)]), ["go_around YSSY 15"]);
}

#[test]
fn what_ends_one_approach_may_begin_another() {
    let movements = told(&[
        east(0, 0.0, 140, 1_900),
        east(15, 0.5, 140, 100),
        // 1,000 ft above Sydney, and 250 ft above the field on the hill, where it lands.
        east(30, 2.5, 140, 1_050),
        east(45, 2.6, 140, 900),
        east(60, 2.7, 20, 810),
    ]);
    assert_eq!(movements, ["go_around YSSY 15", "landing YHIL 45"]);
}

#[test]
fn the_lowest_of_equals_is_the_first() {
    let rows = [1_500, 150, 120, 120, 130, 1_100];
    let rows = (0..).step_by(15).zip(rows).map(|(second, ft)| at_sydney(second, Some(140), ft));
    assert_eq!(told(&rows.collect::<Vec<_>>()), ["go_around YSSY 30"]);
}

#[test]
fn a_movement_says_where_it_was_and_since_when_it_may_have_been() {
    let rows = [at_sydney(0, Some(0), 21), east(40, 0.9, 140, 900)];
    let (number, happened) = movements(&rows).remove(0);
    let fix = Fix {
        at: rows[1].at,
        earliest_at: Some(rows[0].at),
        latitude: rows[1].latitude,
        longitude: rows[1].longitude,
    };
    assert_eq!((number, happened.fix), (1, fix));
    // A landing and a go-around are where their observation was, not where they became known.
    let rows = [at_sydney(0, Some(200), 1_500), east(15, 0.7, 140, 100), east(30, 0.8, 20, 21)];
    let (number, happened) = movements(&rows).remove(0);
    assert_eq!(number, 2);
    assert_eq!((happened.fix.at, happened.fix.earliest_at), (rows[1].at, Some(rows[0].at)));
    assert_eq!(happened.fix.longitude, rows[1].longitude);
}

#[test]
fn an_unknown_groundspeed_changes_nothing() {
    let unknown = |second, ft| at_sydney(second, None, ft);
    assert_eq!(told(&[unknown(0, 21), at_sydney(15, Some(140), 900)]), [""; 0]);
    let rows = [at_sydney(0, Some(0), 21), unknown(15, 900), at_sydney(30, Some(140), 900)];
    let (_, takeoff) = movements(&rows).remove(0);
    // It may have taken off before the one of which the speed is not known.
    assert_eq!((takeoff.fix.at, takeoff.fix.earliest_at), (rows[2].at, Some(rows[0].at)));
    let rows = [at_sydney(0, Some(140), 1_500), unknown(15, 50), at_sydney(30, Some(140), 1_500)];
    assert_eq!(told(&rows), [""; 0]);
}

#[test]
fn a_flight_that_was_put_elsewhere_begins_anew() {
    let ground = at_sydney(0, Some(0), 21);
    // 15 s: 6.25 NM are 1,500 kt. West, where no other airport is.
    assert_eq!(told(&[ground, east(15, -5.7, 140, 900)]), ["takeoff YSSY 15"]);
    assert_eq!(told(&[ground, east(15, -5.9, 140, 900)]), [""; 0]);
    // Not more than 3 NM is no jump, however short the time.
    let soon = |nm| Observed { published: ground.published, ..east(1, nm, 140, 900) };
    assert_eq!(told(&[ground, soon(-2.4)]), ["takeoff YSSY 1"]);
    assert_eq!(told(&[ground, soon(-2.6)]), [""; 0]);
    // The time is that between snapshots.
    let stood = Observed { at: ground.at, ..east(15, -5.7, 140, 900) };
    assert_eq!(told(&[ground, stood]), ["takeoff YSSY 0"]);
    // From the air onto the ground far away.
    let high = at_sydney(0, Some(250), 9_000);
    let melbourne =
        Observed { latitude: -37.6733, longitude: 144.8433, ..at_sydney(60, Some(0), 434) };
    assert_eq!(told(&[high, melbourne]), [""; 0]);
}

#[test]
fn another_list_of_airports_ends_an_approach_without_a_movement() {
    let thresholds = Thresholds::default();
    let mut state = AirportState::default();
    for (second, altitude) in [(0, 1_500), (15, 100)] {
        let seen = at_sydney(second, Some(140), altitude);
        state = state.step(&seen, &airports(), &thresholds).0;
    }
    let climb = at_sydney(30, Some(140), 1_500);
    assert!(state.step(&climb, &airports(), &thresholds).1.is_some());
    assert_eq!(state.step(&climb, &Airports::default(), &thresholds).1, None);
}

#[test]
fn movements_are_stored_by_time_and_a_landing_before_a_takeoff() {
    let movement = |second, kind| Happened { kind, icao: "YSSY".into(), fix: fix(second) };
    use MovementKind::{GoAround, Landing, Takeoff};
    let mut all = [movement(15, Takeoff), movement(15, Landing), movement(0, GoAround)];
    all.sort_by_key(Happened::order);
    assert_eq!(all.map(|it| it.kind), [GoAround, Landing, Takeoff]);
}

fn fix(second: i64) -> Fix {
    Fix { at: sample::time(second), earliest_at: None, latitude: 0.0, longitude: 0.0 }
}
