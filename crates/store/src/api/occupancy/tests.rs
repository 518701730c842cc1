use chrono::{TimeDelta, TimeZone as _, Utc};
use sectorwatch_core::Time;

use super::steps::*;

fn at(minute: i64) -> Time {
    Utc.with_ymd_and_hms(2026, 11, 29, 0, 0, 0).unwrap() + TimeDelta::minutes(minute)
}

fn stay(entry: i64, exit: i64) -> Stay {
    Stay { entry: at(entry), exit: Some(at(exit)), last_seen: at(exit) }
}

fn open(entry: i64, last_seen: i64) -> Stay {
    Stay { entry: at(entry), exit: None, last_seen: at(last_seen) }
}

const HOUR: TimeDelta = TimeDelta::hours(1);

#[test]
fn steps_are_aligned_to_utc_and_cut_at_both_ends() {
    let all = steps((at(50), at(130)), HOUR, at(1000), &[], &[]);
    let ends: Vec<_> = all.iter().map(|step| (step.from, step.to)).collect();
    assert_eq!(ends, [(at(50), at(60)), (at(60), at(120)), (at(120), at(130))]);
    assert_eq!(number_of_steps(at(50), at(130), HOUR), 3);
    assert_eq!(number_of_steps(at(60), at(120), HOUR), 1);
    assert_eq!(number_of_steps(at(60), at(120) + TimeDelta::microseconds(1), HOUR), 2);
    assert_eq!(aligned(at(61) + TimeDelta::microseconds(5), HOUR), at(60));
}

#[test]
fn after_the_mark_there_is_no_step() {
    assert_eq!(steps((at(60), at(50)), HOUR, at(50), &[], &[]), []);
    assert_eq!(steps((at(60), at(60)), HOUR, at(60), &[], &[]), []);
    assert_eq!(number_of_steps(at(300), at(50), HOUR).max(0), 0);
}

#[test]
fn the_mean_is_the_seconds_of_visits_by_the_length_of_the_step() {
    let stays = [stay(0, 30), stay(45, 75)];
    let all = steps((at(0), at(90)), HOUR, at(1000), &stays, &[]);
    assert_eq!(all[0].mean, 0.75);
    // The second is cut to half an hour.
    assert_eq!(all[1].mean, 0.5);
    assert_eq!((all[0].entries, all[0].exits), (2, 1));
    assert_eq!((all[1].entries, all[1].exits), (0, 1));
}

#[test]
fn a_hand_over_is_not_two_at_once() {
    let peak = |stays: &[Stay]| steps((at(0), at(60)), HOUR, at(1000), stays, &[])[0].peak;
    assert_eq!(peak(&[stay(0, 20), stay(20, 40)]), 1);
    assert_eq!(peak(&[stay(0, 21), stay(20, 40)]), 2);
    assert_eq!(peak(&[stay(-30, 0), stay(60, 70)]), 0);
    assert_eq!(peak(&[stay(10, 10)]), 0);
}

#[test]
fn entries_are_from_the_begin_of_a_step_up_to_its_end_without_it() {
    let all = steps((at(0), at(120)), HOUR, at(1000), &[stay(0, 60), stay(60, 120)], &[]);
    let counted: Vec<_> = all.iter().map(|step| (step.entries, step.exits)).collect();
    assert_eq!(counted, [(1, 0), (1, 1)]);
}

#[test]
fn an_open_visit_ends_when_the_flight_was_last_seen() {
    let all = steps((at(0), at(120)), HOUR, at(1000), &[open(30, 45)], &[]);
    assert_eq!((all[0].mean, all[1].mean), (0.25, 0.0));
    assert_eq!((all[0].exits, all[1].exits, all[1].peak), (0, 0, 0));
}

#[test]
fn a_step_that_ends_at_the_mark_includes_it() {
    let stays = [open(10, 60), open(60, 60), stay(20, 60)];
    let now = &steps((at(0), at(60)), HOUR, at(60), &stays, &[])[0];
    assert_eq!((now.entries, now.exits, now.peak), (3, 1, 2));
    let past = &steps((at(0), at(60)), HOUR, at(90), &stays, &[])[0];
    assert_eq!((past.entries, past.exits, past.peak), (2, 0, 2));
    // Who enters at the mark is inside with who is still there.
    let now = &steps((at(0), at(60)), HOUR, at(60), &[open(60, 60), open(60, 60)], &[])[0];
    assert_eq!(now.peak, 2);
    // Who was not seen at the mark, or left at it, is not.
    let now = &steps((at(30), at(60)), HOUR, at(60), &[open(0, 10), stay(60, 60)], &[])[0];
    assert_eq!(now.peak, 0);
}

#[test]
fn control_is_the_share_of_what_is_known() {
    let part = |from, to, is_controlled| Known { from: at(from), to: at(to), is_controlled };
    let known = [part(-10, 15, true), part(15, 30, false), part(45, 80, true)];
    let all = steps((at(0), at(180)), HOUR, at(1000), &[], &known);
    assert_eq!((all[0].controlled, all[0].known), (Some(2.0 / 3.0), 0.75));
    assert_eq!((all[1].controlled, all[1].known), (Some(1.0), 1.0 / 3.0));
    assert_eq!((all[2].controlled, all[2].known), (None, 0.0));
}
