//! The properties on which the demo and other tests rely.

mod control;
mod documents;
mod movements;
mod network;
mod radio;
mod served;

use chrono::TimeDelta;

use super::*;

/// A world with default settings except for the pace, and its start.
fn world(pace: f64) -> (World, Time) {
    let settings = SimulatorSettings { pace, ..Default::default() };
    let start = settings.start;
    (World::new(settings), start)
}

#[test]
fn same_seed_same_text_whatever_was_asked_before() {
    let (world_a, start) = world(1.0);
    let (world_b, _) = world(1.0);
    let at = start + TimeDelta::hours(7);
    let later = world_a.snapshot(at + TimeDelta::hours(30));
    let text = world_a.snapshot(at);
    assert_eq!(text, world_b.snapshot(at));
    assert_ne!(text, later);
    let other = World::new(SimulatorSettings { seed: 2, ..Default::default() });
    let other = other.snapshot(at);
    assert_ne!(text.main_json, other.main_json);
    assert_ne!(text.transceivers_json, other.transceivers_json);
}

#[test]
fn pace_moves_aircraft_but_not_the_calendar() {
    let (slow, start) = world(1.0);
    let (fast, _) = world(60.0);
    let (hour, minute) = (start + TimeDelta::hours(1), start + TimeDelta::minutes(1));
    let (slow_legs, fast_legs) = (slow.legs(hour), fast.legs(minute));
    let (slow_pilots, fast_pilots) =
        (slow.pilots(&slow_legs, hour), fast.pilots(&fast_legs, minute));
    assert_eq!(slow_pilots.len(), fast_pilots.len());
    for (slow_pilot, fast_pilot) in slow_pilots.iter().zip(&fast_pilots) {
        assert_eq!(slow_pilot.callsign, fast_pilot.callsign);
        assert!((slow_pilot.latitude - fast_pilot.latitude).abs() < 1e-4);
        let age = minute - fast_pilot.last_updated.parse::<Time>().unwrap();
        assert!(age >= TimeDelta::zero() && age < TimeDelta::seconds(3), "{fast_pilot:?}");
        assert!(fast_pilot.logon_time <= fast_pilot.last_updated, "{fast_pilot:?}");
    }
}
