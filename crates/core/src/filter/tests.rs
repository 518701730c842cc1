use super::*;
use crate::{
    absence::Moment,
    flight::FlightPlan,
    sample::{self, plan},
    tracking::StoredPlan,
};

/// A pilot's flight in memory.
fn tracked(pilot: &Pilot, plan_is_complete: bool, visit: Option<&str>) -> Tracked {
    Tracked {
        id: Some(1),
        observed_at: sample::time(0),
        last_seen: sample::time(0),
        observed_time: Default::default(),
        latitude: pilot.latitude,
        longitude: pilot.longitude,
        altitude: pilot.altitude,
        slow_polls: 0,
        visit: visit.map(Into::into),
        plan: StoredPlan { has_departure: true, has_arrival: plan_is_complete, digest: None },
        airport: Default::default(),
    }
}

/// The state before a snapshot at second 15, after one at 0.
fn begun(tracking: Tracking) -> Begun {
    let now = Moment { at: sample::time(15), mark: Some(sample::time(0)), ..Moment::default() };
    Begun { now, tracking, ended: Vec::new() }
}

/// The result for one pilot: `in scope SYD`, `kept -`, `outside`, `no plan`.
fn judged(pilot: Pilot, known: Option<Tracked>, require_flight_plan: bool) -> String {
    let tracking: Tracking = known.into_iter().map(|it| (pilot.key.clone(), it)).collect();
    let snapshot = sample::snapshot(sample::time(15), vec![pilot]);
    let airspace = sample::airspace();
    let filtered = filter(&snapshot, &airspace, &begun(tracking), require_flight_plan, 100);
    match (&filtered.sightings[..], filtered.outside, filtered.no_plan) {
        ([], 1, 0) => "outside".to_owned(),
        ([], 0, 1) => "no plan".to_owned(),
        ([it], 0, 0) => {
            let scope = if it.in_scope { "in scope" } else { "kept" };
            format!("{scope} {}", it.sector.as_deref().unwrap_or("-"))
        }
        odd => panic!("counted twice or not at all: {odd:?}"),
    }
}

#[test]
fn scope_is_the_boundary_and_a_complete_plan() {
    let whole = || Some(plan("YSSY", "YMML"));
    let without_arrival = FlightPlan { arrival: None, ..plan("YSSY", "") };
    // Place, plan, result when a plan is required, result when it is not.
    let cases = [
        ("SYD", whole(), "in scope SYD", "in scope SYD"),
        ("GAP", whole(), "in scope -", "in scope -"),
        ("SEA", whole(), "outside", "outside"),
        ("OUT", whole(), "outside", "outside"),
        ("SYD", None, "no plan", "in scope SYD"),
        ("SYD", Some(plan("YSSY", " \t")), "no plan", "in scope SYD"),
        ("SYD", Some(plan("", "YMML")), "no plan", "in scope SYD"),
        ("SYD", Some(without_arrival), "no plan", "in scope SYD"),
        ("OUT", None, "outside", "outside"),
    ];
    for (place, flight_plan, required, optional) in cases {
        let pilot = Pilot { flight_plan, ..sample::pilot("QFA1", place, Some(0)) };
        assert_eq!(judged(pilot.clone(), None, true), required, "{pilot:?}");
        assert_eq!(judged(pilot.clone(), None, false), optional, "{pilot:?}");
    }
}

#[test]
fn a_stored_plan_will_do_and_an_open_visit_is_always_looked_at() {
    // Place, whether the stored plan is complete, visit, result without a plan.
    let cases = [
        ("SYD", true, None, "in scope SYD"),
        ("SYD", false, None, "no plan"),
        ("OUT", true, None, "outside"),
        ("SYD", true, Some("MEL"), "in scope SYD"),
        ("SYD", false, Some("MEL"), "kept SYD"),
        ("SEA", true, Some("SYD"), "kept -"),
        ("OUT", false, Some("SYD"), "kept -"),
    ];
    for (place, plan_is_complete, visit, expected) in cases {
        let mut pilot = sample::pilot("QFA1", place, Some(300));
        pilot.flight_plan = None;
        let known = tracked(&pilot, plan_is_complete, visit);
        assert_eq!(judged(pilot, Some(known), true), expected, "{place} {visit:?}");
    }
}

#[test]
fn a_stored_plan_is_that_flights_alone() {
    let mut pilot = sample::pilot("QFA1", "SYD", Some(300));
    pilot.flight_plan = None;
    let mut earlier = pilot.key.clone();
    earlier.logon_time -= chrono::TimeDelta::seconds(1);
    let tracking = Tracking::from([(earlier, tracked(&pilot, true, Some("SYD")))]);
    let snapshot = sample::snapshot(sample::time(15), vec![pilot]);
    let filtered = filter(&snapshot, &sample::airspace(), &begun(tracking), true, 100);
    assert_eq!((filtered.sightings.len(), filtered.no_plan), (0, 1));
}

#[test]
fn what_is_kept_stays_in_order_and_the_rest_is_counted() {
    let places = ["OUT", "MEL", "SEA", "GAP", "OUT", "SYD"];
    let pilots = places.map(|place| sample::pilot(place, place, None));
    let mut bare = sample::pilot("BARE", "SYD", None);
    bare.flight_plan = None;
    let mut staying = sample::pilot("STAYING", "OUT", None);
    staying.flight_plan = None;
    let tracking = Tracking::from([(staying.key.clone(), tracked(&staying, true, Some("SYD")))]);
    let pilots = [pilots.as_slice(), &[bare, staying]].concat();
    let snapshot = sample::snapshot(sample::time(15), pilots);
    let filtered = filter(&snapshot, &sample::airspace(), &begun(tracking), true, 100);
    let kept = filtered.sightings.iter().map(|it| it.pilot.key.callsign.as_ref());
    assert_eq!(kept.collect::<Vec<_>>(), ["MEL", "GAP", "SYD", "STAYING"]);
    assert_eq!((filtered.outside, filtered.no_plan, filtered.in_scope()), (3, 1, 3));
}

#[test]
fn a_stored_plan_counts_for_a_day() {
    let day = REMEMBERED.num_seconds();
    // Seconds from the last sight to the mark, sector of an open visit, result without a plan.
    for (age, visit, expected) in [
        (day, None, "in scope SYD"),
        (day + 1, None, "no plan"),
        (day, Some("SYD"), "in scope SYD"),
        (day + 1, Some("SYD"), "kept SYD"),
    ] {
        let mut pilot = sample::pilot("QFA1", "SYD", Some(300));
        let known = Tracked { last_seen: sample::time(-age), ..tracked(&pilot, true, visit) };
        assert_eq!(judged(pilot.clone(), Some(known.clone()), true), "in scope SYD", "{age}");
        pilot.flight_plan = None;
        assert_eq!(judged(pilot, Some(known), true), expected, "{age} {visit:?}");
    }
}

#[test]
fn a_flight_that_can_be_stored_is_asked_for_unless_memory_knows_it() {
    let day = REMEMBERED.num_seconds();
    let hour = TIME_AHEAD.num_seconds();
    // Seconds from the snapshot to the logon, seconds to the restoration, place, whether it is in memory,
    // whether it is looked up.
    let cases = [
        (hour - day, None, "SYD", false, true),
        (hour - day + 1, None, "SYD", false, false),
        (hour - day, None, "SYD", true, false),
        (hour - day, None, "OUT", false, false),
        (hour - 15, Some(-15), "SYD", false, true),
        (hour - 14, Some(-15), "SYD", false, false),
        (0, Some(-15), "SYD", true, false),
        (0, Some(-15), "SEA", false, false),
        (hour - day, Some(-2 * day), "SYD", false, true),
        (hour - day + 1, Some(-2 * day), "SYD", false, false),
    ];
    for (logon, restored, place, known, asked) in cases {
        let mut pilot = sample::pilot("QFA1", place, Some(120));
        pilot.key.logon_time = sample::time(logon);
        let known = known.then(|| (pilot.key.clone(), tracked(&pilot, true, None)));
        let snapshot = sample::snapshot(sample::time(0), vec![pilot]);
        let (tracking, restored_at) = (known.into_iter().collect(), restored.map(sample::time));
        let perhaps = perhaps_stored(&snapshot, &sample::airspace(), &tracking, restored_at);
        assert_eq!(!perhaps.is_empty(), asked, "{logon} {restored:?} {place}");
    }
}
