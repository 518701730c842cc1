//! Which plans are stored.

use super::*;
use crate::flight::FlightPlan;

fn routed(route: &str) -> Option<FlightPlan> {
    Some(FlightPlan { route: Some(route.to_owned()), ..sample::plan("YSSY", "YMML") })
}

#[test]
fn a_plan_is_written_when_it_is_new_and_no_worse() {
    let blank = Some(sample::plan("YSSY", "  "));
    // Name, plan in the snapshot, whether it is written, whether the stored one is complete afterwards.
    let cases = [
        ("none is nothing to write", None, false, false),
        ("an incomplete one is better than none", blank.clone(), true, false),
        ("once", blank.clone(), false, false),
        ("none never overwrites, not even that", None, false, false),
        ("another incomplete one", Some(sample::plan("", "YMML")), true, false),
        ("a complete one", routed("DCT"), true, true),
        ("once", routed("DCT"), false, true),
        ("a change", routed("DCT H65"), true, true),
        ("none never overwrites", None, false, true),
        ("incomplete never overwrites complete", blank, false, true),
        ("the stored one again", routed("DCT H65"), false, true),
        ("a change back", routed("DCT"), true, true),
    ];
    let mut radar = Radar::new();
    radar.require_flight_plan = false;
    for (number, (what, flight_plan, written, complete)) in (0..).zip(cases) {
        let pilot = Pilot { flight_plan, ..sample::pilot("QFA1", "SYD", Some(120)) };
        let polled = radar.poll(number * 15, vec![pilot]);
        assert_eq!(polled.seen[0].plan_changed, written, "{number}: {what}");
        assert_eq!(radar.only().plan.is_complete(), complete, "{number}: {what}");
    }
}

#[test]
fn after_a_restart_the_plan_is_written_again_once_unless_it_is_worse() {
    for (flight_plan, written) in
        [(routed("DCT"), true), (None, false), (Some(sample::plan("YSSY", "")), false)]
    {
        let mut radar = Radar::new();
        radar.poll(0, vec![sample::pilot("QFA1", "SYD", Some(120))]);
        for flight in radar.tracking.values_mut() {
            flight.plan.digest = None;
        }
        let pilot = Pilot { flight_plan, ..sample::pilot("QFA1", "SYD", Some(120)) };
        for (second, written) in [(15, written), (30, false)] {
            let polled = radar.poll(second, vec![pilot.clone()]);
            assert_eq!(polled.seen[0].plan_changed, written);
            assert!(polled.seen[0].in_scope, "by the stored plan");
        }
    }
}

#[test]
fn what_of_a_plan_cannot_be_read_stays_as_it_is_stored() {
    const FROM: &[&str] = &["flight_plan.departure"];
    const ROUTE: &[&str] = &["flight_plan.route"];
    let to_melbourne = || FlightPlan { departure: None, ..sample::plan("", "YMML") };
    let no_route = || sample::plan("YSSY", "YMML");
    // Name, plan in the snapshot, its unreadable fields, whether it is written, whether the stored one is
    // complete afterwards.
    let cases = [
        ("only from where", sample::plan("YSSY", ""), &[][..], true, false),
        ("only to where, from where is lost", to_melbourne(), FROM, true, true),
        ("once", to_melbourne(), FROM, false, true),
        ("an incomplete one, by this snapshot", sample::plan("", "YBBN"), FROM, false, true),
        ("a route", routed("DCT").expect("a plan"), &[], true, true),
        ("which is lost", no_route(), ROUTE, true, true),
        ("once", no_route(), ROUTE, false, true),
        ("which is gone", no_route(), &[], true, true),
    ];
    let mut radar = Radar::new();
    radar.require_flight_plan = false;
    for (number, (what, plan, lost, written, complete)) in (0..).zip(cases) {
        let pilot = Pilot {
            flight_plan: Some(plan),
            unreadable: lost.to_vec(),
            ..sample::pilot("QFA1", "SYD", Some(120))
        };
        let polled = radar.poll(number * 15, vec![pilot]);
        assert_eq!(polled.seen[0].plan_changed, written, "{number}: {what}");
        assert_eq!(radar.only().plan.is_complete(), complete, "{number}: {what}");
    }
}
