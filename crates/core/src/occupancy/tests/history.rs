//! The places and times of transitions and rows.

use super::*;

fn qfa1(place: &str, speed_kt: i32, last_updated: i64) -> Pilot {
    Pilot {
        last_updated: sample::time(last_updated),
        ..sample::pilot("QFA1", place, Some(speed_kt))
    }
}

fn places(polled: &Polled) -> Vec<(&str, Time, f64, f64, i32)> {
    let place = |it: &Transition| (it.at, it.latitude, it.longitude, it.altitude);
    let with_kind = polled.transitions.iter().map(|it| {
        let (at, latitude, longitude, altitude) = place(it);
        (it.kind.as_str(), at, latitude, longitude, altitude)
    });
    with_kind.collect()
}

#[test]
fn entry_crossing_and_exit_carry_the_observation_at_which_they_were_seen() {
    let mut radar = Radar::new();
    let mut pilot = qfa1("SYD", 60, -7);
    pilot.altitude = 100;
    let polled = radar.poll(0, vec![pilot]);
    assert_eq!(places(&polled), [("entered", sample::time(-7), 5.0, 5.0, 100)]);
    assert_eq!(polled.transitions[0].flight_id, None, "not stored yet");
    let polled = radar.poll(15, vec![qfa1("MEL", 60, 9)]);
    assert_eq!(places(&polled), [("crossed", sample::time(9), 5.0, 15.0, 35_000)]);
    assert_eq!(polled.transitions[0].flight_id, Some(1));
    let polled = radar.poll(30, vec![qfa1("SEA", 60, 31)]);
    assert_eq!(places(&polled), [("left", sample::time(30), 12.0, 5.0, 35_000)]);
}

#[test]
fn one_that_disconnects_left_at_its_last_observation() {
    let mut radar = Radar::new();
    radar.poll(0, vec![qfa1("SYD", 60, 0)]);
    // Slow beyond the boundary: out of scope, and still an observation.
    let polled = radar.poll(15, vec![qfa1("SEA", 29, 14)]);
    assert!(!polled.seen[0].in_scope);
    assert_eq!(radar.only().last_seen, sample::time(15));
    // Back elsewhere: the exit is at the last observation, the entry at this one.
    for minute in 1..5 {
        assert!(places(&radar.poll(15 + 60 * minute, vec![])).is_empty());
    }
    let polled = radar.poll(315, vec![qfa1("BNE", 60, 312)]);
    assert_eq!(
        places(&polled),
        [
            ("disconnected", sample::time(14), 12.0, 5.0, 35_000),
            ("entered", sample::time(312), 5.0, 25.0, 35_000),
        ]
    );
    // The same after a long gap, because the time of the exit is unknown.
    let polled = radar.poll(315 + 901, vec![qfa1("SYD", 60, 1_210)]);
    assert_eq!(
        places(&polled),
        [
            ("unobserved", sample::time(312), 5.0, 25.0, 35_000),
            ("entered", sample::time(1_210), 5.0, 5.0, 35_000),
        ]
    );
}

#[test]
fn the_observation_time_never_decreases() {
    let mut radar = Radar::new();
    // An observation time is never ahead of its publication.
    let fed = [0, 13, 13, -160, 14, 61, 3_690, 103, 3_720, 119];
    let expected = [0, 13, 13, 13, 14, 61, 90, 103, 120, 120];
    for (number, (fed, expected)) in (0..).zip(fed.into_iter().zip(expected)) {
        let second = number * 15;
        let polled = radar.poll(second, vec![qfa1("SYD", 60, fed)]);
        assert_eq!(polled.seen[0].observed_at, sample::time(expected));
        assert_eq!(radar.only().observed_at, sample::time(expected));
        assert_eq!(radar.only().last_seen, sample::time(second), "seen all the same");
    }
}

#[test]
fn an_old_time_is_still_an_observation() {
    let mut radar = Radar::new();
    radar.poll(0, vec![qfa1("SYD", 60, 0)]);
    assert!(radar.poll(15, vec![qfa1("SYD", 0, 0)]).transitions.is_empty());
    let polled = radar.poll(30, vec![qfa1("SYD", 0, -60)]);
    assert_eq!(places(&polled), [("slow", sample::time(0), 5.0, 5.0, 35_000)]);
    // The visit does not end by absence either, although the network received nothing for longer.
    radar.poll(45, vec![qfa1("SYD", 60, 0)]);
    for second in (60..=600).step_by(15) {
        assert!(radar.poll(second, vec![qfa1("SYD", 60, 0)]).transitions.is_empty());
    }
}

#[test]
fn only_observations_are_written_and_move_the_times() {
    let mut radar = Radar::new();
    radar.poll(0, vec![qfa1("GAP", 60, 0)]);
    let before = radar.tracking.clone();
    // Absent, outside, and outside inside a sector's shape: no visit, not in scope.
    for (second, pilots) in
        [(15, vec![]), (30, vec![qfa1("OUT", 60, 30)]), (45, vec![qfa1("SEA", 60, 45)])]
    {
        assert!(radar.poll(second, pilots).seen.is_empty());
        assert_eq!(radar.tracking, before);
    }
    // A visit that ends by the gap makes no observation of a flight out of scope in the same snapshot.
    radar.poll(60, vec![qfa1("SYD", 60, 60)]);
    let polled = radar.poll(961, vec![qfa1("SEA", 60, 961)]);
    assert_eq!(places(&polled), [("unobserved", sample::time(60), 5.0, 5.0, 35_000)]);
    assert!(polled.seen.is_empty());
    assert_eq!(radar.only().last_seen, sample::time(60));
}

#[test]
fn who_logs_on_again_is_a_new_flight() {
    let mut radar = Radar::new();
    radar.poll(0, vec![qfa1("SYD", 60, 0)]);
    let mut again = qfa1("SYD", 60, 15);
    again.key.logon_time = sample::time(10);
    let mut ghost = qfa1("SYD", 60, 15);
    ghost.key.callsign = "QFA2".into();
    let kinds = |polled: Polled| -> Vec<_> {
        let kinds = polled.transitions.into_iter();
        kinds.map(|it| (it.kind, it.key)).collect()
    };
    let newcomers = vec![again.clone(), ghost.clone()];
    assert_eq!(
        kinds(radar.poll(15, newcomers.clone())),
        [
            (TransitionKind::Entered, again.key.clone()),
            (TransitionKind::Entered, ghost.key.clone()),
        ]
    );
    let old = qfa1("SYD", 60, 0).key;
    for second in (30..300).step_by(15) {
        assert_eq!(kinds(radar.poll(second, newcomers.clone())), []);
    }
    assert_eq!(kinds(radar.poll(300, newcomers)), [(TransitionKind::Disconnected, old)]);
}

#[test]
fn a_flight_without_a_visit_is_forgotten_after_a_day() {
    let day = TimeDelta::hours(24).num_seconds();
    let mut radar = Radar::new();
    radar.poll(0, vec![qfa1("SYD", 60, 0)]);
    radar.poll(day, vec![]);
    assert_eq!(radar.only().visit, None);
    radar.poll(day + 1, vec![]);
    assert!(radar.tracking.is_empty());
    // An open visit is kept without a limit.
    radar.rules.longest_gap = TimeDelta::hours(72);
    radar.poll(2 * day, vec![qfa1("SYD", 60, 0)]);
    radar.poll(4 * day, vec![]);
    assert!(radar.only().visit.is_some());
    // Its plan no longer counts, and it is still observed.
    let mut bare = qfa1("SYD", 60, 0);
    bare.flight_plan = None;
    let polled = radar.poll(4 * day + 15, vec![bare]);
    assert_eq!((polled.seen.len(), polled.seen[0].in_scope), (1, false));
    radar.poll(7 * day + 16, vec![]);
    assert!(radar.tracking.is_empty());
}

#[test]
fn a_refused_record_moves_when_it_was_seen_and_nothing_else() {
    let refused = PartialKey { callsign: Some("QFA1".into()), ..PartialKey::default() };
    let refused = [refused];
    let mut radar = Radar::new();
    radar.poll(0, vec![qfa1("SYD", 60, 0)]);
    radar.poll(15, vec![qfa1("SYD", 29, 14)]);
    let before = radar.only().clone();
    let polled = radar.poll_with(30, vec![], &refused);
    assert_eq!((polled.seen.len(), &polled.present[..]), (0, &[1][..]));
    let seen = (sample::time(30), TimeDelta::seconds(30));
    let (last_seen, observed_time) = seen;
    assert_eq!(*radar.only(), Tracked { last_seen, observed_time, ..before });
    // An observed flight is not written twice; a flight outside is not written.
    let polled = radar.poll_with(45, vec![qfa1("SYD", 29, 44)], &refused);
    assert_eq!((polled.seen.len(), polled.present.len(), polled.transitions.len()), (1, 0, 1));
    let before = radar.only().clone();
    assert!(radar.poll_with(60, vec![], &refused).present.is_empty());
    assert_eq!(*radar.only(), before);
}
