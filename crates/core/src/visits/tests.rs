use strum::VariantArray as _;

use super::*;
use crate::sample;

fn point(second: i64) -> Point {
    Point {
        time: sample::time(second),
        latitude: second as f64,
        longitude: -second as f64,
        altitude: second as i32,
    }
}

fn open(flight_id: i64, sector: &str) -> Visit {
    Visit {
        id: Some(flight_id * 100),
        flight_id,
        callsign: format!("QFA{flight_id}"),
        sector: sector.into(),
        entry: point(0),
        airspace_revision: "before".into(),
        exit: None,
    }
}

/// The queue of `flight kind sector`, one item per second from 1 on.
fn queue(script: &str) -> Vec<Queued> {
    let items = script.split(", ").filter(|item| !item.is_empty());
    let item = |(second, item): (i64, &str)| {
        let [flight_id, kind, sector] = item.split(' ').collect::<Vec<_>>()[..] else {
            panic!("not an item: {item}");
        };
        let flight_id = flight_id.parse().expect("a number");
        Queued {
            id: second,
            flight_id,
            callsign: format!("QFA{flight_id}"),
            kind: TransitionKind::parse(kind).expect("a kind"),
            sector: sector.into(),
            at: point(second),
            airspace_revision: "tiny".into(),
        }
    };
    (1..).zip(items).map(item).collect()
}

/// Visits as `flight sector entry-exit reason`, with `+` before new ones.
fn shown(visits: &[Visit]) -> String {
    let shown = visits.iter().map(|visit| {
        let new = if visit.id.is_none() { "+" } else { "" };
        let entry = visit.entry.altitude;
        let exit = visit.exit.map_or(String::new(), |(exit, reason)| {
            format!("{} {}", exit.altitude, reason.as_str())
        });
        format!("{new}{} {} {entry}-{exit}", visit.flight_id, visit.sector)
    });
    shown.collect::<Vec<_>>().join(", ")
}

#[test]
fn the_queue_turns_into_visits() {
    let cases = [
        ("an empty queue changes nothing", "", ""),
        ("an entry", "3 entered SYD", "+3 SYD 1-"),
        ("each reason ends the open visit", "1 left SYD", "1 SYD 0-1 left"),
        ("", "1 slow SYD", "1 SYD 0-1 slow"),
        ("", "1 disconnected SYD", "1 SYD 0-1 disconnected"),
        ("a crossing is one item", "1 crossed MEL", "1 SYD 0-1 crossed, +1 MEL 1-"),
        (
            "many of one flight",
            "1 crossed MEL, 1 crossed SYD, 1 slow SYD, 1 entered SYD",
            "1 SYD 0-1 crossed, +1 MEL 1-2 crossed, +1 SYD 2-3 slow, +1 SYD 4-",
        ),
        (
            "gone and back in one snapshot",
            "1 disconnected SYD, 1 entered SYD",
            "1 SYD 0-1 disconnected, +1 SYD 2-",
        ),
        ("begun and over", "3 entered SYD, 3 left SYD", "+3 SYD 1-2 left"),
        (
            "flights do not touch each other",
            "1 left SYD, 3 entered SYD, 2 crossed BNE, 3 crossed MEL",
            "1 SYD 0-1 left, 2 MEL 0-3 crossed, +3 SYD 2-4 crossed, +2 BNE 3-, +3 MEL 4-",
        ),
        ("an erased visit does not come back", "3 left SYD, 3 slow MEL", ""),
        ("its crossing begins the next one", "3 crossed MEL", "+3 MEL 1-"),
        ("a close spares the visit of another sector", "1 left BNE, 1 left SYD", "1 SYD 0-2 left"),
        (
            "a second open visit is left to the index to refuse",
            "1 entered MEL, 1 left MEL",
            "+1 MEL 1-",
        ),
    ];
    for (what, script, expected) in cases {
        let stored = vec![open(1, "SYD"), open(2, "MEL")];
        assert_eq!(shown(&apply(stored, &queue(script))), expected, "{what}: {script}");
    }
}

#[test]
fn visits_carry_the_points_of_their_items() {
    let visits = apply(vec![open(1, "SYD")], &queue("1 crossed MEL, 1 left MEL"));
    assert_eq!(visits[0].id, Some(100));
    assert_eq!(visits[0].entry, point(0));
    assert_eq!(visits[0].exit, Some((point(1), TransitionKind::Crossed)));
    assert_eq!(visits[1].callsign, "QFA1");
    assert_eq!(visits[1].entry, point(1), "no gap, no overlap");
    assert_eq!(visits[1].exit, Some((point(2), TransitionKind::Left)));
}

#[test]
fn a_stay_lasts_whole_seconds_and_an_open_one_has_no_length() {
    let mut visit = open(1, "SYD");
    assert_eq!(visit.duration_seconds(), None);
    for (microseconds, seconds) in [(0, 0), (999_999, 0), (1_000_000, 1), (7_999_999, 7)] {
        let mut exit = point(0);
        exit.time += chrono::TimeDelta::microseconds(microseconds);
        visit.exit = Some((exit, TransitionKind::Left));
        assert_eq!(visit.duration_seconds(), Some(seconds));
    }
}

#[test]
fn after_an_item_a_flight_is_in_the_sector_that_the_item_opens() {
    let kinds = TransitionKind::VARIANTS.iter();
    let after: Vec<_> =
        kinds.clone().map(|kind| sector_after(*kind, "SYD".into()).is_some()).collect();
    assert_eq!(after, kinds.map(|kind| kind.opens()).collect::<Vec<_>>());
    assert_eq!(after, [true, true, false, false, false, false, false]);
}
